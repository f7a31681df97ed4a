//! Commits as the bridge makes them, without a bridge.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use gramsetu::menu::Version;
use gramsetu::store::{Commit, Conversation, JourneyRecord, KeyedHash, TurnRecord};
use gramsetu::types::Timestamp;

/// Bytes of a sealed session with its last reply.
pub(crate) const SEALED: usize = 400;

/// Names that a program and a profile of a gateway hold.
static GATEWAY: LazyLock<Arc<str>> = LazyLock::new(|| "africastalking".into());
static FROM: LazyLock<Arc<str>> = LazyLock::new(|| "home/start".into());
static TO: LazyLock<Arc<str>> = LazyLock::new(|| "epfo.balance/list".into());

/// A keyed hash: as good as random, and another for each number.
pub(crate) fn hash(number: u64) -> KeyedHash {
    KeyedHash((u128::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)).to_be_bytes())
}

/// The `turn`th turn of a subscriber, with its journey.
pub(crate) fn commit(subscriber: u64, turn: u64, at: Timestamp) -> Commit {
    let conversation = Conversation {
        subscriber: hash(subscriber),
        leg: hash(!subscriber),
        turn,
        at,
        expires: at.plus(Duration::from_mins(10)),
        sealed: vec![0xa5; SEALED],
    };
    let journey = JourneyRecord {
        at,
        session: hash(subscriber + 1),
        gateway: Arc::clone(&GATEWAY),
        channel: "ussd",
        program: Version([0x12; 16]),
        from: Some(Arc::clone(&FROM)),
        answer: "option 1".into(),
        to: Some(Arc::clone(&TO)),
    };
    let turn = TurnRecord { conversation, history: Some((5, hash(turn))) };
    Commit { turn: Some(turn), journeys: vec![journey], ..Commit::default() }
}
