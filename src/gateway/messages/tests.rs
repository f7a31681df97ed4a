//! The shipped message profiles against what their gateways send and answer, and against anything else.

mod africastalking;
mod carrier;
mod exotel;
mod hostile;
mod kannel;
mod knowlarity;
mod mobileseva;
mod myoperator;
mod sandbox;
mod twilio;
mod unshipped;

use std::collections::BTreeMap;

use super::shipped::FILES;
use super::*;
use crate::gateway::DecodeError;
use crate::text::percent;
use crate::types::{MessageKind, OutMessage, Priority, Repeat, Secret};

const ADDRESS: &str = "https://bridge.example/hooks/x/s3cret/receipt";

fn profile(name: &str) -> MessageProfile {
    shipped_messages().into_iter().find(|profile| profile.name == name).expect("a shipped profile")
}

fn message(to: &str, text: &str) -> OutMessage {
    OutMessage {
        to: to.to_owned().try_into().expect("a number"),
        text: text.to_owned(),
        header: "EPFOHO".to_owned(),
        kind: MessageKind::Service,
        priority: Priority::Receipt,
        repeat: Repeat::Never,
        entity: Some("1101000000000000001".to_owned()),
        template: Some("1107000000000000002".to_owned()),
        language: "en".to_owned(),
    }
}

/// Credentials of every name that a profile asks for: `<name>`.
fn credentials(profile: &MessageProfile) -> BTreeMap<String, Secret> {
    let names = profile.credentials().iter().chain(profile.options());
    names.map(|name| (name.clone(), Secret::new(format!("<{name}>")))).collect()
}

fn route(credentials: &BTreeMap<String, Secret>) -> RouteFacts<'_> {
    RouteFacts {
        url: Some("http://gateway.example:8080/"),
        credentials,
        receipts: Some(ADDRESS),
        sender: None,
        national: false,
    }
}

fn written(profile: &MessageProfile, message: &OutMessage) -> OutRequest {
    let credentials = credentials(profile);
    profile.write(&route(&credentials), message, "m-1").expect("a request")
}

