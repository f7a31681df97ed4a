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
        let Some((entry, path)) = entry(world, sent) else { return self.ending(world, SystemText::UnknownCode) };
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
            let screen = engine::present(&world.program, &session, now);
            return Some(self.shows(world, sent, at, session, screen, self.clone()));
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

/// What was dialled leads here, with the answers behind the code. Without any code it is the first entry.
fn entry<'w>(world: &'w World, sent: &Sent) -> Option<(&'w Entry, DialPath)> {
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
    let nothing = text.is_none() && field.is_none();
    let leads = |dialled: DialString| Some((program.entry(&dialled.code)?, dialled.path));
    let found = text.and_then(leads).or_else(|| field.and_then(leads));
    let (entry, path) = match found {
        Some(found) => found,
        None => (program.ussd.first().filter(|_| nothing)?, Vec::new()),
    };
    Some((entry, DialPath(path.into_iter().chain(answers).collect())))
}
