//! Which commits of a batch stand, apart from any database: each is judged after those before it.

use std::collections::HashMap;
use std::hash::BuildHasher;

use super::hashed::ByHash;
use super::intents::Intents;
use super::marks::Marks;
use super::messages::{Held, Messages};
use super::{Commit, CommitError, Conversation, Intent, KeyedHash, Mark, Message, MessageId};
use crate::types::Timestamp;

/// A subscriber's last turn, as far as it decides whether another may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Last {
    pub(super) turn: u64,
    pub(super) expires: Timestamp,
}

impl Last {
    /// The compare of compare-and-set; an expired turn stands in nobody's way.
    pub(super) fn admits(self, next: &Conversation) -> bool {
        self.turn.checked_add(1) == Some(next.turn) || self.expires < next.at
    }
}

impl From<&Conversation> for Last {
    fn from(conversation: &Conversation) -> Self {
        Self { turn: conversation.turn, expires: conversation.expires }
    }
}

/// What stood before a batch, as far as it is known.
pub(super) trait Before {
    /// `None` where there is no turn, or where none is known of: the database then has the last word.
    fn last(&self, subscriber: KeyedHash) -> Option<Last>;
    /// All of it, for whoever lost to it.
    fn whole(&self, subscriber: KeyedHash) -> Option<Conversation>;
}

impl<S: BuildHasher> Before for HashMap<KeyedHash, Conversation, S> {
    fn last(&self, subscriber: KeyedHash) -> Option<Last> {
        self.get(&subscriber).map(Last::from)
    }

    fn whole(&self, subscriber: KeyedHash) -> Option<Conversation> {
        self.get(&subscriber).cloned()
    }
}

/// What a batch can meet beside turns, as it stands after the commits judged so far.
#[derive(Debug, Default)]
pub(super) struct Books {
    pub(super) intents: Intents,
    pub(super) messages: Messages,
    pub(super) marks: Marks,
}

/// What a database holds of that.
#[derive(Clone, Debug, Default)]
pub(super) struct Kept {
    pub(super) intents: Vec<Intent>,
    pub(super) messages: Held,
    pub(super) marks: Vec<Mark>,
}

impl Books {
    pub(super) fn new(kept: Kept) -> Self {
        let Kept { intents, messages, marks } = kept;
        Self { intents: Intents::new(intents), messages: Messages::new(messages), marks: Marks::new(marks) }
    }

    /// Makes one commit's changes; all or, with what is in the way, none.
    fn change(&mut self, commit: &Commit) -> Result<(), CommitError> {
        self.marks.admit(&commit.marks)?;
        let undo = self.messages.change(&commit.messages)?;
        if let Err(refused) = self.intents.change(&commit.intents) {
            self.messages.undo(undo);
            return Err(refused);
        }
        self.marks.set(&commit.marks);
        Ok(())
    }
}

/// One outcome for each commit, in their order; `books` are left as the commits that stand made them.
pub(super) fn judge(batch: &[Commit], before: &impl Before, books: &mut Books) -> Vec<Result<(), CommitError>> {
    let mut pending: ByHash<&Conversation> = ByHash::default();
    let mut outcomes = Vec::with_capacity(batch.len());
    for commit in batch {
        let turn = commit.turn.as_ref().map(|turn| &turn.conversation);
        let outcome = turn.map_or(Ok(()), |turn| {
            let earlier = pending.get(&turn.subscriber).copied();
            let last = earlier.map(Last::from).or_else(|| before.last(turn.subscriber));
            if last.is_none_or(|last| last.admits(turn)) {
                return Ok(());
            }
            let winner = earlier.cloned().or_else(|| before.whole(turn.subscriber));
            winner.map_or(Ok(()), |winner| Err(CommitError::Lost(Box::new(winner))))
        });
        let outcome = outcome.and_then(|()| books.change(commit));
        if let (Ok(()), Some(turn)) = (&outcome, turn) {
            pending.insert(turn.subscriber, turn);
        }
        outcomes.push(outcome);
    }
    outcomes
}

/// What one statement was to write, all of it or nothing. When nobody knows whether it was, its own traces tell: sealed
/// bytes are like no others.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) outcomes: Vec<Result<(), CommitError>>,
    /// The last turn of each subscriber.
    pub(super) turns: Vec<Conversation>,
    /// The changed ones, as they were to become. They count where there is no turn: another node may have made the same
    /// of an intent.
    pub(super) intents: Vec<Intent>,
    /// The changed messages, as they were to become, and those that were to be queued: of these it counts that they are there.
    pub(super) messages: Vec<Message>,
    pub(super) queued: Vec<MessageId>,
    pub(super) marks: Vec<Mark>,
}

