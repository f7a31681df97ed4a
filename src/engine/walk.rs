//! Moving through a program: what an event does to a session, screen by screen, until there is something to show or to
//! wait for.

use super::answer::{self, Meaning};
use super::draw::{offers_back, offers_home};
use super::frame::{Frame, Sorry, menu_at, screen_at, wipe};
use super::rows::visible;
use super::scope::Scope;
use super::session::{Notice, Place, Session, State};
use super::step::{AnswerClass, DialPath, Effect, Event, Failure, Journey, Now, Outcome, Reading, WaitId};
use super::undo::Passed;
use crate::menu::{
    Among, Call, FailureName, MenuId, Operand, Position, Program, Run, Screen, SlotId, Target, Value, Verb,
};
use crate::menu::{Place as Assigned, Set};

/// Screens that may be passed without a person before the dialogue is given up. `check` proves that no program comes near;
/// this holds for those it did not see.
pub(super) const SCREENS_UNATTENDED: u16 = 100;

/// Menus that may be under way at once, each run by the one before.
pub(super) const MENUS_DEEP: usize = 16;

/// Answers taken from one dial path, which no phone can dial more of; the rest is dropped.
pub(super) const DIALLED_ANSWERS: usize = 32;

/// A session under way through its program.
pub(super) struct Walk<'a> {
    pub(super) program: &'a Program,
    pub(super) session: &'a mut Session,
    pub(super) now: Now,
    pub(super) effects: Vec<Effect>,
    /// Where the present move began and why; recorded once it is known where it led.
    move_from: Option<(Option<Position>, AnswerClass)>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(program: &'a Program, session: &'a mut Session, now: Now) -> Self {
        Self { program, session, now, effects: Vec::new(), move_from: None }
    }

    /// Takes an event. Afterwards the session stands on something to show, waits or has ended.
    pub(super) fn take(&mut self, event: Event) {
        if self.moved_by(event).is_err() {
            self.give_up();
        }
    }

    fn moved_by(&mut self, event: Event) -> Result<(), Sorry> {
        match (self.session.state, event) {
            (State::New, event) => {
                let path = if let Event::Begin(path) = event { path } else { DialPath::default() };
                self.begin(AnswerClass::Begin, path)
            }
            (State::Waiting(wait), Event::Done(done, outcome)) if done == wait => self.called(outcome),
            (State::Waiting(wait), Event::Late(late)) if late == wait => self.called(Outcome::Failed(Failure::Late)),
            // Whatever else comes, the call is still under way.
            (State::Waiting(_), _) => Ok(()),
            (_, Event::Redial) => self.redialled(),
            (State::Shown, Event::Answer(reading)) if self.session.offering.is_some() => self.asked_to_resume(reading),
            (State::Shown, Event::Answer(reading)) => self.answered(reading),
            // Ended; or a `Begin`, `Done` or `Late` that comes again or too late.
            _ => Ok(()),
        }
    }

    /// Begins at the entry with fresh frames; profile and language stay.
    pub(super) fn begin(&mut self, class: AnswerClass, path: DialPath) -> Result<(), Sorry> {
        self.starts(class);
        let session = &mut *self.session;
        session.frames = vec![Frame::start(self.program, session.entry, Vec::new())?];
        session.undo.cut();
        session.place = Place::default();
        session.path = path.0;
        session.path.truncate(DIALLED_ANSWERS);
        session.path.reverse();
        (session.saved, session.offering, session.receipt) = (None, None, None);
        session.unattended = 0;
        self.run()
    }

    /// Notes that a move begins where the session stands.
    pub(super) fn starts(&mut self, class: AnswerClass) {
        self.session.touched = self.now.at;
        self.move_from = Some((self.session.position(), class));
    }

    /// Records the move that has led to `to`.
    pub(super) fn arrives(&mut self, to: Option<Position>) {
        if let Some((from, answer)) = self.move_from.take() {
            self.effects.push(Effect::Record(Journey { from, answer, to }));
        }
    }

    /// Passes screens without a person, and answers those with one from the dial path, as far as it goes.
    pub(super) fn run(&mut self) -> Result<(), Sorry> {
        loop {
            let at = self.session.position().ok_or(Sorry)?;
            let screen = screen_at(self.program, at)?;
            let next = match &screen.verb {
                Verb::Choose(_) | Verb::Ask(_) | Verb::Show(_) | Verb::End(_) => match self.nothing_listed(screen) {
                    Some(none) => none,
                    None => match self.meets_a_person(screen, at)? {
                        Some(next) => {
                            self.go(next)?;
                            continue;
                        }
                        None => return Ok(()),
                    },
                },
                Verb::Call(call) => {
                    self.waits(call, at)?;
                    return Ok(());
                }
                Verb::Branch(arms) => {
                    let scope = self.scope();
                    let arm = arms.iter().find(|arm| arm.when.as_ref().is_none_or(|when| scope.holds(when)));
                    arm.ok_or(Sorry)?.go
                }
                Verb::Set(set) => {
                    self.set(set)?;
                    set.next
                }
                Verb::Run(run) => {
                    self.enter(run)?;
                    self.unattended()?;
                    continue;
                }
            };
            self.unattended()?;
            self.go(next)?;
        }
    }

    /// Counts a screen that nobody saw.
    fn unattended(&mut self) -> Result<(), Sorry> {
        self.session.unattended = self.session.unattended.saturating_add(1);
        if self.session.unattended > SCREENS_UNATTENDED { Err(Sorry) } else { Ok(()) }
    }

    /// Where an empty list leads, when it says so.
    fn nothing_listed(&self, screen: &'a Screen) -> Option<Target> {
        let list = match &screen.verb {
            Verb::Choose(choose) => match &choose.among {
                Among::List { list, .. } => list,
                Among::Options(_) => return None,
            },
            Verb::Show(show) => show.rows.as_ref()?,
            _ => return None,
        };
        let none = list.none?;
        visible(self.scope(), list, None).next().is_none().then_some(none)
    }

    /// Arrives at a screen with a person. `Some` when the dial path has answered it.
    fn meets_a_person(&mut self, screen: &'a Screen, at: Position) -> Result<Option<Target>, Sorry> {
        let session = &mut *self.session;
        for frame in &mut session.frames {
            frame.forget_secrets(self.program);
        }
        let ends = matches!(screen.verb, Verb::End(_));
        session.state = if ends { State::Ended } else { State::Shown };
        if ends {
            session.undo.cut();
            session.saved = None;
        } else if screen.save && !screen.personal {
            session.saved = Some(session.frames.clone());
        }
        self.arrives(Some(at));
        if let Some(meaning) = self.dialled(screen, at)? {
            return self.does(meaning, at).map(Some);
        }
        self.session.path.clear();
        self.session.unattended = 0;
        Ok(None)
    }

    /// What the next answer of the dial path means on a screen; `None` where the path stops.
    fn dialled(&mut self, screen: &'a Screen, at: Position) -> Result<Option<Meaning>, Sorry> {
        if self.session.path.is_empty() {
            return Ok(None);
        }
        if at == self.entry_start()
            && let Some(language) = answer::present_language(self.scope(), screen)
        {
            self.starts(AnswerClass::DialPath);
            return Ok(Some(language));
        }
        if stops_a_path(self.program, screen, at) {
            return Ok(None);
        }
        let Some(typed) = self.session.path.pop() else { return Ok(None) };
        let meaning = answer::read(self.scope(), screen, &typed)?;
        if matches!(meaning, Meaning::Goes { .. }) {
            self.starts(AnswerClass::DialPath);
            return Ok(Some(meaning));
        }
        Ok(None)
    }

    fn entry_start(&self) -> Position {
        let menu = self.session.entry;
        let screen = self.program.menus.get(menu.index()).map_or(crate::menu::ScreenId(0), |menu| menu.start);
        Position { menu, screen }
    }

    /// The citizen's answer to the present screen.
    fn answered(&mut self, reading: Reading) -> Result<(), Sorry> {
        let at = self.session.position().ok_or(Sorry)?;
        let screen = screen_at(self.program, at)?;
        match reading {
            Reading::Back if self.session.place.find.is_some() => {
                self.starts(AnswerClass::Back);
                self.session.place = Place::default();
                self.arrives(Some(at));
                Ok(())
            }
            Reading::Back if offers_back(self.session) => {
                self.starts(AnswerClass::Back);
                self.go(Target::Back)?;
                self.run()
            }
            Reading::Home if offers_home(self.program, at) => {
                self.starts(AnswerClass::Home);
                self.go(Target::Home)?;
                self.run()
            }
            Reading::Back | Reading::Home => self.unexpected(Notice::Unexpected, screen, at),
            Reading::Text(typed) => match answer::read(self.scope(), screen, &typed)? {
                Meaning::Goes { class, fill, to } => {
                    self.starts(class.clone());
                    let next = self.does(Meaning::Goes { class, fill, to }, at)?;
                    self.go(next)?;
                    self.run()
                }
                Meaning::Finds(letters) => {
                    self.starts(AnswerClass::Find);
                    self.session.place = Place { find: Some(letters), ..Place::default() };
                    self.arrives(Some(at));
                    Ok(())
                }
                Meaning::Nothing(notice) => self.unexpected(notice, screen, at),
            },
        }
    }

    /// Leaves the present screen with what an answer means, and says where to.
    fn does(&mut self, meaning: Meaning, at: Position) -> Result<Target, Sorry> {
        let Meaning::Goes { fill, to, .. } = meaning else { return Err(Sorry) };
        // An answer that means "back" goes to the screen before this one, not to this one.
        if to != Target::Back {
            let find = self.session.place.find.take();
            self.session.undo.pass(Passed { at, find });
        }
        if let Some((slot, value)) = fill {
            self.fill(slot, Some(value))?;
        }
        Ok(to)
    }

    fn unexpected(&mut self, notice: Notice, screen: &'a Screen, at: Position) -> Result<(), Sorry> {
        self.starts(AnswerClass::Unexpected);
        let place = &mut self.session.place;
        place.wrong = place.wrong.saturating_add(1);
        place.notice = notice;
        place.page = 0;
        if let Verb::Ask(ask) = &screen.verb
            && let (Some(tries), Some(target)) = (ask.tries, ask.on_wrong)
            && place.wrong >= tries
        {
            self.go(target)?;
            return self.run();
        }
        self.arrives(Some(at));
        Ok(())
    }

    /// Moves to a target. The screen there has not been entered yet.
    pub(super) fn go(&mut self, target: Target) -> Result<(), Sorry> {
        let session = &mut *self.session;
        session.place = Place::default();
        match target {
            Target::Screen(screen) => session.frames.last_mut().ok_or(Sorry)?.screen = screen,
            Target::Menu(menu) => {
                let mut frames = vec![Frame::start(self.program, menu, Vec::new())?];
                std::mem::swap(&mut frames, &mut session.frames);
                frames.iter_mut().for_each(|frame| frame.forget_secrets(self.program));
                session.undo.jumped(frames);
            }
            Target::Home => self.go_home()?,
            Target::Back => match session.undo.back(&mut session.frames) {
                Some(passed) => session.place.find = passed.find,
                // Behind a changing call there is nothing to return to.
                None => self.go_home()?,
            },
            Target::Return => return self.give_back(),
            Target::Sorry => return Err(Sorry),
        }
        Ok(())
    }

    fn go_home(&mut self) -> Result<(), Sorry> {
        self.session.frames = vec![Frame::start(self.program, self.program.home, Vec::new())?];
        self.session.undo.cut();
        Ok(())
    }

    fn enter(&mut self, run: &'a Run) -> Result<(), Sorry> {
        if self.session.frames.len() >= MENUS_DEEP {
            return Err(Sorry);
        }
        let given = self.scope().operands(&run.give);
        self.session.frames.push(Frame::start(self.program, run.menu, given)?);
        self.session.undo.entered();
        Ok(())
    }

    /// Ends the running menu; the one that ran it gets what it gives. A menu that nobody ran goes home.
    fn give_back(&mut self) -> Result<(), Sorry> {
        if self.session.frames.len() < 2 {
            return self.go_home();
        }
        let mut frame = self.session.frames.pop().ok_or(Sorry)?;
        frame.forget_secrets(self.program);
        let gives = menu_at(self.program, frame.menu)?.gives.iter();
        let given = gives.map(|slot| frame.slots.get(slot.index()).cloned().flatten()).collect();

        let at = self.session.position().ok_or(Sorry)?;
        let Verb::Run(run) = &screen_at(self.program, at)?.verb else { return Err(Sorry) };
        self.session.undo.returned(frame, at.screen);
        if let Some(into) = run.into {
            self.fill(into, Some(Value::Record(given)))?;
        }
        self.go(run.next)
    }

    fn set(&mut self, set: &'a Set) -> Result<(), Sorry> {
        for (place, operand) in &set.assign {
            let value = self.scope().operand(operand).map(super::seen::Seen::to_value);
            match *place {
                Assigned::Slot(slot) => self.fill(slot, value)?,
                Assigned::Profile(field) => {
                    let profile = &mut self.session.profile;
                    if profile.len() <= field.index() {
                        profile.resize(self.program.profile.len(), None);
                    }
                    *profile.get_mut(field.index()).ok_or(Sorry)? = value.clone();
                    self.effects.push(Effect::SetProfile(field, value));
                }
                Assigned::Language => {
                    let language = match value {
                        Some(Value::Text(code)) => self.program.language_by_code(&code),
                        Some(Value::Language(id)) => self.program.languages.get(id.index()).map(|_| id),
                        _ => None,
                    };
                    if let Some(language) = language {
                        self.session.language = language;
                        self.effects.push(Effect::SetLanguage(language));
                    }
                }
            }
        }
        Ok(())
    }

    /// Puts a value into a slot of the running menu. What a secret slot held is forgotten, not kept for `back`.
    fn fill(&mut self, slot: SlotId, value: Option<Value>) -> Result<(), Sorry> {
        let frame = self.session.frames.last_mut().ok_or(Sorry)?;
        let secret = menu_at(self.program, frame.menu)?.slots.get(slot.index()).ok_or(Sorry)?.secret;
        let held = frame.slots.get_mut(slot.index()).ok_or(Sorry)?;
        let before = std::mem::replace(held, value);
        if secret {
            wipe(before);
        } else {
            self.session.undo.filled(slot, before);
        }
        Ok(())
    }

    fn waits(&mut self, call: &Call, at: Position) -> Result<(), Sorry> {
        let operation = self.program.operations.get(call.operation.index()).ok_or(Sorry)?;
        self.unattended()?;
        let session = &mut *self.session;
        if operation.changes {
            // What was done cannot be undone: neither `back` nor a saved place leads to before it.
            session.undo.cut();
            session.saved = None;
        }
        session.waits = session.waits.wrapping_add(1);
        session.state = State::Waiting(WaitId(session.waits));
        self.arrives(Some(at));
        Ok(())
    }

    fn called(&mut self, outcome: Outcome) -> Result<(), Sorry> {
        let at = self.session.position().ok_or(Sorry)?;
        let Verb::Call(call) = &screen_at(self.program, at)?.verb else { return Err(Sorry) };
        self.starts(AnswerClass::Called(outcome_name(&outcome)));
        let (value, next) = match outcome {
            Outcome::Answered(value) => (Some(value), call.next),
            Outcome::Failed(failure) => (None, self.failed(call, failure)),
        };
        if let Some(into) = call.into {
            self.fill(into, value)?;
        }
        self.go(next)?;
        self.run()
    }

    fn failed(&mut self, call: &Call, failure: Failure) -> Target {
        let name = match failure {
            Failure::Down => FailureName::Down,
            Failure::Refused => FailureName::Refused,
            Failure::Late => FailureName::Late,
            Failure::Unknown { receipt } => {
                self.session.receipt = Some(receipt);
                FailureName::Unknown
            }
            Failure::Named(name) => FailureName::Named(name),
        };
        call.fails.iter().find(|(named, _)| *named == name).map_or(Target::Sorry, |(_, target)| *target)
    }

    /// Ends with the bridge's own words; nothing of the dialogue is kept.
    fn give_up(&mut self) {
        let session = &mut *self.session;
        session.state = State::Sorry;
        session.frames.clear();
        session.undo.cut();
        session.path.clear();
        session.place = Place::default();
        (session.saved, session.offering) = (None, None);
        self.arrives(None);
    }

    fn scope(&self) -> Scope<'_> {
        Scope::new(self.program, self.session)
    }
}

/// A path stops in front of a list, whose numbers may be others tomorrow, at a secret, which must not be dialled, and at
/// an end.
fn stops_a_path(program: &Program, screen: &Screen, at: Position) -> bool {
    match &screen.verb {
        Verb::Choose(choose) => matches!(choose.among, Among::List { .. }),
        Verb::Show(show) => show.rows.is_some(),
        Verb::Ask(ask) => is_secret(program, at.menu, ask.into),
        _ => true,
    }
}

fn is_secret(program: &Program, menu: MenuId, slot: SlotId) -> bool {
    menu_at(program, menu).ok().and_then(|menu| menu.slots.get(slot.index())).is_none_or(|slot| slot.secret)
}

fn outcome_name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Answered(_) => "answered",
        Outcome::Failed(Failure::Down) => "down",
        Outcome::Failed(Failure::Refused) => "refused",
        Outcome::Failed(Failure::Late) => "late",
        Outcome::Failed(Failure::Unknown { .. }) => "unknown",
        Outcome::Failed(Failure::Named(_)) => "named",
    }
}
