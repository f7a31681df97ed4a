//! The part of the contract that is about messages: queued with what caused them, sent once, and what became of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use gramsetu::store::{
    Attempts, Commit, CommitError, KeyedHash, Message, MessageChange, MessageClaims, MessageCounts, MessageFilter,
    MessageId, MessageState, Options, ReceiptOf, ReceiptStatus, Store, Unsent,
};
use gramsetu::types::{Priority, Repeat, Timestamp};

use super::{Engine, HOUR, SECOND, START, committed, conversation, hash, later, mark, turn};

/// A notice to subscriber 1, of use for an hour.
pub(crate) fn message(id: u128, due: Timestamp) -> Message {
    let sealed = format!("message {id}").into_bytes();
    let queued = Message::queued(MessageId(id), hash(1), START, later(HOUR), sealed);
    Message { due: Some(due), ..queued }
}

pub(crate) fn messages(messages: Vec<MessageChange>) -> Commit {
    Commit { messages, ..Commit::default() }
}

pub(crate) fn queue(message: &Message) -> Commit {
    messages(vec![MessageChange::Queue(message.clone())])
}

pub(crate) fn sending(message: &Message, until: Timestamp) -> MessageChange {
    MessageChange::Sending {
        id: message.id,
        lease: message.lease,
        route: "route".to_owned(),
        until,
        repeat: message.repeat,
    }
}

pub(crate) fn accepted(id: u128, attempt: u32, foreign: Option<KeyedHash>) -> MessageChange {
    MessageChange::Accepted { id: MessageId(id), attempt, foreign, at: later(7) }
}

pub(crate) fn receipt(foreign: KeyedHash, status: ReceiptStatus) -> Commit {
    let by = ReceiptOf::Foreign(foreign);
    messages(vec![MessageChange::Receipt { by, status, reason: Some("absent".to_owned()), at: later(8) }])
}

pub(crate) async fn read(store: &Arc<dyn Store>, id: u128) -> Option<Message> {
    store.message(MessageId(id)).await.expect("readable")
}

pub(crate) async fn state(store: &Arc<dyn Store>, id: u128) -> MessageState {
    read(store, id).await.expect("there").state
}

pub(crate) async fn lease(store: &Arc<dyn Store>, now: i64, at_most: u32) -> Vec<Message> {
    let claims = MessageClaims { now: later(now), until: later(now + 100), at_most, expired: false };
    store.lease_messages(claims).await.expect("readable")
}

pub(crate) async fn listed(store: &Arc<dyn Store>, filter: MessageFilter) -> Vec<u128> {
    store.messages(filter, 10).await.expect("readable").iter().map(|message| message.id.0).collect()
}

pub(crate) fn ids(messages: &[Message]) -> Vec<u128> {
    messages.iter().map(|message| message.id.0).collect()
}

pub(crate) async fn a_message_is_queued_with_its_turn_or_not_at_all(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let first = Message { priority: Priority::Otp, repeat: Repeat::Harmless, ..message(u128::MAX - 1, later(5)) };
    let both = Commit { marks: vec![mark(70, later(9))], ..queue(&first) };
    committed(&store, Commit { turn: turn(&conversation(1, 1, START)).turn, ..both }).await;
    assert_eq!(read(&store, first.id.0).await.as_ref(), Some(&first));
    assert_eq!(store.mark(hash(70), START).await.expect("readable"), Some(mark(70, later(9))));

    // Its turn is lost to another.
    let second = Commit { marks: vec![mark(71, later(9))], ..queue(&message(2, START)) };
    let lost = Commit { turn: turn(&conversation(1, 1, later(1))).turn, ..second };
    assert!(matches!(store.commit(lost).await, Err(CommitError::Lost(_))));
    // Or what comes after it in the same commit does not stand.
    let stale = MessageChange::Release { id: first.id, lease: 3, due: START };
    let fails =
        Commit { marks: vec![mark(71, later(9))], ..messages(vec![MessageChange::Queue(message(2, START)), stale]) };
    let fails = Commit { turn: turn(&conversation(1, 2, later(1))).turn, ..fails };
    assert!(matches!(store.commit(fails).await, Err(CommitError::LeaseLost)));
    assert_eq!((read(&store, 2).await, store.mark(hash(71), START).await.expect("readable")), (None, None));
    committed(&store, turn(&conversation(1, 2, later(1)))).await;

    let again = Message { sealed: b"another".to_vec(), ..first.clone() };
    committed(&store, queue(&again)).await;
    assert_eq!(read(&store, first.id.0).await, Some(first), "an id makes one message");
}

