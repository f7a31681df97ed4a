//! Moving through a program: what an event does to a session, screen by screen, until there is something to show or to
//! wait for.

use super::answer::{self, Leaving, Meaning};
use super::draw::{offers_back, offers_home};
use super::frame::{Frame, Sorry, menu_at, screen_at, wipe};
use super::rows::List;
use super::scope::Scope;
use super::session::{Asks, Notice, Place, Session, State, Verifying};
use super::step::{AnswerClass, DialPath, Effect, Event, Failure, Journey, Now, Outcome, Reading};
use super::undo::Passed;
use crate::menu::{Position, Program, Screen, SlotId, Target, Value, Verb};

/// Screens that may be passed without a person before the dialogue is given up. `check` proves that no program comes near;
/// this holds for those it did not see.
pub(super) const SCREENS_UNATTENDED: u16 = 100;

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
            self.session.give_up();
            self.arrives(None);
        }
    }

    fn moved_by(&mut self, event: Event) -> Result<(), Sorry> {
        match (self.session.state, event) {
            (State::New, event) => {
                let path = if let Event::Begin(path) = event { path } else { DialPath::default() };
                self.begin(AnswerClass::Begin, path)
            }
            (State::Waiting(wait), Event::Done(done, outcome)) if done == wait => self.told(outcome),
            (State::Waiting(wait), Event::Late(late)) if late == wait => self.told(Outcome::Failed(Failure::Late)),
            // Whatever else comes, what it waits for is still under way.
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
        // Where the entry takes values, its frame is there already.
        if session.state != State::New || session.frames.is_empty() {
            session.frames = vec![Frame::start(self.program, session.entry, Vec::new())?];
        }
        session.undo.cut();
        session.place = Place::default();
        (session.saved, session.offering, session.receipt) = (None, None, None);
        session.verifying = Verifying::default();
        session.unattended = 0;
        self.will_answer(path);
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
            match &screen.verb {
                Verb::Choose(_) | Verb::Ask(_) | Verb::Show(_) | Verb::End(_) => match self.nothing_listed(screen) {
                    Some(none) => self.pass_to(none)?,
                    None if self.meets_a_person(screen, at)? => return Ok(()),
                    None => {}
                },
                Verb::Call(call) => return self.waits(call, at),
                Verb::Verify(verify) if self.session.verifying.is_done => self.pass_to(verify.next)?,
                Verb::Verify(_) => return self.asks_for_otp(Asks::Send, at),
                Verb::Branch(arms) => {
                    let scope = self.scope();
                    let arm = arms.iter().find(|arm| arm.when.as_ref().is_none_or(|when| scope.holds(when)));
                    self.pass_to(arm.ok_or(Sorry)?.go)?;
                }
                Verb::Set(set) => {
                    self.set(set)?;
                    self.pass_to(set.next)?;
                }
                Verb::Send(send) => {
                    self.send(send)?;
                    self.pass_to(send.next)?;
                }
                Verb::Run(run) => {
                    self.unattended()?;
                    self.enter(run)?;
                }
            }
        }
    }

    /// Goes on from a screen that nobody saw.
    fn pass_to(&mut self, target: Target) -> Result<(), Sorry> {
        self.unattended()?;
        self.go(target)
    }

    /// Counts a screen that nobody saw.
    pub(super) fn unattended(&mut self) -> Result<(), Sorry> {
        self.session.unattended = self.session.unattended.saturating_add(1);
        if self.session.unattended > SCREENS_UNATTENDED { Err(Sorry) } else { Ok(()) }
    }

    /// Where an empty list leads, when it says so.
    fn nothing_listed(&self, screen: &'a Screen) -> Option<Target> {
        let list = screen.verb.rows()?;
        let none = list.none?;
        List::of(self.scope(), list).visible().next().is_none().then_some(none)
    }

    /// Arrives at a screen with a person. Whether it is shown; if not, the dial path has answered it.
    fn meets_a_person(&mut self, screen: &'a Screen, at: Position) -> Result<bool, Sorry> {
        self.forget_secrets();
        let session = &mut *self.session;
        if matches!(screen.verb, Verb::End(_)) {
            session.state = State::Ended;
            session.undo.cut();
            session.saved = None;
        } else {
            session.state = State::Shown;
            // Whoever takes the call up again is not verified.
            if screen.save && !screen.is_private() && !screen.verified {
                session.saved = Some(session.frames.clone());
            }
        }
        self.arrives(Some(at));
        if let Some(leaving) = self.dialled(screen, at)? {
            self.starts(AnswerClass::DialPath);
            self.leave(leaving, at)?;
            return Ok(false);
        }
        self.session.path.clear();
        self.session.unattended = 0;
        Ok(true)
    }

    /// A screen is shown: what was asked in secret has had its use.
    pub(super) fn forget_secrets(&mut self) {
        for frame in &mut self.session.frames {
            frame.forget_secrets(self.program);
        }
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
            Reading::Text(typed) if matches!(screen.verb, Verb::Verify(_)) => self.otp_typed(&typed, at),
            Reading::Text(typed) => match answer::read(self.scope(), screen, &typed)? {
                Meaning::Leaves(leaving) => {
                    self.starts(leaving.class.clone());
                    self.leave(leaving, at)?;
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

    /// Leaves the present screen after an answer that was expected.
    fn leave(&mut self, leaving: Leaving, at: Position) -> Result<(), Sorry> {
        self.notes_passing(at, leaving.to);
        if let Some((slot, value)) = leaving.fill {
            self.fill(slot, Some(value))?;
        }
        self.go(leaving.to)
    }

    /// Notes the present screen for `back`, unless that is where it leads: then it is the one before that is meant.
    fn notes_passing(&mut self, at: Position, to: Target) {
        if to != Target::Back {
            let find = self.session.place.find.take();
            self.session.undo.pass(Passed { at, find });
        }
    }

    fn unexpected(&mut self, notice: Notice, screen: &'a Screen, at: Position) -> Result<(), Sorry> {
        self.starts(AnswerClass::Unexpected);
        self.session.place.is_wrong(notice);
        if let Verb::Ask(ask) = &screen.verb
            && let (Some(tries), Some(target)) = (ask.tries, ask.on_wrong)
            && self.session.place.wrong >= tries
        {
            self.notes_passing(at, target);
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
                for frame in &mut frames {
                    frame.forget_secrets(self.program);
                }
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

    pub(super) fn go_home(&mut self) -> Result<(), Sorry> {
        self.session.frames = vec![Frame::start(self.program, self.program.home, Vec::new())?];
        self.session.undo.cut();
        Ok(())
    }

    /// Puts a value into a slot of the running menu. What a secret slot held is forgotten, not kept for `back`.
    pub(super) fn fill(&mut self, slot: SlotId, value: Option<Value>) -> Result<(), Sorry> {
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

    pub(super) fn scope(&self) -> Scope<'_> {
        Scope::new(self.program, self.session)
    }
}
