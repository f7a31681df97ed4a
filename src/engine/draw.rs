//! The screen on which a session stands. A pure function of program and session, so that a screen can be shown again as it
//! was.

use std::ops::ControlFlow;

use super::answer::offered;
use super::frame::{Sorry, screen_at};
use super::render::{render, system};
use super::rows::List;
use super::scope::Scope;
use super::seen::Seen;
use super::session::{Notice, Session, State};
use super::{Canvas, Head, Part, Screen, ScreenKind, expect, verify};
use crate::menu::{
    Among, Ask, ChoiceOption, Choose, LanguageId, Position, Program, Rows, Show, SystemText, Text, Value, Verb, Verify,
};

/// From this many wrong answers in a row on, help is shown instead of what was expected.
const WRONG_ANSWERS_BEFORE_HELP: u8 = 3;

/// Whether the home key leads anywhere but here.
pub(super) fn offers_home(program: &Program, at: Position) -> bool {
    program.menus.get(program.home.index()).is_none_or(|home| at != Position { menu: program.home, screen: home.start })
}

/// Whether the back key leads anywhere.
pub(super) fn offers_back(session: &Session) -> bool {
    session.place.find.is_some() || !session.undo.is_empty()
}

/// A screen that has yet to be drawn: all that takes time waits until it is.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub head: Head,
    scope: Scope<'a>,
    session: &'a Session,
    shown: Shown<'a>,
}

/// What is to be seen.
#[derive(Clone, Copy, Debug)]
enum Shown<'a> {
    /// A screen with a person.
    Screen(&'a Verb),
    /// Whether to go on, when a dropped session is dialled again.
    Question,
    /// The bridge's own ending.
    Ending(SystemText),
    /// The bridge's own ending where the answer comes later.
    Receipt,
}

impl<'a> View<'a> {
    /// The present screen; `plain` where the phone has no UCS-2.
    pub(super) fn of(program: &'a Program, session: &'a Session, plain: bool) -> Result<Self, Sorry> {
        let bare = |kind, shown| Self::bare(program, session, plain, kind, shown);
        Ok(match session.state {
            State::Sorry => Self::sorry(program, session, plain),
            State::Later => bare(ScreenKind::End, Shown::Receipt),
            // Nothing is shown yet, or the phone was lost while a call was under way; dialling again takes it up.
            State::New | State::Waiting(_) => bare(ScreenKind::End, Shown::Ending(SystemText::Expired)),
            State::Shown if session.offering.is_some() => bare(ScreenKind::Choice, Shown::Question),
            State::Shown | State::Ended => {
                let at = session.position().ok_or(Sorry)?;
                let verb = &screen_at(program, at)?.verb;
                let view = bare(kind_of(program, verb, at)?, Shown::Screen(verb));
                match view.head.kind {
                    ScreenKind::End => view,
                    _ => Self {
                        head: Head { back: offers_back(session), home: offers_home(program, at), ..view.head },
                        ..view
                    },
                }
            }
        })
    }

    /// The bridge's own ending.
    pub(super) fn sorry(program: &'a Program, session: &'a Session, plain: bool) -> Self {
        Self::bare(program, session, plain, ScreenKind::End, Shown::Ending(SystemText::Sorry))
    }

    fn bare(program: &'a Program, session: &'a Session, plain: bool, kind: ScreenKind, shown: Shown<'a>) -> Self {
        let language = session.language;
        let language = match program.languages.get(language.index()) {
            Some(it) if plain => it.plain,
            Some(_) => language,
            // Of a session that does not fit its program; a screen's language is always one of the program's.
            None => LanguageId(0),
        };
        let head = Head { kind, back: false, home: false, language };
        Self { head, scope: Scope::new(program, session), session, shown }
    }

