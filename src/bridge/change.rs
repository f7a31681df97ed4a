//! A call that changes something: its intent is durable before it is made, and it is never made twice.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ground::Ground;
use super::record::{RecordError, damaged, decode_beginning, encode};
use super::rivals::in_hands_until;
use super::{Bridge, TurnError};
use crate::department::{self, Budget};
use crate::engine::{CallRequest, Failure, Outcome, Session};
use crate::menu::Program;
use crate::packed;
use crate::store::{Commit, CommitError, Intent, IntentChange, IntentId, IntentState, KeyedHash};

/// A department that knows of no such request yet may be told of it in the next moment: only so long after the claim does
/// its "no" mean that nothing was done.
const NO_MEANS_NO_AFTER: Duration = Duration::from_mins(1);

/// How long after its deadline a call whose answer never came is first asked after.
pub(super) const FIRST_ASKED_AFTER: Duration = Duration::from_secs(20);

/// How often a claim that another node's was in the way of is tried, once that one is closed.
const CLAIMS: usize = 3;

/// How long the outcome of a call that became known later answers the same wish. After that the wish is another one: a
/// family that books next month's cylinder must not be told of last month's.
const NEWS_FOR: Duration = Duration::from_hours(24);

/// What an intent keeps, sealed: enough to ask after it in another process, and what came of it. The values that were given
/// are not among it: who is asked after needs only the intent's id, and one of them may be a secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Wish {
    pub(super) operation: String,
    pub(super) caller: String,
    pub(super) outcome: Option<Outcome>,
    /// Where the answer is told later by message. It stands behind the rest, where readers that do not know of it do not look.
    #[serde(skip)]
    pub(super) later: Option<Later>,
}

/// An answer that is told later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Later {
    /// Of the menu that asked, in the language of who asked.
    pub(super) title: String,
    /// The session as it waits for the answer; nothing once that has come.
    pub(super) parked: Option<Vec<u8>>,
    /// What the message said.
    pub(super) told: Option<String>,
}

impl Wish {
    fn encode(&self) -> Result<Vec<u8>, RecordError> {
        let bytes = encode(self)?;
        let Some(later) = &self.later else { return Ok(bytes) };
        packed::append(later, bytes).map_err(|error| RecordError::Damaged(error.to_string()))
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let (wish, behind) = decode_beginning::<Self>(bytes)?;
        let later = if behind.is_empty() { None } else { Some(postcard::from_bytes(behind).map_err(damaged)?) };
        Ok(Self { later, ..wish })
    }
}

impl Bridge {
    /// Performs a changing call, or tells what became of the same one that was made before.
    pub(super) async fn change(
        &self,
        ground: &Ground<'_>,
        program: &Program,
        session: &Session,
        call: &CallRequest,
        intents: &mut Vec<IntentChange>,
    ) -> Result<Outcome, TurnError> {
        let Some(request) = self.request_hash(program, call) else {
            // Its values cannot stand in a request, so that none is made.
            return Ok(Outcome::Failed(Failure::Refused));
        };
        let intent = match self.claim(ground, program, session, call, request, intents).await? {
            Claim::Made(intent) => intent,
            Claim::Known(outcome) => return Ok(outcome),
        };
        self.meters.intent("claimed");
        let (departments, key) = (self.departments.get(), key(intent.id));
        let outcome = self.waits.during(departments.change(program, call, &key, self.budget(ground))).await;
        if matches!(outcome, Outcome::Failed(Failure::Unknown { .. })) {
            self.meters.intent("doubtful");
            intents.push(self.doubt(intent.id));
            return Ok(self.unknown(call, &intent));
        }
        self.meters.intent(if matches!(outcome, Outcome::Answered(_)) { "done" } else { "failed" });
        self.told(&intent, outcome.clone(), intents)?;
        Ok(outcome)
    }

