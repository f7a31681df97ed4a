//! The life of messages, apart from any database: what a batch's changes make of the messages they touch, and of receipts that
//! came before the message they are of was known by its gateway's id. What one change makes of one message is in `steps`.

use std::collections::HashMap;

use super::hashed::ByHash;
use super::{CommitError, KeyedHash, Message, MessageChange, MessageId, MessageState, ReceiptOf, ReceiptStatus};
use crate::types::Timestamp;

mod steps;

/// A receipt that nothing matched yet. It says how a message ended: of any other there is nothing to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Early {
    pub(super) foreign: KeyedHash,
    pub(super) status: ReceiptStatus,
    pub(super) reason: Option<String>,
    pub(super) at: Timestamp,
}

/// What a database holds of what a batch can meet. What is sealed is not read: no change needs it.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    pub(super) messages: Vec<Message>,
    pub(super) early: Vec<Early>,
}

/// The messages that a batch touches, as they stand after the commits judged so far.
#[derive(Debug, Default)]
pub(super) struct Messages {
    found: HashMap<MessageId, Message>,
    early_found: ByHash<Early>,
    /// What the batch made of them.
    now: HashMap<MessageId, Message>,
    early_now: ByHash<Receipt>,
    /// Which had an id of a gateway at some moment; whether they still have it they say themselves.
    by_foreign: ByHash<Vec<MessageId>>,
}

/// What was there before a commit's changes.
pub(super) type Undo = Vec<Before>;

#[derive(Debug)]
pub(super) enum Before {
    Message(MessageId, Option<Message>),
    Early(KeyedHash, Option<Receipt>),
}

/// What the batch made of an early receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Receipt {
    Kept(Early),
    Matched,
}

impl Messages {
    pub(super) fn new(held: Held) -> Self {
        let mut messages = Self::default();
        for message in held.messages {
            messages.note_foreign(&message);
            messages.found.insert(message.id, message);
        }
        messages.early_found = held.early.into_iter().map(|early| (early.foreign, early)).collect();
        messages
    }

    /// Makes one commit's changes, in their order; all or, with what is in the way, none.
    pub(super) fn change(&mut self, changes: &[MessageChange]) -> Result<Undo, CommitError> {
        let mut undo = Undo::new();
        for change in changes {
            if let Err(refused) = self.make(change, &mut undo) {
                self.undo(undo);
                return Err(refused);
            }
        }
        Ok(undo)
    }

    /// Takes one commit's changes back, as long as none came after them.
    pub(super) fn undo(&mut self, undo: Undo) {
        for before in undo.into_iter().rev() {
            match before {
                Before::Message(id, Some(was)) => _ = self.now.insert(id, was),
                Before::Message(id, None) => _ = self.now.remove(&id),
                Before::Early(foreign, Some(was)) => _ = self.early_now.insert(foreign, was),
                Before::Early(foreign, None) => _ = self.early_now.remove(&foreign),
            }
        }
    }

    /// Those that the database does not have yet, in the order of their keys.
    pub(super) fn queued(&self) -> Vec<&Message> {
        let queued = self.now.values().filter(|message| !self.found.contains_key(&message.id));
        sorted(queued.collect(), |message| (message.recipient, message.id))
    }

    /// Those that are to be changed, each with what it was, in the order of their keys.
    pub(super) fn changed(&self) -> Vec<(&Message, &Message)> {
        let both = self.now.values().filter_map(|message| Some((message, self.found.get(&message.id)?)));
        sorted(both.filter(|(now, was)| now != was).collect(), |(message, _)| (message.recipient, message.id))
    }

    /// Receipts that are to be kept, in the order of their keys.
    pub(super) fn kept(&self) -> Vec<&Early> {
        let kept = self.early_now.values().filter_map(|receipt| match receipt {
            Receipt::Kept(early) => Some(early),
            Receipt::Matched => None,
        });
        sorted(kept.collect(), |early| early.foreign)
    }

    /// Receipts that have found their message, as they were read, in the order of their keys.
    pub(super) fn matched(&self) -> Vec<&Early> {
        let matched = self.early_now.iter().filter(|(_, receipt)| **receipt == Receipt::Matched);
        sorted(matched.filter_map(|(foreign, _)| self.early_found.get(foreign)).collect(), |early| early.foreign)
    }

    /// As it stands after the commits judged so far.
    pub(super) fn get(&self, id: MessageId) -> Option<&Message> {
        self.now.get(&id).or_else(|| self.found.get(&id))
    }

    fn make(&mut self, change: &MessageChange, undo: &mut Undo) -> Result<(), CommitError> {
        match change {
            MessageChange::Queue(message) if self.get(message.id).is_none() => self.put(steps::first(message), undo),
            MessageChange::Queue(_) => {}
            MessageChange::Receipt { by, status, reason, at } => {
                let foreign = match by {
                    ReceiptOf::Foreign(foreign) => *foreign,
                    ReceiptOf::Id(..) => KeyedHash::default(),
                };
                self.receipt(*by, Early { foreign, status: *status, reason: reason.clone(), at: *at }, undo);
            }
            change => {
                let mut message = id(change).and_then(|id| self.get(id)).cloned();
                if !steps::step(message.as_mut(), change)? {
                    return Ok(());
                }
                let Some(mut message) = message else { return Ok(()) };
                if let MessageChange::Accepted { foreign: Some(foreign), .. } = change
                    && let Some(early) = self.early(*foreign)
                {
                    steps::tell(&mut message, early, None);
                    self.note(*foreign, Receipt::Matched, undo);
                }
                self.put(message, undo);
            }
        }
        Ok(())
    }

