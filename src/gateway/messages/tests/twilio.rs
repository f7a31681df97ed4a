use super::*;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const SMS: &str = "https://bridge.example/hooks/twilio/s3cret/sms";
const BODY: &str =
    "MessageSid=SM0a1b&From=%2B919812345670&To=%2B15005550006&Body=PNR+1234567890+%26+%E0%A4%95&NumMedia=0";

fn twilio() -> MessageProfile {
    profile("twilio")
}

#[test]
fn a_message_is_a_form_with_basic_authentication_and_a_callback_that_knows_our_id() {
    let request = written(&twilio(), &message("919812345670", "नमस्ते"));
    assert_eq!(
        shown(&request),
        "POST http://gateway.example:8080/2010-04-01/Accounts/%3Caccount%3E/Messages.json\n\
         authorization: Basic PGFjY291bnQ+Ojx0b2tlbj4=\ncontent-type: application/x-www-form-urlencoded\n  \
         To = +919812345670\n  From = EPFOHO\n  MessagingServiceSid = <service>\n  Body = नमस्ते\n  \
         StatusCallback = https://bridge.example/hooks/x/s3cret/receipt?id=m-1"
    );
}

#[test]
fn what_a_route_need_not_give_is_left_out() {
    let mut credentials = credentials(&twilio());
    credentials.remove("service");
    let facts = RouteFacts { receipts: None, sender: Some("+15005550006"), ..route(&credentials) };
    let request = twilio().write(&facts, &message("919812345670", "Hi"), "m-1").expect("a request");
    assert_eq!(request.body, b"To=%2B919812345670&From=%2B15005550006&Body=Hi");
}

