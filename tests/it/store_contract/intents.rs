//! The part of the contract that is about intents: nothing is done twice.

use gramsetu::store::{Commit, CommitError, Intent, IntentChange, IntentId, IntentState, SubscriberRecord};

use super::{Engine, HOUR, START, changes, committed, conversation, hash, intent, later, of, turn};

pub(crate) async fn an_intent_lives_its_life(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let mut expected = intent(u128::MAX - 1, 1, 60, later(10));
    let id = expected.id;
    committed(&store, changes(vec![IntentChange::Claim(expected.clone())])).await;
    assert_eq!(store.open_intent(hash(1), hash(60)).await.expect("readable").as_ref(), Some(&expected));

    for (tries, due) in [(1, later(20)), (2, later(30))] {
        committed(&store, changes(vec![IntentChange::Doubt { id, due, lease: None }])).await;
        expected = Intent { state: IntentState::Doubtful, tries, due, ..expected };
        assert_eq!(store.intent(id).await.expect("readable").as_ref(), Some(&expected));
    }
    committed(&store, changes(vec![IntentChange::Settle { id, sealed: b"outcome".to_vec(), lease: None }])).await;
    expected = Intent { state: IntentState::Settled, sealed: b"outcome".to_vec(), ..expected };
    assert_eq!(store.open_intent(hash(1), hash(60)).await.expect("readable").as_ref(), Some(&expected));
    assert_eq!(store.lease_due(later(HOUR), later(HOUR + 1), 10, Vec::new()).await.expect("readable"), []);

    committed(&store, changes(vec![IntentChange::Told { id }])).await;
    expected.state = IntentState::Told;
    assert_eq!(store.intent(id).await.expect("readable").as_ref(), Some(&expected));
    assert_eq!(store.open_intent(hash(1), hash(60)).await.expect("readable"), None);
}

pub(crate) async fn a_request_is_open_once(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let claim = |id, subscriber, request| IntentChange::Claim(intent(id, subscriber, request, later(1)));
    let (one, two, other, wish) = tokio::join!(
        store.commit(changes(vec![claim(1, 1, 60)])),
        store.commit(changes(vec![claim(2, 1, 60)])),
        store.commit(changes(vec![claim(3, 2, 60)])),
        store.commit(changes(vec![claim(4, 1, 61)]))
    );
    one.expect("the first stands");
    assert!(matches!(two, Err(CommitError::AlreadyOpen(open)) if open.id == IntentId(1)), "queued beside the first");
    other.and(wish).expect("another subscriber's, and another request");
    let again = store.commit(changes(vec![claim(5, 1, 60)])).await;
    assert!(matches!(again, Err(CommitError::AlreadyOpen(open)) if open.id == IntentId(1)), "in a later batch");
    let twin = store.commit(changes(vec![claim(1, 9, 62)])).await;
    assert!(matches!(twin, Err(CommitError::AlreadyOpen(open)) if open.id == IntentId(1)), "an id names one intent");

    let settle = IntentChange::Settle { id: IntentId(1), sealed: Vec::new(), lease: None };
    let told = changes(vec![settle, IntentChange::Told { id: IntentId(1) }]);
    let (told, next) = tokio::join!(store.commit(told), store.commit(changes(vec![claim(6, 1, 60)])));
    told.and(next).expect("told in one commit, claimed in the next, of one batch");
    let open = store.open_intent(hash(1), hash(60)).await.expect("readable");
    assert_eq!(open.map(|open| open.id), Some(IntentId(6)));
}

pub(crate) async fn a_lost_commit_leaves_nothing_of_itself(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    committed(&store, turn(&conversation(1, 1, START))).await;
    let subscriber = SubscriberRecord { subscriber: hash(1), at: START, sealed: b"profile".to_vec() };
    let lost = Commit {
        subscriber: Some(subscriber.clone()),
        intents: vec![IntentChange::Claim(intent(1, 1, 60, later(1)))],
        ..turn(&conversation(1, 1, START))
    };
    assert!(matches!(store.commit(lost).await, Err(CommitError::Lost(_))));

    let claims = [1, 2].map(|id| IntentChange::Claim(intent(id, 1, 60, later(1)))).to_vec();
    let open = Commit { subscriber: Some(subscriber), intents: claims, ..turn(&conversation(1, 2, START)) };
    assert!(matches!(store.commit(open).await, Err(CommitError::AlreadyOpen(open)) if open.id == IntentId(1)));

    assert_eq!(of(&store, 1, START).await.map(|found| found.turn), Some(1));
    assert_eq!(store.subscriber(hash(1)).await.expect("readable"), None);
    assert_eq!(store.intent(IntentId(1)).await.expect("readable"), None);
    assert_eq!(store.observed().failed, 2);
}

pub(crate) async fn steps_that_a_state_does_not_allow_change_nothing(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let id = IntentId(1);
    let settle = |sealed: &[u8]| IntentChange::Settle { id, sealed: sealed.to_vec(), lease: None };
    committed(&store, changes(vec![settle(b"nobody's"), IntentChange::Told { id }])).await;
    assert_eq!(store.intent(id).await.expect("readable"), None);

    committed(&store, changes(vec![IntentChange::Claim(intent(1, 1, 60, later(1))), IntentChange::Told { id }])).await;
    let state = store.intent(id).await.expect("readable").map(|found| found.state);
    assert_eq!(state, Some(IntentState::Claimed), "nobody can be told what is not known");
    committed(&store, changes(vec![settle(b"first")])).await;
    committed(&store, changes(vec![settle(b"second"), IntentChange::Doubt { id, due: later(9), lease: None }])).await;
    let found = store.intent(id).await.expect("readable").expect("there");
    assert_eq!((found.state, found.sealed.as_slice(), found.tries), (IntentState::Settled, &b"first"[..], 0));
}

