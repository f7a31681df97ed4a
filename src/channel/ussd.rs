//! Screens as USSD pages, and key presses as answers.
//!
//! The engine numbers options and says which of back and home work; where the pages break (`pages`) and what the more key
//! does is decided here. Which page a phone shows is kept by whoever calls.

mod pages;

pub use pages::{lay_out, lay_out_to};

use crate::engine::{Reading, Screen, ScreenKind};
use crate::menu::{LanguageId, Program, SystemText};
use crate::text::to_ascii_digits;

/// The keys of navigation and their labels in one language.
#[derive(Clone, Debug)]
pub struct KeyLabels {
    pub back_key: String,
    pub home_key: String,
    pub more_key: String,
    pub back: String,
    pub home: String,
    pub more: String,
}

impl KeyLabels {
    pub fn of(program: &Program, language: LanguageId) -> Self {
        let keys = &program.navigation.ussd;
        let label = |text| program.system(text).of(language).literal();
        Self {
            back_key: keys.back.clone(),
            home_key: keys.home.clone(),
            more_key: keys.more.clone(),
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
    fn on(screen: &Screen, page: usize, last: bool) -> Self {
        let ends = screen.kind == ScreenKind::End;
        // From a later page, back leads to the page before.
        Self { back: !ends && (screen.back || page > 0), home: !ends && screen.home, more: !last }
    }
}

/// Reads what was typed while `page` of the layout was on the phone. The layout goes as far as the page after it.
///
/// Where there is nothing to answer (the last screen of a dialogue, a text to read), any key turns the page until the last.
pub fn read(input: &str, screen: &Screen, layout: &Layout, page: u16, labels: &KeyLabels) -> Pressed {
    let typed = input.trim();
    let key = to_ascii_digits(typed);
    // On another gateway there may be fewer pages than where the reader was left; the last is shown then.
    let last_page = u16::try_from(layout.pages.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let page = page.min(last_page);
    let offered = Offered::on(screen, usize::from(page), page == last_page);
    let any_key_turns = matches!(screen.kind, ScreenKind::End | ScreenKind::Text);
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
