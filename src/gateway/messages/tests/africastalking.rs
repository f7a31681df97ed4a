use super::*;

fn at() -> MessageProfile {
    profile("africastalking")
}

#[test]
fn a_message_is_a_form_with_a_key_in_a_header() {
    let request = written(&at(), &message("254711000111", "Your claim: 1+1 & \"paid\""));
    assert_eq!(
        shown(&request),
        "POST http://gateway.example:8080/version1/messaging\napikey: <api_key>\naccept: application/json\n\
         content-type: application/x-www-form-urlencoded\n  username = <username>\n  to = +254711000111\n  from = EPFOHO\n  \
         message = Your claim: 1+1 & \"paid\"\n  bulkSMSMode = 1\n  enqueue = 1"
    );
}

#[test]
fn its_own_address_is_used_where_the_route_has_none() {
    let credentials = credentials(&at());
    let facts = RouteFacts { url: None, ..route(&credentials) };
    let request = at().write(&facts, &message("254711000111", "x"), "m-1").expect("a request");
    assert_eq!(request.url, "https://api.africastalking.com/version1/messaging");
    assert_eq!(format!("{request:?}"), "OutRequest { method: \"POST\", host: \"api.africastalking.com\", .. }");
}

fn body(code: u16, status: &str, id: &str) -> String {
    format!(
        r#"{{"SMSMessageData":{{"Message":"Sent to 1/1 Total Cost: KES 0.8000","Recipients":[{{"statusCode":{code},
        "number":"+254711000111","status":"{status}","cost":"KES 0.8000","messageId":"{id}"}}]}}}}"#
    )
}

#[test]
fn answers_are_told_apart_by_the_code_of_the_recipient() {
    let told = |status, body: &str| answered(&at(), status, body);
    assert_eq!(told(201, &body(101, "Success", "ATPid_0a1b")), "accepted as ATPid_0a1b");
    assert_eq!(told(201, &body(102, "Success", "ATPid_0a1b")), "accepted as ATPid_0a1b");
    assert_eq!(told(201, &body(403, "InvalidPhoneNumber", "None")), "refused, Never: InvalidPhoneNumber");
    assert_eq!(told(201, &body(406, "UserInBlacklist", "None")), "refused, Never: UserInBlacklist");
    assert_eq!(told(201, &body(405, "InsufficientBalance", "None")), "refused, ElsewhereOnly: InsufficientBalance");
    assert_eq!(told(201, &body(500, "InternalServerError", "None")), "unclear: InternalServerError");
    assert_eq!(told(201, &body(999, "Wondrous", "ATPid_1")), "unclear: Wondrous");
    let nobody = r#"{"SMSMessageData":{"Message":"InvalidSenderId","Recipients":[]}}"#;
    assert_eq!(told(201, nobody), "refused, ElsewhereOnly: InvalidSenderId");
    assert_eq!(told(201, r#"{"SMSMessageData":{"Message":"Sent to 0/1","Recipients":[]}}"#), "unclear: Sent to 0/1");
    assert_eq!(told(401, "The supplied authentication is invalid"), "refused, ElsewhereOnly: http_401");
    assert_eq!(told(500, &body(101, "Success", "ATPid_1")), "unclear: Success");
}

#[test]
fn messages_come_with_dates_of_both_shapes() {
    let with = |date: &str| {
        let body = format!(
            "linkId=&text=PNR+1234567890&to=51969&id=ATXid_2c&date={date}&from=%2B254711000111&networkCode=63902"
        );
        wrote(&at(), "POST", "", &body)
    };
    let there = "ATXid_2c: 254711000111 to 51969 at 1493791485000: \"PNR 1234567890\"";
    assert_eq!(with("2017-05-03T06:04:45Z"), there);
    assert_eq!(with("2017-05-03+06%3A04%3A45"), there);
    assert_eq!(wrote(&at(), "POST", "", "from=AIRTEL&to=51969&text=Win"), "nobody to 51969: \"Win\"");
    assert_eq!(wrote(&at(), "POST", "", "from=%2B919812345670&text="), "foreign 919812345670 to : \"\"");
    assert_eq!(wrote(&at(), "POST", "", "from=1"), "missing: the field `text` is missing");
    assert_eq!(reply(&at(), Hook::Sms), "200 text/plain: ");
}

#[test]
fn receipts_have_nine_words_and_any_other_is_unknown() {
    let with =
        |status: &str| told(&at(), "POST", "", &format!("id=ATXid_2c&status={status}&phoneNumber=%2B254711000111"));
    assert_eq!(with("Success"), "ATXid_2c - Delivered");
    assert_eq!(with("Buffered"), "ATXid_2c - Underway for Buffered");
    assert_eq!(with("Expired"), "ATXid_2c - Failed for Expired");
    assert_eq!(with("Failed&failureReason=UserInBlackList"), "ATXid_2c - Failed for UserInBlackList");
    assert_eq!(with("Failed&failureReason=call+%2B254711000111"), "ATXid_2c - Failed for Failed");
    assert_eq!(with("Teleported"), "ATXid_2c - Unknown(\"Teleported\")");
    assert_eq!(with("<b>"), "ATXid_2c - Unknown(\"\")");
    assert_eq!(told(&at(), "POST", "", "status=Success"), "missing: the field `id` is missing");
}

#[test]
fn a_call_is_rejected_when_it_rings_and_told_again_when_it_is_over() {
    let with = |rest: &str| {
        let body = format!("sessionId=ATVId_7&callerNumber=%2B254711000111&destinationNumber=%2B254711082000&{rest}");
        rang(&at(), "POST", "", &body)
    };
    let missed = "254711000111 called 254711082000 (ATVId_7)";
    assert_eq!(with("isActive=1&direction=Inbound&callSessionState=Ringing"), missed);
    assert_eq!(with("isActive=0&direction=Inbound&durationInSeconds=0&hangupCause=USER_BUSY"), missed);
    assert_eq!(with("isActive=0&direction=Inbound&durationInSeconds=17"), "nothing");
    assert_eq!(with("isActive=1&direction=Outbound"), "nothing");
    let rejects = "200 application/xml: <?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Reject/></Response>";
    assert_eq!(reply(&at(), Hook::MissedCall), rejects);
}
