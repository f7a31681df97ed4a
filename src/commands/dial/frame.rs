//! What the phone shows, in a frame that says how much of the page it takes.

use std::fmt::Write as _;

use crate::gateway::Profile;
use crate::handset::Shown;
use crate::menu::Keys;
use crate::text::{self, Alphabet};
use crate::types::Limits;

/// Columns of the frame's lines.
const WIDTH: usize = 44;

/// Which page of a screen is read. The protocol does not tell: it follows from the keys that were pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Page(u16);

impl Page {
    pub(super) const FIRST: Self = Self(1);

    /// The page after a key was pressed on a screen.
    pub(super) fn after(self, shown: &Shown, answer: &str, keys: Option<&Keys>) -> Self {
        let Some(keys) = keys else { return Self::FIRST };
        let key = text::to_ascii_digits(answer.trim());
        if key == keys.more && has_more(shown, keys) {
            Self(self.0.saturating_add(1))
        } else if key == keys.back && self.0 > 1 {
            Self(self.0 - 1)
        } else {
            Self::FIRST
        }
    }
}

/// Whether a page offers the key for the next one.
fn has_more(shown: &Shown, keys: &Keys) -> bool {
    shown.text.lines().any(|line| line.strip_prefix(&keys.more).is_some_and(|rest| rest.starts_with(' ')))
}

/// The page between two lines: above it the gateway and the number, below it how much of the gateway's limit it takes.
pub(super) fn draw(shown: &Shown, page: Page, profile: &Profile, number: &str, keys: Option<&Keys>) -> String {
    let mut out = String::new();
    let head = format!("┌ {} · {number} ", profile.name);
    let _ = writeln!(out, "{head}{}", "─".repeat(WIDTH.saturating_sub(head.chars().count())));
    for line in shown.text.lines() {
        let _ = writeln!(out, "│ {line}");
    }
    let mut foot = format!("└ {}", used(&shown.text, profile.limits));
    let follows = keys.is_some_and(|keys| has_more(shown, keys));
    match (page.0, follows) {
        (1, false) => {}
        (page, follows) => {
            let _ = write!(foot, " · page {page}, {}", if follows { "more follow" } else { "the last" });
        }
    }
    let _ = writeln!(out, "{foot} {}", "─".repeat(WIDTH.saturating_sub(foot.chars().count() + 1)));
    out
}

/// `122 of 160 letters`, `58 of 70 units`: what networks count.
fn used(text: &str, limits: Limits) -> String {
    let measure = text::measure(text);
    let (most, what) = match measure.alphabet {
        Alphabet::Gsm7 => (Some(limits.septets), "septets"),
        Alphabet::Ucs2 => (limits.units, "units"),
    };
    match most {
        Some(most) if measure.size > usize::from(most) => format!("{} {what}, and only {most} fit!", measure.size),
        Some(most) => format!("{} of {most} {what}", measure.size),
        None => format!("{} {what}, which this gateway cannot carry!", measure.size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::shipped;

    fn keys() -> Keys {
        Keys { back: "0".to_owned(), home: "00".to_owned(), more: "98".to_owned() }
    }

    fn framed(text: &str, page: Page) -> String {
        let flares = shipped().into_iter().find(|profile| profile.name == "flares").expect("it is shipped");
        let shown = Shown { text: text.to_owned(), more: true };
        draw(&shown, page, &flares, "+919812345670", Some(&keys()))
    }

    #[test]
    fn a_page_says_what_it_takes() {
        insta::assert_snapshot!(framed("Welcome. What do you need?\n1. PF balance\n98 More", Page::FIRST), @r"
        ┌ flares · +919812345670 ───────────────────
        │ Welcome. What do you need?
        │ 1. PF balance
        │ 98 More
        └ 48 of 160 septets · page 1, more follow ──
        ");
        insta::assert_snapshot!(framed("सेवाएँ", Page(2)), @r"
        ┌ flares · +919812345670 ───────────────────
        │ सेवाएँ
        └ 6 of 70 units · page 2, the last ─────────
        ");
        assert!(framed(&"x".repeat(161), Page::FIRST).contains("161 septets, and only 160 fit!"));
    }

    #[test]
    fn pages_follow_from_the_keys() {
        let (more, last) = ("Prices\n98 More", "Prices");
        let shown = |text: &str| Shown { text: text.to_owned(), more: true };
        let keys = keys();
        let second = Page::FIRST.after(&shown(more), " ९८ ", Some(&keys));
        assert_eq!(second, Page(2));
        assert_eq!(second.after(&shown(last), "0", Some(&keys)), Page::FIRST);
        assert_eq!(second.after(&shown(last), "98", Some(&keys)), Page::FIRST, "nothing follows");
        assert_eq!(second.after(&shown(more), "1", Some(&keys)), Page::FIRST, "another screen");
    }
}
