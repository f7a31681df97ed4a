//! Long messages, put together again from their parts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Concatenation, Reference};

/// What one segment holds. Kept in UTF-16 units, since some phones cut a pair of surrogates in two.
///
/// `Debug` shows no text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub concatenation: Option<Concatenation>,
    units: Vec<u16>,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part").field("concatenation", &self.concatenation).finish_non_exhaustive()
    }
}

impl Part {
    /// A part of which somebody else, such as a gateway, has read the text.
    pub fn new(text: &str, concatenation: Option<Concatenation>) -> Self {
        Self::of_units(text.encode_utf16().collect(), concatenation)
    }

    /// A part in UTF-16 units, of which the first and the last may be half a pair.
    pub fn of_units(units: Vec<u16>, concatenation: Option<Concatenation>) -> Self {
        Self { concatenation, units }
    }

    pub fn units(&self) -> &[u16] {
        &self.units
    }

    /// The text of this part alone; half of a pair becomes U+FFFD.
    pub fn text(&self) -> String {
        String::from_utf16_lossy(&self.units)
    }
}

/// The parts of one message that have come so far, in whatever order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    reference: Reference,
    total: u8,
    units: BTreeMap<u8, Vec<u16>>,
}

/// Why a part does not belong to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Contradiction {
    #[error("the part is of another message")]
    Reference,
    #[error("the part says that there are {said} parts, earlier ones said {known}")]
    Total { known: u8, said: u8 },
    #[error("part {number} came twice, with different texts")]
    Text { number: u8 },
}

impl Parts {
    /// Begins with any part of a long message; `None` for a message that is whole by itself.
    pub fn begin(part: &Part) -> Option<Self> {
        let Concatenation { reference, total, number } = part.concatenation.filter(|part| part.is_sound())?;
        Some(Self { reference, total, units: BTreeMap::from([(number, part.units.clone())]) })
    }

    /// All of these, which must be of one message; `None` where there are none, or the first is whole by itself.
    pub fn of<'p>(parts: impl IntoIterator<Item = &'p Part>) -> Result<Option<Self>, Contradiction> {
        let mut parts = parts.into_iter();
        let Some(mut known) = parts.next().and_then(Self::begin) else { return Ok(None) };
        parts.try_for_each(|part| known.add(part))?;
        Ok(Some(known))
    }

    /// Takes another part. The same part once more changes nothing; one that contradicts the others changes nothing either, and
    /// is refused.
    pub fn add(&mut self, part: &Part) -> Result<(), Contradiction> {
        let own = part.concatenation.filter(|own| own.is_sound() && own.reference == self.reference);
        let Concatenation { total, number, .. } = own.ok_or(Contradiction::Reference)?;
        if total != self.total {
            return Err(Contradiction::Total { known: self.total, said: total });
        }
        let units = self.units.entry(number).or_insert_with(|| part.units.clone());
        if *units == part.units { Ok(()) } else { Err(Contradiction::Text { number }) }
    }

    /// The numbers of the parts that have not come.
    pub fn missing(&self) -> impl Iterator<Item = u8> {
        (1..=self.total).filter(|number| !self.units.contains_key(number))
    }

    /// The whole text, once all parts have come.
    pub fn text(&self) -> Option<String> {
        let is_whole = self.units.len() == usize::from(self.total);
        is_whole.then(|| String::from_utf16_lossy(&self.units.values().flatten().copied().collect::<Vec<_>>()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(text: &str, total: u8, number: u8) -> Part {
        Part::new(text, Some(Concatenation { reference: Reference::Eight(7), total, number }))
    }

    #[test]
    fn parts_come_in_any_order_and_more_than_once() {
        let (first, second, third) = (part("one ", 3, 1), part("two ", 3, 2), part("three", 3, 3));
        let mut parts = Parts::begin(&second).expect("it is one of several");
        parts.add(&second).expect("the same once more");
        assert_eq!((parts.missing().collect::<Vec<_>>(), parts.text()), (vec![1, 3], None));
        parts.add(&third).expect("it is another");
        parts.add(&first).expect("it is another");
        assert_eq!((parts.missing().count(), parts.text().as_deref()), (0, Some("one two three")));
    }

    #[test]
    fn a_part_that_contradicts_is_refused_and_changes_nothing() {
        let mut parts = Parts::begin(&part("a", 2, 1)).expect("it is one of several");
        let before = parts.clone();
        let other = Part::new("b", Some(Concatenation { reference: Reference::Sixteen(7), total: 2, number: 2 }));
        for (part, why) in [
            (other, Contradiction::Reference),
            (Part::new("b", None), Contradiction::Reference),
            (part("b", 2, 3), Contradiction::Reference),
            (part("b", 3, 2), Contradiction::Total { known: 2, said: 3 }),
            (part("b", 2, 1), Contradiction::Text { number: 1 }),
        ] {
            assert_eq!(parts.add(&part), Err(why), "{part:?}");
            assert_eq!(parts, before);
        }
    }

    #[test]
    fn a_message_that_is_whole_has_no_parts() {
        assert_eq!(Parts::begin(&Part::new("a", None)), None);
        assert_eq!(Parts::begin(&part("a", 0, 1)), None);
        assert_eq!(Parts::of([]), Ok(None));
    }

    #[test]
    fn half_a_pair_finds_its_other_half() {
        let concatenation = |number| Some(Concatenation { reference: Reference::Eight(7), total: 2, number });
        let halves = [Part::of_units(vec![0xd83d], concatenation(1)), Part::of_units(vec![0xde00], concatenation(2))];
        assert_eq!(halves[0].text(), "\u{fffd}");
        let parts = Parts::of(&halves).expect("they agree").expect("they are several");
        assert_eq!(parts.text().as_deref(), Some("😀"));
    }

    proptest! {
        #[test]
        fn the_order_does_not_matter(texts in prop::collection::vec(any::<String>(), 1..9).prop_shuffle(), order in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle()) {
            let total = u8::try_from(texts.len()).expect("few parts");
            let parts: Vec<Part> = (1..).zip(&texts).map(|(number, text)| part(text, total, number)).collect();
            let order: Vec<&Part> = order.into_iter().filter_map(|at| parts.get(at)).collect();
            let joined = Parts::of(order).expect("they agree").expect("they are several");
            prop_assert_eq!(joined.text(), Some(texts.concat()));
        }
    }
}
