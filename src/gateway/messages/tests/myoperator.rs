use super::*;

fn myoperator() -> MessageProfile {
    profile("myoperator")
}

fn after_call(json: &str) -> String {
    let mut body = "myoperator=".to_owned();
    percent::value(json, &mut body);
    rang(&myoperator(), "POST", "", &body)
}

#[test]
fn the_after_call_webhook_is_json_in_a_field_of_any_length() {
    let record = |status: u8, kind: u8| {
        let legs = r#"{"_ac":"received","_ds":"ANSWER","_fu":"https://recordings.example/a"},"#.repeat(200);
        let json = format!(
            r#"{{"_ci":"5f","_cl":"+919812345670","_cr":"09812345670","_dr":"00:00:00","_ty":{kind},"_ev":1,"_su":{status},"_ri":"r-9",
            "_ld":[{legs}{{}}]}}"#
        );
        after_call(&json)
    };
    assert_eq!(record(2, 1), "919812345670 called  (r-9)");
    assert_eq!(record(1, 1), "nothing");
    assert_eq!(record(2, 2), "nothing");
    // Of a call that is still going on.
    let within = r#"{"reference_id":"r1","clid":"+919812345670","rdnis":"9966044425","call_state":"3","event":"2","users":["a@b"]}"#;
    assert_eq!(after_call(within), "nothing");
    assert_eq!(after_call("{"), "body: the body is not a JSON object");
    assert_eq!(rang(&myoperator(), "POST", "", "other=1"), "missing: the field `myoperator` is missing");
}

#[test]
fn version_2_is_json_and_tells_of_a_call_as_it_begins() {
    let event = |kind: &str, direction: &str, channel: &str| {
        let json = format!(
            r#"{{"event_id":"e1","event_type":"{kind}","channel":"{channel}","direction":"{direction}","session_id":"s-9",
            "system_identifier":"+919718397183","customer_identifier":"+919812345670","payload":{{"x":[1]}}}}"#
        );
        rang(&myoperator(), "POST", "", &json)
    };
    assert_eq!(event("call.initiated", "incoming", "call"), "919812345670 called 919718397183 (s-9)");
    assert_eq!(event("call.summary", "incoming", "call"), "nothing");
    assert_eq!(event("call.initiated", "outgoing", "call"), "nothing");
    assert_eq!(event("conversation.started", "", "WhatsApp"), "nothing");
}

#[test]
fn a_secret_in_a_header_proves_it() {
    let verify = |headers: &[(String, String)]| {
        let keys = [Secret::from("new"), Secret::from("old")];
        myoperator().verify(&keys, ADDRESS, &request("POST", "", headers, "{}"))
    };
    let header = |value: &str| [("X-Gramsetu-Secret".to_owned(), value.to_owned())];
    assert_eq!((verify(&header("old")), verify(&header("new"))), (Ok(()), Ok(())));
    assert_eq!(verify(&header("")), Err(Unverified::Wrong));
    assert_eq!(verify(&header("olds")), Err(Unverified::Wrong));
    assert_eq!(verify(&[]), Err(Unverified::Missing));
}
