//! How messages are told to an operator: in words, with times of India, numbers masked, texts never.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::again::Outcome;
use super::{Desk, Format};
use crate::commands::counted;
use crate::outbox;
use crate::store::{Message, MessageFilter, MessageGroup, MessageState};
use crate::text;
use crate::types::{MessageKind, OutMessage, Priority, Timestamp};

/// How many of each there are, by route and reason.
pub(super) fn summary(desk: &Desk, groups: &[MessageGroup]) -> String {
    let mut groups: Vec<&MessageGroup> = groups.iter().collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.count), group.state, group.priority, group.at));
    if let Format::Json = desk.format {
        let groups: Vec<Value> = groups.iter().map(|group| group_json(group)).collect();
        return pretty(&json!({"database": desk.database.to_string(), "groups": groups}));
    }
    let mut page = format!("database    {}\n", desk.database);
    let waits = |group: &MessageGroup| group.waits;
    let is_in_doubt = |group: &MessageGroup| group.state == MessageState::InDoubt;
    let doubtful = |group: &MessageGroup| is_in_doubt(group) && !group.waits;
    let undelivered = |group: &MessageGroup| group.state == MessageState::Undelivered;
    let dead = |group: &MessageGroup| !group.waits && !is_in_doubt(group) && !undelivered(group);
    let oldest = groups.iter().filter_map(|group| group.due).min();
    let since = oldest
        .filter(|oldest| *oldest <= desk.now)
        .map(|oldest| format!(", the oldest since {} ({})", moment(oldest), long(desk.now, oldest)));
    part(&mut page, desk, "waiting", &since.unwrap_or_default(), &groups, waits);
    part(&mut page, desk, "doubtful", "", &groups, doubtful);
    part(&mut page, desk, "dead", "", &groups, dead);
    part(&mut page, desk, "undelivered", "", &groups, undelivered);
    page
}

fn part(
    page: &mut String,
    desk: &Desk,
    name: &str,
    more: &str,
    groups: &[&MessageGroup],
    is_in: impl Fn(&MessageGroup) -> bool,
) {
    let own: Vec<&&MessageGroup> = groups.iter().filter(|group| is_in(group)).collect();
    let count: u64 = own.iter().map(|group| group.count).sum();
    put(page, format_args!("{name:<11} {count}{more}\n"));
    for group in own {
        let route = group.route.as_deref().map(|route| format!(", route {route}")).unwrap_or_default();
        let reason = behind(group.state, group.reason.as_deref());
        let (state, kind) = (state(group.state, group.waits), priority(group.priority));
        let first = format!("{} ({})", moment(group.at), long(desk.now, group.at));
        put(page, format_args!("  {:>7}  {kind}: {state}{route}{reason}; the first queued {first}\n", group.count));
    }
}

fn group_json(group: &MessageGroup) -> Value {
    json!({
        "state": word(group.state),
        "waits": group.waits,
        "priority": priority(group.priority),
        "route": group.route,
        "reason": group.reason,
        "count": group.count,
        "first": rfc3339(group.at),
        "due": group.due.map(rfc3339),
    })
}

/// A list, three lines each: what it is, what became of it, of whom and what.
pub(super) fn list(desk: &Desk, filter: MessageFilter, messages: &[Message], has_more: bool) -> String {
    if let Format::Json = desk.format {
        return pretty(&Value::Array(messages.iter().map(|message| message_json(desk, message)).collect()));
    }
    let mut page = String::new();
    for message in messages {
        let since = moment(message.at);
        let (state, kind) = (state(message.state, message.due.is_some()), priority(message.priority));
        let route = message.route.as_deref().map(|route| format!(", route {route}")).unwrap_or_default();
        let reason = behind(message.state, message.reason.as_deref());
        let tried = counted(usize::try_from(message.tried()).unwrap_or(usize::MAX), "attempt");
        put(&mut page, format_args!("{}  {kind}, queued {since}\n  {state}, {tried}{route}{reason}\n", message.id));
        put(&mut page, format_args!("  {}\n", what(desk, message)));
    }
    let name = match filter {
        MessageFilter::DeadLetters => "dead letters",
        MessageFilter::Doubtful => "messages in doubt",
        MessageFilter::Undelivered => "messages that were not delivered",
        MessageFilter::Waiting => "messages that wait",
    };
    if messages.is_empty() {
        put(&mut page, format_args!("There are no {name}.\n"));
    } else if has_more {
        put(
            &mut page,
            format_args!("There are more {name}: see them with `--limit`, or counted with `gramsetu messages`.\n"),
        );
    }
    page
}

