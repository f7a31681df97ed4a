//! What was left in doubt becomes known: changing calls whose answer was lost are asked after until they are settled.

use std::time::Duration;

use super::change::Wish;
use super::{Bridge, TurnError};
use crate::department::Budget;
use crate::engine::CallRequest;
use crate::menu::{OperationId, Program};
use crate::store::{Commit, Intent, IntentChange};

/// Intents asked after in one round.
const AT_ONCE: u32 = 100;
/// How long one question may take: nobody waits on a phone.
const PATIENCE: Duration = Duration::from_secs(10);
/// Waits between questions double from here …
const FIRST_WAIT: Duration = Duration::from_secs(30);
/// … to here.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// What one round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    pub asked: usize,
    pub settled: usize,
}

impl Bridge {
    /// Asks after every intent whose time has come, once.
    pub async fn settle_due(&self) -> Result<Settled, crate::store::StoreError> {
        let due = self.store.due_intents(self.clock.now(), AT_ONCE).await?;
        let mut round = Settled { asked: due.len(), settled: 0 };
        for intent in due {
            match self.ask_after(&intent).await {
                Ok(true) => round.settled += 1,
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(receipt = %intent.receipt, operation = %intent.operation, %error,
                        "A doubtful call could not be asked after");
                }
            }
        }
        Ok(round)
    }

    async fn ask_after(&self, intent: &Intent) -> Result<bool, TurnError> {
        // In the order of the subscriber's turns, so that a citizen who dials meanwhile is not answered twice.
        let _subscriber_turn = self.order.take(intent.subscriber).await;
        let program = self.programs.present();
        let wish = self.open_wish(intent)?;
        let known = match call_of(&program, &wish) {
            Some(call) => self.asked(&program, &call, intent, Budget(PATIENCE)).await,
            None => None,
        };
        let change = match known {
            Some(outcome) => IntentChange::Settle {
                id: intent.id,
                sealed: self.seal_wish(intent.id, &Wish { outcome: Some(outcome), ..wish })?,
            },
            None => IntentChange::Doubt { id: intent.id, due: self.clock.now().plus(wait(intent.tries)) },
        };
        let settled = matches!(change, IntentChange::Settle { .. });
        self.store.commit(Commit { intents: vec![change], ..Commit::default() }).await?;
        self.meters.intent(if settled { "settled" } else { "doubtful" });
        Ok(settled)
    }
}

/// How long to wait after so many questions.
fn wait(tries: u32) -> Duration {
    FIRST_WAIT.saturating_mul(1_u32.checked_shl(tries.min(16)).unwrap_or(u32::MAX)).min(LONGEST_WAIT)
}

/// The call that an intent stands for, in the present program; `None` when that has no such operation any more.
fn call_of(program: &Program, wish: &Wish) -> Option<CallRequest> {
    let at = program.operations.iter().position(|operation| operation.name == wish.operation)?;
    Some(CallRequest {
        operation: OperationId(u16::try_from(at).ok()?),
        give: wish.give.clone(),
        within: PATIENCE,
        caller: wish.caller.clone(),
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
