//! What was found about which screen, in which language and on which gateways: what the table of lengths marks.

use std::collections::HashMap;

use super::Found;
use crate::check::graph::Node;
use crate::menu::{LanguageId, SystemText};
use crate::source::Severity;
use crate::text::{self, Alphabet, Measure};

/// What has a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subject {
    Screen(Node),
    Said(SystemText),
}

#[derive(Clone, Debug)]
struct Mark {
    found: Found,
    /// The profiles, by index; none where the gateway does not matter.
    on: Vec<usize>,
}

#[derive(Debug, Default)]
pub(super) struct Marks(HashMap<(Subject, LanguageId), Vec<Mark>>);

impl Marks {
    pub(super) fn add(
        &mut self,
        subject: Subject,
        language: LanguageId,
        found: Found,
        on: impl IntoIterator<Item = usize>,
    ) {
        let on = on.into_iter().collect();
        self.0.entry((subject, language)).or_default().push(Mark { found, on });
    }

    /// What was found about something in a language, each code once with the most that is over.
    pub(super) fn found(&self, subject: Subject, language: LanguageId) -> Vec<Found> {
        let mut all: Vec<Found> = self.of(subject, language).iter().map(|mark| mark.found).collect();
        all.sort_by_key(|found| (found.code, std::cmp::Reverse(found.over.map_or(0, |over| over.size))));
        all.dedup_by_key(|found| found.code);
        all
    }

    /// Of each profile, the gravest of what was found on it.
    pub(super) fn on(&self, subject: Subject, language: LanguageId) -> impl Fn(usize) -> Option<Severity> {
        let marks = self.of(subject, language);
        move |profile| marks.iter().filter(|mark| mark.on.contains(&profile)).map(|mark| mark.found.severity).min()
    }

    fn of(&self, subject: Subject, language: LanguageId) -> &[Mark] {
        self.0.get(&(subject, language)).map_or(&[], Vec::as_slice)
    }
}

/// How much must be cut off the end of a text until it fits; `None` where even nothing of it does not fit.
pub(super) fn over(text: &str, fits: impl Fn(&str) -> bool) -> Option<Measure> {
    let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    // The first border at which to cut is too late for what is left to fit.
    let too_long = borders.partition_point(|at| fits(text.get(..*at).unwrap_or_default()));
    let cut = text.get(*borders.get(too_long.checked_sub(1)?)?..)?;
    let alphabet = text::measure(text).alphabet;
    let size = match alphabet {
        Alphabet::Gsm7 => text::measure(cut).size,
        Alphabet::Ucs2 => cut.encode_utf16().count(),
    };
    Some(Measure { alphabet, size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_is_what_must_go() {
        let fits = |text: &str| text.chars().count() <= 4;
        let size = |text| over(text, fits).map(|over| (over.size, over.alphabet));
        assert_eq!(size("123456"), Some((2, Alphabet::Gsm7)));
        assert_eq!(size("1234€6"), Some((3, Alphabet::Gsm7)), "the euro sign is two septets");
        assert_eq!(size("घर123456"), Some((4, Alphabet::Ucs2)));
        assert_eq!(over("123", |_| false), None);
    }
}
