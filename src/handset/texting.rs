//! The phone's own messages and missed calls, as its gateway tells of them.

use std::sync::Arc;

use super::{HandsetError, Wire, WireError};
use crate::gateway::messages::{Caller, Carrier, Hook, Inbound, MissedCall, Sent};
use crate::types::{Chance, Msisdn};

/// A phone that texts and rings, on one gateway.
#[derive(Debug)]
pub struct Texting {
    wire: Arc<dyn Wire>,
    chance: Arc<dyn Chance>,
    carrier: Carrier,
    number: Msisdn,
}

impl Texting {
    pub fn new(wire: Arc<dyn Wire>, chance: Arc<dyn Chance>, carrier: Carrier, number: Msisdn) -> Self {
        Self { wire, chance, carrier, number }
    }

    /// Sends a message to a number or a short code, in parts where it is long.
    pub async fn text(&self, text: &str, to: &str) -> Result<(), HandsetError> {
        let id = self.chance.draw();
        let [reference, ..] = id.to_le_bytes();
        let inbound = Inbound {
            id: Some(gateway_id(id)),
            from: self.caller(),
            to: to.to_owned(),
            text: text.to_owned(),
            part: None,
            at: None,
            circle: None,
        };
        self.tell(Hook::Sms, "messages", |address| self.carrier.inbound_in_parts(address, &inbound, reference)).await
    }

    /// Rings once and hangs up.
    pub async fn ring(&self, to: &str) -> Result<(), HandsetError> {
        let call = MissedCall { id: Some(gateway_id(self.chance.draw())), from: self.caller(), to: to.to_owned() };
        let told = |address: &str| Some(vec![self.carrier.missed_call(address, &call)?]);
        self.tell(Hook::MissedCall, "missed calls", told).await
    }

    fn caller(&self) -> Caller {
        Caller::Number(self.number.clone())
    }

    async fn tell(
        &self,
        hook: Hook,
        what: &'static str,
        write: impl FnOnce(&str) -> Option<Vec<Sent>>,
    ) -> Result<(), HandsetError> {
        let gateway = &self.carrier.profile().name;
        let sent = write(&self.wire.address(gateway, hook));
        let sent = sent.ok_or_else(|| HandsetError::TellsNothing { gateway: gateway.clone(), what })?;
        for sent in sent {
            let reply = self.wire.tell(sent).await?;
            if !self.carrier.is_content(hook, &reply) {
                return Err(WireError::Refused(reply.status).into());
            }
        }
        Ok(())
    }
}

/// An id for what the gateway tells, as it would give one.
pub(crate) fn gateway_id(id: u128) -> String {
    format!("{id:032x}")
}
