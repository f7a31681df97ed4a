//! Messages at the terminal: what is typed to send one or to ring, and those that arrive while the phone is in the hand.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinHandle;

use super::super::out;
use crate::ambient::{SystemChance, SystemClock};
use crate::dialogue::{self, Action, PlayError};
use crate::gateway::messages::{Carrier, Hook, MessageProfile};
use crate::handset::aggregator::Arrived;
use crate::handset::{Inbox, InboxError, Texting, Wire};
use crate::phone;
use crate::sync::lock;
use crate::types::{Clock as _, Msisdn, Secret};

/// The gateway of messages where that of the call speaks of none: a demo's.
const USUAL: &str = "sandbox";
/// How soon is looked again at a server that is away.
const LOOKS_AGAIN_AFTER: Duration = Duration::from_secs(2);

/// What sends a message or rings, where that was typed, with or without a `/` before it: `sms PNR 1234567890 to 139`, as dialogues have it,
/// or `call 9718397183`. Nobody answers a menu like this.
pub(super) fn typed(line: &str) -> Option<Action> {
    let line = line.strip_prefix('/').unwrap_or(line);
    let action = match line.strip_prefix("call ") {
        Some(rest) => dialogue::action(&format!("missed call to {rest}")),
        None => dialogue::action(line),
    };
    let (Action::Sms { to, .. } | Action::MissedCall { to, .. }) = action.as_ref().ok()? else { return None };
    let is_number = to.bytes().any(|byte| byte.is_ascii_digit())
        && to.bytes().all(|byte| byte.is_ascii_digit() || b"+- ".contains(&byte));
    action.ok().filter(|_| is_number)
}

/// What stands at the end of the terminal while a line is waited for: what arrives then is written before it.
#[derive(Debug, Default)]
pub(super) struct Prompt(Mutex<Option<&'static str>>);

impl Prompt {
    pub(super) fn show(&self, prompt: &'static str) -> Result<(), super::CommandError> {
        let mut shown = lock(&self.0);
        *shown = Some(prompt);
        out::tell(prompt, "to the terminal")
    }

    pub(super) fn answered(&self) {
        *lock(&self.0) = None;
    }

    fn tell(&self, arrived: &Arrived) {
        let shown = lock(&self.0);
        let before = if shown.is_some() { "\n" } else { "" };
        // Where nobody reads any more, the next prompt notices.
        drop(out::tell(format!("{before}{}{}", line(arrived), shown.unwrap_or_default()), "to the terminal"));
    }
}

/// `SMS from EPFOHO: …`, with its further lines below.
pub(super) fn line(arrived: &Arrived) -> String {
    let mut lines = arrived.text.lines();
    let mut out = format!("SMS from {}: {}\n", arrived.from, lines.next().unwrap_or_default());
    for line in lines {
        let _ = writeln!(out, "  {line}");
    }
    out
}

/// How messages go to and fro on a running server.
#[derive(Debug)]
pub(super) struct Messages {
    pub(super) base: String,
    pub(super) wire: Arc<dyn Wire>,
    pub(super) profiles: Vec<Arc<MessageProfile>>,
    /// What gateways that sign are taken to sign with.
    pub(super) secret: Secret,
}

impl Messages {
    /// Sends or rings from this number, through the gateway of the call where it speaks of such things.
    pub(super) async fn perform(&self, action: &Action, number: &str, gateway: &str) -> Result<(), PlayError> {
        let hook = if matches!(action, Action::Sms { .. }) { Hook::Sms } else { Hook::MissedCall };
        let named = |name: &str| self.profiles.iter().find(|profile| profile.name == name && profile.calls(hook));
        let profile = named(gateway).or_else(|| named(USUAL));
        let profile = profile.ok_or_else(|| PlayError::NoGateway(gateway.to_owned(), format!("nor `{USUAL}`")))?;
        let carrier = Carrier::new(Arc::clone(profile), Some(self.secret.clone()));
        let texting = Texting::new(Arc::clone(&self.wire), Arc::new(SystemChance), carrier, parse(number)?);
        match action {
            Action::Sms { text, to, .. } => texting.text(text, to).await?,
            Action::MissedCall { to, .. } => texting.ring(to).await?,
            _ => {}
        }
        Ok(())
    }

    /// Writes what arrives for this number from now on, where the server is a demo.
    pub(super) async fn watch(&self, number: &str, prompt: &Arc<Prompt>) -> Option<Watching> {
        let mut inbox = Inbox::open(&self.base, &parse(number).ok()?).await.ok()?;
        let prompt = Arc::clone(prompt);
        let task = tokio::spawn(async move {
            loop {
                match inbox.next().await {
                    Ok(arrived) => arrived.iter().for_each(|arrived| prompt.tell(arrived)),
                    Err(InboxError::None) => return,
                    Err(InboxError::Wire(_)) => SystemClock.sleep(LOOKS_AGAIN_AFTER).await,
                }
            }
        });
        Some(Watching(task))
    }
}

fn parse(number: &str) -> Result<Msisdn, PlayError> {
    let cannot = |error| PlayError::Number(number.to_owned(), error);
    phone::parse(number, phone::home()).map_err(cannot)
}

/// Ends with its owner.
#[derive(Debug)]
pub(super) struct Watching(JoinHandle<()>);

impl Drop for Watching {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_rings_are_told_from_answers() {
        let text = |text: &str, to: &str| Some(Action::Sms { text: text.to_owned(), to: to.to_owned(), from: None });
        let ring = |to: &str, from: Option<&str>| {
            Some(Action::MissedCall { to: to.to_owned(), from: from.map(str::to_owned) })
        };
        for (line, action) in [
            ("sms PNR 1234567890 to 139", text("PNR 1234567890", "139")),
            ("/sms I go to school to 139", text("I go to school", "139")),
            ("call 9718397183", ring("9718397183", None)),
            ("/call +91 97183-97183 from +919812345671", ring("+91 97183-97183", Some("+919812345671"))),
            ("/missed call to 9718397183", ring("9718397183", None)),
            ("sms PNR", None),
            ("sms  to 139", None),
            ("sms PNR to school", None),
            ("call", None),
            ("call me", None),
            ("call +", None),
            ("/redial", None),
            ("> 1", None),
            ("1", None),
            ("", None),
        ] {
            assert_eq!(typed(line), action, "{line}");
        }
    }

    #[test]
    fn a_message_of_several_lines_stays_below_its_sender() {
        let arrived = Arrived {
            number: 1,
            id: "1".to_owned(),
            from: "EPFOHO".to_owned(),
            text: "One\nTwo".to_owned(),
            at: String::new(),
        };
        assert_eq!(line(&arrived), "SMS from EPFOHO: One\n  Two\n");
    }
}
