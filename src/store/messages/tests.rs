use proptest::prelude::*;

use super::*;
use crate::store::{Attempts, SentAs, Unsent};
use crate::types::{Priority, Repeat};

const F: KeyedHash = KeyedHash([0xf0; 16]);
const G: KeyedHash = KeyedHash([0xf1; 16]);

fn at(milliseconds: i64) -> Timestamp {
    Timestamp(milliseconds)
}

fn message(id: u128) -> Message {
    Message::queued(MessageId(id), KeyedHash([1; 16]), at(0), at(1_000), vec![1, 2, 3])
}

fn harmless(id: u128) -> Message {
    Message { repeat: Repeat::Harmless, priority: Priority::Otp, ..message(id) }
}

const ID: MessageId = MessageId(1);

fn claim(lease: u32) -> MessageChange {
    MessageChange::Claim { id: ID, lease, until: at(50) }
}

fn sending(lease: u32) -> MessageChange {
    MessageChange::Sending { id: ID, lease, route: "one".to_owned(), until: at(60), repeat: Repeat::Never }
}

/// On a route that knows the message again, or of one that does no harm.
fn sending_again(lease: u32) -> MessageChange {
    MessageChange::Sending { id: ID, lease, route: "one".to_owned(), until: at(60), repeat: Repeat::Harmless }
}

fn accepted(attempt: u32) -> MessageChange {
    MessageChange::Accepted { id: ID, attempt, foreign: Some(F), at: at(70) }
}

fn refused(attempt: u32, again: Option<Timestamp>) -> MessageChange {
    MessageChange::Refused { id: ID, attempt, again, reason: "busy".to_owned() }
}

fn doubt(attempt: u32, again: Option<Timestamp>) -> MessageChange {
    MessageChange::Doubt { id: ID, attempt, again }
}

fn receipt(by: ReceiptOf, status: ReceiptStatus) -> MessageChange {
    MessageChange::Receipt { by, status, reason: Some("absent".to_owned()), at: at(80) }
}

/// With one message, on which these changes were made, each in a commit of its own.
fn lived(first: Message, changes: &[MessageChange]) -> Messages {
    let mut messages = Messages::new(Held { messages: vec![first], early: Vec::new() });
    for change in changes {
        messages.change(std::slice::from_ref(change)).unwrap_or_else(|refused| panic!("{change:?}: {refused}"));
    }
    messages
}

fn state_after(changes: &[MessageChange]) -> MessageState {
    lived(message(1), changes).get(ID).expect("there").state
}

fn is_lost(messages: &mut Messages, change: MessageChange) -> bool {
    matches!(messages.change(&[change]), Err(CommitError::LeaseLost))
}

#[test]
fn one_is_sent_by_who_holds_its_lease_and_by_nobody_else() {
    let mut messages = lived(message(1), &[claim(0)]);
    assert!(is_lost(&mut messages, sending(0)) && is_lost(&mut messages, sending(2)));
    messages.change(&[sending(1)]).expect("it is held");
    assert!(is_lost(&mut messages, sending(1)), "it is being sent");
    assert!(is_lost(&mut messages, claim(1)), "nobody claims what is being sent");
    let unknown = MessageChange::Sending {
        id: MessageId(9),
        lease: 0,
        route: String::new(),
        until: at(1),
        repeat: Repeat::Never,
    };
    assert!(is_lost(&mut messages, unknown));
    let found = messages.get(ID).expect("there");
    assert_eq!((found.state, found.attempt, found.lease), (MessageState::Sending, 1, 1));
    assert_eq!((found.route.as_deref(), found.until), (Some("one"), Some(at(60))));
}

#[test]
fn an_answer_counts_for_its_own_attempt_only_and_the_first_one_stays() {
    let sent = [claim(0), sending(1)];
    for early in [accepted(0), accepted(2), refused(0, None), doubt(2, None)] {
        assert_eq!(state_after(&[&sent[..], &[early]].concat()), MessageState::Sending);
    }
    for later in [refused(1, None), doubt(1, None), accepted(1)] {
        assert_eq!(state_after(&[&sent[..], &[accepted(1), later]].concat()), MessageState::Accepted);
    }
    assert_eq!(state_after(&[&sent[..], &[refused(1, None), accepted(1)]].concat()), MessageState::Refused);
}

