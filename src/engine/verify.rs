//! One-time passwords: asked for, typed and compared, without this module knowing any.
//!
//! A `verify` waits until one is on its way, then asks for it, and waits again while what was typed is compared. It is no screen to go
//! back to: who is verified passes it, and who is not has come to it to go on.

use super::accept;
use super::expect;
use super::frame::Sorry;
use super::labels::{self, Near, nearest};
use super::render::in_all_languages;
use super::session::{Asks, Notice, Place, State, Typed};
use super::step::{AnswerClass, OtpOutcome, OtpRequest, Outcome};
use super::walk::Walk;
use crate::menu::{Accept, Position, Program, SystemText, Value, Verify};
use crate::text::fold;
use crate::types::Secret;

/// What a one-time password looks like.
pub(crate) const LOOKS: Accept = Accept::Digits { min: Verify::DIGITS, max: Verify::DIGITS };

impl super::Session {
    /// What it waits for on a `verify`. One that was kept while it waited has forgotten what was typed, and asks again.
    pub(super) fn otp_request(&self, verify: &Verify) -> OtpRequest {
        let Verify { tries, lock, .. } = *verify;
        match (self.verifying.asks, &self.verifying.typed.0) {
            (Asks::Check, Some(typed)) => OtpRequest::Check { typed: typed.clone(), tries, lock },
            (asks, _) => OtpRequest::Send { again: asks == Asks::SendAgain, tries, lock },
        }
    }
}

impl Walk<'_> {
    /// Waits until a one-time password is on its way. A dial path goes no further.
    pub(super) fn asks_for_otp(&mut self, asks: Asks, at: Position) -> Result<(), Sorry> {
        self.unattended()?;
        self.session.path.clear();
        self.session.verifying.asks = asks;
        self.waits_at(at);
        Ok(())
    }

    /// The citizen's answer to the question for it.
    pub(super) fn otp_typed(&mut self, typed: &str, at: Position) -> Result<(), Sorry> {
        let today = self.scope().today();
        // 000001 is a password, and no option.
        let Some(Value::Text(digits)) = accept::read(self.program, &LOOKS, typed, today) else {
            if self.asks_for_another(typed) {
                self.starts(AnswerClass::Option(1));
                return self.asks_for_otp(Asks::SendAgain, at);
            }
            self.starts(AnswerClass::Unexpected);
            self.session.place.is_wrong(Notice::Unexpected);
            self.arrives(Some(at));
            return Ok(());
        };
        self.starts(AnswerClass::Value);
        self.session.verifying.asks = Asks::Check;
        self.session.verifying.typed = Typed(Some(Secret::new(digits)));
        self.waits_at(at);
        Ok(())
    }

    /// Whether option 1 was chosen, by number or by its label in any language.
    fn asks_for_another(&self, typed: &str) -> bool {
        let number = labels::number(typed).or_else(|| self.program.number_words.number(&fold(typed)));
        if number.is_some() {
            return number == Some(1);
        }
        let scope = self.scope().with_words(&[]);
        let label = self.program.system.get(SystemText::OtpAgain as usize);
        let labels = label.into_iter().flat_map(|text| in_all_languages(scope, text));
        let folded = fold(typed);
        !folded.is_empty() && nearest(&folded, labels, &mut String::new()) != Near::No
    }

    /// What came of what it waited for.
    pub(super) fn told_of_otp(&mut self, verify: &Verify, at: Position, outcome: &Outcome) -> Result<(), Sorry> {
        self.starts(AnswerClass::Otp(outcome.word()));
        let asked = self.session.verifying.asks;
        self.session.verifying.asks = Asks::Send;
        self.session.verifying.typed = Typed(None);
        let to = match outcome {
            Outcome::Otp(OtpOutcome::Sent) => {
                let notice = if asked == Asks::SendAgain { Notice::OtpUnderway } else { Notice::None };
                self.session.place = Place { notice, ..Place::default() };
                self.shows_question(at);
                return Ok(());
            }
            Outcome::Otp(OtpOutcome::Wrong { left }) => {
                self.session.place.is_wrong(Notice::WrongOtp(*left));
                self.shows_question(at);
                return Ok(());
            }
            // Nobody could look: what was typed was not wrong, and may be typed again.
            Outcome::Failed(_) if asked == Asks::Check => {
                self.shows_question(at);
                return Ok(());
            }
            Outcome::Otp(OtpOutcome::Verified) => {
                self.session.verifying.is_done = true;
                verify.next
            }
            Outcome::Otp(OtpOutcome::Locked) => verify.wrong,
            Outcome::Otp(OtpOutcome::Expired) => verify.expired,
            Outcome::Otp(OtpOutcome::Unsent) | Outcome::Failed(_) => verify.unsent,
            Outcome::Answered(_) | Outcome::Later { .. } => return Err(Sorry),
        };
        self.go(to)?;
        self.run()
    }

    fn shows_question(&mut self, at: Position) {
        self.forget_secrets();
        self.session.state = State::Shown;
        self.session.unattended = 0;
        self.arrives(Some(at));
    }
}

/// What stands above the question, as one of the bridge's own texts with its values.
pub(super) fn said_above(notice: Notice, needs_help: bool) -> Option<(SystemText, Vec<Value>)> {
    match notice {
        Notice::None | Notice::NoneBegin => None,
        Notice::WrongOtp(left) => Some((SystemText::OtpWrong, vec![Value::Number(left.into())])),
        Notice::OtpUnderway => Some((SystemText::OtpUnderway, Vec::new())),
        Notice::Unexpected if needs_help => Some((SystemText::Help, Vec::new())),
        Notice::Unexpected => Some(expect::of(&LOOKS)),
    }
}

/// Whether a session stands where a one-time password is asked for. What it holds about a person may wait there for whoever types it;
/// nobody else is shown it.
pub(super) fn is_asked_at(program: &Program, at: Position) -> bool {
    super::frame::screen_at(program, at).is_ok_and(|screen| matches!(screen.verb, crate::menu::Verb::Verify(_)))
}
