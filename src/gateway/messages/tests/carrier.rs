//! Both ends of every shipped profile against each other.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::gateway::WireReply;
use crate::text::sms::{Concatenation, Part, Reference};
use crate::types::{Msisdn, Timestamp};

static SHIPPED: LazyLock<Vec<Arc<MessageProfile>>> =
    LazyLock::new(|| shipped_messages().into_iter().map(Arc::new).collect());

fn key() -> Secret {
    Secret::from("a key")
}

fn carrier(profile: &Arc<MessageProfile>) -> Carrier {
    Carrier::new(Arc::clone(profile), Some(key()))
}

/// A request to a hook as it arrives; it is proved on the way.
fn arrived<T>(profile: &MessageProfile, sent: &Sent, read: impl Fn(&RawRequest<'_>) -> T) -> T {
    let request = RawRequest { method: sent.method, query: sent.query(), headers: &sent.headers, body: &sent.body };
    let address = sent.url.split('?').next().unwrap_or_default();
    assert_eq!(profile.verify(&[Secret::from("other"), key()], address, &request), Ok(()), "{}", profile.name);
    if profile.is_signed() {
        assert_eq!(
            profile.verify(&[Secret::from("other")], address, &request),
            Err(Unverified::Wrong),
            "{}",
            profile.name
        );
    }
    read(&request)
}

fn national(profile: &MessageProfile) -> impl Strategy<Value = Msisdn> + use<> {
    let (code, digits) = (profile.home.code, profile.home.digits);
    let rest = proptest::string::string_regex(&format!("7[0-9]{{{}}}", digits - 1)).expect("a pattern");
    rest.prop_map(move |rest| Msisdn::try_from(format!("{code}{rest}")).expect("a number"))
}

fn caller(profile: &MessageProfile) -> impl Strategy<Value = Caller> + use<> {
    let abroad = "4[1-9]7[0-9]{8}".prop_map(|digits| Caller::Foreign(digits.try_into().expect("a number")));
    prop_oneof![4 => national(profile).prop_map(Caller::Number), 1 => abroad, 1 => Just(Caller::Withheld)]
}

/// Texts as phones send and get them.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~\n]{1,160}", "[ -~\u{900}-\u{97f}€😀]{1,70}", "\\PC{1,70}", "[a-zA-Z0-9+/]{60,64}"]
        .prop_filter("white space alone is no text", |text| !text.trim().is_empty())
}

/// Its place among the shipped ones: a failure prints it.
fn any_profile() -> std::ops::Range<usize> {
    0..SHIPPED.len()
}

