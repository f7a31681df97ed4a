//! A callback in a few lines, the first of which chooses the shipped profile by its first byte and says how a turn is
//! answered; then method, path, query, headers down to an empty line (of which the first is taken for the hook's address), body.
#![no_main]

use std::sync::{Arc, LazyLock};

use gramsetu::gateway::{
    Aggregator, Callback, Doing, Echoed, Input, Profile, Reply, Request, WireReply, decode, encode, shipped,
};
use gramsetu::phone::ServiceCode;

static SHIPPED: LazyLock<Vec<Arc<Profile>>> = LazyLock::new(|| shipped().into_iter().map(Arc::new).collect());

/// The longest a field can be.
const LONGEST: usize = 4096;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(5, |&byte| byte == b'\n');
    let mut text = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
    let (how, method, rest, query) = (text(), text(), text(), text());
    let mut body = parts.next().unwrap_or_default();
    let mut headers = Vec::new();
    while let Some(at) = body.iter().position(|&byte| byte == b'\n') {
        let line = String::from_utf8_lossy(&body[..at]).into_owned();
        body = &body[at + 1..];
        let Some((name, value)) = line.split_once(": ") else { break };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    let chosen = usize::from(how.bytes().next().unwrap_or_default());
    let profile = &SHIPPED[chosen % SHIPPED.len()];
    let aggregator = phone(profile);

    let here = headers.first().map(|(_, value)| value.as_str()).unwrap_or_default();
    let request = Request { method: &method, rest: &rest, query: &query, here, body };
    let received = match decode(profile, &request) {
        Ok(received) => received,
        Err(error) => {
            assert!(!error.kind().is_empty() && error.to_string().len() < 400);
            let why = error.to_string();
            shown(&aggregator, profile, &[], Reply::Refusal { text: &how, why: &why }, &how, false);
            return;
        }
    };
    assert!(received.echo.iter().all(|echoed| echoed.word == "here" || echoed.value.len() <= LONGEST));
    let echo = &received.echo;
    match received.callback {
        Callback::Turn(turn) => {
            let (Input::Last(typed) | Input::History(typed) | Input::Dialled(typed)) = &turn.input;
            assert!(!turn.leg.is_empty() && turn.leg.len() <= 160 && typed.len() <= LONGEST);
            for more in [true, false] {
                // Both what the menus would say and what the citizen typed stand in replies.
                for text in [how.as_str(), typed] {
                    shown(&aggregator, profile, echo, Reply::Page { text, more }, text, more);
                }
            }
            honest(&aggregator, profile, typed);
        }
        Callback::Ended { .. } | Callback::Probe => {
            assert_eq!(encode(profile, echo, Reply::Acknowledge).status, 200);
        }
        Callback::Status { .. } => {
            assert_eq!(encode(profile, echo, Reply::Status { alive: true }).status, 200);
        }
    }
});

fn phone(profile: &Arc<Profile>) -> Aggregator {
    let code = ServiceCode::parse("*123#").expect("a code");
    let msisdn = gramsetu::phone::parse("+919812345670", profile.home).expect("a number");
    Aggregator::new(Arc::clone(profile), msisdn, 7, vec![code])
}

/// The aggregator shows what was said, but for control characters, white space and the one sign that a profile replaces.
fn shown(
    aggregator: &Aggregator,
    profile: &Profile,
    echo: &[Echoed],
    reply: Reply<'_>,
    text: &str,
    more: bool,
) {
    let reply = encode(profile, echo, reply);
    for (name, value) in &reply.headers {
        assert!(value.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{name}: {value:?}");
    }
    let wire = WireReply { status: reply.status, headers: reply.headers, body: reply.body };
    let (page, goes_on) = aggregator.read(&wire).expect("a page");
    assert_eq!(goes_on, more);
    let plain = |text: &str| -> String {
        let said = |c: &char| !c.is_control() && !c.is_whitespace() && !matches!(c, '\u{fffe}' | '\u{ffff}');
        text.chars().filter(said).map(|c| if c == '|' { '/' } else { c }).collect()
    };
    assert_eq!(plain(&page), plain(text));
}

/// What an aggregator sends for an answer is what the bridge reads.
fn honest(aggregator: &Aggregator, profile: &Profile, typed: &str) {
    let mut phone = aggregator.clone();
    for doing in [Doing::Dial("*123#"), Doing::Answer(typed), Doing::HangUp] {
        let Some(sent) = phone.request(doing) else { continue };
        let request = Request {
            method: &sent.method,
            rest: &sent.rest,
            query: &sent.query,
            here: "",
            body: &sent.body,
        };
        // An answer may be too long for a field, or be a report of the network.
        let Ok(received) = decode(profile, &request) else { continue };
        if let (Doing::Answer(_), Callback::Turn(turn)) = (doing, received.callback) {
            let (Input::Last(read) | Input::History(read) | Input::Dialled(read)) = turn.input;
            let typed: String = typed.chars().filter(|&c| !c.is_control() || c == '\n' || c == '\t').collect();
            assert_eq!(read.trim(), typed.trim(), "{}", profile.name);
        }
    }
}
