use proptest::prelude::*;
use serde_json::json;

use super::*;

/// As departments count that say nothing of it.
fn read(ty: &Type, json: &Json) -> Result<Option<Value>, &'static str> {
    super::read(ty, Unit::Rupees, json)
}

fn ymd(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

fn latin(max: u16) -> Type {
    Type::Text { max, letters: Letters::Latin }
}

fn any_letters(max: u16) -> Type {
    Type::Text { max, letters: Letters::Any }
}

fn read_text(ty: &Type, text: &str) -> String {
    match read(ty, &json!(text)) {
        Ok(Some(Value::Text(text))) => text,
        other => panic!("{text:?} gave {other:?}"),
    }
}

#[test]
fn decimals_are_exact() {
    for (text, paise) in [
        ("852.50", 85_250),
        ("852.5", 85_250),
        ("852.", 85_200),
        (".5", 50),
        ("-0.01", -1),
        ("+1", 100),
        ("1,23,456.70", 12_345_670),
        ("852.5000", 85_250),
        ("90071992547409.93", 9_007_199_254_740_993),
        ("-92233720368547758.08", i64::MIN),
    ] {
        assert_eq!(decimal(text, 2), Some(paise), "{text}");
    }
    for text in [
        "",
        ".",
        "-",
        "1.005",
        "1e3",
        "1 000",
        "₹5",
        "--1",
        ",1",
        "1,",
        "1.2.3",
        "92233720368547758.08",
        "0x1",
        "NaN",
        "1.é",
        "1.5é",
        "1.50é",
        "é",
    ] {
        assert_eq!(decimal(text, 2), None, "{text}");
    }
}

#[test]
fn amounts_are_numbers_or_texts_in_rupees() {
    let amount = Type::Amount { max: 1_000_000_000_000_000_000 };
    for json in [json!(1234.56), json!("1,234.56"), json!(" 1234.560 "), json!("१२३४.५६")] {
        assert_eq!(read(&amount, &json), Ok(Some(Value::Amount(123_456))), "{json}");
    }
    assert_eq!(read(&amount, &json!(7)), Ok(Some(Value::Amount(700))));
    assert_eq!(read(&amount, &json!("")), Ok(None));
    for json in [json!(true), json!([1]), json!("1.005"), json!(1e30), json!(90_071_992_547_409.93)] {
        assert!(read(&amount, &json).is_err(), "{json}");
    }
    let small = Type::Amount { max: 100 };
    assert_eq!(read(&small, &json!(-1)), Ok(Some(Value::Amount(-100))));
    assert_eq!(read(&small, &json!("1.01")), Err("outside its declared bounds"));
    assert_eq!(read(&small, &json!("-1.01")), Err("outside its declared bounds"));
}

#[test]
fn amounts_in_paise_are_whole() {
    let amount = Type::Amount { max: 99_999_00 };
    let paise = |json: &Json| super::read(&amount, Unit::Paise, json);
    for json in [json!(84_550), json!("84550"), json!(" 84,550 "), json!("84550.00"), json!(84_550.0), json!("८४५५०")]
    {
        assert_eq!(paise(&json), Ok(Some(Value::Amount(84_550))), "{json}");
    }
    assert_eq!(paise(&json!("")), Ok(None));
    for json in [json!("845.50"), json!(845.5), json!("Rs 1"), json!(true)] {
        assert_eq!(paise(&json), Err("not an amount in whole paise"), "{json}");
    }
    assert_eq!(paise(&json!(9_999_900)), Ok(Some(Value::Amount(9_999_900))), "the most is said in rupees");
    assert_eq!(paise(&json!(9_999_901)), Err("outside its declared bounds"));
}

#[test]
fn numbers_are_whole_and_bounded() {
    let number = Type::Number { min: 0, max: 99 };
    for json in [json!(42), json!("42"), json!(42.0), json!(" 042 ")] {
        assert_eq!(read(&number, &json), Ok(Some(Value::Number(42))), "{json}");
    }
    for json in [json!(42.5), json!(-1), json!(100), json!("x"), json!(u64::MAX), json!({})] {
        assert!(read(&number, &json).is_err(), "{json}");
    }
}

#[test]
fn dates_in_all_spellings() {
    for text in [
        "2026-11-05",
        "05-11-2026",
        "05/11/2026",
        "2026-11-05T23:59:59",
        "2026-11-05 08:00",
        "2026-11-05T08:00:00.123",
        "2026-11-05T00:10:00+05:30",
        // Half past eleven at night in London is the next morning in India.
        "2026-11-04T23:30:00Z",
    ] {
        assert_eq!(date(text), ymd(2026, 11, 5), "{text}");
    }
    for text in [
        "",
        "2026-02-30",
        "5-11-2026",
        "05.11.2026",
        "05/11-2026",
        "2026-11-05T",
        "2026-11-05Tx",
        "2026-11-05x",
        "05-11-2026 10:00",
        "+026-11-05",
        "२०२६-११-०५",
        "9999-12-31T23:00:00Z",
    ] {
        assert_eq!(date(text), None, "{text}");
    }
    assert!(read(&Type::Date, &json!(20_261_105)).is_err());
    assert_eq!(read(&Type::Date, &json!("२०२६-११-०५")), Ok(ymd(2026, 11, 5).map(Value::Date)));
}

#[test]
fn yes_and_no() {
    for yes in [json!(true), json!("Y"), json!("yes"), json!("TRUE"), json!(1), json!("1")] {
        assert_eq!(read(&Type::YesNo, &yes), Ok(Some(Value::YesNo(true))), "{yes}");
    }
    for no in [json!(false), json!("n"), json!("No"), json!(0)] {
        assert_eq!(read(&Type::YesNo, &no), Ok(Some(Value::YesNo(false))), "{no}");
    }
    assert!(read(&Type::YesNo, &json!("maybe")).is_err() && read(&Type::YesNo, &json!(2)).is_err());
}

#[test]
fn digits_are_whole_or_refused() {
    let ty = Type::Text { max: 4, letters: Letters::Digits };
    assert_eq!(read_text(&ty, " 00-12 "), "0012");
    assert_eq!(read(&ty, &json!(12)), Ok(Some(Value::Text("12".to_owned()))));
    assert_eq!(read(&ty, &json!("")), Ok(None));
    assert_eq!(read(&ty, &json!("12345")), Err("more digits than declared"));
    assert_eq!(read(&ty, &json!("12a")), Err("not digits only"));
    assert_eq!(read(&ty, &json!(1.5)), Err("not digits only"));
}

#[test]
fn texts_are_one_clean_line() {
    assert_eq!(read_text(&any_letters(99), " a\r\n\tb\u{7}\u{202e}c\u{2028}d "), "a b c d");
    assert_eq!(read_text(&any_letters(99), "\u{200e}\u{feff}"), "");
    assert_eq!(read(&latin(9), &json!(12.5)), Ok(Some(Value::Text("12.5".to_owned()))));
    assert!(read(&latin(9), &json!(true)).is_err());
}

#[test]
fn texts_are_cut_between_graphemes() {
    assert_eq!(read_text(&any_letters(2), "कि्षमत"), "कि्ष");
    assert_eq!(read_text(&any_letters(3), "ab cd"), "ab");
    assert_eq!(read_text(&any_letters(5), &format!("ab{}", "\u{301}".repeat(99))), "a");
}

#[test]
fn latin_texts_are_transliterated_before_they_are_cut() {
    let name = read_text(&latin(24), "नवीन मंडी");
    assert!(name.chars().all(crate::text::is_basic) && name.len() > 4, "{name}");
    assert_eq!(read_text(&latin(6), "Café₹ x"), "CaféRs");
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        any::<String>().prop_map(Json::from),
        "[0-9०-९,.+: TZ/é-]{0,20}".prop_map(Json::from),
        r"[0-9]{1,4}[-./][0-9é]{0,3}[-./]?\PC{0,4}".prop_map(Json::from),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| proptest::collection::vec(inner, 0..4).prop_map(Json::from))
}

