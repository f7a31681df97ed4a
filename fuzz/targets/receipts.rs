//! A request to a hook, read as each of the three by the shipped message profile that the first byte chooses; then taken as an
//! answer to a message of ours, and its text sent to us and by us. First line: how; then method, query, headers down to an empty
//! line, body.
#![no_main]

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use gramsetu::gateway::messages::{
    Answer, Carrier, Hook, Inbound, MessageProfile, RawAnswer, RawRequest, ReceiptStatus, RouteFacts, shipped_messages,
};
use gramsetu::types::{MessageKind, OutMessage, Priority, Repeat, Secret};

static SHIPPED: LazyLock<Vec<Arc<MessageProfile>>> =
    LazyLock::new(|| shipped_messages().into_iter().map(Arc::new).collect());

/// The longest a field can be.
const LONGEST: usize = 4096;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(4, |&byte| byte == b'\n');
    let mut text = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let (how, method, query) = (text(), text(), text());
    let mut body = parts.next().unwrap_or_default();
    let mut headers = Vec::new();
    while let Some(at) = body.iter().position(|&byte| byte == b'\n') {
        let line = String::from_utf8_lossy(&body[..at]).into_owned();
        body = &body[at + 1..];
        let Some((name, value)) = line.split_once(": ") else { break };
        headers.push((name.to_owned(), value.to_owned()));
    }
    let chosen = usize::from(how.bytes().next().unwrap_or_default());
    let profile = &SHIPPED[chosen % SHIPPED.len()];
    let request = RawRequest { method: &method, query: &query, headers: &headers, body };

    let keys = [Secret::from("one"), Secret::from("two")];
    let proved = profile.verify(&keys, "https://b.example/hooks/g/s/sms", &request).is_ok();
    assert!(!profile.is_signed() || !proved || headers.iter().any(|(_, value)| value == "one" || value == "two"));
    for message in profile.inbound(&request).unwrap_or_default() {
        assert!(message.text.len() <= LONGEST && message.to.len() <= LONGEST);
        assert!(message.id.as_ref().is_none_or(|id| id.len() <= 128));
        let place = message.part.as_ref().map(|part| part.concatenation.expect("a part has a place"));
        assert!(place.is_none_or(|place| place.total > 1 && place.is_sound()));
        there_and_back(profile, &message);
    }
    for receipt in profile.receipts(&request).unwrap_or_default() {
        assert!(receipt.id.is_some() || receipt.foreign.is_some());
        let words = receipt.reason.iter().chain(match &receipt.status {
            ReceiptStatus::Unknown(word) => Some(word),
            _ => None,
        });
        assert!(words.into_iter().all(|word| word.len() <= 64 && word.is_ascii()));
    }
    if let Ok(Some(call)) = profile.missed_call(&request) {
        assert!(call.to.len() <= LONGEST);
    }
    for hook in [Hook::Sms, Hook::Receipt, Hook::MissedCall] {
        assert_eq!(profile.acknowledge(hook).status, 200);
    }
    let status = how.bytes().nth(1).map_or(200, |byte| u16::from(byte) * 2 + 90);
    let answer = profile.read_answer(&RawAnswer { status, retry_after: Some(&query), body });
    match answer {
        Answer::Accepted { .. } => assert!((200..300).contains(&status)),
        Answer::Refused { reason, .. } | Answer::Unclear { reason } => assert!((1..=64).contains(&reason.len())),
    }
    let carrier = Carrier::new(Arc::clone(profile), None);
    let _ = carrier.take(&query, &headers, body);
});

/// What was read is read again from what our end of the gateway writes; what answers it is taken as it was written.
fn there_and_back(profile: &Arc<MessageProfile>, read: &Inbound) {
    let carrier = Carrier::new(Arc::clone(profile), Some(Secret::from("one")));
    if let Some(sent) = carrier.inbound("https://b.example/hooks/g/s/sms", read) {
        let request = RawRequest { method: sent.method, query: sent.query(), headers: &sent.headers, body: &sent.body };
        let again = profile.inbound(&request).expect("it was read before");
        assert_eq!((&again[0].from, &again[0].text), (&read.from, &read.text), "{}", profile.name);
    }
    let Some(to) = read.from.number().filter(|_| profile.sends()) else { return };
    let names = profile.credentials().iter();
    let credentials: BTreeMap<String, Secret> = names.map(|name| (name.clone(), Secret::from("x"))).collect();
    let message = OutMessage {
        to: to.clone(),
        text: read.text.trim().to_owned(),
        header: "EPFOHO".to_owned(),
        kind: MessageKind::Service,
        priority: Priority::Notice,
        repeat: Repeat::Never,
        entity: Some("1101000000000000001".to_owned()),
        template: Some("1107000000000000002".to_owned()),
        language: "en".to_owned(),
    };
    let route = RouteFacts {
        url: Some("http://gateway.example"),
        credentials: &credentials,
        receipts: Some("https://b.example/hooks/g/s/receipt"),
        sender: None,
        national: false,
    };
    let Ok(request) = profile.write(&route, &message, "m-1") else { return };
    let rest = request.url.trim_start_matches("http://gateway.example");
    let taken = carrier.take(rest, &request.headers, &request.body).expect("it was written so");
    assert_eq!((taken.to, taken.text), (message.to, message.text), "{}", profile.name);
}
