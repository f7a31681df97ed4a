//! Any bytes at all: what comes in is read within its bounds, or refused with a typed error.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

static SHIPPED: LazyLock<Vec<MessageProfile>> = LazyLock::new(shipped_messages);

/// What each gateway is at home with, to be spoilt: query and body.
const HONEST: [(&str, &str, &str); 12] = [
    ("POST", "", "linkId=&text=PNR+1&to=51969&id=ATXid_1&date=2017-05-03T06:04:45Z&from=%2B254711000111"),
    ("POST", "", "id=ATXid_1&status=Failed&phoneNumber=%2B254711000111&failureReason=DeliveryFailure"),
    (
        "POST",
        "",
        "isActive=1&sessionId=ATVId_1&direction=Inbound&callerNumber=%2B254711000111&destinationNumber=%2B254711082000",
    ),
    (
        "POST",
        "id=m-1",
        "MessageSid=SM1&MessageStatus=delivered&From=%2B1&To=%2B2&Body=x&CallSid=CA1&CallStatus=ringing",
    ),
    ("GET", "SmsSid=1&From=09812345670&To=09243422233&Date=2017-05-03+11:34:45&Body=EPFOHO", ""),
    (
        "GET",
        "CallSid=1&CallFrom=09812345670&CallTo=09718397183&Direction=incoming&CallType=call-attempt&digits=%221%22",
        "",
    ),
    ("GET", "mobileNumber=9812345670&timeStamp=2017-05-03 11:34:45&operatorName=&areaCode=&message=PDS 101", ""),
    ("GET", "from=%2B919812345670&to=51969&text=PNR&id=1&udh=%05%00%03%c7%02%01&at=1493791485", ""),
    ("GET", "id=m-1&status=16&foreign=0x0004a&answer=id%3A1+stat%3AUNDELIV+err%3A011+text%3Ax", ""),
    (
        "POST",
        "",
        r#"{"dispnumber":"+919718397183","callid":"e","call_duration":"0","caller_id":"+919812345670","call_type":"incoming"}"#,
    ),
    ("POST", "", "myoperator=%7B%22_cl%22%3A%22%2B919812345670%22%2C%22_su%22%3A2%2C%22_ri%22%3A%22r%22%7D"),
    (
        "POST",
        "",
        r#"{"id":"i","from":"+919812345670","to":"51969","text":"BAL","status":"failed","message":"m","reason":"absent"}"#,
    ),
];

