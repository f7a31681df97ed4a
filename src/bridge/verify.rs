//! Performing what a `verify` asks for: a one-time password is drawn and sent, or what was typed is compared with what was sent.

use super::ground::Ground;
use super::otp::{OtpRules, ToSend, otp_code};
use super::perform::Beside;
use super::record::Known;
use super::{Bridge, TurnError};
use crate::engine::{Failure, OtpOutcome, OtpRequest, Outcome, Session};
use crate::menu::{Program, SystemMessage, Value};
use crate::store::KeyedHash;

impl Bridge {
    /// What is known of the number's passwords is written in the commit of the turn, which another node's would lose.
    pub(super) async fn otp(
        &self,
        ground: &Ground<'_>,
        program: &Program,
        session: &Session,
        asked: &OtpRequest,
        beside: &mut Beside,
    ) -> Result<Outcome, TurnError> {
        let (subscriber, now) = (ground.subscriber(), self.clock.now());
        let mut known = match beside.known.take() {
            Some(known) => known,
            None => self.known(subscriber).await?,
        };
        if known.is_unreadable {
            // Whether it is locked, or how many were sent, nobody knows.
            return Ok(Outcome::Failed(Failure::Down));
        }
        let outcome = match asked {
            OtpRequest::Send { again, tries, lock } => {
                let code = otp_code(self.chance.draw());
                let rules = OtpRules::new(*tries, *lock);
                // Tried on a copy: one that cannot be sent is none, and is none of those of the day.
                let mut after = known.otp.clone();
                match after.send(now, &rules, *again, self.otp_hash(subscriber, &code)) {
                    Err(outcome) => outcome,
                    Ok(ToSend::Kept) => OtpOutcome::Sent,
                    Ok(ToSend::New) => {
                        let values = [Some(Value::Text(code))];
                        let (language, to) = (session.language(), session.caller());
                        let asking = Known::asking();
                        let queued = self.own_message(program, SystemMessage::Otp, &values, language, to, &asking)?;
                        match queued.filter(|_| !self.outbox.routes().is_empty()) {
                            Some(queued) => {
                                beside.messages.push(queued);
                                known.otp = after;
                                OtpOutcome::Sent
                            }
                            None => OtpOutcome::Unsent,
                        }
                    }
                }
            }
            OtpRequest::Check { typed, tries, lock } => {
                known.otp.check(now, &OtpRules::new(*tries, *lock), self.otp_hash(subscriber, typed.reveal()))
            }
        };
        let outcome = Outcome::Otp(outcome);
        self.meters.otp(outcome.word());
        beside.known = Some(known);
        Ok(outcome)
    }

    /// Keyed, and each number's own: a database by itself tells nobody's code, though there are only a million.
    fn otp_hash(&self, subscriber: KeyedHash, code: &str) -> KeyedHash {
        self.keyring.hash("otp", &[&subscriber.0, code.as_bytes()])
    }
}