pub(crate) async fn a_message_lives_its_life(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let foreign = KeyedHash([0xf0; 16]);
    let mut expected = message(1, later(5));
    committed(&store, queue(&expected)).await;
    assert_eq!(lease(&store, 4, 9).await, []);

    let claimed = lease(&store, 5, 9).await;
    (expected.state, expected.lease, expected.until) = (MessageState::Claimed, 1, Some(later(105)));
    assert_eq!(claimed, [expected.clone()]);
    assert_eq!(read(&store, 1).await.as_ref(), Some(&expected));
    committed(&store, messages(vec![MessageChange::Release { id: expected.id, lease: 1, due: later(20) }])).await;
    (expected.state, expected.due, expected.until) = (MessageState::Queued, Some(later(20)), None);
    assert_eq!(read(&store, 1).await.as_ref(), Some(&expected));

    let claimed = lease(&store, 20, 9).await;
    committed(&store, messages(vec![sending(&claimed[0], later(60))])).await;
    expected = Message { state: MessageState::Sending, lease: 2, attempt: 1, until: Some(later(60)), ..expected };
    expected.route = Some("route".to_owned());
    assert_eq!(read(&store, 1).await.as_ref(), Some(&expected));
    let refused =
        MessageChange::Refused { id: expected.id, attempt: 1, again: Some(later(30)), reason: "busy".to_owned() };
    committed(&store, messages(vec![refused])).await;
    expected = Message { state: MessageState::Refused, until: None, due: Some(later(30)), ..expected };
    expected.reason = Some("busy".to_owned());
    assert_eq!(read(&store, 1).await.as_ref(), Some(&expected));

    let claimed = lease(&store, 30, 9).await;
    committed(&store, messages(vec![sending(&claimed[0], later(60))])).await;
    committed(&store, messages(vec![accepted(1, 2, Some(foreign))])).await;
    expected = Message { state: MessageState::Accepted, lease: 3, attempt: 2, due: None, reason: None, ..expected };
    (expected.foreign, expected.settled) = (Some(foreign), Some(later(7)));
    assert_eq!(read(&store, 1).await.as_ref(), Some(&expected));
    assert_eq!(lease(&store, HOUR, 9).await, [], "nobody sends it again");

    committed(&store, receipt(foreign, ReceiptStatus::Delivered)).await;
    committed(&store, receipt(foreign, ReceiptStatus::Underway)).await;
    (expected.state, expected.settled) = (MessageState::Delivered, Some(later(8)));
    assert_eq!(read(&store, 1).await.as_ref(), Some(&expected));
}

pub(crate) async fn what_went_out_in_a_reply_is_accepted_and_sent_by_nobody(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let replied = Message {
        state: MessageState::Accepted,
        route: Some("mobileseva".to_owned()),
        priority: Priority::Otp,
        ..message(1, START)
    };
    committed(&store, queue(&replied)).await;
    // Beside one that is to be sent.
    committed(&store, queue(&message(2, START))).await;
    let kept = read(&store, 1).await.expect("it is there");
    assert_eq!((kept.state, kept.route.as_deref()), (MessageState::Accepted, Some("mobileseva")));
    assert_eq!((kept.due, kept.settled, &kept.sealed), (None, Some(START), &replied.sealed));
    assert_eq!(ids(&lease(&store, 1, 10).await), [2], "nobody sends it");
}

