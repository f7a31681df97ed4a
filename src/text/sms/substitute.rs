//! Characters that cost much and mean little: one of them makes UCS-2 of a whole message.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::{Allowed, size};

/// What may stand for a character wherever it stands, without a change of meaning. All of it is in the default alphabet.
pub const SUBSTITUTIONS: &[(char, &str)] = &[
    ('₹', "Rs"),
    // Double and single quotes, and what is typed for them.
    ('“', "\""),
    ('”', "\""),
    ('„', "\""),
    ('‟', "\""),
    ('″', "\""),
    ('«', "\""),
    ('»', "\""),
    ('‘', "'"),
    ('’', "'"),
    ('‚', "'"),
    ('‛', "'"),
    ('′', "'"),
    ('‹', "'"),
    ('›', "'"),
    ('`', "'"),
    ('´', "'"),
    // Hyphens and dashes.
    ('‐', "-"),
    ('‑', "-"),
    ('‒', "-"),
    ('–', "-"),
    ('—', "-"),
    ('―', "-"),
    ('−', "-"),
    ('…', "..."),
    // Spaces of every width.
    ('\t', " "),
    ('\u{a0}', " "),
    ('\u{2000}', " "),
    ('\u{2001}', " "),
    ('\u{2002}', " "),
    ('\u{2003}', " "),
    ('\u{2004}', " "),
    ('\u{2005}', " "),
    ('\u{2006}', " "),
    ('\u{2007}', " "),
    ('\u{2008}', " "),
    ('\u{2009}', " "),
    ('\u{200a}', " "),
    ('\u{202f}', " "),
    ('\u{205f}', " "),
    ('\u{3000}', " "),
    // Line and paragraph separators.
    ('\u{2028}', "\n"),
    ('\u{2029}', "\n"),
    // What is not seen: soft hyphen, zero width space, word joiner, byte order mark.
    ('\u{ad}', ""),
    ('\u{200b}', ""),
    ('\u{2060}', ""),
    ('\u{feff}', ""),
];

/// What may stand for a character in the scripts that have national tables, all or some of which lack it: the joiners, without which a
/// conjunct may look otherwise but is read the same, and the danda.
pub const FOR_NATIONAL: &[(char, &str)] = &[('\u{200c}', ""), ('\u{200d}', ""), ('।', "."), ('॥', ".")];

/// The text with all of [`SUBSTITUTIONS`] made. Letters and marks that Unicode has as one character become that (NFC).
pub fn substitute(text: &str) -> Cow<'_, str> {
    let composed = if is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) };
    with(composed, SUBSTITUTIONS)
}

/// What [`SUBSTITUTIONS`] has for a character.
pub(in crate::text) fn substitution(c: char) -> Option<&'static str> {
    among(SUBSTITUTIONS, c)
}

fn among(list: &[(char, &'static str)], c: char) -> Option<&'static str> {
    list.iter().find(|(known, _)| *known == c).map(|(_, other)| *other)
}

/// The text itself, or with substitutions where these spare a segment or make it fit the route at all: those of [`SUBSTITUTIONS`] first,
/// and those [`FOR_NATIONAL`] too only where the route allows such tables and one more segment is spared.
pub fn fit(text: &str, allowed: Allowed) -> Cow<'_, str> {
    let cost = |text: &str| size(text, allowed).map_or(u32::MAX, |size| size.segments.into());
    let mut best = (cost(text), Cow::Borrowed(text));
    let mut offer = |other: Cow<'_, str>| {
        if best.0 > 1 && other != best.1 {
            let cost = cost(&other);
            if cost < best.0 {
                best = (cost, Cow::Owned(other.into_owned()));
            }
        }
    };
    offer(substitute(text));
    if allowed.national {
        offer(with(substitute(text), FOR_NATIONAL));
    }
    best.1
}

fn with<'t>(text: Cow<'t, str>, list: &[(char, &'static str)]) -> Cow<'t, str> {
    if !text.chars().any(|c| among(list, c).is_some()) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match among(list, c) {
            Some(other) => out.push_str(other),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Alphabet, ReferenceWidth};
    use super::*;
    use crate::text::{is_basic, to_gsm};

    const ANY: Allowed = Allowed { national: true, ucs2: true, reference: ReferenceWidth::Eight };

    #[test]
    fn what_stands_for_a_character_is_in_every_phone() {
        for (c, other) in SUBSTITUTIONS.iter().chain(FOR_NATIONAL) {
            assert!(!is_basic(*c) && other.chars().all(is_basic), "{c:?}");
        }
    }

    #[test]
    fn a_screen_would_show_the_same() {
        for (c, other) in SUBSTITUTIONS {
            assert_eq!(to_gsm(&format!("a{c}b")), format!("a{other}b"), "{c:?} U+{:04X}", u32::from(*c));
        }
    }

    #[test]
    fn substitutions_are_made_and_nothing_else() {
        assert_eq!(substitute("₹500 – “paid”\u{a0}…"), "Rs500 - \"paid\" ...");
        assert_eq!(substitute("cafe\u{301}"), "café");
        for same in ["Rs 500 [paid]", "ಕ್‍ಷ।", "क\u{93c}", ""] {
            assert!(matches!(substitute(same), Cow::Borrowed(text) if text == same), "{same}");
        }
    }

    #[test]
    fn they_are_made_only_where_they_spare_a_segment() {
        let ucs2 = Allowed::default();
        let long = format!("₹ {}", "x".repeat(100));
        assert_eq!(fit(&long, ucs2), long.replace('₹', "Rs"));
        assert_eq!(fit("₹ 5", ucs2), "₹ 5", "one segment either way");
        assert_eq!(fit("₹ 5", Allowed { ucs2: false, ..ucs2 }), "Rs 5", "it would not go out at all");
        assert_eq!(fit("₹ नमस्ते", Allowed { ucs2: false, ..ucs2 }), "₹ नमस्ते", "nor does it with them");
        let hindi = format!("₹ {}", "नमस्ते ".repeat(20));
        assert_eq!(fit(&hindi, ucs2), hindi, "three segments either way");
    }

    #[test]
    fn joiners_go_where_national_tables_spare_a_segment() {
        let text = format!("{}র‍্যাব।", "নমস্কার ".repeat(14));
        assert_eq!(size(&text, ANY).map(|size| (size.alphabet, size.segments)), Ok((Alphabet::Ucs2, 2)));
        let fitting = fit(&text, ANY);
        assert_eq!(size(&fitting, ANY).map(|size| size.segments), Ok(1));
        assert_eq!(fitting, text.replace('\u{200d}', "").replace('।', "."));
        assert_eq!(fit(&text, Allowed::default()), text);
    }

    proptest! {
        #[test]
        fn substituting_twice_changes_nothing(text in any::<String>()) {
            let once = substitute(&text).into_owned();
            prop_assert_eq!(substitute(&once), once.as_str());
        }

        #[test]
        fn what_is_substituted_never_takes_more(text in "[a-z₹“…\u{a0}\u{200d}कर\u{94d}।]{0,200}", national: bool, ucs2: bool) {
            let allowed = Allowed { national, ucs2, reference: ReferenceWidth::Eight };
            let cost = |text: &str| size(text, allowed).map_or(u32::MAX, |size| size.segments.into());
            prop_assert!(cost(&fit(&text, allowed)) <= cost(&text));
        }
    }
}
