use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::ambient::{SeededChance, VirtualClock};
use crate::gateway::messages::{Answer, OutRequest, RawAnswer, RouteFacts, shipped_messages};
use crate::phone::{self, Country};
use crate::types::{MessageKind, OutMessage, Priority, Repeat, Timestamp};

const RECEIPTS: &str = "http://127.0.0.1:1/hooks/sandbox/demo/receipt";

fn aggregator() -> SandboxAggregator {
    let profile = shipped_messages().into_iter().find(|profile| profile.name == "sandbox").expect("it is shipped");
    let clock = VirtualClock::starting_at(Timestamp(1_795_323_000_000));
    SandboxAggregator::new(Carrier::new(Arc::new(profile), None), Arc::new(clock), Arc::new(SeededChance::new(1)))
}

fn phone(number: &str) -> Msisdn {
    phone::parse(number, Country::by_iso("IN").expect("is in the table")).expect("a number")
}

fn request(aggregator: &SandboxAggregator, to: &str, text: &str, key: &str, receipts: Option<&str>) -> OutRequest {
    let message = OutMessage {
        to: phone(to),
        text: text.to_owned(),
        header: "EPFOHO".to_owned(),
        kind: MessageKind::Service,
        priority: Priority::Notice,
        repeat: Repeat::Never,
        entity: None,
        template: None,
        language: "en".to_owned(),
    };
    let credentials = BTreeMap::new();
    let url = Some("http://127.0.0.1:2");
    let facts = RouteFacts { url, credentials: &credentials, receipts, sender: None, national: false };
    aggregator.carrier.profile().write(&facts, &message, key).expect("it can be written")
}

fn send(aggregator: &SandboxAggregator, to: &str, text: &str, key: &str) -> Reply {
    let request = request(aggregator, to, text, key, Some(RECEIPTS));
    aggregator.take("/messages", &request.headers, &request.body)
}

/// What the bridge makes of the reply.
fn answer(aggregator: &SandboxAggregator, reply: &Reply) -> Answer {
    let WireReply { status, headers, body } = reply.answer.as_ref().expect("an answer");
    let retry_after = headers.iter().find(|(name, _)| name == "retry-after").map(|(_, value)| value.as_str());
    aggregator.carrier.profile().read_answer(&RawAnswer { status: *status, retry_after, body })
}

fn texts(aggregator: &SandboxAggregator, number: &str, after: u64) -> Vec<(u64, String)> {
    aggregator.arrived(&phone(number), after).into_iter().map(|arrived| (arrived.number, arrived.text)).collect()
}

const ONE: &str = "+919812345670";
const OTHER: &str = "+919812345671";

#[test]
fn a_message_arrives_at_its_phone_and_is_told_of_where_it_says() {
    let own = aggregator();
    let reply = send(&own, ONE, "Your PF balance is ₹1", "k1");
    let Answer::Accepted { foreign: Some(id) } = answer(&own, &reply) else { panic!("{reply:?}") };
    send(&own, OTHER, "Other", "k2");
    assert_eq!(texts(&own, ONE, 0), [(1, "Your PF balance is ₹1".to_owned())]);
    assert_eq!((texts(&own, ONE, 1), texts(&own, OTHER, 1).len()), (vec![], 1));
    let arrived = &own.arrived(&phone(ONE), 0)[0];
    assert_eq!((arrived.from.as_str(), &arrived.id, arrived.at.as_str()), ("EPFOHO", &id, "2026-11-22T10:20:00+05:30"));
    let receipt = reply.receipt.expect("a receipt");
    assert!(receipt.url.starts_with(RECEIPTS) && receipt.url.contains("k1"), "{}", receipt.url);
    assert!(String::from_utf8_lossy(&receipt.body).contains(&id));
}

#[test]
fn receipts_go_to_the_hook_where_a_message_says_none() {
    let own = aggregator();
    let unaddressed = |key| {
        let request = request(&own, ONE, "Text", key, None);
        own.take("/messages", &request.headers, &request.body).receipt
    };
    assert_eq!(unaddressed("k1"), None);
    own.tell_receipts_to("http://127.0.0.1:3/receipt".to_owned());
    let receipt = unaddressed("k2").expect("a receipt");
    assert_eq!(receipt.url, "http://127.0.0.1:3/receipt");
    assert!(String::from_utf8_lossy(&receipt.body).contains("k2"), "our own id is told");
}

#[test]
fn the_same_key_again_is_the_same_message_whatever_the_aggregator_does_meanwhile() {
    let own = aggregator();
    own.misbehave("loses the answer".parse().expect("it is known"));
    assert_eq!(send(&own, ONE, "Once", "k1").answer, None);
    let mut ids = Vec::new();
    for does in ["works", "refuses", "is busy", "answers in 9s"] {
        own.misbehave(does.parse().expect("it is known"));
        let reply = send(&own, ONE, "Once", "k1");
        assert_eq!(reply.receipt, None, "it was told of once");
        assert_eq!(reply.after, if does == "answers in 9s" { Duration::from_secs(9) } else { Duration::ZERO });
        let Answer::Accepted { foreign: Some(id) } = answer(&own, &reply) else { panic!("{does}: {reply:?}") };
        ids.push(id);
    }
    ids.dedup();
    assert_eq!((ids.len(), texts(&own, ONE, 0).len()), (1, 1));
    assert_eq!(own.counts(), Counts { asked: 5, taken: 1, repeated: 4, refused: 0, receipts: 0 });
}

#[test]
fn what_is_refused_never_arrives() {
    let own = aggregator();
    for (does, may) in [("refuses", Again::Never), ("is busy", Again::Later(Some(BUSY_FOR)))] {
        own.misbehave(does.parse().expect("it is known"));
        let reply = send(&own, ONE, "Refused", "k1");
        assert!(matches!(answer(&own, &reply), Answer::Refused { again, .. } if again == may), "{does}: {reply:?}");
        assert_eq!(reply.receipt, None);
    }
    own.misbehave(Mischief::default());
    let reply = own.take("/messages", &[], b"{}");
    assert!(matches!(answer(&own, &reply), Answer::Refused { again: Again::Never, .. }), "{reply:?}");
    assert_eq!((texts(&own, ONE, 0).len(), own.counts().refused), (0, 3));
    assert!(
        matches!(answer(&own, &send(&own, ONE, "Taken", "k1")), Answer::Accepted { .. }),
        "its key was not used up"
    );
}

#[test]
fn no_receipts_are_sent_where_it_is_told_so() {
    let own = aggregator();
    own.misbehave("loses the answer, sends no receipts".parse().expect("it is known"));
    assert_eq!(send(&own, ONE, "Silent", "k1"), Reply { after: Duration::ZERO, answer: None, receipt: None });
    assert_eq!(texts(&own, ONE, 0).len(), 1);
}

#[test]
fn only_the_last_messages_are_kept_and_an_earlier_life_is_forgotten() {
    let own = aggregator();
    for n in 0..=KEEPS {
        send(&own, ONE, "Text", &format!("k{n}"));
    }
    let kept = texts(&own, ONE, 0);
    assert_eq!((kept.len(), kept[0].0), (KEEPS, 2));
    assert_eq!(texts(&own, ONE, 1_000_000).len(), KEEPS, "the number is of another aggregator");
}
