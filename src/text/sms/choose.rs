//! Which alphabet is the cheapest that carries a text.

use super::alphabet::Frame;
use super::split::cuts;
use super::tables::Places;
use super::{Allowed, Alphabet, MOST_SEGMENTS, National, Size, Unfit};
use crate::text::{self, Count, Measure, septets_of};

/// An alphabet that holds all of a text.
struct Candidate {
    alphabet: Alphabet,
    units: u32,
    frame: Frame,
}

pub(super) fn choose(text: &str, allowed: Allowed) -> Result<Size, Unfit> {
    let of = |alphabet, units| Candidate { alphabet, units, frame: Frame::of(alphabet, allowed.reference) };
    let mut candidates = Vec::new();
    let Measure { alphabet, size } = Count::of(text).measure();
    if alphabet == text::Alphabet::Gsm7 {
        let plain = of(Alphabet::DEFAULT, count(size));
        // Nothing is cheaper.
        if plain.units <= plain.frame.alone {
            return Ok(plain.with(1));
        }
        candidates.push(plain);
    }
    if allowed.national {
        candidates.extend(national(text).map(|(alphabet, units)| of(alphabet, units)));
    }
    if allowed.ucs2 {
        candidates.push(of(Alphabet::Ucs2, count(text.encode_utf16().count())));
    }
    if candidates.is_empty() {
        return Err(foreign(text, allowed));
    }
    candidates.sort_by_key(|candidate| (candidate.fewest(), candidate.rank()));
    let mut best: Option<(u32, &Candidate)> = None;
    for candidate in &candidates {
        let better = |segments| best.is_none_or(|(fewest, best)| (segments, candidate.rank()) < (fewest, best.rank()));
        // At best it takes so many, which is looked at more closely only if that were better.
        if better(candidate.fewest()) {
            let segments = candidate.segments(text);
            if better(segments) {
                best = Some((segments, candidate));
            }
        }
    }
    let fitting = best.and_then(|(segments, best)| Some((u16::try_from(segments).ok()?, best)));
    let (segments, best) = fitting.filter(|(segments, _)| *segments <= MOST_SEGMENTS).ok_or(Unfit::TooLong)?;
    Ok(best.with(segments))
}

impl Candidate {
    fn with(&self, segments: u16) -> Size {
        Size { alphabet: self.alphabet, units: self.units, segments }
    }

    /// How many segments it takes at the least: if none is cut off before it is full.
    fn fewest(&self) -> u32 {
        if self.units <= self.frame.alone { 1 } else { self.units.div_ceil(self.frame.each) }
    }

    fn segments(&self, text: &str) -> u32 {
        let fewest = self.fewest();
        if fewest == 1 || fewest > MOST_SEGMENTS.into() {
            return fewest;
        }
        count(cuts(text, self.alphabet, self.frame.each).take(usize::from(MOST_SEGMENTS) + 1).count())
    }

    /// Of what takes as many segments: the default alphabet, then UCS-2, which every phone shows; then a single shift table alone, then a
    /// locking one, of which a phone without it makes nonsense; tables of one language before those of two; what takes less.
    fn rank(&self) -> (u8, bool, u32, u8, u8) {
        let id = |language: Option<National>| language.map_or(0, National::id);
        match self.alphabet {
            Alphabet::Ucs2 => (1, false, self.units, 0, 0),
            Alphabet::Gsm7 { locking, single } => {
                let tables = u8::from(single.is_some()) + 2 * u8::from(locking.is_some());
                let is_mixed = locking.is_some() && single.is_some() && locking != single;
                let rank = if tables == 0 { 0 } else { 1 + tables };
                (rank, is_mixed, self.units, id(locking), id(single))
            }
        }
    }
}

/// The pairs of tables, other than the default ones, that hold all of the text, and how many septets it takes with each.
fn national(text: &str) -> impl Iterator<Item = (Alphabet, u32)> {
    // Most characters of a text are in the same tables, so that each pair need not be tried with each character.
    let mut kinds: Vec<(Places, u32)> = Vec::new();
    for c in text.chars() {
        let places = Places::of(c);
        match kinds.iter_mut().find(|(known, _)| *known == places) {
            Some((_, number)) => *number = number.saturating_add(1),
            None => kinds.push((places, 1)),
        }
        // Nothing holds it.
        if places == Places::default() {
            kinds = vec![(places, 1)];
            break;
        }
    }
    let languages = || std::iter::once(None).chain(National::ALL.map(Some));
    let locking = languages().filter(|locking| locking.is_none_or(National::has_locking));
    let pairs = locking.flat_map(move |locking| languages().map(move |single| (locking, single))).skip(1);
    pairs.filter_map(move |(locking, single)| {
        let septets = |(places, number): &(Places, u32)| Some(places.septets(locking, single)?.saturating_mul(*number));
        let units = kinds.iter().map(septets).try_fold(0_u32, |sum, septets| Some(sum.saturating_add(septets?)))?;
        Some((Alphabet::Gsm7 { locking, single }, units))
    })
}

/// What to tell of a text that nothing holds which the route allows: the first character of no table, or else of none of the default ones.
fn foreign(text: &str, allowed: Allowed) -> Unfit {
    let none_has = |c: char| allowed.national && Places::of(c) == Places::default();
    let default_lacks = |c: char| septets_of(c).is_none();
    let first = |is_foreign: &dyn Fn(char) -> bool| text.char_indices().find(|(_, c)| is_foreign(*c));
    let found = first(&none_has).or_else(|| first(&default_lacks));
    let (at, character) = found.unwrap_or_default();
    Unfit::Foreign { character, at }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
