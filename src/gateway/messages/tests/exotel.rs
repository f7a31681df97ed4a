use super::*;

fn exotel() -> MessageProfile {
    profile("exotel")
}

#[test]
fn a_message_says_its_encoding_and_what_the_registry_wants() {
    let request = written(&exotel(), &message("919812345670", "Your claim is paid"));
    let plain = "POST http://gateway.example:8080/v1/Accounts/%3Caccount%3E/Sms/send.json\n\
                 authorization: Basic PGtleV9pZD46PHRva2VuPg==\ncontent-type: application/x-www-form-urlencoded\n  \
                 From = EPFOHO\n  To = +919812345670\n  Body = Your claim is paid\n  EncodingType = plain\n  Priority = normal\n  \
                 SmsType = transactional\n  DltEntityId = 1101000000000000001\n  DltTemplateId = 1107000000000000002\n  \
                 StatusCallback = https://bridge.example/hooks/x/s3cret/receipt\n  CustomField = m-1";
    assert_eq!(shown(&request), plain);
    let otp = OutMessage { priority: Priority::Otp, ..message("919812345670", "कोड 123456") };
    let request = shown(&written(&exotel(), &otp));
    assert!(request.contains("EncodingType = unicode") && request.contains("Priority = high"), "{request}");
    let promotion = OutMessage { kind: MessageKind::Promotional, ..otp };
    assert!(shown(&written(&exotel(), &promotion)).contains("SmsType = promotional"));
}

#[test]
fn only_its_own_words_refuse() {
    let told = |status, body: &str| answered(&exotel(), status, body);
    let refusal = |status: u16| format!(r#"{{"RestException":{{"Status":{status},"Message":"To 09812345670 …"}}}}"#);
    assert_eq!(
        told(200, r#"{"SMSMessage":{"Sid":"6dc23","Status":"queued","To":"09812345670"}}"#),
        "accepted as 6dc23"
    );
    assert_eq!(told(400, &refusal(400)), "refused, ElsewhereOnly: 400");
    assert_eq!(told(402, &refusal(402)), "refused, ElsewhereOnly: 402");
    assert_eq!(told(403, "Forbidden"), "refused, ElsewhereOnly: http_403");
    assert_eq!(told(429, ""), "refused, Later(None): http_429");
    assert_eq!(told(400, "<TwilioResponse><RestException/></TwilioResponse>"), "unclear: http_400");
    assert_eq!(told(500, &refusal(500)), "unclear: 500");
}

#[test]
fn messages_come_with_national_numbers_and_times_of_india() {
    let query = "SmsSid=a1&From=09812345670&To=09243422233&Date=2017-05-03+11%3A34%3A45&Body=EPFOHO+UAN+HIN";
    assert_eq!(
        wrote(&exotel(), "GET", query, ""),
        "a1: 919812345670 to 919243422233 at 1493791485000: \"EPFOHO UAN HIN\""
    );
    assert_eq!(wrote(&exotel(), "HEAD", query, ""), "");
    assert_eq!(reply(&exotel(), Hook::Sms), "200 text/plain: ");
}

#[test]
fn receipts_give_back_our_id() {
    let with = |rest: &str| told(&exotel(), "POST", "", &format!("SmsSid=6dc23&To=09812345670&CustomField=m-1&{rest}"));
    let delivered = "Status=sent&DetailedStatus=DELIVERED_TO_HANDSET&DetailedStatusCode=20005";
    assert_eq!(with(delivered), "6dc23 m-1 Delivered");
    let scrubbed = "Status=failed&DetailedStatus=FAILED_DLT_TEMPLATE&DetailedStatusCode=23082";
    assert_eq!(with(scrubbed), "6dc23 m-1 Failed for FAILED_DLT_TEMPLATE");
    assert_eq!(with("Status=failed_dnd&DetailedStatus=null"), "6dc23 m-1 Failed for failed_dnd");
    assert_eq!(with("Status=submitted"), "6dc23 m-1 Underway for submitted");
}

#[test]
fn a_call_that_nobody_took_is_missed() {
    let with = |rest: &str| {
        rang(
            &exotel(),
            "GET",
            &format!("CallSid=c7&CallFrom=09812345670&CallTo=09718397183&{rest}&EndTime=1970-01-01+05%3A30%3A00"),
            "",
        )
    };
    let missed = "919812345670 called 919718397183 (c7)";
    assert_eq!(with("Direction=incoming&CallType=call-attempt&DialCallStatus=null"), missed);
    assert_eq!(with("Direction=incoming&CallType=client-hangup"), missed);
    assert_eq!(with("Direction=incoming"), missed);
    assert_eq!(with("Direction=incoming&CallType=null"), missed);
    assert_eq!(with("Direction=incoming&CallType=completed"), "nothing");
    assert_eq!(with("Direction=outbound-dial&CallType=call-attempt"), "nothing");
    let other = "CallSid=c7&From=0441234567890123&To=09718397183&Direction=incoming";
    assert_eq!(rang(&exotel(), "GET", other, ""), "nobody called 919718397183 (c7)");
    assert_eq!(
        rang(&exotel(), "GET", "CallSid=c7&CallFrom=null&CallTo=09718397183", ""),
        "nobody called 919718397183 (c7)"
    );
    assert_eq!(rang(&exotel(), "GET", "CallSid=c7&CallTo=09718397183", ""), "missing: the field `callfrom` is missing");
    assert_eq!(reply(&exotel(), Hook::MissedCall), "200 text/plain: ");
}