pub(crate) async fn who_lost_a_message_sends_nothing(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    committed(&store, queue(&message(1, START))).await;
    let (first, second) = (lease(&store, 0, 1).await, lease(&store, 100, 1).await);
    assert_eq!((first[0].lease, second[0].lease), (1, 2));
    let id = MessageId(1);
    let drop = MessageChange::Drop { id, lease: 1, state: Unsent::Expired, reason: "late".to_owned() };
    for stale in [sending(&first[0], later(300)), MessageChange::Release { id, lease: 1, due: START }, drop] {
        let commit = Commit { marks: vec![mark(70, later(9))], ..messages(vec![stale]) };
        assert!(matches!(store.commit(commit).await, Err(CommitError::LeaseLost)));
    }
    assert_eq!(store.mark(hash(70), START).await.expect("readable"), None, "all of the commit failed");
    // Twice at once by the same lease: one of them sends.
    let (one, two) = tokio::join!(
        store.commit(messages(vec![sending(&second[0], later(300))])),
        store.commit(messages(vec![sending(&second[0], later(300))]))
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(read(&store, 1).await.map(|message| (message.state, message.attempt)), Some((MessageState::Sending, 1)));
    // And its answer, told twice.
    let (one, two) = tokio::join!(
        store.commit(messages(vec![accepted(1, 1, Some(hash(0xf0)))])),
        store.commit(messages(vec![accepted(1, 1, Some(hash(0xf1)))]))
    );
    one.and(two).expect("the second says nothing new");
    assert_eq!(read(&store, 1).await.and_then(|message| message.foreign), Some(hash(0xf0)));
}

pub(crate) async fn what_was_being_sent_when_the_process_died_is_in_doubt(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let harmless = Message { repeat: Repeat::Harmless, ..message(2, START) };
    let all = vec![message(1, START), harmless, message(3, START)];
    committed(&store, messages(all.into_iter().map(MessageChange::Queue).collect())).await;
    let claimed = lease(&store, 0, 3).await;
    let sent = claimed[..2].iter().map(|message| sending(message, later(200))).collect();
    committed(&store, messages(sent)).await;

    engine.kill();
    let store = engine.open(later(200)).await;
    let again = lease(&store, 200, 9).await;
    assert_eq!(ids(&again), [3, 2], "what was only claimed, and what does no harm twice");
    assert_eq!(again.iter().map(|message| message.attempt).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(state(&store, 1).await, MessageState::InDoubt);
    assert_eq!(listed(&store, MessageFilter::Doubtful).await, [1]);
    assert_eq!(lease(&store, 10 * SECOND, 9).await.len(), 2, "it is never sent again by itself");

    // What is known late is known.
    committed(&store, messages(vec![accepted(1, 1, Some(hash(0xf0)))])).await;
    assert_eq!(state(&store, 1).await, MessageState::Accepted);
    let by = ReceiptOf::Id(MessageId(2), Attempts::ALL);
    let settled = MessageChange::Receipt { by, status: ReceiptStatus::Delivered, reason: None, at: later(300) };
    committed(&store, messages(vec![settled])).await;
    assert_eq!(state(&store, 2).await, MessageState::Delivered);
    let late = store.commit(messages(vec![sending(&again[1], later(400))])).await;
    assert!(matches!(late, Err(CommitError::LeaseLost)), "and it is not sent for the second time");
}

pub(crate) async fn a_message_may_go_out_again_where_its_last_route_knows_it(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    for id in 1..=4 {
        committed(&store, queue(&message(id, START))).await;
    }
    let claimed = lease(&store, 0, 4).await;
    let known = |message: &Message| sending(&Message { repeat: Repeat::Harmless, ..message.clone() }, later(200));
    let unknown = |message: &Message| sending(message, later(200));
    // Alone, and with a turn: other statements write those.
    committed(&store, messages(vec![known(&claimed[0]), unknown(&claimed[1])])).await;
    let with_turn = turn(&conversation(1, 1, START));
    committed(&store, Commit { messages: vec![known(&claimed[2])], ..with_turn }).await;
    let doubt = |id| MessageChange::Doubt { id: MessageId(id), attempt: 1, again: Some(later(50)) };
    committed(&store, messages(vec![doubt(1), doubt(2)])).await;
    engine.kill();
    let store = engine.open(later(200)).await;
    let again = lease(&store, 200, 9).await;
    assert_eq!(ids(&again), [4, 1, 3], "one that was only claimed, one in doubt, one that was being sent");
    // A route that does not know it again is asked once.
    let on_another = sending(&Message { repeat: Repeat::Never, ..again[1].clone() }, later(300));
    committed(&store, messages(vec![on_another])).await;
    assert_eq!(ids(&lease(&store, 10 * SECOND, 9).await), [4, 3]);
    assert_eq!(state(&store, 1).await, MessageState::InDoubt);
}

pub(crate) async fn receipts_may_come_before_the_answer(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    for id in 1..=3 {
        committed(&store, queue(&message(id, START))).await;
    }
    let sent = lease(&store, 0, 9).await.iter().map(|message| sending(message, later(200))).collect();
    committed(&store, messages(sent)).await;
    let foreign = |id: u8| KeyedHash([0xf0 + id; 16]);
    committed(&store, receipt(foreign(1), ReceiptStatus::Failed)).await;
    committed(&store, receipt(foreign(1), ReceiptStatus::Delivered)).await;
    committed(&store, receipt(foreign(1), ReceiptStatus::Failed)).await;
    committed(&store, receipt(foreign(2), ReceiptStatus::Failed)).await;
    committed(&store, receipt(foreign(3), ReceiptStatus::Underway)).await;
    engine.kill();
    let store = engine.open(later(1)).await;
    // Queued together, in one batch.
    let (one, two, three) = tokio::join!(
        store.commit(messages(vec![accepted(1, 1, Some(foreign(1)))])),
        store.commit(messages(vec![accepted(2, 1, Some(foreign(2)))])),
        store.commit(messages(vec![accepted(3, 1, Some(foreign(3)))]))
    );
    one.and(two).and(three).expect("they stand");
    let mut found = Vec::new();
    for id in 1..=3 {
        found.push(state(&store, id).await);
    }
    assert_eq!(found, [MessageState::Delivered, MessageState::Undelivered, MessageState::Accepted]);
    let failed = read(&store, 2).await.expect("there");
    assert_eq!((failed.reason.as_deref(), failed.settled), (Some("absent"), Some(later(8))));
    assert_eq!(listed(&store, MessageFilter::Undelivered).await, [2]);
    committed(&store, receipt(foreign(2), ReceiptStatus::Delivered)).await;
    assert_eq!(state(&store, 2).await, MessageState::Delivered, "it came after all");
    assert_eq!(listed(&store, MessageFilter::Undelivered).await, [] as [u128; 0]);
}

pub(crate) async fn dead_letters_are_seen_and_go_out_again(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    for id in 1..=4 {
        committed(&store, queue(&Message { at: later(i64::try_from(id).expect("small")), ..message(id, START) })).await;
    }
    let claimed = lease(&store, 0, 3).await;
    let [refused, dropped, doubted] = [1, 2, 3].map(MessageId);
    let steps = vec![
        sending(&claimed[0], later(200)),
        sending(&claimed[2], later(200)),
        MessageChange::Refused { id: refused, attempt: 1, again: None, reason: "no such header".to_owned() },
        MessageChange::Drop { id: dropped, lease: 1, state: Unsent::Expired, reason: "late".to_owned() },
        MessageChange::Doubt { id: doubted, attempt: 1, again: Some(later(1)) },
    ];
    committed(&store, messages(steps)).await;
    assert_eq!(listed(&store, MessageFilter::DeadLetters).await, [2, 1]);
    assert_eq!(listed(&store, MessageFilter::Doubtful).await, [3]);
    assert_eq!(listed(&store, MessageFilter::Waiting).await, [4]);
    let counts = store.message_counts().await.expect("readable");
    let expected =
        MessageCounts { queued: 1, in_doubt: 1, dead_letters: 2, oldest: Some(START), ..MessageCounts::default() };
    assert_eq!(counts, expected);

    let requeue = |id| MessageChange::Requeue { id, due: later(50), expires: later(2 * HOUR) };
    let all = [refused, dropped, doubted, MessageId(4), MessageId(99)].map(requeue);
    committed(&store, messages(all.to_vec())).await;
    assert_eq!(listed(&store, MessageFilter::DeadLetters).await, [] as [u128; 0]);
    let again = lease(&store, 50, 9).await;
    assert_eq!(ids(&again), [4, 1, 2, 3]);
    assert_eq!(again[1].expires, later(2 * HOUR));
    assert_eq!(read(&store, 99).await, None);
}

pub(crate) async fn what_goes_out_again_is_tried_anew_and_takes_no_earlier_receipt(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    committed(&store, queue(&message(1, START))).await;
    let id = MessageId(1);
    let told = |attempt, status| {
        let by = ReceiptOf::Id(id, Attempts::One(attempt));
        messages(vec![MessageChange::Receipt { by, status, reason: None, at: later(8) }])
    };
    let claimed = lease(&store, 0, 1).await;
    committed(&store, messages(vec![sending(&claimed[0], later(200)), accepted(1, 1, Some(hash(0xf1)))])).await;
    committed(&store, told(1, ReceiptStatus::Failed)).await;
    assert_eq!(state(&store, 1).await, MessageState::Undelivered);
    committed(&store, messages(vec![MessageChange::Requeue { id, due: later(50), expires: later(HOUR) }])).await;
    let again = lease(&store, 50, 1).await;
    assert_eq!((again[0].attempt, again[0].forgiven, again[0].tried()), (1, 1, 0));
    // Alone, and with a turn: other statements write those.
    let with_turn = turn(&conversation(1, 1, START));
    committed(&store, Commit { messages: vec![sending(&again[0], later(200))], ..with_turn }).await;
    committed(&store, messages(vec![accepted(1, 2, Some(hash(0xf2)))])).await;
    committed(&store, told(1, ReceiptStatus::Failed)).await;
    committed(&store, told(1, ReceiptStatus::Underway)).await;
    engine.kill();
    let store = engine.open(later(1)).await;
    let found = read(&store, 1).await.expect("there");
    assert_eq!((found.state, found.attempt, found.forgiven), (MessageState::Accepted, 2, 1));
    committed(&store, told(2, ReceiptStatus::Failed)).await;
    assert_eq!(state(&store, 1).await, MessageState::Undelivered);
}

pub(crate) async fn messages_are_counted_by_what_is_done_with_them(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    for id in 1..=8_u8 {
        let priority =
            [Priority::Otp, Priority::Receipt, Priority::Notice][usize::from(id % 3 == 0) + usize::from(id % 2 == 0)];
        let repeat = if id == 3 { Repeat::Harmless } else { Repeat::Never };
        let due = later(i64::from(id));
        committed(&store, queue(&Message { priority, repeat, ..message(u128::from(id), due) })).await;
    }
    let claimed = lease(&store, 6, 9).await;
    assert_eq!(claimed.len(), 6);
    let sent = |id: u128| claimed.iter().find(|message| message.id.0 == id).expect("it is claimed");
    let steps = [1, 2, 3, 4].map(|id| sending(sent(id), later(200))).to_vec();
    committed(&store, messages(steps)).await;
    let refused =
        |id, again| MessageChange::Refused { id: MessageId(id), attempt: 1, again, reason: "busy".to_owned() };
    let doubt = MessageChange::Doubt { id: MessageId(3), attempt: 1, again: Some(later(40)) };
    committed(&store, messages(vec![refused(1, None), refused(2, Some(later(30))), doubt])).await;
    let counts = store.message_counts().await.expect("readable");
    let expected = MessageCounts {
        queued: 2,
        claimed: 2,
        sending: 1,
        refused: 1,
        in_doubt: 1,
        dead_letters: 1,
        oldest: Some(later(4)),
    };
    assert_eq!(counts, expected);
    assert_eq!(lease(&store, 40, 9).await.len(), 4, "the refused and the doubtful go out again");
    let counts = store.message_counts().await.expect("readable");
    assert_eq!((counts.queued, counts.claimed, counts.refused, counts.in_doubt), (0, 6, 0, 0));
}

pub(crate) async fn who_waits_for_messages_is_woken(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let waits = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.stirred_messages().await }
    });
    committed(&store, turn(&conversation(1, 1, START))).await;
    let lost = Commit { turn: turn(&conversation(1, 1, START)).turn, ..queue(&message(1, START)) };
    store.commit(lost).await.expect_err("another was first");
    tokio::task::yield_now().await;
    assert!(!waits.is_finished(), "nothing was queued");
    committed(&store, queue(&message(1, START))).await;
    waits.await.expect("woken");
    committed(&store, queue(&message(2, START))).await;
    // Also who begins to wait only then.
    store.stirred_messages().await;
}

