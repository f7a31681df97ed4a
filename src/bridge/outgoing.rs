//! Messages that the bridge sends: from what a menu asks for to what the outbox takes.

use super::record::Known;
use super::{Bridge, TurnError};
use crate::engine::Effect;
use crate::menu::{LanguageId, MessageId, Program, SystemMessage, Value};
use crate::phone;
use crate::store::MessageChange;
use crate::types::{MessageKind, Msisdn, OutMessage};

/// What is to be sent.
#[derive(Debug)]
pub(super) struct Sending<'a> {
    pub(super) message: MessageId,
    /// In the order of what the message takes.
    pub(super) values: &'a [Option<Value>],
    pub(super) language: LanguageId,
    pub(super) to: &'a Msisdn,
}

impl Bridge {
    /// What queues a message, in the commit of what caused it. `None` where `known`, what is kept of the number that it goes to, says
    /// that they do not want it.
    pub(super) fn outgoing(
        &self,
        program: &Program,
        sending: &Sending<'_>,
        known: &Known,
    ) -> Result<Option<MessageChange>, TurnError> {
        let message = program.message(sending.message);
        if !known.wants(&message.header, message.kind) {
            self.meters.message("not_wanted");
            return Ok(None);
        }
        let language = self.carried(program, sending.language);
        let written = message.written(program, language, sending.values);
        let out = OutMessage {
            to: sending.to.clone(),
            text: written.text,
            header: message.header.clone(),
            kind: message.kind,
            priority: message.priority,
            repeat: message.repeat,
            entity: message.entity.clone(),
            template: written.template,
            language: program.language(written.language).code.clone(),
        };
        Ok(Some(self.outbox.queued(&out, message.lives)?))
    }

    /// What queues the message that a menu asks for, if the effect is one: to the caller, or to the number that it names. One that is no
    /// number gets none.
    pub(super) async fn asked_for(
        &self,
        program: &Program,
        effect: &Effect,
        caller: &Msisdn,
    ) -> Result<Option<MessageChange>, TurnError> {
        let Effect::Send { message, to, give, language } = effect else { return Ok(None) };
        let other = to.as_ref().map(|digits| phone::parse(digits, phone::home()).ok());
        let Some(to) = other.as_ref().map_or(Some(caller), Option::as_ref) else {
            tracing::warn!(message = %program.message(*message).name, "A message is not sent: what it is to go to is no number");
            return Ok(None);
        };
        let known = match other {
            Some(_) => self.known(self.subscriber(to)).await?,
            None => Known::asking(),
        };
        self.outgoing(program, &Sending { message: *message, values: give, language: *language, to }, &known)
    }

    /// One of the bridge's own messages; `None` where these menus do not write it, or nobody wants it.
    pub(super) fn own_message(
        &self,
        program: &Program,
        message: SystemMessage,
        values: &[Option<Value>],
        language: LanguageId,
        to: &Msisdn,
        known: &Known,
    ) -> Result<Option<MessageChange>, TurnError> {
        let Some(id) = program.system_message(message) else {
            tracing::error!(message = message.name(), "The menus do not write this message, it is not sent");
            return Ok(None);
        };
        self.outgoing(program, &Sending { message: id, values, language, to }, known)
    }

    /// The language, or its plain form where no route carries more than GSM 7-bit letters.
    fn carried(&self, program: &Program, language: LanguageId) -> LanguageId {
        if self.outbox.routes().carry_any_script() { language } else { program.language(language).plain }
    }
}

impl Known {
    /// Whether somebody still wants messages of this header: STOP ends those that nobody asked for. What somebody has just asked for, or must
    /// know of their own doing, goes out.
    fn wants(&self, header: &str, kind: MessageKind) -> bool {
        match kind {
            MessageKind::Transactional | MessageKind::Government => true,
            MessageKind::Service | MessageKind::Promotional => {
                !self.is_unreadable && !self.stopped.iter().any(|stopped| stopped == header)
            }
        }
    }
}