/// A request in lines: verb and address, headers, fields with their values unescaped.
fn shown(request: &OutRequest) -> String {
    let (address, query) = request.url.split_once('?').unwrap_or((&request.url, ""));
    let mut lines = vec![format!("{} {address}", request.method)];
    lines.extend(request.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    let body = std::str::from_utf8(&request.body).expect("UTF-8");
    if body.starts_with('{') {
        lines.push(body.to_owned());
    }
    for pair in query.split('&').chain(body.split('&')).filter(|pair| !pair.starts_with('{')) {
        if let Some((name, value)) = pair.split_once('=') {
            lines.push(format!(
                "  {name} = {}",
                percent::read(value, true).map_or(value.to_owned(), std::borrow::Cow::into_owned)
            ));
        }
    }
    lines.join("\n")
}

/// An answer in one line.
fn answered(profile: &MessageProfile, status: u16, body: &str) -> String {
    match profile.read_answer(&RawAnswer { status, retry_after: None, body: body.as_bytes() }) {
        Answer::Accepted { foreign } => format!("accepted as {}", foreign.as_deref().unwrap_or("nothing")),
        Answer::Refused { reason, again } => format!("refused, {again:?}: {reason}"),
        Answer::Unclear { reason } => format!("unclear: {reason}"),
    }
}

fn request<'a>(method: &'a str, query: &'a str, headers: &'a [(String, String)], body: &'a str) -> RawRequest<'a> {
    RawRequest { method, query, headers, body: body.as_bytes() }
}

fn who(caller: &Caller) -> String {
    match caller {
        Caller::Number(number) => number.digits().to_owned(),
        Caller::Foreign(number) => format!("foreign {}", number.digits()),
        Caller::Withheld => "nobody".to_owned(),
    }
}

fn wrong(error: &DecodeError) -> String {
    format!("{}: {error}", error.kind())
}

/// The messages of a request, one a line.
fn wrote(profile: &MessageProfile, method: &str, query: &str, body: &str) -> String {
    let shown = |inbound: &Inbound| {
        let id = inbound.id.as_deref().map(|id| format!("{id}: ")).unwrap_or_default();
        let place = inbound.part.as_ref().and_then(|part| part.concatenation);
        let part = place.map(|place| format!(" ({}/{} of {:?})", place.number, place.total, place.reference));
        let at = inbound.at.map(|at| format!(" at {}", at.0)).unwrap_or_default();
        let (from, to) = (who(&inbound.from), &inbound.to);
        format!("{id}{from} to {to}{at}: {:?}{}", inbound.text, part.unwrap_or_default())
    };
    let read = profile.inbound(&request(method, query, &[], body));
    read.map_or_else(|error| wrong(&error), |all| all.iter().map(shown).collect::<Vec<_>>().join("\n"))
}

/// The receipts of a request, one a line.
fn told(profile: &MessageProfile, method: &str, query: &str, body: &str) -> String {
    let shown = |receipt: &Receipt| {
        let name = |id: &Option<String>| id.as_deref().unwrap_or("-").to_owned();
        let reason = receipt.reason.as_deref().map(|reason| format!(" for {reason}")).unwrap_or_default();
        format!("{} {} {:?}{reason}", name(&receipt.foreign), name(&receipt.id), receipt.status)
    };
    let read = profile.receipts(&request(method, query, &[], body));
    read.map_or_else(|error| wrong(&error), |all| all.iter().map(shown).collect::<Vec<_>>().join("\n"))
}

/// The call of a request.
fn rang(profile: &MessageProfile, method: &str, query: &str, body: &str) -> String {
    match profile.missed_call(&request(method, query, &[], body)) {
        Ok(Some(call)) => format!("{} called {} ({})", who(&call.from), call.to, call.id.as_deref().unwrap_or("-")),
        Ok(None) => "nothing".to_owned(),
        Err(error) => wrong(&error),
    }
}

fn reply(profile: &MessageProfile, hook: Hook) -> String {
    let reply = profile.acknowledge(hook);
    format!("{} {}: {}", reply.status, reply.headers[0].1, String::from_utf8(reply.body).expect("UTF-8"))
}

#[test]
fn shipped_profiles_are_sorted_by_name_and_fit_on_a_screen() {
    let names: Vec<_> = shipped_messages().into_iter().map(|profile| profile.name).collect();
    assert!(names.is_sorted() && names.len() == 8, "{names:?}");
    assert_eq!(shipped_messages_names().collect::<Vec<_>>(), names);
    for (path, text) in FILES {
        assert!(text.lines().count() <= 40, "{path} is longer than 40 lines");
        assert!(text.lines().all(|line| line.chars().count() <= 150), "{path} has a line that is too long");
    }
}

#[test]
fn what_only_tries_an_address_is_no_message_and_is_answered() {
    for profile in shipped_messages() {
        for (method, query) in [("GET", ""), ("POST", ""), ("HEAD", "From=1&text=2"), ("OPTIONS", "")] {
            let request = request(method, query, &[], " \r\n");
            if profile.calls(Hook::Sms) {
                assert_eq!(profile.inbound(&request), Ok(Vec::new()), "{}", profile.name);
            }
            if profile.calls(Hook::Receipt) {
                assert_eq!(profile.receipts(&request), Ok(Vec::new()), "{}", profile.name);
            }
            if profile.calls(Hook::MissedCall) {
                assert_eq!(profile.missed_call(&request), Ok(None), "{}", profile.name);
            }
        }
        for hook in [Hook::Sms, Hook::Receipt, Hook::MissedCall] {
            assert_eq!(profile.acknowledge(hook).status, 200, "{}", profile.name);
        }
    }
}

#[test]
fn a_hook_that_a_gateway_does_not_have_and_a_strange_verb_are_refused() {
    let call = request("POST", "", &[], "a=b");
    assert_eq!(profile("knowlarity").inbound(&call), Err(DecodeError::Path));
    assert_eq!(profile("knowlarity").receipts(&call), Err(DecodeError::Path));
    assert_eq!(profile("mobileseva").missed_call(&call), Err(DecodeError::Path));
    assert_eq!(wrote(&profile("twilio"), "DELETE", "a=b", ""), "method: DELETE is not the verb of this callback");
}

/// A gateway that answers nothing readable may have sent the message all the same.
#[test]
fn what_a_proxy_says_is_unclear_on_every_gateway() {
    const PAGE: &str = "<html><head><title>Error</title></head></html>";
    for profile in shipped_messages().into_iter().filter(MessageProfile::sends) {
        let name = &profile.name;
        for status in [200, 201, 202, 204, 302, 400, 404, 405, 408, 413, 500, 502, 503, 504] {
            for body in ["", PAGE, "OK", "{}", "[]", "null", "\u{feff}{", r#"{"message":7"#] {
                assert_eq!(answered(&profile, status, body), format!("unclear: http_{status}"), "{name}: {body}");
            }
        }
        assert!(answered(&profile, 401, PAGE).starts_with("refused, ElsewhereOnly"), "{name}");
        let long = "9".repeat(100_000);
        assert!(answered(&profile, 200, &long).starts_with("unclear"), "{name}");
    }
}

#[test]
fn credentials_and_numbers_are_in_no_debug_output() {
    for profile in shipped_messages().into_iter().filter(MessageProfile::sends) {
        let credentials = credentials(&profile);
        let (facts, message) = (route(&credentials), message("919812345670", "Your code is 123456"));
        let request = profile.write(&facts, &message, "m-1").expect("a request");
        let shown = format!("{facts:?} {message:?} {request:?}");
        for secret in profile
            .credentials()
            .iter()
            .map(|name| format!("<{name}>"))
            .chain(["9812345670".to_owned(), "123456".to_owned()])
        {
            assert!(!shown.contains(&secret), "{}: {shown}", profile.name);
        }
    }
    let raw = request("POST", "from=9812345670", &[], "text=123456");
    assert_eq!(format!("{raw:?}"), "RawRequest { method: \"POST\", .. }");
}

#[test]
fn some_gateways_are_told_with_each_message_where_receipts_go() {
    let told: Vec<String> =
        shipped_messages().into_iter().filter(MessageProfile::asks_for_receipts).map(|profile| profile.name).collect();
    assert_eq!(told, ["exotel", "kannel", "sandbox", "twilio"]);
}

#[test]
fn what_is_missing_or_cannot_be_sent_is_said_before_anything_is_sent() {
    let nothing = BTreeMap::new();
    let write = |name: &str, facts: &RouteFacts<'_>, message: &OutMessage| {
        profile(name).write(facts, message, "m-1").err().map(|error| error.to_string()).unwrap_or_default()
    };
    let facts = RouteFacts { url: None, credentials: &nothing, receipts: None, sender: None, national: false };
    let plain = message("919812345670", "Hello");
    assert_eq!(write("kannel", &facts, &plain), "the gateway has no address of its own: give the route a `url`");
    assert_eq!(write("twilio", &facts, &plain), "the route has no credential `account`");
    assert_eq!(write("knowlarity", &facts, &plain), "the gateway takes no messages");
    let kept = OutMessage { entity: None, ..plain.clone() };
    assert_eq!(write("exotel", &facts, &kept), "the message has no `entity`, which the gateway must be told");
    let abroad = message("254711000111", "Hello");
    assert_eq!(write("mobileseva", &facts, &abroad), "the gateway does not reach numbers of other countries");
    let long = message("919812345670", &"a".repeat(481));
    assert_eq!(write("mobileseva", &facts, &long), "the text is longer than the 480 characters that the gateway takes");
    let credentials = BTreeMap::from([("token".to_owned(), Secret::from("a\nx-evil: 1"))]);
    let facts = RouteFacts { url: Some("http://127.0.0.1:1"), credentials: &credentials, ..facts };
    assert!(write("sandbox", &facts, &plain).starts_with("the header `authorization` cannot be sent"));
}