/// All that is known of one.
pub(super) fn one(desk: &Desk, message: &Message) -> String {
    if let Format::Json = desk.format {
        return pretty(&message_json(desk, message));
    }
    let mut page = String::new();
    let mut line = |name: &str, value: String| put(&mut page, format_args!("{name:<9} {value}\n"));
    line("message", message.id.to_string());
    line("state", state(message.state, message.due.is_some()).to_owned());
    if let Some(reason) = &message.reason {
        line("reason", because(message.state, reason));
    }
    line("kind", priority(message.priority).to_owned());
    line("what", what(desk, message));
    let before = match message.forgiven {
        0 => String::new(),
        before => format!(", and {before} before it was queued again"),
    };
    line("attempts", format!("{}{before}", message.tried()));
    line("route", message.route.clone().unwrap_or_else(|| "none yet".to_owned()));
    line("queued", moment(message.at));
    if let Some(due) = message.due {
        line("due", moment(due));
    }
    if let Some(settled) = message.settled {
        line("settled", moment(settled));
    }
    line("expires", moment(message.expires));
    page
}

fn message_json(desk: &Desk, message: &Message) -> Value {
    let out = opened(desk, message).ok();
    json!({
        "id": message.id.to_string(),
        "state": word(message.state),
        "waits": message.due.is_some(),
        "priority": priority(message.priority),
        "number": out.as_ref().map(number),
        "header": out.as_ref().map(|out| out.header.clone()),
        "template": out.as_ref().and_then(|out| out.template.clone()),
        "kind": out.as_ref().map(|out| kind(out.kind)),
        "language": out.as_ref().map(|out| out.language.clone()),
        "route": message.route,
        "attempts": message.tried(),
        "attempts_before": message.forgiven,
        "reason": message.reason,
        "queued": rfc3339(message.at),
        "due": message.due.map(rfc3339),
        "settled": message.settled.map(rfc3339),
        "expires": rfc3339(message.expires),
    })
}

pub(super) fn requeued(desk: &Desk, outcome: &Outcome) -> String {
    let Outcome { queued, left, passed_over, instead } = outcome;
    if let Format::Json = desk.format {
        let left: Vec<Value> = left.iter().map(|(id, why)| json!({"id": id.to_string(), "why": why})).collect();
        let queued: Vec<String> = queued.iter().map(ToString::to_string).collect();
        return pretty(&json!({"queued": queued, "left": left, "passed_over": passed_over, "instead": instead}));
    }
    let mut page = String::new();
    for (id, why) in left {
        put(&mut page, format_args!("{id} stays as it is: {why}\n"));
    }
    if *passed_over > 0 {
        let codes = counted(*passed_over, "code");
        put(&mut page, format_args!("Left as they are: {codes} not valid any more.\n"));
    }
    if let Some(instead) = instead {
        put(&mut page, format_args!("{instead}\n"));
    }
    match queued.len() {
        0 => page.push_str("Nothing was queued again.\n"),
        count => put(
            &mut page,
            format_args!(
                "Queued again: {}. Servers look twice a second, and send them as their routes take them.\n",
                counted(count, "message")
            ),
        ),
    }
    page
}

/// Who gets what, without either.
fn what(desk: &Desk, message: &Message) -> String {
    match opened(desk, message) {
        Ok(out) => {
            let template = out.template.as_deref().map(|template| format!(", template {template}")).unwrap_or_default();
            format!("to {}, from {}, {}, {}{template}", number(&out), out.header, kind(out.kind), out.language)
        }
        Err(why) => why,
    }
}