#[test]
fn a_doubt_may_still_become_known() {
    let doubted = [claim(0), sending(1), doubt(1, Some(at(90)))];
    let found = lived(message(1), &doubted);
    let found = found.get(ID).expect("there");
    assert_eq!((found.state, found.due), (MessageState::InDoubt, None), "it is never sent again by itself");
    assert_eq!(state_after(&[&doubted[..], &[accepted(1)]].concat()), MessageState::Accepted);
    assert_eq!(state_after(&[&doubted[..], &[refused(1, Some(at(99)))]].concat()), MessageState::Refused);

    let mut again = lived(harmless(1), &[claim(0), sending_again(1), doubt(1, Some(at(90)))]);
    assert_eq!(again.get(ID).expect("there").due, Some(at(90)));
    again.change(&[claim(1)]).expect("it may be sent twice");
    again.change(&[accepted(1)]).expect("told late");
    assert!(is_lost(&mut again, sending(2)), "but it need not be, once the first is known");
    assert_eq!(again.get(ID).expect("there").state, MessageState::Accepted);
}

#[test]
fn what_is_known_of_an_earlier_attempt_says_nothing_of_the_next() {
    let second = [claim(0), sending_again(1), doubt(1, Some(at(90))), claim(1), sending_again(2)];
    for late in [accepted(1), refused(1, None), doubt(1, None)] {
        let messages = lived(harmless(1), &[&second[..], &[late]].concat());
        assert_eq!(messages.get(ID).expect("there").state, MessageState::Sending);
    }
    let failed = receipt(ReceiptOf::Id(ID, Attempts::ALL), ReceiptStatus::Failed);
    let messages = lived(harmless(1), &[&second[..], &[failed]].concat());
    assert_eq!(messages.get(ID).expect("there").state, MessageState::Sending, "it may be of the first");
}

#[test]
fn a_receipt_that_names_its_attempt_settles_no_other() {
    let of = |attempts, status| receipt(ReceiptOf::Id(ID, attempts), status);
    let requeue = MessageChange::Requeue { id: ID, due: at(100), expires: at(200) };
    let twice = [claim(0), sending(1), refused(1, None), requeue.clone(), claim(1), sending(2)];
    for attempts in [Attempts::One(1), Attempts::ALL] {
        for status in [ReceiptStatus::Failed, ReceiptStatus::Underway] {
            let told = of(attempts, status);
            assert_eq!(
                state_after(&[&twice[..], std::slice::from_ref(&told)].concat()),
                MessageState::Sending,
                "{told:?}"
            );
            let after = state_after(&[&twice[..], &[accepted(2), told.clone()]].concat());
            assert_eq!(after, MessageState::Accepted, "{told:?}");
            let after = state_after(&[&twice[..], &[doubt(2, None), told.clone()]].concat());
            assert_eq!(after, MessageState::InDoubt, "{told:?}");
        }
        let told = of(attempts, ReceiptStatus::Delivered);
        assert_eq!(state_after(&[&twice[..], &[told]].concat()), MessageState::Delivered, "the phone has it");
    }
    for attempts in [Attempts::One(2), Attempts::From(2)] {
        let failed = [&twice[..], &[of(attempts, ReceiptStatus::Failed)]].concat();
        assert_eq!(state_after(&failed), MessageState::Undelivered, "before the answer");
        // Told again when it goes out for the third time.
        let third = [&failed[..], &[requeue.clone(), claim(2), sending(3), accepted(3)]].concat();
        let told = of(attempts, ReceiptStatus::Failed);
        assert_eq!(state_after(&[&third[..], &[told]].concat()), MessageState::Accepted);
    }
    let nobodys = of(Attempts::One(3), ReceiptStatus::Delivered);
    assert_eq!(state_after(&[&twice[..], &[nobodys]].concat()), MessageState::Sending, "there was no such attempt");
}

