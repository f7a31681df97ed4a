//! A citizen's phone on the program of `tests/fixtures/engine`, and what it shows in one line.

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use crate::engine::*;
use crate::menu::{LanguageId, Program, Value, compile};
use crate::phone::{Country, parse};
use crate::source::{Files, render};
use crate::types::{Channel, Timestamp};

pub(super) static PROGRAM: LazyLock<Program> = LazyLock::new(|| read_program("tests/fixtures/engine"));

/// Compiles a folder of the repository.
pub(super) fn read_program(folder: &str) -> Program {
    let files = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    let (program, findings) = compile(&files);
    program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)))
}

const MESSAGES: &str = "header: GRAMST
kind: service
messages:
  bridge.otp: {texts: {en: '{{ code }}'}}
  bridge.late_failed: {texts: {en: 'No answer to {{ receipt }}.'}}
  claim: {takes: {status: alphanumeric 20, amount: numeric}, texts: {en: '{{ status }}: Rs {{ amount }}'}}
  hello: {takes: {name: alphanumeric 20}, texts: {en: 'Hello {{ name }}'}}
  sorry: {texts: {en: Sorry}}
";

/// A program of one menu, `m`, and operations of one department.
pub(super) fn small_program(menu: &str, department: &str) -> &'static Program {
    let mut files = Files::default();
    files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*123#\": m}\n");
    files.add("messages/m.yaml", MESSAGES);
    files.add("m.yaml", format!("menu: m\n{menu}"));
    if !department.is_empty() {
        files.add("departments/d.yaml", format!("department: d\n{department}"));
    }
    let (program, findings) = compile(&files);
    Box::leak(Box::new(program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)))))
}

fn files(root: &Path) -> Files {
    fn read(files: &mut Files, root: &Path, folder: &Path) {
        let entries = std::fs::read_dir(folder).expect("a folder of fixtures");
        let mut entries: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                read(files, root, &path);
            } else {
                let name = path.strip_prefix(root).expect("a path below the root").to_str().expect("a plain name");
                files.add(name, std::fs::read_to_string(&path).expect("a fixture"));
            }
        }
    }
    let mut files = Files::default();
    read(&mut files, root, root);
    files
}

pub(super) struct Phone {
    program: &'static Program,
    pub(super) session: Session,
    pub(super) now: Now,
    pub(super) last: Step,
    /// Unless a call is under way.
    screen: Option<Screen>,
}

impl Phone {
    pub(super) fn dial(path: &[&str]) -> Self {
        Self::enter("home", path)
    }

    /// Dials a code that leads to a menu.
    pub(super) fn enter(menu: &str, path: &[&str]) -> Self {
        Self::on(&PROGRAM, menu, path)
    }

    pub(super) fn on(program: &'static Program, menu: &str, path: &[&str]) -> Self {
        let now = Now { at: Timestamp(1_795_000_000_000), plain: false };
        let facts = Facts {
            id: SessionId(42),
            caller: parse("919812345670", Country::by_iso("IN").expect("India")).expect("a number"),
            channel: Channel::Ussd,
            entry: program.menu_by_name(menu).expect("a menu"),
            language: LanguageId(0),
            profile: Vec::new(),
            at: now.at,
        };
        let mut session = Session::begin(program, facts);
        let path = DialPath(path.iter().map(|&answer| answer.to_owned()).collect());
        let last = step(program, &mut session, now, Event::Begin(path));
        let screen = shown(program, &session, now, &last);
        Self { program, session, now, last, screen }
    }

    /// A phone in the middle of a session.
    pub(super) fn amid(program: &'static Program, session: Session) -> Self {
        let now = Now { at: session.touched, plain: false };
        // An answer to another call shows what is there.
        let last = step(program, &mut session.clone(), now, Event::Late(WaitId(u32::MAX)));
        let screen = shown(program, &session, now, &last);
        Self { program, session, now, last, screen }
    }