    fn receipt(&mut self, by: ReceiptOf, receipt: Early, undo: &mut Undo) {
        let (found, attempts) = match by {
            ReceiptOf::Id(id, attempts) => (self.get(id), Some(attempts)),
            ReceiptOf::Foreign(foreign) => (self.of_foreign(foreign), None),
        };
        let (is_there, mut message) = (found.is_some(), found.cloned());
        if let Some(message) = message.take_if(|message| steps::tell(message, &receipt, attempts)) {
            self.put(message, undo);
        }
        if let ReceiptOf::Foreign(foreign) = by {
            let kept = self.early(foreign).map(|early| early.status);
            if is_there && kept.is_some() {
                // Where two nodes were at it at once, it was kept although there was a message.
                self.note(foreign, Receipt::Matched, undo);
            } else if !is_there && receipt.status > kept.unwrap_or(ReceiptStatus::Underway) {
                self.note(foreign, Receipt::Kept(receipt), undo);
            }
        }
    }

    fn early(&self, foreign: KeyedHash) -> Option<&Early> {
        match self.early_now.get(&foreign) {
            Some(Receipt::Kept(early)) => Some(early),
            Some(Receipt::Matched) => None,
            None => self.early_found.get(&foreign),
        }
    }

    fn note(&mut self, foreign: KeyedHash, receipt: Receipt, undo: &mut Undo) {
        undo.push(Before::Early(foreign, self.early_now.insert(foreign, receipt)));
    }

    /// The one that got it last: a gateway may begin its ids anew.
    fn of_foreign(&self, foreign: KeyedHash) -> Option<&Message> {
        let all = self.by_foreign.get(&foreign)?.iter().filter_map(|id| self.get(*id));
        all.filter(|message| message.foreign == Some(foreign)).max_by_key(|message| (message.settled, message.at))
    }

    fn put(&mut self, message: Message, undo: &mut Undo) {
        self.note_foreign(&message);
        let id = message.id;
        undo.push(Before::Message(id, self.now.insert(id, message)));
    }

    fn note_foreign(&mut self, message: &Message) {
        if let Some(foreign) = message.foreign {
            let ids = self.by_foreign.entry(foreign).or_default();
            if !ids.contains(&message.id) {
                ids.push(message.id);
            }
        }
    }
}

/// Of messages whose time has come: the changes for those whose attempt is over, and the others in the order in which they go out.
pub(super) fn split(found: Vec<Message>, now: Timestamp) -> (Vec<MessageChange>, Vec<Message>) {
    let (overdue, mut due): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|message| message.state == MessageState::Sending);
    let doubt = |message: &Message| MessageChange::Doubt { id: message.id, attempt: message.attempt, again: Some(now) };
    due.sort_by(Message::order);
    (overdue.iter().map(doubt).collect(), due)
}

/// As it is once it was claimed.
pub(super) fn claimed(message: &mut Message, until: Timestamp) {
    let claim = MessageChange::Claim { id: message.id, lease: message.lease, until };
    // Just so it was claimed in the database.
    let _ = steps::step(Some(message), &claim);
}

/// What must be read before these changes can be judged: messages by id, and by their gateways' ids both messages and early receipts.
pub(super) fn wanted<'a>(changes: impl Iterator<Item = &'a MessageChange>) -> (Vec<MessageId>, Vec<KeyedHash>) {
    let (mut ids, mut foreigns) = (Vec::new(), Vec::new());
    for change in changes {
        ids.extend(id(change));
        match change {
            MessageChange::Accepted { foreign, .. } => foreigns.extend(*foreign),
            MessageChange::Receipt { by: ReceiptOf::Foreign(foreign), .. } => foreigns.push(*foreign),
            _ => {}
        }
    }
    (ids, foreigns)
}

/// The message that a change names.
fn id(change: &MessageChange) -> Option<MessageId> {
    match change {
        MessageChange::Queue(message) => Some(message.id),
        MessageChange::Claim { id, .. }
        | MessageChange::Sending { id, .. }
        | MessageChange::Accepted { id, .. }
        | MessageChange::Refused { id, .. }
        | MessageChange::Doubt { id, .. }
        | MessageChange::Release { id, .. }
        | MessageChange::Drop { id, .. }
        | MessageChange::Requeue { id, .. }
        | MessageChange::Receipt { by: ReceiptOf::Id(id, _), .. } => Some(*id),
        MessageChange::Receipt { by: ReceiptOf::Foreign(_), .. } => None,
    }
}

fn sorted<T: Copy, Key: Ord>(mut all: Vec<T>, key: impl Fn(T) -> Key) -> Vec<T> {
    all.sort_by_key(|one| key(*one));
    all
}

#[cfg(test)]
mod tests;