    /// Claims the wish for this turn, unless the same one is open: then its outcome is told, as far as it is known.
    async fn claim(
        &self,
        ground: &Ground<'_>,
        program: &Program,
        session: &Session,
        call: &CallRequest,
        request: KeyedHash,
        intents: &mut Vec<IntentChange>,
    ) -> Result<Claim, TurnError> {
        let mut open = self.store.open_intent(ground.subscriber(), request).await?;
        for _ in 0..CLAIMS {
            let found = match open {
                Some(open) => Some(self.wait_for(ground, open).await?),
                None => None,
            };
            let mut before = Vec::new();
            // One that is told was closed while it was waited for.
            if let Some(found) = found.filter(|found| found.state != IntentState::Told) {
                match self.became(ground, program, call, &found).await? {
                    Became::News(outcome) => {
                        self.told(&found, outcome.clone(), intents)?;
                        return Ok(Claim::Known(outcome));
                    }
                    Became::Unknown => {
                        if found.state == IntentState::Claimed {
                            // Its node had its time: nobody is to wait for it again.
                            intents.push(self.doubt(found.id));
                        }
                        return Ok(Claim::Known(self.unknown(call, &found)));
                    }
                    // Nothing was done, or long ago: that wish is closed, and this one is made.
                    Became::Over(outcome) => self.told(&found, outcome, &mut before)?,
                }
            }
            let intent = self.intent(ground, program, session, call, request)?;
            before.push(IntentChange::Claim(intent.clone()));
            let (turn, marks) = (self.calling(ground, in_hands_until(&intent))?, ground.marks());
            let is_once = turn.is_some() || matches!(ground, Ground::Occasion(_));
            match self.store.commit(Commit { turn, intents: before, marks, ..Commit::default() }).await {
                Ok(()) if is_once => {
                    ground.has_claimed();
                    return Ok(Claim::Made(intent));
                }
                Ok(()) => {
                    if let Err(moved) = self.still_last(ground).await {
                        // Nothing has been done: the claim is given back.
                        let mut back = Vec::new();
                        self.told(&intent, Outcome::Failed(Failure::Down), &mut back)?;
                        self.store.commit(Commit { intents: back, ..Commit::default() }).await?;
                        return Err(moved);
                    }
                    return Ok(Claim::Made(intent));
                }
                Err(CommitError::AlreadyOpen(rival)) => open = Some(*rival),
                Err(error) => return Err(error.into()),
            }
        }
        match open {
            Some(open) => Ok(Claim::Known(self.unknown(call, &open))),
            // Only a refused claim comes this far, and it names what refused it.
            None => Ok(Claim::Known(Outcome::Failed(Failure::Down))),
        }
    }

    /// What is told of a call of which nothing is known: that it will be told, where the menu says how and it was parked for that when it was
    /// made. It may have been made before on a screen that waited for it.
    fn unknown(&self, call: &CallRequest, intent: &Intent) -> Outcome {
        let receipt = intent.receipt.clone();
        let is_parked = |wish: Wish| wish.later.is_some_and(|later| later.parked.is_some());
        if call.late && self.open_wish(intent).is_ok_and(is_parked) {
            Outcome::Later { receipt }
        } else {
            Outcome::Failed(Failure::Unknown { receipt })
        }
    }

    fn doubt(&self, id: IntentId) -> IntentChange {
        IntentChange::Doubt { id, due: self.clock.now().plus(FIRST_ASKED_AFTER), lease: None }
    }

    fn intent(
        &self,
        ground: &Ground<'_>,
        program: &Program,
        session: &Session,
        call: &CallRequest,
        request: KeyedHash,
    ) -> Result<Intent, TurnError> {
        let id = IntentId(self.chance.draw());
        let operation = program.operation(call.operation).name.clone();
        let caller = session.caller().digits().to_owned();
        let receipt = receipt_number(self.chance.draw());
        let later = if call.late { super::late::later(program, session, &receipt) } else { None };
        let sealed = self.seal_wish(id, &Wish { operation: operation.clone(), caller, outcome: None, later })?;
        Ok(Intent {
            id,
            subscriber: ground.subscriber(),
            operation,
            request,
            receipt,
            state: IntentState::Claimed,
            at: ground.arrived(),
            // Others wait for this node until the call's deadline (`rivals`), and a node that died is waited for no longer.
            due: self.clock.now().plus(call.within).min(ground.deadline()).plus(FIRST_ASKED_AFTER),
            tries: 0,
            lease: 0,
            sealed,
        })
    }