pub(crate) async fn messages_that_are_done_with_are_forgotten(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    for id in 1..=3 {
        committed(&store, queue(&message(id, START))).await;
    }
    let claimed = lease(&store, 0, 2).await;
    committed(&store, messages(claimed.iter().map(|message| sending(message, later(200))).collect())).await;
    committed(&store, messages(vec![accepted(1, 1, Some(hash(0xf1))), accepted(2, 1, None)])).await;
    committed(&store, Commit { marks: vec![mark(70, later(HOUR))], ..Commit::default() }).await;
    committed(&store, receipt(hash(0xf2), ReceiptStatus::Delivered)).await;

    store.upkeep(later(HOUR)).await.expect("kept up");
    let seen = Commit { marks: vec![super::Mark { at: later(HOUR), ..mark(70, later(HOUR)) }], ..Commit::default() };
    assert!(matches!(store.commit(seen).await, Err(CommitError::Seen(_))), "its last moment counts");
    let days = |days: i64| later(days * 24 * HOUR);
    store.upkeep(days(8)).await.expect("kept up");
    assert_eq!(store.mark(hash(70), later(1)).await.expect("readable"), None, "it is gone");
    let claims = MessageClaims { now: days(8), until: days(9), at_most: 1, expired: false };
    let sent = store.lease_messages(claims).await.expect("readable");
    committed(&store, messages(vec![sending(&sent[0], days(9)), accepted(3, 1, Some(hash(0xf2)))])).await;
    assert_eq!(state(&store, 3).await, MessageState::Accepted, "the receipt of last week is not there any more");

    committed(&store, queue(&message(4, START))).await;
    let kept = i64::try_from(Options::default().messages.as_millis()).expect("it fits");
    store.upkeep(later(kept)).await.expect("kept up");
    assert!(read(&store, 1).await.is_some(), "the day is not over");
    store.upkeep(later(kept + 60 * SECOND)).await.expect("kept up");
    let mut left = BTreeSet::new();
    for id in 1..=4 {
        left.extend(read(&store, id).await.map(|message| message.id.0));
    }
    assert_eq!(left, BTreeSet::from([4]), "what is still to be sent stays");
}
