//! One turn: from what a gateway read off a callback to the page that it is to send.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::begin::may_open;
use super::leg::{Arrived, Manners, Verdict, judge};
use super::perform::{Beside, Move};
use super::record::{Leg, Page, Record};
use super::rivals::ATTEMPTS;
use super::walk::ByMessage;
use super::{Bridge, TurnError};
use crate::channel::ussd::{self, Pressed};
use crate::engine::{self, Event, Now, ScreenKind, Session};
use crate::gateway::{Profile, Turn};
use crate::menu::{Program, SystemText};
use crate::store::{Commit, CommitError, Conversation, KeyedHash, Lookup};
use crate::types::{Channel, Timestamp};

/// A turn's page, and what came of it in one word for the meters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub page: Page,
    pub outcome: &'static str,
}

/// What a callback brought.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brought<'a> {
    pub(super) profile: &'a Profile,
    pub(super) turn: &'a Turn,
    /// Of its bytes.
    pub(super) callback: KeyedHash,
    pub(super) arrived: Timestamp,
    pub(super) by_message: Option<&'a ByMessage<'a>>,
}

/// One callback on its way through the bridge, with what is kept of its subscriber.
#[derive(Debug)]
pub(super) struct Passage<'a> {
    pub(super) profile: &'a Profile,
    pub(super) turn: &'a Turn,
    /// What new sessions begin on, one and the same for the whole turn.
    pub(super) present: Arc<Program>,
    pub(super) arrived: Timestamp,
    /// When requests must have been answered, so that the reply is in time.
    pub(super) deadline: Timestamp,
    pub(super) callback: KeyedHash,
    pub(super) leg: KeyedHash,
    pub(super) subscriber: KeyedHash,
    pub(super) stored: Option<Conversation>,
    /// What `stored` holds, where it can be read.
    pub(super) kept: Option<Record>,
    /// Turns that were written since: claims of changing calls.
    pub(super) claims: AtomicU64,
    /// Where the dialogue is had by messages.
    pub(super) by_message: Option<&'a ByMessage<'a>>,
}

impl Passage<'_> {
    pub(super) fn now(&self, at: Timestamp) -> Now {
        Now { at, plain: self.profile.limits.units.is_none() }
    }

    /// The number of the turn of this subscriber that is being computed.
    pub(super) fn number(&self) -> u64 {
        let stored = self.stored.as_ref().map_or(0, |conversation| conversation.turn);
        stored + self.claims.load(Ordering::Relaxed) + 1
    }

    pub(super) fn channel(&self) -> Channel {
        if self.by_message.is_some() { Channel::Sms } else { Channel::Ussd }
    }

    /// Whether the subscriber's last turn was on this very leg.
    fn is_same_leg(&self) -> bool {
        self.stored.as_ref().is_some_and(|conversation| conversation.leg == self.leg)
    }

    /// The legs to remember as passed once this turn is written.
    pub(super) fn passed(&self) -> Vec<[u8; 16]> {
        match (&self.stored, &self.kept) {
            (Some(conversation), Some(record)) if !self.is_same_leg() => record.passed_with(conversation.leg),
            (_, Some(record)) => record.passed.clone(),
            _ => Vec::new(),
        }
    }
}

/// How a dialogue is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opens {
    /// By its first callback: what was dialled leads the way.
    Dialled,
    /// In its midst, because what was known of it cannot be gone on with. What the callback holds was an answer to something
    /// else, and is an answer to nothing here.
    InItsMidst,
}

impl Bridge {
    /// Serves one turn that arrived at `arrived`. Whatever fails, there is a page: `outcome` says how it went.
    pub async fn turn(&self, profile: &Profile, turn: &Turn, callback: KeyedHash, arrived: Timestamp) -> Answered {
        let present = self.program();
        let say = |text| Page::last(self.say_of(&present, text, Some(turn), profile));
        let brought = Brought { profile, turn, callback, arrived, by_message: None };
        match self.conduct(Arc::clone(&present), &brought).await {
            Ok(answered) => {
                self.reading.worked();
                answered
            }
            Err(TurnError::Commit(CommitError::Busy)) => Answered { page: say(SystemText::Busy), outcome: "busy" },
            Err(error) => {
                self.report(profile, &error);
                Answered { page: say(SystemText::Sorry), outcome: "failed" }
            }
        }
    }

