//! The longest screen that can come of the declared types.
//!
//! A value is assumed twice: *narrow*, as long as it may be in letters of the GSM 7-bit alphabet, and *wide*, in letters that
//! turn the page into UCS-2. Which of the two is worse is for the phone's pages to say.
//!
//! Texts of unknown content are filled with words of [`WORD`] letters, about as long as the words of names and addresses,
//! since a page is broken between words and what is left of its last line counts. Values that are known (tables, names of
//! languages) count as they are.

use chrono::NaiveDate;

use super::tables::{Longest, LongestCells, MostRows, Width, units};
use crate::check::graph::{Graph, Node};
use crate::check::keys;
use crate::check::named::{Named, follow};
use crate::engine::{Numbered, Screen, ScreenKind, expect, verify};
use crate::menu::{
    Among, Ask, ChoiceOption, Choose, Filter, LanguageId, Letters, Menu, Path, Piece, Root, SystemText, Template, Text,
    Type, Value, Verb, write,
};

/// Letters in a word of a value whose content is not known.
const WORD: usize = 8;
/// A Devanagari letter with its vowel sign: one grapheme, two UTF-16 code units, which few letters of Indian languages
/// exceed (a Hindi text has 1.5 units a grapheme).
const WIDE_LETTER: &str = "मे";
/// The widest letter for the eye; in septets all letters are alike.
const NARROW_LETTER: &str = "W";

/// How many rows of a list stand on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HowMany {
    All,
    One,
}

/// Writes the longest texts of one language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Worst<'a, 'p> {
    pub(super) graph: &'a Graph<'p>,
    pub(super) cells: &'a LongestCells,
    pub(super) most_rows: &'a MostRows,
    pub(super) language: LanguageId,
    pub(super) width: Width,
}

