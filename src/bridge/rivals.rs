//! Other nodes: what happens when one of them serves the same subscriber at the same moment.
//!
//! In one process `order` lets callbacks of a subscriber in one after the other. Between nodes only the store orders them, by
//! compare-and-set on the number of the subscriber's turn. Three rules make several nodes answer as one would:
//!
//! * **Who loses a turn** and brought the same callback gives the winner's reply, byte for byte. Another callback is
//!   conducted again on the winner's turn, as if it had come after it. What the lost attempt came to know of changing calls
//!   is kept first, by a commit of its own.
//! * **A changing call is made only on the subscriber's last turn.** A node that was slow may have read the turn before the one
//!   in which another node has made the very same call, told of it, and closed its intent: nothing would be in the way of a
//!   second. So the claim is itself a turn: the last one once more, under the next number, marked as calling. Where there is
//!   none (the first turn of all makes the call), the turn is read again once the claim is durable: either the other's
//!   claim was still open, and this one was refused; or it had been closed, and the turn that closed it can be read.
//! * **A call is in its node's hands** until its deadline and the time for a commit have passed. Until then whatever else
//!   comes for the subscriber waits for that node, as it would in one process, at most as long as its own phone lets it.
//!   Whoever waited for nothing goes on from the turn before, and its own turn takes the mark away; where it comes by the same
//!   wish, it marks that as doubtful. So a node that died costs a citizen one wait.

use std::time::Duration;

use super::change::FIRST_ASKED_AFTER;
use super::ground::Ground;
use super::record::{Page, Record};
use super::turn::{Answered, Passage};
use super::{Bridge, TurnError};
use crate::menu::SystemText;
use crate::store::{Commit, CommitError, Conversation, Intent, IntentChange, IntentState, Lookup, TurnRecord};
use crate::types::Timestamp;

/// How often one callback is conducted, the first time included. Who loses so often is not racing with one other callback.
pub(super) const ATTEMPTS: usize = 4;

/// How long after its call's deadline a node may still be writing what came of it.
const FOR_ITS_COMMIT: Duration = Duration::from_millis(300);

/// How often is looked whether another node is done: two reads each time, and shorter than anybody notices.
const LOOK_EVERY: Duration = Duration::from_millis(50);

impl Bridge {
    /// What a callback that lost to `winner` is answered; `None` where it is to be conducted again.
    pub(super) fn lost(&self, passage: &Passage<'_>, winner: &Conversation, is_last: bool) -> Option<Answered> {
        let record = self.open(winner).filter(|_| winner.leg == passage.leg);
        // A citizen may have answered the same before, and what is not a turn (an end, a claim) leaves that as it was: then it
        // is judged again.
        let was = passage.kept.as_ref().is_some_and(|kept| kept.leg.callback == passage.callback.0);
        let is_same = |record: &&Record| record.leg.callback == passage.callback.0 && !was;
        if let Some(record) = record.as_ref().filter(is_same) {
            self.meters.race("repeat");
            return Some(Answered { page: record.leg.reply.clone(), outcome: "repeat" });
        }
        if !is_last && self.clock.now() < passage.deadline {
            self.meters.race("again");
            return None;
        }
        self.meters.race("given_up");
        if let Some(record) = record {
            return Some(Answered { page: record.leg.reply, outcome: "passed" });
        }
        // The winner's page belongs to another dialogue.
        let text = self.say(SystemText::Busy, Some(passage.turn), passage.profile);
        Some(Answered { page: Page::last(text), outcome: "busy" })
    }

    /// Keeps what a lost turn came to know of changing calls: not that the citizen was told.
    pub(super) async fn keep_known(&self, mut intents: Vec<IntentChange>) -> Result<(), TurnError> {
        intents.retain(|change| !matches!(change, IntentChange::Told { .. }));
        if intents.is_empty() {
            return Ok(());
        }
        Ok(self.store.commit(Commit { intents, ..Commit::default() }).await?)
    }

