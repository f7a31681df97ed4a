//! The screen on which a session stands, with all values in place. A pure function of program and session, so that a
//! screen can be shown again as it was.

use super::answer::offered;
use super::frame::{Sorry, screen_at};
use super::render::{render, system};
use super::rows::visible;
use super::scope::Scope;
use super::session::{Notice, Session, State};
use super::{Numbered, Screen, ScreenKind, expect};
use crate::menu::{
    Among, Ask, ChoiceOption, Choose, LanguageId, Path, Position, Program, Rows, Show, SystemText, Verb,
};

/// From this many wrong answers in a row on, help is shown instead of what was expected.
const WRONG_ANSWERS_BEFORE_HELP: u8 = 3;

/// The present screen; `plain` where the phone has no UCS-2.
pub(super) fn draw(program: &Program, session: &Session, plain: bool) -> Result<Screen, Sorry> {
    let drawing = Drawing::new(program, session, plain);
    match session.state {
        State::Sorry => Ok(sorry(program, session, plain)),
        // Nothing is shown yet, or the phone was lost while a call was under way; dialling again takes it up.
        State::New | State::Waiting(_) => Ok(drawing.ending(SystemText::Expired)),
        State::Shown if session.offering.is_some() => Ok(drawing.question()),
        State::Shown | State::Ended => drawing.screen(session.position().ok_or(Sorry)?),
    }
}

/// The bridge's own ending.
pub(super) fn sorry(program: &Program, session: &Session, plain: bool) -> Screen {
    Drawing::new(program, session, plain).ending(SystemText::Sorry)
}

/// Whether the home key leads anywhere but here.
pub(super) fn offers_home(program: &Program, at: Position) -> bool {
    program.menus.get(program.home.index()).is_none_or(|home| at != Position { menu: program.home, screen: home.start })
}

/// Whether the back key leads anywhere.
pub(super) fn offers_back(session: &Session) -> bool {
    session.place.find.is_some() || !session.undo.is_empty()
}

struct Drawing<'a> {
    scope: Scope<'a>,
    session: &'a Session,
    language: LanguageId,
}

impl<'a> Drawing<'a> {
    fn new(program: &'a Program, session: &'a Session, plain: bool) -> Self {
        let language = session.language;
        let language = match program.languages.get(language.index()) {
            Some(it) if plain => it.plain,
            Some(_) => language,
            // Of a session that does not fit its program; a screen's language is always one of the program's.
            None => LanguageId(0),
        };
        Self { scope: Scope::new(program, session), session, language }
    }

    fn screen(&self, at: Position) -> Result<Screen, Sorry> {
        let verb = &screen_at(self.scope.program, at)?.verb;
        let mut screen = match verb {
            Verb::Choose(choose) => self.choose(choose),
            Verb::Ask(ask) => self.ask(ask, at),
            Verb::Show(show) => self.show(show),
            Verb::End(text) => return Ok(self.bare(ScreenKind::End, render(self.scope, text, self.language))),
            Verb::Call(_) | Verb::Branch(_) | Verb::Set(_) | Verb::Run(_) => return Err(Sorry),
        };
        let own = expect::own_options(verb);
        if !own.is_empty() {
            screen.options = numbered(own.iter().map(|text| self.system(*text)));
        }
        Ok(Screen { back: offers_back(self.session), home: offers_home(self.scope.program, at), ..screen })
    }

    fn choose(&self, choose: &'a Choose) -> Screen {
        let mut screen = self.bare(ScreenKind::Choice, render(self.scope, &choose.text, self.language));
        match &choose.among {
            Among::Options(options) => screen.options = self.options(options),
            Among::List { list, find, .. } => {
                screen.options = numbered(self.rows(list, find));
                screen.hint = (!find.is_empty()).then(|| self.system(SystemText::TypeFirstLetters));
            }
        }
        screen.notice = self.notice(&screen).or_else(|| self.nothing_found(screen.options.is_empty()));
        screen
    }

