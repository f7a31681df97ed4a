//! Walking a menu by messages: where a route may carry free text, each message of a citizen is a turn, and the page goes back as a message that
//! is queued in the commit of that turn.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::turn::{Answered, Brought};
use super::{Bridge, TurnError};
use crate::gateway::messages::Inbound;
use crate::gateway::{Input, Profile, Turn};
use crate::phone;
use crate::store::{Commit, CommitError, KeyedHash, Mark, MessageChange};
use crate::types::{Limits, MessageKind, Msisdn, OutMessage, Priority, Repeat, Timestamp};

/// A page is at most three segments, so that nobody pays for a book: 3 × 153 septets, 3 × 67 units (3GPP TS 23.040 section 9.2.3.24.1).
const PAGE: Limits = Limits { septets: 459, units: Some(201) };
const PLAIN_PAGE: Limits = Limits { septets: 459, units: None };
/// How long departments may take for one answer.
const BUDGET: Duration = Duration::from_secs(15);
/// Later than this nobody knows any more what a page answered.
const LIVES: Duration = Duration::from_hours(1);

/// A dialogue that is had by messages, as its turns need it.
#[derive(Debug)]
pub(super) struct ByMessage<'a> {
    pub(super) caller: &'a Msisdn,
    /// The number that was written to: it is what the answer comes from.
    pub(super) header: &'a str,
    /// What makes the citizen's message count once.
    pub(super) marks: Vec<Mark>,
    /// The page was queued with its turn.
    pub(super) is_queued: AtomicBool,
}

impl Bridge {
    /// Takes a message as an answer in the dialogue with its sender, or as the beginning of one.
    pub(super) async fn walk(
        &self,
        gateway: &str,
        message: &Inbound,
        (caller, text): (&Msisdn, &str),
        marks: Vec<Mark>,
        arrived: Timestamp,
    ) -> Result<&'static str, TurnError> {
        let program = self.program();
        let profile = self.profile_by_messages(gateway);
        let by_message = ByMessage { caller, header: &message.to, marks, is_queued: AtomicBool::new(false) };
        let turn = Turn {
            leg: leg_of(caller),
            msisdn: Some(caller.clone()),
            input: Input::Last(text.to_owned()),
            begins: None,
            number: None,
            code: None,
            circle: message.circle.clone(),
        };
        let callback = by_message.marks.first().map_or(KeyedHash([0; 16]), |mark| mark.key);
        let brought = Brought { profile: &profile, turn: &turn, callback, arrived, by_message: Some(&by_message) };
        match self.conduct(program, &brought).await {
            Ok(answered) if by_message.is_queued.load(Ordering::Relaxed) || answered.outcome == "repeat" => {
                Ok(answered.outcome)
            }
            // A page of the bridge's own, which no turn was written for.
            Ok(Answered { page, outcome }) => {
                let messages = vec![self.page_by_message(&by_message, page.text)?];
                self.once(Commit { messages, marks: by_message.marks, ..Commit::default() }, outcome).await
            }
            Err(TurnError::Commit(CommitError::Seen(_))) => Ok("repeat"),
            Err(error) => Err(error),
        }
    }

    /// How a dialogue by messages goes on this gateway.
    pub(super) fn profile_by_messages(&self, gateway: &str) -> Profile {
        let limits = if self.outbox.routes().carry_any_script() { PAGE } else { PLAIN_PAGE };
        Profile::by_messages(gateway, phone::home(), limits, BUDGET)
    }

    /// What queues a page for who walks by messages.
    pub(super) fn page_by_message(&self, by_message: &ByMessage<'_>, text: String) -> Result<MessageChange, TurnError> {
        let out = OutMessage {
            to: by_message.caller.clone(),
            text,
            header: by_message.header.to_owned(),
            kind: MessageKind::Transactional,
            priority: Priority::Receipt,
            repeat: Repeat::Never,
            entity: None,
            template: None,
            language: String::new(),
        };
        Ok(self.outbox.queued(&out, LIVES)?)
    }

    /// Whether a menu may be walked by messages that come through this gateway.
    pub(super) fn may_walk(&self, gateway: &str) -> bool {
        self.outbox.routes().iter().any(|route| route.gateway() == gateway && route.may_carry_free_text())
    }

    /// The dialogue that somebody has by messages, as a leg.
    pub(super) fn leg_by_messages(&self, gateway: &str, caller: &Msisdn) -> KeyedHash {
        self.keyring.hash("leg", &[gateway.as_bytes(), leg_of(caller).as_bytes()])
    }
}

/// Its own beside that of a USSD dialogue on the same gateway.
fn leg_of(caller: &Msisdn) -> String {
    format!("sms {}", caller.digits())
}
