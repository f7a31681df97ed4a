//! What every store must do, whatever keeps its data. An engine joins by implementing [`Engine`] and naming itself in
//! [`contract!`].

use std::future::Future;
use std::sync::Arc;

use gramsetu::menu::Version;
use gramsetu::store::{
    Commit, CommitError, Conversation, Intent, IntentChange, IntentId, IntentState, JourneyRecord, KeyedHash, Lookup,
    Mark, Message, MessageClaims, MessageState, Store, StoreError, SubscriberRecord, TurnRecord,
};
use gramsetu::types::Timestamp;

/// A place where a store keeps its data.
pub(crate) trait Engine {
    /// Whether what is idle leaves the live conversations, which are then those in memory.
    const FOLDS: bool;
    /// Opens it with conversations folded when idle for a minute ([`IDLE`]).
    fn open(&self, now: Timestamp) -> impl Future<Output = Arc<dyn Store>>;
    /// Goes on with what a kill of the process at this moment would leave; the store that is open goes on for itself, in a
    /// world of its own or as another node of this one.
    fn kill(&mut self);
}

pub(crate) const IDLE: i64 = 60_000;
const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600_000;
pub(crate) const START: Timestamp = Timestamp(1_700_000_000_000);

mod claims;
mod intents;
mod marks;
pub(crate) mod messages;
mod programs;

pub(crate) use self::intents::{
    a_lost_commit_leaves_nothing_of_itself, a_request_is_open_once, a_subscribers_intents_are_told_newest_first,
    an_intent_lives_its_life, due_intents_are_leased_oldest_first,
    intents_of_departments_that_are_left_out_stay_where_they_are, steps_that_a_state_does_not_allow_change_nothing,
    who_lost_a_lease_writes_nothing,
};

pub(crate) use self::marks::{
    mark, marks_are_read_by_their_keys_until_they_expire, what_happened_once_does_not_happen_again,
};

pub(crate) use self::claims::{
    claims_at_once_are_of_different_messages, messages_are_claimed_by_priority_then_due_then_age,
    of_no_use_are_claimed_by_themselves_where_that_is_asked,
};
pub(crate) use self::messages::{
    a_message_is_queued_with_its_turn_or_not_at_all, a_message_lives_its_life,
    a_message_may_go_out_again_where_its_last_route_knows_it, dead_letters_are_seen_and_go_out_again,
    messages_are_counted_by_what_is_done_with_them, messages_that_are_done_with_are_forgotten,
    receipts_may_come_before_the_answer, what_goes_out_again_is_tried_anew_and_takes_no_earlier_receipt,
    what_was_being_sent_when_the_process_died_is_in_doubt, what_went_out_in_a_reply_is_accepted_and_sent_by_nobody,
    who_lost_a_message_sends_nothing, who_waits_for_messages_is_woken,
};

pub(crate) use self::programs::{
    a_program_is_kept_under_its_version_and_the_last_published_counts, of_two_that_publish_at_once_the_second_is_told,
};

