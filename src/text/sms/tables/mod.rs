//! The tables of the GSM 7-bit alphabet: the default ones, and those of thirteen languages. 3GPP TS 23.038 sections 6.2.1 and
//! 6.2.1.1 and annex A.
//!
//! What they hold was compared with five public transcriptions of the specification, which differ from each other in 22 of the
//! 3456 places.

mod european;
mod indian;

use std::sync::LazyLock;

use european::{DEFAULT, DEFAULT_SHIFTED, PORTUGUESE, PORTUGUESE_SHIFTED, SPANISH_SHIFTED, TURKISH, TURKISH_SHIFTED};
use indian::{INDIAN, INDIAN_SHIFTED};

use super::National;

/// Announces a code of the other table.
pub(super) const ESCAPE: u8 = 0x1b;

/// Stands in the texts of tables where a code has no character. No table has this character.
const NOTHING: char = '·';

/// Stands where a code never has one: the escape, and what is reserved behind an escape.
const NEVER: char = '␛';

/// The character of each code as a UTF-16 unit, 0 where there is none. Nothing in the tables is beyond the basic plane.
type Table = [u16; 128];

/// By identifier. Spanish has none of its own.
static LOCKING: [Table; 14] = [
    table(DEFAULT),
    table(TURKISH),
    table(DEFAULT),
    table(PORTUGUESE),
    filled(INDIAN, indian::BENGALI.locking),
    filled(INDIAN, indian::GUJARATI.locking),
    filled(INDIAN, indian::HINDI.locking),
    filled(INDIAN, indian::KANNADA.locking),
    filled(INDIAN, indian::MALAYALAM.locking),
    filled(INDIAN, indian::ORIYA.locking),
    filled(INDIAN, indian::PUNJABI.locking),
    filled(INDIAN, indian::TAMIL.locking),
    filled(INDIAN, indian::TELUGU.locking),
    filled(INDIAN, indian::URDU.locking),
];

/// By identifier.
static SINGLE: [Table; 14] = [
    table(DEFAULT_SHIFTED),
    table(TURKISH_SHIFTED),
    table(SPANISH_SHIFTED),
    table(PORTUGUESE_SHIFTED),
    filled(INDIAN_SHIFTED, indian::BENGALI.single),
    filled(INDIAN_SHIFTED, indian::GUJARATI.single),
    filled(INDIAN_SHIFTED, indian::HINDI.single),
    filled(INDIAN_SHIFTED, indian::KANNADA.single),
    filled(INDIAN_SHIFTED, indian::MALAYALAM.single),
    filled(INDIAN_SHIFTED, indian::ORIYA.single),
    filled(INDIAN_SHIFTED, indian::PUNJABI.single),
    filled(INDIAN_SHIFTED, indian::TAMIL.single),
    filled(INDIAN_SHIFTED, indian::TELUGU.single),
    filled(INDIAN_SHIFTED, indian::URDU.single),
];

const fn table(text: &str) -> Table {
    filled(text, "")
}

/// A table of 128 characters, in which those of `own` take the places of [`NOTHING`], one after the other. What is wrong with the
/// texts stops the build.
const fn filled(skeleton: &str, own: &str) -> Table {
    let (mut rest, mut own) = (skeleton.as_bytes(), own.as_bytes());
    let mut all = [0; 128];
    let mut code = 0;
    while code < 128 {
        let mut unit;
        (unit, rest) = first_unit(rest);
        if unit == NOTHING as u16 && !own.is_empty() {
            (unit, own) = first_unit(own);
        }
        if unit != NOTHING as u16 && unit != NEVER as u16 {
            all[code] = unit;
        }
        code += 1;
    }
    assert!(rest.is_empty() && own.is_empty(), "a table has 128 characters");
    all
}

/// The first character of UTF-8, which has at most three bytes, and what comes after it.
const fn first_unit(bytes: &[u8]) -> (u16, &[u8]) {
    match bytes {
        [first @ 0x01..0x80, rest @ ..] => (*first as u16, rest),
        [first @ 0xc0..0xe0, second, rest @ ..] => ((*first as u16 & 0x1f) << 6 | *second as u16 & 0x3f, rest),
        [first @ 0xe0..0xf0, second, third, rest @ ..] => {
            ((*first as u16 & 0x0f) << 12 | (*second as u16 & 0x3f) << 6 | *third as u16 & 0x3f, rest)
        }
        _ => panic!("a table ends early, or holds what is beyond the basic plane"),
    }
}

/// In which tables a character is: a bit for each identifier, the lowest for the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    pub(super) locking: u16,
    pub(super) single: u16,
}

impl Places {
    /// `Places::default()` for what no table has.
    pub(super) fn of(c: char) -> Self {
        let Ok(unit) = u16::try_from(u32::from(c)) else { return Self::default() };
        let at = PLACES.binary_search_by_key(&unit, |(known, _)| *known);
        at.map_or_else(|_| Self::default(), |at| PLACES[at].1)
    }

    /// How many septets the character takes with these tables; `None` where neither has it.
    pub(super) fn septets(self, locking: Option<National>, single: Option<National>) -> Option<u32> {
        if self.locking & bit(locking) != 0 { Some(1) } else { (self.single & bit(single) != 0).then_some(2) }
    }
}

