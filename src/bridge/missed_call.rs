//! A missed call: somebody rang once and hung up, and is answered by message, or called back.

use std::time::Duration;

use super::begin::language_of;
use super::event::{Happening, REMEMBERED_FOR};
use super::outgoing::Sending;
use super::record::Known;
use super::{Bridge, TurnError};
use crate::gateway::messages::{Caller, MissedCall};
use crate::menu::{MissedCallAction, Value};
use crate::store::{Commit, KeyedHash};
use crate::types::Timestamp;

impl Bridge {
    /// Takes a missed call; what came of it, in a word for the meters.
    pub async fn missed_call(
        &self,
        gateway: &str,
        call: &MissedCall,
        callback: KeyedHash,
        arrived: Timestamp,
    ) -> Result<&'static str, TurnError> {
        let program = self.program();
        let Some(entry) = program.missed_call(&call.to) else { return Ok("unknown_number") };
        // Whoever is abroad, or hides, gets nothing that is about anybody.
        let (caller, is_foreign) = match &call.from {
            Caller::Number(caller) => (caller, false),
            Caller::Foreign(caller) => (caller, true),
            Caller::Withheld => return Ok("withheld"),
        };
        let subscriber = self.subscriber(caller);
        let known = self.known(subscriber).await?;
        let language = language_of(&program, &known, None, None);
        let now = self.clock.now();
        // The same call may be told twice; and a number is answered once in a while, however often it rings.
        let told = match &call.id {
            Some(id) => self.mark_once("call", &[gateway.as_bytes(), id.as_bytes()], now, REMEMBERED_FOR),
            None => self.mark_once("call told", &[&callback.0], now, Duration::from_mins(1)),
        };
        let once = self.mark_once("missed call", &[call.to.as_bytes(), &subscriber.0], now, entry.once_in);
        if self.has_happened(&[&told, &once]).await? {
            return Ok("repeat");
        }
        match entry.action {
            MissedCallAction::Send { message, link } => {
                let mut marks = vec![told, once];
                // It takes a link, if anything.
                let mut values = Vec::new();
                if let Some(link) = link {
                    let Some((address, mark)) = self.new_link(&program, program.short_link(link)).await? else {
                        return Ok("no_link");
                    };
                    values.push(Some(Value::Text(address)));
                    marks.push(mark);
                }
                let sending = Sending { message, values: &values, language, to: caller };
                let messages = self.outgoing(&program, &sending, &Known::asking())?.into_iter().collect();
                self.once(Commit { messages, marks, ..Commit::default() }, "sent").await
            }
            MissedCallAction::Run(_) if is_foreign => Ok("foreign"),
            MissedCallAction::Run(menu) => {
                let happening = Happening {
                    gateway,
                    caller,
                    subscriber,
                    menu,
                    given: Vec::new(),
                    language,
                    marks: vec![told, once],
                    reply: None,
                    arrived,
                };
                self.run_for(&program, &happening).await
            }
            MissedCallAction::CallBack(_) => {
                self.once(Commit { marks: vec![told, once], ..Commit::default() }, "call_back").await
            }
        }
    }
}
