//! Running a menu for something that happened: a keyword that was texted, a missed call. It asks nothing (`check` proves that), and what it has to
//! say goes out as messages.
//!
//! What happened is marked in the commit of what it caused, so that it causes it once, however often it is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::begin::profile_of;
use super::commit::Whose;
use super::ground::Ground;
use super::perform::{Beside, Move};
use super::record::Known;
use super::reply::Reply;
use super::{Bridge, TurnError};
use crate::engine::{self, DialPath, Facts, Session, SessionId};
use crate::menu::{LanguageId, MenuId, Program, SystemMessage, Value};
use crate::store::{Commit, CommitError, KeyedHash, Mark};
use crate::types::{Channel, Msisdn, Timestamp};

/// How long departments may take together: nobody holds a phone to the ear, but gateways wait for us to take what they told.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long what happened is remembered, where it does not say otherwise: longer than any gateway tells it again.
pub(super) const REMEMBERED_FOR: Duration = Duration::from_hours(72);

/// What happened, and what is to be run for it.
#[derive(Debug)]
pub(super) struct Happening<'a> {
    pub(super) gateway: &'a str,
    pub(super) caller: &'a Msisdn,
    pub(super) subscriber: KeyedHash,
    pub(super) menu: MenuId,
    /// In the order of what the menu takes.
    pub(super) given: Vec<Option<Value>>,
    pub(super) language: LanguageId,
    /// What makes it happen once.
    pub(super) marks: Vec<Mark>,
    /// Where what it has to say goes out in the reply to what told of it.
    pub(super) reply: Option<&'a Reply<'a>>,
    pub(super) arrived: Timestamp,
}

/// A happening under way, as the ground on which requests are performed.
#[derive(Debug)]
pub(super) struct Occasion<'a> {
    pub(super) happening: &'a Happening<'a>,
    pub(super) deadline: Timestamp,
    /// The mark is written: with the claim of a changing call, before that is made.
    pub(super) is_marked: AtomicBool,
}

impl Occasion<'_> {
    /// The marks, as long as they are not written.
    pub(super) fn unwritten(&self) -> Vec<Mark> {
        if self.is_marked.load(Ordering::Relaxed) { Vec::new() } else { self.happening.marks.clone() }
    }
}

impl Bridge {
    /// Runs the menu and queues what it sends. What happened before is told so in a word.
    pub(super) async fn run_for(
        &self,
        program: &Arc<Program>,
        happening: &Happening<'_>,
    ) -> Result<&'static str, TurnError> {
        let known = self.known(happening.subscriber).await?;
        let facts = Facts {
            id: SessionId(self.chance.draw()),
            caller: happening.caller.clone(),
            channel: Channel::Sms,
            entry: happening.menu,
            language: happening.language,
            profile: profile_of(program, &known),
            at: happening.arrived,
        };
        let mut session = Session::begin_with(program, facts, happening.given.clone());
        let occasion =
            Occasion { happening, deadline: happening.arrived.plus(PATIENCE), is_marked: AtomicBool::new(false) };
        let ground = Ground::Occasion(&occasion);
        let step = engine::step(
            program,
            &mut session,
            ground.now(happening.arrived),
            engine::Event::Begin(DialPath::default()),
        );
        let mut made = Move { program, session, step };
        let mut beside = Beside::default();
        match self.perform(&ground, &mut made, &mut beside).await {
            Ok(_) => {}
            Err(TurnError::Commit(CommitError::Seen(_))) => {
                if let Some(reply) = happening.reply {
                    self.reply_again(reply).await?;
                }
                return Ok("repeat");
            }
            Err(error) => return Err(error),
        }
        let mut messages = self.sent(program, &beside, happening.caller).await?;
        let later = made.session.told_later().map(|receipt| Some(Value::Text(receipt.to_owned())));
        let (outcome, said) = match later {
            Some(receipt) => ("later", Some((SystemMessage::LateReceipt, vec![receipt]))),
            None if messages.is_empty() => ("sorry", Some((SystemMessage::Sorry, Vec::new()))),
            None => ("sent", None),
        };
        if let Some((message, values)) = said {
            let language = made.session.language();
            let asking = Known::asking();
            messages.extend(self.own_message(program, message, &values, language, happening.caller, &asking)?);
        }
        let whose = Whose { gateway: happening.gateway, channel: Channel::Sms, at: happening.arrived };
        let changes_known = beside.changes_known();
        let sets = Beside { effects: beside.effects.clone(), ..Beside::default() };
        let mut commit = Commit {
            journeys: self.journeys(&whose, program, &made.session, &beside.effects),
            intents: beside.intents,
            messages,
            marks: occasion.unwritten(),
            ..Commit::default()
        };
        if !changes_known || known.is_unreadable {
            return self.answered(commit, outcome, happening.reply).await;
        }
        // Only now: nobody's call is to wait until departments have answered a text.
        let _subscriber_turn = self.waits.during(self.order.take(happening.subscriber)).await;
        // It asks nothing, so that all it can change is what its steps have set.
        let changed = |known| sets.set_in(known, program);
        let in_reply = self.put_in(&mut commit, happening.reply)?;
        let outcome = told_once(self.change_known(happening.subscriber, commit, changed).await, outcome)?;
        self.replied(happening.reply, in_reply, outcome).await
    }

    /// Commits what happens once: the word, or `repeat` where it has happened before.
    pub(super) async fn once(&self, commit: Commit, word: &'static str) -> Result<&'static str, TurnError> {
        told_once(self.store.commit(commit).await.map_err(TurnError::from), word)
    }

    /// Whether any of these is marked already: spares the work of what would be refused by its commit.
    pub(super) async fn has_happened(&self, marks: &[&Mark]) -> Result<bool, TurnError> {
        let keys = marks.iter().map(|mark| mark.key).collect();
        Ok(!self.store.marks(keys, self.clock.now()).await?.is_empty())
    }

    /// A mark of something that happened at this moment.
    pub(super) fn mark_once(&self, kind: &'static str, parts: &[&[u8]], now: Timestamp, lasts: Duration) -> Mark {
        let key = self.keyring.hash(kind, parts);
        Mark { key, at: now, until: now.plus(lasts), sealed: self.seal("mark", &key.0, &[]) }
    }
}

/// What has come of a commit of what happens once, in a word.
pub(super) fn told_once(done: Result<(), TurnError>, word: &'static str) -> Result<&'static str, TurnError> {
    match done {
        Ok(()) => Ok(word),
        Err(TurnError::Commit(CommitError::Seen(_))) => Ok("repeat"),
        Err(error) => Err(error),
    }
}
