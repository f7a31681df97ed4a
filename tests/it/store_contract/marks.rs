//! The part of the contract that is about what happened once.

use gramsetu::store::{Commit, CommitError, Mark};

use super::{Engine, START, committed, conversation, hash, later, of, turn};

/// As seen at the start.
pub(crate) fn mark(key: u8, until: gramsetu::types::Timestamp) -> Mark {
    Mark { key: hash(key), at: START, until, sealed: vec![key, 0, 255] }
}

fn marks(marks: Vec<Mark>) -> Commit {
    Commit { marks, ..Commit::default() }
}

pub(crate) async fn what_happened_once_does_not_happen_again(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let (one, two, other) = tokio::join!(
        store.commit(Commit { turn: turn(&conversation(1, 1, START)).turn, ..marks(vec![mark(70, later(10))]) }),
        store.commit(Commit { turn: turn(&conversation(2, 1, START)).turn, ..marks(vec![mark(70, later(10))]) }),
        store.commit(marks(vec![mark(71, later(10))]))
    );
    one.and(other).expect("they are the first");
    assert!(matches!(two, Err(CommitError::Seen(key)) if key == hash(70)), "queued beside the first: {two:?}");
    assert_eq!(of(&store, 2, START).await, None, "all of the commit failed");
    let twice = store.commit(marks(vec![mark(72, later(10)), mark(72, later(10))])).await;
    assert!(matches!(twice, Err(CommitError::Seen(key)) if key == hash(72)), "in one commit");
    let again = store.commit(marks(vec![mark(73, later(10)), Mark { at: later(10), ..mark(71, later(20)) }])).await;
    assert!(matches!(again, Err(CommitError::Seen(key)) if key == hash(71)), "in a later batch");
    assert_eq!(store.mark(hash(73), START).await.expect("readable"), None);

    engine.kill();
    let store = engine.open(later(1)).await;
    let again = store.commit(marks(vec![Mark { at: later(1), ..mark(70, later(10)) }])).await;
    assert!(matches!(again, Err(CommitError::Seen(_))));
    let anew = Mark { at: later(11), sealed: Vec::new(), ..mark(70, later(20)) };
    committed(&store, marks(vec![anew.clone()])).await;
    assert_eq!(store.mark(hash(70), later(11)).await.expect("readable"), Some(anew), "it may happen once more");
}

pub(crate) async fn marks_are_read_by_their_keys_until_they_expire(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    committed(&store, marks(vec![mark(70, later(10)), mark(71, later(20)), mark(72, later(20))])).await;
    let keys = || vec![hash(70), hash(71), hash(79)];
    let mut found = store.marks(keys(), later(10)).await.expect("readable");
    found.sort_by_key(|mark| mark.key);
    assert_eq!(found, [mark(70, later(10)), mark(71, later(20))]);
    assert_eq!(store.marks(keys(), later(11)).await.expect("readable"), [mark(71, later(20))]);
    assert_eq!(store.mark(hash(70), later(11)).await.expect("readable"), None);
    assert_eq!(store.marks(Vec::new(), START).await.expect("readable"), []);
}
