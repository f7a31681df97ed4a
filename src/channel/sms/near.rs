//! Keywords with one slip.

use super::Candidate;
use super::letters::Letters;
use crate::menu::{Keyword, KeywordId, Program};
use crate::text::one_slip;

/// From one slip away from a shorter keyword stand too many other words: it must be followed by all that it wants.
const LETTERS_FOR_A_SLIP: usize = 5;

/// Of a keyword this short every slip is another word.
const FEWEST_LETTERS: usize = 3;

/// The one keyword that the beginning of a text may be with one slip; none where it may be several, where two are themselves
/// one slip apart, or where something would be done that cannot be undone.
pub(super) fn nearest<'p>(program: &'p Program, letters: &Letters) -> Vec<Candidate<'p>> {
    let mut all: Vec<Candidate<'p>> = Vec::new();
    for (beginning, found) in letters.beginnings() {
        for (id, keyword) in (0..).map(KeywordId).zip(&program.keywords) {
            for form in keyword.forms.iter().filter(|form| is_near(&beginning, form)) {
                if keyword.changes || is_beside_another(program, id, form) {
                    return Vec::new();
                }
                let short = form.chars().count() < LETTERS_FOR_A_SLIP;
                let wants = keyword.args.iter().any(|arg| !arg.optional);
                if !short || wants {
                    all.push(Candidate { id, keyword, found, only_whole: short });
                }
            }
        }
    }
    let first = all.first().map(|candidate| candidate.id);
    if all.iter().any(|candidate| Some(candidate.id) != first) {
        return Vec::new();
    }
    // The longest is what was meant.
    all.reverse();
    all
}

/// One slip in the letters. One digit off is another number.
fn is_near(typed: &str, form: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    form.chars().count() >= FEWEST_LETTERS && one_slip(typed, form) && digits(typed) == digits(form)
}

/// Whether another keyword, or a command, is one slip away from this one.
fn is_beside_another(program: &Program, id: KeywordId, form: &str) -> bool {
    let others = (0..).map(KeywordId).zip(&program.keywords).filter(|(other, _)| *other != id);
    let forms = others.flat_map(|(_, keyword): (_, &Keyword)| keyword.forms.iter().map(|form| &**form));
    forms.chain(program.command_words.iter().map(|(word, _)| word)).any(|other| one_slip(other, form))
}
