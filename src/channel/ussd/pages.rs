//! Where the pages of a screen break.
//!
//! A screen is a row of blocks: texts, which may be broken between words, and rows and options, which may not. Pages are
//! filled with as many of them as fit above the navigation lines. All sizes are asked of the whole page, since one
//! character outside GSM-7 changes the alphabet of all of it; but each text is counted once, however often it is tried.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::{KeyLabels, Layout, Offered};
use crate::engine::Screen;
use crate::text::{Count, break_off, fits, to_gsm};
use crate::types::Limits;

/// Lays a screen out. Never fails: what cannot fit (which `check` refuses beforehand) is broken between graphemes; where
/// `limits.units` is `None`, characters outside GSM-7 are transliterated.
///
/// From the top, a page has: the notice (on the first page), text, rows, options, the hint (below the first options), the
/// navigation lines. An option or a row is broken only when it does not fit on a page by itself.
///
/// A screen of one page stays one: of a notice it shows what fits above it. Otherwise a wrong answer would push the options
/// to a second page, with a key to turn to it that may be what somebody answers.
pub fn lay_out(screen: &Screen, limits: Limits, labels: &KeyLabels) -> Layout {
    first_pages(screen, limits, labels, usize::MAX)
}

/// The same as far as a phone needs to know that shows `page`, from 0: the pages up to it, and the next where there is one.
pub fn lay_out_to(screen: &Screen, limits: Limits, labels: &KeyLabels, page: u16) -> Layout {
    first_pages(screen, limits, labels, usize::from(page) + 2)
}

fn first_pages(screen: &Screen, limits: Limits, labels: &KeyLabels, at_most: usize) -> Layout {
    let mut filler = Filler::new(screen, limits, labels);
    let mut pages = Vec::new();
    if let Some(notice) = screen.notice.as_deref().map(|notice| filler.carried(notice)) {
        if let Some(page) = filler.clone().all_that_is_left(0) {
            return Layout { pages: vec![above(&notice.text, page, limits)] };
        }
        filler.add_first(notice);
    }
    while pages.len() < at_most {
        let number = pages.len();
        if let Some(last) = filler.all_that_is_left(number) {
            pages.push(last);
            break;
        }
        pages.push(filler.fill(number));
    }
    Layout { pages }
}

/// A page with as much of a notice above it as fits, cut between words; none of it where not even one word does.
fn above(notice: &str, page: String, limits: Limits) -> String {
    const CUT: &str = "...";
    let whole = join([notice, &page]);
    if fits(&whole, limits) {
        return whole;
    }
    let (part, after) = break_off(notice, limits, &format!("{CUT}\n{page}"));
    let part = part.trim_end_matches(|c: char| c.is_ascii_punctuation() || c == '।');
    let shortened = join([format!("{part}{CUT}").as_str(), &page]);
    let is_between_words = after.starts_with(char::is_whitespace) && !part.is_empty();
    if is_between_words && fits(&shortened, limits) { shortened } else { page }
}

/// A text in characters that the gateway carries, without white space around it, and what it takes of a page.
#[derive(Clone)]
struct Counted<'a> {
    text: Cow<'a, str>,
    count: Count,
}

impl<'a> Counted<'a> {
    fn new(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        Self { count: Count::of(&text), text }
    }
}

/// Something that stands on lines of its own.
#[derive(Clone)]
struct Block<'a> {
    text: Counted<'a>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Row,
    Option,
}

/// What has yet to be put on pages.
#[derive(Clone)]
struct Filler<'a> {
    screen: &'a Screen,
    limits: Limits,
    labels: &'a KeyLabels,
    blocks: VecDeque<Block<'a>>,
    /// Waits for the first options, to stand below them.
    hint: Option<Counted<'a>>,
}

impl<'a> Filler<'a> {
    fn new(screen: &'a Screen, limits: Limits, labels: &'a KeyLabels) -> Self {
        let mut filler = Self { screen, limits, labels, blocks: VecDeque::new(), hint: None };
        filler.add(&screen.text, Kind::Text);
        for row in &screen.rows {
            filler.add(row, Kind::Row);
        }
        for option in &screen.options {
            filler.add(format!("{}. {}", option.number, option.label), Kind::Option);
        }
        match &screen.hint {
            Some(hint) if screen.options.is_empty() => filler.add(hint, Kind::Text),
            Some(hint) => filler.hint = Some(filler.carried(hint)),
            None => {}
        }
        filler
    }

    fn add(&mut self, text: impl Into<Cow<'a, str>>, kind: Kind) {
        let text = self.carried(text);
        if !text.text.is_empty() {
            self.blocks.push_back(Block { text, kind });
        }
    }

    fn add_first(&mut self, text: Counted<'a>) {
        if !text.text.is_empty() {
            self.blocks.push_front(Block { text, kind: Kind::Text });
        }
    }

