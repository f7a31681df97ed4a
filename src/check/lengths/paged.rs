//! How many pages a screen has, laid out only where that is needed.
//!
//! Most screens fit whole on every page there is. The others are laid out once for all limits that mean the same to them: of
//! a screen in plain letters it does not matter how many UCS-2 units a page has.

use crate::channel::ussd::{KeyLabels, lay_out};
use crate::engine::Screen;
use crate::text::{Measure, is_plain, measure};
use crate::types::Limits;

/// Limits within which every screen is one page.
const BOUNDLESS: Limits = Limits { septets: u16::MAX, units: Some(u16::MAX) };

/// A screen with what has been found out about its pages.
#[derive(Debug)]
pub(super) struct Paged<'a> {
    pub(super) screen: Screen,
    /// Of the whole screen in one piece, with its navigation lines.
    pub(super) size: Measure,
    labels: &'a KeyLabels<'a>,
    /// Whether gateways without UCS-2 show it as it is, and none needs UCS-2 for it.
    is_plain: bool,
    known: Vec<(Limits, u16)>,
}

impl<'a> Paged<'a> {
    pub(super) fn new(screen: Screen, labels: &'a KeyLabels<'a>) -> Self {
        let whole = lay_out(&screen, BOUNDLESS, labels).pages.join("\n");
        let KeyLabels { back_key, home_key, more_key, back, home, more } = labels;
        let words = [back_key, home_key, more_key, back, home, more];
        let is_plain = is_plain(&whole) && words.into_iter().all(|word| is_plain(word));
        Self { screen, size: measure(&whole), labels, is_plain, known: Vec::new() }
    }

    pub(super) fn pages(&mut self, limits: Limits) -> u16 {
        if self.size.fits(limits) {
            return 1;
        }
        let limits = if self.is_plain { Limits { units: None, ..limits } } else { limits };
        if let Some((_, pages)) = self.known.iter().find(|(known, _)| *known == limits) {
            return *pages;
        }
        let pages = pages(&self.screen, limits, self.labels);
        self.known.push((limits, pages));
        pages
    }
}

/// Pages of any screen within some limits.
pub(super) fn pages(screen: &Screen, limits: Limits, labels: &KeyLabels<'_>) -> u16 {
    u16::try_from(lay_out(screen, limits, labels).pages.len()).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use proptest::prelude::*;

    use super::*;
    use crate::engine::{Numbered, ScreenKind};
    use crate::menu::LanguageId;

    fn labels(more: &str) -> KeyLabels<'static> {
        let [back_key, home_key, more_key] = ["0", "00", "98"].map(Cow::Borrowed);
        let [back, home] = ["Back", "Home"].map(Cow::Borrowed);
        let more = Cow::Owned(more.to_owned());
        KeyLabels { back_key, home_key, more_key, back, home, more }
    }

    fn any_screen() -> impl Strategy<Value = Screen> {
        let label = || prop_oneof![4 => "[A-Za-z ]{1,30}", 1 => "[a-zé€\\[\r\n]{1,30}", 1 => "[क-ह ]{1,20}"];
        let list = || prop::collection::vec(label(), 0..20);
        (list(), list(), list(), prop::option::of(label()), any::<[bool; 2]>()).prop_map(
            |(text, rows, labels, hint, [back, home])| {
                let options = (1..).zip(labels).map(|(number, label)| Numbered { number, label }).collect();
                let bare = Screen::bare(ScreenKind::Choice, text.join(" "), LanguageId(0));
                Screen { rows, options, hint, back, home, ..bare }
            },
        )
    }

    proptest! {
        #[test]
        fn pages_are_as_many_as_the_layout_has(screen in any_screen(), more in "(More|आगे)") {
            let labels = labels(&more);
            let mut paged = Paged::new(screen.clone(), &labels);
            for (septets, units) in [(160, None), (160, Some(70)), (150, Some(60)), (182, Some(80)), (182, None)] {
                let limits = Limits { septets, units };
                prop_assert_eq!(paged.pages(limits), pages(&screen, limits, &labels), "within {:?}", limits);
            }
        }
    }
}
