//! Where the pages of a screen break.
//!
//! A screen is a row of blocks: texts, which may be broken between words, and rows and options, which may not. Pages are
//! filled with as many of them as fit above the navigation lines. All sizes are asked of the whole page, since one
//! character outside GSM-7 changes the alphabet of all of it; but each text is counted once, however often it is tried.

use std::ops::ControlFlow;

use super::blocks::{Block, Blocks, Kind};
use super::{KeyLabels, Layout, Offered, Place};
use crate::engine::{Head, Screen};
use crate::text::{Count, break_off, fits};
use crate::types::Limits;

/// Lays a screen out. Never fails: what cannot fit (which `check` refuses beforehand) is broken between graphemes; where
/// `limits.units` is `None`, characters outside GSM-7 are transliterated.
///
/// From the top, a page has: the notice (on the first page), text, rows, options, the hint (below the first options), the
/// navigation lines. An option or a row is broken only when it does not fit on a page by itself.
///
/// A screen of one page stays one: of a notice it shows what fits above it. Otherwise a wrong answer would push the options
/// to a second page, with a key to turn to it that may be what somebody answers.
pub fn lay_out(screen: &Screen, limits: Limits, labels: &KeyLabels<'_>) -> Layout {
    let mut blocks = Blocks::all(limits);
    // It takes all that comes.
    let _ = screen.draw(&mut blocks);
    let mut filler = Filler::new(screen.head(), limits, labels, blocks);
    let mut pages = Vec::new();
    loop {
        let is_last = filler.fill();
        pages.push(filler.page().to_owned());
        if is_last {
            return Layout { pages };
        }
    }
}

/// The page that a phone shows whose reader was left on `page`, from 0, of a screen that `draw` draws as far as it is wanted.
pub(super) fn page(
    screen: Head,
    draw: impl FnOnce(&mut Blocks) -> ControlFlow<()>,
    limits: Limits,
    labels: &KeyLabels<'_>,
    page: u16,
) -> (String, Place) {
    let mut blocks = Blocks::until(page, limits);
    // What breaks off has put all that is needed.
    let _ = draw(&mut blocks);
    let mut filler = Filler::new(screen, limits, labels, blocks);
    let mut at = 0;
    loop {
        let is_last = filler.fill();
        if is_last || at == page {
            return (filler.into_page(), Place { page: at, is_last });
        }
        at += 1;
    }
}

/// A page with as much of a notice above it as fits, cut between words; `None` where not even one word does.
fn above(notice: &str, page: &str, limits: Limits) -> Option<String> {
    const CUT: &str = "...";
    let whole = join([notice, page]);
    if fits(&whole, limits) {
        return Some(whole);
    }
    let (part, after) = break_off(notice, limits, Count::of(CUT).with("\n").with(page));
    let part = part.trim_end_matches(|c: char| c.is_ascii_punctuation() || c == '।');
    let shortened = join([format!("{part}{CUT}").as_str(), page]);
    let is_between_words = after.starts_with(char::is_whitespace) && !part.is_empty();
    (is_between_words && fits(&shortened, limits)).then_some(shortened)
}

/// What has yet to be put on pages.
struct Filler<'l> {
    screen: Head,
    limits: Limits,
    blocks: Blocks,
    labels: &'l KeyLabels<'l>,
    /// The first block that is on no page yet.
    next: usize,
    /// The number of the next page, from 0.
    number: usize,
    /// The line of each key, once it was wanted.
    back: Option<Block>,
    home: Option<Block>,
    more: Option<Block>,
    /// Where the page that is being filled begins, behind the text of all blocks.
    page: usize,
}

impl<'l> Filler<'l> {
    fn new(screen: Head, limits: Limits, labels: &'l KeyLabels<'l>, mut blocks: Blocks) -> Self {
        if !blocks.all.iter().any(|block| block.kind == Kind::Option) {
            // Below no options it is a text like others.
            blocks.all.extend(blocks.hint.take().filter(|hint| !hint.is_empty()));
        }
        Self { screen, limits, blocks, labels, next: 0, number: 0, back: None, home: None, more: None, page: 0 }
    }

    /// Fills the next page; whether it is the last.
    fn fill(&mut self) -> bool {
        if let Some(notice) = self.blocks.notice.take() {
            if self.fill_last() {
                if let Some(page) = above(self.blocks.text_of(&notice), self.page(), self.limits) {
                    self.blocks.text.truncate(self.page);
                    self.blocks.text.push_str(&page);
                }
                return true;
            }
            if !notice.is_empty() {
                self.blocks.all.insert(0, notice);
            }
        }
        if self.left().is_empty() {
            // A hint that fitted below no option stands alone.
            self.blocks.all.extend(self.blocks.hint.take());
        }
        if self.fill_last() {
            return true;
        }
        self.fill_some();
        self.number += 1;
        false
    }

    /// The page that was filled last.
    fn page(&self) -> &str {
        self.blocks.text.get(self.page..).unwrap_or_default()
    }

    fn into_page(self) -> String {
        let mut text = self.blocks.text;
        text.drain(..self.page);
        text
    }

    fn left(&self) -> &[Block] {
        self.blocks.all.get(self.next..).unwrap_or_default()
    }

