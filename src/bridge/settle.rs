//! What was left in doubt becomes known: changing calls whose answer was lost are asked after until they are settled.
//!
//! Questions go side by side, a bounded number in all and of one department, so that one which is slow delays nobody else's answer.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{self, JoinSet};

use super::change::Wish;
use super::{Bridge, TurnError};
use crate::department::Budget;
use crate::engine::{CallRequest, Failure, Outcome};
use crate::menu::{OperationId, Program};
use crate::store::{Commit, CommitError, Intent, IntentChange, IntentState, StoreError, Trouble};

/// Intents asked after in one round, one after the other.
const IN_A_ROUND: usize = 100;
/// Questions that are under way at once …
const AT_ONCE: usize = 64;
/// … and of these, to one department.
const OF_ONE_DEPARTMENT: usize = 4;
/// How often it is looked for intents whose time has come.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long one question may take: nobody waits on a phone.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long no other node is given the intent that one asks after: longer than a question takes, with its commit.
const LEASED_FOR: Duration = Duration::from_secs(30);
/// Waits between questions double from here …
const FIRST_WAIT: Duration = Duration::from_secs(30);
/// … to here.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// After which an intent that nobody can tell about is closed.
pub(super) const GIVEN_UP_AFTER: Duration = Duration::from_hours(30 * 24);

/// What one round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    pub asked: usize,
    pub settled: usize,
}

impl Bridge {
    /// Asks after intents as their time comes, until `stop`; then finishes what is under way.
    pub async fn settle_always(self: Arc<Self>, stop: impl Future<Output = ()> + Send) {
        let mut stop = pin!(stop);
        let mut asking = Asking::default();
        let trouble = Trouble::default();
        loop {
            let found = if asking.has_room() { self.next_due(asking.full()).await } else { Ok(None) };
            let found = match found {
                Ok(found) => {
                    trouble.worked();
                    found
                }
                Err(error) => {
                    if trouble.failed().is_some() {
                        tracing::error!(%error, "Doubtful calls could not be looked for");
                    }
                    None
                }
            };
            let is_more_likely = found.is_some();
            if let Some(intent) = found {
                asking.begin(Arc::clone(&self), intent);
            }
            tokio::select! {
                biased;
                () = &mut stop => break,
                () = asking.ended() => {}
                () = std::future::ready(()), if is_more_likely => task::yield_now().await,
                () = self.clock.sleep(LOOK_EVERY) => {}
            }
        }
        while !asking.tasks.is_empty() {
            asking.ended().await;
        }
    }

    /// Asks after every intent whose time has come, once, one after the other: for dialogues, in whose time nothing happens by itself.
    pub async fn settle_due(&self) -> Result<Settled, StoreError> {
        let mut round = Settled::default();
        while round.asked < IN_A_ROUND
            && let Some(intent) = self.next_due(Vec::new()).await?
        {
            round.asked += 1;
            round.settled += usize::from(self.settled(&intent).await);
        }
        Ok(round)
    }

    /// One at a time: its lease runs while it is asked after, and not while others are.
    async fn next_due(&self, but: Vec<String>) -> Result<Option<Intent>, StoreError> {
        let now = self.clock.now();
        Ok(self.store.lease_due(now, now.plus(LEASED_FOR), 1, but).await?.into_iter().next())
    }

    /// Asks after one; whether it is known now.
    async fn settled(&self, intent: &Intent) -> bool {
        match self.settle(intent).await {
            Ok(settled) => return settled,
            // It took longer than the lease: another node asks after it now, and nothing is amiss.
            Err(TurnError::Commit(CommitError::LeaseLost)) => {
                tracing::debug!(receipt = %intent.receipt, "Another node has taken over a doubtful call");
            }
            Err(error) => {
                tracing::error!(receipt = %intent.receipt, operation = %intent.operation, %error,
                    "What became of a doubtful call could not be kept");
            }
        }
        false
    }