#[test]
fn a_gateway_that_knows_a_message_again_tells_of_all_attempts_together() {
    let again = [claim(0), sending_again(1), doubt(1, Some(at(90))), claim(1), sending_again(2), accepted(2)];
    let failed = receipt(ReceiptOf::Id(ID, Attempts::ALL), ReceiptStatus::Failed);
    let messages = lived(harmless(1), &[&again[..], &[failed]].concat());
    assert_eq!(messages.get(ID).expect("there").state, MessageState::Undelivered);
}

#[test]
fn who_has_one_sent_again_has_it_tried_as_a_new_one_is() {
    let requeue = MessageChange::Requeue { id: ID, due: at(100), expires: at(200) };
    let tried = [claim(0), sending(1), refused(1, Some(at(20))), claim(1), sending(2), refused(2, None)];
    let found = lived(message(1), &tried);
    assert_eq!(found.get(ID).map(|found| (found.attempt, found.tried())), Some((2, 2)));
    let again = [&tried[..], &[requeue]].concat();
    let found = lived(message(1), &again);
    assert_eq!(found.get(ID).map(|found| (found.attempt, found.tried())), Some((2, 0)));
    let found = lived(message(1), &[&again[..], &[claim(2), sending(3), accepted(2)]].concat());
    let found = found.get(ID).expect("there");
    assert_eq!(
        (found.attempt, found.tried(), found.state),
        (3, 1, MessageState::Sending),
        "attempts are never counted twice"
    );
}

#[test]
fn what_a_gateway_is_given_names_the_message_and_the_attempts() {
    let id = MessageId(0x1f);
    for (attempts, ends) in [(Attempts::ALL, "1f"), (Attempts::One(2), "1f-2"), (Attempts::From(12), "1f.12")] {
        let sent = SentAs { id, attempts };
        assert!(sent.to_string().ends_with(ends) && sent.to_string().starts_with("000"), "{sent}");
        assert_eq!(sent.to_string().parse(), Ok(sent));
    }
    let whole = id.to_string();
    for wrong in [
        String::new(),
        "1f".to_owned(),
        format!("{whole}-"),
        format!("{whole}-x"),
        format!("{whole}2"),
        "\u{915}".repeat(11),
    ] {
        assert!(wrong.parse::<SentAs>().is_err(), "{wrong}");
    }
}

#[test]
fn what_was_never_sent_has_no_receipt() {
    for status in [ReceiptStatus::Underway, ReceiptStatus::Failed, ReceiptStatus::Delivered] {
        assert_eq!(state_after(&[receipt(ReceiptOf::Id(ID, Attempts::ALL), status)]), MessageState::Queued);
    }
}

#[test]
fn what_the_phone_has_is_not_sent_again() {
    let has_it = receipt(ReceiptOf::Id(ID, Attempts::ALL), ReceiptStatus::Delivered);
    let requeue = MessageChange::Requeue { id: ID, due: at(100), expires: at(200) };
    let mut messages = lived(message(1), &[claim(0), sending(1), doubt(1, None), requeue, claim(1), has_it]);
    assert!(is_lost(&mut messages, sending(2)));
    assert_eq!(messages.get(ID).expect("there").state, MessageState::Delivered);
}

#[test]
fn who_drops_or_releases_it_holds_it() {
    let drop = |lease| MessageChange::Drop { id: ID, lease, state: Unsent::Expired, reason: "late".to_owned() };
    let release = |lease| MessageChange::Release { id: ID, lease, due: at(500) };
    let mut messages = lived(message(1), &[claim(0)]);
    assert!(is_lost(&mut messages, drop(0)) && is_lost(&mut messages, release(0)));
    messages.change(&[release(1)]).expect("held");
    let found = messages.get(ID).expect("there");
    assert_eq!((found.state, found.due, found.until), (MessageState::Queued, Some(at(500)), None));
    assert!(is_lost(&mut messages, drop(1)), "it is not claimed");
    messages.change(&[claim(1), drop(2)]).expect("held");
    let found = messages.get(ID).expect("there");
    assert_eq!((found.state, found.is_dead(), found.reason.as_deref()), (MessageState::Expired, true, Some("late")));
    messages.change(&[MessageChange::Requeue { id: ID, due: at(600), expires: at(900) }]).expect("an operator's");
    let found = messages.get(ID).expect("there");
    assert_eq!((found.state, found.due, found.expires), (MessageState::Queued, Some(at(600)), at(900)));
}

