//! What a program's drawing shows: every screen a box, every way out of it an arrow.

use std::collections::BTreeSet;

use super::words::{Words, wrapped};
use super::{Drawing, Edge, Frame, Line, Mark, Node, Shape};
use crate::check::Unreachable;
use crate::menu::{
    Among, Call, ChoiceOption, FailureName, LanguageId, Menu, MenuId, Operand, Place, Position, Program, Rows, Screen,
    ScreenId, Set, Target, Verb,
};

/// Draws one menu with what leads to it and where it leads, or all menus.
pub(super) fn draw(program: &Program, only: Option<MenuId>, language: LanguageId) -> Drawing {
    let drawn = match only {
        Some(menu) => vec![menu],
        None => (0..).map(MenuId).take(program.menus.len()).collect(),
    };
    let lost = Unreachable::of(program);
    let mut draft =
        Draft { program, language, drawn, lost, drawing: Drawing { whole: only.is_none(), ..Drawing::default() } };
    draft.entries();
    draft.ways_in();
    for at in 0..draft.drawn.len() {
        draft.frame(at);
    }
    draft.drawing
}

/// One way out of a screen, with what the arrow says.
struct Way {
    target: Target,
    label: Option<String>,
    line: Line,
}

struct Draft<'p> {
    program: &'p Program,
    language: LanguageId,
    drawn: Vec<MenuId>,
    lost: Unreachable,
    drawing: Drawing,
}

impl<'p> Draft<'p> {
    fn words(&self, menu: &'p Menu) -> Words<'p> {
        Words { program: self.program, menu, language: self.language }
    }

    /// The place of a menu among those that are drawn. Numbers of boxes begin with it, so that the drawing of one menu stays
    /// the same whatever stands beside the menu.
    fn frame_of(&self, menu: MenuId) -> Option<usize> {
        self.drawn.iter().position(|drawn| *drawn == menu)
    }

    fn id(&self, frame: usize, screen: ScreenId) -> Option<String> {
        let at = Position { menu: *self.drawn.get(frame)?, screen };
        Some(format!("m{frame}_{}", self.program.screen(at).name))
    }

    /// The codes that lead to menus of the drawing.
    fn entries(&mut self) {
        for (number, entry) in self.program.ussd.iter().enumerate() {
            let Some(frame) = self.frame_of(entry.menu) else { continue };
            let Some(start) = self.id(frame, self.program.menu(entry.menu).start) else { continue };
            let id = format!("dial{number}");
            let mut lines = vec![format!("dial {}", entry.code)];
            lines.extend(entry.language.map(|language| format!("in {}", self.program.language(language).name)));
            self.outside(&id, Shape::Dialled, lines);
            self.edge(&id, &start, None, Line::Plain);
        }
    }

    /// The menus beside the drawing that lead into it.
    fn ways_in(&mut self) {
        for (other, menu) in (0..).map(MenuId).zip(&self.program.menus) {
            if self.frame_of(other).is_some() {
                continue;
            }
            for screen in &menu.screens {
                for way in self.ways(menu, screen) {
                    let Target::Menu(into) = way.target else { continue };
                    let Some(start) = self.frame_of(into).and_then(|at| self.id(at, self.program.menu(into).start))
                    else {
                        continue;
                    };
                    let id = format!("from{}", other.0);
                    self.outside(&id, Shape::Elsewhere, vec![format!("from menu {}", menu.name)]);
                    self.edge(&id, &start, way.label, way.line);
                }
            }
        }
    }

    fn frame(&mut self, at: usize) {
        let Some(&id) = self.drawn.get(at) else { return };
        let menu = self.program.menu(id);
        let mut title = menu.name.clone();
        if let Some(text) = &menu.title {
            title = format!("{title}: {}", self.words(menu).text(text));
        }
        if self.lost.menus.contains(&id) {
            title.push_str(" [no entry leads here]");
        }
        let mut nodes = Vec::new();
        let mut led_out = BTreeSet::new();
        for (screen_id, screen) in (0..).map(ScreenId).zip(&menu.screens) {
            let position = Position { menu: id, screen: screen_id };
            let Some(from) = self.id(at, screen_id) else { continue };
            nodes.push(self.node(from.clone(), position, menu, screen));
            for way in self.ways(menu, screen) {
                let to = match self.head(at, way.target) {
                    Head::Drawn(to) => to,
                    Head::Outside(to, word) => {
                        self.outside(&to, Shape::Elsewhere, vec![word]);
                        to
                    }
                    Head::Word(word) => {
                        led_out.insert(word);
                        format!("t{at}_{word}")
                    }
                };
                self.edge(&from, &to, way.label, way.line);
            }
        }
        let word = |word: &'static str| Node {
            id: format!("t{at}_{word}"),
            shape: Shape::Elsewhere,
            lines: vec![word.to_owned()],
            marks: Vec::new(),
        };
        nodes.extend(led_out.into_iter().map(word));
        self.drawing.frames.push(Frame { id: format!("menu{at}"), title, nodes });
    }