    /// Why a turn failed. What fails for everybody is said by the store where it is writing, and here, now and then, where it
    /// is reading.
    fn report(&self, profile: &Profile, error: &TurnError) {
        let said = match error {
            TurnError::Commit(CommitError::Store(_)) => false,
            TurnError::Store(_) => self.reading.failed().is_some(),
            _ => true,
        };
        if said {
            tracing::error!(gateway = %profile.name, %error, "A turn could not be served, the citizen was told so");
        } else {
            tracing::debug!(gateway = %profile.name, %error, "A turn could not be served, the citizen was told so");
        }
    }

    pub(super) async fn conduct(&self, present: Arc<Program>, brought: &Brought<'_>) -> Result<Answered, TurnError> {
        let Brought { profile, turn, callback, arrived, by_message } = *brought;
        let leg = self.leg(profile, &turn.leg);
        // The leg first, then the subscriber: always in this order, so that nobody waits in a circle.
        let _leg_turn = self.waits.during(self.order.take(leg)).await;
        let by_number = turn.msisdn.as_ref().map(|caller| self.subscriber(caller));
        let by_leg = match by_number {
            Some(_) => None,
            None => self.store.conversation(Lookup::Leg(leg), arrived).await?.map(|known| known.subscriber),
        };
        let Some(subscriber) = by_number.or(by_leg) else {
            let text = self.say_of(&present, SystemText::Expired, Some(turn), profile);
            return Ok(Answered { page: Page::last(text), outcome: "unknown_leg" });
        };
        let _subscriber_turn = self.waits.during(self.order.take(subscriber)).await;
        let mut stored = self.store.conversation(Lookup::Subscriber(subscriber), arrived).await?;
        let deadline = arrived.plus(profile.for_departments());
        let mut attempts = ATTEMPTS;
        loop {
            attempts -= 1;
            let (last, kept) = self.between_calls(stored, arrived, deadline).await?;
            let claims = AtomicU64::new(0);
            let present = Arc::clone(&present);
            let passage = Passage {
                profile,
                turn,
                present,
                arrived,
                deadline,
                callback,
                leg,
                subscriber,
                stored: last,
                kept,
                claims,
                by_message,
            };
            let winner = match self.serve(&passage).await {
                Err(TurnError::Commit(CommitError::Lost(winner))) => winner,
                done => return done,
            };
            if let Some(answered) = self.lost(&passage, &winner, attempts == 0) {
                self.is_kept().await?;
                return Ok(answered);
            }
            stored = Some(*winner);
        }
    }

    async fn serve(&self, passage: &Passage<'_>) -> Result<Answered, TurnError> {
        let Passage { profile, turn, kept, .. } = passage;
        if passage.is_same_leg() && kept.is_none() {
            // The record cannot be read; the dialogue goes on, from its beginning.
            return self.begin(passage, Opens::InItsMidst).await;
        }
        let has_passed = !passage.is_same_leg() && kept.as_ref().is_some_and(|record| record.has_passed(passage.leg));
        if has_passed && !(profile.ids_come_back() && may_open(passage)) {
            return self.ending(passage, SystemText::Expired, "unknown_leg").await;
        }
        let facts = Arrived {
            at: passage.arrived,
            callback: passage.callback.0,
            number: turn.number,
            begins: turn.begins,
            input: &turn.input,
        };
        let manners = Manners {
            repeat_within: profile.repeat_within,
            // Who dials again where only the number names dialogues looks just like who answers, once the network has given up.
            lasts: if profile.has_ids() { profile.lasts } else { profile.idle },
            same_history: profile.same_history,
            has_ids: profile.has_ids(),
        };
        let known = kept.as_ref().filter(|_| passage.is_same_leg());
        let verdict = judge(&facts, known.map(|record| &record.leg), manners, |history| self.history(history).0);
        match (verdict, known) {
            (Verdict::First, _) => self.begin(passage, Opens::Dialled).await,
            (Verdict::Next(answer), Some(record)) => self.answer(passage, record, &answer).await,
            (Verdict::Repeat, Some(record)) => {
                self.is_kept().await?;
                Ok(repeated(&record.leg))
            }
            (Verdict::Passed, Some(record)) => {
                self.is_kept().await?;
                self.present(passage, record).await
            }
            (Verdict::Unknown, _) | (_, None) => self.ending(passage, SystemText::Expired, "unknown_leg").await,
        }
    }

