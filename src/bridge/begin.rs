//! The first turn of a leg: where the code that was dialled leads, whether a dropped session is offered again, and in
//! which language the caller is met.

use std::sync::Arc;

use super::perform::Move;
use super::record::{Known, Page, Record, decode};
use super::turn::{Answered, Passage};
use super::{Bridge, TurnError, said};
use crate::engine::{self, DialPath, Event, Facts, Resume, Session, SessionId};
use crate::gateway::{FirstInput, Input};
use crate::menu::{Entry, LanguageId, Program, SystemText, Value};
use crate::phone::DialString;
use crate::store::{Commit, Conversation, KeyedHash};
use crate::types::{Channel, Msisdn};

/// Why a language could not be kept.
#[derive(Debug, thiserror::Error)]
pub enum PreferError {
    #[error("the menus have no language `{0}`")]
    Unknown(String),
    #[error(transparent)]
    Turn(#[from] TurnError),
}

impl Bridge {
    pub(super) async fn begin(
        &self,
        passage: &Passage<'_>,
        stored: Option<&Conversation>,
        kept: Option<&Record>,
    ) -> Result<Answered, TurnError> {
        let program = self.programs.present();
        let Some(caller) = passage.turn.msisdn.clone() else {
            let text = SystemText::Expired;
            let page = Page::last(said(&program, text, LanguageId(0), passage.profile));
            return Ok(Answered { page, outcome: "unknown_leg" });
        };
        let Some((entry, path)) = dialled(&program, passage) else {
            let language = self.remembered_language(&program, passage.subscriber).unwrap_or(LanguageId(0));
            let page = Page::last(said(&program, SystemText::UnknownCode, language, passage.profile));
            return Ok(Answered { page, outcome: "unknown_code" });
        };
        let now = passage.now(passage.arrived);
        if path.0.is_empty()
            && let Some((program, mut session)) = self.dropped(passage, stored, kept)
        {
            let step = engine::step(&program, &mut session, now, Event::Redial);
            return self.go_on(passage, Move { program: &program, session, step }).await;
        }
        let known = self.known(passage.subscriber).await?;
        let mut session = Session::begin(
            &program,
            Facts {
                id: SessionId(self.chance.draw()),
                caller,
                channel: Channel::Ussd,
                entry: entry.menu,
                language: language_of(&program, &known, entry, passage.turn.circle.as_deref()),
                profile: profile_of(&program, &known),
                at: passage.arrived,
            },
        );
        let step = engine::step(&program, &mut session, now, Event::Begin(path));
        self.go_on(passage, Move { program: &program, session, step }).await
    }

    /// The session that was dropped, if it may be offered again.
    fn dropped(
        &self,
        passage: &Passage<'_>,
        stored: Option<&Conversation>,
        kept: Option<&Record>,
    ) -> Option<(Arc<Program>, Session)> {
        let session = kept?.session().ok()?;
        let program = self.programs.version(session.program())?;
        let touched = stored?.at;
        match engine::resumable(&program, &session, touched, passage.arrived) {
            Resume::No => None,
            Resume::Here | Resume::AtSave => Some((program, session)),
        }
    }

    /// Keeps a language as if this caller had chosen it: for dialogues and tools. A code that the present program does not
    /// have is refused.
    pub async fn prefer(&self, caller: &Msisdn, code: &str) -> Result<(), PreferError> {
        let program = self.programs.present();
        let language = program.language_by_code(code).ok_or_else(|| PreferError::Unknown(code.to_owned()))?;
        let subscriber = self.subscriber(caller);
        let known = self.known(subscriber).await?;
        let known = Known { language: Some(program.language(language).code.clone()), ..known };
        let record = self.seal_known(subscriber, &known)?;
        let commit = Commit { subscriber: Some(record), ..Commit::default() };
        Ok(self.store.commit(commit).await.map_err(TurnError::from)?)
    }

    /// What is kept about a number. A record that cannot be read is logged; the citizen is met as a stranger.
    pub(super) async fn known(&self, subscriber: KeyedHash) -> Result<Known, TurnError> {
        let Some(record) = self.store.subscriber(subscriber).await? else { return Ok(Known::default()) };
        let opened = self.keyring.open(&subscriber.0, &record.sealed).map_err(|error| error.to_string());
        let known = opened.and_then(|plain| decode::<Known>(&plain).map_err(|error| error.to_string()));
        Ok(known.unwrap_or_else(|error| {
            tracing::error!(%error, "A subscriber's record cannot be read");
            Known::default()
        }))
    }
}

/// Where the code leads and what was dialled behind it; `None` for a code that leads nowhere. Without any code (some
/// gateways send none) it is the first entry.
fn dialled<'p>(program: &'p Program, passage: &Passage<'_>) -> Option<(&'p Entry, DialPath)> {
    let codes = || program.ussd.iter().map(|entry| &entry.code);
    let turn = passage.turn;
    let (code, path) = match &turn.input {
        Input::Dialled(text) => split(text, codes()),
        Input::Last(text) if passage.profile.first == FirstInput::Dialled => split(text, codes()),
        Input::History(text) if !text.is_empty() => (None, text.split('*').map(str::to_owned).collect()),
        Input::Last(_) | Input::History(_) => (None, Vec::new()),
    };
    let code = code.or_else(|| turn.code.clone());
    let Some(code) = code else { return Some((program.ussd.first()?, DialPath(path))) };
    if let Some(entry) = program.entry(&code) {
        return Some((entry, DialPath(path)));
    }
    // The code's own field may hold the whole dial string.
    let (code, behind) = split(code.bare(), codes());
    Some((program.entry(&code?)?, DialPath(behind.into_iter().chain(path).collect())))
}

fn split<'a>(
    text: &str,
    codes: impl Iterator<Item = &'a crate::phone::ServiceCode>,
) -> (Option<crate::phone::ServiceCode>, Vec<String>) {
    match DialString::parse(text, codes) {
        Some(dialled) => (Some(dialled.code), dialled.path),
        None => (None, Vec::new()),
    }
}

/// The language that was chosen; else that of the code that was dialled, of the telecom circle, the first.
fn language_of(program: &Program, known: &Known, entry: &Entry, circle: Option<&str>) -> LanguageId {
    let chosen = known.language.as_deref().and_then(|code| program.language_by_code(code));
    chosen
        .or(entry.language)
        .or_else(|| circle.and_then(|circle| program.language_by_circle(circle)))
        .unwrap_or(LanguageId(0))
}

/// What is kept, in the order of this program's fields. A value that is not of the field's type any more is left out.
fn profile_of(program: &Program, known: &Known) -> Vec<Option<Value>> {
    let kept = |name: &str| known.profile.iter().find(|(kept, _)| kept == name).map(|(_, value)| value.clone());
    let fits = |field: &crate::menu::ProfileField| kept(&field.name).filter(|value| field.ty.admits(value));
    program.profile.iter().map(fits).collect()
}
