//! The first turn of a leg: where the code that was dialled leads, whether a dropped session is offered again, and in
//! which language the caller is met.

use std::sync::Arc;
use std::time::Duration;

use super::ends::PATIENCE;
use super::perform::{Beside, Move};
use super::record::{Known, Page, Record};
use super::rivals::ATTEMPTS;
use super::turn::{Answered, Opens, Passage};
use super::{Bridge, TurnError, said};
use crate::engine::{self, DialPath, Event, Facts, Resume, Session, SessionId};
use crate::gateway::{FirstInput, Input, Profile, Turn};
use crate::menu::{Entry, LanguageId, ProfileField, Program, SystemText, Value};
use crate::phone::DialString;
use crate::store::{Commit, CommitError, Conversation, KeyedHash, Lookup, TurnRecord};
use crate::types::{Later, Msisdn};

/// How long after a call that dropped between the pages of an end the rest of it can still be read.
const END_CAN_BE_READ_FOR: Duration = Duration::from_mins(10);

/// Why a language could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum PreferError {
    #[error("the menus have no language `{0}`")]
    Unknown(String),
    #[error(transparent)]
    Turn(#[from] TurnError),
}

impl Bridge {
    /// In a box: most turns begin nothing, and all would carry its room.
    pub(super) fn begin<'a>(
        &'a self,
        passage: &'a Passage<'_>,
        opens: Opens,
    ) -> Later<'a, Result<Answered, TurnError>> {
        Box::pin(self.open_dialogue(passage, opens))
    }

    async fn open_dialogue(&self, passage: &Passage<'_>, opens: Opens) -> Result<Answered, TurnError> {
        let program = Arc::clone(&passage.present);
        let Some(caller) = passage.turn.msisdn.clone() else {
            return self.ending(passage, SystemText::Expired, "unknown_leg").await;
        };
        let (entry, path) = match dialled(passage, opens) {
            Dialled::Leads(entry, path) => (entry, path),
            Dialled::Nowhere => return self.ending(passage, SystemText::UnknownCode, "unknown_code").await,
            Dialled::Answer => return self.ending(passage, SystemText::Expired, "unknown_leg").await,
        };
        if path.0.is_empty()
            && opens == Opens::Dialled
            && let Some(answered) = self.go_on_with_dropped(passage, &program.menu(entry.menu).name).await?
        {
            return Ok(answered);
        }
        let known = self.known(passage.subscriber).await?;
        let mut session = Session::begin(
            &program,
            Facts {
                id: SessionId(self.chance.draw()),
                caller,
                channel: passage.channel(),
                entry: entry.menu,
                language: language_of(&program, &known, Some(entry), passage.turn.circle.as_deref()),
                profile: profile_of(&program, &known),
                at: passage.arrived,
            },
        );
        let step = engine::step(&program, &mut session, passage.now(passage.arrived), Event::Begin(path));
        self.go_on(passage, &mut Move { program: &program, session, step }).await
    }

    /// Whether a callback opens a dialogue, as far as it tells by itself.
    pub fn opens(&self, profile: &Profile, turn: &Turn) -> bool {
        let is_empty = turn.begins.is_none() && matches!(&turn.input, Input::Last(text) if text.is_empty());
        (is_empty && profile.first == FirstInput::Empty) || looks_first(&self.program(), turn)
    }

    /// A session that was dropped: asks whether to go on with it, or shows the end in whose midst it was dropped, if that
    /// is for whoever holds the phone. `None` where there is none, or where another menu was dialled; menus are compared by
    /// name, since the session may be of another program.
    async fn go_on_with_dropped(&self, passage: &Passage<'_>, entry: &str) -> Result<Option<Answered>, TurnError> {
        let (Some(stored), Some(record)) = (&passage.stored, &passage.kept) else { return Ok(None) };
        let Some((program, mut session)) = self.session(passage, record).await? else { return Ok(None) };
        if program.menus.get(session.entry().index()).is_none_or(|menu| menu.name != entry) {
            return Ok(None);
        }
        let now = passage.now(passage.arrived);
        let is_fresh = passage.arrived.since(stored.at) <= END_CAN_BE_READ_FOR;
        if engine::ends_for_anybody(&program, &session) && record.leg.reply.more && is_fresh {
            return self.reply(passage, &program, &session, &Beside::default(), "page").await.map(Some);
        }
        match engine::resumable(&program, &session, stored.at, passage.arrived) {
            Resume::No => Ok(None),
            Resume::Here | Resume::AtSave => {
                let step = engine::step(&program, &mut session, now, Event::Redial);
                self.go_on(passage, &mut Move { program: &program, session, step }).await.map(Some)
            }
        }
    }

    /// A page of the bridge's own that ends the dialogue without a turn being written, in the caller's language.
    pub(super) async fn ending(
        &self,
        passage: &Passage<'_>,
        text: SystemText,
        outcome: &'static str,
    ) -> Result<Answered, TurnError> {
        let language = if let Some(remembered) = self.remembered_language(&passage.present, passage.subscriber) {
            remembered
        } else {
            let known = self.known(passage.subscriber).await?;
            language_of(&passage.present, &known, None, passage.turn.circle.as_deref())
        };
        Ok(Answered { page: Page::last(said(&passage.present, text, language, passage.profile)), outcome })
    }

    /// Keeps a language as if this caller had chosen it: for dialogues and tools. A code that the program does not have is
    /// refused.
    ///
    /// It counts as a turn that changes nothing else, so that a turn under way elsewhere does not write over it. A caller
    /// without a conversation has no turn to compare with, nor a dialogue in which a language could be chosen meanwhile.
    pub async fn prefer(&self, caller: &Msisdn, code: &str) -> Result<(), PreferError> {
        let program = self.program();
        let language = program.language_by_code(code).ok_or_else(|| PreferError::Unknown(code.to_owned()))?;
        let subscriber = self.subscriber(caller);
        let _subscriber_turn = self.order.take(subscriber).await;
        let language = Some(program.language(language).code.clone());
        let prefers = |known: Known| Known { language: language.clone(), ..known };
        Ok(self.change_known(subscriber, Commit::default(), prefers).await?)
    }

    /// Commits a change of what is kept about a number, that is no turn of its own, with what belongs to it. As `known_after` says, it
    /// is read after the turn that is gone on from: whoever changed it in between has written that turn, and then this is done once more.
    pub(super) async fn change_known(
        &self,
        subscriber: KeyedHash,
        beside: Commit,
        changed: impl Fn(Known) -> Known,
    ) -> Result<(), TurnError> {
        let mut attempts = ATTEMPTS;
        loop {
            attempts -= 1;
            let turn = self.same_turn(subscriber).await?;
            let known = changed(self.known(subscriber).await?);
            let record = self.seal_known(subscriber, &known)?;
            match self.store.commit(Commit { turn, subscriber: Some(record), ..beside.clone() }).await {
                Err(CommitError::Lost(_)) if attempts > 0 => {}
                done => return Ok(done?),
            }
        }
    }

    /// The subscriber's last turn once more, under the next number: what is written with it is not written over by a turn that
    /// is under way elsewhere. `None` where there is none to compare with.
    async fn same_turn(&self, subscriber: KeyedHash) -> Result<Option<TurnRecord>, TurnError> {
        let now = self.clock.now();
        let last = self.store.conversation(Lookup::Subscriber(subscriber), now).await?;
        let (last, kept) = self.between_calls(last, now, now.plus(PATIENCE)).await?;
        self.once_more(subscriber, last, kept)
    }

    fn once_more(
        &self,
        subscriber: KeyedHash,
        last: Option<Conversation>,
        kept: Option<Record>,
    ) -> Result<Option<TurnRecord>, TurnError> {
        let turn = match (last, kept) {
            (Some(last), Some(kept)) => {
                let sealed = self.sealed(subscriber, &kept.marked(None))?;
                Some(Conversation { turn: last.turn + 1, sealed, ..last })
            }
            (last, _) => last.map(|last| Conversation { turn: last.turn + 1, ..last }),
        };
        Ok(turn.map(|conversation| TurnRecord { conversation, history: None }))
    }

    /// What is kept about a number. A record that cannot be read is logged; the citizen is met as a stranger, of whom nothing new is kept.
    pub(super) async fn known(&self, subscriber: KeyedHash) -> Result<Known, TurnError> {
        let Some(record) = self.store.subscriber(subscriber).await? else { return Ok(Known::default()) };
        let opened = self.unseal("subscriber", &subscriber.0, &record.sealed);
        let known = opened.and_then(|plain| Known::decode(&plain).map_err(|error| error.to_string()));
        Ok(known.unwrap_or_else(|error| {
            tracing::error!(%error, "A subscriber's record cannot be read, and is left as it is");
            Known { is_unreadable: true, ..Known::default() }
        }))
    }
}

