//! What a change makes of one message.

use super::Early;
use crate::store::{Attempts, CommitError, Message, MessageChange, MessageState, ReceiptStatus, Unsent};
use crate::types::{Repeat, Timestamp};

/// Makes a change that names a message by its id, where there is one; whether it changed anything.
pub(super) fn step(message: Option<&mut Message>, change: &MessageChange) -> Result<bool, CommitError> {
    use MessageState::{Claimed, Expired, InDoubt, Queued, Refused, Sending, Undelivered};

    let lease = lease(change);
    let Some(message) = message else { return lease.map_or(Ok(false), |_| Err(CommitError::LeaseLost)) };
    let is_free = match change {
        MessageChange::Claim { .. } => is_claimable(message),
        _ => message.state == Claimed,
    };
    if lease.is_some_and(|lease| lease != message.lease || !is_free) {
        return Err(CommitError::LeaseLost);
    }
    if attempt(change).is_some_and(|attempt| attempt == 0 || attempt != message.attempt) {
        return Ok(false);
    }
    match (change, message.state) {
        (MessageChange::Claim { until, .. }, _) => {
            message.lease = message.lease.saturating_add(1);
            (message.state, message.until) = (Claimed, Some(*until));
        }
        (MessageChange::Sending { route, until, repeat, .. }, _) => {
            message.repeat = *repeat;
            message.attempt = message.attempt.saturating_add(1);
            (message.state, message.until) = (Sending, Some(*until));
            // What a gateway says of an earlier attempt says nothing of this one.
            (message.route, message.foreign, message.reason) = (Some(route.clone()), None, None);
        }
        // Nobody has begun to send it again since, and now nobody needs to.
        (MessageChange::Accepted { foreign, at, .. }, Sending | InDoubt | Queued | Claimed | Expired) => {
            rest(message, MessageState::Accepted, None);
            (message.foreign, message.reason, message.settled) = (*foreign, None, Some(*at));
        }
        // A receipt with our own id came first.
        (MessageChange::Accepted { foreign: Some(foreign), .. }, state)
            if is_settled(state) && message.foreign.is_none() =>
        {
            message.foreign = Some(*foreign);
        }
        (MessageChange::Refused { again, reason, .. }, Sending | InDoubt) => {
            rest(message, Refused, *again);
            message.reason = Some(reason.clone());
        }
        (MessageChange::Doubt { again, .. }, Sending) => {
            let again = again.filter(|_| message.repeat == Repeat::Harmless);
            rest(message, InDoubt, again);
        }
        (MessageChange::Release { due, .. }, _) => rest(message, Queued, Some(*due)),
        // An earlier attempt may have reached a phone: that it is not tried again does not make it unsent.
        (MessageChange::Drop { .. }, _) if message.may_have_gone_out() => rest(message, InDoubt, None),
        (MessageChange::Drop { state, reason, .. }, _) => {
            let state = match state {
                Unsent::Expired => Expired,
                Unsent::Refused => Refused,
            };
            rest(message, state, None);
            message.reason = Some(reason.clone());
        }
        (MessageChange::Requeue { due, expires, .. }, Refused | InDoubt | Undelivered | Expired) => {
            rest(message, Queued, Some(*due));
            (message.expires, message.settled, message.reason) = (*expires, None, None);
            message.forgiven = message.attempt;
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn is_settled(state: MessageState) -> bool {
    matches!(state, MessageState::Accepted | MessageState::Delivered | MessageState::Undelivered)
}

/// Whether somebody may claim it, when its time has come.
fn is_claimable(message: &Message) -> bool {
    use MessageState::{Claimed, InDoubt, Queued, Refused};
    message.due.is_some() && matches!(message.state, Queued | Claimed | Refused | InDoubt)
}

/// What a receipt makes of a message; whether that is anything. `attempts`: those that it names, where it does; what a gateway's own id
/// names is of the attempt that it was given for.
pub(super) fn tell(message: &mut Message, receipt: &Early, attempts: Option<Attempts>) -> bool {
    use MessageState::{Accepted, Delivered, InDoubt, Sending, Undelivered};

    let is_over = attempts.is_some_and(|attempts| match attempts {
        Attempts::One(attempt) => attempt != message.attempt,
        Attempts::From(attempt) => attempt <= message.forgiven,
    });
    let first = attempts.map_or(1, Attempts::first);
    let state = match (receipt.status, message.state) {
        // Never sent, so it is of something else.
        _ if message.attempt < first.max(1) => return false,
        (_, Delivered) => return false,
        // Whatever is planned for it: the phone has it.
        (ReceiptStatus::Delivered, _) => Delivered,
        // Of an attempt that is over, of which something else came since; told again, perhaps.
        _ if is_over => return false,
        (ReceiptStatus::Failed, Accepted | InDoubt) => Undelivered,
        // Before the gateway's answer, where it can be of no earlier attempt.
        (ReceiptStatus::Failed, Sending) if message.attempt == first => Undelivered,
        (ReceiptStatus::Underway, Sending | InDoubt) => Accepted,
        _ => return false,
    };
    rest(message, state, None);
    message.reason = if state == Undelivered { receipt.reason.clone() } else { None };
    message.settled = Some(receipt.at);
    true
}

/// Nobody is at it any more.
fn rest(message: &mut Message, state: MessageState, due: Option<Timestamp>) {
    (message.state, message.due, message.until) = (state, due, None);
}

/// As one is when it is queued, whatever it says of itself but that it goes out in a reply.
pub(super) fn first(message: &Message) -> Message {
    let given = message.clone();
    let due = Some(given.due.unwrap_or(given.at));
    let new = Message::queued(given.id, given.recipient, given.at, given.expires, given.sealed);
    let queued = Message { priority: given.priority, repeat: given.repeat, due, ..new };
    if given.state == MessageState::Accepted {
        // It goes out in the reply to what caused it, and nobody sends it.
        let (state, settled) = (MessageState::Accepted, Some(given.at));
        return Message { state, settled, attempt: 1, due: None, route: given.route, ..queued };
    }
    queued
}

/// The lease under which a change is made.
fn lease(change: &MessageChange) -> Option<u32> {
    match change {
        MessageChange::Claim { lease, .. }
        | MessageChange::Sending { lease, .. }
        | MessageChange::Release { lease, .. }
        | MessageChange::Drop { lease, .. } => Some(*lease),
        _ => None,
    }
}

/// The attempt of which a change tells.
fn attempt(change: &MessageChange) -> Option<u32> {
    match change {
        MessageChange::Accepted { attempt, .. }
        | MessageChange::Refused { attempt, .. }
        | MessageChange::Doubt { attempt, .. } => Some(*attempt),
        _ => None,
    }
}