/// What the guide for operators says, against what the program has.
mod guide {
    use super::*;
    use crate::source::Files;

    const GUIDE: &str = include_str!("../../../docs/gateways.md");

    #[test]
    fn the_table_of_the_shipped_profiles_is_true_and_each_is_explained() {
        for profile in shipped_messages() {
            let yes = |is: bool| if is { "yes" } else { "no" };
            let hooks =
                [Hook::Sms, Hook::Receipt, Hook::MissedCall].map(|hook| format!(" {} |", yes(profile.calls(hook))));
            let columns = format!("| {} |{}", yes(profile.sends()), hooks.concat());
            let row = GUIDE
                .lines()
                .find(|line| line.starts_with(&format!("| `{}` |", profile.name)) && line.contains(&columns));
            let row = row.unwrap_or_else(|| panic!("no row of {} with {columns}", profile.name));
            assert_eq!(row.ends_with("| address |"), !profile.is_signed(), "{row}");
            assert!(GUIDE.contains(&format!("\n**{}.** ", profile.name)), "{} has no paragraph", profile.name);
            assert_eq!(profile.unverified.is_none(), profile.name == "sandbox");
        }
    }

    #[test]
    fn the_example_is_a_profile() {
        let example = GUIDE.split("```yaml\n").find(|part| part.starts_with("speaks:")).expect("an example");
        let mut files = Files::default();
        let file = files.add("gateways/plivo.yaml", example.split("```").next().unwrap_or_default());
        let plivo = read_message_profile(&files, file).expect("a profile");
        assert_eq!(answered(&plivo, 202, r#"{"message_uuid":["7-a"],"api_id":"x"}"#), "accepted as 7-a");
        assert_eq!(answered(&plivo, 400, r#"{"error":"dst +919812345670 is wrong"}"#), "refused, Never: http_400");
    }
}