    /// Not in the order of the subscriber's turns, which would have to wait: whichever of a turn and this settles first, the
    /// store lets an intent settle once.
    async fn settle(&self, intent: &Intent) -> Result<bool, TurnError> {
        let wish = self.open_wish(intent);
        if let Ok(wish) = &wish
            && let Some(later) = &wish.later
            && let Some(parked) = &later.parked
        {
            return self.tell_later(intent, wish, later, parked).await;
        }
        let asked = match wish {
            Ok(wish) => self.ask(intent, &wish).await.map(|outcome| Wish { outcome: Some(outcome), ..wish }),
            Err(error) => {
                tracing::error!(receipt = %intent.receipt, operation = %intent.operation, %error,
                    "A doubtful call cannot be asked after: its record cannot be read");
                None
            }
        };
        let settled = asked.is_some();
        let change = match asked {
            Some(wish) => IntentChange::Settle {
                id: intent.id,
                sealed: self.seal_wish(intent.id, &wish)?,
                lease: Some(intent.lease),
            },
            // Put off in any case, so that one that cannot be asked after does not stand before all others.
            None if self.clock.now().since(intent.at) > GIVEN_UP_AFTER => return self.give_up(intent).await,
            None => IntentChange::Doubt {
                id: intent.id,
                due: self.clock.now().plus(wait(intent.tries)),
                lease: Some(intent.lease),
            },
        };
        self.store.commit(Commit { intents: vec![change], ..Commit::default() }).await?;
        if settled {
            self.meters.intent("settled");
        } else if intent.state == IntentState::Claimed {
            self.meters.intent("doubtful");
        }
        Ok(settled)
    }

    /// Nobody knows, and nobody will: people must look. The wish can be made again.
    pub(super) async fn give_up(&self, intent: &Intent) -> Result<bool, TurnError> {
        tracing::error!(receipt = %intent.receipt, operation = %intent.operation,
            "What became of a changing call was never known; ask the department about this receipt's time and number");
        let outcome = Some(Outcome::Failed(Failure::Down));
        let wish = Wish { operation: intent.operation.clone(), caller: String::new(), outcome, later: None };
        let change = IntentChange::Settle {
            id: intent.id,
            sealed: self.seal_wish(intent.id, &wish)?,
            lease: Some(intent.lease),
        };
        self.store.commit(Commit { intents: vec![change], ..Commit::default() }).await?;
        self.meters.intent("given_up");
        Ok(false)
    }

    async fn ask(&self, intent: &Intent, wish: &Wish) -> Option<Outcome> {
        let program = self.program();
        let call = call_of(&program, wish)?;
        self.asked(&program, &call, intent, Budget(PATIENCE)).await
    }
}

/// Questions under way, each with its department.
#[derive(Debug, Default)]
struct Asking {
    tasks: JoinSet<()>,
    departments: HashMap<task::Id, String>,
}

impl Asking {
    fn has_room(&self) -> bool {
        self.tasks.len() < AT_ONCE
    }

    /// The departments that are asked as much as they may be at once.
    fn full(&self) -> Vec<String> {
        let mut asked: HashMap<&str, usize> = HashMap::new();
        for department in self.departments.values() {
            *asked.entry(department).or_default() += 1;
        }
        let full = asked.into_iter().filter(|(_, count)| *count >= OF_ONE_DEPARTMENT);
        full.map(|(department, _)| department.to_owned()).collect()
    }

    fn begin(&mut self, bridge: Arc<Bridge>, intent: Intent) {
        let department = intent.operation.split('.').next().unwrap_or_default().to_owned();
        let task = self.tasks.spawn(async move { _ = bridge.settled(&intent).await });
        self.departments.insert(task.id(), department);
    }

    /// Ends when one of them has; never where there is none. One that ended in a defect has said so, and its lease ends by itself.
    async fn ended(&mut self) {
        let id = match self.tasks.join_next_with_id().await {
            Some(Ok((id, ()))) => id,
            Some(Err(error)) => error.id(),
            None => return std::future::pending().await,
        };
        self.departments.remove(&id);
    }
}

/// How long to wait after so many questions.
pub(super) fn wait(tries: u32) -> Duration {
    FIRST_WAIT.saturating_mul(1_u32.checked_shl(tries.min(16)).unwrap_or(u32::MAX)).min(LONGEST_WAIT)
}

/// The call that an intent stands for, in the present program; `None` when that has no such operation any more.
fn call_of(program: &Program, wish: &Wish) -> Option<CallRequest> {
    let at = program.operations.iter().position(|operation| operation.name == wish.operation)?;
    Some(CallRequest {
        operation: OperationId(u16::try_from(at).ok()?),
        // Who is asked after is told by the intent's id alone.
        give: Vec::new(),
        within: PATIENCE,
        caller: wish.caller.clone(),
        late: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour() {
        assert_eq!(wait(0), Duration::from_secs(30));
        assert_eq!(wait(1), Duration::from_mins(1));
        assert_eq!(wait(6), Duration::from_mins(32));
        assert_eq!(wait(7), Duration::from_hours(1));
        assert_eq!(wait(u32::MAX), Duration::from_hours(1));
    }
}