    /// Fails with the winner where the subscriber's last turn is not the one that is being gone on from.
    pub(super) async fn still_last(&self, ground: &Ground<'_>) -> Result<(), TurnError> {
        // What happened once has no rivals.
        let Ground::Turn(passage) = ground else { return Ok(()) };
        let last = self.store.conversation(Lookup::Subscriber(passage.subscriber), passage.arrived).await?;
        // One that was forgotten meanwhile has no winner.
        match last.filter(|last| last.turn != passage.number() - 1) {
            Some(winner) => Err(CommitError::Lost(Box::new(winner)).into()),
            None => Ok(()),
        }
    }

    /// The subscriber's last turn, with its record where that can be read, once no other node makes a changing call in the next:
    /// waits for that, until `deadline` at most.
    pub(super) async fn between_calls(
        &self,
        mut last: Option<Conversation>,
        arrived: Timestamp,
        deadline: Timestamp,
    ) -> Result<(Option<Conversation>, Option<Record>), TurnError> {
        let mut has_waited = false;
        loop {
            let record = last.as_ref().and_then(|conversation| self.open(conversation));
            let until = record.as_ref().and_then(Record::calling);
            let left = until.map(|until| until.min(deadline).since(self.clock.now()));
            let (Some(conversation), Some(left)) = (&last, left.filter(|left| !left.is_zero())) else {
                if has_waited {
                    self.meters.waited(if until.is_some() { "unknown" } else { "known" });
                }
                return Ok((last, record));
            };
            has_waited = true;
            let lookup = Lookup::Subscriber(conversation.subscriber);
            self.waits.during(self.clock.sleep(left.min(LOOK_EVERY))).await;
            last = self.store.conversation(lookup, arrived).await?;
        }
    }

    /// The turn that is gone on from, once more and marked as calling; `None` where there is none that can be read.
    pub(super) fn calling(&self, ground: &Ground<'_>, until: Timestamp) -> Result<Option<TurnRecord>, TurnError> {
        let Ground::Turn(passage) = ground else { return Ok(None) };
        let (Some(stored), Some(kept)) = (&passage.stored, &passage.kept) else { return Ok(None) };
        let record = kept.clone().marked(Some(until));
        let sealed = self.sealed(passage.subscriber, &record)?;
        let conversation = Conversation { turn: passage.number(), sealed, ..stored.clone() };
        Ok(Some(TurnRecord { conversation, history: None }))
    }

    /// Waits while `open` is in another node's hands, and gives it as it stands then. Fails with that node's turn once it is
    /// there.
    pub(super) async fn wait_for(&self, ground: &Ground<'_>, mut open: Intent) -> Result<Intent, TurnError> {
        let until = in_hands_until(&open).min(ground.deadline());
        if !is_in_hands(&open) || self.clock.now() >= until {
            return Ok(open);
        }
        let mut became = "known";
        while is_in_hands(&open) {
            let left = until.since(self.clock.now());
            if left.is_zero() {
                became = "unknown";
                break;
            }
            self.waits.during(self.clock.sleep(left.min(LOOK_EVERY))).await;
            // The intent first: a turn that closes it is then seen with it.
            let Some(now) = self.store.intent(open.id).await? else { break };
            open = now;
            if let Err(moved) = self.still_last(ground).await {
                self.meters.waited("known");
                return Err(moved);
            }
        }
        self.meters.waited(became);
        Ok(open)
    }
}

/// The turn that claimed it may still be under way. What is leased is not: that is asked after long after its turn.
fn is_in_hands(intent: &Intent) -> bool {
    intent.state == IntentState::Claimed && intent.lease == 0
}

/// Until when the turn that claimed it may still write what came of it, by the clock of that turn's node.
pub(super) fn in_hands_until(intent: &Intent) -> Timestamp {
    let first_asked_after = i64::try_from(FIRST_ASKED_AFTER.as_millis()).unwrap_or(i64::MAX);
    Timestamp(intent.due.0.saturating_sub(first_asked_after)).plus(FOR_ITS_COMMIT)
}