    pub(super) fn event(&mut self, event: Event) -> String {
        self.last = step(self.program, &mut self.session, self.now, event);
        self.screen = shown(self.program, &self.session, self.now, &self.last);
        self.shows()
    }

    pub(super) fn answer(&mut self, text: &str) -> String {
        self.event(Event::Answer(Reading::Text(text.to_owned())))
    }

    /// Several answers, and what is shown after the last.
    pub(super) fn answers(&mut self, texts: &[&str]) -> String {
        for text in texts {
            self.answer(text);
        }
        self.shows()
    }

    pub(super) fn back(&mut self) -> String {
        self.event(Event::Answer(Reading::Back))
    }

    pub(super) fn home(&mut self) -> String {
        self.event(Event::Answer(Reading::Home))
    }

    pub(super) fn redial(&mut self) -> String {
        self.event(Event::Redial)
    }

    pub(super) fn done(&mut self, outcome: Outcome) -> String {
        let Next::Wait(wait, _) = &self.last.next else { panic!("no call is under way: {}", self.shows()) };
        let wait = *wait;
        self.event(Event::Done(wait, outcome))
    }

    pub(super) fn answered(&mut self, fields: Vec<Option<Value>>) -> String {
        self.done(Outcome::Answered(Value::Record(fields)))
    }

    /// The department lists members; those whose name ends in `-` are not active.
    pub(super) fn members(&mut self, names: &[&str]) -> String {
        let member = |name: &&str| {
            Value::Record(vec![
                Some(text(name.trim_end_matches('-'))),
                Some(Value::Amount(123_450)),
                Some(Value::YesNo(!name.ends_with('-'))),
            ])
        };
        self.answered(vec![Some(Value::List(names.iter().map(member).collect()))])
    }

    pub(super) fn fails(&mut self, failure: Failure) -> String {
        self.done(Outcome::Failed(failure))
    }

    pub(super) fn wait(&mut self, time: Duration) {
        self.now.at = self.now.at.plus(time);
    }

    /// The call that is under way.
    pub(super) fn call(&self) -> &CallRequest {
        match &self.last.next {
            Next::Wait(_, Request::Call(call)) => call,
            next => panic!("no call is under way but {next:?}"),
        }
    }

    pub(super) fn screen(&self) -> &Screen {
        self.screen.as_ref().expect("no call is under way")
    }

    /// `! notice / text / - row / 1 label / ? hint`, and `end` where the dialogue ends, `…` while a call is under way.
    pub(super) fn shows(&self) -> String {
        let Some(screen) = &self.screen else { return "…".to_owned() };
        let notice = screen.notice.iter().map(|notice| format!("! {notice}"));
        let text = screen.text.lines().map(str::to_owned);
        let rows = screen.rows.iter().map(|row| format!("- {row}"));
        let options = screen.options.iter().map(|option| format!("{} {}", option.number, option.label));
        let hint = screen.hint.iter().map(|hint| format!("? {hint}"));
        let end = (screen.kind == ScreenKind::End).then(|| "end".to_owned());
        notice.chain(text).chain(rows).chain(options).chain(hint).chain(end).collect::<Vec<_>>().join(" / ")
    }

    /// The moves of the last step, as `from answer to`.
    pub(super) fn moves(&self) -> Vec<String> {
        let name = |at: Option<crate::menu::Position>| {
            at.map_or("-".to_owned(), |at| {
                format!("{}.{}", self.program.menu(at.menu).name, self.program.screen(at).name)
            })
        };
        let record = |effect: &Effect| match effect {
            Effect::Record(Journey { from, answer, to }) => Some(format!("{} {answer:?} {}", name(*from), name(*to))),
            _ => None,
        };
        self.last.effects.iter().filter_map(record).collect()
    }
}

fn shown(program: &Program, session: &Session, now: Now, step: &Step) -> Option<Screen> {
    (!matches!(step.next, Next::Wait(..))).then(|| present(program, session, now).whole())
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}
