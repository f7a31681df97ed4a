//! How dialogues end without a turn: what a gateway tells of an end, and what it is told when it asks.

use std::time::Duration;

use super::rivals::ATTEMPTS;
use super::{Bridge, TurnError};
use crate::gateway::Profile;
use crate::store::{Commit, CommitError, Conversation, KeyedHash, Lookup, TurnRecord};
use crate::types::Channel;

/// How long an end waits for a turn that makes a changing call: aggregators wait for the answer to it, too. So does whatever
/// else is no turn.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

impl Bridge {
    /// A gateway says that a dialogue is over. The session stays, so that redialling can go on with it.
    pub async fn ended(&self, profile: &Profile, leg: &str, why: &'static str) {
        let leg = self.leg(profile, leg);
        let _leg_turn = self.order.take(leg).await;
        let outcome = match self.close_leg(leg).await {
            Ok(true) => why,
            Ok(false) => "unknown_leg",
            Err(error) => {
                tracing::warn!(gateway = %profile.name, %error, "The end of a dialogue could not be recorded");
                "failed"
            }
        };
        self.meters.told(&profile.name, Channel::Ussd.name(), outcome);
    }

    async fn close_leg(&self, leg: KeyedHash) -> Result<bool, TurnError> {
        let now = self.clock.now();
        let Some(found) = self.store.conversation(Lookup::Leg(leg), now).await? else { return Ok(false) };
        let _subscriber_turn = self.order.take(found.subscriber).await;
        let mut last = self.store.conversation(Lookup::Subscriber(found.subscriber), now).await?;
        let mut attempts = ATTEMPTS;
        loop {
            attempts -= 1;
            let (found, record) = self.between_calls(last, now, now.plus(PATIENCE)).await?;
            let Some(conversation) = found.filter(|found| found.leg == leg) else { return Ok(false) };
            let Some(mut record) = record else { return Ok(false) };
            if record.leg.over {
                return Ok(true);
            }
            record.leg.over = true;
            let record = record.marked(None);
            let sealed = self.sealed(conversation.subscriber, &record)?;
            let conversation = Conversation { turn: conversation.turn + 1, sealed, ..conversation };
            let turn = Some(TurnRecord { conversation, history: None });
            match self.store.commit(Commit { turn, ..Commit::default() }).await {
                Ok(()) => return Ok(true),
                // A turn that another node had still under way: the dialogue is over after that, too.
                Err(CommitError::Lost(winner)) if attempts > 0 => last = Some(*winner),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Whether a dialogue is known and not over.
    pub async fn is_alive(&self, profile: &Profile, leg: &str) -> bool {
        let now = self.clock.now();
        let found = self.store.conversation(Lookup::Leg(self.leg(profile, leg)), now).await;
        let record = found.ok().flatten().and_then(|conversation| self.open(&conversation));
        record.is_some_and(|record| !record.leg.over && now.since(record.leg.replied_at) <= profile.lasts)
    }
}