#[test]
fn answers_are_told_apart_by_code_and_then_by_status() {
    let told = |status, body: &str| answered(&twilio(), status, body);
    let error = |code: u32, status: u16| {
        format!(r#"{{"code":{code},"message":"The number +919812345670 is …","status":{status}}}"#)
    };
    assert_eq!(told(201, r#"{"sid":"SM0a1b","status":"queued","error_code":null}"#), "accepted as SM0a1b");
    assert_eq!(told(201, r#"{"status":"queued"}"#), "unclear: http_201");
    assert_eq!(told(400, &error(21211, 400)), "refused, Never: 21211");
    assert_eq!(told(400, &error(21610, 400)), "refused, Never: 21610");
    assert_eq!(told(400, &error(21606, 400)), "refused, ElsewhereOnly: 21606");
    assert_eq!(told(400, &error(99999, 400)), "refused, ElsewhereOnly: 99999");
    assert_eq!(told(401, &error(20003, 401)), "refused, ElsewhereOnly: 20003");
    assert_eq!(told(404, &error(20404, 404)), "refused, ElsewhereOnly: 20404");
    assert_eq!(told(429, &error(20429, 429)), "refused, Later(None): 20429");
    assert_eq!(told(429, ""), "refused, Later(None): http_429");
    assert_eq!(told(500, &error(20500, 500)), "unclear: 20500");
    assert_eq!(told(503, &error(20503, 503)), "unclear: 20503");
    let later = twilio().read_answer(&RawAnswer { status: 429, retry_after: Some(" 30 "), body: b"" });
    let wait = Some(std::time::Duration::from_secs(30));
    assert_eq!(later, Answer::Refused { reason: "http_429".to_owned(), again: Again::Later(wait) });
}

#[test]
fn messages_come_as_forms_and_some_long_ones_in_base_64() {
    assert_eq!(wrote(&twilio(), "POST", "", BODY), "SM0a1b: 919812345670 to 15005550006: \"PNR 1234567890 & क\"");
    assert_eq!(wrote(&twilio(), "GET", BODY, ""), "SM0a1b: 919812345670 to 15005550006: \"PNR 1234567890 & क\"");
    let long = "VGhpcyBpcyBhIGxvbmcgbWVzc2FnZSB0aGF0IFR3aWxpbyBwYXNzZXMgb24gaW4gYmFzZSA2NCwgZm9yIHdoYXRldmVyIHJlYXNvbi4g4KSo4KSu4KS44KWN4KSk4KWH";
    let decoded = "This is a long message that Twilio passes on in base 64, for whatever reason. नमस्ते";
    let with = |text: &str| wrote(&twilio(), "POST", "", &format!("From=%2B919812345670&Body={text}"));
    assert_eq!(with(long), format!("919812345670 to : {decoded:?}"));
    // A citizen who types so much without a space has typed it.
    for typed in ["A".repeat(64), "0123456789abcdef".repeat(4), long[..40].to_owned()] {
        assert_eq!(with(&typed), format!("919812345670 to : {typed:?}"));
    }
    assert_eq!(reply(&twilio(), Hook::Sms), "200 text/xml: <?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>");
}

#[test]
fn receipts_bring_our_id_in_the_address_and_theirs_in_the_body() {
    let with = |rest: &str| told(&twilio(), "POST", "id=m-1", &format!("MessageSid=SM0a1b&AccountSid=AC1&{rest}"));
    assert_eq!(with("MessageStatus=delivered"), "SM0a1b m-1 Delivered");
    assert_eq!(with("MessageStatus=sent"), "SM0a1b m-1 Underway for sent");
    assert_eq!(with("MessageStatus=undelivered&ErrorCode=30005"), "SM0a1b m-1 Failed for 30005");
    assert_eq!(with("MessageStatus=partially"), "SM0a1b m-1 Unknown(\"partially\")");
    assert_eq!(with("SmsStatus=delivered"), "missing: the field `messagestatus` is missing");
}

#[test]
fn a_call_that_rings_is_missed() {
    let with = |from: &str, status: &str| {
        rang(
            &twilio(),
            "POST",
            "",
            &format!("CallSid=CA7&From={from}&To=%2B919718397183&CallStatus={status}&Direction=inbound"),
        )
    };
    assert_eq!(with("%2B919812345670", "ringing"), "919812345670 called 919718397183 (CA7)");
    assert_eq!(with("%2B919812345670", "completed"), "nothing");
    assert_eq!(with("%2B919812345670", "busy"), "nothing");
    assert_eq!(with("%2B266696687", "ringing"), "nobody called 919718397183 (CA7)");
    assert_eq!(with("Anonymous", "ringing"), "nobody called 919718397183 (CA7)");
    assert_eq!(with("%2B14155550100", "ringing"), "foreign 14155550100 called 919718397183 (CA7)");
    let rejects = "200 text/xml: <?xml version=\"1.0\" encoding=\"UTF-8\"?><Response><Reject/></Response>";
    assert_eq!(reply(&twilio(), Hook::MissedCall), rejects);
}

/// The signatures were computed with the `hmac` module of Python.
mod signature {
    use super::*;

    fn verify(address: &str, query: &str, kind: &str, body: &str, signature: &str) -> Result<(), Unverified> {
        let headers = [("X-Twilio-Signature", signature), ("Content-Type", kind)];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let keys = [Secret::from("before"), Secret::from(TOKEN)];
        twilio().verify(&keys, address, &request("POST", query, &headers, body))
    }

    const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";

    #[test]
    fn is_believed_with_and_without_port_and_with_each_key() {
        assert_eq!(verify(SMS, "", FORM, BODY, "aIuqsWcPV5kwjXuXhvRtMOkZboA="), Ok(()));
        assert_eq!(verify(SMS, "", FORM, BODY, "dvY06Is2xTm8cxi+9P2lzcEP6Mg="), Ok(()), "signed with :443");
        let with_port = SMS.replace(".example/", ".example:443/");
        assert_eq!(verify(&with_port, "", FORM, BODY, "aIuqsWcPV5kwjXuXhvRtMOkZboA="), Ok(()));
    }

    #[test]
    fn covers_query_and_each_value_of_a_field_once() {
        let receipt = "https://bridge.example:8443/hooks/twilio/s3cret/receipt";
        let body = "Twice=b&MessageStatus=delivered&ErrorCode=&MessageSid=SM0a1b&Twice=a&Twice=b";
        for signature in ["aCJxK1bQGA0W2i0a68Fuj83+kWw=", "Xbl+SFSDU4ihUvnzpZfvqPWeJYk="] {
            assert_eq!(verify(receipt, "id=m-1", FORM, body, signature), Ok(()));
            assert_eq!(verify(receipt, "id=m-2", FORM, body, signature), Err(Unverified::Wrong));
            assert_eq!(
                verify(receipt, "id=m-1", FORM, &body.replace("delivered", "failed"), signature),
                Err(Unverified::Wrong)
            );
        }
    }

    #[test]
    fn of_json_is_of_its_hash() {
        let query = "bodySHA256=f9d86028c6e0d64e225186f96acb69338b2c59764df79162107f5c4bb34d1310";
        let json = "application/json";
        let signature = "UVu2tjfnLsKVySW1Y/Mya8Ck5Ro=";
        assert_eq!(verify(SMS, query, json, "{\"a\": 1}", signature), Ok(()));
        assert_eq!(verify(SMS, query, json, "{\"a\": 2}", signature), Err(Unverified::Body));
        assert_eq!(verify(SMS, "", json, "{\"a\": 1}", signature), Err(Unverified::Body));
    }

    #[test]
    fn of_a_get_is_of_the_address() {
        let query = "From=%2B919812345670&Body=1";
        let headers = [("x-twilio-signature".to_owned(), "6Mf8i+mZg4TjvElY0CZh/8+Qqqk=".to_owned())];
        let keys = [Secret::from(TOKEN)];
        assert_eq!(twilio().verify(&keys, SMS, &request("GET", query, &headers, "")), Ok(()));
        assert_eq!(twilio().verify(&keys, SMS, &request("GET", "Body=2", &headers, "")), Err(Unverified::Wrong));
    }

    #[test]
    fn must_be_there_and_need_a_key() {
        let request = request("POST", "", &[], BODY);
        assert_eq!(twilio().verify(&[Secret::from(TOKEN)], SMS, &request), Err(Unverified::Missing));
        assert_eq!(twilio().verify(&[], SMS, &request), Err(Unverified::NoKey));
        assert_eq!(verify(SMS, "", FORM, BODY, ""), Err(Unverified::Wrong));
        assert!(!profile("exotel").is_signed() && profile("exotel").verify(&[], SMS, &request).is_ok());
    }
}
