//! How values are written for people in India.

use chrono::NaiveDate;

/// Paise as rupees with Indian grouping, two decimals, no currency sign: `1,23,456.70`, `-5.00`.
pub fn amount(_paise: i64) -> String {
    unimplemented!()
}

/// `05-11-2026`
pub fn date(_day: NaiveDate) -> String {
    unimplemented!()
}

/// The last four characters behind `XX`; a text of four or fewer is hidden whole.
pub fn mask(_text: &str) -> String {
    unimplemented!()
}

/// Letters and digits apart, for a voice to read one by one: `9 8 1 2`.
pub fn spoken(_text: &str) -> String {
    unimplemented!()
}
