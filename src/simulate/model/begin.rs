//! Where dialling leads: the entry of the code, a dropped session that is offered again, the language in which the caller is
//! met.

use std::time::Duration;

use super::{Foreseen, Hearing, Memory, Sent};
use crate::engine::{self, DialPath, Event, Facts, Resume, Session, SessionId};
use crate::gateway::{FirstInput, Input};
use crate::menu::{Entry, LanguageId, SystemText};
use crate::phone::DialString;
use crate::simulate::world::World;
use crate::types::{Channel, Timestamp};

/// How long after a call that dropped between the pages of an end the rest of it can still be read.
const END_CAN_BE_READ_FOR: Duration = Duration::from_mins(10);

impl Memory {
    pub(super) async fn begin(&self, world: &World, sent: &Sent, at: Timestamp, hearing: &mut Hearing) -> Foreseen {
        let (entry, path) = match entry(world, sent) {
            Ok(found) => found,
            Err(text) => return self.ending(world, text),
        };
        if path.0.is_empty()
            && let Some(foreseen) = self.dropped(world, sent, at, entry, hearing).await
        {
            return foreseen;
        }
        let circle = sent.turn.circle.as_deref().and_then(|circle| world.program.language_by_circle(circle));
        let facts = Facts {
            id: SessionId(0),
            caller: self.caller.clone(),
            channel: Channel::Ussd,
            entry: entry.menu,
            language: self.language.or(entry.language).or(circle).unwrap_or(LanguageId(0)),
            profile: self.profile.clone(),
            at,
        };
        let mut session = Session::begin(&world.program, facts);
        let step = engine::step(&world.program, &mut session, world.now(at), Event::Begin(path));
        self.go_on(world, sent, at, (session, step), hearing).await
    }

    /// A session that was dropped is offered again, and the rest of an end that was not read is shown.
    async fn dropped(
        &self,
        world: &World,
        sent: &Sent,
        at: Timestamp,
        entry: &Entry,
        hearing: &mut Hearing,
    ) -> Option<Foreseen> {
        let talk = self.talk.as_ref().filter(|talk| talk.session.entry() == entry.menu)?;
        let mut session = talk.session.clone();
        let now = world.now(at);
        let is_fresh = at.since(talk.at) <= END_CAN_BE_READ_FOR;
        if engine::ends_for_anybody(&world.program, &session) && talk.leg.page.more && is_fresh {
            return Some(self.shows(world, sent, at, session, self.known()));
        }
        match engine::resumable(&world.program, &session, talk.at, at) {
            Resume::No => None,
            Resume::Here | Resume::AtSave => {
                let step = engine::step(&world.program, &mut session, now, Event::Redial);
                Some(self.go_on(world, sent, at, (session, step), hearing).await)
            }
        }
    }
}

/// Digits of the shortest service codes that networks give out.
const SHORTEST_CODE: usize = 3;

/// Whether a callback of a dialogue before the present one looks like the first of another with the same id.
pub(super) fn may_open(world: &World, sent: &Sent) -> bool {
    let is_entry = |text: &str| {
        let dialled = DialString::parse(text, world.codes.iter());
        dialled.is_some_and(|dialled| world.program.entry(&dialled.code).is_some())
    };
    match (sent.turn.begins, &sent.turn.input) {
        (Some(begins), _) => begins,
        (None, Input::History(history)) => history.is_empty(),
        (None, Input::Last(text) | Input::Dialled(text)) => !world.profile.has_ids() || is_entry(text),
    }
}

/// What was dialled leads here, with the answers behind the code. Without any code it is the first entry. Else what is said:
/// an answer to a dialogue that nobody knows may look like a code.
fn entry<'w>(world: &'w World, sent: &Sent) -> Result<(&'w Entry, DialPath), SystemText> {
    let (turn, program) = (&sent.turn, &world.program);
    let split = |text: &str| DialString::parse(text, world.codes.iter());
    let text = match &turn.input {
        Input::Dialled(text) => split(text),
        Input::Last(text) if world.profile.first == FirstInput::Dialled => split(text),
        Input::Last(_) | Input::History(_) => None,
    };
    let field = turn.code.as_ref().and_then(|code| split(code.bare()));
    let answers = match &turn.input {
        Input::History(history) if !history.is_empty() => history.split('*').map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    let first = program.ussd.first().filter(|_| text.is_none() && field.is_none());
    let is_answer = field.is_none() && turn.begins.is_none();
    let is_short = text.as_ref().is_some_and(|dialled| dialled.code.bare().len() < SHORTEST_CODE);
    let nowhere = if is_answer && is_short { SystemText::Expired } else { SystemText::UnknownCode };
    let leads = |dialled: DialString| Some((program.entry(&dialled.code)?, dialled.path));
    let found = text.and_then(leads).or_else(|| field.and_then(leads));
    let (entry, path) = match found {
        Some(found) => found,
        None => (first.ok_or(nowhere)?, Vec::new()),
    };
    Ok((entry, DialPath(path.into_iter().chain(answers).collect())))
}