#[test]
fn an_id_makes_one_message() {
    let mut messages = Messages::default();
    let (one, other) = (message(1), Message { sealed: vec![9], ..message(1) });
    messages.change(&[MessageChange::Queue(one.clone()), MessageChange::Queue(other)]).expect("it stands");
    assert_eq!(messages.queued(), [&one]);
    let odd = Message { state: MessageState::Delivered, attempt: 3, lease: 7, until: Some(at(1)), ..message(2) };
    messages.change(&[MessageChange::Queue(odd)]).expect("it stands");
    assert_eq!(messages.get(MessageId(2)), Some(&message(2)), "whatever it says of itself");
}

#[test]
fn a_receipt_that_comes_first_waits_for_its_message() {
    let delivered = receipt(ReceiptOf::Foreign(F), ReceiptStatus::Delivered);
    let failed = receipt(ReceiptOf::Foreign(F), ReceiptStatus::Failed);
    let underway = receipt(ReceiptOf::Foreign(G), ReceiptStatus::Underway);
    let mut messages = lived(message(1), &[claim(0), sending(1), failed.clone(), delivered, failed, underway]);
    let kept: Vec<_> = messages.kept().iter().map(|early| (early.foreign, early.status)).collect();
    assert_eq!(kept, [(F, ReceiptStatus::Delivered)]);
    messages.change(&[accepted(1)]).expect("it stands");
    assert_eq!(messages.get(ID).expect("there").state, MessageState::Delivered);
    assert!(messages.kept().is_empty() && messages.matched().is_empty(), "it was never written");

    // The same where it was read from the database.
    let early = Early { foreign: F, status: ReceiptStatus::Failed, reason: Some("absent".to_owned()), at: at(3) };
    let was = lived(message(1), &[claim(0), sending(1)]).get(ID).expect("there").clone();
    let mut messages = Messages::new(Held { messages: vec![was], early: vec![early.clone()] });
    messages.change(&[accepted(1)]).expect("it stands");
    assert_eq!(messages.matched(), [&early]);
    let found = messages.get(ID).expect("there");
    let told = (found.state, found.reason.as_deref(), found.settled);
    assert_eq!(told, (MessageState::Undelivered, Some("absent"), Some(at(3))));
}

#[test]
fn of_two_with_one_id_of_the_gateway_the_later_is_meant() {
    let with = |id, settled| Message {
        state: MessageState::Accepted,
        attempt: 1,
        due: None,
        foreign: Some(F),
        settled: Some(at(settled)),
        ..message(id)
    };
    let mut messages = Messages::new(Held { messages: vec![with(1, 20), with(2, 10)], early: Vec::new() });
    messages.change(&[receipt(ReceiptOf::Foreign(F), ReceiptStatus::Delivered)]).expect("it stands");
    let states = [1, 2].map(|id| messages.get(MessageId(id)).expect("there").state);
    assert_eq!(states, [MessageState::Delivered, MessageState::Accepted]);
}

fn instant() -> impl Strategy<Value = Timestamp> + Clone {
    (0..200i64).prop_map(Timestamp)
}

fn any_attempts() -> impl Strategy<Value = Attempts> + Clone {
    prop_oneof![(0..4u32).prop_map(Attempts::One), (1..4u32).prop_map(Attempts::From)]
}

