//! A call that changes something: its intent is durable before it is made, and it is never made twice.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::record::{decode, encode};
use super::turn::Passage;
use super::{Bridge, TurnError};
use crate::department::Budget;
use crate::engine::{CallRequest, Failure, Outcome, Session};
use crate::menu::{Program, Value};
use crate::store::{Commit, CommitError, Intent, IntentChange, IntentId, IntentState, KeyedHash};

/// A department that knows of no such request yet may be told of it in the next moment: only so long after the claim does
/// its "no" mean that nothing was done.
pub(super) const NO_MEANS_NO_AFTER: Duration = Duration::from_mins(1);

/// How long after its deadline a call whose answer never came is first asked after.
pub(super) const FIRST_ASKED_AFTER: Duration = Duration::from_secs(20);

/// What an intent keeps, sealed: enough to ask after it in another process, and what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Wish {
    pub(super) operation: String,
    pub(super) give: Vec<Option<Value>>,
    pub(super) caller: String,
    pub(super) outcome: Option<Outcome>,
}

impl Bridge {
    /// Performs a changing call, or tells what became of the same one that was made before.
    pub(super) async fn change(
        &self,
        passage: &Passage<'_>,
        program: &Program,
        session: &Session,
        call: &CallRequest,
        intents: &mut Vec<IntentChange>,
    ) -> Result<Outcome, TurnError> {
        let request = self.request_hash(program, call)?;
        if let Some(open) = self.store.open_intent(passage.subscriber, request).await? {
            return self.tell(passage, program, call, &open, intents).await;
        }
        let wish = Wish {
            operation: program.operation(call.operation).name.clone(),
            give: call.give.clone(),
            caller: session.caller().digits().to_owned(),
            outcome: None,
        };
        let id = IntentId(self.chance.draw());
        let intent = Intent {
            id,
            subscriber: passage.subscriber,
            operation: wish.operation.clone(),
            request,
            receipt: receipt_number(self.chance.draw()),
            state: IntentState::Claimed,
            at: passage.arrived,
            due: passage.deadline.plus(FIRST_ASKED_AFTER),
            tries: 0,
            sealed: self.seal_wish(id, &wish)?,
        };
        match self
            .store
            .commit(Commit { intents: vec![IntentChange::Claim(intent.clone())], ..Commit::default() })
            .await
        {
            Ok(()) => {}
            Err(CommitError::AlreadyOpen(open)) => return self.tell(passage, program, call, &open, intents).await,
            Err(error) => return Err(error.into()),
        }
        self.meters.intent("claimed");
        let outcome = self.departments.change(program, call, &key(id), self.budget(passage)).await;
        if matches!(outcome, Outcome::Failed(Failure::Unknown { .. })) {
            self.meters.intent("doubtful");
            let due = self.clock.now().plus(FIRST_ASKED_AFTER);
            intents.push(IntentChange::Doubt { id, due });
            return Ok(Outcome::Failed(Failure::Unknown { receipt: intent.receipt }));
        }
        self.meters.intent(if matches!(outcome, Outcome::Answered(_)) { "done" } else { "failed" });
        self.told(id, &Wish { outcome: Some(outcome.clone()), ..wish }, intents)?;
        Ok(outcome)
    }

    /// The same wish is open: its outcome if it is known by now, else its receipt number again.
    async fn tell(
        &self,
        passage: &Passage<'_>,
        program: &Program,
        call: &CallRequest,
        open: &Intent,
        intents: &mut Vec<IntentChange>,
    ) -> Result<Outcome, TurnError> {
        let wish = self.open_wish(open)?;
        let outcome = match &wish.outcome {
            Some(outcome) => Some(outcome.clone()),
            None => self.asked(program, call, open, self.budget(passage)).await,
        };
        let Some(outcome) = outcome else {
            return Ok(Outcome::Failed(Failure::Unknown { receipt: open.receipt.clone() }));
        };
        if wish.outcome.is_none() {
            self.meters.intent("settled");
        }
        self.told(open.id, &Wish { outcome: Some(outcome.clone()), ..wish }, intents)?;
        Ok(outcome)
    }

