//! One turn: from what a gateway read off a callback to the page that it is to send.

use std::time::Duration;

use super::leg::{Arrived, Manners, Verdict, judge};
use super::perform::{Beside, Move};
use super::record::{Leg, Page, Record, decode};
use super::{Bridge, TurnError};
use crate::channel::ussd::{self, KeyLabels, Pressed};
use crate::engine::{self, Event, Now, Screen, ScreenKind, Session};
use crate::gateway::{Profile, Turn};
use crate::menu::{Program, SystemText};
use crate::store::{Conversation, KeyedHash, Lookup};
use crate::types::{Limits, Timestamp};

/// Kept back from the gateway's budget for the commit and the way home.
const RESERVED_FOR_REPLY: Duration = Duration::from_millis(500);

/// A turn's page, and what came of it in one word for the meters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub page: Page,
    pub outcome: &'static str,
}

/// One callback on its way through the bridge.
#[derive(Debug)]
pub(super) struct Passage<'a> {
    pub(super) profile: &'a Profile,
    pub(super) turn: &'a Turn,
    pub(super) arrived: Timestamp,
    /// When requests must have been answered, so that the reply is in time.
    pub(super) deadline: Timestamp,
    pub(super) callback: KeyedHash,
    pub(super) leg: KeyedHash,
    pub(super) subscriber: KeyedHash,
    /// The turn of this subscriber that is being computed.
    pub(super) number: u64,
    /// Keyed hashes of legs that are to be remembered as passed.
    pub(super) passed: Vec<[u8; 16]>,
}

impl Passage<'_> {
    pub(super) fn now(&self, at: Timestamp) -> Now {
        Now { at, plain: self.profile.limits.units.is_none() }
    }
}

impl Bridge {
    /// Serves one turn. Whatever fails, there is a page: `outcome` says how it went.
    pub async fn turn(&self, profile: &Profile, turn: &Turn, callback: KeyedHash) -> Answered {
        let arrived = self.clock.now();
        match self.conduct(profile, turn, callback, arrived).await {
            Ok(answered) => answered,
            Err(TurnError::Commit(crate::store::CommitError::Busy)) => {
                let text = self.say(SystemText::Busy, turn.msisdn.as_ref(), profile);
                Answered { page: Page::last(text), outcome: "busy" }
            }
            Err(error) => {
                tracing::error!(gateway = %profile.name, %error, "A turn could not be served, the citizen was told so");
                let text = self.say(SystemText::Sorry, turn.msisdn.as_ref(), profile);
                Answered { page: Page::last(text), outcome: "failed" }
            }
        }
    }

