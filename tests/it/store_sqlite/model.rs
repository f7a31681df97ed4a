//! Random lives of a store against a model of a few lines: whatever is folded, reopened or killed in between, what is read
//! is what was committed last.

use std::collections::HashMap;

use gramsetu::store::{CommitError, Conversation, Lookup};
use gramsetu::types::Timestamp;
use proptest::prelude::*;

use super::Files;
use crate::store_contract::{Engine as _, START, conversation, hash, turn};

#[derive(Clone, Debug)]
enum Act {
    /// Turns that are queued together: subscriber, how far the number is from the next one, seconds until it expires.
    Commit(Vec<(u8, i8, u16)>),
    /// Seconds pass.
    Wait(u16),
    Upkeep,
    Reopen,
    Kill,
}

fn act() -> impl Strategy<Value = Act> {
    let turn = (0..6u8, prop_oneof![6 => Just(0), 1 => -2..3i8], prop_oneof![10..400u16, Just(30_000)]);
    prop_oneof![
        8 => prop::collection::vec(turn, 1..4).prop_map(Act::Commit),
        3 => (0..200u16).prop_map(Act::Wait),
        3 => Just(Act::Upkeep),
        1 => Just(Act::Reopen),
        1 => Just(Act::Kill),
    ]
}

/// What is promised, without a database.
#[derive(Default)]
struct Model(HashMap<u8, Conversation>);

impl Model {
    fn commit(&mut self, subscriber: u8, next: &Conversation) -> Result<(), Conversation> {
        match self.0.get(&subscriber) {
            Some(last) if last.expires >= next.at && last.turn + 1 != next.turn => Err(last.clone()),
            _ => {
                self.0.insert(subscriber, next.clone());
                Ok(())
            }
        }
    }

    fn last(&self, subscriber: u8, now: Timestamp) -> Option<&Conversation> {
        self.0.get(&subscriber).filter(|last| last.expires >= now)
    }
}

async fn live(acts: Vec<Act>, tail: usize) -> Result<(), TestCaseError> {
    let mut files = Files::new();
    files.tail = tail;
    let (mut model, mut now) = (Model::default(), START);
    let mut store = files.open(now).await;
    for act in acts {
        match act {
            Act::Commit(turns) => {
                let mut expected = Vec::new();
                let mut commits = Vec::new();
                for (subscriber, off, lives) in turns {
                    let last = model.last(subscriber, now).map_or(0, |last| last.turn);
                    let number = last.saturating_add_signed(1 + i64::from(off)).max(1);
                    let mut next = conversation(subscriber, number, now);
                    next.expires = Timestamp(now.0 + i64::from(lives) * 1000);
                    // Legs change with every third turn, and are nobody else's.
                    let leg = u8::try_from(number / 3 % 20).expect("below 20");
                    next.leg = hash(100 + 20 * subscriber + leg);
                    expected.push(model.commit(subscriber, &next));
                    let store = std::sync::Arc::clone(&store);
                    commits.push(tokio::spawn(async move { store.commit(turn(&next)).await }));
                }
                for (commit, expected) in commits.into_iter().zip(expected) {
                    match (commit.await.expect("no panic"), expected) {
                        (Ok(()), Ok(())) => {}
                        (Err(CommitError::Lost(winner)), Err(expected)) => prop_assert_eq!(*winner, expected),
                        (got, expected) => prop_assert!(false, "{:?} where {:?} was expected", got, expected),
                    }
                }
            }
            Act::Wait(seconds) => now.0 += i64::from(seconds) * 1000,
            Act::Upkeep => store.upkeep(now).await.expect("kept up"),
            Act::Reopen => {
                store.close().await.expect("closed");
                store = files.open(now).await;
            }
            Act::Kill => {
                files.kill();
                store = files.open(now).await;
            }
        }
        for subscriber in 0..6 {
            let expected = model.last(subscriber, now);
            let found = store.conversation(Lookup::Subscriber(hash(subscriber)), now).await.expect("readable");
            prop_assert_eq!(found.as_ref(), expected);
            for leg in (0..20).map(|leg| hash(100 + 20 * subscriber + leg)) {
                let expected = expected.filter(|expected| expected.leg == leg);
                let found = store.conversation(Lookup::Leg(leg), now).await.expect("readable");
                prop_assert_eq!(found.as_ref(), expected);
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_life_reads_what_was_committed_last(acts in prop::collection::vec(act(), 1..40), tail in 1..12usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(live(acts, tail))?;
    }
}
