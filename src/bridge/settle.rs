//! What was left in doubt becomes known: changing calls whose answer was lost are asked after until they are settled.

use std::time::Duration;

use super::change::Wish;
use super::{Bridge, TurnError};
use crate::department::Budget;
use crate::engine::{CallRequest, Failure, Outcome};
use crate::menu::{OperationId, Program};
use crate::store::{Commit, CommitError, Intent, IntentChange, IntentState, StoreError};

/// Intents asked after in one round.
const AT_ONCE: usize = 100;
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
    /// Asks after every intent whose time has come, once. `go_on` is looked at before each: a stop need not wait for all.
    pub async fn settle_due(&self, go_on: impl Fn() -> bool + Send) -> Result<Settled, StoreError> {
        let mut round = Settled::default();
        // One at a time: a lease runs while one question is asked, not while others are.
        while round.asked < AT_ONCE && go_on() {
            let now = self.clock.now();
            let leased = self.store.lease_due(now, now.plus(LEASED_FOR), 1).await?;
            let Some(intent) = leased.into_iter().next() else { break };
            round.asked += 1;
            match self.settle(&intent).await {
                Ok(true) => round.settled += 1,
                Ok(false) => {}
                // It took longer than the lease: another node asks after it now, and nothing is amiss.
                Err(TurnError::Commit(CommitError::LeaseLost)) => {
                    tracing::debug!(receipt = %intent.receipt, "Another node has taken over a doubtful call");
                }
                Err(error) => {
                    tracing::error!(receipt = %intent.receipt, operation = %intent.operation, %error,
                        "What became of a doubtful call could not be kept");
                }
            }
        }
        Ok(round)
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
