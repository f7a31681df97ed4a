//! Having messages sent again: which may be, and which are left as they are.

use std::collections::BTreeSet;
use std::time::Duration;

use super::MessagesError;
use crate::commands::counted;
use crate::source::suggest;
use crate::store::{Mail, Message, MessageChange, MessageFilter, MessageId, MessageState};
use crate::types::{Priority, Timestamp};

/// Messages that are changed together: so many that a server beside waits for no more than a moment.
const TOGETHER: usize = 200;

/// Which messages are meant.
pub(super) enum Which {
    Named(Vec<MessageId>),
    All { filter: MessageFilter, reason: Option<String>, route: Option<String>, since: Option<Timestamp> },
}

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) queued: Vec<MessageId>,
    /// Those that stay as they are although they were named, each with why.
    pub(super) left: Vec<(MessageId, &'static str)>,
    /// The same of those that were not named.
    pub(super) passed_over: usize,
    /// Which reasons or routes there are, where one was named that none of them has.
    pub(super) instead: Option<String>,
}

/// Has them sent again, at once and not after `within`.
pub(super) async fn requeue(
    mail: &dyn Mail,
    which: Which,
    may_repeat: bool,
    now: Timestamp,
    within: Duration,
) -> Result<Outcome, MessagesError> {
    let mut outcome = Outcome::default();
    let mut wanted = Vec::new();
    match which {
        Which::Named(ids) => {
            for id in ids {
                let message = mail.message(id).await?.ok_or(MessagesError::NoMessage(id))?;
                match may(&message, now) {
                    Ok(()) => wanted.push(message),
                    Err(why) => outcome.left.push((id, why)),
                }
            }
        }
        Which::All { filter, reason, route, since } => {
            let fits = |message: &Message| {
                reason.as_deref().is_none_or(|reason| message.reason.as_deref() == Some(reason))
                    && route.as_deref().is_none_or(|route| message.route.as_deref() == Some(route))
                    && since.is_none_or(|since| message.at >= since)
            };
            // As many as a database can give; they are forgotten after some days.
            let mut found = mail.messages(filter, i32::MAX.cast_unsigned()).await?;
            // What is sent again by itself needs nobody.
            found.retain(|message| message.due.is_none());
            let reasons = found.iter().filter_map(|message| message.reason.as_deref());
            let routes = found.iter().filter_map(|message| message.route.as_deref());
            outcome.instead =
                instead("reason", reason.as_deref(), reasons).or_else(|| instead("route", route.as_deref(), routes));
            found.retain(fits);
            let all = found.len();
            found.retain(|message| may(message, now).is_ok());
            outcome.passed_over = all - found.len();
            wanted = found;
        }
    }
    let doubtful = wanted.iter().filter(|message| message.state == MessageState::InDoubt).count();
    if doubtful > 0 && !may_repeat {
        let is = if doubtful == 1 { "is" } else { "are" };
        return Err(MessagesError::MayRepeat(format!("{} {is}", counted(doubtful, "message"))));
    }
    for together in wanted.chunks(TOGETHER) {
        let changes = together.iter().map(|message| MessageChange::Requeue {
            id: message.id,
            due: now,
            expires: expires(message, now, within),
        });
        mail.change(changes.collect()).await?;
        outcome.queued.extend(together.iter().map(|message| message.id));
    }
    Ok(outcome)
}

/// What there is, where what was asked for is not there: it may be misspelt.
fn instead<'a>(what: &str, asked: Option<&str>, there: impl Iterator<Item = &'a str>) -> Option<String> {
    let asked = asked?;
    let there: Vec<&str> = there.collect::<BTreeSet<_>>().into_iter().collect();
    if there.is_empty() || there.contains(&asked) {
        return None;
    }
    Some(format!("None of them has the {what} `{asked}`; there are: {}.", suggest::list(&there)))
}

/// Why a message is left as it is.
fn may(message: &Message, now: Timestamp) -> Result<(), &'static str> {
    use MessageState::{Accepted, Claimed, Delivered, Expired, InDoubt, Queued, Refused, Sending, Undelivered};

    match message.state {
        Queued | Claimed => Err("it waits to be sent already"),
        Sending => Err("it is being sent at this moment"),
        Accepted => Err("a gateway has taken it, and has not said that it failed"),
        Delivered => Err("it was delivered"),
        Refused | InDoubt | Undelivered | Expired if is_over(message, now) => Err("its code is not valid any more"),
        Refused | InDoubt | Undelivered | Expired => Ok(()),
    }
}

/// A code is valid as long as its message was to live: later it only confuses.
fn is_over(message: &Message, now: Timestamp) -> bool {
    message.priority == Priority::Otp && message.expires <= now
}

fn expires(message: &Message, now: Timestamp, within: Duration) -> Timestamp {
    let expires = now.plus(within);
    if message.priority == Priority::Otp { expires.min(message.expires) } else { expires }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::KeyedHash;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn message(state: MessageState, priority: Priority, expires: i64) -> Message {
        let queued = Message::queued(MessageId(1), KeyedHash([1; 16]), Timestamp(0), Timestamp(expires), Vec::new());
        Message { priority, state, ..queued }
    }

    #[test]
    fn what_failed_goes_out_again_and_what_may_yet_come_does_not() {
        use MessageState::{Accepted, Claimed, Delivered, Expired, InDoubt, Queued, Refused, Sending, Undelivered};
        for state in [Refused, InDoubt, Undelivered, Expired] {
            assert_eq!(may(&message(state, Priority::Notice, 5), NOW), Ok(()), "{state:?}");
        }
        for state in [Queued, Claimed, Sending, Accepted, Delivered] {
            assert!(may(&message(state, Priority::Notice, 5), NOW).is_err(), "{state:?}");
        }
    }

    #[test]
    fn a_code_does_not_outlive_itself() {
        let (over, valid) = (
            message(MessageState::Refused, Priority::Otp, 5),
            message(MessageState::Refused, Priority::Otp, 1_000_005),
        );
        assert!(may(&over, NOW).is_err() && may(&valid, NOW).is_ok());
        let day = Duration::from_hours(24);
        assert_eq!(expires(&valid, NOW, day), Timestamp(1_000_005));
        assert_eq!(expires(&message(MessageState::Refused, Priority::Notice, 5), NOW, day), NOW.plus(day));
    }
}
