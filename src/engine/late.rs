//! Answers that come later: what is kept of a session that waits for one, and the message that tells it.

use super::Session;
use super::frame::{Sorry, menu_at, screen_at, wipe};
use super::scope::Scope;
use super::session::State;
use super::step::{CallRequest, Effect, Failure, Outcome, call_request};
use crate::menu::{Call, Late, Program, SendOf, Verb};

impl Session {
    /// What of a session that waits in a call is kept until the answer comes, under the receipt number that the citizen is told:
    /// the menu that calls, without secrets, and no way on or back. `None` where it waits for nothing that can be told later.
    #[must_use]
    pub fn parked(&self, program: &Program, receipt: &str) -> Option<Self> {
        let (call, _) = waits_in(program, self).ok()?;
        let mut frame = self.frames.last()?.clone();
        frame.forget_secrets(program);
        // A department that must be told a secret cannot be asked without it.
        let slots = &menu_at(program, frame.menu).ok()?.slots;
        if super::scope::gives_a_secret(call, slots) {
            return None;
        }
        let mut parked = self.clone();
        parked.end_by_itself(self.state);
        parked.frames.push(frame);
        parked.receipt = Some(receipt.to_owned());
        Some(parked)
    }
}

/// The call that a session waits for whose answer may be told later.
pub fn late_call(program: &Program, session: &Session) -> Option<CallRequest> {
    let (call, _) = waits_in(program, session).ok()?;
    call_request(program, session, call).ok()
}

/// The message that tells what the call came to in which a session waits. `None` where that is not known yet, or where the session waits
/// for nothing that can be told later.
pub fn late_message(program: &Program, session: &Session, outcome: &Outcome) -> Option<Effect> {
    let (call, late) = waits_in(program, session).ok()?;
    let (value, what) = match outcome {
        Outcome::Answered(value) => (Some(value.clone()), &late.answer),
        Outcome::Failed(Failure::Unknown { .. }) | Outcome::Otp(_) | Outcome::Later { .. } => return None,
        Outcome::Failed(_) => (None, &late.failed),
    };
    let mut session = session.clone();
    if let Some(into) = call.into {
        let held = session.frames.last_mut()?.slots.get_mut(into.index())?;
        wipe(std::mem::replace(held, value));
    }
    Some(sends(program, &session, what, None))
}

/// A message, with the values that it is given now.
pub(super) fn sends(program: &Program, session: &Session, what: &SendOf, to: Option<String>) -> Effect {
    let give = Scope::new(program, session).operands(&what.give);
    Effect::Send { message: what.message, to, give, language: session.language }
}

fn waits_in<'p>(program: &'p Program, session: &Session) -> Result<(&'p Call, &'p Late), Sorry> {
    if !matches!(session.state, State::Waiting(_)) {
        return Err(Sorry);
    }
    match &screen_at(program, session.position().ok_or(Sorry)?)?.verb {
        Verb::Call(call) => call.late.as_ref().map(|late| (call, late)).ok_or(Sorry),
        _ => Err(Sorry),
    }
}