    async fn conduct(
        &self,
        profile: &Profile,
        turn: &Turn,
        callback: KeyedHash,
        arrived: Timestamp,
    ) -> Result<Answered, TurnError> {
        let leg = self.leg(profile, &turn.leg);
        // The leg first, then the subscriber: always in this order, so that nobody waits in a circle.
        let _leg_turn = self.order.take(leg).await;
        let subscriber = match &turn.msisdn {
            Some(caller) => self.subscriber(caller),
            None => match self.store.conversation(Lookup::Leg(leg), arrived).await? {
                Some(conversation) => conversation.subscriber,
                None => return Ok(self.unknown_leg(profile, turn)),
            },
        };
        let _subscriber_turn = self.order.take(subscriber).await;
        let stored = self.store.conversation(Lookup::Subscriber(subscriber), arrived).await?;
        let kept = stored.as_ref().and_then(|conversation| self.open(conversation));
        self.serve(profile, turn, callback, arrived, leg, subscriber, stored.as_ref(), kept).await
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one callback, each from another place")]
    async fn serve(
        &self,
        profile: &Profile,
        turn: &Turn,
        callback: KeyedHash,
        arrived: Timestamp,
        leg: KeyedHash,
        subscriber: KeyedHash,
        stored: Option<&Conversation>,
        kept: Option<Record>,
    ) -> Result<Answered, TurnError> {
        let same_leg = stored.is_some_and(|conversation| conversation.leg == leg);
        let known = kept.as_ref().filter(|_| same_leg).map(|record| &record.leg);
        if !same_leg && kept.as_ref().is_some_and(|record| record.has_passed(leg)) {
            return Ok(self.unknown_leg(profile, turn));
        }
        let passed = match (stored, &kept) {
            (Some(conversation), Some(record)) if !same_leg => record.passed_with(conversation.leg),
            (_, Some(record)) => record.passed.clone(),
            _ => Vec::new(),
        };
        let passage = Passage {
            profile,
            turn,
            arrived,
            deadline: arrived.plus(profile.budget.saturating_sub(RESERVED_FOR_REPLY)),
            callback,
            leg,
            subscriber,
            number: stored.map_or(1, |conversation| conversation.turn + 1),
            passed,
        };
        let facts =
            Arrived { at: arrived, callback: callback.0, number: turn.number, begins: turn.begins, input: &turn.input };
        let manners =
            Manners { repeat_within: profile.repeat_within, lasts: profile.lasts, has_ids: profile.has_ids() };
        match judge(&facts, known, manners, |history| self.history(history).0) {
            Verdict::First => self.begin(&passage, stored, kept.as_ref()).await,
            Verdict::Next(answer) => match kept {
                Some(record) => self.answer(&passage, &record, &answer).await,
                None => Ok(self.unknown_leg(profile, turn)),
            },
            Verdict::Repeat => Ok(known.map_or_else(|| self.unknown_leg(profile, turn), repeated)),
            Verdict::Passed => Ok(match &kept {
                Some(record) => self.present(&passage, record),
                None => self.unknown_leg(profile, turn),
            }),
            Verdict::Unknown => Ok(self.unknown_leg(profile, turn)),
        }
    }

    async fn answer(&self, passage: &Passage<'_>, record: &Record, answer: &str) -> Result<Answered, TurnError> {
        let session = record.session().map_err(|error| TurnError::Record(error.to_string()))?;
        let Some(program) = self.programs.version(session.program()) else {
            // The program that it began with is no longer served: it starts again rather than ending in an error.
            return self.begin(passage, None, None).await;
        };
        let mut session = session;
        let now = passage.now(passage.arrived);
        let screen = engine::present(&program, &session, now);
        let labels = KeyLabels::of(&program, screen.language);
        let layout = ussd::lay_out(&screen, passage.profile.limits, &labels);
        let step = match ussd::read(answer, &screen, &layout, session.page(), &labels) {
            Pressed::Page(page) => {
                session.turn_to(page);
                return self.reply(passage, &program, session, &screen, Beside::default(), "page").await;
            }
            Pressed::Answer(_) if session.has_ended() => return Ok(self.unknown_leg(passage.profile, passage.turn)),
            Pressed::Answer(reading) => engine::step(&program, &mut session, now, Event::Answer(reading)),
        };
        self.go_on(passage, Move { program: &program, session, step }).await
    }

    /// The present screen of a leg, without a step: for a callback whose turn has passed.
    fn present(&self, passage: &Passage<'_>, record: &Record) -> Answered {
        if record.leg.over {
            return repeated(&record.leg);
        }
        let shown = record.session().ok().and_then(|session| {
            let program = self.programs.version(session.program())?;
            let screen = engine::present(&program, &session, passage.now(passage.arrived));
            Some(page_of(&program, &session, &screen, passage.profile.limits))
        });
        match shown {
            Some(page) => Answered { page, outcome: "passed" },
            None => Answered { page: record.leg.reply.clone(), outcome: "passed" },
        }
    }

    /// The dialogue ended, timed out or was never known: says so, and to dial again.
    fn unknown_leg(&self, profile: &Profile, turn: &Turn) -> Answered {
        let text = self.say(SystemText::Expired, turn.msisdn.as_ref(), profile);
        Answered { page: Page::last(text), outcome: "unknown_leg" }
    }

    /// A gateway says that a dialogue is over. The session stays, so that redialling can go on with it.
    pub async fn ended(&self, profile: &Profile, leg: &str, why: &'static str) {
        let leg = self.leg(profile, leg);
        let _leg_turn = self.order.take(leg).await;
        let outcome = match self.close_leg(leg).await {
            Ok(true) => why,
            Ok(false) => "unknown_leg",
            Err(error) => {
                tracing::warn!(gateway = %profile.name, %error, "The end of a dialogue could not be recorded");
                "failed"
            }
        };
        self.meters.turn(&profile.name, "ussd", outcome, Duration::ZERO);
    }

    async fn close_leg(&self, leg: KeyedHash) -> Result<bool, TurnError> {
        let now = self.clock.now();
        let Some(found) = self.store.conversation(Lookup::Leg(leg), now).await? else { return Ok(false) };
        let _subscriber_turn = self.order.take(found.subscriber).await;
        let Some(conversation) = self.store.conversation(Lookup::Subscriber(found.subscriber), now).await? else {
            return Ok(false);
        };
        let Some(mut record) = self.open(&conversation).filter(|_| conversation.leg == leg) else { return Ok(false) };
        if record.leg.over {
            return Ok(true);
        }
        record.leg.over = true;
        self.write_record(Conversation { turn: conversation.turn + 1, ..conversation }, &record, None).await?;
        Ok(true)
    }

    /// Whether a dialogue is known and not over.
    pub async fn is_alive(&self, profile: &Profile, leg: &str) -> bool {
        let now = self.clock.now();
        let found = self.store.conversation(Lookup::Leg(self.leg(profile, leg)), now).await;
        let record = found.ok().flatten().and_then(|conversation| self.open(&conversation));
        record.is_some_and(|record| !record.leg.over && now.since(record.leg.replied_at) <= profile.lasts)
    }

    pub(super) fn history(&self, history: &str) -> KeyedHash {
        self.keyring.hash("history", &[history.as_bytes()])
    }

    /// Opens a sealed record. One that cannot be opened is logged and left where it is until the next turn replaces it.
    pub(super) fn open(&self, conversation: &Conversation) -> Option<Record> {
        let opened = self.keyring.open(&conversation.subscriber.0, &conversation.sealed);
        let record = opened
            .map_err(|error| error.to_string())
            .and_then(|plain| decode::<Record>(&plain).map_err(|error| error.to_string()));
        record
            .inspect_err(|error| tracing::error!(%error, "A conversation's record cannot be read, it begins anew"))
            .ok()
    }
}

fn repeated(leg: &Leg) -> Answered {
    Answered { page: leg.reply.clone(), outcome: "repeat" }
}

/// The page of a screen on which the session's reader is.
pub(super) fn page_of(program: &Program, session: &Session, screen: &Screen, limits: Limits) -> Page {
    let mut pages = ussd::lay_out(screen, limits, &KeyLabels::of(program, screen.language)).pages;
    let at = usize::from(session.page()).min(pages.len().saturating_sub(1));
    let is_last = at + 1 >= pages.len();
    let text = if at < pages.len() { pages.swap_remove(at) } else { String::new() };
    Page { text, more: !(is_last && screen.kind == ScreenKind::End) }
}