    /// Asks what became of an intent; `None` while it is not known for sure.
    pub(super) async fn asked(
        &self,
        program: &Program,
        call: &CallRequest,
        intent: &Intent,
        budget: Budget,
    ) -> Option<Outcome> {
        let outcome = self.departments.ask_after(program, call, &key(intent.id), budget).await?;
        let is_fresh = self.clock.now().since(intent.at) < NO_MEANS_NO_AFTER;
        (!is_fresh || matches!(outcome, Outcome::Answered(_))).then_some(outcome)
    }

    /// The citizen hears of it with this turn: both become durable together.
    fn told(&self, id: IntentId, wish: &Wish, intents: &mut Vec<IntentChange>) -> Result<(), TurnError> {
        intents.push(IntentChange::Settle { id, sealed: self.seal_wish(id, wish)? });
        intents.push(IntentChange::Told { id });
        Ok(())
    }

    /// The same operation with the same values, whoever asks: the subscriber is compared beside it.
    fn request_hash(&self, program: &Program, call: &CallRequest) -> Result<KeyedHash, TurnError> {
        let values = encode(&call.give).map_err(|error| TurnError::Record(error.to_string()))?;
        Ok(self.keyring.hash("request", &[program.operation(call.operation).name.as_bytes(), &values]))
    }

    pub(super) fn seal_wish(&self, id: IntentId, wish: &Wish) -> Result<Vec<u8>, TurnError> {
        let plain = encode(wish).map_err(|error| TurnError::Record(error.to_string()))?;
        Ok(self.keyring.seal(&id.0.to_le_bytes(), &plain))
    }

    pub(super) fn open_wish(&self, intent: &Intent) -> Result<Wish, TurnError> {
        let opened = self.keyring.open(&intent.id.0.to_le_bytes(), &intent.sealed);
        let plain = opened.map_err(|error| TurnError::Record(error.to_string()))?;
        decode(&plain).map_err(|error| TurnError::Record(error.to_string()))
    }
}

/// The `Idempotency-Key` of an intent.
pub(super) fn key(id: IntentId) -> String {
    format!("{:032x}", id.0)
}

/// Letters and digits that are not mistaken for one another when they are read out or written down by hand.
const RECEIPT_ALPHABET: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRSTVXYZ";

/// `K7M2-Q`: four characters, and one to check them, so that a slip of the pen is noticed.
fn receipt_number(drawn: u128) -> String {
    let base = RECEIPT_ALPHABET.len() as u128;
    let digits: Vec<usize> = (0..4).map(|place| ((drawn / base.pow(place)) % base) as usize).collect();
    // Weighted by place modulo a prime: any one wrong character, and any two swapped ones, change it.
    let check = digits.iter().zip(1..).map(|(digit, weight)| digit * weight).sum::<usize>() % RECEIPT_ALPHABET.len();
    let letters: String = digits.iter().map(|digit| char::from(RECEIPT_ALPHABET[*digit])).collect();
    format!("{letters}-{}", char::from(RECEIPT_ALPHABET[check]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(c: char) -> usize {
        RECEIPT_ALPHABET.iter().position(|letter| char::from(*letter) == c).expect("a receipt's letter")
    }

    fn holds(receipt: &str) -> bool {
        let digits: Vec<usize> = receipt.chars().filter(|c| *c != '-').map(value).collect();
        let sum: usize = digits[..4].iter().zip(1..).map(|(digit, weight)| digit * weight).sum();
        sum % RECEIPT_ALPHABET.len() == digits[4]
    }

    proptest! {
        #[test]
        fn one_wrong_character_or_two_swapped_are_noticed(drawn: u128, place in 0..4_usize, by in 1..29_usize, swap in 0..3_usize) {
            let receipt = receipt_number(drawn);
            prop_assert!(holds(&receipt), "{receipt}");
            let mut wrong: Vec<char> = receipt.chars().collect();
            wrong[place] = char::from(RECEIPT_ALPHABET[(value(wrong[place]) + by) % 29]);
            prop_assert!(!holds(&wrong.iter().collect::<String>()));
            let mut swapped: Vec<char> = receipt.chars().collect();
            swapped.swap(swap, swap + 1);
            prop_assert!(!holds(&swapped.iter().collect::<String>()) || swapped[swap] == swapped[swap + 1]);
        }
    }
}
