//! The routes on which messages go out, and which of them a message takes.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::pace::Pace;
use crate::breaker::Breaker;
use crate::gateway::messages::{MessageProfile, OutRequest, RouteFacts, WriteError};
use crate::sync::lock;
use crate::text::sms::{self, Allowed};
use crate::types::{OutMessage, Priority, Secret, Timestamp};

/// Failures in a row that open a route's breaker, and how long it stays open.
const BREAKS_AFTER: u32 = 5;
const MENDS_AFTER: Duration = Duration::from_secs(10);

/// A way out, as the settings describe it.
#[derive(Clone, Debug)]
pub struct RouteSettings {
    pub name: String,
    pub profile: Arc<MessageProfile>,
    /// The gateway's address, where it is not the profile's own.
    pub url: Option<String>,
    pub credentials: BTreeMap<String, Secret>,
    /// How the gateway reaches our hook for receipts.
    pub receipts: Option<String>,
    /// What phones show as the sender instead of a message's header.
    pub sender: Option<String>,
    /// The headers that may be sent here; all where it is empty.
    pub headers: Vec<String>,
    /// Whether texts may go out here that no template registers.
    pub free_text: bool,
    pub allowed: Allowed,
    /// Whether characters that cost a segment and mean little are written otherwise.
    pub substitutes: bool,
    pub segments_per_second: NonZeroU32,
    /// Messages under way at once.
    pub at_once: usize,
    /// How long the gateway may take to answer.
    pub within: Duration,
}

/// A route with what is known of it between messages.
#[derive(Debug)]
pub struct Route {
    pub(super) settings: RouteSettings,
    pace: Mutex<Pace>,
    breaker: Mutex<Breaker>,
    places: Arc<Semaphore>,
}

/// What a route gives a message that goes out on it: a place among those under way, and its segments' share of the rate.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) segments: u16,
    _place: OwnedSemaphorePermit,
}

/// Which route a message takes.
#[derive(Debug)]
pub(super) enum Chosen<'r> {
    Route(&'r Route, Ticket),
    /// All that could carry it are busy or broken until `soonest`. By `until` those who wait with it have gone before.
    Wait {
        until: Timestamp,
        soonest: Timestamp,
    },
    /// None can carry it, now or later: why the last one could not.
    Never(&'static str),
}

/// How soon is looked again for a route whose places are all taken.
const PLACE_SOON: Duration = Duration::from_millis(200);

impl Route {
    pub fn new(settings: RouteSettings) -> Self {
        Self {
            pace: Mutex::new(Pace::new(settings.segments_per_second)),
            breaker: Mutex::new(Breaker::new(BREAKS_AFTER, MENDS_AFTER)),
            places: Arc::new(Semaphore::new(settings.at_once.clamp(1, Semaphore::MAX_PERMITS))),
            settings,
        }
    }

    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// The gateway, by its profile's name.
    pub fn gateway(&self) -> &str {
        &self.settings.profile.name
    }

    pub fn may_carry_free_text(&self) -> bool {
        self.settings.free_text
    }

    /// Why it cannot carry a message at all, in a word; else how many segments that takes.
    fn carries(&self, message: &OutMessage) -> Result<u16, &'static str> {
        let settings = &self.settings;
        if !settings.headers.is_empty() && !settings.headers.contains(&message.header) {
            return Err("no_header");
        }
        if message.template.is_none() && !settings.free_text {
            return Err("no_template");
        }
        let size = sms::size(&self.worded(message), settings.allowed).map_err(|_| "letters")?;
        Ok(size.segments)
    }

    /// The message's text as it goes out here.
    fn worded<'m>(&self, message: &'m OutMessage) -> std::borrow::Cow<'m, str> {
        // What is registered word for word is sent word for word.
        if self.settings.substitutes && message.template.is_none() {
            sms::fit(&message.text, self.settings.allowed)
        } else {
            std::borrow::Cow::Borrowed(&message.text)
        }
    }

    pub(super) fn write(&self, message: &OutMessage, id: &str) -> Result<OutRequest, WriteError> {
        let settings = &self.settings;
        let facts = RouteFacts {
            url: settings.url.as_deref(),
            credentials: &settings.credentials,
            receipts: settings.receipts.as_deref(),
            sender: settings.sender.as_deref(),
            national: settings.allowed.national,
        };
        let text = self.worded(message).into_owned();
        settings.profile.write(&facts, &OutMessage { text, ..message.clone() }, id)
    }

    /// A place, a share of the rate and a closed breaker; else when to ask again.
    fn take(&self, segments: u16, now: Timestamp) -> Result<Ticket, Timestamp> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| now.plus(PLACE_SOON))?;
        lock(&self.pace).take(now, segments)?;
        if !lock(&self.breaker).allows(now) {
            lock(&self.pace).give_back(segments);
            return Err(now.plus(MENDS_AFTER));
        }
        Ok(Ticket { segments, _place: place })
    }

    /// When a message that finds no room until then is to come again. Notices come one after the other, as the rate will take them: all at
    /// once they would be claimed and put back again and again. Who waits for a password stands in no line.
    fn comes_again(&self, message: &OutMessage, segments: u16, until: Timestamp) -> Timestamp {
        match message.priority {
            Priority::Notice => lock(&self.pace).in_line(until, segments),
            Priority::Otp | Priority::Receipt => until,
        }
    }

    /// The messages that could go out now, were each one segment.
    fn room(&self, now: Timestamp) -> u32 {
        let breaker = *lock(&self.breaker);
        if !breaker.is_closed() {
            // One may try; the others wait in the queue for what comes of it.
            return u32::from(breaker.would_allow(now) && self.places.available_permits() > 0);
        }
        let places = u32::try_from(self.places.available_permits()).unwrap_or(u32::MAX);
        places.min(lock(&self.pace).left(now))
    }

    /// The gateway answered; what it said is another matter. Gives the breaker's new state, where it has one.
    pub(super) fn answered(&self) -> Option<&'static str> {
        self.on_breaker(Breaker::succeeded)
    }

    pub(super) fn failed(&self, now: Timestamp) -> Option<&'static str> {
        self.on_breaker(|breaker| breaker.failed(now))
    }

    fn on_breaker(&self, act: impl FnOnce(&mut Breaker)) -> Option<&'static str> {
        let mut breaker = lock(&self.breaker);
        let before = breaker.name();
        act(&mut breaker);
        Some(breaker.name()).filter(|after| *after != before)
    }
}