fn check(
    profile: &MessageProfile,
    method: &str,
    query: &str,
    headers: &[(String, String)],
    body: &[u8],
) -> Result<(), TestCaseError> {
    let request = RawRequest { method, query, headers, body };
    let short = |text: &Option<String>, most: usize| text.as_ref().is_none_or(|text| text.len() <= most);
    let said = |error: &DecodeError| !error.kind().is_empty() && error.to_string().len() < 400;
    match profile.inbound(&request) {
        Err(error) => prop_assert!(said(&error)),
        Ok(all) => {
            prop_assert!(all.len() <= 1000);
            for inbound in all {
                prop_assert!(short(&inbound.id, 128) && inbound.to.len() <= 4096 && short(&inbound.circle, 256));
                prop_assert!(inbound.text.len() <= 4096 && !inbound.text.contains('\0'));
                let place = inbound.part.as_ref().map(|part| part.concatenation.expect("a part has a place"));
                prop_assert!(place.is_none_or(|place| place.total > 1 && place.is_sound()));
            }
        }
    }
    match profile.receipts(&request) {
        Err(error) => prop_assert!(said(&error)),
        Ok(all) => {
            for receipt in all {
                prop_assert!(short(&receipt.id, 128) && short(&receipt.foreign, 128) && short(&receipt.reason, 64));
                prop_assert!(receipt.id.is_some() || receipt.foreign.is_some());
                if let ReceiptStatus::Unknown(word) = &receipt.status {
                    prop_assert!(word.len() <= 64);
                }
            }
        }
    }
    match profile.missed_call(&request) {
        Err(error) => prop_assert!(said(&error)),
        Ok(call) => prop_assert!(call.is_none_or(|call| short(&call.id, 128) && call.to.len() <= 4096)),
    }
    let keys = [Secret::from("one"), Secret::from("two")];
    prop_assert_eq!(profile.verify(&keys, "https://b.example/hooks/g/s/sms", &request).is_ok(), !profile.is_signed());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes(
        body in vec(any::<u8>(), 0..300), query in ".{0,100}", method in "GET|POST|PUT|[A-Z]{0,9}",
        value in "[ -~]{0,40}", kind in "application/json|text/plain|application/x-www-form-urlencoded",
    ) {
        let names = ["X-Twilio-Signature", "X-Gramsetu-Secret"].map(|name| (name.to_owned(), value.clone()));
        let headers = [&names[..], &[("Content-Type".to_owned(), kind)]].concat();
        for profile in &*SHIPPED {
            check(profile, &method, &query, &headers, &body)?;
        }
    }

    /// Honest requests with some bytes replaced, inserted or cut off.
    #[test]
    fn spoilt_requests(honest in 0..HONEST.len(), at in any::<prop::sample::Index>(), cut in 0_usize..4, noise in vec(any::<u8>(), 0..6)) {
        let (method, query, body) = HONEST[honest];
        let spoil = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            let from = at.index(bytes.len() + 1);
            let to = (from + cut).min(bytes.len());
            bytes.splice(from..to, noise.iter().copied());
            bytes
        };
        for profile in &*SHIPPED {
            check(profile, method, &String::from_utf8_lossy(&spoil(query)), &[], body.as_bytes())?;
            check(profile, method, query, &[], &spoil(body))?;
        }
    }

    /// Answers of gateways with something else in them.
    #[test]
    fn any_answer(
        status in 100..600_u16, body in vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), cut in 0_usize..6,
        retry_after in "[ -~]{0,20}|[0-9]{1,30}",
    ) {
        const HONEST: &str = r#"{"SMSMessageData":{"Recipients":[{"statusCode":101,"messageId":"A"}]},"sid":"S","SMSMessage":{"Sid":"E"},"id":"i"}"#;
        let mut spoilt = HONEST.as_bytes().to_vec();
        let from = at.index(spoilt.len() + 1);
        let to = (from + cut).min(spoilt.len());
        spoilt.splice(from..to, body.iter().take(cut).copied());
        for profile in &*SHIPPED {
            for body in [&body, &spoilt] {
                match profile.read_answer(&RawAnswer { status, retry_after: Some(&retry_after), body }) {
                    Answer::Accepted { foreign } => {
                        prop_assert!((200..300).contains(&status) && foreign.is_none_or(|id| (1..=128).contains(&id.len())));
                    }
                    Answer::Refused { reason, .. } | Answer::Unclear { reason } => prop_assert!((1..=64).contains(&reason.len())),
                }
            }
        }
    }
}

/// A number of an honest body is never more than it may be, and never taken for another.
#[test]
fn bounds_hold() {
    let twilio = profile("twilio");
    let long = "1".repeat(5000);
    assert_eq!(
        wrote(&twilio, "POST", "", &format!("From=1&Body={long}")),
        "too_long: the field `body` is longer than 4096 bytes"
    );
    assert_eq!(
        wrote(&twilio, "POST", "", &format!("From=1&Body=1&MessageSid={}", &long[..129])),
        "too_long: the field `messagesid` is longer than 128 bytes"
    );
    assert_eq!(
        wrote(&twilio, "POST", "", "From=1&Body=1&Body=2"),
        "repeated: the field `body` comes more than once with different values"
    );
    assert_eq!(
        wrote(&twilio, "POST", "Body=2", "From=1&Body=1"),
        "repeated: the field `body` comes more than once with different values"
    );
    assert_eq!(wrote(&twilio, "POST", "", "From=1&Body=%ff"), "value: the field `body` does not hold UTF-8 text");
}