    /// Before a reply that rests on another turn and writes none: that turn is durable, whichever node wrote it, and whether or
    /// not that one was told so.
    async fn is_kept(&self) -> Result<(), TurnError> {
        Ok(self.store.commit(Commit::default()).await?)
    }

    async fn answer(&self, passage: &Passage<'_>, record: &Record, answer: &str) -> Result<Answered, TurnError> {
        let Some((program, mut session)) = self.session(passage, record).await? else {
            return self.begin(passage, Opens::InItsMidst).await;
        };
        let now = passage.now(passage.arrived);
        let shown = engine::present(&program, &session, now);
        let step = match ussd::pressed(answer, &shown, passage.profile.limits, session.page()) {
            Pressed::Page(page) => {
                session.turn_to(page);
                return self.reply(passage, &program, &session, &Beside::default(), "page").await;
            }
            Pressed::Answer(_) if session.has_ended() => {
                return self.ending(passage, SystemText::Expired, "unknown_leg").await;
            }
            Pressed::Answer(reading) => engine::step(&program, &mut session, now, Event::Answer(reading)),
        };
        self.go_on(passage, &mut Move { program: &program, session, step }).await
    }

    /// The present screen of a leg, without a step: for a callback whose turn has passed.
    async fn present(&self, passage: &Passage<'_>, record: &Record) -> Result<Answered, TurnError> {
        let session = self.session(passage, record).await?;
        let shown = session.filter(|_| !record.leg.over).map(|(program, session)| page_of(passage, &program, &session));
        Ok(Answered { page: shown.unwrap_or_else(|| record.leg.reply.clone()), outcome: "passed" })
    }

    /// A record's session with the program it began with; `None` where that cannot be had any more, or the session cannot be
    /// read.
    pub(super) async fn session(
        &self,
        passage: &Passage<'_>,
        record: &Record,
    ) -> Result<Option<(Arc<Program>, Session)>, TurnError> {
        let session = match record.session() {
            Ok(session) => session,
            Err(error) => {
                tracing::error!(gateway = %passage.profile.name, %error, "A session cannot be read, it begins anew");
                return Ok(None);
            }
        };
        if session.program() == passage.present.version {
            return Ok(Some((Arc::clone(&passage.present), session)));
        }
        let program = self.programs.find(session.program(), &*self.store).await?;
        Ok(program.map(|program| (program, session)))
    }

    pub(super) fn history(&self, history: &str) -> KeyedHash {
        self.keyring.hash("history", &[history.as_bytes()])
    }

    /// Opens a sealed record. One that cannot be opened is logged and left where it is until the next turn replaces it.
    pub(super) fn open(&self, conversation: &Conversation) -> Option<Record> {
        let opened = self.unseal("conversation", &conversation.subscriber.0, &conversation.sealed);
        let record = opened.and_then(|plain| Record::decode(&plain).map_err(|error| error.to_string()));
        record
            .inspect_err(|error| tracing::error!(%error, "A conversation's record cannot be read, it begins anew"))
            .ok()
    }
}

fn repeated(leg: &Leg) -> Answered {
    Answered { page: leg.reply.clone(), outcome: "repeat" }
}

/// The page on which the session's reader is.
pub(super) fn page_of(passage: &Passage<'_>, program: &Program, session: &Session) -> Page {
    let screen = engine::present(program, session, passage.now(passage.arrived));
    let (text, place) = ussd::page(&screen, passage.profile.limits, session.page());
    Page { text, more: !(place.is_last && screen.head.kind == ScreenKind::End) }
}
