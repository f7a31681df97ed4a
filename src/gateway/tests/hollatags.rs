use super::{profile, replied, told};

fn query(operation: &str, text: &str) -> String {
    format!(
        "session_msisdn=2348030000111&session_operation={operation}&session_msg={text}&session_id=5456657676\
         &session_from=*7006%23&session_type=1&session_mno=MTN"
    )
}

fn get(operation: &str, text: &str) -> String {
    told(&profile("hollatags"), "GET", "", &query(operation, text), "")
}

const WHO: &str = "of 5456657676 by 2348030000111 at *7006#";

#[test]
fn the_operation_says_what_it_is() {
    assert_eq!(get("begin", ""), format!("first {WHO}: Last(\"\")"));
    assert_eq!(get("continue", "2"), format!("later {WHO}: Last(\"2\")"));
    assert_eq!(get("end", ""), "ended of 5456657676 by 2348030000111");
    assert_eq!(get("abort", ""), "aborted of 5456657676 by 2348030000111");
    assert_eq!(get("pause", ""), "value: the field `session_operation` does not hold one of the protocol's words");
}

#[test]
fn replies_repeat_the_id_and_say_their_type() {
    let expected = [
        r#"{"session_id":"5456657676","session_msg":"Menu\n1. \"A&B\" | <C>","session_operation":"continue","session_type":1}"#,
        r#"{"session_id":"5456657676","session_msg":"Thanks | 1\n2","session_operation":"end","session_type":4}"#,
        r#"{"session_id":"5456657676","session_msg":"Sorry","session_operation":"end","session_type":4}"#,
    ];
    assert_eq!(replied(&profile("hollatags"), "GET", &query("continue", "1"), ""), expected);
}