/// Names the contract's tests for an engine: `contract!(Files::new())`.
macro_rules! contract {
    ($engine:expr; $($test:ident)*) => {
        $(
            #[tokio::test]
            async fn $test() {
                crate::store_contract::$test(&mut $engine).await;
            }
        )*
    };
    ($engine:expr) => {
        crate::store_contract::contract! { $engine;
            a_commit_is_read_by_subscriber_and_by_leg
            the_second_of_two_turns_is_lost_to_the_first
            turns_queued_together_are_judged_one_after_the_other
            a_new_leg_takes_the_old_ones_place
            what_has_expired_is_not_read_and_stands_in_nobodys_way
            an_idle_conversation_is_folded_and_goes_on
            a_folded_turn_does_not_come_back_after_a_later_one_expired
            reopened_it_is_the_same
            killed_it_is_the_same
            a_subscriber_is_replaced
            an_intent_lives_its_life
            a_request_is_open_once
            a_lost_commit_leaves_nothing_of_itself
            steps_that_a_state_does_not_allow_change_nothing
            due_intents_are_leased_oldest_first
            who_lost_a_lease_writes_nothing
            a_subscribers_intents_are_told_newest_first
            a_message_is_queued_with_its_turn_or_not_at_all
            a_message_lives_its_life
            what_went_out_in_a_reply_is_accepted_and_sent_by_nobody
            messages_are_claimed_by_priority_then_due_then_age
            of_no_use_are_claimed_by_themselves_where_that_is_asked
            claims_at_once_are_of_different_messages
            who_lost_a_message_sends_nothing
            what_was_being_sent_when_the_process_died_is_in_doubt
            a_message_may_go_out_again_where_its_last_route_knows_it
            receipts_may_come_before_the_answer
            dead_letters_are_seen_and_go_out_again
            what_goes_out_again_is_tried_anew_and_takes_no_earlier_receipt
            messages_are_counted_by_what_is_done_with_them
            intents_of_departments_that_are_left_out_stay_where_they_are
            who_waits_for_messages_is_woken
            messages_that_are_done_with_are_forgotten
            what_happened_once_does_not_happen_again
            marks_are_read_by_their_keys_until_they_expire
            a_program_is_kept_under_its_version_and_the_last_published_counts
            of_two_that_publish_at_once_the_second_is_told
            many_at_once_are_all_kept
            closed_it_takes_and_gives_nothing
        }
    };
}
pub(crate) use contract;

pub(crate) fn hash(byte: u8) -> KeyedHash {
    KeyedHash([byte; 16])
}

pub(crate) fn later(milliseconds: i64) -> Timestamp {
    Timestamp(START.0 + milliseconds)
}

/// A turn by leg `subscriber + 100` that can be resumed for ten minutes.
pub(crate) fn conversation(subscriber: u8, turn: u64, at: Timestamp) -> Conversation {
    Conversation {
        subscriber: hash(subscriber),
        leg: hash(subscriber.wrapping_add(100)),
        turn,
        at,
        expires: Timestamp(at.0 + 600 * SECOND),
        sealed: format!("sealed {subscriber} {turn}").into_bytes(),
    }
}

pub(crate) fn turn(conversation: &Conversation) -> Commit {
    let turn = TurnRecord { conversation: conversation.clone(), history: Some((7, hash(250))) };
    let journey = JourneyRecord {
        at: conversation.at,
        session: hash(251),
        gateway: "gate\"way".into(),
        channel: "ussd",
        program: Version([0x12; 16]),
        from: Some("home/start".into()),
        answer: "option".into(),
        to: None,
    };
    Commit { turn: Some(turn), journeys: vec![journey], ..Commit::default() }
}

fn intent(id: u128, subscriber: u8, request: u8, due: Timestamp) -> Intent {
    Intent {
        id: IntentId(id),
        subscriber: hash(subscriber),
        operation: "lpg.book".to_owned(),
        request: hash(request),
        receipt: format!("R-{id}"),
        state: IntentState::Claimed,
        at: START,
        due,
        tries: 0,
        lease: 0,
        sealed: b"given".to_vec(),
    }
}

fn changes(intents: Vec<IntentChange>) -> Commit {
    Commit { intents, ..Commit::default() }
}

fn folds<E: Engine>(_: &E) -> bool {
    E::FOLDS
}

async fn of(store: &Arc<dyn Store>, subscriber: u8, now: Timestamp) -> Option<Conversation> {
    store.conversation(Lookup::Subscriber(hash(subscriber)), now).await.expect("readable")
}

async fn by_leg(store: &Arc<dyn Store>, leg: KeyedHash, now: Timestamp) -> Option<Conversation> {
    store.conversation(Lookup::Leg(leg), now).await.expect("readable")
}

async fn committed(store: &Arc<dyn Store>, commit: Commit) {
    store.commit(commit).await.expect("it stands");
}