impl<'p> Worst<'_, 'p> {
    /// The longest screen, all options visible, without a notice. Only for screens with a person.
    pub(super) fn screen(&self, node: Node, rows: HowMany) -> Screen {
        let at = self.graph.screen(node);
        let menu = self.graph.program.menu(self.graph.menu_of(node));
        let mut screen = Screen {
            kind: ScreenKind::Text,
            notice: None,
            text: String::new(),
            rows: Vec::new(),
            options: self.numbered(menu, at.verb.options()),
            hint: None,
            back: keys::back_works(self.graph, node),
            home: keys::home_works(self.graph, node),
            language: self.language,
        };
        match &at.verb {
            Verb::Choose(choose) => self.choose(node, choose, rows, &mut screen),
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
                    screen.rows = vec![self.text(menu, &list.row); self.count(node, rows)];
                }
            }
            Verb::End(text) => {
                screen.kind = ScreenKind::End;
                screen.text = self.text(menu, text);
            }
            Verb::Verify(verify) => {
                screen.kind = ScreenKind::Value { secret: true };
                screen.text = match &verify.prompt {
                    Some(prompt) => self.text(menu, prompt),
                    None => self.longest_system(SystemText::OtpPrompt),
                };
            }
            Verb::Call(_) | Verb::Send(_) | Verb::Branch(_) | Verb::Set(_) | Verb::Run(_) => {}
        }
        let own = (1..).zip(expect::own_options(&at.verb));
        screen.options.extend(own.map(|(number, text)| Numbered { number, label: self.system(*text, &[]) }));
        screen
    }

    /// The longest line that may stand above the screen after wrong answers.
    pub(super) fn notice(&self, node: Node) -> String {
        let mut said = vec![self.system(SystemText::Help, &[])];
        match &self.graph.screen(node).verb {
            Verb::Ask(Ask { wrong: Some(wrong), .. }) => {
                said.push(self.text(self.graph.program.menu(self.graph.menu_of(node)), wrong));
            }
            Verb::Ask(ask) => {
                let (text, words) = expect::of(&ask.accept);
                said.push(self.system(text, &words));
            }
            Verb::Verify(_) => {
                let (text, words) = expect::of(&verify::LOOKS);
                said.push(self.system(text, &words));
                said.extend([SystemText::OtpWrong, SystemText::OtpUnderway].map(|text| self.longest_system(text)));
            }
            _ => {
                let options = self.screen(node, HowMany::All).options;
                let expected = expect::numbers(options.iter().map(|option| option.number));
                said.push(self.system(SystemText::WrongOption, &[expected]));
                said.push(self.system(SystemText::NoneBeginWith, &[]));
            }
        }
        said.into_iter().reduce(longer).unwrap_or_default()
    }

    fn choose(&self, node: Node, choose: &'p Choose, rows: HowMany, screen: &mut Screen) {
        let menu = self.graph.program.menu(self.graph.menu_of(node));
        screen.kind = ScreenKind::Choice;
        screen.text = self.text(menu, &choose.text);
        let Among::List { list, find, .. } = &choose.among else { return };
        let row = self.text(menu, &list.row);
        let all = self.most_rows.at(node);
        // A single row stands for every other: it has the longest number.
        let numbers = (all - self.count(node, rows) + 1)..=all;
        screen.options = numbers.map(|n| Numbered { number: saturating(n), label: row.clone() }).collect();
        screen.hint = (!find.is_empty()).then(|| self.system(SystemText::TypeFirstLetters, &[]));
    }

    fn count(&self, node: Node, rows: HowMany) -> usize {
        let all = self.most_rows.at(node);
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

    pub(super) fn text(&self, menu: &'p Menu, text: &'p Text) -> String {
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
        match follow(self.graph.program, menu, path) {
            Named::Typed(ty) | Named::Field(ty) => self.typed(ty, filter),
            Named::Column(table, column) => {
                self.cells.longest((table, column, filter), self.language, self.width).to_owned()
            }
            Named::LanguageName => self.written(&self.language_name(), filter),
        }
    }

    /// The value of a type that takes most room, written.
    fn typed(&self, ty: &Type, filter: Filter) -> String {
        let text = |text: String| vec![Value::Text(text)];
        let candidates = match ty {
            Type::Text { max, letters: Letters::Digits } => text("9".repeat(usize::from(*max))),
            Type::Text { max, letters: Letters::Any } if self.width == Width::Wide => text(words(WIDE_LETTER, *max)),
            Type::Text { max, .. } => text(words(NARROW_LETTER, *max)),
            // Of the numbers on one side of zero, the one that is farthest from it is longest.
            Type::Number { min, max } => vec![Value::Number(*min), Value::Number(*max)],
            Type::Amount { max } => vec![Value::Amount(-max)],
            Type::Date => vec![Value::Date(NaiveDate::default())],
            Type::YesNo => vec![Value::YesNo(true), Value::YesNo(false)],
            Type::Language => vec![self.language_name()],
            // Rows, records and lists are no texts; the compiler refuses to show them.
            Type::Row(_) | Type::Record(_) | Type::List { .. } => Vec::new(),
        };
        candidates.iter().map(|value| self.written(value, filter)).reduce(longer).unwrap_or_default()
    }

    fn language_name(&self) -> Value {
        let names = self.graph.program.languages.iter().map(|language| language.name.clone());
        Value::Text(Longest::of(names).pick(self.width).to_owned())
    }

    /// The longest that one of the bridge's own texts can become.
    pub(super) fn longest_system(&self, text: SystemText) -> String {
        let takes = text.takes();
        self.system_with(text, |name, filter| takes.get(name).map(|(_, ty)| self.typed(ty, filter)))
    }

    /// One of the bridge's own texts, whose names stand for `words` in their order.
    pub(super) fn system(&self, text: SystemText, words: &[Value]) -> String {
        self.system_with(text, |name, filter| words.get(name).map(|word| self.written(word, filter)))
    }

    fn system_with(&self, text: SystemText, word: impl Fn(usize, Filter) -> Option<String>) -> String {
        let pieces = &self.graph.program.system(text).of(self.language).pieces;
        let written = pieces.iter().map(|piece| match piece {
            Piece::Text(literal) => literal.to_string(),
            Piece::Slot(Path { root: Root::Slot(name), .. }, filter) => word(name.index(), *filter).unwrap_or_default(),
            Piece::Slot(..) => String::new(),
        });
        written.collect()
    }

    /// A value as texts write it.
    fn written(&self, value: &Value, filter: Filter) -> String {
        let mut out = String::new();
        if let Some(value) = value.scalar() {
            write(value, filter, |word| self.graph.program.word(word, self.language), &mut out);
        }
        out
    }
}

/// `max` letters in words of [`WORD`] with a space between each two.
fn words(letter: &str, max: u16) -> String {
    let max = usize::from(max);
    // A space in the last place would be lost.
    let is_space = |at: usize| at % (WORD + 1) == WORD && at + 1 < max;
    (0..max).map(|at| if is_space(at) { " " } else { letter }).collect()
}

fn longer(a: String, b: String) -> String {
    if units(&b) > units(&a) { b } else { a }
}

fn saturating(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
