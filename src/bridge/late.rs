//! Answers that come too late for the phone: the citizen has a receipt number, the call goes on without them, and a message tells what came of it.
//!
//! What is asked is kept as an intent, as a doubtful call is: durable with the turn that promised the answer, leased by one node at a
//! time, and closed in the commit that queues the message. So the answer is told once, whichever node gets it, and whatever dies meanwhile.

use std::time::Duration;

use super::begin::language_of;
use super::change::{Later, Wish, receipt_number};
use super::ground::Ground;
use super::record::Known;
use super::settle::{self, wait};
use super::{Bridge, TurnError};
use crate::department::Budget;
use crate::engine::{self, CallRequest, Effect, Failure, Outcome, Session};
use crate::menu::{Program, SystemMessage, Value};
use crate::phone;
use crate::store::{Commit, Intent, IntentChange, IntentId, IntentState, MessageChange};

/// How long one attempt may take: nobody waits, but the lease runs.
const PATIENCE: Duration = Duration::from_secs(20);
/// After which a question that was never answered is told to have failed, where it changes nothing.
const GIVEN_UP_AFTER: Duration = Duration::from_hours(24);

impl Bridge {
    /// Promises the answer of a reading call that was late. The same question that is open already keeps its receipt number.
    pub(super) async fn park(
        &self,
        ground: &Ground<'_>,
        program: &Program,
        session: &Session,
        call: &CallRequest,
        intents: &mut Vec<IntentChange>,
    ) -> Result<Outcome, TurnError> {
        let late = Outcome::Failed(Failure::Late);
        let Some(request) = self.request_hash(program, call) else { return Ok(late) };
        if let Some(open) = self.store.open_intent(ground.subscriber(), request).await? {
            return Ok(Outcome::Later { receipt: open.receipt });
        }
        let receipt = receipt_number(self.chance.draw());
        let Some(later) = later(program, session, &receipt) else { return Ok(late) };
        let id = IntentId(self.chance.draw());
        let operation = program.operation(call.operation).name.clone();
        let caller = session.caller().digits().to_owned();
        let wish = Wish { operation: operation.clone(), caller, outcome: None, later: Some(later) };
        intents.push(IntentChange::Claim(Intent {
            id,
            subscriber: ground.subscriber(),
            operation,
            request,
            receipt: receipt.clone(),
            state: IntentState::Doubtful,
            at: ground.arrived(),
            due: self.clock.now(),
            tries: 0,
            lease: 0,
            sealed: self.seal_wish(id, &wish)?,
        }));
        self.meters.intent("late");
        Ok(Outcome::Later { receipt })
    }

    /// Asks once more, and tells what came of it; `true` where it did.
    pub(super) async fn tell_later(
        &self,
        intent: &Intent,
        wish: &Wish,
        later: &Later,
        parked: &[u8],
    ) -> Result<bool, TurnError> {
        let asked = match self.asked_again(intent, parked).await {
            Ok(asked) => asked,
            Err(error @ TurnError::Record(_)) => {
                tracing::error!(receipt = %intent.receipt, operation = %intent.operation, %error, "A late answer cannot be asked for");
                self.never_answered(intent, wish).await?
            }
            Err(error) => return Err(error),
        };
        let Some(answer) = asked else {
            if self.clock.now().since(intent.at) > settle::GIVEN_UP_AFTER {
                return self.give_up(intent).await;
            }
            let due = self.clock.now().plus(wait(intent.tries));
            let doubt = IntentChange::Doubt { id: intent.id, due, lease: Some(intent.lease) };
            self.store.commit(Commit { intents: vec![doubt], ..Commit::default() }).await?;
            return Ok(false);
        };
        let later = Later { parked: None, told: Some(answer.text), ..later.clone() };
        let told = Wish { outcome: Some(answer.outcome), later: Some(later), ..wish.clone() };
        let settle = IntentChange::Settle {
            id: intent.id,
            sealed: self.seal_wish(intent.id, &told)?,
            lease: Some(intent.lease),
        };
        let intents = vec![settle, IntentChange::Told { id: intent.id }];
        let messages = answer.message.into_iter().collect();
        self.store.commit(Commit { intents, messages, ..Commit::default() }).await?;
        self.meters.intent("told_late");
        Ok(true)
    }