pub(crate) async fn a_commit_is_read_by_subscriber_and_by_leg(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    assert_eq!(of(&store, 1, START).await, None);
    let first = conversation(1, 1, START);
    committed(&store, turn(&first)).await;
    assert_eq!(of(&store, 1, START).await.as_ref(), Some(&first));
    assert_eq!(by_leg(&store, first.leg, START).await, Some(first));
    assert_eq!(by_leg(&store, hash(1), START).await, None, "a subscriber is not a leg");
    store.upkeep(START).await.expect("kept up");
    let observed = store.observed();
    assert_eq!((observed.live, observed.commits, observed.batches, observed.failed), (1, 1, 1, 0));
    committed(&store, Commit::default()).await;
}

pub(crate) async fn the_second_of_two_turns_is_lost_to_the_first(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let first = conversation(1, 1, START);
    committed(&store, turn(&first)).await;
    for stale in [1, 3] {
        match store.commit(turn(&conversation(1, stale, later(1)))).await {
            Err(CommitError::Lost(winner)) => assert_eq!(*winner, first),
            other => panic!("turn {stale} after turn 1 gave {other:?}"),
        }
    }
    committed(&store, turn(&conversation(1, 2, later(1)))).await;
    assert_eq!(of(&store, 1, later(1)).await.map(|found| found.turn), Some(2));
}

pub(crate) async fn turns_queued_together_are_judged_one_after_the_other(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let (mut ours, mut theirs) = (conversation(1, 1, START), conversation(1, 1, START));
    ours.sealed = b"ours".to_vec();
    theirs.sealed = b"theirs".to_vec();
    let follows = conversation(1, 2, START);
    let other = conversation(2, 1, START);
    let (one, two, three, four) = tokio::join!(
        store.commit(turn(&ours)),
        store.commit(turn(&theirs)),
        store.commit(turn(&follows)),
        store.commit(turn(&other))
    );
    one.expect("the first stands");
    assert!(matches!(two, Err(CommitError::Lost(winner)) if *winner == ours), "the second is lost to the first");
    three.expect("it follows the first");
    four.expect("another's is not concerned");
    assert_eq!(of(&store, 1, START).await, Some(follows));
}

pub(crate) async fn a_new_leg_takes_the_old_ones_place(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let first = conversation(1, 1, START);
    let second = Conversation { leg: hash(77), ..conversation(1, 2, later(1)) };
    committed(&store, turn(&first)).await;
    committed(&store, turn(&second)).await;
    assert_eq!(by_leg(&store, first.leg, later(1)).await, None);
    assert_eq!(by_leg(&store, hash(77), later(1)).await, Some(second));
}

pub(crate) async fn what_has_expired_is_not_read_and_stands_in_nobodys_way(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let first = conversation(1, 5, START);
    committed(&store, turn(&first)).await;
    assert_eq!(of(&store, 1, first.expires).await.as_ref(), Some(&first), "the last moment still counts");
    let after = Timestamp(first.expires.0 + 1);
    assert_eq!(of(&store, 1, after).await, None);
    assert_eq!(by_leg(&store, first.leg, after).await, None);
    let again = conversation(1, 1, after);
    committed(&store, turn(&again)).await;
    assert_eq!(of(&store, 1, after).await, Some(again));
    store.upkeep(Timestamp(after.0 + HOUR)).await.expect("kept up");
    assert_eq!(store.observed().live, 0);
}

pub(crate) async fn an_idle_conversation_is_folded_and_goes_on(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let saved = Conversation { expires: later(24 * HOUR), ..conversation(1, 1, START) };
    committed(&store, turn(&saved)).await;
    committed(&store, turn(&conversation(2, 1, later(IDLE)))).await;
    store.upkeep(later(IDLE)).await.expect("kept up");
    let live = if folds(engine) { 1 } else { 2 };
    assert_eq!(store.observed().live, live, "what is folded is live no more");
    assert_eq!(of(&store, 1, later(IDLE)).await.as_ref(), Some(&saved));
    assert_eq!(by_leg(&store, saved.leg, later(IDLE)).await.as_ref(), Some(&saved));

    let stale = store.commit(turn(&conversation(1, 1, later(IDLE)))).await;
    assert!(matches!(stale, Err(CommitError::Lost(winner)) if *winner == saved), "folded ones are compared as well");
    let next = Conversation { leg: hash(88), ..conversation(1, 2, later(IDLE)) };
    committed(&store, turn(&next)).await;
    assert_eq!(by_leg(&store, saved.leg, later(IDLE)).await, None, "the folded turn is not the last any more");
    assert_eq!(of(&store, 1, later(IDLE)).await, Some(next));
}

