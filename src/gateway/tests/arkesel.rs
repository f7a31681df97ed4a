use super::{profile, replied, told};

fn body(new: &str, data: &str) -> String {
    format!(
        r#"{{"sessionID":"16545759","userID":"RURAL_1","newSession":{new},"msisdn":"233544000111","userData":"{data}","network":"MTN"}}"#
    )
}

fn post(new: &str, data: &str) -> String {
    told(&profile("arkesel"), "POST", "", "", &body(new, data))
}

const WHO: &str = "of 16545759 by 233544000111";

#[test]
fn new_session_is_yes_or_no() {
    assert_eq!(post("true", "*928*1#"), format!("first {WHO}: Dialled(\"*928*1#\")"));
    assert_eq!(post("false", "2"), format!("later {WHO}: Last(\"2\")"));
    // As a text too.
    assert_eq!(post("\"true\"", "*928#"), format!("first {WHO}: Dialled(\"*928#\")"));
    assert_eq!(post("1", "2"), "value: the field `newsession` does not hold one of the protocol's words");
    assert_eq!(post("null", "2"), "value: the field `newsession` does not hold one of the protocol's words");
}

#[test]
fn an_answer_is_never_split_at_stars() {
    assert_eq!(post("false", "1*1"), format!("later {WHO}: Last(\"1*1\")"));
}

#[test]
fn replies_repeat_the_ids_and_say_whether_to_continue() {
    let expected = [
        r#"{"continueSession":true,"message":"Menu\n1. \"A&B\" | <C>","msisdn":"233544000111","sessionID":"16545759","userID":"RURAL_1"}"#,
        r#"{"continueSession":false,"message":"Thanks | 1\n2","msisdn":"233544000111","sessionID":"16545759","userID":"RURAL_1"}"#,
        r#"{"continueSession":false,"message":"Sorry","msisdn":"233544000111","sessionID":"16545759","userID":"RURAL_1"}"#,
    ];
    assert_eq!(replied(&profile("arkesel"), "POST", "", &body("false", "1")), expected);
}
