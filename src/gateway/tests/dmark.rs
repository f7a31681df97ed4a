use super::{profile, replied, told};

fn query(response: &str, text: &str) -> String {
    format!(
        "transactionId=0123abc&msisdn=256771000111&ussdServiceCode=*120%23&transactionTime=1379679600\
         &ussdRequestString={text}&creationTime=1379679595&response={response}"
    )
}

fn get(response: &str, text: &str) -> String {
    told(&profile("dmark"), "GET", "", &query(response, text), "")
}

const WHO: &str = "of 0123abc by 256771000111 at *120#";

#[test]
fn response_says_whether_it_is_the_first() {
    assert_eq!(get("false", "*120*2%23"), format!("first {WHO}: Dialled(\"*120*2#\")"));
    assert_eq!(get("true", "2"), format!("later {WHO}: Last(\"2\")"));
    assert_eq!(get("maybe", "2"), "value: the field `response` does not hold one of the protocol's words");
}

#[test]
fn without_what_was_dialled_the_service_code_stands_in() {
    for nothing in ["", "0", "hello"] {
        assert_eq!(get("false", nothing), format!("first {WHO}: Dialled(\"*120#\")"), "{nothing}");
    }
}

#[test]
fn replies_request_or_end() {
    let expected = [
        r#"{"action":"request","responseString":"Menu\n1. \"A&B\" | <C>"}"#,
        r#"{"action":"end","responseString":"Thanks | 1\n2"}"#,
        r#"{"action":"end","responseString":"Sorry"}"#,
    ];
    assert_eq!(replied(&profile("dmark"), "GET", &query("true", "1"), ""), expected);
}
