use super::{profile, told};

fn post(body: &str) -> String {
    told(&profile("hubtel"), "POST", "", "", body)
}

/// A callback of the dialogue with this type, message and sequence.
fn callback(kind: &str, message: &str, sequence: &str) -> String {
    post(&format!(
        r#"{{"Mobile":"233200000001","SessionId":"3c796dac28174f739de4262d08409c51","ServiceCode":"713*4",
            "Type":"{kind}","Message":{message},"Operator":"MTN","Sequence":{sequence},"ClientState":null,"Platform":{{}}}}"#
    ))
}

const WHO: &str = "of 3c796dac28174f739de4262d08409c51 by 233200000001";

#[test]
fn the_first_message_is_what_was_dialled() {
    let plain = callback("Initiation", r#""*713*4#""#, "1");
    assert_eq!(plain, format!("first #1 {WHO} at *713*4#: Dialled(\"*713*4#\")"));
    let deep = callback("Initiation", r#""*713*4*3*5#""#, "1");
    assert_eq!(deep, format!("first #1 {WHO} at *713*4#: Dialled(\"*713*4*3*5#\")"));
}

#[test]
fn without_what_was_dialled_the_service_code_stands_in() {
    for nothing in [r#""""#, r#""null""#, "null"] {
        let told = callback("Initiation", nothing, "1");
        assert_eq!(told, format!("first #1 {WHO} at *713*4#: Dialled(\"*713*4#\")"), "{nothing}");
    }
}

#[test]
fn later_messages_are_the_last_answer_alone() {
    assert_eq!(callback("Response", r#""2""#, "2"), format!("later #2 {WHO} at *713*4#: Last(\"2\")"));
    // Numbers and booleans where a text is expected, and a type in another case.
    assert_eq!(callback("RESPONSE", "2", r#""2""#), format!("later #2 {WHO} at *713*4#: Last(\"2\")"));
    assert_eq!(callback("Response", "true", "3"), format!("later #3 {WHO} at *713*4#: Last(\"true\")"));
    // An answer of nothing, and one that only looks like nothing.
    assert_eq!(callback("Response", "null", "4"), format!("later #4 {WHO} at *713*4#: Last(\"\")"));
    assert_eq!(callback("Response", r#""null""#, "4"), format!("later #4 {WHO} at *713*4#: Last(\"null\")"));
}

#[test]
fn release_and_timeout_end_the_dialogue() {
    assert_eq!(callback("Release", "null", "4"), format!("ended {WHO}"));
    assert_eq!(callback("Timeout", "null", "4"), format!("timed_out {WHO}"));
}

#[test]
fn what_is_missing_repeated_or_wrong_is_named() {
    assert_eq!(callback("Hello", r#""1""#, "1"), "value: the field `type` does not hold one of the protocol's words");
    assert_eq!(callback("Response", r#""1""#, "-1"), "value: the field `sequence` does not hold a turn's number");
    assert_eq!(callback("Response", r#""1""#, "1.5"), "value: the field `sequence` does not hold a turn's number");
    assert_eq!(callback("Response", r#"["1"]"#, "1"), "missing: the field `message` is missing");
    assert_eq!(
        post(r#"{"Type":"Response","Message":"1","Mobile":"233200000001"}"#),
        "missing: the field `sessionid` is missing"
    );
    assert_eq!(post(r#"{"Mobile":"233200000001","SessionId":"s"}"#), "missing: the field `type` is missing");
    let twice = r#"{"Type":"Response","Type":"Release","Message":"1","Mobile":"233200000001","SessionId":"s"}"#;
    assert_eq!(post(twice), "repeated: the field `type` comes more than once with different values");
    let long = format!(r#"{{"Type":"Response","Message":"{}"}}"#, "x".repeat(5000));
    assert_eq!(post(&long), "too_long: the field `message` is longer than 4096 bytes");
}

#[test]
fn what_is_no_object_is_refused() {
    let deep = format!("{}{}", r#"{"a":"#.repeat(5000), "1");
    for body in ["x", "[]", "1", r#""Type""#, "null", r#"{"Type":"#, r#"{"Type":"Response"} {}"#, "\u{0}", &deep] {
        assert_eq!(post(body), "body: the body is not a JSON object", "{body:.40}");
    }
    assert_eq!(
        told(&profile("hubtel"), "GET", "", "Type=Response", ""),
        "method: GET is not the verb of this callback"
    );
}
