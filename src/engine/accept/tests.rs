use proptest::prelude::*;

use super::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a day of the calendar")
}

fn today() -> NaiveDate {
    day(2026, 11, 21)
}

#[test]
fn digits_may_stand_apart_and_in_any_script() {
    let read = |typed| digits(typed, 4, 12);
    assert_eq!(read("1234 5678 9012").as_deref(), Some("123456789012"));
    assert_eq!(read("1234-5678").as_deref(), Some("12345678"));
    assert_eq!(read("0042#").as_deref(), Some("0042"));
    assert_eq!(read("०१२३").as_deref(), Some("0123"));
    for wrong in ["", "123", "1234567890123", "12a4", "12.34"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
}

#[test]
fn numbers_have_a_sign_groups_and_marks_at_most() {
    for (typed, value) in [("12", 12), ("12.", 12), ("12#", 12), ("-3", -3), ("+3", 3), ("1,200", 1200), ("१२", 12)]
    {
        assert_eq!(number(typed), Some(value), "{typed}");
    }
    for wrong in ["", "-", "1.5", "1,,2", ",1", "one", "99999999999999999999", "--1"] {
        assert_eq!(number(wrong), None, "{wrong}");
    }
}

#[test]
fn amounts_are_rupees_with_two_decimals_at_most() {
    for (typed, paise) in [
        ("500", 50_000),
        ("1,234.50", 123_450),
        ("1,00,000", 10_000_000),
        ("Rs 20", 2_000),
        ("rs.20/-", 2_000),
        ("₹ 20.5", 2_050),
        ("INR 1", 100),
        ("20.", 2_000),
        ("५०", 5_000),
        ("-5", -500),
    ] {
        assert_eq!(amount(typed), Some(paise), "{typed}");
    }
    for wrong in ["", "Rs", "1.234", "1.2.3", "1.+2", "abc", "99999999999999999999"] {
        assert_eq!(amount(wrong), None, "{wrong}");
    }
}

#[test]
fn dates_are_day_month_year() {
    for typed in [
        "5-11-2026",
        "05/11/2026",
        "05.11.26",
        "5 11 2026",
        "05112026",
        "5112026",
        "051126",
        "2026-11-05",
        "०५-११-२०२६",
    ] {
        assert_eq!(date(typed, today()), Some(day(2026, 11, 5)), "{typed}");
    }
    assert_eq!(date("15.08.47", today()), Some(day(1947, 8, 15)), "far ahead means the last century");
    assert_eq!(date("29-02-2024", today()), Some(day(2024, 2, 29)));
    for wrong in [
        "",
        "29-02-2025",
        "32-01-2026",
        "11/13/2026",
        "5-11",
        "5-11-026",
        "123",
        "1-1-1850",
        "05-nov-2026",
        "५-११",
        "भ112026",
    ] {
        assert_eq!(date(wrong, today()), None, "{wrong}");
    }
}

#[test]
fn texts_are_counted_as_a_reader_counts() {
    assert_eq!(text("राम", 2).as_deref(), Some("राम"), "two letters, one with a vowel sign");
    assert_eq!(text("राम", 1), None);
    assert_eq!(text("", 5), None);
    assert_eq!(text("a\nb", 5), None);
    assert_eq!(text(&"a".repeat(100_000), 5), None);
    assert_eq!(text(&format!("a{}", "\u{301}".repeat(1000)), 5), None, "one letter with a thousand accents");
}

#[test]
fn a_text_has_no_more_units_than_the_length_proof_counts_on() {
    let piled = format!("a{}", "\u{301}".repeat(9));
    assert_eq!(text(&piled, 4), None, "one letter, but ten units");
    assert!(text(&piled, 5).is_some());
    assert_eq!(text("👨\u{200d}👩\u{200d}👧", 3), None, "one picture of eight units");
    assert_eq!(text("छत्तीसगढ़", 5).as_deref(), Some("छत्तीसगढ\u{93c}"), "a name of five letters");
}

#[test]
fn a_pattern_is_met_without_capitals_and_in_any_digits() {
    const PAN: &str = "[A-Z]{5}[0-9]{4}[A-Z]";
    let read = |pattern: &str, typed: &str| described(&Regex::new(pattern).expect("a pattern"), typed, 12);
    for typed in ["ABCDE1234F", "abcde1234f", "Abcde1234f", "ABCDE१२३४F", "abcde१२३४f"] {
        assert_eq!(read(PAN, typed).as_deref(), Some("ABCDE1234F"), "{typed}");
    }
    assert_eq!(read("[A-Za-z]+", "Abc").as_deref(), Some("Abc"), "what is right as typed stays so");
    for typed in ["abcde 1234 f", "ABCDE-१२३४-F"] {
        assert_eq!(read(PAN, typed).as_deref(), Some("ABCDE1234F"), "{typed}");
    }
    assert_eq!(read("[A-Z]+ [0-9]+", "ward 12").as_deref(), Some("WARD 12"), "spaces that the pattern has stay");
    assert_eq!(read(PAN, "abcde1234f5"), None);
    assert_eq!(read("[a-z]+", "ABC"), None, "only capitals are supplied");
}

proptest! {
    #[test]
    fn whatever_is_typed_is_read_or_refused(typed in "\\PC{0,40}") {
        let _ = (digits(&typed, 1, 9), number(&typed), amount(&typed), text(&typed, 9), date(&typed, today()));
    }

    #[test]
    fn a_typed_text_stays_within_what_is_proved(typed in "[a-z€क-ह़ा-्\u{301}\u{958}😀]{0,30}", max in 1_u16..20) {
        if let Some(text) = text(&typed, max) {
            prop_assert!(text.graphemes(true).count() <= usize::from(max));
            prop_assert!(text.encode_utf16().count() <= usize::from(max) * UNITS_PER_GRAPHEME);
        }
    }

    #[test]
    fn what_is_written_as_an_amount_is_read_back(paise in 0_i64..1_000_000_000_000) {
        prop_assert_eq!(amount(&crate::text::amount(paise)), Some(paise));
    }

    #[test]
    fn what_is_written_as_a_date_is_read_back(days in 0_u64..40_000) {
        let written = day(1960, 1, 1) + chrono::Days::new(days);
        let mut typed = String::new();
        crate::text::write_date(written, &mut typed);
        prop_assert_eq!(date(&typed, today()), Some(written));
    }
}
