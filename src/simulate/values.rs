//! Answers to screens that ask for a value: such as dialogues of the menus type, where they fit, since departments of sand
//! know those; else some that the screen accepts.

use std::collections::BTreeSet;

use fastrand::Rng;
use regex_syntax::hir::{Class, Hir, HirKind};

use crate::dialogue::{self, Action};
use crate::menu::Accept;
use crate::source::Files;

/// Repetitions of a pattern's part beyond the fewest.
const MORE: u32 = 3;

/// What was typed in dialogues.
#[derive(Debug, Default)]
pub struct Values {
    typed: Vec<String>,
}

impl Values {
    pub fn of_dialogues(files: &Files) -> Self {
        let dialogues = files.iter().filter(|(_, file)| file.path.ends_with(".dialogue"));
        // What cannot be read is told by `play`.
        let lines = dialogues.flat_map(|(_, file)| dialogue::parse(&file.text).unwrap_or_default());
        let typed: BTreeSet<String> = lines
            .flat_map(|dialogue| dialogue.lines)
            .filter_map(|line| match line.action {
                Action::Answer(typed) if typed.chars().count() > 2 => Some(typed),
                _ => None,
            })
            .collect();
        Self { typed: typed.into_iter().collect() }
    }

    pub fn of(&self, rng: &mut Rng, accept: &Accept) -> String {
        let fitting: Vec<&String> = self.typed.iter().filter(|typed| fits(accept, typed)).collect();
        match rng.choice(fitting) {
            Some(typed) if rng.u8(..4) > 0 => typed.clone(),
            _ => made(rng, accept),
        }
    }
}

/// Whether a typed text may be meant for such a screen.
fn fits(accept: &Accept, typed: &str) -> bool {
    let all_digits = typed.bytes().all(|byte| byte.is_ascii_digit());
    match accept {
        Accept::Digits { min, max } => all_digits && (usize::from(*min)..=usize::from(*max)).contains(&typed.len()),
        Accept::Text { max } => !all_digits && typed.chars().count() <= usize::from(*max),
        Accept::Pattern { pattern, .. } => pattern.is_match(typed) || pattern.is_match(&typed.to_ascii_uppercase()),
        Accept::Date => typed.len() == 8 && all_digits,
        _ => false,
    }
}

fn made(rng: &mut Rng, accept: &Accept) -> String {
    match accept {
        Accept::Digits { min, max } => digits(rng, *min, *max),
        Accept::Number { min, max } => rng.i64(*min..=*max).to_string(),
        Accept::Amount { min, max } => {
            let paise = rng.i64(*min..=*max);
            format!("{}.{:02}", paise / 100, (paise % 100).abs())
        }
        Accept::Text { max } => {
            let letters = rng.usize(1..=usize::from(*max).clamp(1, 12));
            std::iter::repeat_with(|| rng.alphabetic()).take(letters).collect()
        }
        Accept::Date => format!("{:02}-{:02}-{}", rng.u8(1..=28), rng.u8(1..=12), rng.u16(1950..=2025)),
        Accept::Phone => format!("9{}", digits(rng, 9, 9)),
        Accept::Pattern { pattern, .. } => {
            let mut out = String::new();
            if let Ok(parsed) = regex_syntax::parse(pattern.as_str()) {
                write(rng, &parsed, &mut out);
            }
            out
        }
        Accept::OneOf(all) => rng.choice(all).cloned().unwrap_or_default(),
        Accept::YesNo => rng.u8(1..=2).to_string(),
    }
}

fn digits(rng: &mut Rng, min: u16, max: u16) -> String {
    let count = rng.u16(min..=max.max(min));
    (0..count).map(|_| rng.digit(10)).collect()
}

/// A text that a pattern describes, of the letters of a keypad where it leaves the choice.
fn write(rng: &mut Rng, hir: &Hir, out: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => out.extend(letter(rng, class)),
        HirKind::Repetition(part) => {
            let most = part.max.unwrap_or(u32::MAX).min(part.min.saturating_add(MORE));
            for _ in 0..rng.u32(part.min..=most) {
                write(rng, &part.sub, out);
            }
        }
        HirKind::Capture(part) => write(rng, &part.sub, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(rng, part, out)),
        HirKind::Alternation(parts) => {
            if let Some(part) = rng.choice(parts) {
                write(rng, part, out);
            }
        }
    }
}

fn letter(rng: &mut Rng, class: &Class) -> Option<char> {
    let keypad = |letter: char| letter.is_ascii_alphanumeric();
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => class.iter().map(|range| (range.start().into(), range.end().into())).collect(),
    };
    let usual: Vec<char> = ('0'..='z').filter(|letter| keypad(*letter)).collect();
    let usual = usual.into_iter().filter(|letter| ranges.iter().any(|(from, to)| (*from..=*to).contains(letter)));
    rng.choice(usual.collect::<Vec<_>>()).or_else(|| ranges.first().map(|(from, _)| *from))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_get_texts_that_they_describe() {
        let mut rng = Rng::with_seed(7);
        for pattern in ["[A-Z]{3}[0-9]{7}", "(UP|MH)-?[0-9]{1,4}", "[1-9][0-9]{9}", "[a-zA-Z ]+", "x*y"] {
            let regex = regex::Regex::new(&format!("^(?:{pattern})$")).expect("a pattern");
            for _ in 0..50 {
                let mut text = String::new();
                write(&mut rng, &regex_syntax::parse(pattern).expect("a pattern"), &mut text);
                assert!(regex.is_match(&text), "{pattern}: {text}");
            }
        }
    }

    #[test]
    fn values_lie_within_what_is_accepted() {
        let mut rng = Rng::with_seed(7);
        let values = Values { typed: vec!["123456".to_owned(), "Lucknow".to_owned()] };
        for _ in 0..100 {
            let digits = values.of(&mut rng, &Accept::Digits { min: 6, max: 6 });
            assert!(digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()), "{digits}");
            let number: i64 = values.of(&mut rng, &Accept::Number { min: -3, max: 12 }).parse().expect("a number");
            assert!((-3..=12).contains(&number));
        }
    }
}