    fn head(&self, frame: usize, target: Target) -> Head {
        match target {
            Target::Screen(screen) => self.id(frame, screen).map_or(Head::Word("sorry"), Head::Drawn),
            Target::Menu(menu) => {
                let drawn = self.frame_of(menu).and_then(|at| self.id(at, self.program.menu(menu).start));
                let outside =
                    || Head::Outside(format!("to{}", menu.0), format!("menu {}", self.program.menu(menu).name));
                drawn.map_or_else(outside, Head::Drawn)
            }
            Target::Home => Head::Word("home"),
            Target::Back => Head::Word("back"),
            Target::Return => Head::Word("return"),
            Target::Sorry => Head::Word("sorry"),
        }
    }

    fn node(&self, id: String, at: Position, menu: &'p Menu, screen: &'p Screen) -> Node {
        let words = self.words(menu);
        let mut marks = Vec::new();
        let (shape, mut about) = match &screen.verb {
            Verb::Choose(choose) => (Shape::Choose, wrapped(&words.text(&choose.text))),
            Verb::Ask(ask) => (Shape::Ask, wrapped(&words.text(&ask.text))),
            Verb::Show(show) => (Shape::Show, wrapped(&words.text(&show.text))),
            Verb::End(text) => (Shape::End, wrapped(&words.text(text))),
            Verb::Call(call) => {
                let operation = self.program.operation(call.operation);
                marks.extend(operation.changes.then_some(Mark::Changes));
                let late =
                    call.late.as_ref().map(|late| format!("later: {}", self.program.message(late.answer.message).name));
                (Shape::Call, std::iter::once(operation.name.clone()).chain(late).collect())
            }
            Verb::Send(send) => {
                let to = send.to.as_ref().map(|to| format!("to {}", words.operand(to)));
                (Shape::Send, std::iter::once(self.program.message(send.what.message).name.clone()).chain(to).collect())
            }
            Verb::Verify(verify) => {
                let prompt = verify.prompt.as_ref().map(|prompt| wrapped(&words.text(prompt)));
                (Shape::Verify, prompt.unwrap_or_default())
            }
            Verb::Branch(_) => (Shape::Branch, Vec::new()),
            Verb::Set(set) => (Shape::Set, self.kept(set, words)),
            Verb::Run(run) => (Shape::Run, vec![self.program.menu(run.menu).name.clone()]),
        };
        if let Some(rows) = screen.verb.rows() {
            about.extend(wrapped(&format!("each: {}", words.text(&rows.row))));
        }
        if self.is_personal(at.menu, screen) {
            marks.push(Mark::Personal);
        }
        if self.lost.screens.contains(&at) {
            marks.push(Mark::Unreachable);
        }
        let mut lines = vec![format!("{} {}", shape.word(), screen.name)];
        lines.extend(about);
        lines.extend(marks.iter().map(|mark| format!("[{}]", mark.word())));
        Node { id, shape, lines, marks }
    }

    fn kept(&self, set: &Set, words: Words<'_>) -> Vec<String> {
        let name = |place: Place| match place {
            Place::Slot(slot) => words.menu.slots.get(slot.index()).map_or("", |slot| &slot.name).to_owned(),
            Place::Profile(field) => {
                let name = self.program.profile.get(field.index()).map_or("", |field| &field.name);
                format!("profile.{name}")
            }
            Place::Language => "language".to_owned(),
        };
        set.assign.iter().map(|(place, value)| format!("{}: {}", name(*place), words.operand(value))).collect()
    }

    /// Whether a screen shows personal data, in whatever language, or fetches them.
    fn is_personal(&self, menu: MenuId, screen: &Screen) -> bool {
        if let Verb::Call(Call { operation, into: Some(_), .. }) = &screen.verb {
            return self.program.operation(*operation).answer_type.holds_personal();
        }
        if let Verb::Send(send) = &screen.verb {
            let is_personal =
                |operand: &Operand| matches!(operand, Operand::Path(path) if self.program.is_personal(menu, path));
            return send.what.give.iter().any(is_personal);
        }
        let templates = screen.verb.texts().into_iter().flat_map(|text| text.languages.iter());
        templates.flat_map(|template| template.paths()).any(|path| self.program.is_personal(menu, path))
    }

