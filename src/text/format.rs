//! How values are written for people in India.

use chrono::{Datelike, NaiveDate};
use unicode_segmentation::UnicodeSegmentation;

use super::{UNITS_PER_GRAPHEME, septets_of};

/// Paise as rupees with Indian grouping, two decimals, no currency sign: `1,23,456.70`, `-5.00`.
pub fn amount(paise: i64) -> String {
    let mut out = String::new();
    write_amount(paise, &mut out);
    out
}

/// The same behind what was written before.
pub fn write_amount(paise: i64, out: &mut String) {
    let (rupees, rest) = (paise.unsigned_abs() / 100, paise.unsigned_abs() % 100);
    if paise < 0 {
        out.push('-');
    }
    // The last three digits stand together, those before them in pairs.
    if rupees >= 1000 {
        write_pairs(rupees / 1000, out);
        put(out, format_args!(",{:03}", rupees % 1000));
    } else {
        put(out, format_args!("{rupees}"));
    }
    put(out, format_args!(".{rest:02}"));
}

fn write_pairs(number: u64, out: &mut String) {
    if number >= 100 {
        write_pairs(number / 100, out);
        put(out, format_args!(",{:02}", number % 100));
    } else {
        put(out, format_args!("{number}"));
    }
}

/// `1234`, `-5`
pub fn write_number(number: i64, out: &mut String) {
    // Most are numbers of options.
    match u8::try_from(number) {
        Ok(digit @ 0..=9) => out.push(char::from(b'0' + digit)),
        Ok(two @ 10..=99) => out.extend([char::from(b'0' + two / 10), char::from(b'0' + two % 10)]),
        _ => put(out, format_args!("{number}")),
    }
}

/// `05-11-2026`
pub fn write_date(day: NaiveDate, out: &mut String) {
    put(out, format_args!("{:02}-{:02}-{:04}", day.day(), day.month(), day.year()));
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // A string takes all that is written into it.
    let _ = std::fmt::Write::write_fmt(out, text);
}

/// Letters that a mask leaves.
const SHOWN: usize = 4;

/// The last four letters (graphemes) behind `XX`, or fewer where they have more marks than lengths are computed with; a
/// text of four or fewer is hidden whole.
pub fn mask(text: &str) -> String {
    let mut units = SHOWN * UNITS_PER_GRAPHEME;
    let fits = |(_, grapheme): &(usize, &str)| {
        let left = units.checked_sub(grapheme.encode_utf16().count());
        units = left.unwrap_or(0);
        left.is_some()
    };
    let last = text.grapheme_indices(true).rev().take(SHOWN).take_while(fits).last();
    let is_longer = text.graphemes(true).nth(SHOWN).is_some();
    let shown = last.filter(|_| is_longer).and_then(|(at, _)| text.get(at..)).unwrap_or_default();
    format!("XX{shown}")
}

/// In capitals, letter by letter, as far as that makes no text longer: `ß` has none of its own, and that of `à` is not in
/// GSM-7, so both stay.
pub fn upper(text: &str) -> String {
    text.chars().map(capital).collect()
}

fn capital(c: char) -> char {
    let mut capitals = c.to_uppercase();
    match (capitals.next(), capitals.next()) {
        (Some(one), None)
            if (septets_of(c).is_none() || septets_of(one) == septets_of(c)) && one.len_utf16() == c.len_utf16() =>
        {
            one
        }
        _ => c,
    }
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
        let mut out = "on ".to_owned();
        write_date(NaiveDate::from_ymd_opt(2026, 11, 5).expect("a day"), &mut out);
        assert_eq!(out, "on 05-11-2026");
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
    fn masks_cut_between_letters() {
        assert_eq!(mask("रामगोपाल"), "XXमगोपाल");
        assert_eq!(mask("गोपाल"), "XX", "three letters, though five characters");
        assert_eq!(mask("abक्षेत्रक्षे"), "XXत्रक्षे", "no more than lengths are computed with");
        assert_eq!(mask(&format!("abcd{}", "\u{301}".repeat(9))), "XX");
    }

    #[test]
    fn capitals_stay_in_their_alphabet() {
        assert_eq!(upper("Ram é ñ"), "RAM É Ñ");
        assert_eq!(upper("straße à la ù"), "STRAßE à LA ù");
        assert_eq!(upper("ŉǰ में ж"), "ŉǰ में Ж");
    }

    #[test]
    fn letters_are_spoken_one_by_one() {
        assert_eq!(spoken("9812"), "9 8 1 2");
        assert_eq!(spoken("AB 12"), "A B 1 2");
        assert_eq!(spoken("क्षेत्र"), "क्षे त्र");
    }

    proptest! {
        #[test]
        fn numbers_are_written_as_elsewhere(number in prop_oneof![-20..120_i64, any::<i64>()]) {
            let mut out = String::new();
            write_number(number, &mut out);
            prop_assert_eq!(out, number.to_string());
        }

        #[test]
        fn an_amount_can_be_read_back(paise in any::<i64>()) {
            let plain = amount(paise).replace([',', '.'], "");
            prop_assert_eq!(plain.parse::<i64>(), Ok(paise));
        }

        #[test]
        fn a_mask_hides_all_but_the_end(text in any::<String>()) {
            prop_assert!(mask(&text).graphemes(true).count() <= 6);
            prop_assert!(mask(&text).encode_utf16().count() <= "XX".len() + SHOWN * UNITS_PER_GRAPHEME);
        }

        #[test]
        fn capitals_take_no_more_room(text in "[a-zà-ÿ€ß-ſα-ωﬁŉ\\[क-ह]{0,30}|\\PC{0,30}") {
            use crate::text::{Alphabet, measure};
            let (before, after) = (measure(&text), measure(&upper(&text)));
            prop_assert_eq!(text.encode_utf16().count(), upper(&text).encode_utf16().count());
            prop_assert!(before.alphabet == Alphabet::Ucs2 || after == before, "{}", upper(&text));
        }
    }
}