    fn show(&self, show: &'a Show) -> Screen {
        let kind = if show.options.is_empty() { ScreenKind::Text } else { ScreenKind::Choice };
        let mut screen = self.bare(kind, render(self.scope, &show.text, self.language));
        screen.options = self.options(&show.options);
        screen.rows = show.rows.as_ref().map(|list| self.rows(list, &[]).collect()).unwrap_or_default();
        let empty = show.rows.is_some() && screen.rows.is_empty();
        screen.notice = self.notice(&screen).or_else(|| self.nothing_found(empty));
        screen
    }

    fn ask(&self, ask: &Ask, at: Position) -> Screen {
        let slots = self.scope.program.menus.get(at.menu.index()).map(|menu| menu.slots.as_slice()).unwrap_or_default();
        // A slot that is not there could be a secret one.
        let secret = slots.get(ask.into.index()).is_none_or(|slot| slot.secret);
        let mut screen = self.bare(ScreenKind::Value { secret }, render(self.scope, &ask.text, self.language));
        screen.notice = (self.session.place.notice != Notice::None).then(|| self.expected(ask));
        screen
    }

    /// What an `ask` wants, after a wrong answer.
    fn expected(&self, ask: &Ask) -> String {
        if self.needs_help() {
            return self.system(SystemText::Help);
        }
        if let Some(text) = &ask.wrong {
            return render(self.scope, text, self.language);
        }
        let (text, words) = expect::of(&ask.accept);
        system(self.scope, text, &words, self.language)
    }

    fn options(&self, options: &'a [ChoiceOption]) -> Vec<Numbered> {
        let label = |(number, option): (u16, &'a ChoiceOption)| Numbered {
            number,
            label: render(self.scope, &option.label, self.language),
        };
        let mut options: Vec<_> = offered(self.scope, options).map(label).collect();
        options.sort_by_key(|option| option.number);
        options
    }

    fn rows(&self, list: &'a Rows, find: &'a [Path]) -> impl Iterator<Item = String> {
        let find = self.session.place.find.as_deref().filter(|_| !find.is_empty()).map(|typed| (find, typed));
        visible(self.scope, list, find).map(|row| render(self.scope.with_row(list.each, row), &list.row, self.language))
    }

    fn notice(&self, screen: &Screen) -> Option<String> {
        match self.session.place.notice {
            Notice::None => None,
            _ if self.needs_help() => Some(self.system(SystemText::Help)),
            Notice::NoneBegin => Some(self.system(SystemText::NoneBeginWith)),
            Notice::Unexpected if screen.options.is_empty() => None,
            Notice::Unexpected => {
                let words = [expect::numbers(screen.options.iter().map(|option| option.number))];
                Some(system(self.scope, SystemText::WrongOption, &words, self.language))
            }
        }
    }

    fn nothing_found(&self, nothing: bool) -> Option<String> {
        nothing.then(|| self.system(SystemText::NothingFound))
    }

    fn needs_help(&self) -> bool {
        self.session.place.wrong >= WRONG_ANSWERS_BEFORE_HELP
    }

    /// The question whether to go on, when a dropped session is dialled again.
    fn question(&self) -> Screen {
        let mut screen = self.bare(ScreenKind::Choice, self.system(SystemText::ResumeQuestion));
        screen.options =
            numbered([SystemText::ResumeGoOn, SystemText::ResumeStartAgain].into_iter().map(|text| self.system(text)));
        screen.notice = self.notice(&screen);
        screen
    }

    fn ending(&self, text: SystemText) -> Screen {
        self.bare(ScreenKind::End, self.system(text))
    }

    fn system(&self, text: SystemText) -> String {
        system(self.scope, text, &[], self.language)
    }

    fn bare(&self, kind: ScreenKind, text: String) -> Screen {
        Screen::bare(kind, text, self.language)
    }
}

fn numbered(labels: impl Iterator<Item = String>) -> Vec<Numbered> {
    (1..=u16::MAX).zip(labels).map(|(number, label)| Numbered { number, label }).collect()
}
