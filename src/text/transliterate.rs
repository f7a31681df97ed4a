//! Other scripts in Latin letters, native digits as ASCII digits.
//!
//! What each letter sounds like comes from `deunicode`, which knows no neighbours. What Indian scripts need beyond that is
//! here: a consonant carries an *a* that is not written (राजस्थान is r-aa-j-s-th-aa-n there, raajasthaan here).

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::gsm7::septets_of_ascii;
use super::is_basic;
use super::sms::substitution;

/// The text in characters of the GSM 7-bit basic table only: transliterated where a character is not in it, so that one
/// foreign name does not turn a whole page into UCS-2. Never fails; what cannot be written at all becomes `?`.
///
/// Line breaks become `\n`, other white space a space; control and format characters are dropped. Texts in the basic
/// table stay as they are.
pub fn to_gsm(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = Spelling::default();
    let mut before = None;
    let mut rest = text.nfc().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied();
        match c {
            '\r' if after == Some('\n') => {}
            _ if is_basic(c) && c != '\r' => out.letter(c),
            _ if after.is_some_and(is_nukta) => out.word(dotted(c).or_else(|| spelling(c)).unwrap_or("?")),
            _ => out.word(spelling(c).unwrap_or("?")),
        }
        if has_silent_a(c) {
            // A dot below belongs to its consonant; what follows it decides.
            let after = if after.is_some_and(is_nukta) { rest.clone().nth(1) } else { after };
            if sounds_its_a(c, before, after) {
                out.letter('a');
            }
        }
        before = Some(c);
    }
    out.text
}

/// Whether [`to_gsm`] leaves a text as it is, which can be told at a glance.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| PLAIN[usize::from(byte)])
}

/// Bytes that are a character of the basic table each.
const PLAIN: [bool; 256] = {
    let mut all = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        all[byte as usize] = byte != b'\r' && septets_of_ascii(byte) == 1;
        byte += 1;
    }
    all
};

/// How a character that the basic table lacks is written; `None` when nobody knows.
fn spelling(c: char) -> Option<&'static str> {
    if let Some(other) = substitution(c) {
        return Some(other);
    }
    Some(match c {
        '[' | '{' => "(",
        ']' | '}' => ")",
        '\\' | '|' => "/",
        '~' => "-",
        '^' => "?",
        '।' | '॥' => ".",
        '\r' => "\n",
        _ if c.is_whitespace() => " ",
        _ if c.is_control() => "",
        _ if is_nasal(c) => "n",
        _ if is_nukta(c) => "",
        _ => return place_in_block(c).and_then(as_people_write).or_else(|| deunicode::deunicode_char(c)),
    })
}

/// A consonant that is another one with a dot below, where people write the difference.
fn dotted(c: char) -> Option<&'static str> {
    match c {
        'ज' => Some("z"),
        'फ' => Some("f"),
        _ => None,
    }
}

/// Letters that scholars double or mark, as people text them: *mandi*, not *manddii*.
fn as_people_write(place_in_block: u32) -> Option<&'static str> {
    Some(match place_in_block {
        0x08 | 0x40 => "i",
        0x0a | 0x42 => "u",
        0x0b | 0x43 => "ri",
        0x1a => "ch",
        0x1b => "chh",
        0x1f => "t",
        0x20 => "th",
        0x21 => "d",
        0x22 => "dh",
        0x23 | 0x29 => "n",
        0x33 | 0x34 => "l",
        0x37 => "sh",
        _ => return None,
    })
}

/// A text in the basic table, growing.
#[derive(Default)]
struct Spelling {
    text: String,
    /// The last word was given with a space behind it, which is written only if letters follow.
    space_due: bool,
}

impl Spelling {
    /// One character of the basic table.
    fn letter(&mut self, c: char) {
        if std::mem::take(&mut self.space_due) && c.is_alphanumeric() {
            self.text.push(' ');
        }
        self.text.push(c);
    }

    /// What stands for a character, which for a whole word (北 is `Bei `, 😀 is `grinning `) has spaces about it.
    fn word(&mut self, word: &'static str) {
        if word.chars().all(char::is_whitespace) {
            word.chars().for_each(|c| self.letter(c));
            return;
        }
        for c in word.trim().chars() {
            if is_basic(c) {
                self.letter(c);
            } else {
                // Of what is spelled in characters that the table lacks in turn (`[`, `~`), all are spelled above.
                spelling(c).unwrap_or("?").chars().filter(|&c| is_basic(c)).for_each(|c| self.letter(c));
            }
        }
        self.space_due = word.ends_with(' ');
    }
}

