//! Words for numbers, in all languages of a program: who types `teen` means 3.
//!
//! They stand in the system files under `number_words`, from one upwards with commas between, other spellings behind a `/`:
//! `ek, do, teen / tin, char / chaar`.

use super::codes;
use super::context::Context;
use super::text::Text;
use crate::text::fold;

/// Each word as answers are compared (`text::fold`), with its number from 1. Shared by all languages: people mix them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberWords(Vec<(Box<str>, u16)>);

impl NumberWords {
    /// Reads the words of every language that writes its own.
    pub(super) fn read(text: &Text, cx: &mut Context<'_>) -> Self {
        let mut all = Self::default();
        for template in (0..).zip(&text.languages).filter(|(at, t)| t.language.0 == *at).map(|(_, template)| template) {
            for (number, spellings) in (1..=u16::MAX).zip(template.literal().split(',')) {
                for spelling in spellings.split('/') {
                    let word = fold(spelling);
                    let known = all.number(&word);
                    if word.is_empty() || word.bytes().all(|b| b.is_ascii_digit()) {
                        let message = format!("no word stands for {number}");
                        let remedy =
                            "write words for one, two, three and so on with commas between: `ek, do, teen / tin`";
                        cx.error(codes::BAD_VALUE, template.span, message, remedy);
                    } else if let Some(other) = known.filter(|known| *known != number) {
                        let message = format!("`{}` means both {other} and {number}", spelling.trim());
                        let remedy =
                            "keep it where it is the usual word, and count whether a comma is missing before it";
                        cx.error(codes::NUMBER_TWICE, template.span, message, remedy);
                    } else if known.is_none() {
                        all.0.push((word.into(), number));
                    }
                }
            }
        }
        all
    }

    /// The number that a folded word means.
    pub fn number(&self, word: &str) -> Option<u16> {
        self.0.iter().find(|(known, _)| **known == *word).map(|(_, number)| *number)
    }

    /// The words, folded, with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u16)> {
        self.0.iter().map(|(word, number)| (&**word, *number))
    }
}
