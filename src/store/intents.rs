//! The life of intents, apart from any database: what a batch's changes make of the intents they touch.

use std::collections::HashMap;

use super::{CommitError, Intent, IntentChange, IntentId, IntentState, KeyedHash};

/// The intents that a batch touches, as they stand after the commits judged so far.
#[derive(Debug, Default)]
pub(super) struct Intents {
    by_id: HashMap<IntentId, Intent>,
    /// Which of them is not yet told, by subscriber and request.
    open: HashMap<(KeyedHash, KeyedHash), IntentId>,
    changed: Vec<IntentId>,
}

impl Intents {
    /// From what the database holds: every intent whose id the batch names, and every open one for a request it claims.
    pub(super) fn new(found: Vec<Intent>) -> Self {
        let mut intents = Self::default();
        for intent in found {
            intents.put(intent);
        }
        intents
    }

    /// Makes one commit's changes, in their order; all or, with what is in the way, none.
    pub(super) fn change(&mut self, changes: &[IntentChange]) -> Result<(), CommitError> {
        let before = self.touched(changes);
        for change in changes {
            if let Err(refused) = self.make(change) {
                self.restore(before);
                return Err(refused);
            }
        }
        Ok(())
    }

    /// What is to be written: the changed ones, told ones first, so that a row that leaves the index of open requests
    /// does so before another enters it.
    pub(super) fn changed(&self) -> Vec<&Intent> {
        let mut changed: Vec<&Intent> = self.changed.iter().filter_map(|id| self.by_id.get(id)).collect();
        changed.sort_by_key(|intent| intent.state != IntentState::Told);
        changed
    }

    /// As it stands after the commits judged so far.
    pub(super) fn get(&self, id: IntentId) -> Option<&Intent> {
        self.by_id.get(&id)
    }

    fn make(&mut self, change: &IntentChange) -> Result<(), CommitError> {
        use IntentState::{Claimed, Doubtful, Settled, Told};

        if let IntentChange::Claim(intent) = change {
            let rival = self.open.get(&(intent.subscriber, intent.request)).unwrap_or(&intent.id);
            if let Some(rival) = self.by_id.get(rival) {
                return Err(CommitError::AlreadyOpen(Box::new(rival.clone())));
            }
            self.put(intent.clone());
            self.note(intent.id);
            return Ok(());
        }
        let id = id(change);
        let Some(mut intent) = self.by_id.get(&id).cloned() else { return Ok(()) };
        if lease(change).is_some_and(|lease| lease != intent.lease) {
            return Err(CommitError::LeaseLost);
        }
        match (change, intent.state) {
            (IntentChange::Doubt { due, .. }, Claimed | Doubtful) => {
                intent.state = Doubtful;
                intent.due = *due;
                intent.tries = intent.tries.saturating_add(1);
            }
            (IntentChange::Settle { sealed, .. }, Claimed | Doubtful) => {
                intent.state = Settled;
                intent.sealed.clone_from(sealed);
            }
            (IntentChange::Lease { until, .. }, Claimed | Doubtful) => {
                intent.due = *until;
                intent.lease = intent.lease.saturating_add(1);
            }
            (IntentChange::Told { .. }, Settled) => intent.state = Told,
            _ => return Ok(()),
        }
        self.put(intent);
        self.note(id);
        Ok(())
    }

    fn put(&mut self, intent: Intent) {
        let wish = (intent.subscriber, intent.request);
        if intent.state != IntentState::Told {
            self.open.insert(wish, intent.id);
        } else if self.open.get(&wish) == Some(&intent.id) {
            self.open.remove(&wish);
        }
        self.by_id.insert(intent.id, intent);
    }

    fn note(&mut self, id: IntentId) {
        if !self.changed.contains(&id) {
            self.changed.push(id);
        }
    }

    /// The intents that these changes name, as they are now.
    fn touched(&self, changes: &[IntentChange]) -> Vec<(IntentId, Option<Intent>, bool)> {
        let state = |id: IntentId| (id, self.by_id.get(&id).cloned(), self.changed.contains(&id));
        changes.iter().map(|change| state(id(change))).collect()
    }

    fn restore(&mut self, before: Vec<(IntentId, Option<Intent>, bool)>) {
        for (id, intent, changed) in before {
            if let Some(now) = self.by_id.remove(&id) {
                self.open.retain(|_, open| *open != now.id);
            }
            if let Some(intent) = intent {
                self.put(intent);
            }
            if !changed {
                self.changed.retain(|other| *other != id);
            }
        }
    }
}

/// What must be read before these changes can be judged: intents by id, and open ones by subscriber and request.
pub(super) fn wanted<'a>(
    changes: impl Iterator<Item = &'a IntentChange>,
) -> (Vec<IntentId>, Vec<(KeyedHash, KeyedHash)>) {
    let (mut ids, mut wishes) = (Vec::new(), Vec::new());
    for change in changes {
        ids.push(id(change));
        if let IntentChange::Claim(intent) = change {
            wishes.push((intent.subscriber, intent.request));
        }
    }
    (ids, wishes)
}

/// The intent that a change is about.
fn id(change: &IntentChange) -> IntentId {
    match change {
        IntentChange::Claim(intent) => intent.id,
        IntentChange::Lease { id, .. }
        | IntentChange::Doubt { id, .. }
        | IntentChange::Settle { id, .. }
        | IntentChange::Told { id } => *id,
    }
}

/// The lease under which a change is made.
fn lease(change: &IntentChange) -> Option<u32> {
    match change {
        IntentChange::Lease { lease, .. } => Some(*lease),
        IntentChange::Doubt { lease, .. } | IntentChange::Settle { lease, .. } => *lease,
        IntentChange::Claim(_) | IntentChange::Told { .. } => None,
    }
}
