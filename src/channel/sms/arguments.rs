//! What stands behind a keyword, read as its arguments.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::letters::Word;
use crate::engine::read_value;
use crate::menu::{Accept, Argument, ArgumentKind, Keyword, LanguageId, Program, Value, keyword_form};
use crate::text::is_ignored;

/// The words of a text beside its keyword.
pub(super) struct Given<'a> {
    pub program: &'a Program,
    pub text: &'a str,
    pub words: Vec<Word>,
    pub today: NaiveDate,
}

/// What one argument was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Read {
    Value(Value),
    Language(LanguageId),
}

/// By argument; `None` where it is left out.
type Assigned = Vec<Option<Read>>;

/// So many ways to read a text are as good as any number of them.
const ENOUGH: usize = 32;

/// More words than the arguments of any keyword have.
const MOST_WORDS: usize = 40;

impl Given<'_> {
    /// The arguments: as many of them as can be read, in their own order where they can, else in the only other. `None` where
    /// there is none, or more than one.
    pub(super) fn read(&self, keyword: &Keyword) -> Option<(Vec<Option<Value>>, Option<LanguageId>)> {
        if self.words.len() > MOST_WORDS {
            return None;
        }
        let search = |in_order| {
            let mut search = Search {
                given: self,
                args: &keyword.args,
                in_order,
                assigned: vec![None; keyword.args.len()],
                dead: BTreeSet::new(),
                found: Vec::new(),
            };
            search.from(0);
            search.found
        };
        let filled = |assigned: &Assigned| assigned.iter().filter(|read| read.is_some()).count();
        let (in_order, any) = (search(true), search(false));
        let most = in_order.iter().chain(&any).map(filled).max()?;
        let mut best = in_order.into_iter().filter(|assigned| filled(assigned) == most);
        let assigned = best.next().or_else(|| {
            let mut any = any.into_iter().filter(|assigned| filled(assigned) == most);
            any.next().filter(|_| any.next().is_none())
        })?;
        let taken = self.program.menus.get(keyword.run.index()).map_or(0, |menu| menu.takes);
        let mut values = vec![None; usize::from(taken)];
        let mut language = None;
        for (arg, read) in keyword.args.iter().zip(assigned) {
            match (&arg.takes, read) {
                (ArgumentKind::Value(_, slot), Some(Read::Value(value))) => {
                    if let Some(place) = values.get_mut(slot.index()) {
                        *place = Some(value);
                    }
                }
                (ArgumentKind::Language, Some(Read::Language(id))) => language = Some(id),
                _ => {}
            }
        }
        Some((values, language))
    }

    /// The words from one to another as a value of an argument.
    fn value(&self, arg: &Argument, from: usize, to: usize) -> Option<Read> {
        let first = self.words.get(from)?;
        let last = self.words.get(to - 1)?;
        let text = self.text.get(first.place.start..last.place.end)?;
        match &arg.takes {
            ArgumentKind::Language => self.program.language_by_word(&keyword_form(text)).map(Read::Language),
            ArgumentKind::Value(accept, _) => {
                let read = |text: &str| read_value(self.program, accept, text, self.today);
                read(text).or_else(|| read(text.trim_matches(is_ignored))).map(Read::Value)
            }
        }
    }
}

/// How many words a value may have, as people set it apart.
fn most_words(arg: &Argument) -> usize {
    match &arg.takes {
        ArgumentKind::Language => 4,
        ArgumentKind::Value(accept, _) => match accept {
            // The number of a transaction changes from letters to digits wherever it likes.
            Accept::Text { .. } | Accept::Pattern { .. } => MOST_WORDS,
            Accept::Digits { max, .. } => usize::from(*max).min(8),
            Accept::Phone | Accept::Amount { .. } | Accept::OneOf(_) => 8,
            Accept::Number { .. } | Accept::Date | Accept::YesNo => 5,
        },
    }
}

/// The ways in which words can be given to arguments, each word to one.
struct Search<'a> {
    given: &'a Given<'a>,
    args: &'a [Argument],
    /// Whether the arguments stand in their own order.
    in_order: bool,
    assigned: Assigned,
    /// From where on, and with which arguments assigned, there is no way: nothing is looked at twice.
    dead: BTreeSet<(usize, Vec<bool>)>,
    found: Vec<Assigned>,
}

impl Search<'_> {
    /// Looks for all ways for the words from one on; whether there is any.
    fn from(&mut self, at: usize) -> bool {
        let words = &self.given.words;
        if at == words.len() {
            let whole = self.args.iter().zip(&self.assigned).all(|(arg, read)| arg.optional || read.is_some());
            if whole && !self.found.contains(&self.assigned) {
                self.found.push(self.assigned.clone());
            }
            return whole;
        }
        let state = (at, self.assigned.iter().map(Option::is_some).collect::<Vec<_>>());
        if self.dead.contains(&state) {
            return false;
        }
        let first =
            if self.in_order { self.assigned.iter().rposition(Option::is_some).map_or(0, |last| last + 1) } else { 0 };
        let mut any = false;
        for arg in first..self.args.len() {
            let (Some(argument), Some(None)) = (self.args.get(arg), self.assigned.get(arg)) else { continue };
            let broken = words.iter().skip(at + 1).position(|word| word.is_broken_off);
            let furthest = broken.map_or(words.len(), |ahead| at + 1 + ahead).min(at + most_words(argument));
            for to in at + 1..=furthest {
                if self.found.len() >= ENOUGH {
                    return true;
                }
                let Some(read) = self.given.value(argument, at, to) else { continue };
                if let Some(place) = self.assigned.get_mut(arg) {
                    *place = Some(read);
                }
                any |= self.from(to);
                if let Some(place) = self.assigned.get_mut(arg) {
                    *place = None;
                }
            }
        }
        if !any {
            self.dead.insert(state);
        }
        any
    }
}