fn opened(desk: &Desk, message: &Message) -> Result<OutMessage, String> {
    let Some(keyring) = &desk.keyring else {
        return Err("sealed: the settings have no keys".to_owned());
    };
    outbox::open(keyring, message).map_err(|error| format!("sealed, and cannot be read: {error}"))
}

fn number(out: &OutMessage) -> String {
    text::mask(out.to.digits())
}

fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::Otp => "otp",
        Priority::Receipt => "receipt",
        Priority::Notice => "notice",
    }
}

fn kind(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Transactional => "transactional",
        MessageKind::Service => "service",
        MessageKind::Promotional => "promotional",
        MessageKind::Government => "government",
    }
}

/// For scripts.
fn word(state: MessageState) -> &'static str {
    match state {
        MessageState::Queued => "queued",
        MessageState::Claimed => "claimed",
        MessageState::Sending => "sending",
        MessageState::Accepted => "accepted",
        MessageState::Refused => "refused",
        MessageState::InDoubt => "in_doubt",
        MessageState::Delivered => "delivered",
        MessageState::Undelivered => "undelivered",
        MessageState::Expired => "expired",
    }
}

/// For people.
fn state(state: MessageState, waits: bool) -> &'static str {
    match (state, waits) {
        (MessageState::Queued, _) => "queued",
        (MessageState::Claimed, _) => "about to be sent",
        (MessageState::Sending, _) => "being sent",
        (MessageState::Accepted, _) => "taken by the gateway",
        (MessageState::Refused, true) => "refused, tried again",
        (MessageState::Refused, false) => "refused for good",
        (MessageState::InDoubt, true) => "in doubt, sent again since that does no harm",
        (MessageState::InDoubt, false) => "in doubt: it may have gone out",
        (MessageState::Delivered, _) => "delivered",
        (MessageState::Undelivered, _) => "not delivered",
        (MessageState::Expired, _) => "too late to be sent",
    }
}

/// A reason behind something else, where there is one.
fn behind(state: MessageState, reason: Option<&str>) -> String {
    reason.map(|reason| format!(", {}", because(state, reason))).unwrap_or_default()
}

/// The word of a reason, with what it means where it is the bridge's own; others are the gateway's.
fn because(state: MessageState, reason: &str) -> String {
    let means = match reason {
        // It was sent, so that the word is the receipt's, whatever it is.
        gateways if state == MessageState::Undelivered => return format!("the gateway says `{gateways}`"),
        "no_connection" => "the gateway could not be reached",
        "no_route" => "the settings have no route",
        "no_header" => "no route may send as this header",
        "no_template" => "its text has no template, and no route carries free text",
        "letters" => "no route carries its letters",
        "unwritable" => "the gateway's profile cannot write it",
        "unreadable" => "the keys of the server do not open it",
        "expired" => "its time was over before it could be sent",
        gateways => return format!("the gateway says `{gateways}`"),
    };
    format!("`{reason}`: {means}")
}

/// `12 Jan 2026 15:04:05 IST`
fn moment(at: Timestamp) -> String {
    at.in_india().format("%d %b %Y %H:%M:%S IST").to_string()
}

fn rfc3339(at: Timestamp) -> String {
    at.in_india().to_rfc3339()
}

/// How long ago, in the unit in which it is said: `12m`.
fn long(now: Timestamp, at: Timestamp) -> String {
    let seconds = now.since(at).as_secs();
    let units = [(86_400, "d"), (3600, "h"), (60, "m")];
    let unit = units.into_iter().find(|(unit, _)| seconds >= *unit);
    let (unit, name) = unit.unwrap_or((1, "s"));
    format!("{}{name}", seconds / unit)
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn put(page: &mut String, text: std::fmt::Arguments<'_>) {
    // A string takes all that is written into it.
    let _ = page.write_fmt(text);
}
