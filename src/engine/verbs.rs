//! The verbs that nobody sees: `set`, `run` and its `return`, `call` and what came of it.

use super::frame::{Frame, Sorry, menu_at, screen_at};
use super::late::sends;
use super::seen::Seen;
use super::session::State;
use super::step::{AnswerClass, Effect, Failure, Outcome, WaitId};
use super::walk::Walk;
use crate::menu::{Call, FailureName, Place, Position, Run, Send, Set, SlotId, Target, Value, Verb};

/// Menus that may be under way at once, each run by the one before.
const MENUS_DEEP: usize = 16;

impl<'a> Walk<'a> {
    pub(super) fn enter(&mut self, run: &'a Run) -> Result<(), Sorry> {
        if self.session.frames.len() >= MENUS_DEEP {
            return Err(Sorry);
        }
        let given = self.scope().operands(&run.give);
        self.session.frames.push(Frame::start(self.program, run.menu, given)?);
        self.session.undo.entered();
        Ok(())
    }

    /// Ends the running menu; the one that ran it gets what it gives. A menu that nobody ran goes home.
    pub(super) fn give_back(&mut self) -> Result<(), Sorry> {
        if self.session.frames.len() < 2 {
            return self.go_home();
        }
        let mut frame = self.session.frames.pop().ok_or(Sorry)?;
        frame.forget_secrets(self.program);
        let held = |slot: &SlotId| frame.slots.get(slot.index()).cloned().flatten();
        let given = menu_at(self.program, frame.menu)?.gives.iter().map(held).collect();

        let at = self.session.position().ok_or(Sorry)?;
        let Verb::Run(run) = &screen_at(self.program, at)?.verb else { return Err(Sorry) };
        self.session.undo.returned(frame, at.screen);
        if let Some(into) = run.into {
            self.fill(into, Some(Value::Record(given)))?;
        }
        self.go(run.next)
    }

    pub(super) fn set(&mut self, set: &'a Set) -> Result<(), Sorry> {
        for (place, operand) in &set.assign {
            let value = self.scope().operand(operand).map(Seen::to_value);
            match *place {
                Place::Slot(slot) => self.fill(slot, value)?,
                Place::Profile(field) => {
                    let profile = &mut self.session.profile;
                    if profile.len() <= field.index() {
                        profile.resize(self.program.profile.len(), None);
                    }
                    profile.get_mut(field.index()).ok_or(Sorry)?.clone_from(&value);
                    self.effects.push(Effect::SetProfile(field, value));
                }
                Place::Language => {
                    let language = match value {
                        Some(Value::Text(code)) => self.program.language_by_code(&code),
                        Some(Value::Language(id)) => self.program.languages.get(id.index()).map(|_| id),
                        _ => None,
                    };
                    if let Some(language) = language {
                        self.session.language = language;
                        self.effects.push(Effect::SetLanguage(language));
                    }
                }
            }
        }
        Ok(())
    }

    pub(super) fn send(&mut self, send: &'a Send) -> Result<(), Sorry> {
        let to = match &send.to {
            None => None,
            // Nobody is told that something was sent to nobody.
            Some(to) => match self.scope().operand(to) {
                Some(Seen::Text(number)) => Some(number.to_owned()),
                _ => return Err(Sorry),
            },
        };
        self.effects.push(sends(self.program, self.session, &send.what, to));
        Ok(())
    }

    pub(super) fn waits(&mut self, call: &Call, at: Position) -> Result<(), Sorry> {
        let operation = self.program.operations.get(call.operation.index()).ok_or(Sorry)?;
        self.unattended()?;
        let session = &mut *self.session;
        if operation.changes {
            // What was done cannot be undone: neither `back` nor a saved place leads to before it.
            session.undo.cut();
            session.saved = None;
        }
        self.waits_at(at);
        Ok(())
    }

    /// Begins to wait on a screen.
    pub(super) fn waits_at(&mut self, at: Position) {
        let session = &mut *self.session;
        session.waits = session.waits.wrapping_add(1);
        session.state = State::Waiting(WaitId(session.waits));
        self.arrives(Some(at));
    }

    /// What came of what it waited for.
    pub(super) fn told(&mut self, outcome: Outcome) -> Result<(), Sorry> {
        let at = self.session.position().ok_or(Sorry)?;
        match &screen_at(self.program, at)?.verb {
            Verb::Call(call) => self.called(call, outcome),
            Verb::Verify(verify) => self.told_of_otp(verify, at, &outcome),
            _ => Err(Sorry),
        }
    }

    fn called(&mut self, call: &Call, outcome: Outcome) -> Result<(), Sorry> {
        self.starts(AnswerClass::Called(outcome.word()));
        let (value, next) = match outcome {
            Outcome::Answered(value) => (Some(value), call.next),
            Outcome::Failed(failure) => (None, self.failed(call, failure)),
            Outcome::Later { receipt } if call.late.is_some() => {
                self.session.end_by_itself(State::Later);
                self.session.receipt = Some(receipt);
                self.arrives(None);
                return Ok(());
            }
            Outcome::Otp(_) | Outcome::Later { .. } => return Err(Sorry),
        };
        if let Some(into) = call.into {
            self.fill(into, value)?;
        }
        self.go(next)?;
        self.run()
    }

    fn failed(&mut self, call: &Call, failure: Failure) -> Target {
        let name = match failure {
            Failure::Down => FailureName::Down,
            Failure::Refused => FailureName::Refused,
            Failure::Late => FailureName::Late,
            Failure::Unknown { receipt } => {
                self.session.receipt = Some(receipt);
                FailureName::Unknown
            }
            Failure::Named(name) => FailureName::Named(name),
        };
        call.fails.iter().find(|(named, _)| *named == name).map_or(Target::Sorry, |(_, target)| *target)
    }
}
