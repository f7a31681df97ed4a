use super::{profile, replied, told};

fn body(kind: &str, data: &str) -> String {
    format!(
        r#"{{"USERID":"RURAL_01","MSISDN":"233544000111","USERDATA":"{data}","MSGTYPE":{kind},"NETWORK":"MTN","SESSIONID":"9f1"}}"#
    )
}

fn post(kind: &str, data: &str) -> String {
    told(&profile("nalo"), "POST", "", "", &body(kind, data))
}

#[test]
fn msgtype_says_whether_it_is_the_first() {
    assert_eq!(post("true", "*920*77#"), "first of 9f1 by 233544000111: Dialled(\"*920*77#\")");
    assert_eq!(post("true", ""), "first of 9f1 by 233544000111: Dialled(\"\")");
    assert_eq!(post("false", "2"), "later of 9f1 by 233544000111: Last(\"2\")");
}

#[test]
fn a_deployment_without_session_ids_is_refused() {
    let old = r#"{"USERID":"RURAL_01","MSISDN":"233544000111","USERDATA":"1","MSGTYPE":false}"#;
    assert_eq!(told(&profile("nalo"), "POST", "", "", old), "missing: the field `sessionid` is missing");
}

/// In a reply MSGTYPE says whether an answer is expected.
#[test]
fn replies_repeat_the_account_and_what_was_answered() {
    let expected = [
        r#"{"MSG":"Menu\n1. \"A&B\" | <C>","MSGTYPE":true,"MSISDN":"233544000111","USERDATA":"1","USERID":"RURAL_01"}"#,
        r#"{"MSG":"Thanks | 1\n2","MSGTYPE":false,"MSISDN":"233544000111","USERDATA":"1","USERID":"RURAL_01"}"#,
        r#"{"MSG":"Sorry","MSGTYPE":false,"MSISDN":"233544000111","USERDATA":"1","USERID":"RURAL_01"}"#,
    ];
    assert_eq!(replied(&profile("nalo"), "POST", "", &body("false", "1")), expected);
}
