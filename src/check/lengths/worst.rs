//! The longest screen that can come of the declared types.
//!
//! A value is assumed twice: *narrow*, as long as it may be in letters of the GSM 7-bit alphabet, and *wide*, in letters that
//! turn the page into UCS-2. Which of the two is worse is for the phone's pages to say.
//!
//! Texts of unknown content are filled with words of [`WORD`] letters, about as long as the words of names and addresses,
//! since a page is broken between words and what is left of its last line counts. Values that are known (tables, names of
//! languages) count as they are.

use crate::check::graph::{Graph, Node};
use crate::check::named::{Named, follow};
use crate::check::{keys, texts};
use crate::engine::{Numbered, Screen, ScreenKind};
use crate::menu::{
    Among, Ask, Cell, ChoiceOption, Choose, Condition, Filter, LanguageId, Letters, Menu, Operand, Path, Piece, Program,
    Root, Rows, RowSource, SystemText, Table, Template, Text, Type, Verb,
};
use crate::text;
use crate::types::Limits;

/// Letters in a word of a value whose content is not known.
const WORD: usize = 8;
/// A Devanagari letter with its vowel sign: one grapheme, two UTF-16 code units, which few letters of Indian languages
/// exceed (a Hindi text has 1.5 units a grapheme).
const WIDE_LETTER: &str = "मे";
/// The widest letter for the eye; in septets all letters are alike.
const NARROW_LETTER: &str = "W";

/// Which letters values of unknown content are assumed to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Width {
    Narrow,
    Wide,
}

/// How many rows of a list stand on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HowMany {
    All,
    One,
}

/// Writes the longest texts of one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Worst<'a, 'p> {
    pub graph: &'a Graph<'p>,
    pub cells: &'a LongestCells,
    pub language: LanguageId,
    pub width: Width,
}