proptest! {
    /// Both ways of counting say the same.
    #[test]
    fn paise_are_read_as_they_are_written(paise in -999_999_999_999_i64..=999_999_999_999) {
        let amount = Type::Amount { max: 999_999_999_999 };
        let expected = Ok(Some(Value::Amount(paise)));
        prop_assert_eq!(&super::read(&amount, Unit::Paise, &json!(paise)), &expected);
        prop_assert_eq!(&super::read(&amount, Unit::Paise, &json!(paise.to_string())), &expected);
        let sign = if paise < 0 { "-" } else { "" };
        let rupees = format!("{sign}{}.{:02}", paise.abs() / 100, paise.abs() % 100);
        prop_assert_eq!(&super::read(&amount, Unit::Rupees, &json!(rupees)), &expected);
    }

    #[test]
    fn values_keep_within_their_types(json in any_json(), max in 0..30_u16) {
        if let Ok(Some(Value::Text(text))) = read(&latin(max), &json) {
            prop_assert!(text.chars().count() <= usize::from(max) && text.chars().all(crate::text::is_basic));
        }
        if let Ok(Some(Value::Text(text))) = read(&any_letters(max), &json) {
            prop_assert!(text.graphemes(true).count() <= usize::from(max));
            prop_assert!(text.encode_utf16().count() <= usize::from(max) * UNITS_PER_GRAPHEME);
            prop_assert!(!text.chars().any(char::is_control));
        }
        if let Ok(Some(Value::Text(text))) = read(&Type::Text { max, letters: Letters::Digits }, &json) {
            prop_assert!(text.len() <= usize::from(max) && text.bytes().all(|b| b.is_ascii_digit()));
        }
        if let Ok(Some(Value::Number(number))) = read(&Type::Number { min: -5, max: i64::from(max) }, &json) {
            prop_assert!((-5..=i64::from(max)).contains(&number));
        }
        if let Ok(Some(Value::Amount(paise))) = read(&Type::Amount { max: i64::from(max) }, &json) {
            prop_assert!(paise.unsigned_abs() <= u64::from(max));
        }
        if let Ok(Some(Value::Date(day))) = read(&Type::Date, &json) {
            prop_assert_eq!(day.format("%d-%m-%Y").to_string().len(), 10);
        }
        let _ = read(&Type::YesNo, &json);
    }

    /// Every amount that fits a JSON number of fifteen digits comes back to the paisa, as number and as text.
    #[test]
    fn amounts_survive_binary_fractions(paise in -999_999_999_999_999..=999_999_999_999_999_i64) {
        let (sign, whole, rest) = (if paise < 0 { "-" } else { "" }, paise.abs() / 100, paise.abs() % 100);
        let written = format!("{sign}{whole}.{rest:02}");
        let amount = Type::Amount { max: i64::MAX };
        let number: Json = serde_json::from_str(&written).expect("it is a number");
        prop_assert_eq!(read(&amount, &number), Ok(Some(Value::Amount(paise))));
        prop_assert_eq!(read(&amount, &Json::from(written)), Ok(Some(Value::Amount(paise))));
    }
}