impl Attempt {
    /// Whether it was written, by what was read since.
    ///
    /// A turn that another node's has replaced meanwhile leaves no trace; whoever wrote that had read ours. It then counts
    /// as lost, and its citizen is answered as the later turn was.
    pub(super) fn was_written(&self, now: &HashMap<KeyedHash, Conversation>, books: &Books) -> bool {
        if !self.turns.is_empty() {
            return self.turns.iter().any(|turn| now.get(&turn.subscriber) == Some(turn));
        }
        // All of them: one may be as another node made it, too, while what came with it was never written. Whoever counts
        // as not written though it was is judged again, which does nothing twice.
        let traces = self.intents.len() + self.messages.len() + self.queued.len() + self.marks.len();
        traces > 0
            && self.intents.iter().all(|intent| books.intents.get(intent.id) == Some(intent))
            && self.messages.iter().all(|message| books.messages.get(message.id) == Some(message))
            && self.queued.iter().all(|id| books.messages.get(*id).is_some())
            && self.marks.iter().all(|mark| books.marks.has_found(mark))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{IntentChange, IntentId, IntentState, TurnRecord};

    fn turn(subscriber: u8, number: u64, sealed: u8) -> Conversation {
        Conversation {
            subscriber: KeyedHash([subscriber; 16]),
            leg: KeyedHash([9; 16]),
            turn: number,
            at: Timestamp(1_000),
            expires: Timestamp(2_000),
            sealed: vec![sealed],
        }
    }

    fn commit(conversation: Conversation) -> Commit {
        Commit { turn: Some(TurnRecord { conversation, history: None }), ..Commit::default() }
    }

    fn doubtful(tries: u32) -> Intent {
        Intent {
            id: IntentId(1),
            subscriber: KeyedHash([1; 16]),
            operation: String::new(),
            request: KeyedHash([2; 16]),
            receipt: String::new(),
            state: IntentState::Doubtful,
            at: Timestamp(1_000),
            due: Timestamp(1_500),
            tries,
            lease: 0,
            sealed: Vec::new(),
        }
    }

    fn nothing() -> Attempt {
        let (outcomes, turns, intents) = (Vec::new(), Vec::new(), Vec::new());
        Attempt { outcomes, turns, intents, messages: Vec::new(), queued: Vec::new(), marks: Vec::new() }
    }

    fn books(intents: Vec<Intent>) -> Books {
        Books::new(Kept { intents, ..Kept::default() })
    }

    fn stored(turns: Vec<Conversation>) -> HashMap<KeyedHash, Conversation> {
        turns.into_iter().map(|turn| (turn.subscriber, turn)).collect()
    }

    #[test]
    fn what_is_not_known_is_admitted_and_what_follows_it_too() {
        let batch = [commit(turn(1, 7, 1)), commit(turn(1, 8, 2)), commit(turn(1, 8, 3))];
        let outcomes = judge(&batch, &HashMap::new(), &mut Books::default());
        assert!(
            matches!(outcomes.as_slice(), [Ok(()), Ok(()), Err(CommitError::Lost(winner))] if winner.sealed == [2])
        );
        let outcomes = judge(&batch, &stored(vec![turn(1, 7, 9)]), &mut Books::default());
        assert!(
            matches!(outcomes.as_slice(), [Err(CommitError::Lost(winner)), Ok(()), Err(_)] if winner.sealed == [9])
        );
    }

    #[test]
    fn an_attempt_is_known_by_its_own_turns_only() {
        let attempt = Attempt { turns: vec![turn(1, 7, 1), turn(2, 3, 2)], ..nothing() };
        let none = Books::default();
        assert!(!attempt.was_written(&HashMap::new(), &none));
        assert!(!attempt.was_written(&stored(vec![turn(1, 6, 1), turn(2, 3, 9)]), &none), "another's turn 3");
        assert!(
            attempt.was_written(&stored(vec![turn(1, 8, 1), turn(2, 3, 2)]), &none),
            "another's turn came after one"
        );
    }

    #[test]
    fn without_turns_its_intents_tell() {
        let attempt = Attempt { intents: vec![doubtful(2)], ..nothing() };
        assert!(!attempt.was_written(&HashMap::new(), &books(vec![doubtful(1)])));
        let again = books(vec![doubtful(2)]);
        assert!(attempt.was_written(&HashMap::new(), &again));
        let claimed = Intent { id: IntentId(2), state: IntentState::Claimed, ..doubtful(0) };
        let with_claim = Attempt { intents: vec![doubtful(2), claimed], ..nothing() };
        assert!(
            !with_claim.was_written(&HashMap::new(), &again),
            "another node did the same to one, the claim is not there"
        );
        let with_turn = Attempt { turns: vec![turn(1, 1, 1)], ..attempt };
        assert!(!with_turn.was_written(&HashMap::new(), &again), "its turn is not there");
    }

    #[test]
    fn who_loses_its_turn_changes_no_intent() {
        let claim = IntentChange::Claim(doubtful(0));
        let lost = Commit { intents: vec![claim], ..commit(turn(1, 3, 1)) };
        let mut books = Books::default();
        assert!(judge(&[lost], &stored(vec![turn(1, 3, 2)]), &mut books)[0].is_err());
        assert!(books.intents.changed().is_empty());
    }
}