    /// The page with everything that is left, if it fits: the last page, which has no more key.
    fn fill_last(&mut self) -> bool {
        let count = self.left().iter().fold(Count::default(), |count, block| count.above(block.count));
        let foot = self.foot(true, self.blocks.hint);
        let whole = foot.iter().flatten().fold(count, |count, line| count.above(line.count));
        let fits = self.left().is_empty() || whole.fits(self.limits);
        if fits {
            self.begin_page();
            while let Some(block) = self.left().first().copied() {
                self.put(block);
                self.next += 1;
            }
            self.put_foot(foot);
        }
        fits
    }

    /// A page that is not the last: as many blocks as fit, and something of the first in any case.
    fn fill_some(&mut self) {
        let navigation = self.foot(false, None);
        let navigation = navigation.iter().flatten().fold(Count::default(), |count, line| count.above(line.count));
        let mut page = Page { count: Count::default(), hint: None, navigation };
        self.begin_page();
        while let Some(block) = self.left().first().copied() {
            if self.has_room(&mut page, block) {
                page.count = page.count.above(block.count);
                self.put(block);
                self.next += 1;
                continue;
            }
            self.put_beginning(&page, block);
            break;
        }
        let foot = self.foot(false, page.hint);
        self.put_foot(foot);
    }

    /// Whether a block fits on a page, below the first options with the hint, which is then put there.
    fn has_room(&mut self, page: &mut Page, block: Block) -> bool {
        let waiting = self.blocks.hint.filter(|_| block.kind == Kind::Option);
        if page.with(block.count, waiting.or(page.hint)).fits(self.limits) {
            if waiting.is_some() {
                page.hint = self.blocks.hint.take();
            }
            return true;
        }
        // An option that leaves no room for the hint goes without: a page of a list that shows none would only be turned.
        let can_go_without = page.is_empty() || (block.kind == Kind::Option && page.hint.is_none());
        can_go_without && page.with(block.count, None).fits(self.limits)
    }

    /// Puts as much of a block on a page as fits, and keeps the rest. Texts are broken between words, and only on an
    /// empty page within one; rows and options only on an empty page, which shows that they are too long for any.
    fn put_beginning(&mut self, page: &Page, block: Block) {
        if block.kind != Kind::Text && !page.is_empty() {
            return;
        }
        let (part, after) = break_off(self.blocks.text_of(&block), self.limits, page.reserve());
        let between_words = after.starts_with(char::is_whitespace);
        let fits = || page.with(Count::of(part), page.hint).fits(self.limits);
        if !(page.is_empty() || between_words && fits()) {
            return;
        }
        let (part, taken) = (part.len(), self.blocks.text_of(&block).len() - after.trim_start().len());
        let rest = block.after(taken, &self.blocks);
        self.put(block.until(part));
        match self.blocks.all.get_mut(self.next).filter(|_| !rest.is_empty()) {
            Some(block) => *block = rest,
            None => self.next += 1,
        }
    }

    /// The lines at the foot of a page. None of their texts is written while a page is.
    fn foot(&mut self, last: bool, hint: Option<Block>) -> [Option<Block>; 4] {
        let offered = Offered::on(self.screen, self.number, last);
        [
            hint,
            offered.back.then(|| self.line(Key::Back)),
            // On the pages before the last it works too, but its line would cost a row of each.
            (offered.home && last).then(|| self.line(Key::Home)),
            offered.more.then(|| self.line(Key::More)),
        ]
    }

    /// The line of a key of navigation.
    fn line(&mut self, key: Key) -> Block {
        let (line, key, label) = match key {
            Key::Back => (&mut self.back, &self.labels.back_key, &self.labels.back),
            Key::Home => (&mut self.home, &self.labels.home_key, &self.labels.home),
            Key::More => (&mut self.more, &self.labels.more_key, &self.labels.more),
        };
        *line.get_or_insert_with(|| {
            self.blocks.carried(Kind::Text, |out| {
                out.push_str(key);
                out.push(' ');
                out.push_str(label);
            })
        })
    }

    fn begin_page(&mut self) {
        self.page = self.blocks.text.len();
    }

    /// Puts a block below what is on the page.
    fn put(&mut self, block: Block) {
        self.blocks.put_again(block, self.page);
    }

    fn put_foot(&mut self, foot: [Option<Block>; 4]) {
        foot.into_iter().flatten().for_each(|line| self.put(line));
    }
}

/// A key of navigation.
#[derive(Clone, Copy)]
enum Key {
    Back,
    Home,
    More,
}

/// What is on a page while it is filled.
struct Page {
    /// Of its blocks.
    count: Count,
    hint: Option<Block>,
    navigation: Count,
}

impl Page {
    fn is_empty(&self) -> bool {
        self.count.is_empty()
    }

    /// What the page takes with one more text and with this hint.
    fn with(&self, text: Count, hint: Option<Block>) -> Count {
        let hint = hint.map_or_else(Count::default, |hint| hint.count);
        self.count.above(text).above(hint).above(self.navigation)
    }

    /// What stands on the page beside a text that is yet to be put there, with the line breaks between.
    fn reserve(&self) -> Count {
        let beside = self.with(Count::default(), self.hint);
        if beside.is_empty() { beside } else { Count::of("\n").then(beside) }
    }
}

/// Texts below one another; one that is empty takes no line.
fn join<const N: usize>(parts: [&str; N]) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
}
