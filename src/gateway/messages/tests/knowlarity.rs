use super::*;

fn knowlarity() -> MessageProfile {
    profile("knowlarity")
}

#[test]
fn a_call_of_no_length_is_missed_in_a_form_and_in_json() {
    let missed = "919812345670 called 919718397183 (ec8a4ba6)";
    let form = "dispnumber=%2B919718397183&callid=ec8a4ba6&caller_id=%2B919812345670&destination=None&call_type=incoming&call_duration=";
    assert_eq!(rang(&knowlarity(), "POST", "", &format!("{form}0")), missed);
    assert_eq!(rang(&knowlarity(), "POST", "", &format!("{form}None")), missed);
    assert_eq!(rang(&knowlarity(), "POST", "", &format!("{form}00%3A00%3A00")), missed);
    assert_eq!(rang(&knowlarity(), "POST", "", &format!("{form}7")), "nothing");
    let json = |duration: &str, kind: &str| {
        let body = format!(
            r#"{{"dispnumber":"+919718397183","extension":"None","callid":"ec8a4ba6","call_duration":{duration},"caller_id":"+919812345670",
            "hangup_cause":"900","type":"dtmf","call_type":"{kind}","end_time":"2016-09-27 09:19:34.667036+05:30"}}"#
        );
        rang(&knowlarity(), "POST", "", &body)
    };
    assert_eq!(json("\"0\"", "incoming"), missed);
    assert_eq!(json("0", "incoming"), missed);
    assert_eq!(json("null", "incoming"), missed);
    assert_eq!(json("12", "incoming"), "nothing");
    assert_eq!(json("0", "outgoing"), "nothing");
}
