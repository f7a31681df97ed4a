use std::sync::Arc;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::department::testing::{field, get, pointer, record_type, text};
use crate::menu::{Letters, Pointer};

const CALLER: &str = "919812345670";

fn optional(field: AnswerField) -> AnswerField {
    AnswerField { optional: true, ..field }
}

fn list(name: &str, from: &str, at_most: u16, of: Vec<AnswerField>) -> AnswerField {
    let ty = Type::List { of: Arc::new(record_type(&of)), at_most };
    AnswerField { of, ..field(name, from, ty) }
}

/// Answers about a member: a name, a balance that may be missing, and at most two claims.
fn member() -> Operation {
    let claim = || vec![field("kind", "/type", text(9, Letters::Latin)), field("on", "/on", Type::Date)];
    let mut operation = get(
        "/",
        &[],
        vec![
            field("name", "/who/name", text(12, Letters::Latin)),
            optional(field("balance", "/balance", Type::Amount { max: 100_000 })),
            list("claims", "/claims", 2, claim()),
        ],
    );
    operation.errors = vec![
        rule(Some(404), None, "not_found"),
        rule(None, Some(("/result", "N")), "nothing"),
        rule(Some(409), Some(("/codes/0", "7")), "seven"),
        rule(None, None, "never"),
    ];
    operation
}

fn rule(status: Option<u16>, at: Option<(&str, &str)>, name: &str) -> ErrorRule {
    let at = at.map(|(from, text)| (pointer(from), text.to_owned()));
    ErrorRule { status, at, name: name.to_owned() }
}

/// The outcome and its reason on one line.
fn say(operation: &Operation, status: u16, body: &str) -> String {
    let answer = HttpAnswer { status, body: body.as_bytes().to_vec() };
    let (outcome, why) = read_answer(operation, &answer, CALLER);
    match (outcome, why) {
        (Outcome::Answered(value), None) => format!("{value:?}"),
        (Outcome::Failed(failure), None) => format!("{failure:?}"),
        (Outcome::Failed(failure), Some(why)) => format!("{failure:?}: {why}"),
        (outcome, why) => format!("what no answer says: {outcome:?} {why:?}"),
    }
}

#[test]
fn a_whole_answer() {
    let body = r#"{"who":{"name":"MEMBER  4821"},"balance":"12.50","claims":[
        {"type":"Form 31","on":"2026-11-05"},{"type":"Form 10C","on":"04/11/2026"},{"type":0}]}"#;
    assert_snapshot!(say(&member(), 200, body), @r#"Record([Some(Text("MEMBER 4821")), Some(Amount(1250)), Some(List([Record([Some(Text("Form 31")), Some(Date(2026-11-05))]), Record([Some(Text("Form 10C")), Some(Date(2026-11-04))])]))])"#);
}

