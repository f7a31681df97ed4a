//! Any bytes at all: a decoder answers with a callback or with a typed error, and keeps no more than its bounds.

use proptest::collection::vec;
use proptest::prelude::*;

use super::receive;
use crate::gateway::{Callback, Profile, Reply, encode, shipped};

/// What each profile is at home with, to be spoilt: verb, path, query, body.
const HONEST: [(&str, &str, &str, &str); 16] = [
    ("POST", "", "", "sessionId=ATUid_1&phoneNumber=%2B254711000111&text=1*2&serviceCode=*384%23"),
    ("POST", "/end", "", "sessionId=ATUid_1&phoneNumber=%2B254711000111&status=Success"),
    ("GET", "", "MSISDN=919810000001&input=183&SessionID=4711", ""),
    ("GET", "", "msisdn=919810000001&msg=1&tid=1&dcs=15&code=X", ""),
    ("POST", "", "", r#"{"Mobile":"233200000001","SessionId":"s","Type":"Response","Message":"1","Sequence":2}"#),
    ("POST", "/session/8a1f/start", "", r#"{"msisdn":"919810000001","text":"1","shortCode":"*1#"}"#),
    ("GET", "/session/8a1f/status", "", ""),
    (
        "POST",
        "",
        "",
        "<page><session_id>a</session_id><mobile_number>2348000000001</mobile_number><page_id>0</page_id><data>1</data></page>",
    ),
    ("GET", "", "SESSIONID=1&USSDCODE=*415%23&MSISDN=254711000111&INPUT=*415*33*1%23", ""),
    ("GET", "", "MSISDN=254711000111&INPUT=*120%23&opCode=BEG&ABORT=0&sessionID=7", ""),
    ("GET", "", "ussdSessionId=1&msisdn=27820000111&request=*120%23", ""),
    ("POST", "", "", r#"{"sessionID":"1","userID":"U","newSession":true,"msisdn":"233544000111","userData":"*9#"}"#),
    (
        "POST",
        "",
        "",
        r#"{"msisdn":"255712000111","session_id":"b","command":"continue","payload":{"request_id":7,"response":"2"}}"#,
    ),
    (
        "POST",
        "",
        "",
        r#"{"sessionId":"1","phoneNumber":"250780000111","text":"","transactionId":null,"newRequest":0,"amount":0.5}"#,
    ),
    ("POST", "", "", "<ussd><msisdn>265991000111</msisdn><sessionid>t</sessionid><type>1</type><msg>0</msg></ussd>"),
    (
        "POST",
        "",
        "",
        "<dialog localId='1' userObject='919810000111'><unstructuredSSRequest_Response string='1'/></dialog>",
    ),
];

fn check(profile: &Profile, method: &str, rest: &str, query: &str, body: &[u8]) -> Result<(), TestCaseError> {
    match receive(profile, method, rest, query, body) {
        Err(error) => {
            prop_assert!(!error.kind().is_empty() && error.to_string().len() < 400);
            let reply = encode(profile, &[], Reply::Refusal { text: "Sorry", why: &error.to_string() });
            prop_assert_eq!(reply.status, 200);
        }
        Ok(received) => {
            for echoed in &received.echo {
                prop_assert!(echoed.value.len() <= 4096);
            }
            if let Callback::Turn(turn) = received.callback {
                prop_assert!(!turn.leg.is_empty() && turn.leg.len() <= 160);
                let (crate::gateway::Input::Last(text)
                | crate::gateway::Input::History(text)
                | crate::gateway::Input::Dialled(text)) = turn.input;
                prop_assert!(text.len() <= 4096 && !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes(body in vec(any::<u8>(), 0..300), query in ".{0,100}", rest in "(/[a-z{}/]{0,20})?", method in "GET|POST|PUT|[A-Z]{0,9}") {
        for profile in shipped_once() {
            check(profile, &method, &rest, &query, &body)?;
        }
    }

    /// Honest callbacks with some bytes replaced, inserted or cut off.
    #[test]
    fn spoilt_callbacks(honest in 0..HONEST.len(), at in any::<prop::sample::Index>(), cut in 0_usize..4, noise in vec(any::<u8>(), 0..6)) {
        let (method, rest, query, body) = HONEST[honest];
        let spoil = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            let from = at.index(bytes.len() + 1);
            let to = (from + cut).min(bytes.len());
            bytes.splice(from..to, noise.iter().copied());
            bytes
        };
        for profile in shipped_once() {
            check(profile, method, rest, &String::from_utf8_lossy(&spoil(query)), body.as_bytes())?;
            check(profile, method, rest, query, &spoil(body))?;
            check(profile, method, &String::from_utf8_lossy(&spoil(rest)), query, body.as_bytes())?;
        }
    }
}

fn shipped_once() -> &'static [Profile] {
    static SHIPPED: std::sync::OnceLock<Vec<Profile>> = std::sync::OnceLock::new();
    SHIPPED.get_or_init(shipped)
}
