use super::*;

fn sandbox() -> MessageProfile {
    profile("sandbox")
}

#[test]
fn a_message_is_json_under_a_key_of_ours() {
    assert!(sandbox().takes_idempotency_key() && sandbox().needs_address());
    let request = written(&sandbox(), &message("919812345670", "नमस्ते \"A\""));
    let (head, body) = (OutRequest { body: Vec::new(), ..request.clone() }, request.body);
    assert_eq!(
        shown(&head),
        "POST http://gateway.example:8080/messages\nauthorization: Bearer <token>\nidempotency-key: m-1\n\
         content-type: application/json"
    );
    let expected = serde_json::json!({
        "to": "+919812345670", "from": "EPFOHO", "text": "नमस्ते \"A\"", "kind": "service", "priority": "receipt",
        "entity": "1101000000000000001", "template": "1107000000000000002",
        "receipts": "https://bridge.example/hooks/x/s3cret/receipt?message=m-1",
    });
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&body).expect("JSON"), expected);
}

#[test]
fn it_is_the_only_one_that_takes_a_message_twice() {
    let twice: Vec<_> = shipped_messages().into_iter().filter(MessageProfile::takes_idempotency_key).collect();
    assert_eq!(twice.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>(), ["sandbox"]);
}

#[test]
fn answers_messages_receipts_and_calls_are_json() {
    let told_of = |status, body: &str| answered(&sandbox(), status, body);
    assert_eq!(told_of(202, r#"{"id":"s-1"}"#), "accepted as s-1");
    assert_eq!(told_of(202, "{}"), "unclear: http_202");
    assert_eq!(told_of(400, r#"{"error":"number"}"#), "refused, Never: number");
    assert_eq!(told_of(400, r#"{"error":"something else"}"#), "refused, Never: something else");
    assert_eq!(told_of(429, r#"{"error":"busy"}"#), "refused, Later(None): busy");
    assert_eq!(told_of(500, r#"{"error":"oops"}"#), "unclear: oops");
    let mo =
        r#"{"id":"i-1","from":"+919812345670","to":"51969","text":"BAL","at":"2017-05-03T06:04:45Z","circle":"RJ"}"#;
    assert_eq!(wrote(&sandbox(), "POST", "", mo), "i-1: 919812345670 to 51969 at 1493791485000: \"BAL\"");
    let part = r#"{"id":"i-2","from":"+919812345670","to":"51969","text":"BA","udh":"050003070201"}"#;
    assert_eq!(wrote(&sandbox(), "POST", "", part), "i-2: 919812345670 to 51969: \"BA\" (1/2 of Eight(7))");
    let receipt = r#"{"id":"s-1","status":"failed","reason":"absent"}"#;
    assert_eq!(told(&sandbox(), "POST", "message=m-1", receipt), "s-1 m-1 Failed for absent");
    let call = r#"{"id":"c-1","from":"private","to":"9718397183"}"#;
    assert_eq!(rang(&sandbox(), "POST", "", call), "nobody called 919718397183 (c-1)");
}