#[test]
fn what_is_missing() {
    let member = member();
    let name = r#""who":{"name":"A"}"#;
    assert_snapshot!(say(&member, 200, &format!(r#"{{{name},"balance":null,"claims":[]}}"#)), @r#"Record([Some(Text("A")), None, Some(List([]))])"#);
    assert_snapshot!(say(&member, 200, &format!(r#"{{{name},"balance":"","claims":[]}}"#)), @r#"Record([Some(Text("A")), None, Some(List([]))])"#);
    assert_snapshot!(say(&member, 200, "{}"), @"Down: name: missing");
    assert_snapshot!(say(&member, 200, &format!("{{{name}}}")), @"Down: claims: missing");
    assert_snapshot!(say(&member, 200, &format!(r#"{{{name},"claims":[null]}}"#)), @"Down: claims[0]: missing");
    let claims = r#""claims":[{"type":"x","on":"2026-11-05"},{"type":"x","on":"919812345670"}]"#;
    assert_snapshot!(say(&member, 200, &format!("{{{name},{claims}}}")), @"Down: claims[1].on: not a date");
    assert_snapshot!(say(&member, 200, &format!(r#"{{{name},"claims":"919812345670"}}"#)), @"Down: claims: not a list");
}

#[test]
fn an_empty_text_is_unset_only_where_that_is_allowed() {
    let of = |field: AnswerField| get("/", &[], vec![field]);
    let name = || field("name", "/name", text(9, Letters::Any));
    assert_snapshot!(say(&of(name()), 200, r#"{"name":" "}"#), @r#"Record([Some(Text(""))])"#);
    assert_snapshot!(say(&of(optional(name())), 200, r#"{"name":" "}"#), @"Record([None])");
}

#[test]
fn errors_come_first_and_all_of_a_rule_must_hold() {
    let member = member();
    assert_snapshot!(say(&member, 404, "<html>"), @r#"Named("not_found")"#);
    assert_snapshot!(say(&member, 200, r#"{"result":" N "}"#), @r#"Named("nothing")"#);
    assert_snapshot!(say(&member, 500, r#"{"result":"N"}"#), @r#"Named("nothing")"#);
    assert_snapshot!(say(&member, 409, r#"{"codes":[7]}"#), @r#"Named("seven")"#);
    assert_snapshot!(say(&member, 409, r#"{"codes":[8]}"#), @"Refused: status 409");
}

#[test]
fn statuses_without_a_rule() {
    let member = member();
    assert_snapshot!(say(&member, 400, ""), @"Refused: status 400");
    assert_snapshot!(say(&member, 401, ""), @"Down: status 401");
    assert_snapshot!(say(&member, 429, ""), @"Down: status 429");
    assert_snapshot!(say(&member, 302, ""), @"Down: status 302");
    assert_snapshot!(say(&member, 503, "secret"), @"Down: status 503");
    assert_snapshot!(say(&member, 200, "secret"), @"Down: the body is not JSON");
}

#[test]
fn an_operation_that_gives_nothing_needs_no_body() {
    assert_snapshot!(say(&get("/", &[], Vec::new()), 204, ""), @"Record([])");
}

#[test]
fn the_department_vouches_for_the_callers_number() {
    let mut operation = get("/", &[], vec![field("n", "/n", Type::Number { min: 0, max: 9 })]);
    operation.registered = Some(Registered::At(pointer("/mobile")));
    for mobile in [r#""9812345670""#, "9812345670", r#""+91 98123-45670""#, r#"" 09812345670""#] {
        let body = format!(r#"{{"n":1,"mobile":{mobile}}}"#);
        assert_eq!(say(&operation, 200, &body), "Record([Some(Number(1))])", "{mobile}");
    }
    assert_snapshot!(say(&operation, 200, r#"{"n":1,"mobile":"9812345671"}"#), @"Refused: the registered number is another one");
    assert_snapshot!(say(&operation, 200, r#"{"n":1,"mobile":"XX5670"}"#), @"Refused: the registered number cannot be read");
    assert_snapshot!(say(&operation, 200, r#"{"n":1}"#), @"Refused: no registered number in the answer");
}

#[test]
fn pointers_follow_their_rfc() {
    let json = serde_json::json!({"a/b": {"": [10, 11]}, "m~n": 1, "01": 2});
    let at = |tokens: &[&str]| {
        let pointer = Pointer(tokens.iter().map(|t| (*t).to_owned()).collect());
        let found = Part::Json(&json).one(&pointer).expect("JSON has one of it at most")?;
        found.scalar().ok().map(|value| value.to_string())
    };
    assert_eq!(at(&["a/b", "", "1"]).as_deref(), Some("11"));
    assert_eq!(at(&["a/b", "", "0"]).as_deref(), Some("10"));
    assert_eq!(at(&["01"]).as_deref(), Some("2"));
    for none in [["a/b", "", "01"], ["a/b", "", "-"], ["a/b", "", "2"], ["a/b", "", "+1"], ["m~n", "", ""]] {
        assert_eq!(at(&none), None, "{none:?}");
    }
    assert_eq!(at(&[]), Some(json.to_string()));
}

#[test]
fn depth_is_bounded() {
    let deep = "[".repeat(1_000_000);
    assert_snapshot!(say(&member(), 200, &deep), @"Down: the body is not JSON");
}

proptest! {
    #[test]
    fn bytes_never_panic(status in any::<u16>(), body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_answer(&member(), &HttpAnswer { status, body }, CALLER);
    }

    /// Texts that are nearly right, with a secret in them: no reason gives it away.
    #[test]
    fn reasons_hold_nothing_of_the_answer(
        status in prop_oneof![Just(200_u16), any::<u16>()],
        shape in r#"[\{\}\[\]",:]{0,6}"#,
        cut in 0..200_usize,
    ) {
        let body = format!(r#"{{"who":{{"name":"q8z"}},"balance":"q8z","claims":[{{"type":"q8z{shape}","on":"q8z"}}]}}"#);
        let body = body.as_bytes().get(..cut).unwrap_or(body.as_bytes()).to_vec();
        let (_, why) = read_answer(&member(), &HttpAnswer { status, body }, CALLER);
        prop_assert!(!why.unwrap_or_default().contains("q8z"));
    }
}