    fn ways(&self, menu: &'p Menu, screen: &'p Screen) -> Vec<Way> {
        let words = self.words(menu);
        let plain = |target: Target| Way { target, label: None, line: Line::Plain };
        let named = |target: Target, label: String| Way { target, label: Some(label), line: Line::Plain };
        let failed = |target: Target, label: &str| Way { target, label: Some(label.to_owned()), line: Line::Failure };
        let none = |rows: &Rows| rows.none.map(|target| failed(target, "none"));
        match &screen.verb {
            Verb::Choose(choose) => match &choose.among {
                Among::Options(options) => chosen(options, words),
                Among::List { list, next, .. } => {
                    std::iter::once(named(*next, "a row".to_owned())).chain(none(list)).collect()
                }
            },
            Verb::Ask(ask) => {
                let tries = ask.tries.map_or_else(String::new, |tries| format!("wrong {tries} times"));
                std::iter::once(plain(ask.next)).chain(ask.on_wrong.map(|target| failed(target, &tries))).collect()
            }
            Verb::Show(show) => {
                let mut ways = chosen(&show.options, words);
                ways.extend(show.next.map(plain));
                ways.extend(show.rows.as_ref().and_then(none));
                ways
            }
            Verb::End(_) => Vec::new(),
            Verb::Call(call) => {
                let fails = call.fails.iter().map(|(name, target)| failed(*target, failure(name)));
                std::iter::once(plain(call.next)).chain(fails).collect()
            }
            Verb::Send(send) => vec![plain(send.next)],
            Verb::Verify(verify) => {
                let wrong = failed(verify.wrong, &format!("wrong {} times", verify.tries));
                let others = [(verify.expired, "expired"), (verify.unsent, "unsent")];
                let said = others.into_iter().filter(|(target, _)| *target != Target::Sorry);
                [plain(verify.next), wrong]
                    .into_iter()
                    .chain(said.map(|(target, label)| failed(target, label)))
                    .collect()
            }
            Verb::Branch(arms) => {
                let label = |when: &Option<_>| {
                    when.as_ref().map_or("otherwise".to_owned(), |when| format!("if {}", words.condition(when)))
                };
                arms.iter().map(|arm| named(arm.go, label(&arm.when))).collect()
            }
            Verb::Set(set) => vec![plain(set.next)],
            Verb::Run(run) => {
                let into = Way { target: Target::Menu(run.menu), label: Some("runs".to_owned()), line: Line::Run };
                vec![into, named(run.next, "returned".to_owned())]
            }
        }
    }

    /// Something beside the menus, drawn once.
    fn outside(&mut self, id: &str, shape: Shape, lines: Vec<String>) {
        if !self.drawing.outside.iter().any(|node| node.id == id) {
            self.drawing.outside.push(Node { id: id.to_owned(), shape, lines, marks: Vec::new() });
        }
    }

    /// An arrow. One with the same ends and line carries both labels.
    fn edge(&mut self, from: &str, to: &str, label: Option<String>, line: Line) {
        let same = |edge: &&mut Edge| edge.from == from && edge.to == to && edge.line == line;
        match self.drawing.edges.iter_mut().find(same) {
            Some(edge) => edge.labels.extend(label),
            None => self.drawing.edges.push(Edge {
                from: from.to_owned(),
                to: to.to_owned(),
                labels: label.into_iter().collect(),
                line,
            }),
        }
    }
}

/// What an arrow points at.
enum Head {
    /// A box with this id.
    Drawn(String),
    /// A menu that is not drawn: the id of its box, and what it says.
    Outside(String, String),
    /// `home`, `back`, `return`, or the bridge's own "sorry".
    Word(&'static str),
}

fn chosen(options: &[ChoiceOption], words: Words<'_>) -> Vec<Way> {
    let way = |(place, option): (u16, &ChoiceOption)| {
        let mut label = format!("{} {}", option.key.unwrap_or(place), words.text(&option.label));
        if let Some(when) = &option.when {
            label = format!("{label} (if {})", words.condition(when));
        }
        Way { target: option.go, label: Some(label), line: Line::Plain }
    };
    (1..).zip(options).map(way).collect()
}

fn failure(name: &FailureName) -> &str {
    match name {
        FailureName::Down => "down",
        FailureName::Refused => "refused",
        FailureName::Late => "late",
        FailureName::Unknown => "unknown",
        FailureName::Named(name) => name,
    }
}
