use super::*;
use crate::source::{Files, Span};

fn read(text: &str) -> Option<Type> {
    let mut files = Files::default();
    let file = files.add("a.yaml", text);
    let span = Span { file, start: 0, end: u32::try_from(text.len()).unwrap_or(0) };
    let mut cx = Context::new(&files);
    let tables = BTreeMap::from([("districts".to_owned(), Some(TableId(3)))]);
    phrase(&Spanned { value: text.to_owned(), span }, &tables, &mut cx)
}

#[test]
fn phrases_name_types() {
    assert_eq!(read("text 30"), Some(Type::Text { max: 30, letters: Letters::Any }));
    assert_eq!(read("digits 12"), Some(Type::Text { max: 12, letters: Letters::Digits }));
    assert_eq!(read("number 1-10"), Some(Type::Number { min: 1, max: 10 }));
    assert_eq!(read("amount 99.50"), Some(Type::Amount { max: 9_950 }));
    assert_eq!(read("yes_no"), Some(Type::YesNo));
    assert_eq!(read("row districts"), Some(Type::Row(TableId(3))));
    for wrong in ["", "text", "text 0", "text 9999", "number 5", "number 9-1", "date 3", "row", "row nothing", "word"] {
        assert_eq!(read(wrong), None, "{wrong}");
    }
}

#[test]
fn a_smaller_text_fits_into_a_larger_one_of_more_letters() {
    let text = |max, letters| Type::Text { max, letters };
    assert!(fits(&text(4, Letters::Digits), &text(4, Letters::Latin)));
    assert!(fits(&text(4, Letters::Latin), &text(30, Letters::Any)));
    assert!(!fits(&text(4, Letters::Any), &text(30, Letters::Latin)));
    assert!(!fits(&text(31, Letters::Any), &text(30, Letters::Any)));
    assert!(!fits(&Type::Date, &text(30, Letters::Any)));
    assert!(!fits(&Type::Number { min: 0, max: 11 }, &Type::Number { min: 1, max: 20 }));
}

#[test]
fn literals_take_the_type_of_the_other_side() {
    let amount = Type::Amount { max: 1 };
    assert_eq!(literal(&Literal::Number("500".to_owned()), &amount), Ok(Value::Amount(50_000)));
    let digits = Type::Text { max: 4, letters: Letters::Digits };
    assert_eq!(literal(&Literal::Number("0042".to_owned()), &digits), Ok(Value::Text("0042".to_owned())));
    let day = NaiveDate::from_ymd_opt(2026, 11, 5).map(Value::Date);
    assert_eq!(literal(&Literal::Text("05-11-2026".to_owned()), &Type::Date).ok(), day);
    assert!(literal(&Literal::Text("5-11-2026".to_owned()), &Type::Date).is_err());
    assert!(literal(&Literal::Text("31-02-2026".to_owned()), &Type::Date).is_err());
    assert!(literal(&Literal::YesNo(true), &digits).is_err());
}

#[test]
fn records_join_field_by_field() {
    let record = |name: &str, max, personal| {
        let ty = Type::Text { max, letters: Letters::Latin };
        Type::Record(Arc::new(vec![Field { name: name.to_owned(), ty, personal }]))
    };
    assert_eq!(join(&record("a", 3, true), &record("a", 5, false)), Some(record("a", 5, true)));
    assert_eq!(join(&record("a", 3, true), &record("b", 3, true)), None);
}
