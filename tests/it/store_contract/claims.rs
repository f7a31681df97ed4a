//! Which messages a node is given.

use std::sync::Arc;

use gramsetu::store::{Message, MessageChange, MessageClaims, MessageFilter, MessageId, MessageState};
use gramsetu::types::Priority;

use super::messages::{ids, lease, listed, message, messages, sending, state};
use super::{Engine, START, committed, later};

pub(crate) async fn messages_are_claimed_by_priority_then_due_then_age(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let of = |id, priority, due, at| Message { priority, at: later(at), ..message(id, later(due)) };
    let all = [
        of(1, Priority::Notice, 1, 0),
        of(2, Priority::Receipt, 9, 0),
        of(3, Priority::Receipt, 8, 1),
        of(4, Priority::Receipt, 8, 0),
        of(5, Priority::Otp, 10, 0),
        of(6, Priority::Otp, 11, 0),
    ];
    committed(&store, messages(all.iter().cloned().map(MessageChange::Queue).collect())).await;
    assert_eq!(listed(&store, MessageFilter::Waiting).await, [5, 6, 4, 3, 2, 1]);
    assert_eq!(ids(&lease(&store, 10, 2).await), [5, 4]);
    assert_eq!(ids(&lease(&store, 10, 2).await), [3, 2], "nobody else is given what is claimed");
    assert_eq!(ids(&lease(&store, 20, 9).await), [6, 1]);
    let again = lease(&store, 110, 9).await;
    assert_eq!(ids(&again), [5, 4, 3, 2], "leases end");
    assert!(again.iter().all(|message| message.lease == 2));
}

pub(crate) async fn of_no_use_are_claimed_by_themselves_where_that_is_asked(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let of = |id, expires| Message { expires: later(expires), ..message(id, START) };
    // Of no use from then on: at once, later, and two at once, of which one is claimed and one is being sent.
    let all = [of(1, 5), of(2, 9), of(3, 5), of(4, 5)];
    committed(&store, messages(all.iter().cloned().map(MessageChange::Queue).collect())).await;
    let claim = |id, until| MessageChange::Claim { id: MessageId(id), lease: 0, until: later(until) };
    let claimed = [claim(3, 8), claim(4, 4)];
    committed(&store, messages(claimed.to_vec())).await;
    committed(&store, messages(vec![sending(&Message { lease: 1, ..of(4, 5) }, later(4))])).await;
    let expired = async |now, at_most| {
        let claims = MessageClaims { now: later(now), until: later(now + 100), at_most, expired: true };
        ids(&store.lease_messages(claims).await.expect("readable"))
    };
    assert_eq!(expired(4, 9).await, [] as [u128; 0]);
    assert_eq!(expired(5, 1).await, [1]);
    assert_eq!(expired(8, 9).await, [3], "once its lease is over");
    assert_eq!(state(&store, 4).await, MessageState::InDoubt, "its attempt is over");
    assert_eq!(expired(9, 9).await, [2]);
}

pub(crate) async fn claims_at_once_are_of_different_messages(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let all = (1..=60).map(|id| MessageChange::Queue(message(id, later(5)))).collect();
    committed(&store, messages(all)).await;
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut mine = Vec::new();
                // One that was read by two is claimed by one of them: the other asks again.
                for _ in 0..200 {
                    mine.extend(ids(&lease(&store, 5, 4).await));
                }
                mine
            })
        })
        .collect();
    let mut claimed = Vec::new();
    for task in tasks {
        claimed.extend(task.await.expect("no panic"));
    }
    claimed.sort_unstable();
    assert_eq!(claimed, (1..=60).collect::<Vec<_>>(), "each once");
}
