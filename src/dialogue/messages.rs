//! What a phone does beside calling: it sends messages, rings once, gets messages; and what a payment system tells of its owner.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::PlayError;
use super::names::Names;
use super::payment::Payment;
use super::play::{Backstage, Player};
use super::route::InProcessRoute;
use crate::bridge::signature;
use crate::gateway::messages::{Caller, Carrier, Inbound, MissedCall, Sent, shipped_messages};
use crate::handset::aggregator::{Arrived, Mischief, SandboxAggregator};
use crate::handset::gateway_id;
use crate::house::Sending;
use crate::http::{Gateway, GatewayError};
use crate::outbox::{RouteSettings, Routes};
use crate::types::{Chance, Clock, Msisdn, Secret, Timestamp};

/// The gateway of messages: our own dialect.
const GATEWAY: &str = "sandbox";

/// Who calls or writes without telling a number.
const WITHHELD: &str = "withheld";

/// How a transcript sends and gets messages: one gateway, with its one route.
#[derive(Debug)]
pub struct Messages {
    carrier: Carrier,
    /// The hooks' address without the last word.
    address: String,
    route: Arc<InProcessRoute>,
    settings: RouteSettings,
    /// What the payment system signs with.
    payments: Secret,
}

impl Messages {
    /// Over the sandbox aggregator, whose hooks are open under this secret.
    ///
    /// # Panics
    /// If its profile does not come with the program, which a test excludes.
    pub fn new(secret: &str, clock: &Arc<dyn Clock>, chance: &Arc<dyn Chance>) -> Self {
        let profile = shipped_messages().into_iter().find(|profile| profile.name == GATEWAY);
        let profile = Arc::new(profile.expect("it comes with the program"));
        let address = format!("http://bridge.invalid/hooks/{GATEWAY}/{secret}");
        let carrier = Carrier::new(Arc::clone(&profile), None);
        let aggregator = SandboxAggregator::new(carrier.clone(), Arc::clone(clock), Arc::clone(chance));
        let route = Arc::new(InProcessRoute::new(aggregator, Arc::clone(clock)));
        let settings = InProcessRoute::settings(profile, format!("{address}/receipt"));
        Self { carrier, address, route, settings, payments: "payments on a stage".into() }
    }

    /// The gateway's name.
    pub fn gateway(&self) -> &str {
        &self.settings.profile.name
    }

    /// Opens it on the gateway of that name.
    pub fn open(&self, gateway: Gateway) -> Result<Gateway, GatewayError> {
        let profile = Arc::clone(&self.settings.profile);
        gateway.with_messages(profile, Vec::new())?.with_payments(vec![self.payments.clone()])
    }

    /// How the bridge sends through it.
    pub fn sending(&self) -> Sending {
        Sending { routes: vec![self.settings.clone()], transport: Arc::<InProcessRoute>::clone(&self.route) }
    }

    /// What the gateway tells of a message that somebody sent, part by part, if it tells any.
    fn sms(&self, id: u128, from: Caller, (text, to): (&str, &str), at: Timestamp) -> Option<Vec<Sent>> {
        let [reference, ..] = id.to_le_bytes();
        let (id, text, to) = (gateway_id(id), text.to_owned(), to.to_owned());
        let inbound = Inbound { id: Some(id), from, to, text, part: None, at: Some(at), circle: None };
        self.carrier.inbound_in_parts(&format!("{}/sms", self.address), &inbound, reference)
    }

    fn missed_call(&self, id: String, from: Caller, to: &str) -> Option<Sent> {
        let call = MissedCall { id: Some(id), from, to: to.to_owned() };
        self.carrier.missed_call(&format!("{}/missed-call", self.address), &call)
    }

    fn payment(&self, payment: &Payment, mobile: &Msisdn, now: Timestamp) -> Sent {
        let body = payment.notice(mobile, now);
        let timestamp = (now.0 / 1000).to_string();
        let signature = signature(&self.payments, &timestamp, &body);
        let header = |name: &str, value: String| (name.to_owned(), value);
        let headers = vec![
            header("content-type", "application/json".to_owned()),
            header("x-gramsetu-timestamp", timestamp),
            header("x-gramsetu-signature", signature),
        ];
        Sent { method: "POST", url: format!("{}/payment", self.address), headers, body }
    }
}

impl Backstage {
    /// Whether texts go out that no template stands for, pages of menus among them.
    pub(super) fn carry_free_text(&self, free_text: bool) {
        let settings = RouteSettings { free_text, ..self.messages.settings.clone() };
        self.bridge.outbox().send_through(Routes::new(vec![settings]));
    }

    pub(super) fn misbehave(&self, does: &str) -> Result<(), PlayError> {
        self.messages.route.aggregator().misbehave(does.parse::<Mischief>()?);
        Ok(())
    }

    fn arrived(&self, phone: &Msisdn, after: u64) -> Vec<Arrived> {
        self.messages.route.aggregator().arrived(phone, after)
    }
}

/// How far the messages of each phone are read, by their numbers at the aggregator.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// By the transcript's lines.
    lines: BTreeMap<Msisdn, u64>,
    /// By whoever looks at what has come.
    shown: BTreeMap<Msisdn, u64>,
}

