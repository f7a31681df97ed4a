//! Texts as networks count them: GSM 7-bit septets, UCS-2 units, pages, masking, transliteration, how values are written.
//!
//! Nothing here knows a menu or a screen. 3GPP TS 23.038 (alphabets), Unicode UAX #29 (graphemes, words).

mod duration;
mod fold;
mod format;
mod gsm7;
mod measure;
mod pages;
pub mod percent;
mod slip;
pub mod sms;
mod transliterate;
mod unseen;

pub use duration::{duration, in_units};
pub use fold::{fold, fold_into, folds_to, is_ignored, starts_with_folded};
pub use format::{amount, mask, spoken, upper, write_amount, write_date, write_number};
pub use gsm7::{is_basic, septets_of};
pub use measure::{Alphabet, Count, Measure, UNITS_PER_GRAPHEME, fits, measure};
pub use pages::{break_lines, break_off};
pub use slip::one_slip;
pub use transliterate::{is_plain, to_ascii_digit, to_ascii_digits, to_gsm};
pub use unseen::is_unseen;