    pub fn program(&self) -> &'a Program {
        self.scope.program
    }

    /// All of it.
    pub fn whole(&self) -> Screen {
        let mut screen = Screen::blank(self.head);
        // A screen takes all that comes.
        let _ = self.draw(&mut screen);
        screen
    }

    /// Draws it as far as the canvas wants.
    pub fn draw(&self, canvas: &mut impl Canvas) -> ControlFlow<()> {
        match self.shown {
            Shown::Ending(text) => self.put_system(canvas, Part::Text, text),
            Shown::Receipt => {
                let receipt = self.session.receipt.clone().unwrap_or_default();
                self.put_said(canvas, Part::Text, (SystemText::LateReceipt, vec![Value::Text(receipt)]))
            }
            Shown::Question => {
                self.put_notice(canvas, self.notice(|| [1, 2].into_iter()))?;
                self.put_system(canvas, Part::Text, SystemText::ResumeQuestion)?;
                self.put_own(canvas, &[SystemText::ResumeGoOn, SystemText::ResumeStartAgain])
            }
            Shown::Screen(verb) => {
                match verb {
                    Verb::Choose(choose) => self.choose(choose, canvas)?,
                    Verb::Show(show) => self.show(show, canvas)?,
                    Verb::Ask(ask) => {
                        self.expected(ask, canvas)?;
                        self.put(canvas, Part::Text, &ask.text)?;
                    }
                    Verb::End(text) => self.put(canvas, Part::Text, text)?,
                    Verb::Verify(verify) => self.otp(verify, canvas)?,
                    Verb::Call(_) | Verb::Send(_) | Verb::Branch(_) | Verb::Set(_) | Verb::Run(_) => {}
                }
                self.put_own(canvas, expect::own_options(verb))
            }
        }
    }

    fn choose(&self, choose: &'a Choose, canvas: &mut impl Canvas) -> ControlFlow<()> {
        match &choose.among {
            Among::Options(options) => {
                let options = self.offered(options);
                let notice = self.notice(|| options.iter().map(|(number, _)| *number));
                self.put_notice(canvas, notice.or_else(|| nothing_found(options.is_empty())))?;
                self.put(canvas, Part::Text, &choose.text)?;
                self.put_options(canvas, &options)
            }
            Among::List { list, find, .. } => {
                let all = List::of(self.scope, list);
                let notice = self.notice(|| (1..=u16::MAX).zip(all.shown(find)).map(|(number, _)| number));
                let mut rows = all.shown(find).peekable();
                self.put_notice(canvas, notice.or_else(|| nothing_found(rows.peek().is_none())))?;
                self.put(canvas, Part::Text, &choose.text)?;
                if !find.is_empty() {
                    self.put_system(canvas, Part::Hint, SystemText::TypeFirstLetters)?;
                }
                let mut numbered = (1..=u16::MAX).zip(rows);
                numbered.try_for_each(|(number, row)| self.put_row(canvas, Part::Option(number), list, row))
            }
        }
    }

    fn show(&self, show: &'a Show, canvas: &mut impl Canvas) -> ControlFlow<()> {
        let options = self.offered(&show.options);
        let mut rows = show.rows.as_ref().map(|list| (list, List::of(self.scope, list).visible().peekable()));
        let notice = self.notice(|| options.iter().map(|(number, _)| *number));
        let empty = rows.as_mut().is_some_and(|(_, rows)| rows.peek().is_none());
        self.put_notice(canvas, notice.or_else(|| nothing_found(empty)))?;
        self.put(canvas, Part::Text, &show.text)?;
        if let Some((list, mut rows)) = rows {
            rows.try_for_each(|row| self.put_row(canvas, Part::Row, list, row))?;
        }
        self.put_options(canvas, &options)
    }

    /// What an `ask` wants, after a wrong answer.
    fn expected(&self, ask: &'a Ask, canvas: &mut impl Canvas) -> ControlFlow<()> {
        match &ask.wrong {
            _ if self.session.place.notice == Notice::None => ControlFlow::Continue(()),
            _ if self.needs_help() => self.put_system(canvas, Part::Notice, SystemText::Help),
            Some(text) => self.put(canvas, Part::Notice, text),
            None => self.put_notice(canvas, Some(expect::of(&ask.accept))),
        }
    }

    /// The question for a one-time password.
    fn otp(&self, verify: &'a Verify, canvas: &mut impl Canvas) -> ControlFlow<()> {
        self.put_notice(canvas, verify::said_above(self.session.place.notice, self.needs_help()))?;
        if let Some(prompt) = &verify.prompt {
            return self.put(canvas, Part::Text, prompt);
        }
        let number = Value::Text(self.session.caller().digits().to_owned());
        self.put_said(canvas, Part::Text, (SystemText::OtpPrompt, vec![number]))
    }

    /// The options that are offered now, by their numbers.
    fn offered(&self, options: &'a [ChoiceOption]) -> Vec<(u16, &'a ChoiceOption)> {
        let mut numbered = Vec::with_capacity(options.len());
        numbered.extend(offered(self.scope, options));
        numbered.sort_by_key(|(number, _)| *number);
        numbered
    }

    /// What was wrong with the last answer, where there are options with these numbers.
    fn notice<I: Iterator<Item = u16>>(&self, numbers: impl FnOnce() -> I) -> Option<(SystemText, Vec<Value>)> {
        match self.session.place.notice {
            Notice::None | Notice::WrongOtp(_) | Notice::OtpUnderway => None,
            _ if self.needs_help() => Some((SystemText::Help, Vec::new())),
            Notice::NoneBegin => Some((SystemText::NoneBeginWith, Vec::new())),
            Notice::Unexpected => {
                let mut numbers = numbers();
                let first = numbers.next()?;
                let numbers = expect::numbers(std::iter::once(first).chain(numbers));
                Some((SystemText::WrongOption, vec![numbers]))
            }
        }
    }

    fn needs_help(&self) -> bool {
        self.session.place.wrong >= WRONG_ANSWERS_BEFORE_HELP
    }

    fn put(&self, canvas: &mut impl Canvas, part: Part, text: &Text) -> ControlFlow<()> {
        canvas.put(part, |out| render(self.scope, text, self.head.language, out))
    }

    fn put_system(&self, canvas: &mut impl Canvas, part: Part, text: SystemText) -> ControlFlow<()> {
        canvas.put(part, |out| system(self.scope, text, &[], self.head.language, out))
    }

    fn put_notice(&self, canvas: &mut impl Canvas, notice: Option<(SystemText, Vec<Value>)>) -> ControlFlow<()> {
        notice.map_or(ControlFlow::Continue(()), |said| self.put_said(canvas, Part::Notice, said))
    }

    /// One of the bridge's own texts with its values.
    fn put_said(
        &self,
        canvas: &mut impl Canvas,
        part: Part,
        (text, words): (SystemText, Vec<Value>),
    ) -> ControlFlow<()> {
        canvas.put(part, |out| system(self.scope, text, &words, self.head.language, out))
    }

    fn put_options(&self, canvas: &mut impl Canvas, options: &[(u16, &ChoiceOption)]) -> ControlFlow<()> {
        options.iter().try_for_each(|(number, option)| self.put(canvas, Part::Option(*number), &option.label))
    }

    fn put_own(&self, canvas: &mut impl Canvas, options: &[SystemText]) -> ControlFlow<()> {
        (1..).zip(options).try_for_each(|(number, text)| self.put_system(canvas, Part::Option(number), *text))
    }

    fn put_row(&self, canvas: &mut impl Canvas, part: Part, list: &Rows, row: Seen<'a>) -> ControlFlow<()> {
        canvas.put(part, |out| render(self.scope.with_row(list.each, row), &list.row, self.head.language, out))
    }
}

/// How a screen with a person is answered.
fn kind_of(program: &Program, verb: &Verb, at: Position) -> Result<ScreenKind, Sorry> {
    Ok(match verb {
        Verb::Show(show) if show.options.is_empty() => ScreenKind::Text,
        Verb::Choose(_) | Verb::Show(_) => ScreenKind::Choice,
        Verb::Ask(ask) => {
            let slots = program.menus.get(at.menu.index()).map(|menu| menu.slots.as_slice()).unwrap_or_default();
            // A slot that is not there could be a secret one.
            ScreenKind::Value { secret: slots.get(ask.into.index()).is_none_or(|slot| slot.secret) }
        }
        Verb::Verify(_) => ScreenKind::Value { secret: true },
        Verb::End(_) => ScreenKind::End,
        Verb::Call(_) | Verb::Send(_) | Verb::Branch(_) | Verb::Set(_) | Verb::Run(_) => return Err(Sorry),
    })
}

fn nothing_found(nothing: bool) -> Option<(SystemText, Vec<Value>)> {
    nothing.then_some((SystemText::NothingFound, Vec::new()))
}