    /// What became of the same wish that is open.
    async fn became(
        &self,
        ground: &Ground<'_>,
        program: &Program,
        call: &CallRequest,
        open: &Intent,
    ) -> Result<Became, TurnError> {
        let mut known = self.open_wish(open)?.outcome;
        if known.is_none() {
            known = self.asked(program, call, open, self.budget(ground)).await;
            if known.is_some() {
                self.meters.intent("settled");
            }
        }
        let is_old = self.clock.now().since(open.at) > NEWS_FOR;
        // Claimed while this callback was under way, by an attempt of it that was lost or by another node: the same wish.
        let is_this = open.at >= ground.arrived();
        Ok(match known {
            None => Became::Unknown,
            Some(outcome @ Outcome::Answered(_)) if !is_old => Became::News(outcome),
            Some(outcome) if is_this => Became::News(outcome),
            Some(outcome) => Became::Over(outcome),
        })
    }

    /// Asks what became of an intent; `None` while it is not known for sure. Only an answer, or a failure that the operation
    /// names, says anything about the call: a refusal may just as well be about the question.
    pub(super) async fn asked(
        &self,
        program: &Program,
        call: &CallRequest,
        intent: &Intent,
        budget: Budget,
    ) -> Option<Outcome> {
        let (departments, key) = (self.departments.get(), key(intent.id));
        let outcome = self.waits.during(departments.ask_after(program, call, &key, budget)).await?;
        let is_fresh = self.clock.now().since(intent.at) < NO_MEANS_NO_AFTER;
        match outcome {
            Outcome::Answered(_) => Some(outcome),
            Outcome::Failed(Failure::Named(_)) => (!is_fresh).then_some(outcome),
            Outcome::Failed(_) | Outcome::Otp(_) | Outcome::Later { .. } => None,
        }
    }

    /// The citizen hears of it with the commit that these changes belong to.
    fn told(&self, intent: &Intent, outcome: Outcome, intents: &mut Vec<IntentChange>) -> Result<(), TurnError> {
        let id = intent.id;
        let wish = Wish { outcome: Some(outcome), ..self.open_wish(intent)? };
        intents.push(IntentChange::Settle { id, sealed: self.seal_wish(id, &wish)?, lease: None });
        intents.push(IntentChange::Told { id });
        Ok(())
    }

    /// The same operation with the same values, as the department would see them: a hash of what the session holds would
    /// change with the menus. `None` where the values cannot be sent.
    pub(super) fn request_hash(&self, program: &Program, call: &CallRequest) -> Option<KeyedHash> {
        let request = department::build(program, call, None);
        let request = request.inspect_err(|error| tracing::warn!(%error, "A changing call cannot be written")).ok()?;
        let body = request.body.unwrap_or_default().1;
        let operation = &program.operation(call.operation).name;
        Some(self.keyring.hash("request", &[operation.as_bytes(), request.path.as_bytes(), &body]))
    }

    pub(super) fn seal_wish(&self, id: IntentId, wish: &Wish) -> Result<Vec<u8>, TurnError> {
        let plain = wish.encode()?;
        Ok(self.seal("intent", &id.0.to_le_bytes(), &plain))
    }

    pub(super) fn open_wish(&self, intent: &Intent) -> Result<Wish, TurnError> {
        let plain = self.unseal("intent", &intent.id.0.to_le_bytes(), &intent.sealed).map_err(TurnError::Record)?;
        Ok(Wish::decode(&plain)?)
    }
}

/// What came of claiming a wish.
enum Claim {
    /// The call is this turn's to make.
    Made(Intent),
    /// It was made before, and this is what is known of it.
    Known(Outcome),
}

/// What became of a wish that is made again.
enum Became {
    /// It was done, and the citizen does not know it yet; or this very turn has heard that it was not.
    News(Outcome),
    Unknown,
    /// It was not done; or it was, so long ago that this is another wish.
    Over(Outcome),
}

/// The `Idempotency-Key` of an intent.
pub(super) fn key(id: IntentId) -> String {
    format!("{:032x}", id.0)
}

/// Letters and digits that are not mistaken for one another when they are read out or written down by hand.
const RECEIPT_ALPHABET: &[u8; 29] = b"23456789ABCDEFGHJKMNPQRSTVXYZ";

/// `K7M2-Q`: four characters, and one to check them, so that a slip of the pen is noticed. Not unique by itself: a receipt is
/// looked up together with the number that was given it.
pub(super) fn receipt_number(drawn: u128) -> String {
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