proptest! {
    #[test]
    fn a_message_to_us_is_read_as_it_was_written(
        (at_profile, from) in any_profile().prop_flat_map(|at| (Just(at), caller(&SHIPPED[at]))),
        text in text(), id in "[A-Za-z0-9_-]{1,40}", to in "[1-9][0-9]{4}|EPFOHO", at in 946_684_800_i64..4_102_444_800,
        place in proptest::option::of((any::<u16>(), any::<bool>(), 2..=255_u8)),
    ) {
        let profile = &SHIPPED[at_profile];
        prop_assume!(profile.calls(Hook::Sms));
        let part = place.map(|(reference, wide, total)| {
            let [_, low] = reference.to_be_bytes();
            let reference = if wide { Reference::Sixteen(reference) } else { Reference::Eight(low) };
            Part::new(&text, Some(Concatenation { reference, total, number: total }))
        });
        let inbound = Inbound {
            id: Some(id), from, to, text, at: Some(Timestamp(at * 1000)), circle: Some("RJ".to_owned()), part,
        };
        let Some(sent) = carrier(profile).inbound("https://b.example/hooks/g/s/sms", &inbound) else {
            prop_assert!(inbound.part.is_some() && profile.name != "kannel");
            return Ok(());
        };
        let read = arrived(profile, &sent, |request| profile.inbound(request)).expect("a message").remove(0);
        prop_assert_eq!(&read.from, &inbound.from);
        prop_assert_eq!(&read.text, &inbound.text);
        prop_assert_eq!(read.part, inbound.part);
        prop_assert!(read.id == inbound.id || (read.id.is_none() && profile.name == "mobileseva"));
        prop_assert!(read.to == inbound.to || (read.to.is_empty() && profile.name == "mobileseva"));
        prop_assert!(read.at == inbound.at || (read.at.is_none() && profile.name == "twilio"));
    }

    #[test]
    fn a_message_of_ours_is_taken_as_it_was_meant_and_its_receipt_finds_it(
        (at_profile, to) in any_profile().prop_flat_map(|at| (Just(at), national(&SHIPPED[at]))),
        text in text(), id in "[a-z0-9]{8,32}", otp in any::<bool>(), foreign in "[A-Za-z1-9][A-Za-z0-9]{0,30}",
        status in prop_oneof![Just(ReceiptStatus::Delivered), Just(ReceiptStatus::Underway), Just(ReceiptStatus::Failed),
            "[a-z]{3,12}x".prop_map(ReceiptStatus::Unknown)],
        reason in "[A-Z]{3,8}/[0-9]{3}|NACK/0x0b",
    ) {
        let profile = &SHIPPED[at_profile];
        prop_assume!(profile.sends());
        let text = if profile.name == "mobileseva" { text.trim().to_owned() } else { text };
        let priority = if otp { Priority::Otp } else { Priority::Notice };
        let message = OutMessage { to, text, priority, ..message("919812345670", "x") };
        let credentials = credentials(profile);
        let request = profile.write(&route(&credentials), &message, &id).expect("a request");
        let carrier = carrier(profile);
        let (_, rest) = request.url.split_once(":8080").expect("the address of the route");
        let taken = carrier.take(rest, &request.headers, &request.body).expect("a message");
        prop_assert_eq!(&taken.to, &message.to);
        prop_assert_eq!(&taken.text, &message.text);
        prop_assert_eq!(&taken.header, &message.header);
        prop_assert!(taken.template.is_none() || taken.template == message.template);
        let known = !matches!(profile.name.as_str(), "africastalking" | "mobileseva");
        prop_assert_eq!(taken.id.as_ref(), known.then_some(&id), "{}", profile.name);
        prop_assert_eq!(taken.key.is_some(), profile.takes_idempotency_key());

        prop_assume!(profile.calls(Hook::Receipt));
        let reason = matches!(status, ReceiptStatus::Failed).then_some(reason);
        let foreign = if profile.name == "kannel" { foreign.to_lowercase() } else { foreign };
        let receipt = Receipt { foreign: Some(foreign), id: taken.id.clone(), status, reason };
        let sent = carrier.receipt(ADDRESS, Some(&taken), &receipt).expect("a receipt");
        prop_assert!(sent.url.starts_with(ADDRESS));
        let read = arrived(profile, &sent, |request| profile.receipts(request)).expect("a receipt").remove(0);
        prop_assert_eq!(&read.status, &receipt.status);
        prop_assert_eq!(&read.id, &receipt.id);
        prop_assert_eq!(&read.foreign, &receipt.foreign);
        prop_assert!(read.reason == receipt.reason || receipt.status == ReceiptStatus::Underway);
    }

    #[test]
    fn a_missed_call_is_read_as_it_was_written(
        (at_profile, from) in any_profile().prop_flat_map(|at| (Just(at), caller(&SHIPPED[at]))),
        id in "[A-Za-z0-9_-]{1,40}",
    ) {
        let profile = &SHIPPED[at_profile];
        prop_assume!(profile.calls(Hook::MissedCall));
        let call = MissedCall { id: Some(id), from, to: "919718397183".to_owned() };
        let sent = carrier(profile).missed_call("https://b.example:8443/hooks/g/s/missed-call", &call).expect("a call");
        prop_assert_eq!(arrived(profile, &sent, |request| profile.missed_call(request)), Ok(Some(call)), "{}", profile.name);
    }

    #[test]
    fn any_request_is_taken_or_refused(path in "/\\PC{0,60}|/messages|/cgi-bin/sendsms\\?\\PC{0,60}", body in proptest::collection::vec(any::<u8>(), 0..120)) {
        for profile in &*SHIPPED {
            let _ = carrier(profile).take(&path, &[], &body);
        }
    }
}

fn read_back(profile: &MessageProfile, reply: &WireReply) -> Answer {
    let retry_after = reply.headers.iter().find(|(name, _)| name == "retry-after").map(|(_, value)| value.as_str());
    profile.read_answer(&RawAnswer { status: reply.status, retry_after, body: &reply.body })
}

#[test]
fn an_answer_is_read_as_it_was_written() {
    for profile in SHIPPED.iter().filter(|profile| profile.sends()) {
        let (carrier, name) = (carrier(profile), &profile.name);
        let accepted = carrier.answer(&Answer::Accepted { foreign: Some("F7".to_owned()) }).expect("an answer");
        let foreign = (name != "kannel").then(|| "F7".to_owned());
        assert_eq!(read_back(profile, &accepted), Answer::Accepted { foreign }, "{name}");
        for again in
            [Again::Never, Again::ElsewhereOnly, Again::Later(None), Again::Later(Some(Duration::from_secs(7)))]
        {
            let refused = Answer::Refused { reason: "sender".to_owned(), again };
            let Some(reply) = carrier.answer(&refused) else {
                assert!(again == Again::Never && name == "exotel", "{name} cannot say {again:?}");
                continue;
            };
            let Answer::Refused { again: read, .. } = read_back(profile, &reply) else { panic!("{name}: {reply:?}") };
            assert_eq!(read, again, "{name}");
        }
        let unclear = carrier.answer(&Answer::Unclear { reason: String::new() }).expect("an answer");
        assert_eq!(read_back(profile, &unclear), Answer::Unclear { reason: "http_502".to_owned() }, "{name}");
    }
}

#[test]
fn a_carrier_is_content_with_what_acknowledges_and_with_nothing_else() {
    for profile in &*SHIPPED {
        for hook in [Hook::Sms, Hook::Receipt, Hook::MissedCall] {
            let reply = profile.acknowledge(hook);
            let wire = WireReply { status: reply.status, headers: reply.headers, body: reply.body };
            assert!(carrier(profile).is_content(hook, &wire));
            assert!(!carrier(profile).is_content(hook, &WireReply { status: 500, ..wire.clone() }));
            let is_sent_on = hook == Hook::Sms && profile.answers_in_reply();
            let other = WireReply { body: b"Error".to_vec(), ..wire };
            assert_eq!(carrier(profile).is_content(hook, &other), is_sent_on, "{}", profile.name);
        }
    }
}
