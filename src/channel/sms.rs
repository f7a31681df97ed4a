//! What a text that came in means: a keyword with its arguments, a command, or nothing that is known.
//!
//! One in twenty people who text a public service get the form wrong. So case, spaces and marks do not count, native script
//! and digits do as well as Latin ones, arguments stand in any order in which their types leave no doubt, and one slip in
//! the keyword is forgiven where it can mean only one and nothing is done that cannot be undone.

mod arguments;
mod letters;
mod near;
mod walks;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use crate::menu::{Accept, ArgumentKind, Command, Keyword, KeywordId, LanguageId, Program, Value, keyword_form};
use crate::text::{is_plain, to_gsm};
use arguments::Given;
use letters::{Found, Letters};

pub use walks::asks_for_a_menu;

/// What a text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    Keyword(Match),
    /// A keyword with something else behind it than it wants: its `form` says the right form.
    WrongForm {
        keyword: KeywordId,
    },
    Command {
        command: Command,
        /// The sender of messages that it is about, where one is named: `STOP EPFOHO`.
        header: Option<String>,
    },
    Nothing,
}

/// A keyword with what stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    pub keyword: KeywordId,
    /// What the menu takes, in its order; `None` for what may be left out, and is.
    pub values: Vec<Option<Value>>,
    /// The language that the answer should come in.
    pub language: Option<LanguageId>,
}

/// No keyword with its arguments is longer; whoever writes more writes to a person.
const MOST_LETTERS: usize = 400;

/// No command has more words, its sender among them.
const WORDS_OF_A_COMMAND: usize = 4;

/// Words that nobody begins a text with who wants anything else. Words of other languages often mean more than the command: `band`
/// is also "closed".
const MEANS_STOP: [&str; 2] = ["stop", "unsubscribe"];

/// A text of more words that begins with one of those is a letter to somebody.
const WORDS_OF_A_STOP: usize = 6;

/// What a text means on this day. Commands come before everything; what a live session asked is its own business.
pub fn read(program: &Program, text: &str, today: NaiveDate) -> Heard {
    let text = text.trim();
    if text.chars().nth(MOST_LETTERS).is_some() {
        return Heard::Nothing;
    }
    let text: String = text.nfc().collect();
    let letters = Letters::of(&text);
    let forms = || program.keywords.iter().flat_map(|keyword| &keyword.forms);
    let begins = forms().any(|form| letters.places(form).any(|found| found.from == 0 && found.set_apart));
    if let Some(heard) = commanded(program, &letters, begins) {
        return heard;
    }
    let mut heard = keyword(program, &text, &letters, today);
    if !is_plain(&text) && !matches!(heard, Heard::Keyword(_)) {
        let spelt = to_gsm(&text);
        let in_latin = keyword(program, &spelt, &Letters::of(&spelt), today);
        if heard == Heard::Nothing || matches!(in_latin, Heard::Keyword(_)) {
            heard = in_latin;
        }
    }
    heard
}

/// A command: the whole text, perhaps with a sender; or, unless it is a keyword, a text of few words that begins with "stop", for
/// nobody who wants no more messages is to be told how to get them.
fn commanded(program: &Program, letters: &Letters, is_keyword: bool) -> Option<Heard> {
    let words = letters.words();
    let header = |words: &[String]| {
        let known = program.messages.iter().map(|message| &message.header);
        known.into_iter().find(|header| words.concat() == keyword_form(header)).cloned()
    };
    for most in (1..=words.len().min(WORDS_OF_A_COMMAND)).rev() {
        let (first, rest) = words.split_at(most);
        let Some(command) = program.command_words.command(&first.concat()) else { continue };
        let again = |word: &String| program.command_words.command(word) == Some(command);
        let header = if rest.is_empty() { None } else { header(rest) };
        if rest.iter().all(again) || header.is_some() || (!is_keyword && stops(command, &first.concat(), &words)) {
            return Some(Heard::Command { command, header });
        }
    }
    None
}

fn stops(command: Command, begins: &str, words: &[String]) -> bool {
    command == Command::Stop && MEANS_STOP.contains(&begins) && words.len() <= WORDS_OF_A_STOP
}

/// A keyword at which a text may be taken apart.
struct Candidate<'p> {
    id: KeywordId,
    keyword: &'p Keyword,
    found: Found,
    /// Without its arguments it is not this keyword: it is not set apart from what follows, or is not spelt right.
    only_whole: bool,
}

impl Candidate<'_> {
    /// What would change something stands by itself, and begins its text where it takes whatever is written beside it: "I do not want a
    /// CYLINDER please" books none.
    fn may_be_meant(&self) -> bool {
        let takes_anything = || {
            let mut kinds = self.keyword.args.iter().map(|argument| &argument.takes);
            kinds.any(|kind| matches!(kind, ArgumentKind::Value(Accept::Text { .. }, _)))
        };
        !self.keyword.changes || (self.found.set_apart && (self.found.from == 0 || !takes_anything()))
    }
}

fn keyword(program: &Program, text: &str, letters: &Letters, today: NaiveDate) -> Heard {
    let mut first: Option<KeywordId> = None;
    let near = std::iter::once_with(|| near::nearest(program, letters)).flatten();
    for candidate in exact(program, letters).into_iter().chain(near) {
        // Another keyword than the longest that stands there is none.
        if first.is_some_and(|first| first != candidate.id) {
            continue;
        }
        let given = Given { program, text, words: letters.beside(candidate.found), today };
        if candidate.may_be_meant()
            && let Some((values, language)) = given.read(candidate.keyword)
        {
            return Heard::Keyword(Match { keyword: candidate.id, values, language });
        }
        if !candidate.only_whole {
            first = first.or(Some(candidate.id));
        }
    }
    first.map_or(Heard::Nothing, |keyword| Heard::WrongForm { keyword })
}

/// The keywords that stand in a text, the surest first: set apart at its beginning, else anywhere; run into what follows.
fn exact<'p>(program: &'p Program, letters: &Letters) -> Vec<Candidate<'p>> {
    let keywords = || (0..).map(KeywordId).zip(&program.keywords);
    let mut all = Vec::new();
    for (id, keyword) in keywords() {
        for form in &keyword.forms {
            let places = letters.places(form);
            all.extend(places.map(|found| {
                let rank = match (found.from == 0, found.set_apart) {
                    (true, true) => 0,
                    (false, true) => 1,
                    (_, false) => 2,
                };
                let only_whole = !found.set_apart;
                (rank, std::cmp::Reverse(found.to - found.from), Candidate { id, keyword, found, only_whole })
            }));
        }
    }
    all.sort_by_key(|(rank, length, candidate)| (*rank, *length, candidate.found.from, candidate.id));
    all.into_iter().map(|(_, _, candidate)| candidate).collect()
}

#[cfg(test)]
mod tests;