impl<'p> Worst<'_, 'p> {
    /// The longest screen, all options visible, without a notice. Only for screens with a person.
    pub fn screen(&self, node: Node, rows: HowMany) -> Screen {
        let at = self.graph.screen(node);
        let menu = self.graph.program.menu(self.graph.menu_of(node));
        let mut screen = Screen {
            kind: ScreenKind::Reading,
            notice: None,
            text: String::new(),
            rows: Vec::new(),
            options: self.numbered(menu, texts::options(at)),
            hint: None,
            back: keys::back_works(self.graph, node),
            home: keys::home_works(self.graph, node),
            language: self.language,
        };
        match &at.verb {
            Verb::Choose(choose) => self.choose(menu, choose, rows, &mut screen),
            Verb::Ask(ask) => {
                screen.kind = ScreenKind::Value { secret: menu.slots[ask.into.index()].secret };
                screen.text = self.text(menu, &ask.text);
            }
            Verb::Show(show) => {
                if !show.options.is_empty() {
                    screen.kind = ScreenKind::Choice;
                }
                screen.text = self.text(menu, &show.text);
                if let Some(list) = &show.rows {
                    screen.rows = vec![self.text(menu, &list.row); self.count(list, rows)];
                }
            }
            Verb::End(text) => {
                screen.kind = ScreenKind::End;
                screen.text = self.text(menu, text);
            }
            Verb::Call(_) | Verb::Branch(_) | Verb::Set(_) | Verb::Run(_) => {}
        }
        screen
    }

    /// The longest line that may stand above the screen after a wrong answer: the menu's own or one of the system's.
    pub fn notice(&self, node: Node) -> String {
        let menu = self.graph.program.menu(self.graph.menu_of(node));
        let program = self.graph.program;
        let screen = self.graph.screen(node);
        let mut said = vec![self.text(menu, program.system(SystemText::Help))];
        match &screen.verb {
            Verb::Ask(Ask { wrong: Some(wrong), .. }) => said.push(self.text(menu, wrong)),
            Verb::Ask(ask) => said.push(self.text(menu, program.system(ask.accept.expected()))),
            _ => said.push(self.text(menu, program.system(SystemText::WrongOption))),
        }
        said.into_iter().max_by_key(|line| line.encode_utf16().count()).unwrap_or_default()
    }

    fn choose(&self, menu: &'p Menu, choose: &'p Choose, rows: HowMany, screen: &mut Screen) {
        screen.kind = ScreenKind::Choice;
        screen.text = self.text(menu, &choose.text);
        let Among::List { list, find, .. } = &choose.among else { return };
        let row = self.text(menu, &list.row);
        let all = rows_at_most(self.graph.program, list);
        // A single row stands for every other: it has the longest number.
        let numbers = (all - self.count(list, rows) + 1)..=all;
        screen.options = numbers.map(|n| Numbered { number: saturating(n), label: row.clone() }).collect();
        screen.hint = find.as_ref().map(|_| self.text(menu, self.graph.program.system(SystemText::TypeFirstLetters)));
    }

    fn count(&self, list: &Rows, rows: HowMany) -> usize {
        let all = rows_at_most(self.graph.program, list);
        if rows == HowMany::All { all } else { all.min(1) }
    }

    fn numbered(&self, menu: &'p Menu, options: &'p [ChoiceOption]) -> Vec<Numbered> {
        let numbered = (1..).zip(options).map(|(place, option)| Numbered {
            number: option.key.unwrap_or(place),
            label: self.text(menu, &option.label),
        });
        let mut numbered: Vec<_> = numbered.collect();
        numbered.sort_by_key(|option| option.number);
        numbered
    }

    pub fn text(&self, menu: &'p Menu, text: &'p Text) -> String {
        self.template(menu, text.of(self.language))
    }

    fn template(&self, menu: &'p Menu, template: &'p Template) -> String {
        let mut written = String::new();
        for piece in &template.pieces {
            match piece {
                Piece::Text(literal) => written.push_str(literal),
                Piece::Slot(path, filter) => written.push_str(&self.value(menu, path, *filter)),
            }
        }
        written
    }

    fn value(&self, menu: &'p Menu, path: &'p Path, filter: Filter) -> String {
        let plain = match follow(self.graph.program, menu, path) {
            Named::Typed(ty) => self.typed(ty),
            Named::Column(table, column) => self.cells.longest(table, column, self.language, self.width).to_owned(),
            Named::LanguageName => self.longest_of(self.graph.program.languages.iter().map(|l| l.name.as_str())),
        };
        match filter {
            Filter::None | Filter::Amount | Filter::Date => plain,
            Filter::Mask => text::mask(&plain),
            Filter::Upper => plain.to_uppercase(),
            Filter::Spoken => text::spoken(&plain),
        }
    }

    fn typed(&self, ty: &Type) -> String {
        let program = self.graph.program;
        match ty {
            Type::Text { max, letters: Letters::Digits } => "9".repeat(usize::from(*max)),
            Type::Text { max, letters: Letters::Any } if self.width == Width::Wide => words(WIDE_LETTER, *max),
            Type::Text { max, .. } => words(NARROW_LETTER, *max),
            Type::Number { min, max } => longer(min.to_string(), max.to_string()),
            Type::Amount { max } => text::amount(-max),
            Type::Date => "31-12-9999".to_owned(),
            Type::YesNo => {
                let word = |text| program.system(text).of(self.language).pieces.iter().map(literal).collect::<String>();
                longer(word(SystemText::Yes), word(SystemText::No))
            }
            Type::Language => self.longest_of(program.languages.iter().map(|l| l.name.as_str())),
            // Rows, records and lists are no texts; the compiler refuses to show them.
            Type::Row(_) | Type::Record(_) | Type::List { .. } => String::new(),
        }
    }

    fn longest_of<'t>(&self, texts: impl Iterator<Item = &'t str>) -> String {
        Longest::of(texts).pick(self.width).to_owned()
    }
}