pub(crate) async fn a_folded_turn_does_not_come_back_after_a_later_one_expired(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let saved = Conversation { expires: later(24 * HOUR), ..conversation(1, 1, START) };
    committed(&store, turn(&saved)).await;
    store.upkeep(later(IDLE)).await.expect("kept up");
    committed(&store, turn(&conversation(1, 2, later(IDLE)))).await;
    assert_eq!(of(&store, 1, later(HOUR)).await, None);
    engine.kill();
    let reopened = engine.open(later(HOUR)).await;
    for store in [store, reopened] {
        assert_eq!(of(&store, 1, later(HOUR)).await, None);
        store.upkeep(later(HOUR)).await.expect("kept up");
        assert_eq!((store.observed().live, of(&store, 1, later(HOUR)).await), (0, None));
        assert_eq!(by_leg(&store, saved.leg, later(HOUR)).await, None);
    }
}

/// Two live conversations, a folded one, a subscriber, an intent that is settled and one that is doubtful.
async fn fill(store: &Arc<dyn Store>) {
    let folded = Conversation { expires: later(24 * HOUR), ..conversation(3, 9, START) };
    committed(store, turn(&folded)).await;
    store.upkeep(later(IDLE)).await.expect("kept up");
    for number in 1..=3 {
        committed(store, turn(&conversation(1, number, later(IDLE)))).await;
    }
    committed(store, turn(&conversation(2, 1, later(IDLE)))).await;
    let subscriber = SubscriberRecord { subscriber: hash(1), at: START, sealed: b"profile".to_vec() };
    committed(store, Commit { subscriber: Some(subscriber), ..Commit::default() }).await;
    let claims = vec![IntentChange::Claim(intent(1, 1, 60, later(1))), IntentChange::Claim(intent(2, 1, 61, later(2)))];
    committed(store, changes(claims)).await;
    let settle = IntentChange::Settle { id: IntentId(1), sealed: b"outcome".to_vec(), lease: None };
    committed(store, changes(vec![settle, IntentChange::Doubt { id: IntentId(2), due: later(3), lease: None }])).await;
    for id in 1..=2 {
        committed(store, messages::queue(&messages::message(id, START))).await;
    }
    let claimed = messages::lease(store, 0, 1).await;
    let sent = vec![messages::sending(&claimed[0], later(9)), messages::accepted(1, 1, Some(hash(0xf0)))];
    committed(store, Commit { marks: vec![mark(70, later(HOUR))], ..messages::messages(sent) }).await;
}

#[derive(Debug, PartialEq)]
struct Contents {
    conversations: Vec<Option<Conversation>>,
    legs: Vec<Option<Conversation>>,
    subscriber: Option<SubscriberRecord>,
    intents: Vec<Option<Intent>>,
    messages: Vec<Option<Message>>,
    mark: Option<Mark>,
}

async fn contents(store: &Arc<dyn Store>) -> Contents {
    let (now, mut conversations, mut legs) = (later(IDLE), Vec::new(), Vec::new());
    for subscriber in 1..=4 {
        conversations.push(of(store, subscriber, now).await);
        legs.push(by_leg(store, hash(subscriber + 100), now).await);
    }
    let mut intents = Vec::new();
    for id in 1..=3 {
        intents.push(store.intent(IntentId(id)).await.expect("readable"));
    }
    let subscriber = store.subscriber(hash(1)).await.expect("readable");
    let messages = vec![messages::read(store, 1).await, messages::read(store, 2).await];
    let mark = store.mark(hash(70), now).await.expect("readable");
    Contents { conversations, legs, subscriber, intents, messages, mark }
}

