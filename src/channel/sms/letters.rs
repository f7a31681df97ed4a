//! A text as keywords are looked for in it: its letters and digits alone, each with its place.

use std::ops::Range;

use crate::text::{is_ignored, to_ascii_digit};

/// The letters and digits of a text, as they are compared.
#[derive(Debug)]
pub(super) struct Letters {
    all: Vec<char>,
    /// For each, where it stands in the text.
    starts: Vec<usize>,
    /// For each, which word it belongs to.
    word_of: Vec<usize>,
    words: Vec<Word>,
}

/// What stands between spaces, marks, and changes from letters to digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Its letters, by place.
    letters: Range<usize>,
    /// Where it stands in the text, with the marks that belong to it: `+91`, `05-`.
    pub place: Range<usize>,
    /// A space or mark stands before it, or nothing.
    pub is_apart: bool,
    /// A keyword stood before it: what is read goes not across.
    pub is_broken_off: bool,
}

/// Where something was found, by places of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub from: usize,
    pub to: usize,
    /// A word ends where it ends.
    pub set_apart: bool,
}

impl Letters {
    pub(super) fn of(text: &str) -> Self {
        let mut letters = Self { all: Vec::new(), starts: Vec::new(), word_of: Vec::new(), words: Vec::new() };
        // Where the marks directly before the next letter begin; whether a space or mark was there.
        let (mut marks, mut apart) = (0, true);
        let mut before: Option<bool> = None;
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            if is_ignored(c) {
                let spaced = c.is_whitespace();
                if let Some(last) = letters.words.last_mut().filter(|last| !spaced && last.place.end == at) {
                    last.place.end = end;
                    marks = end;
                }
                if spaced {
                    marks = end;
                }
                (apart, before) = (true, None);
                continue;
            }
            let c = to_ascii_digit(c);
            let is_digit = c.is_ascii_digit();
            if before != Some(is_digit) {
                let start = if apart { marks } else { at };
                let letters_from = letters.all.len();
                letters.words.push(Word {
                    letters: letters_from..letters_from,
                    place: start..end,
                    is_apart: apart,
                    is_broken_off: false,
                });
            }
            for c in c.to_lowercase() {
                letters.all.push(c);
                letters.starts.push(at);
                letters.word_of.push(letters.words.len() - 1);
            }
            if let Some(word) = letters.words.last_mut() {
                word.letters.end = letters.all.len();
                word.place.end = end;
            }
            (marks, apart, before) = (end, false, Some(is_digit));
        }
        letters
    }

    /// The words that spaces and marks set apart.
    pub(super) fn words(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for word in &self.words {
            let letters: String = self.all.get(word.letters.clone()).unwrap_or_default().iter().collect();
            match all.last_mut().filter(|_| !word.is_apart) {
                Some(last) => last.push_str(&letters),
                None => all.push(letters),
            }
        }
        all
    }

    /// Where these letters stand: each place at the beginning of a word, and the beginning of the text with whatever follows.
    pub(super) fn places(&self, form: &str) -> impl Iterator<Item = Found> {
        let form: Vec<char> = form.chars().collect();
        let starts = self.words.iter().map(|word| word.letters.start);
        starts.filter_map(move |from| {
            let to = from + form.len();
            let stands = self.all.get(from..to).is_some_and(|letters| *letters == *form) && !form.is_empty();
            let found = Found { from, to, set_apart: self.is_end(to) };
            (stands && (from == 0 || found.set_apart)).then_some(found)
        })
    }

    /// The beginnings of the text that end where a word does.
    pub(super) fn beginnings(&self) -> impl Iterator<Item = (String, Found)> {
        self.words.iter().map(|word| {
            let to = word.letters.end;
            let letters = self.all.get(..to).unwrap_or_default().iter().collect();
            (letters, Found { from: 0, to, set_apart: true })
        })
    }

    fn is_end(&self, at: usize) -> bool {
        self.word_of.get(at).is_none_or(|word| self.words.get(*word).is_some_and(|word| word.letters.start == at))
    }

    /// The words without those letters. What is left of a word begins behind them.
    pub(super) fn beside(&self, found: Found) -> Vec<Word> {
        let before = self.words.iter().filter(|word| word.letters.end <= found.from).cloned();
        let mut after: Vec<Word> = self.words.iter().filter(|word| word.letters.end > found.to).cloned().collect();
        if let Some(first) = after.first_mut() {
            first.is_broken_off = true;
            if let Some(start) = self.starts.get(found.to).filter(|_| first.letters.start < found.to) {
                first.letters.start = found.to;
                first.place.start = *start;
            }
        }
        before.chain(after).collect()
    }
}