    /// What is told once a reading call that cannot be asked again is old: that there is no answer, in the words of the present menus.
    async fn never_answered(&self, intent: &Intent, wish: &Wish) -> Result<Option<LateAnswer>, TurnError> {
        let program = self.program();
        let asked = program.operations.iter().find(|operation| operation.name == wish.operation);
        let is_reading = asked.is_some_and(|operation| !operation.changes);
        if !is_reading || self.clock.now().since(intent.at) <= GIVEN_UP_AFTER {
            return Ok(None);
        }
        let outcome = Outcome::Failed(Failure::Down);
        let (failed, values) = (SystemMessage::LateFailed, [Some(Value::Text(intent.receipt.clone()))]);
        let caller = phone::parse(&format!("+{}", wish.caller), phone::home());
        let (Some(id), Ok(caller)) = (program.system_message(failed), caller) else {
            return Ok(Some(LateAnswer { outcome, text: String::new(), message: None }));
        };
        let known = self.known(intent.subscriber).await?;
        let language = language_of(&program, &known, None, None);
        let message = self.own_message(&program, failed, &values, language, &caller, &Known::asking())?;
        let text = program.message(id).written(&program, program.language(language).plain, &values).text;
        Ok(Some(LateAnswer { outcome, text, message }))
    }

    /// What the call has come to, with the message that tells it; `None` while that is not known.
    async fn asked_again(&self, intent: &Intent, parked: &[u8]) -> Result<Option<LateAnswer>, TurnError> {
        let session = Session::decode(parked).map_err(|error| TurnError::Record(error.to_string()))?;
        let is_old = self.clock.now().since(intent.at) > GIVEN_UP_AFTER;
        let Some(program) = self.programs.find(session.program(), &*self.store).await? else {
            return Err(TurnError::Record("the program that asked is kept nowhere".to_owned()));
        };
        let Some(call) = engine::late_call(&program, &session) else {
            return Err(TurnError::Record("the session does not wait for it".to_owned()));
        };
        // What was too long for a phone is not too long now.
        let call = CallRequest { within: PATIENCE, ..call };
        let departments = self.departments.get();
        let changes = program.operation(call.operation).changes;
        let outcome = if changes {
            self.asked(&program, &call, intent, Budget(PATIENCE)).await
        } else {
            Some(departments.read(&program, &call, Budget(PATIENCE)).await).filter(is_an_answer)
        };
        let outcome = match outcome {
            Some(outcome) => outcome,
            // What may have been done is never told to have failed.
            None if is_old && !changes => Outcome::Failed(Failure::Down),
            None => return Ok(None),
        };
        let Some(effect) = engine::late_message(&program, &session, &outcome) else { return Ok(None) };
        let queued = self.asked_for(&program, &effect, session.caller()).await?;
        let Effect::Send { message, give, language, .. } = effect else { return Ok(None) };
        // It is shown again in Latin letters, on pages of every language.
        let plain = program.language(language).plain;
        let text = program.message(message).written(&program, plain, &give).text;
        Ok(Some(LateAnswer { outcome, text, message: queued }))
    }
}

/// An answer that came late.
struct LateAnswer {
    outcome: Outcome,
    /// What it says, in the words of its message.
    text: String,
    /// What queues that; `None` where it is not wanted.
    message: Option<MessageChange>,
}

/// What is kept of a call whose answer is told later; `None` where the menu does not say how.
pub(super) fn later(program: &Program, session: &Session, receipt: &str) -> Option<Later> {
    let parked = session.parked(program, receipt)?;
    let menu = program.menus.get(session.positions().last()?.menu.index())?;
    // It is told in Latin letters, on pages of every language.
    let language = program.languages.get(session.language().index())?.plain;
    let title =
        menu.title.as_ref().map_or_else(|| menu.name.clone(), |title| title.of(language).literal().into_owned());
    Some(Later { title, parked: Some(parked.encode()), told: None })
}

/// A department that is away, or late again, has not answered.
fn is_an_answer(outcome: &Outcome) -> bool {
    !matches!(outcome, Outcome::Failed(Failure::Down | Failure::Late))
}
