//! How values are written for people in India.

use chrono::{Datelike, NaiveDate};
use unicode_segmentation::UnicodeSegmentation;

/// Paise as rupees with Indian grouping, two decimals, no currency sign: `1,23,456.70`, `-5.00`.
pub fn amount(paise: i64) -> String {
    let sign = if paise < 0 { "-" } else { "" };
    let (rupees, paise) = (paise.unsigned_abs() / 100, paise.unsigned_abs() % 100);
    format!("{sign}{}.{paise:02}", grouped(rupees))
}

/// The last three digits together, those before them in pairs: `12,34,567`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() * 3 / 2);
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len() - at;
        if at > 0 && left >= 3 && left % 2 == 1 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `05-11-2026`
pub fn date(day: NaiveDate) -> String {
    format!("{:02}-{:02}-{:04}", day.day(), day.month(), day.year())
}

/// The last four characters behind `XX`; a text of four or fewer is hidden whole.
pub fn mask(text: &str) -> String {
    let shown = match text.char_indices().rev().nth(3) {
        Some((at, _)) if at > 0 => text.get(at..).unwrap_or_default(),
        _ => "",
    };
    format!("XX{shown}")
}

/// Letters and digits apart, for a voice to read one by one: `9 8 1 2`.
pub fn spoken(text: &str) -> String {
    let letters: Vec<_> = text.graphemes(true).filter(|letter| !letter.trim().is_empty()).collect();
    letters.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_grouped_as_in_india() {
        for (paise, written) in [
            (0, "0.00"),
            (5, "0.05"),
            (-500, "-5.00"),
            (-1, "-0.01"),
            (99_900, "999.00"),
            (100_000, "1,000.00"),
            (1_000_000, "10,000.00"),
            (12_345_670, "1,23,456.70"),
            (1_234_567_890, "1,23,45,678.90"),
            (i64::MAX, "92,23,37,20,36,85,47,758.07"),
            (i64::MIN, "-92,23,37,20,36,85,47,758.08"),
        ] {
            assert_eq!(amount(paise), written);
        }
    }

    #[test]
    fn dates_have_the_day_first() {
        assert_eq!(date(NaiveDate::from_ymd_opt(2026, 11, 5).expect("a day")), "05-11-2026");
    }

    #[test]
    fn masks_show_four_characters_at_most() {
        assert_eq!(mask("919812345670"), "XX5670");
        assert_eq!(mask("12345"), "XX2345");
        assert_eq!(mask("1234"), "XX");
        assert_eq!(mask(""), "XX");
        assert_eq!(mask("खाता७८९०"), "XX७८९०");
    }

    #[test]
    fn letters_are_spoken_one_by_one() {
        assert_eq!(spoken("9812"), "9 8 1 2");
        assert_eq!(spoken("AB 12"), "A B 1 2");
        assert_eq!(spoken("क्षेत्र"), "क्षे त्र");
    }

    proptest! {
        #[test]
        fn an_amount_can_be_read_back(paise in any::<i64>()) {
            let plain = amount(paise).replace([',', '.'], "");
            prop_assert_eq!(plain.parse::<i64>(), Ok(paise));
        }

        #[test]
        fn a_mask_hides_all_but_the_end(text in any::<String>()) {
            prop_assert!(mask(&text).chars().count() <= 6);
        }
    }
}
