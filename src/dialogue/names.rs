//! What a transcript has captured: `{otp}` in a line stands for a word that a phone was shown.

use std::collections::BTreeMap;

/// Words by the names that lines gave them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Names(BTreeMap<String, String>);

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Name(&'a str),
}

/// The line's parts. What stands in braces and is no name is text.
fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut rest, mut from) = (line, 0);
    while let Some(at) = rest.get(from..).and_then(|rest| rest.find('{')).map(|at| from + at) {
        let inside = rest[at + 1..].split_once('}').map(|(name, _)| name).filter(|name| is_name(name));
        match inside {
            Some(name) => {
                pieces.extend(Some(Piece::Text(&rest[..at])).filter(|_| at > 0));
                pieces.push(Piece::Name(name));
                (rest, from) = (&rest[at + name.len() + 2..], 0);
            }
            None => from = at + 1,
        }
    }
    pieces.extend(Some(Piece::Text(rest)).filter(|_| !rest.is_empty()));
    pieces
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// The names in a line.
pub(super) fn mentioned(line: &str) -> Vec<String> {
    let name = |piece: Piece<'_>| match piece {
        Piece::Name(name) => Some(name.to_owned()),
        Piece::Text(_) => None,
    };
    pieces(line).into_iter().filter_map(name).collect()
}

impl Names {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The line with what was captured; else the name that was not.
    pub(super) fn fill(&self, line: &str) -> Result<String, String> {
        let mut filled = String::new();
        for piece in pieces(line) {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Name(name) => filled.push_str(self.get(name).ok_or_else(|| name.to_owned())?),
            }
        }
        Ok(filled)
    }

    /// Where a line is found in a text: behind it. Its names capture anew.
    pub(super) fn capture(&mut self, line: &str, text: &str) -> Option<usize> {
        self.find(&pieces(line), text)
    }

    /// The same, but names that were captured stand for that.
    pub(super) fn recognise(&mut self, line: &str, text: &str) -> Option<usize> {
        let known = self.clone();
        let piece = |piece| match piece {
            Piece::Name(name) => known.get(name).map_or(Piece::Name(name), Piece::Text),
            text @ Piece::Text(_) => text,
        };
        let pieces: Vec<Piece<'_>> = pieces(line).into_iter().map(piece).collect();
        self.find(&pieces, text)
    }

    fn find(&mut self, pieces: &[Piece<'_>], text: &str) -> Option<usize> {
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let (end, captured) = starts.into_iter().find_map(|at| fits(pieces, text, at))?;
        self.0.extend(captured.into_iter().map(|(name, word)| (name.to_owned(), word.to_owned())));
        Some(end)
    }
}

/// Where pieces that stand in a text at this place end, and what their names hold.
fn fits<'a>(pieces: &[Piece<'a>], text: &'a str, at: usize) -> Option<(usize, Vec<(&'a str, &'a str)>)> {
    let Some((first, others)) = pieces.split_first() else { return Some((at, Vec::new())) };
    let rest = text.get(at..)?;
    match first {
        Piece::Text(expected) => fits(others, text, at + rest.strip_prefix(expected).map(|_| expected.len())?),
        Piece::Name(name) => words(rest).find_map(|word| {
            let (end, mut captured) = fits(others, text, at + word.len())?;
            captured.push((*name, word));
            Some((end, captured))
        }),
    }
}

/// What a name may hold of a text's beginning, the longest first: letters and digits, hyphens between them.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '-';
    let longest = text.find(|c| !is_of_word(c)).unwrap_or(text.len());
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(move |end| *end <= longest);
    let ends: Vec<usize> = ends.collect();
    let words = ends.into_iter().rev().filter_map(|end| text.get(..end));
    words.filter(|word| !word.starts_with('-') && !word.ends_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_captures_a_word() {
        for (line, text, word, behind) in [
            ("Your OTP is {otp}", "Your OTP is 012345. Tell nobody.", "012345", ". Tell nobody."),
            ("OTP is {otp}-EPFO", "Your OTP is 012345-EPFO", "012345", ""),
            ("{otp} is your OTP", "Hello: 012345 is your OTP", "012345", ""),
            ("Your request {otp}.", "Your request K7M2-Q. We will", "K7M2-Q", " We will"),
            ("कोड {otp} है", "आपका कोड 012345 है", "012345", ""),
        ] {
            let mut names = Names::default();
            let end = names.capture(line, text).expect(line);
            assert_eq!((names.get("otp"), &text[end..]), (Some(word), behind), "{line}");
        }
        let mut names = Names::default();
        assert_eq!(names.capture("OTP is {otp}", "Your OTP is ."), None);
        assert_eq!(names, Names::default());
    }

    #[test]
    fn what_was_captured_stands_for_its_name() {
        let mut names = Names::default();
        names.capture("no. {number}", "Booking no. BK7");
        assert_eq!(names.fill("STATUS {number}!"), Ok("STATUS BK7!".to_owned()));
        assert_eq!(names.fill("{numbers}"), Err("numbers".to_owned()));
        assert_eq!(names.recognise("of {number}", "of BK8, of BK7"), Some(14));
        assert_eq!(names.recognise("of {number}", "of BK8"), None);
        assert_eq!(names.recognise("{day} days", "in 12 days"), Some(10), "it is captured where nobody has before");
        assert_eq!(names.get("day"), Some("12"));
        assert_eq!(names.capture("of {number}", "of BK8"), Some(6), "a message says it anew");
        assert_eq!(names.get("number"), Some("BK8"));
    }

    #[test]
    fn other_braces_are_text() {
        let names = Names::default();
        for text in ["{", "}", "{}", "{OTP}", "{1}", "a{ b}", "{{", "x } y { z"] {
            assert_eq!(names.fill(text), Ok(text.to_owned()));
        }
        assert_eq!(pieces("{{otp}}"), [Piece::Text("{"), Piece::Name("otp"), Piece::Text("}")]);
        assert_eq!(mentioned("a {b} c {d_1}"), ["b", "d_1"]);
        assert_eq!(names.clone().recognise("", "anything"), Some(0));
    }
}
