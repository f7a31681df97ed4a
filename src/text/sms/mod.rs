//! What fits in an SMS: alphabets, headers, segments, and the way back from octets to a text.
//!
//! 3GPP TS 23.038 (alphabets, annex A: national tables) and TS 23.040 section 9.2.3.24 (headers). A text is sized and split
//! ([`size`], [`split`]), and what came in is read and joined ([`read`], [`Parts`]). Nothing here knows a gateway: what a route can carry
//! is handed in as [`Allowed`].

mod alphabet;
mod choose;
mod clusters;
mod header;
mod parts;
mod read;
mod septets;
mod split;
mod substitute;
mod tables;
#[cfg(test)]
mod tests;

pub use alphabet::{Allowed, Alphabet, National, ReferenceWidth, Unfit};
pub use header::{Concatenation, Reference, Udh, UdhError};
pub use parts::{Contradiction, Part, Parts};
pub use read::{Coding, Unreadable, read};
pub use split::{MOST_SEGMENTS, Segment, Size, size, split};
pub(super) use substitute::substitution;
pub use substitute::{FOR_NATIONAL, SUBSTITUTIONS, fit, substitute};