/// The Indian scripts that ISCII laid out alike, Devanagari to Malayalam: one block of 128 each, with the same letter at the
/// same place of each block. `None` outside them. The Unicode Standard, section 12.1.
pub(super) fn place_in_block(c: char) -> Option<u32> {
    const DEVANAGARI: u32 = 0x0900;
    const AFTER_MALAYALAM: u32 = 0x0d80;
    let code = u32::from(c);
    (DEVANAGARI..AFTER_MALAYALAM).contains(&code).then_some(code % 0x80)
}

/// A consonant, which sounds with an *a* unless a vowel sign or a virama says otherwise.
fn has_silent_a(c: char) -> bool {
    place_in_block(c).is_some_and(|place| (0x15..=0x39).contains(&place))
}

/// The dot below that makes another consonant of one (ड़).
fn is_nukta(c: char) -> bool {
    place_in_block(c) == Some(0x3c)
}

/// Candrabindu and anusvara.
fn is_nasal(c: char) -> bool {
    matches!(place_in_block(c), Some(0x01 | 0x02))
}

/// The stroke that takes the vowel from a consonant.
pub(super) fn is_virama(c: char) -> bool {
    place_in_block(c) == Some(0x4d)
}

fn is_vowel_sign(c: char) -> bool {
    matches!(place_in_block(c), Some(0x3e..=0x4c | 0x55..=0x57 | 0x62 | 0x63))
}

/// Whether the *a* of a consonant is heard. At the end of a word the northern languages drop it (राम is raam), but not
/// behind a conjunct (महाराष्ट्र) and not in a word of one letter (न).
fn sounds_its_a(c: char, before: Option<char>, after: Option<char>) -> bool {
    const SCRIPTS_THAT_DROP_IT: std::ops::RangeInclusive<char> = '\u{900}'..='\u{aff}';
    match after {
        Some(next) if is_vowel_sign(next) || is_virama(next) => false,
        Some(next) if place_in_block(next).is_some_and(|place| place < 0x64) => true,
        _ => !SCRIPTS_THAT_DROP_IT.contains(&c) || before.is_none_or(|b| is_virama(b) || place_in_block(b).is_none()),
    }
}

/// Decimal digits of any script (Devanagari ०, Bengali ০ …) as 0 to 9; everything else as it is.
pub fn to_ascii_digits(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| to_ascii_digit(c) == c) { text.into() } else { text.chars().map(to_ascii_digit).collect() }
}

/// The same for one character.
pub fn to_ascii_digit(c: char) -> char {
    if c.is_ascii() { c } else { digit(c).unwrap_or(c) }
}

/// The ASCII digit for a decimal digit.
fn digit(c: char) -> Option<char> {
    let after = ZEROS.partition_point(|&zero| zero <= c);
    let zero = *ZEROS.get(after.checked_sub(1)?)?;
    char::from_digit((u32::from(c) - u32::from(zero)).min(10), 10)
}

