use super::{acknowledged, profile, replied, told};

fn body(command: &str, request: &str, response: &str) -> String {
    format!(
        r#"{{"msisdn":"255712000111","operator":"vodacom","session_id":"b-1","command":"{command}",
            "payload":{{"request_id":{request},"response":{response}}}}}"#
    )
}

fn post(command: &str, response: &str) -> String {
    told(&profile("beem"), "POST", "", "", &body(command, "0", response))
}

#[test]
fn the_command_says_what_it_is() {
    assert_eq!(post("initiate", "0"), "first of b-1 by 255712000111: Last(\"0\")");
    assert_eq!(post("continue", r#""2""#), "later of b-1 by 255712000111: Last(\"2\")");
    assert_eq!(post("continue", "2"), "later of b-1 by 255712000111: Last(\"2\")");
    assert_eq!(post("terminate", "null"), "ended of b-1 by 255712000111");
    assert_eq!(post("stop", "0"), "value: the field `command` does not hold one of the protocol's words");
}

#[test]
fn an_answer_outside_of_its_payload_is_none() {
    let flat = r#"{"msisdn":"255712000111","session_id":"b-1","command":"continue","response":"2"}"#;
    assert_eq!(told(&profile("beem"), "POST", "", "", flat), "missing: the field `payload.response` is missing");
}

#[test]
fn replies_give_the_request_s_id_back_as_it_came() {
    let [more, end, refusal] = replied(&profile("beem"), "POST", "", &body("continue", "7", "1"));
    assert_eq!(
        more,
        r#"{"command":"continue","msisdn":"255712000111","operator":"vodacom","payload":{"request":"Menu\n1. \"A&B\" | <C>","request_id":7},"session_id":"b-1"}"#
    );
    assert_eq!(
        end,
        r#"{"command":"terminate","msisdn":"255712000111","operator":"vodacom","payload":{"request":"Thanks | 1\n2","request_id":7},"session_id":"b-1"}"#
    );
    assert_eq!(
        refusal,
        r#"{"command":"terminate","msisdn":"255712000111","operator":"vodacom","payload":{"request":"Sorry","request_id":7},"session_id":"b-1"}"#
    );
    let [more, ..] = replied(&profile("beem"), "POST", "", &body("continue", r#""a7""#, "1"));
    assert!(more.contains(r#""request_id":"a7""#), "{more}");
    assert_eq!(acknowledged(&profile("beem"), "POST", "", &body("terminate", "7", "0")), "");
}
