//! Making a turn durable, and only then its reply.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::perform::Beside;
use super::record::{Known, Leg, Page, Record};
use super::turn::{Answered, Passage, page_of};
use super::{Bridge, TurnError};
use crate::engine::{AnswerClass, Effect, Journey, Session};
use crate::gateway::Input;
use crate::menu::{Position, Program};
use crate::store::{Commit, Conversation, JourneyRecord, KeyedHash, MessageChange, SubscriberRecord, TurnRecord};
use crate::types::{Channel, Msisdn, Timestamp};

/// How long a conversation is kept after its last turn: as long as a `save` screen lets it resume, and long after any
/// gateway has stopped repeating its callbacks.
const KEPT: std::time::Duration = std::time::Duration::from_hours(24);

/// Where a journey was made, and when.
#[derive(Debug)]
pub(super) struct Whose<'a> {
    pub(super) gateway: &'a str,
    pub(super) channel: Channel,
    pub(super) at: Timestamp,
}

impl Bridge {
    /// Commits the turn and gives its page. Who lost a race is told so: see `rivals`.
    pub(super) async fn reply(
        &self,
        passage: &Passage<'_>,
        program: &Program,
        session: &Session,
        beside: &Beside,
        outcome: &'static str,
    ) -> Result<Answered, TurnError> {
        let page = page_of(passage, program, session);
        let record = Record::new(session, self.leg_after(passage, page), passage.passed());
        let conversation = Conversation {
            subscriber: passage.subscriber,
            leg: passage.leg,
            turn: passage.number(),
            at: passage.arrived,
            expires: passage.arrived.plus(KEPT),
            sealed: self.sealed(passage.subscriber, &record)?,
        };
        let history = record.leg.history.map(|(length, hash)| (length, KeyedHash(hash)));
        let known = self.known_after(passage.subscriber, program, beside).await?;
        let mut messages = self.sent(program, beside, session.caller()).await?;
        let mut marks = Vec::new();
        if let Some(by_message) = passage.by_message {
            messages.push(self.page_by_message(by_message, record.leg.reply.text.clone())?);
            marks.clone_from(&by_message.marks);
        }
        let whose = Whose { gateway: &passage.profile.name, channel: passage.channel(), at: passage.arrived };
        let commit = Commit {
            turn: Some(TurnRecord { conversation, history }),
            subscriber: known.map(|known| self.seal_known(passage.subscriber, &known)).transpose()?,
            journeys: self.journeys(&whose, program, session, &beside.effects),
            intents: beside.intents.clone(),
            messages,
            marks,
        };
        self.store.commit(commit).await?;
        if let Some(by_message) = passage.by_message {
            by_message.is_queued.store(true, Ordering::Relaxed);
        }
        let language = &program.language(session.language()).code;
        self.languages.remember(passage.subscriber, language);
        if passage.turn.msisdn.is_none() {
            self.languages.remember(passage.leg, language);
        }
        Ok(Answered { page: record.leg.reply, outcome })
    }

    fn leg_after(&self, passage: &Passage<'_>, page: Page) -> Leg {
        let history = match &passage.turn.input {
            Input::History(history) => {
                Some((u32::try_from(history.len()).unwrap_or(u32::MAX), self.history(history).0))
            }
            Input::Last(_) | Input::Dialled(_) => None,
        };
        Leg {
            gateway: passage.profile.name.clone(),
            number: passage.turn.number,
            history,
            callback: passage.callback.0,
            replied_at: self.clock.now(),
            over: !page.more,
            reply: page,
        }
    }

    pub(super) fn sealed(&self, subscriber: KeyedHash, record: &Record) -> Result<Vec<u8>, TurnError> {
        let plain = record.encode()?;
        Ok(self.seal("conversation", &subscriber.0, &plain))
    }

    /// What is kept about the number after this turn, when the turn changed it. It is read after the turn that is gone on
    /// from, and written with the next: whoever changed it in between has written that turn, and this one is lost and
    /// conducted again. So no change is written over, on whichever node it was made.
    pub(super) async fn known_after(
        &self,
        subscriber: KeyedHash,
        program: &Program,
        beside: &Beside,
    ) -> Result<Option<Known>, TurnError> {
        if !beside.changes_known() {
            return Ok(None);
        }
        let known = match &beside.known {
            Some(known) => known.clone(),
            None => self.known(subscriber).await?,
        };
        Ok(Some(beside.set_in(known, program)).filter(|known| !known.is_unreadable))
    }

