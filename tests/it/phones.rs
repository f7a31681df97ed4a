//! Phones on every gateway, which remember what they sent and heard, so that a callback can be sent again byte for byte, as
//! aggregators do when a reply did not come.

use std::sync::Arc;

use gramsetu::gateway::{Aggregator, Doing, Outbound, Profile, WireReply, shipped};
use gramsetu::handset::{OverHttp, Shown, Wire as _, WireError};
use gramsetu::phone::{self, Country, ServiceCode};

use crate::server::{SECRET, Server};

/// The way to a running program.
pub(crate) fn wire(server: &Server) -> OverHttp {
    OverHttp::new(&server.base(), SECRET).expect("an address")
}

pub(crate) fn profile(name: &str) -> Arc<Profile> {
    let found = shipped().into_iter().find(|profile| profile.name == name);
    Arc::new(found.unwrap_or_else(|| panic!("there is no profile `{name}`")))
}

/// What a citizen hears when the service cannot be reached or has too much to do. Nothing of the callback was kept.
pub(crate) const APOLOGIES: [&str; 2] = [
    "Sorry, this service is not working now. Please try again later.",
    "Too many people are calling now. Please dial again after a few minutes.",
];

pub(crate) fn apologises(shown: &Shown) -> bool {
    APOLOGIES.contains(&shown.text.as_str())
}

#[derive(Clone, Debug)]
pub(crate) struct Phone {
    aggregator: Aggregator,
    pub(crate) profile: Arc<Profile>,
    pub(crate) number: String,
    /// The last callback that was answered, and its reply.
    last: Option<(Outbound, WireReply)>,
    /// A callback to which no reply has come, or an apology.
    pub(crate) unanswered: Option<Outbound>,
}

impl Phone {
    /// A phone with an Indian number; `leg` names its dialogue.
    pub(crate) fn new(profile: &Arc<Profile>, number: &str, leg: u128) -> Self {
        let india = Country::by_iso("IN").expect("a country");
        let msisdn = phone::parse(number, india).expect("a number");
        let codes = vec![ServiceCode::parse("*123#").expect("a code")];
        let aggregator = Aggregator::new(Arc::clone(profile), msisdn, leg, codes);
        Self { aggregator, profile: Arc::clone(profile), number: number.to_owned(), last: None, unanswered: None }
    }

    pub(crate) async fn dial(&mut self, wire: &OverHttp, dialled: &str) -> Result<Shown, WireError> {
        self.exchange(wire, Doing::Dial(dialled)).await
    }

    pub(crate) async fn answer(&mut self, wire: &OverHttp, answer: &str) -> Result<Shown, WireError> {
        self.exchange(wire, Doing::Answer(answer)).await
    }

    async fn exchange(&mut self, wire: &OverHttp, doing: Doing<'_>) -> Result<Shown, WireError> {
        self.prepare(doing);
        self.send_again(wire).await
    }

    /// Makes a callback that is still to be sent.
    pub(crate) fn prepare(&mut self, doing: Doing<'_>) {
        self.unanswered = Some(self.aggregator.request(doing).expect("every gateway can say this"));
    }

    /// Sends the callback to which no page came.
    pub(crate) async fn send_again(&mut self, wire: &OverHttp) -> Result<Shown, WireError> {
        let request = self.unanswered.clone().expect("there is one");
        let reply = wire.send(&self.profile.name, request.clone()).await?;
        let shown = self.read(&reply);
        if !apologises(&shown) {
            (self.last, self.unanswered) = (Some((request, reply)), None);
        }
        Ok(shown)
    }

    fn read(&self, reply: &WireReply) -> Shown {
        let read = self.aggregator.read(reply);
        let (text, more) = read.unwrap_or_else(|error| panic!("{}: {error}: {reply:?}", self.profile.name));
        Shown { text, more }
    }

    /// What another heard last is the same byte for byte.
    pub(crate) fn expect_same_reply(&self, other: &Self) {
        let reply = |phone: &Self| phone.last.as_ref().map(|(_, reply)| undated(reply));
        assert_eq!(reply(self), reply(other), "one callback on {}", self.profile.name);
    }

    /// The last answered callback once more, whatever comes of it.
    pub(crate) async fn repeat(&self, wire: &OverHttp) -> Shown {
        let (request, _) = self.last.as_ref().expect("something was answered");
        self.read(&wire.send(&self.profile.name, request.clone()).await.expect("it is served"))
    }

    /// The last answered callback once more: the reply is the same byte for byte.
    pub(crate) async fn expect_repeat(&self, wire: &OverHttp) {
        let (request, first) = self.last.as_ref().expect("something was answered");
        let again = wire.send(&self.profile.name, request.clone()).await.expect("it is served");
        assert_eq!(undated(&again), undated(first), "the repeat of a callback on {}", self.profile.name);
    }
}

/// All of a reply but when it was written and what becomes of the connection.
pub(crate) fn undated(reply: &WireReply) -> WireReply {
    let headers = reply.headers.iter().filter(|(name, _)| name != "date" && name != "connection").cloned().collect();
    WireReply { headers, ..reply.clone() }
}