/// Digits of the shortest service codes that networks give out.
const SHORTEST_CODE: usize = 3;

/// What was dialled.
enum Dialled<'p> {
    Leads(&'p Entry, DialPath),
    /// A code that no entry names.
    Nowhere,
    /// No code at all: rather an answer in a dialogue that nobody knows any more.
    Answer,
}

/// Where the code leads and what was dialled behind it. Without any code (some gateways send none) it is the first entry.
fn dialled<'p>(passage: &'p Passage<'_>, opens: Opens) -> Dialled<'p> {
    let (turn, program) = (passage.turn, &passage.present);
    let by_text = match (&turn.input, opens) {
        (_, Opens::InItsMidst) => None,
        (Input::Dialled(text), _) => Some(text),
        (Input::Last(text), _) if passage.profile.first == FirstInput::Dialled => Some(text),
        (Input::Last(_) | Input::History(_), _) => None,
    };
    let by_text = by_text.and_then(|text| split(program, text));
    let by_field = turn.code.as_ref().and_then(|code| split(program, code.bare()));
    let path = match &turn.input {
        Input::History(text) if !text.is_empty() && opens == Opens::Dialled => {
            text.split('*').map(str::to_owned).collect()
        }
        _ => Vec::new(),
    };
    let leads = |dialled: &DialString| {
        let entry = program.entry(&dialled.code)?;
        // The code's own field may hold the whole dial string.
        let behind = if opens == Opens::Dialled { dialled.path.clone() } else { Vec::new() };
        Some(Dialled::Leads(entry, DialPath(behind.into_iter().chain(path.iter().cloned()).collect())))
    };
    if let Some(leads) = by_text.as_ref().and_then(leads).or_else(|| by_field.as_ref().and_then(leads)) {
        return leads;
    }
    match (by_text, by_field, program.ussd.first()) {
        (None, None, Some(first)) => Dialled::Leads(first, DialPath(path)),
        // Two digits are no code of any network, but may be an answer to a dialogue that was forgotten.
        (Some(text), None, _) if turn.begins.is_none() && text.code.bare().len() < SHORTEST_CODE => Dialled::Answer,
        _ => Dialled::Nowhere,
    }
}

