//! Languages remembered outside the store, so that even "the service is not working" comes in the citizen's own.

use std::sync::Mutex;

use crate::store::{ByHash, KeyedHash};
use crate::sync::lock;

/// Of so many at least, and of twice as many at most.
const REMEMBERED: usize = 100_000;

/// Which language somebody last heard. Whoever was not heard of for longest is forgotten first, roughly: in two halves, of which the
/// elder goes when the younger is full. An order of all would be mended with each turn, in memory that lies far apart.
#[derive(Debug, Default)]
pub(super) struct Languages(Mutex<Halves>);

#[derive(Debug, Default)]
struct Halves {
    /// Few, and named by their place.
    codes: Vec<String>,
    younger: ByHash<u16>,
    elder: ByHash<u16>,
}

impl Languages {
    /// The code of the language.
    pub(super) fn of(&self, whose: KeyedHash) -> Option<String> {
        let halves = lock(&self.0);
        let place = halves.younger.get(&whose).or_else(|| halves.elder.get(&whose))?;
        halves.codes.get(usize::from(*place)).cloned()
    }

    pub(super) fn remember(&self, whose: KeyedHash, code: &str) {
        self.remember_of(REMEMBERED, whose, code);
    }

    fn remember_of(&self, at_least: usize, whose: KeyedHash, code: &str) {
        let mut halves = lock(&self.0);
        let Halves { codes, younger, elder } = &mut *halves;
        let known = codes.iter().position(|known| known == code);
        // Languages are numbered so in programs, too; there are not as many.
        let Ok(place) = u16::try_from(known.unwrap_or(codes.len())) else { return };
        if known.is_none() {
            codes.push(code.to_owned());
        }
        younger.insert(whose, place);
        if younger.len() >= at_least {
            // Whose room is used again: to make it anew, step by step, takes milliseconds.
            std::mem::swap(younger, elder);
            younger.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(number: u8) -> KeyedHash {
        KeyedHash([number; 16])
    }

    #[test]
    fn the_last_language_counts() {
        let languages = Languages::default();
        assert_eq!(languages.of(somebody(1)), None);
        languages.remember(somebody(1), "hi");
        languages.remember(somebody(2), "en");
        languages.remember(somebody(1), "ta");
        assert_eq!(languages.of(somebody(1)).as_deref(), Some("ta"));
        assert_eq!(languages.of(somebody(2)).as_deref(), Some("en"));
    }

    #[test]
    fn whoever_was_heard_of_lately_is_remembered_and_others_are_not_for_ever() {
        let languages = Languages::default();
        for number in 0..10 {
            languages.remember_of(4, somebody(number), "hi");
            languages.remember_of(4, somebody(100), if number < 5 { "en" } else { "ta" });
            for lately in number.saturating_sub(1)..=number {
                assert_eq!(languages.of(somebody(lately)).as_deref(), Some("hi"), "{lately} after {number}");
            }
            assert!(languages.of(somebody(100)).is_some());
        }
        assert_eq!(languages.of(somebody(100)).as_deref(), Some("ta"));
        assert_eq!(languages.of(somebody(0)), None);
        let halves = lock(&languages.0);
        assert!(halves.younger.len() + halves.elder.len() <= 8 && halves.codes.len() == 3);
    }
}
