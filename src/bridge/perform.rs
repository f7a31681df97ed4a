//! Performing what a step asks for until there is something to show.

use std::time::Duration;

use super::ground::Ground;
use super::record::Known;
use super::turn::{Answered, Passage};
use super::{Bridge, TurnError};
use crate::department::Budget;
use crate::engine::{self, CallRequest, Effect, Event, Failure, Next, Outcome, Request, Session, Step};
use crate::menu::{Own, Program};
use crate::store::{CommitError, IntentChange, MessageChange};

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
    /// What requests have queued.
    pub(super) messages: Vec<MessageChange>,
    /// What is kept about the number, where requests have changed it.
    pub(super) known: Option<Known>,
}

impl Bridge {
    /// Performs requests and steps on, then commits and replies. What was `made` stays where the caller has it: handed over, its room would
    /// be copied with every turn.
    pub(super) async fn go_on(&self, passage: &Passage<'_>, made: &mut Move<'_>) -> Result<Answered, TurnError> {
        let mut beside = Beside::default();
        let done = match self.perform(&Ground::Turn(passage), made, &mut beside).await {
            Ok(outcome) => self.reply(passage, made.program, &made.session, &beside, outcome).await,
            Err(error) => Err(error),
        };
        if matches!(done, Err(TurnError::Commit(CommitError::Lost(_)))) {
            self.keep_known(beside.intents).await?;
        }
        done
    }

    /// Performs requests and steps on until there is something to show: whether that is an end, in a word.
    pub(super) async fn perform(
        &self,
        ground: &Ground<'_>,
        made: &mut Move<'_>,
        beside: &mut Beside,
    ) -> Result<&'static str, TurnError> {
        let Move { program, session, step } = made;
        let mut performed = 0;
        loop {
            beside.effects.append(&mut step.effects);
            let (wait, request) = match &step.next {
                Next::Show => return Ok("shown"),
                Next::End => return Ok("ended"),
                Next::Wait(wait, request) => (*wait, request),
            };
            performed += 1;
            let event = if performed > REQUESTS_PER_TURN {
                Event::Late(wait)
            } else {
                match request {
                    Request::Call(call) => {
                        // In a box: most turns call nobody, and all would carry its room.
                        let call = self.call(ground, program, session, call, &mut beside.intents);
                        let outcome = Box::pin(call).await?;
                        Event::Done(wait, outcome)
                    }
                    Request::Otp(asked) => {
                        let asked = self.otp(ground, program, session, asked, beside);
                        Event::Done(wait, Box::pin(asked).await?)
                    }
                }
            };
            *step = engine::step(program, session, ground.now(self.clock.now()), event);
        }
    }

    async fn call(
        &self,
        ground: &Ground<'_>,
        program: &Program,
        session: &Session,
        call: &CallRequest,
        intents: &mut Vec<IntentChange>,
    ) -> Result<Outcome, TurnError> {
        if let Some(own) = Own::of(program, call.operation) {
            return self.ask_own(ground, own, call).await;
        }
        if program.operation(call.operation).changes {
            return self.change(ground, program, session, call, intents).await;
        }
        let departments = self.departments.get();
        let outcome = self.waits.during(departments.read(program, call, self.budget(ground))).await;
        if call.late && outcome == Outcome::Failed(Failure::Late) {
            return self.park(ground, program, session, call, intents).await;
        }
        Ok(outcome)
    }

    /// Turns that only wait at the moment: for a department, for another node, or for the turn before them.
    pub fn waiting(&self) -> usize {
        self.waits.now()
    }

    /// What is left of the gateway's patience.
    pub(super) fn budget(&self, ground: &Ground<'_>) -> Budget {
        let left = ground.deadline().since(self.clock.now());
        Budget(left.max(Duration::from_millis(1)))
    }
}