/// The zeros of Unicode's decimal digits (general category Nd), each followed by its 1 to 9, ascending.
#[rustfmt::skip]
const ZEROS: [char; 76] = [
    '0', '\u{660}', '\u{6f0}', '\u{7c0}', '\u{966}', '\u{9e6}', '\u{a66}', '\u{ae6}', '\u{b66}', '\u{be6}',
    '\u{c66}', '\u{ce6}', '\u{d66}', '\u{de6}', '\u{e50}', '\u{ed0}', '\u{f20}', '\u{1040}', '\u{1090}', '\u{17e0}',
    '\u{1810}', '\u{1946}', '\u{19d0}', '\u{1a80}', '\u{1a90}', '\u{1b50}', '\u{1bb0}', '\u{1c40}', '\u{1c50}',
    '\u{a620}', '\u{a8d0}', '\u{a900}', '\u{a9d0}', '\u{a9f0}', '\u{aa50}', '\u{abf0}', '\u{ff10}', '\u{104a0}',
    '\u{10d30}', '\u{10d40}', '\u{11066}', '\u{110f0}', '\u{11136}', '\u{111d0}', '\u{112f0}', '\u{11450}',
    '\u{114d0}', '\u{11650}', '\u{116c0}', '\u{116d0}', '\u{116da}', '\u{11730}', '\u{118e0}', '\u{11950}',
    '\u{11bf0}', '\u{11c50}', '\u{11d50}', '\u{11da0}', '\u{11f50}', '\u{16130}', '\u{16a60}', '\u{16ac0}',
    '\u{16b50}', '\u{16d70}', '\u{1ccf0}', '\u{1d7ce}', '\u{1d7d8}', '\u{1d7e2}', '\u{1d7ec}', '\u{1d7f6}',
    '\u{1e140}', '\u{1e2f0}', '\u{1e4f0}', '\u{1e5f1}', '\u{1e950}', '\u{1fbf0}',
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_can_be_read_aloud() {
        for (text, latin) in [
            ("नमस्ते", "namaste"),
            ("राजस्थान", "raajasthaan"),
            ("गाँव", "gaanv"),
            ("महाराष्ट्र", "mahaaraashtra"),
            ("न", "na"),
            ("पुरानी मंडी", "puraani mandi"),
            ("चंडीगढ़, कृषि", "chandigadh, krishi"),
            ("बड़ा, पढ़", "badaa, padh"),
            ("ज़मीन, ख़रीफ़, फल", "zamin, kharif, phal"),
            ("पंजाब १२", "panjaab 12"),
            ("ಕರ್ನಾಟಕ", "karnaataka"),
            ("தமிழ்நாடு", "tamilnaatu"),
            ("北京市 ok", "Bei Jing Shi ok"),
            ("北京市, ok", "Bei Jing Shi, ok"),
            ("Привет", "Privet"),
        ] {
            assert_eq!(to_gsm(text), latin, "{text}");
        }
    }

    #[test]
    fn signs_keep_their_meaning() {
        for (text, latin) in [
            ("₹500", "Rs500"),
            ("“Don’t” – ‘do’ — it…", "\"Don't\" - 'do' - it..."),
            ("„so“", "\"so\""),
            ("a\u{a0}b\tc\u{2009}d", "a b c d"),
            ("[a] {b} c|d ~e `f", "(a) (b) c/d -e 'f"),
            ("€5", "EUR5"),
            ("a\r\nb\rc\u{2028}d", "a\nb\nc\nd"),
            ("co\u{200d}\u{200c}\u{ad}op\u{feff}", "coop"),
            ("\u{7}bell\u{0}", "bell"),
            ("जमा।", "jamaa."),
            ("cafe\u{301} Ñandú", "café Ñandu"),
            ("a\u{e000}b", "a?b"),
        ] {
            assert_eq!(to_gsm(text), latin, "{text}");
        }
    }

    #[test]
    fn digits_are_exactly_the_decimal_digits_of_unicode() {
        let decimal = regex::Regex::new(r"^\d$").expect("a pattern");
        for c in char::MIN..=char::MAX {
            let is_decimal = decimal.is_match(c.encode_utf8(&mut [0; 4]));
            assert_eq!(digit(c).is_some(), is_decimal, "{c:?} U+{:x}", u32::from(c));
        }
        assert_eq!(to_ascii_digits("१२३ ৪৫ ٦٧ ９ x²"), "123 45 67 9 x²");
    }

    proptest! {
        #[test]
        fn all_of_it_is_in_the_basic_table(text in any::<String>()) {
            prop_assert!(to_gsm(&text).chars().all(|c| is_basic(c) && c != '\r'), "{:?}", to_gsm(&text));
        }

        #[test]
        fn any_letter_of_an_indian_script_is_written(text in "[\u{900}-\u{d7f} ]{0,30}") {
            prop_assert!(to_gsm(&text).chars().all(is_basic));
        }

        #[test]
        fn what_is_plain_stays_as_it_is(text in "[ -~\n\r\u{c}é]{0,20}") {
            let is_same = text.chars().all(|c| c.is_ascii() && is_basic(c) && c != '\r');
            prop_assert_eq!(is_plain(&text), is_same);
            prop_assert!(!is_same || to_gsm(&text) == text);
        }

        #[test]
        fn a_second_time_changes_nothing(text in any::<String>()) {
            let once = to_gsm(&text);
            prop_assert_eq!(to_gsm(&once), once);
        }
    }
}
