//! Performing what a step asks for until there is something to show.

use std::time::Duration;

use super::turn::{Answered, Passage};
use super::{Bridge, TurnError};
use crate::department::Budget;
use crate::engine::{
    self, CallRequest, Effect, Event, Failure, Next, OtpOutcome, OtpRequest, Outcome, Request, Session, Step,
};
use crate::menu::{Own, Program};
use crate::store::{CommitError, IntentChange};

/// Requests that one turn may perform; a program that asks for more is told that the rest came too late.
const REQUESTS_PER_TURN: usize = 8;

/// A session that has taken a step.
#[derive(Debug)]
pub(super) struct Move<'a> {
    pub(super) program: &'a Program,
    pub(super) session: Session,
    pub(super) step: Step,
}

/// What else is to be committed with a turn.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) effects: Vec<Effect>,
    pub(super) intents: Vec<IntentChange>,
}

impl Bridge {
    /// Performs requests and steps on, then commits and replies.
    pub(super) async fn go_on(&self, passage: &Passage<'_>, mut made: Move<'_>) -> Result<Answered, TurnError> {
        let mut beside = Beside::default();
        let done = self.perform(passage, &mut made, &mut beside).await;
        if matches!(done, Err(TurnError::Commit(CommitError::Lost(_)))) {
            self.keep_known(beside.intents).await?;
        }
        done
    }

    async fn perform(
        &self,
        passage: &Passage<'_>,
        made: &mut Move<'_>,
        beside: &mut Beside,
    ) -> Result<Answered, TurnError> {
        let Move { program, session, step } = made;
        let mut performed = 0;
        loop {
            if step.effects.iter().any(|effect| matches!(effect, Effect::Send { .. })) {
                tracing::error!("A message is not sent: nothing carries messages yet");
            }
            beside.effects.append(&mut step.effects);
            let (wait, request) = match &step.next {
                Next::Show => return self.reply(passage, program, session, beside, "shown").await,
                Next::End => return self.reply(passage, program, session, beside, "ended").await,
                Next::Wait(wait, request) => (*wait, request),
            };
            performed += 1;
            let event = if performed > REQUESTS_PER_TURN {
                Event::Late(wait)
            } else {
                match request {
                    Request::Call(call) => {
                        // In a box: most turns call nobody, and all would carry its room.
                        let call = self.call(passage, program, session, call, &mut beside.intents);
                        let outcome = Box::pin(call).await?;
                        Event::Done(wait, outcome)
                    }
                    // Nothing carries a one-time password yet.
                    Request::Otp(OtpRequest::Send { .. }) => Event::Done(wait, Outcome::Otp(OtpOutcome::Unsent)),
                    Request::Otp(OtpRequest::Check { .. }) => Event::Done(wait, Outcome::Otp(OtpOutcome::Expired)),
                }
            };
            *step = engine::step(program, session, passage.now(self.clock.now()), event);
        }
    }

    async fn call(
        &self,
        passage: &Passage<'_>,
        program: &Program,
        session: &Session,
        call: &CallRequest,
        intents: &mut Vec<IntentChange>,
    ) -> Result<Outcome, TurnError> {
        if Own::of(program, call.operation).is_some() {
            // What is kept for a number cannot be read by it yet.
            return Ok(Outcome::Failed(Failure::Down));
        }
        if program.operation(call.operation).changes {
            return self.change(passage, program, session, call, intents).await;
        }
        let departments = self.departments.get();
        Ok(self.waits.during(departments.read(program, call, self.budget(passage))).await)
    }

    /// Turns that only wait at the moment: for a department, for another node, or for the turn before them.
    pub fn waiting(&self) -> usize {
        self.waits.now()
    }

    /// What is left of the gateway's patience.
    pub(super) fn budget(&self, passage: &Passage<'_>) -> Budget {
        let left = passage.deadline.since(self.clock.now());
        Budget(left.max(Duration::from_millis(1)))
    }
}