impl Player<'_> {
    /// What is due goes out, and the bridge hears what became of it: in virtual time nothing happens by itself.
    pub(super) async fn send_due(&self) -> Result<(), PlayError> {
        let Some(behind) = &self.stage.behind else { return Ok(()) };
        loop {
            let sent = behind.bridge.outbox().send_due().await?;
            let receipts = behind.messages.route.receipts();
            if sent == 0 && receipts.is_empty() {
                return Ok(());
            }
            for receipt in receipts {
                self.tell(receipt).await?;
            }
        }
    }

    /// The messages that came to this phone since this was asked last, the oldest first.
    pub fn arrived(&mut self) -> Vec<Arrived> {
        let (Some(behind), Ok(phone)) = (&self.stage.behind, self.phone()) else { return Vec::new() };
        let shown = self.read.shown.entry(phone.clone()).or_default();
        let arrived = behind.arrived(&phone, *shown);
        *shown = arrived.last().map_or(*shown, |last| last.number);
        arrived
    }

    /// The number of the message that a line of the transcript has read last on this phone.
    pub(super) fn read_last(&self) -> Option<u64> {
        self.read.lines.get(&self.phone().ok()?).copied().filter(|number| *number > 0)
    }

    /// All that this phone has got, as lines.
    pub(super) fn got(&self) -> String {
        let (Some(behind), Ok(phone)) = (&self.stage.behind, self.phone()) else { return String::new() };
        let lines: Vec<String> =
            behind.arrived(&phone, 0).iter().map(|arrived| format!("sms: {}\n", arrived.text)).collect();
        if lines.is_empty() { "(no SMS)".to_owned() } else { lines.concat() }
    }

    pub(super) async fn send_sms(&mut self, text: &str, to: &str, from: Option<&str>) -> Result<(), PlayError> {
        let text = self.filled(text)?;
        let behind = self.behind("sms")?;
        let from = self.writes(behind, from).await?;
        let (id, now) = (self.stage.chance.draw(), behind.bridge.clock().now());
        for part in behind.messages.sms(id, from, (&text, to), now).ok_or(PlayError::NoHook("messages"))? {
            self.tell_first(part).await?;
        }
        Ok(())
    }

    pub(super) async fn ring_once(&mut self, to: &str, from: Option<&str>) -> Result<(), PlayError> {
        let behind = self.behind("missed call")?;
        let from = self.writes(behind, from).await?;
        let sent = behind.messages.missed_call(gateway_id(self.stage.chance.draw()), from, to);
        self.tell_first(sent.ok_or(PlayError::NoHook("missed calls"))?).await
    }

    pub(super) async fn pay(&mut self, payment: &Payment) -> Result<(), PlayError> {
        let behind = self.behind("payment")?;
        let phone = self.phone()?;
        self.choose_language(behind, &phone).await?;
        let sent = behind.messages.payment(payment, &phone, behind.bridge.clock().now());
        self.tell_first(sent).await
    }

    /// Lets a hook of the bridge know.
    pub(super) async fn tell(&self, sent: Sent) -> Result<(), PlayError> {
        let reply = self.stage.wire.tell(sent).await?;
        match reply.status {
            200 => Ok(()),
            status => Err(PlayError::Untold(status, String::from_utf8_lossy(&reply.body).trim().to_owned())),
        }
    }

    async fn tell_first(&mut self, sent: Sent) -> Result<(), PlayError> {
        self.told = Some(sent.clone());
        self.tell(sent).await
    }

    /// Who writes or rings; it takes them a while.
    async fn writes(&mut self, behind: &Backstage, from: Option<&str>) -> Result<Caller, PlayError> {
        behind.clock.advance(super::THINKS);
        if from == Some(WITHHELD) {
            return Ok(Caller::Withheld);
        }
        if let Some(from) = from {
            from.clone_into(&mut self.number);
        }
        let phone = self.phone()?;
        self.choose_language(behind, &phone).await?;
        Ok(Caller::Number(phone))
    }

    /// The next message of this phone says this. It is what `<` lines behind it are about.
    pub(super) fn expect_message(&mut self, expected: &str) -> Result<(), PlayError> {
        let behind = self.behind("sms:")?;
        let phone = self.phone()?;
        let read = self.read.lines.entry(phone.clone()).or_default();
        let unread = behind.arrived(&phone, *read);
        let Some(next) = unread.first() else { return Err(PlayError::NoMessage(expected.to_owned())) };
        // One that comes later is taken for the one that is meant, so that the lines behind this one are about what they say.
        let found = |names: &mut Names, arrived: &Arrived| names.capture(expected, &arrived.text);
        match unread.iter().find_map(|arrived| Some((arrived, found(&mut self.names, arrived)?))) {
            Some((arrived, end)) => {
                *read = arrived.number;
                self.look_at(arrived.text.clone(), end);
                if arrived.number == next.number { Ok(()) } else { Err(PlayError::OtherMessage(expected.to_owned())) }
            }
            None => Err(PlayError::OtherMessage(expected.to_owned())),
        }
    }

    pub(super) fn expect_no_message(&self) -> Result<(), PlayError> {
        let phone = self.phone()?;
        let read = self.read.lines.get(&phone).copied().unwrap_or_default();
        let is_unread = !self.behind("no sms")?.arrived(&phone, read).is_empty();
        if is_unread { Err(PlayError::AnotherMessage) } else { Ok(()) }
    }
}
