use chrono::NaiveDate;
use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::department::testing::{call, filled, get, program, value};
use crate::menu::{LanguageId, TableId};

fn path(written: &str, give: Vec<Option<Value>>) -> Result<String, RequestError> {
    let names = ["a", "b", "c"];
    let operation = get(written, &names[..give.len()], Vec::new());
    build(&program(vec![operation]), &call(give), None).map(|request| request.path)
}

#[test]
fn a_value_stays_in_its_segment() {
    assert_eq!(
        path("/members/{a}/balance", vec![value("x/../?y#z %2e")]).unwrap_or_default(),
        "/members/x%2F..%2F%3Fy%23z%20%252e/balance"
    );
}

#[test]
fn a_value_cannot_be_a_dot_segment() {
    let dots = Err(RequestError::Dots("a".to_owned()));
    assert_eq!(path("/members/{a}/balance", vec![value("..")]), dots);
    assert_eq!(path("/members/{a}", vec![value(".")]), dots);
    assert_eq!(path("/members/.{a}", vec![value(".")]), dots);
    assert_eq!(path("/members/%2E{a}?x=1", vec![value(".")]), dots);
    assert_eq!(path("/members/{a}", vec![value("...")]), Ok("/members/...".to_owned()));
}

#[test]
fn a_value_in_a_path_is_needed() {
    let missing = Err(RequestError::Missing("a".to_owned()));
    assert_eq!(path("/members/{a}/balance", vec![None]), missing);
    assert_eq!(path("/members/{a}/balance", vec![value("")]), missing);
}

#[test]
fn a_path_always_begins_with_a_slash() {
    assert_eq!(path("{a}.evil.example", vec![value("@x")]).unwrap_or_default(), "/%40x.evil.example");
}

#[test]
fn pairs_without_a_value_are_left_out() {
    let written = "/prices?state={a}&x=1&district={b}&date={c}";
    let all = path(written, vec![value("UP&x=2"), value("a=b+c d"), value("")]);
    assert_eq!(all.unwrap_or_default(), "/prices?state=UP%26x%3D2&x=1&district=a%3Db%2Bc%20d&date=");
    let none = path("/prices?state={a}&date={b}", vec![None, None]);
    assert_eq!(none.unwrap_or_default(), "/prices");
}

#[test]
fn values_in_texts() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 5).expect("a day");
    let path = path(
        "/{a}?paid={b}&on={c}",
        vec![Some(Value::Row(TableId(0), 0)), Some(Value::Amount(-123_405)), Some(Value::Date(day))],
    );
    assert_eq!(path.unwrap_or_default(), "/UP?paid=-1234.05&on=2026-11-05");
}

fn body(body: Body, give: Vec<Option<Value>>) -> String {
    let mut operation = get("/", &["a", "b", "c"][..give.len()], Vec::new());
    operation.body = body;
    let request = build(&program(vec![operation]), &call(give), None).expect("a path without values");
    String::from_utf8(request.body.map(|(_, bytes)| bytes).unwrap_or_default()).expect("a body is UTF-8")
}

fn json_text(written: &str) -> JsonBody {
    JsonBody::Text(filled(written, &["a", "b", "c"]))
}

#[test]
fn one_hole_keeps_the_type_of_its_value() {
    let object = || {
        Body::Json(JsonBody::Object(vec![
            ("one".to_owned(), json_text("{a}")),
            ("two".to_owned(), JsonBody::Array(vec![json_text("{b}"), json_text("{c}")])),
            ("mixed".to_owned(), json_text("<{a}>")),
            ("fixed".to_owned(), json_text("x")),
            ("none".to_owned(), json_text("")),
        ]))
    };
    let written = body(object(), vec![Some(Value::Number(-7)), Some(Value::Amount(85_250)), Some(Value::YesNo(true))]);
    assert_snapshot!(written, @r#"{"one":-7,"two":[852.50,true],"mixed":"<-7>","fixed":"x","none":""}"#);
    let written = body(object(), vec![value("a\"\n"), None, Some(Value::Language(LanguageId(1)))]);
    assert_snapshot!(written, @r#"{"one":"a\"\n","two":["hi"],"mixed":"<a\"\n>","fixed":"x","none":""}"#);
    let written = body(object(), vec![None, None, None]);
    assert_snapshot!(written, @r#"{"two":[],"fixed":"x","none":""}"#);
    assert_eq!(body(Body::Json(json_text("{a}")), vec![None]), "null");
}

#[test]
fn forms_escape_names_and_values() {
    let pairs = [("a b", "{a}"), ("gone", "{b}"), ("x", "1 & {c}")];
    let pairs = pairs.map(|(name, text)| (name.to_owned(), filled(text, &["a", "b", "c"]))).into();
    let written = body(Body::Form(pairs), vec![value("=&"), None, value("ल")]);
    assert_snapshot!(written, @"a%20b=%3D%26&x=1%20%26%20%E0%A4%B2");
}

#[test]
fn the_key_goes_where_it_is_needed() {
    let mut booking = get("/bookings/{intent}", &["intent"], Vec::new());
    let asked =
        build(&program(vec![get("/bookings/{intent}", &["intent"], Vec::new())]), &call(vec![None]), Some("k-1"))
            .expect("the intent is filled");
    assert_eq!((asked.path.as_str(), asked.idempotency_key), ("/bookings/k-1", None));
    booking.changes = true;
    let made = build(&program(vec![booking]), &call(Vec::new()), Some("k-1")).expect("the intent is filled");
    assert_eq!((made.path.as_str(), made.idempotency_key.as_deref()), ("/bookings/k-1", Some("k-1")));
}

#[test]
fn debug_output_shows_no_values() {
    let operation = get("/members/{a}", &["a"], Vec::new());
    let request = build(&program(vec![operation]), &call(vec![value("919812345670")]), Some("key")).expect("a value");
    assert_snapshot!(format!("{request:?}"), @r#"HttpRequest { department: "lpg", method: Get, .. }"#);
}

proptest! {
    /// Whatever a citizen types: as a URL parser reads it, the path has the segments that the menu wrote, the value is one
    /// of them whole, and query and fragment are the menu's.
    #[test]
    fn urls_keep_their_shape(typed in any::<String>()) {
        let Ok(path) = path("/members/{a}/balance?x={b}&y=1", vec![value(&typed), value(&typed)]) else {
            prop_assert!(matches!(typed.as_str(), "" | "." | ".."));
            return Ok(());
        };
        let url = reqwest::Url::parse(&format!("https://api.example/v1{path}")).expect("it is a URL");
        let segments: Vec<_> = url.path_segments().expect("it has a path").collect();
        prop_assert_eq!(segments.len(), 4);
        prop_assert_eq!((segments[0], segments[1], segments[3]), ("v1", "members", "balance"));
        prop_assert_eq!(percent::read(segments[2], false), Some(typed.as_str().into()));
        let pairs: Vec<_> = url.query_pairs().into_owned().collect();
        prop_assert_eq!(pairs, vec![("x".to_owned(), typed), ("y".to_owned(), "1".to_owned())]);
        prop_assert_eq!(url.fragment(), None);
    }

    #[test]
    fn json_bodies_give_their_text_back(typed in any::<String>()) {
        let object = Body::Json(JsonBody::Object(vec![(typed.clone(), json_text("{a}"))]));
        let read: serde_json::Value = serde_json::from_str(&body(object, vec![value(&typed)])).expect("it is JSON");
        prop_assert_eq!(read.get(&typed).and_then(serde_json::Value::as_str), Some(typed.as_str()));
    }
}
