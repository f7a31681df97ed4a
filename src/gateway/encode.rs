//! A reply's bytes.

use std::borrow::Cow;

use super::decode::Echoed;
use super::profile::{Ends, Newlines, Profile, Replies, Skeletons};
use super::skeleton::{Filling, Skeleton};
use crate::text::{Alphabet, measure};

/// What is to be said.
#[derive(Clone, Copy, Debug)]
pub enum Reply<'a> {
    /// A page; `more` when an answer is expected.
    Page { text: &'a str, more: bool },
    /// An acknowledgement without a screen, to `Ended` and `Probe`.
    Acknowledge,
    /// To `Status`.
    Status { alive: bool },
    /// The callback could not be read or served: `text` is for the citizen, `why` for the gateway where its protocol has a
    /// place for it.
    Refusal { text: &'a str, why: &'a str },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpReply {
    /// 200: every gateway of this family takes anything else for a broken server and shows its own words for that.
    pub status: u16,
    /// Names in lower case, content type included.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Writes a reply; `echo` is what [`super::Received`] kept (empty when the callback could not be read).
///
/// A page never begins with a line break, of which Comviva would eat what follows, and holds no control characters, which
/// XML forbids and phones show as boxes.
pub fn encode(profile: &Profile, echo: &[Echoed], reply: Reply<'_>) -> HttpReply {
    let replies = &profile.replies;
    let (text, why) = match reply {
        Reply::Page { text, .. } => (text, ""),
        Reply::Refusal { text, why } => (text, why),
        Reply::Acknowledge | Reply::Status { .. } => ("", ""),
    };
    let text = printable(text, replies.newlines, replies);
    let coding = replies.coding.as_ref().map(|coding| match measure(&text).alphabet {
        Alphabet::Gsm7 => coding.gsm.as_str(),
        Alphabet::Ucs2 => coding.ucs2.as_str(),
    });
    let filling = Filling {
        text: &text,
        why: &printable(why, Newlines::Space, replies),
        coding: coding.unwrap_or_default(),
        alive: matches!(reply, Reply::Status { alive: true }),
        echo,
        replace: &replies.replace,
        line_break: if replies.newlines == Newlines::Br { "<br/>" } else { "\n" },
    };
    let mut headers = vec![("content-type".to_owned(), replies.content_type.clone())];
    headers.extend(replies.headers.iter().cloned());
    let body = match (&replies.ends, word(reply)) {
        (Ends::Prefix { .. } | Ends::Header { .. }, Word::Nothing) => String::new(),
        (Ends::Prefix { more, .. }, Word::More) => [more, &*text].concat(),
        (Ends::Prefix { end, .. }, Word::End) => [end, &*text].concat(),
        (Ends::Header { .. }, Word::More | Word::End) => text.to_string(),
        (Ends::Bodies(skeletons), _) => {
            skeleton(skeletons, reply).map(|skeleton| skeleton.fill(filling)).unwrap_or_default()
        }
    };
    if let Ends::Header { name, more, end } = &replies.ends {
        let value = if word(reply) == Word::More { more } else { end };
        headers.push((name.clone(), value.clone()));
    }
    HttpReply { status: 200, headers, body: body.into_bytes() }
}

/// Which of its words a protocol without skeletons says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    More,
    End,
    /// No text and so no prefix; in a header the end is still said, since what is acknowledged is over.
    Nothing,
}

fn word(reply: Reply<'_>) -> Word {
    match reply {
        Reply::Page { more: true, .. } => Word::More,
        Reply::Page { more: false, .. } | Reply::Refusal { .. } => Word::End,
        Reply::Acknowledge | Reply::Status { .. } => Word::Nothing,
    }
}

fn skeleton<'p>(skeletons: &'p Skeletons, reply: Reply<'_>) -> Option<&'p Skeleton> {
    match reply {
        Reply::Page { more: true, .. } => Some(&skeletons.more),
        Reply::Page { more: false, .. } => Some(&skeletons.end),
        Reply::Acknowledge => skeletons.acknowledge.as_ref(),
        Reply::Status { .. } => skeletons.status.as_ref(),
        Reply::Refusal { .. } => skeletons.refusal.as_ref().or(Some(&skeletons.end)),
    }
}

/// The text without control characters, without line breaks in front and without the signs that the gateway cannot carry.
fn printable<'t>(text: &'t str, newlines: Newlines, replies: &Replies) -> Cow<'t, str> {
    let text = text.trim_start_matches(['\n', '\r']);
    if newlines != Newlines::Space && replies.replace.is_empty() && is_printable(text) {
        return Cow::Borrowed(text);
    }
    let stands = |c: char| c == '\n' || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'));
    text.chars()
        .filter(|&c| stands(c))
        .map(|c| if c == '\n' && newlines == Newlines::Space { ' ' } else { c })
        .map(|c| replaced(c, &replies.replace))
        .collect()
}

/// Whether single bytes prove that a text holds neither control characters (but line breaks) nor what XML forbids: no byte
/// begins a sign of U+0080 to U+00BF or of U+F000 to U+FFFF, where such are. Nearly every text is so.
pub(super) fn is_printable(text: &str) -> bool {
    // Without a way out in the middle many bytes are looked at together.
    text.bytes().fold(true, |plain, byte| plain & !matches!(byte, 0..=0x09 | 0x0b..=0x1f | 0x7f | 0xc2 | 0xef))
}

/// What is written for a sign.
pub(super) fn replaced(sign: char, replace: &[(char, char)]) -> char {
    replace.iter().find(|(from, _)| *from == sign).map_or(sign, |(_, to)| *to)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_printable_holds_nothing_to_be_taken_out(text in "(\\PC|\\n|[\u{0}-\u{ff}\u{f000}-\u{ffff}]){0,3}") {
            let forbidden = |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'));
            prop_assert!(!(is_printable(&text) && text.contains(forbidden)));
        }
    }

    #[test]
    fn pages_are_printable() {
        for text in ["1. Balance\n2. Gas", "\u{915}\u{947}\u{902}", ""] {
            assert!(is_printable(text), "{text}");
        }
    }
}