pub(crate) async fn reopened_it_is_the_same(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    fill(&store).await;
    let before = contents(&store).await;
    assert_eq!(before.conversations.iter().flatten().map(|found| found.turn).collect::<Vec<_>>(), [3, 1, 9]);
    let states: Vec<_> = before.intents.iter().flatten().map(|intent| intent.state).collect();
    assert_eq!(states, [IntentState::Settled, IntentState::Doubtful]);
    assert!(before.subscriber.is_some() && before.mark.is_some());
    let states: Vec<_> = before.messages.iter().flatten().map(|message| message.state).collect();
    assert_eq!(states, [MessageState::Accepted, MessageState::Queued]);
    store.close().await.expect("closed");
    let store = engine.open(later(IDLE)).await;
    assert_eq!(contents(&store).await, before);
    let stale = store.commit(turn(&conversation(1, 3, later(IDLE)))).await;
    assert!(matches!(stale, Err(CommitError::Lost(_))));
    committed(&store, turn(&conversation(1, 4, later(IDLE)))).await;
}

pub(crate) async fn killed_it_is_the_same(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    fill(&store).await;
    let before = contents(&store).await;
    engine.kill();
    let store = engine.open(later(IDLE)).await;
    assert_eq!(contents(&store).await, before);
    committed(&store, turn(&conversation(1, 4, later(IDLE)))).await;
    engine.kill();
    let store = engine.open(later(IDLE)).await;
    assert_eq!(of(&store, 1, later(IDLE)).await, Some(conversation(1, 4, later(IDLE))));
}

pub(crate) async fn a_subscriber_is_replaced(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    assert_eq!(store.subscriber(hash(1)).await.expect("readable"), None);
    let records = [b"one".to_vec(), Vec::new(), b"three".to_vec()];
    let records = records.map(|sealed| SubscriberRecord { subscriber: hash(1), at: START, sealed });
    let commits = records.clone().map(|record| Commit { subscriber: Some(record), ..Commit::default() });
    let [one, two, three] = commits;
    let (one, two) = tokio::join!(store.commit(one), store.commit(two));
    one.and(two).expect("both stand");
    assert_eq!(store.subscriber(hash(1)).await.expect("readable").as_ref(), Some(&records[1]));
    committed(&store, three).await;
    assert_eq!(store.subscriber(hash(1)).await.expect("readable").as_ref(), Some(&records[2]));
}

pub(crate) async fn many_at_once_are_all_kept(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    let tasks: Vec<_> = (0..40)
        .map(|subscriber| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for number in 1..=10 {
                    committed(&store, turn(&conversation(subscriber, number, START))).await;
                    assert_eq!(of(&store, subscriber, START).await.map(|found| found.turn), Some(number));
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("every turn stands");
    }
    store.upkeep(START).await.expect("kept up");
    let observed = store.observed();
    assert_eq!((observed.commits, observed.failed, observed.live), (400, 0, 40));
    assert!(observed.batches < 400, "turns that wait together are written together: {observed:?}");
    engine.kill();
    let store = engine.open(START).await;
    for subscriber in 0..40 {
        assert_eq!(of(&store, subscriber, START).await, Some(conversation(subscriber, 10, START)));
    }
}

pub(crate) async fn closed_it_takes_and_gives_nothing(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    committed(&store, turn(&conversation(1, 1, START))).await;
    store.close().await.expect("closed");
    store.close().await.expect("closing twice is no error");
    let commit = store.commit(turn(&conversation(1, 2, START))).await;
    assert!(matches!(commit, Err(CommitError::Store(StoreError::Closed))));
    let read = store.conversation(Lookup::Subscriber(hash(1)), START).await;
    assert!(matches!(read, Err(StoreError::Closed)));
    assert!(matches!(store.subscriber(hash(1)).await, Err(StoreError::Closed)));
    assert!(matches!(store.intent(IntentId(1)).await, Err(StoreError::Closed)));
    let claims = MessageClaims { now: START, until: later(1), at_most: 1, expired: false };
    assert!(matches!(store.lease_messages(claims).await, Err(StoreError::Closed)));
    assert!(matches!(store.mark(hash(1), START).await, Err(StoreError::Closed)));
    assert!(matches!(store.upkeep(START).await, Err(StoreError::Closed)));
}