/// Of each character of any table, ascending.
static PLACES: LazyLock<Vec<(u16, Places)>> = LazyLock::new(|| {
    let mut units: Vec<u16> = LOCKING.iter().chain(&SINGLE).flatten().copied().filter(|unit| *unit != 0).collect();
    units.sort_unstable();
    units.dedup();
    let among = |tables: &[Table], unit| {
        let has = |(at, table): (usize, &Table)| u16::from(table.contains(&unit)) << at;
        tables.iter().enumerate().map(has).sum()
    };
    let places = |unit| Places { locking: among(&LOCKING, unit), single: among(&SINGLE, unit) };
    units.into_iter().map(|unit| (unit, places(unit))).collect()
});

fn bit(language: Option<National>) -> u16 {
    1 << id(language)
}

fn id(language: Option<National>) -> u8 {
    language.map_or(0, National::id)
}

/// The two tables that a text is written with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tables {
    locking: &'static Table,
    single: &'static Table,
}

impl Tables {
    pub(super) fn of(locking: Option<National>, single: Option<National>) -> Self {
        Self { locking: &LOCKING[usize::from(id(locking))], single: &SINGLE[usize::from(id(single))] }
    }

    /// The septets of a character, one or two, appended; false where neither table has it.
    pub(super) fn write(self, c: char, septets: &mut Vec<u8>) -> bool {
        let code = |table: &Table| {
            let unit = u16::try_from(u32::from(c)).ok().filter(|unit| *unit != 0)?;
            u8::try_from(table.iter().position(|known| *known == unit)?).ok()
        };
        if let Some(code) = code(self.locking) {
            septets.push(code);
            return true;
        }
        code(self.single).map(|code| septets.extend([ESCAPE, code])).is_some()
    }

    /// What septets say, as UTF-16 units. As the specification has it: behind an escape, a code that the single shift table lacks has its
    /// character of the other table; an escape behind an escape, and one at the end, is a space. So is a code without any character.
    pub(super) fn read(self, septets: impl IntoIterator<Item = u8>) -> Vec<u16> {
        let known = |table: &Table, code: u8| table.get(usize::from(code)).copied().filter(|unit| *unit != 0);
        let mut septets = septets.into_iter();
        let mut units = Vec::new();
        while let Some(code) = septets.next() {
            let unit = if code == ESCAPE {
                septets.next().and_then(|code| known(self.single, code).or_else(|| known(self.locking, code)))
            } else {
                known(self.locking, code)
            };
            units.push(unit.unwrap_or(SPACE));
        }
        units
    }
}

const SPACE: u16 = 0x20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::septets_of;

    fn tables() -> impl Iterator<Item = Tables> {
        let languages = || std::iter::once(None).chain(National::ALL.map(Some));
        languages().flat_map(move |locking| languages().map(move |single| Tables::of(locking, single)))
    }

    fn code(language: National, code: usize) -> Option<char> {
        char::from_u32(LOCKING[usize::from(language.id())][code].into())
    }

    #[test]
    fn the_default_tables_are_those_that_screens_are_counted_with() {
        for c in '\0'..=char::MAX {
            let septets = Places::of(c).septets(None, None);
            assert_eq!(septets, septets_of(c).map(u32::from), "{c:?}");
        }
    }

    #[test]
    fn every_character_is_read_as_it_was_written() {
        for tables in tables() {
            for unit in tables.locking.iter().chain(tables.single).copied().filter(|unit| *unit != 0) {
                let c = char::from_u32(unit.into()).expect("tables have no surrogates");
                let mut septets = Vec::new();
                assert!(tables.write(c, &mut septets), "{c:?}");
                assert!(septets.iter().all(|septet| *septet < 0x80));
                assert_eq!(tables.read(septets), [unit], "{c:?}");
            }
        }
    }

    #[test]
    fn places_say_what_writing_a_character_takes() {
        for locking in std::iter::once(None).chain(National::ALL.map(Some)) {
            for single in std::iter::once(None).chain(National::ALL.map(Some)) {
                for c in "aAé€ğÁãßकডকಡటڏ०।₹\u{1b}😀\0".chars() {
                    let mut septets = Vec::new();
                    Tables::of(locking, single).write(c, &mut septets);
                    let taken = u32::try_from(septets.len()).ok().filter(|taken| *taken > 0);
                    assert_eq!(Places::of(c).septets(locking, single), taken, "{c:?} {locking:?} {single:?}");
                }
            }
        }
    }

    #[test]
    fn misprints_of_the_specification_are_mended() {
        assert_eq!(code(National::Kannada, 0x24), Some('ಡ'));
        assert_eq!(code(National::Kannada, 0x3d), Some('ಪ'));
        assert_eq!(code(National::Hindi, 0x00), Some('\u{901}'));
        assert_eq!(SINGLE[usize::from(National::Telugu.id())][0x65], 0x20ac);
        let with_commas = National::ALL.into_iter().filter(|language| code(*language, 0x2c) == Some(','));
        assert_eq!(with_commas.count(), 13);
    }

    #[test]
    fn codes_without_a_character_are_read_as_phones_show_them() {
        let bengali = Tables::of(Some(National::Bengali), Some(National::Bengali));
        let read = |septets: &[u8]| String::from_utf16_lossy(&bengali.read(septets.iter().copied()));
        assert_eq!(read(&[0x0c]), " ", "no letter has this code");
        assert_eq!(read(&[ESCAPE, 0x61]), "a", "only the locking table has it");
        assert_eq!(read(&[ESCAPE, ESCAPE, 0x61]), " a");
        assert_eq!(read(&[0x61, ESCAPE]), "a ");
        assert_eq!(read(&[0x80, 0xff]), "  ", "no septets");
    }
}