    /// What a turn sends: what its requests have queued, and what its steps ask for.
    pub(super) async fn sent(
        &self,
        program: &Program,
        beside: &Beside,
        caller: &Msisdn,
    ) -> Result<Vec<MessageChange>, TurnError> {
        let mut messages = beside.messages.clone();
        for effect in &beside.effects {
            messages.extend(self.asked_for(program, effect, caller).await?);
        }
        Ok(messages)
    }

    pub(super) fn seal_known(&self, subscriber: KeyedHash, known: &Known) -> Result<SubscriberRecord, TurnError> {
        if known.is_unreadable {
            return Err(TurnError::Record(
                "what is kept of the number cannot be read, and is not written over".to_owned(),
            ));
        }
        let plain = known.encode()?;
        let sealed = self.seal("subscriber", &subscriber.0, &plain);
        Ok(SubscriberRecord { subscriber, at: self.clock.now(), sealed })
    }

    pub(super) fn journeys(
        &self,
        whose: &Whose<'_>,
        program: &Program,
        session: &Session,
        effects: &[Effect],
    ) -> Vec<JourneyRecord> {
        let named = self.keyring.hash("session", &[&session.id().0.to_le_bytes()]);
        let record = |journey: &Journey| JourneyRecord {
            at: whose.at,
            session: named,
            gateway: whose.gateway.into(),
            channel: whose.channel.name(),
            program: program.version,
            from: journey.from.map(|at| path(program, at)),
            answer: answer_name(&journey.answer),
            to: journey.to.map(|at| path(program, at)),
        };
        let recorded = effects.iter().filter_map(|effect| match effect {
            Effect::Record(journey) => Some(record(journey)),
            Effect::SetLanguage(_) | Effect::SetProfile(..) | Effect::Send { .. } => None,
        });
        recorded.collect()
    }
}

impl Beside {
    /// Whether something is to be kept about the number.
    pub(super) fn changes_known(&self) -> bool {
        let sets = |effect: &Effect| matches!(effect, Effect::SetLanguage(_) | Effect::SetProfile(..));
        self.known.is_some() || self.effects.iter().any(sets)
    }

    /// What is kept, with what the steps have set in it.
    pub(super) fn set_in(&self, mut known: Known, program: &Program) -> Known {
        for effect in &self.effects {
            match effect {
                Effect::SetLanguage(language) => known.language = Some(program.language(*language).code.clone()),
                Effect::SetProfile(field, value) => {
                    let Some(field) = program.profile.get(field.index()) else { continue };
                    known.profile.retain(|(name, _)| *name != field.name);
                    known.profile.extend(value.clone().map(|value| (field.name.clone(), value)));
                }
                Effect::Record(_) | Effect::Send { .. } => {}
            }
        }
        known
    }
}

/// `menu/screen`
fn path(program: &Program, at: Position) -> Arc<str> {
    let named = || format!("{}/{}", program.menu(at.menu).name, program.screen(at).name).into();
    program.lookups.path(at).cloned().unwrap_or_else(named)
}

/// The class of an answer in one word, with an option's number.
fn answer_name(answer: &AnswerClass) -> Cow<'static, str> {
    let word = match answer {
        AnswerClass::Option(number) => return format!("option {number}").into(),
        AnswerClass::Called(outcome) => return format!("called {outcome}").into(),
        AnswerClass::Otp(outcome) => return format!("otp {outcome}").into(),
        AnswerClass::Begin => "begin",
        AnswerClass::DialPath => "dial path",
        AnswerClass::Redial => "redial",
        AnswerClass::Row => "row",
        AnswerClass::Value => "value",
        AnswerClass::GoOn => "go on",
        AnswerClass::Find => "find",
        AnswerClass::Unexpected => "unexpected",
        AnswerClass::Back => "back",
        AnswerClass::Home => "home",
    };
    word.into()
}