fn any_change() -> impl Strategy<Value = MessageChange> {
    let id = (1..4u128).prop_map(MessageId);
    let foreign = prop_oneof![Just(F), Just(G)];
    let by = prop_oneof![
        (id.clone(), any_attempts()).prop_map(|(id, attempts)| ReceiptOf::Id(id, attempts)),
        foreign.clone().prop_map(ReceiptOf::Foreign)
    ];
    let status =
        prop_oneof![Just(ReceiptStatus::Underway), Just(ReceiptStatus::Failed), Just(ReceiptStatus::Delivered)];
    let unsent = prop_oneof![Just(Unsent::Expired), Just(Unsent::Refused)];
    let reason = || "word".to_owned();
    let (lease, attempt, again) = (0..5u32, 0..4u32, prop::option::of(instant()));
    prop_oneof![
        2 => (1..4u128, any::<bool>())
            .prop_map(|(id, repeats)| MessageChange::Queue(if repeats { harmless(id) } else { message(id) })),
        6 => (id.clone(), lease.clone(), instant()).prop_map(|(id, lease, until)| MessageChange::Claim { id, lease, until }),
        6 => (id.clone(), lease.clone(), instant())
            .prop_map(move |(id, lease, until)| MessageChange::Sending { id, lease, route: reason(), until, repeat: Repeat::Never }),
        3 => (id.clone(), attempt.clone(), prop::option::of(foreign), instant())
            .prop_map(|(id, attempt, foreign, at)| MessageChange::Accepted { id, attempt, foreign, at }),
        3 => (id.clone(), attempt.clone(), again.clone())
            .prop_map(move |(id, attempt, again)| MessageChange::Refused { id, attempt, again, reason: reason() }),
        3 => (id.clone(), attempt, again).prop_map(|(id, attempt, again)| MessageChange::Doubt { id, attempt, again }),
        1 => (id.clone(), lease.clone(), instant()).prop_map(|(id, lease, due)| MessageChange::Release { id, lease, due }),
        1 => (id.clone(), lease, unsent)
            .prop_map(move |(id, lease, state)| MessageChange::Drop { id, lease, state, reason: reason() }),
        3 => (by, status, instant())
            .prop_map(|(by, status, at)| MessageChange::Receipt { by, status, reason: None, at }),
        1 => (id, instant(), instant()).prop_map(|(id, due, expires)| MessageChange::Requeue { id, due, expires }),
    ]
}

/// Which steps there are at all.
fn is_allowed(was: &Message, now: &Message, change: &MessageChange) -> bool {
    use MessageState::{Accepted, Claimed, Delivered, Expired, InDoubt, Queued, Refused, Sending, Undelivered};

    let by_operator = matches!(change, MessageChange::Requeue { .. });
    match (was.state, now.state) {
        (Claimed | Refused | InDoubt | Undelivered | Expired, Queued) => by_operator || was.state == Claimed,
        (Queued | Claimed, Claimed) => now.lease == was.lease + 1,
        (Refused | InDoubt, Claimed) => was.due.is_some() && now.lease == was.lease + 1,
        (Claimed, Sending) => now.attempt == was.attempt + 1,
        (Sending | InDoubt | Queued | Claimed | Expired, Accepted | Undelivered | Delivered)
        | (Accepted, Undelivered | Delivered)
        | (Refused | Undelivered, Delivered) => was.attempt > 0,
        (Sending | InDoubt | Claimed, Refused) | (Sending, InDoubt) | (Claimed, Expired) => true,
        (was, now) => was == now,
    }
}

