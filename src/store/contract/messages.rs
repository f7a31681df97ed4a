//! What is kept of messages, and of what happened once.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use super::KeyedHash;
use crate::types::{Priority, Repeat, Timestamp};

/// Names a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u128);

/// In hexadecimal, as gateways give it back.
impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// What names no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a message is named by 32 hexadecimal digits")]
pub struct NoMessageId;

impl FromStr for MessageId {
    type Err = NoMessageId;

    fn from_str(text: &str) -> Result<Self, NoMessageId> {
        let is_id = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let id = is_id.then(|| u128::from_str_radix(text, 16).ok()).flatten();
        id.map(Self).ok_or(NoMessageId)
    }
}

/// An SMS that the bridge sends by itself: written with the turn or event that asked for it, and what became of it since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub id: MessageId,
    /// Of the number that it goes to.
    pub recipient: KeyedHash,
    pub priority: Priority,
    pub repeat: Repeat,
    pub state: MessageState,
    /// Counts how often it was begun to be sent: whoever tells what came of an earlier attempt is too late.
    pub attempt: u32,
    /// The attempts before an operator last had it sent again: they do not count against how often it is tried.
    pub forgiven: u32,
    /// Counts how often it was claimed: whoever holds an earlier lease has lost it.
    pub lease: u32,
    /// When it was queued.
    pub at: Timestamp,
    /// Not sent before; `None` where nobody sends it (again) by itself. While it is claimed or being sent, what it was before.
    pub due: Option<Timestamp>,
    /// While it is claimed or being sent: until when whoever does that has it to itself.
    pub until: Option<Timestamp>,
    /// When it is of no use any more. The store gives it out all the same: whoever has claimed it drops it.
    pub expires: Timestamp,
    /// Of the last attempt.
    pub route: Option<String>,
    /// Its id at the gateway that accepted it, hashed with that gateway's name.
    pub foreign: Option<KeyedHash>,
    /// Why it was refused, dropped or not delivered, in a word; never anything personal.
    pub reason: Option<String>,
    /// When the gateway accepted it, or what its receipt said.
    pub settled: Option<Timestamp>,
    /// The message itself. Nothing but `lease_messages`, `message` and `messages` gives it.
    pub sealed: Vec<u8>,
}

impl Message {
    /// A notice that goes out now and is never sent twice.
    pub fn queued(id: MessageId, recipient: KeyedHash, at: Timestamp, expires: Timestamp, sealed: Vec<u8>) -> Self {
        Self {
            id,
            recipient,
            priority: Priority::Notice,
            repeat: Repeat::Never,
            state: MessageState::Queued,
            attempt: 0,
            forgiven: 0,
            lease: 0,
            at,
            due: Some(at),
            until: None,
            expires,
            route: None,
            foreign: None,
            reason: None,
            settled: None,
            sealed,
        }
    }

    /// How often it was begun to be sent since it was queued, by what caused it or by an operator.
    pub fn tried(&self) -> u32 {
        self.attempt.saturating_sub(self.forgiven)
    }

    /// Whether nobody knows what became of its last attempt; so of one that waits to be tried again.
    pub fn may_have_gone_out(&self) -> bool {
        self.tried() > 0 && self.route.is_some() && self.reason.is_none()
    }

    /// Whether it was refused for good or came too late, so that nobody sends it but by an operator's word.
    pub fn is_dead(&self) -> bool {
        self.due.is_none() && matches!(self.state, MessageState::Refused | MessageState::Expired)
    }

    /// Which messages are claimed before which.
    pub fn order(&self, other: &Self) -> Ordering {
        let key = |message: &Self| (message.priority, message.due, message.at, message.id);
        key(self).cmp(&key(other))
    }
}

/// `Queued → Claimed → Sending → Accepted | Refused | InDoubt`, then what a receipt says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MessageState {
    Queued,
    /// Somebody is about to send it. Nothing has left yet: it alone may go back to `Queued`.
    Claimed,
    /// It is on its way to a gateway, or the process died while it was.
    Sending,
    /// A gateway has taken it.
    Accepted,
    /// A gateway, or the bridge itself, will not have it: claimed again where `due` is set, else a dead letter.
    Refused,
    /// The answer was lost: nobody knows whether it went out. Claimed again only where that does no harm.
    InDoubt,
    Delivered,
    Undelivered,
    /// It was too late to send it.
    Expired,
}

/// A step in the life of a message. Who names a lease must hold it, and the message be `Claimed`: else the whole commit fails with
/// [`CommitError::LeaseLost`](super::CommitError::LeaseLost). Any other step that the state does not allow changes nothing and fails
/// nothing: what was known first stays.
#[derive(Clone, Debug)]
pub enum MessageChange {
    /// As `Queued`, whatever state it names; but as `Accepted` where it says so, since it goes out in a reply. A second one of the same id changes nothing: an id that is drawn from what
    /// caused it makes one message of it.
    Queue(Message),
    /// From `Queued`, from `Refused` and `InDoubt` where `due` is set, and from `Claimed` when that lease is over: nobody else is
    /// given it until then; counts the lease up from the one named. [`Store::lease_messages`](super::Store::lease_messages) does it.
    Claim { id: MessageId, lease: u32, until: Timestamp },
    /// From `Claimed`, before the first byte leaves: counts `attempt` up. Once `until` has passed it is in doubt. `repeat`: whether this
    /// attempt may be made again then, be it because the route knows the message again.
    Sending { id: MessageId, lease: u32, route: String, until: Timestamp, repeat: Repeat },
    /// The gateway of that attempt has taken it. Also where the attempt was in doubt meanwhile, unless another one has begun since.
    /// A receipt that came before it is matched by it.
    Accepted { id: MessageId, attempt: u32, foreign: Option<KeyedHash>, at: Timestamp },
    /// The gateway of that attempt will definitely not send it. `again`: it may be claimed again from then on; `None`: a dead letter.
    Refused { id: MessageId, attempt: u32, again: Option<Timestamp>, reason: String },
    /// Nobody knows what came of that attempt. `again` counts only for what may be repeated.
    Doubt { id: MessageId, attempt: u32, again: Option<Timestamp> },
    /// From `Claimed` back to `Queued`: nothing was sent.
    Release { id: MessageId, lease: u32, due: Timestamp },
    /// From `Claimed`: it is not sent at all.
    Drop { id: MessageId, lease: u32, state: Unsent, reason: String },
    /// What a gateway says became of a message. One that nothing matches yet is kept for a week, if it says how it ended.
    ///
    /// In whichever order they come: `Delivered` counts more than `Failed`, and that more than `Underway`.
    Receipt { by: ReceiptOf, status: ReceiptStatus, reason: Option<String>, at: Timestamp },
    /// An operator's: a dead letter, or one that is in doubt or was not delivered, goes out again, and is tried as often as a new one.
    /// Attempts count on, so that what comes of earlier ones is not taken for theirs.
    Requeue { id: MessageId, due: Timestamp, expires: Timestamp },
}

