//! Screens as USSD pages, and key presses as answers.
//!
//! The engine numbers options and says which of back and home work; where the pages break (`pages`, on the `blocks` that a
//! screen is drawn as) and what the more key does is decided here. Which page a phone shows is kept by whoever calls.

mod blocks;
mod pages;

use std::borrow::Cow;

pub use pages::lay_out;

use crate::engine::{Head, Reading, ScreenKind, View};
use crate::menu::{LanguageId, Program, SystemText};
use crate::text::to_ascii_digits;
use crate::types::Limits;

/// The keys of navigation and their labels in one language.
#[derive(Clone, Debug)]
pub struct KeyLabels<'a> {
    pub back_key: Cow<'a, str>,
    pub home_key: Cow<'a, str>,
    pub more_key: Cow<'a, str>,
    pub back: Cow<'a, str>,
    pub home: Cow<'a, str>,
    pub more: Cow<'a, str>,
}

impl<'a> KeyLabels<'a> {
    pub fn of(program: &'a Program, language: LanguageId) -> Self {
        let keys = &program.navigation.ussd;
        let label = |text| program.system(text).of(language).literal();
        Self {
            back_key: Cow::Borrowed(&keys.back),
            home_key: Cow::Borrowed(&keys.home),
            more_key: Cow::Borrowed(&keys.more),
            back: label(SystemText::Back),
            home: label(SystemText::Home),
            more: label(SystemText::More),
        }
    }
}

/// The pages of a screen from the first on, each complete with its navigation lines, each within the limits. At least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub pages: Vec<String>,
}

impl Layout {
    /// Where a reader is who was left on `page`.
    pub fn place(&self, page: u16) -> Place {
        let last = u16::try_from(self.pages.len().saturating_sub(1)).unwrap_or(u16::MAX);
        Place { page: page.min(last), is_last: page >= last }
    }
}

/// Which page a reader is on. On another gateway there may be fewer than where the reader was left; it is the last then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub page: u16,
    pub is_last: bool,
}

/// The page that a phone shows of a screen, whose reader was left on `page`, and where that is. Of the screen no more is drawn than
/// that takes.
pub fn page(view: &View<'_>, limits: Limits, page: u16) -> (String, Place) {
    let labels = KeyLabels::of(view.program(), view.head.language);
    pages::page(view.head, |blocks| view.draw(blocks), limits, &labels, page)
}

/// Reads what was typed while a phone showed `page` of a screen. Of the screen no more is drawn than that takes: mostly nothing.
pub fn pressed(input: &str, view: &View<'_>, limits: Limits, page: u16) -> Pressed {
    let labels = KeyLabels::of(view.program(), view.head.language);
    read(input, view.head, page, &labels, || {
        pages::page(view.head, |blocks| view.draw(blocks), limits, &labels, page).1
    })
}

/// What a key press means on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pressed {
    /// Turns to this page, from 0.
    Page(u16),
    Answer(Reading),
}

/// Which keys of navigation work on a page. They are shown only where they work.
#[derive(Clone, Copy)]
struct Offered {
    back: bool,
    home: bool,
    more: bool,
}

impl Offered {
    fn on(screen: Head, page: usize, last: bool) -> Self {
        let ends = screen.kind == ScreenKind::End;
        // From a later page, back leads to the page before.
        Self { back: !ends && (screen.back || page > 0), home: !ends && screen.home, more: !last }
    }
}

/// Reads what was typed while `page` of a screen was on the phone. `place` is only asked where it matters.
///
/// Where there is nothing to answer (the last screen of a dialogue, a text to read), any key turns the page until the last.
pub fn read(input: &str, screen: Head, page: u16, labels: &KeyLabels<'_>, place: impl FnOnce() -> Place) -> Pressed {
    let typed = input.trim();
    let key = to_ascii_digits(typed);
    let any_key_turns = matches!(screen.kind, ScreenKind::End | ScreenKind::Text);
    let turns = any_key_turns || key == labels.more_key || (key == labels.back_key && page > 0);
    let Place { page, is_last } = if turns { place() } else { Place { page, is_last: true } };
    let offered = Offered::on(screen, usize::from(page), is_last);
    if offered.back && key == labels.back_key {
        page.checked_sub(1).map_or(Pressed::Answer(Reading::Back), Pressed::Page)
    } else if offered.home && key == labels.home_key {
        Pressed::Answer(Reading::Home)
    } else if offered.more && (any_key_turns || key == labels.more_key) {
        Pressed::Page(page.saturating_add(1))
    } else {
        Pressed::Answer(Reading::Text(typed.to_owned()))
    }
}

#[cfg(test)]
mod tests;