/// All routes, the preferred ones first.
#[derive(Debug, Default)]
pub struct Routes(Vec<Route>);

impl Routes {
    pub fn new(settings: Vec<RouteSettings>) -> Self {
        Self(settings.into_iter().map(Route::new).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.0.iter()
    }

    /// Whether any route carries more than GSM 7-bit letters.
    pub fn carry_any_script(&self) -> bool {
        self.0.iter().any(|route| route.settings.allowed.ucs2 || route.settings.allowed.national)
    }

    /// Which one a message takes: the first that can carry it and has room, those behind `after` first (that one has just refused it).
    /// `only` names the route on which it must be, where it may have gone out there already.
    pub(super) fn choose(
        &self,
        message: &OutMessage,
        after: Option<&str>,
        only: Option<&str>,
        now: Timestamp,
    ) -> Chosen<'_> {
        let begin =
            after.and_then(|name| self.0.iter().position(|route| route.settings.name == name)).map_or(0, |at| at + 1);
        let (mut why, mut wait) = ("no_route", None::<(Timestamp, &Route, u16)>);
        for at in 0..self.0.len() {
            let route = &self.0[(begin + at) % self.0.len()];
            if only.is_some_and(|only| only != route.settings.name) {
                continue;
            }
            let segments = match route.carries(message) {
                Ok(segments) => segments,
                Err(reason) => {
                    why = reason;
                    continue;
                }
            };
            match route.take(segments, now) {
                Ok(ticket) => return Chosen::Route(route, ticket),
                Err(until) if wait.is_none_or(|(soonest, ..)| until < soonest) => wait = Some((until, route, segments)),
                Err(_) => {}
            }
        }
        // It stands in one line, that of the route that has room first.
        wait.map_or(Chosen::Never(why), |(soonest, route, segments)| Chosen::Wait {
            until: route.comes_again(message, segments, soonest),
            soonest,
        })
    }

    /// How many messages are worth being claimed now.
    pub(super) fn room(&self, now: Timestamp) -> u32 {
        self.0.iter().map(|route| route.room(now)).fold(0, u32::saturating_add)
    }
}