/// How a message ends that is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsent {
    Expired,
    Refused,
}

/// Which message a receipt is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceiptOf {
    /// Where the gateway gives our id back, with the attempts that it names.
    Id(MessageId, Attempts),
    /// By the gateway's own id, as [`Message::foreign`].
    Foreign(KeyedHash),
}

/// Of which attempts at a message a receipt may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempts {
    /// This one alone.
    One(u32),
    /// Any from this one on: a gateway that knows a message again takes several for one.
    From(u32),
}

impl Attempts {
    pub const ALL: Self = Self::From(1);

    /// The first of them.
    pub fn first(self) -> u32 {
        match self {
            Self::One(attempt) | Self::From(attempt) => attempt,
        }
    }
}

/// A message as a gateway is given it, and gives it back with its receipts: `0…1f-2` at the second attempt, `0…1f.2` from the second on,
/// `0…1f` from the first on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentAs {
    pub id: MessageId,
    pub attempts: Attempts,
}

impl fmt::Display for SentAs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)?;
        match self.attempts {
            Attempts::ALL => Ok(()),
            Attempts::One(attempt) => write!(f, "-{attempt}"),
            Attempts::From(attempt) => write!(f, ".{attempt}"),
        }
    }
}

impl FromStr for SentAs {
    type Err = NoMessageId;

    fn from_str(text: &str) -> Result<Self, NoMessageId> {
        let (id, rest) = text.split_at_checked(32).ok_or(NoMessageId)?;
        let number = |digits: &str| digits.parse().map_err(|_| NoMessageId);
        let attempts = match rest.split_at_checked(1) {
            None => Attempts::ALL,
            Some(("-", attempt)) => Attempts::One(number(attempt)?),
            Some((".", attempt)) => Attempts::From(number(attempt)?),
            Some(_) => return Err(NoMessageId),
        };
        Ok(Self { id: id.parse()?, attempts })
    }
}

/// What a receipt says, the stronger the later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReceiptStatus {
    Underway,
    Failed,
    Delivered,
}

/// Which messages are claimed, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageClaims {
    pub now: Timestamp,
    /// Nobody else is given them before.
    pub until: Timestamp,
    pub at_most: u32,
    /// Only such as are of no use any more.
    pub expired: bool,
}

impl MessageClaims {
    /// When they are of no use any more, at the latest.
    pub(in crate::store) fn expires(&self) -> Timestamp {
        if self.expired { self.now } else { Timestamp(i64::MAX) }
    }
}

/// Which messages are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageFilter {
    /// Refused for good, or too late to be sent; the newest first.
    DeadLetters,
    /// In doubt, also those that are sent again; the newest first.
    Doubtful,
    /// A receipt said that they were not delivered; the newest first.
    Undelivered,
    /// That are to be sent, are claimed or being sent, in the order in which they go out.
    Waiting,
}

/// How many messages want something done. Those that are accepted or settled are not counted: there are too many.
///
/// Those that are claimed or being sent are counted among the first two thousand of each priority that wait, where those stand that are
/// claimed; were there more, they count as queued.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageCounts {
    pub queued: u64,
    pub claimed: u64,
    pub sending: u64,
    /// Refused, and to be tried again.
    pub refused: u64,
    /// In doubt; those that are sent again among them.
    pub in_doubt: u64,
    pub dead_letters: u64,
    /// Since when the one that waits longest might have been sent; it may lie ahead.
    pub oldest: Option<Timestamp>,
}

/// Messages that wait, or are in trouble, and are alike for whoever looks after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageGroup {
    pub state: MessageState,
    /// Whether they are sent (again) by themselves.
    pub waits: bool,
    pub priority: Priority,
    pub route: Option<String>,
    pub reason: Option<String>,
    pub count: u64,
    /// When the first of them was queued.
    pub at: Timestamp,
    /// Since when the one that waits longest might have been sent.
    pub due: Option<Timestamp>,
}

/// Something that happened once: an inbound message, a payment's end, a missed call within its hour, a part of a long message.
///
/// A commit with a mark whose key is there already, and has not expired at the new one's `at`, fails with
/// [`CommitError::Seen`](super::CommitError::Seen), all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub key: KeyedHash,
    pub at: Timestamp,
    /// The last moment at which it counts; later it is forgotten.
    pub until: Timestamp,
    /// What is to be found under it. Where two might set the same mark in the same millisecond, bytes like no others (as sealed ones
    /// are) tell them apart when a database's answer is lost.
    pub sealed: Vec<u8>,
}
