//! A dropped session that is dialled again: whether it may be gone on with, from where, and the question that is asked.

use std::time::Duration;

use super::frame::{Frame, Sorry, menu_at, screen_at};
use super::labels::{self, Near, nearest};
use super::render::in_all_languages;
use super::session::{Notice, Offer, Place, Session, State, Verifying};
use super::step::{AnswerClass, DialPath, Reading, Resume};
use super::verify::is_asked_at;
use super::walk::Walk;
use crate::menu::{Position, Program, Screen, Slot, SystemText};
use crate::text::fold;
use crate::types::Timestamp;

/// How long a dropped session can be gone on with where it stood.
const HERE_FOR: Duration = Duration::from_mins(10);

/// How long one that passed a `save` screen can be gone on with there.
const AT_SAVE_FOR: Duration = Duration::from_hours(24);

/// Whether a session that was last touched at `touched` may be offered again.
pub(super) fn resumable(program: &Program, session: &Session, touched: Timestamp, now: Timestamp) -> Resume {
    if session.has_ended() || session.state == State::New {
        return Resume::No;
    }
    let dropped_for = now.since(touched);
    if dropped_for <= HERE_FOR && steps_back(program, session).is_some() {
        Resume::Here
    } else if dropped_for <= AT_SAVE_FOR && can_return_to_save(program, session) {
        Resume::AtSave
    } else {
        Resume::No
    }
}

/// Whether what an ended session shows may be shown again to whoever redials: the pages of an end that were not read yet.
pub fn ends_for_anybody(program: &Program, session: &Session) -> bool {
    let shown = session.frames.last().map(|frame| screen_at(program, frame.position()));
    session.has_ended() && !shown.is_some_and(|screen| screen.is_ok_and(Screen::is_private))
}

/// How many screens to go back until nothing is shown or held that is personal or was answered to a secret, so that it must be
/// asked for again: whoever holds the phone now may be another. `None` where that leaves nothing, or only the first screen,
/// which dialling shows anyway.
fn steps_back(program: &Program, session: &Session) -> Option<usize> {
    let (mut frames, mut undo) = (session.frames.clone(), session.undo.clone());
    let mut steps = 0;
    while !is_for_anybody(program, &frames) {
        undo.back(&mut frames)?;
        steps += 1;
    }
    let start = menu_at(program, session.entry).map(|menu| Position { menu: session.entry, screen: menu.start });
    let is_first = matches!(&frames[..], [only] if Ok(only.position()) == start);
    (!is_first || session.state != State::Shown).then_some(steps)
}

fn can_return_to_save(program: &Program, session: &Session) -> bool {
    session.saved.as_ref().is_some_and(|frames| is_for_anybody(program, frames))
}

/// Whether all screens that Back leads to are for whoever holds the phone: those of menus that were left hold what they held.
fn leads_back_for_anybody(program: &Program, session: &Session) -> bool {
    let (mut frames, mut undo) = (session.frames.clone(), session.undo.clone());
    while undo.back(&mut frames).is_some() {
        if !is_for_anybody(program, &frames) {
            return false;
        }
    }
    true
}

/// Whether what is shown and held is for whoever holds the phone, and what follows can be had without having been verified before.
fn is_for_anybody(program: &Program, frames: &[Frame]) -> bool {
    let screen = |frame: &Frame| screen_at(program, frame.position());
    // What is held about a person may wait where a one-time password is asked for: who has hung up to read it goes on there.
    let asks_for_otp = frames.last().is_some_and(|frame| is_asked_at(program, frame.position()));
    let holds = |frame: &Frame| {
        let slots = menu_at(program, frame.menu).map_or(&[][..], |menu| &menu.slots);
        let is_private = |slot: &Slot| if asks_for_otp { slot.guarded } else { slot.may_be_private() };
        slots.iter().zip(&frame.slots).any(|(slot, value)| value.is_some() && is_private(slot))
    };
    let shows = frames.last().is_some_and(|frame| screen(frame).is_ok_and(Screen::is_private));
    // Nobody is verified who has not typed one since dialling.
    let is_verified = |frame: &Frame| screen(frame).is_ok_and(|screen| screen.verified);
    !shows && !frames.iter().any(|frame| is_verified(frame) || holds(frame))
}

impl Walk<'_> {
    /// Asks whether to go on, or begins again where nothing can be gone on with.
    pub(super) fn redialled(&mut self) -> Result<(), Sorry> {
        let session = &mut *self.session;
        let asked_for_save = session.offering.is_some_and(|offer| offer.at_save);
        let at_save = match resumable(self.program, session, session.touched, self.now.at) {
            _ if session.has_ended() => None,
            // While the question is open the answer to it stays what it was.
            Resume::AtSave => Some(true),
            Resume::Here => Some(asked_for_save),
            // Whoever dials us again has asked first; between two clocks a session may be just too old for this one.
            Resume::No if can_return_to_save(self.program, session) => Some(true),
            Resume::No => steps_back(self.program, session).map(|_| false),
        };
        let Some(at_save) = at_save else { return self.begin(AnswerClass::Redial, DialPath::default()) };
        self.starts(AnswerClass::Redial);
        self.session.offering = Some(Offer { at_save });
        self.session.place.begins_again();
        self.arrives(None);
        Ok(())
    }

    /// The citizen's answer to the question whether to go on.
    pub(super) fn asked_to_resume(&mut self, reading: Reading) -> Result<(), Sorry> {
        let choice = match reading {
            Reading::Text(typed) => self.chosen(&typed),
            Reading::Back | Reading::Home => None,
        };
        match (choice, self.session.offering) {
            (Some(1), Some(offer)) => {
                self.starts(AnswerClass::Option(1));
                self.session.offering = None;
                self.go_on(offer)
            }
            (Some(_), _) => self.begin(AnswerClass::Option(2), DialPath::default()),
            (None, _) => {
                self.starts(AnswerClass::Unexpected);
                self.session.place.is_wrong(Notice::Unexpected);
                self.arrives(None);
                Ok(())
            }
        }
    }

    /// Which of the two options was chosen, by number or by its label in any language.
    fn chosen(&self, typed: &str) -> Option<u16> {
        if let Some(number @ (1 | 2)) = labels::number(typed) {
            return Some(number);
        }
        let typed = fold(typed);
        if let Some(number @ (1 | 2)) = self.program.number_words.number(&typed) {
            return Some(number);
        }
        let is = |text: SystemText| {
            let scope = super::scope::Scope::new(self.program, self.session).with_words(&[]);
            let label = self.program.system.get(text as usize);
            let labels = label.into_iter().flat_map(|text| in_all_languages(scope, text));
            nearest(&typed, labels, &mut String::new()) != Near::No
        };
        match (is(SystemText::ResumeGoOn), is(SystemText::ResumeStartAgain)) {
            (true, false) => Some(1),
            (false, true) => Some(2),
            _ => None,
        }
    }

    fn go_on(&mut self, offer: Offer) -> Result<(), Sorry> {
        let session = &mut *self.session;
        session.verifying = Verifying::default();
        if offer.at_save {
            session.frames = session.saved.clone().ok_or(Sorry)?;
            session.undo.cut();
            session.place = Place::default();
            return self.run();
        }
        let back = steps_back(self.program, session).ok_or(Sorry)?;
        for _ in 0..back {
            let passed = session.undo.back(&mut session.frames).ok_or(Sorry)?;
            session.place.find = passed.find;
        }
        if !leads_back_for_anybody(self.program, session) {
            session.undo.cut();
        }
        self.session.place.begins_again();
        self.run()
    }
}