fn is_consistent(message: &Message) -> bool {
    use MessageState::{Claimed, InDoubt, Queued, Refused, Sending};

    let is_under_way = matches!(message.state, Claimed | Sending);
    let due = match message.state {
        Queued | Claimed | Sending => message.due.is_some(),
        Refused => true,
        InDoubt => message.due.is_none() || message.repeat == Repeat::Harmless,
        _ => message.due.is_none(),
    };
    due && message.until.is_some() == is_under_way && message.sealed == [1, 2, 3]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_life_keeps_to_its_steps(commits in prop::collection::vec(prop::collection::vec(any_change(), 1..4), 1..60)) {
        let mut messages = Messages::default();
        for commit in commits {
            for change in &commit {
                let before: Vec<_> = (1..4).map(|id| messages.get(MessageId(id)).cloned()).collect();
                let stood = messages.change(std::slice::from_ref(change)).is_ok();
                for (id, was) in (1..4).zip(before) {
                    let now = messages.get(MessageId(id));
                    prop_assert!(now.is_none_or(is_consistent), "{:?}", now);
                    prop_assert!(stood || now == was.as_ref());
                    if let (Some(was), Some(now)) = (was, now)
                        && was != *now
                    {
                        prop_assert!(is_allowed(&was, now, change), "{was:?}\n{now:?}\n{change:?}");
                    }
                }
            }
        }
    }

    /// What may go out once goes out once, unless a gateway has definitely refused it or an operator says so.
    #[test]
    fn what_may_not_be_repeated_is_begun_again_only_after_a_definite_answer(
        changes in prop::collection::vec(any_change(), 1..120)
    ) {
        let mut messages = Messages::default();
        let mut is_definite = [true; 4];
        for change in &changes {
            let attempts = |messages: &Messages| [0, 1, 2, 3].map(|id| messages.get(MessageId(id)).map_or(0, |one| one.attempt));
            let before = attempts(&messages);
            if messages.change(std::slice::from_ref(change)).is_err() {
                continue;
            }
            for (id, (was, now)) in before.into_iter().zip(attempts(&messages)).enumerate() {
                let Some(message) = messages.get(MessageId(id as u128)).filter(|one| one.repeat == Repeat::Never) else { continue };
                if now > was {
                    prop_assert!(is_definite[id], "begun again in doubt: {message:?}");
                    is_definite[id] = false;
                }
                is_definite[id] |= message.state == MessageState::Refused
                    || matches!(change, MessageChange::Requeue { id: named, .. } if *named == message.id);
            }
        }
    }

    /// A commit that fails leaves nothing of itself, and one that is taken back neither.
    #[test]
    fn a_commit_is_made_whole_or_not_at_all(
        first in prop::collection::vec(any_change(), 0..20), second in prop::collection::vec(any_change(), 1..20)
    ) {
        let mut messages = Messages::default();
        for change in &first {
            let _ = messages.change(std::slice::from_ref(change));
        }
        let before = (messages.now.clone(), messages.early_now.clone());
        if let Ok(undo) = messages.change(&second) {
            messages.undo(undo);
        }
        prop_assert_eq!(before, (messages.now.clone(), messages.early_now.clone()));
        for change in &second {
            let _ = messages.change(std::slice::from_ref(change));
        }
    }

    /// The answer and the receipts of one attempt say the same in any order.
    #[test]
    fn receipts_and_the_answer_commute(
        statuses in prop::collection::vec((0..3usize, any::<bool>()), 0..5), seed in any::<prop::sample::Index>()
    ) {
        let all = [ReceiptStatus::Underway, ReceiptStatus::Failed, ReceiptStatus::Delivered];
        let told = statuses.iter().map(|(status, ours)| {
            receipt(if *ours { ReceiptOf::Id(ID, Attempts::ALL) } else { ReceiptOf::Foreign(F) }, all[*status])
        });
        let mut changes: Vec<_> = std::iter::once(accepted(1)).chain(told).collect();
        let straight = lived(message(1), &[&[claim(0), sending(1)], &changes[..]].concat());
        let turn = seed.index(changes.len());
        changes.rotate_left(turn);
        changes.reverse();
        let other = lived(message(1), &[&[claim(0), sending(1)], &changes[..]].concat());
        let of = |messages: &Messages| messages.get(ID).map(|found| (found.state, found.foreign, found.due));
        prop_assert_eq!(of(&straight), of(&other));
        prop_assert!(straight.kept().is_empty() && other.kept().is_empty());
        let strongest = statuses.iter().map(|(status, _)| *status).max().unwrap_or(0);
        let expected = [MessageState::Accepted, MessageState::Undelivered, MessageState::Delivered][strongest];
        prop_assert_eq!(straight.get(ID).map(|found| found.state), Some(expected));
    }
}