pub(crate) async fn due_intents_are_leased_oldest_first(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let dues = [(1, 30), (2, 10), (3, 40), (4, 20)];
    let claims = dues.map(|(id, due)| IntentChange::Claim(intent(u128::from(id), 1, 60 + id, later(due))));
    committed(&store, changes(claims.to_vec())).await;
    let leased = |now, at_most| {
        let leased = store.lease_due(later(now), later(now + 100), at_most, Vec::new());
        async { leased.await.expect("readable").iter().map(|intent| intent.id.0).collect::<Vec<_>>() }
    };
    assert_eq!(leased(9, 10).await, [] as [u128; 0]);
    assert_eq!(leased(30, 2).await, [2, 4]);
    assert_eq!(leased(30, 10).await, [1], "nobody else is given what is leased");
    committed(&store, changes(vec![IntentChange::Doubt { id: IntentId(2), due: later(35), lease: Some(1) }])).await;
    assert_eq!(leased(40, 10).await, [2, 3]);
    assert_eq!(leased(130, 10).await.len(), 2, "leases end");
}

pub(crate) async fn intents_of_departments_that_are_left_out_stay_where_they_are(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    for (id, operation) in [(1, "lpg.book"), (2, "lpg.price"), (3, "lpgas.book"), (4, "epfo.claim")] {
        let claim = Intent { operation: operation.to_owned(), ..intent(u128::from(id), 1, 60 + id, later(id.into())) };
        committed(&store, changes(vec![IntentChange::Claim(claim)])).await;
    }
    let leased = |at_most, but: &[&str]| {
        let but = but.iter().map(|name| (*name).to_owned()).collect();
        let leased = store.lease_due(later(10), later(100), at_most, but);
        async { leased.await.expect("readable").iter().map(|intent| intent.id.0).collect::<Vec<_>>() }
    };
    assert_eq!(leased(1, &["lpg", "book", "a'b"]).await, [3]);
    assert_eq!(leased(9, &["lpg", "epfo"]).await, [] as [u128; 0]);
    assert_eq!(leased(9, &["epfo"]).await, [1, 2]);
    assert_eq!(leased(9, &[]).await, [4]);
}

pub(crate) async fn who_lost_a_lease_writes_nothing(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let id = IntentId(1);
    committed(&store, changes(vec![IntentChange::Claim(intent(1, 1, 60, later(10)))])).await;
    let mut leases = Vec::new();
    for now in [10, 20] {
        let given = store.lease_due(later(now), later(now + 10), 1, Vec::new()).await.expect("readable");
        assert_eq!(given.first(), store.intent(id).await.expect("readable").as_ref());
        leases.extend(given.first().map(|intent| intent.lease));
    }
    assert_eq!(leases, [1, 2]);
    let settle = |lease| IntentChange::Settle { id, sealed: b"outcome".to_vec(), lease: Some(lease) };
    let doubt = |lease| IntentChange::Doubt { id, due: later(50), lease: Some(lease) };
    for stale in [settle(1), doubt(1)] {
        let subscriber = SubscriberRecord { subscriber: hash(1), at: START, sealed: b"hi".to_vec() };
        let commit = Commit { subscriber: Some(subscriber), intents: vec![stale], ..Commit::default() };
        assert!(matches!(store.commit(commit).await, Err(CommitError::LeaseLost)));
    }
    assert_eq!(store.subscriber(hash(1)).await.expect("readable"), None, "all of the commit failed");
    let found = store.intent(id).await.expect("readable").expect("there");
    assert_eq!((found.state, found.tries, found.due), (IntentState::Claimed, 0, later(30)));
    committed(&store, changes(vec![settle(2)])).await;
    let state = store.intent(id).await.expect("readable").map(|intent| intent.state);
    assert_eq!(state, Some(IntentState::Settled));
}

pub(crate) async fn a_subscribers_intents_are_told_newest_first(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    for (id, at) in [(1, 10), (2, 30), (3, 20)] {
        let claim = Intent { at: later(at), ..intent(id, 1, 60 + u8::try_from(id).expect("small"), later(99)) };
        committed(&store, changes(vec![IntentChange::Claim(claim)])).await;
    }
    committed(&store, changes(vec![IntentChange::Claim(intent(4, 2, 60, later(99)))])).await;
    let settle = IntentChange::Settle { id: IntentId(2), sealed: b"outcome".to_vec(), lease: None };
    committed(&store, changes(vec![settle, IntentChange::Told { id: IntentId(2) }])).await;
    let of = async |at_most| {
        let found = store.intents_of(hash(1), at_most).await.expect("readable");
        found.iter().map(|intent| (intent.id.0, intent.state)).collect::<Vec<_>>()
    };
    let (told, claimed) = (IntentState::Told, IntentState::Claimed);
    assert_eq!(of(9).await, [(2, told), (3, claimed), (1, claimed)]);
    assert_eq!(of(2).await, [(2, told), (3, claimed)]);
}