fn split(program: &Program, text: &str) -> Option<DialString> {
    DialString::parse(text, program.ussd.iter().map(|entry| &entry.code))
}

/// Whether the callback looks like the first of a dialogue, on a gateway that uses its ids again.
pub(super) fn may_open(passage: &Passage<'_>) -> bool {
    let is_answer_or_dialled = passage.turn.begins.is_none() && !matches!(passage.turn.input, Input::History(_));
    (is_answer_or_dialled && !passage.profile.has_ids()) || looks_first(&passage.present, passage.turn)
}

/// Whether a callback looks like the first of a dialogue: the gateway says so, or a code of the menus was dialled.
fn looks_first(program: &Program, turn: &Turn) -> bool {
    let dials = |text: &str| split(program, text).is_some_and(|dialled| program.entry(&dialled.code).is_some());
    match (turn.begins, &turn.input) {
        (Some(begins), _) => begins,
        (None, Input::History(history)) => history.is_empty(),
        (None, Input::Last(text) | Input::Dialled(text)) => dials(text),
    }
}

/// The language that was chosen; else that of the code that was dialled, of the telecom circle, the first.
pub(super) fn language_of(program: &Program, known: &Known, entry: Option<&Entry>, circle: Option<&str>) -> LanguageId {
    let chosen = known.language.as_deref().and_then(|code| program.language_by_code(code));
    chosen
        .or_else(|| entry.and_then(|entry| entry.language))
        .or_else(|| circle.and_then(|circle| program.language_by_circle(circle)))
        .unwrap_or(LanguageId(0))
}

/// What is kept, in the order of this program's fields. A value that is not of the field's type any more is left out.
pub(super) fn profile_of(program: &Program, known: &Known) -> Vec<Option<Value>> {
    let kept = |name: &str| known.profile.iter().find(|(kept, _)| kept == name).map(|(_, value)| value.clone());
    let fits = |field: &ProfileField| kept(&field.name).filter(|value| field.ty.admits(value));
    program.profile.iter().map(fits).collect()
}