    /// A text in characters that the gateway carries, without white space around it (block texts of files end with a
    /// line break).
    fn carried(&self, text: impl Into<Cow<'a, str>>) -> Counted<'a> {
        let text = text.into();
        if self.limits.units.is_none() {
            return Counted::new(to_gsm(text.trim()).trim().to_owned());
        }
        Counted::new(match text {
            Cow::Borrowed(text) => text.trim().into(),
            Cow::Owned(text) if text.trim().len() == text.len() => text.into(),
            Cow::Owned(text) => Cow::from(text.trim().to_owned()),
        })
    }

    /// The page with everything that is left, if it fits: the last page, which has no more key.
    fn all_that_is_left(&mut self, number: usize) -> Option<String> {
        if self.blocks.is_empty() {
            // A hint that fitted below no option stands alone.
            self.blocks.extend(self.hint.take().map(|text| Block { text, kind: Kind::Text }));
        }
        let count = self.blocks.iter().fold(Count::default(), |count, block| count.above(block.text.count));
        let navigation = self.navigation(number, true);
        let page = Page { body: Vec::new(), count, hint: self.hint.clone(), navigation };
        let fits = self.blocks.is_empty() || page.with(Count::default(), page.hint.as_ref()).fits(self.limits);
        let body = || self.blocks.iter().map(|block| block.text.text.clone()).collect();
        fits.then(|| Page { body: body(), ..page }.text())
    }

    /// A page that is not the last: as many blocks as fit, and something of the first in any case.
    fn fill(&mut self, number: usize) -> String {
        let navigation = self.navigation(number, false);
        let mut page = Page { body: Vec::new(), count: Count::default(), hint: None, navigation };
        while let Some(block) = self.blocks.pop_front() {
            if self.has_room(&mut page, &block) {
                page.add(block.text);
                continue;
            }
            if let Some(rest) = self.put_beginning(&mut page, block) {
                self.blocks.push_front(rest);
            }
            break;
        }
        page.text()
    }

    /// Whether a block fits on a page, below the first options with the hint, which is then put there.
    fn has_room(&mut self, page: &mut Page<'a>, block: &Block<'a>) -> bool {
        let waiting = self.hint.as_ref().filter(|_| block.kind == Kind::Option);
        if page.with(block.text.count, waiting.or(page.hint.as_ref())).fits(self.limits) {
            if waiting.is_some() {
                page.hint = self.hint.take();
            }
            return true;
        }
        // An option that leaves no room for the hint goes without: a page of a list that shows none would only be turned.
        let can_go_without = page.body.is_empty() || (block.kind == Kind::Option && page.hint.is_none());
        can_go_without && page.with(block.text.count, None).fits(self.limits)
    }

    /// Puts as much of a block on a page as fits, and gives back the rest. Texts are broken between words, and only on an
    /// empty page within one; rows and options only on an empty page, which shows that they are too long for any.
    fn put_beginning(&self, page: &mut Page<'a>, block: Block<'a>) -> Option<Block<'a>> {
        let empty = page.body.is_empty();
        if block.kind != Kind::Text && !empty {
            return Some(block);
        }
        let (part, after) = break_off(&block.text.text, self.limits, &page.reserve());
        let part = Counted::new(part.to_owned());
        let between_words = after.starts_with(char::is_whitespace);
        let taken = empty || (between_words && page.with(part.count, page.hint.as_ref()).fits(self.limits));
        if !taken {
            return Some(block);
        }
        page.add(part);
        let after = after.trim_start();
        (!after.is_empty()).then(|| Block { text: Counted::new(after.to_owned()), kind: block.kind })
    }

    /// The lines at the foot of a page.
    fn navigation(&self, number: usize, last: bool) -> Counted<'a> {
        let offered = Offered::on(self.screen, number, last);
        let labels = self.labels;
        let lines = [
            (offered.back, &labels.back_key, &labels.back),
            // On the pages before the last it works too, but its line would cost a row of each.
            (offered.home && last, &labels.home_key, &labels.home),
            (offered.more, &labels.more_key, &labels.more),
        ];
        let shown = lines.into_iter().filter(|(offered, ..)| *offered);
        let lines: Vec<_> = shown.map(|(_, key, label)| self.carried(format!("{key} {label}")).text).collect();
        Counted::new(lines.join("\n"))
    }
}

/// A page while it is filled. Each part has no line break at its ends.
struct Page<'a> {
    body: Vec<Cow<'a, str>>,
    /// Of the body.
    count: Count,
    hint: Option<Counted<'a>>,
    navigation: Counted<'a>,
}

impl<'a> Page<'a> {
    fn add(&mut self, text: Counted<'a>) {
        self.count = self.count.above(text.count);
        self.body.push(text.text);
    }

    /// What the page takes with one more text and with this hint.
    fn with(&self, text: Count, hint: Option<&Counted<'a>>) -> Count {
        let hint = hint.map_or_else(Count::default, |hint| hint.count);
        self.count.above(text).above(hint).above(self.navigation.count)
    }

    /// What is not empty, each on lines of its own.
    fn parts(&self) -> impl Iterator<Item = &str> {
        let below = self.hint.iter().chain([&self.navigation]).map(|counted| &*counted.text);
        self.body.iter().map(|text| &**text).chain(below).filter(|part| !part.is_empty())
    }

    fn text(&self) -> String {
        self.parts().collect::<Vec<_>>().join("\n")
    }

    /// What stands on the page beside a text that is yet to be put there, with the line breaks between.
    fn reserve(&self) -> String {
        self.parts().flat_map(|part| ["\n", part]).collect()
    }
}

/// Each on lines of its own; what is empty takes none.
fn join<'t>(parts: impl IntoIterator<Item = &'t str>) -> String {
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}
