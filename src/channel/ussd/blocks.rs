//! A screen as blocks of text, in characters that the gateway carries, and what each takes of a page.

use std::ops::ControlFlow;

use crate::engine::{Canvas, Part};
use crate::text::{Count, is_plain, to_gsm, write_number};
use crate::types::Limits;

/// Something that stands on lines of its own, without white space around it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// Where its text stands among that of all blocks.
    start: usize,
    end: usize,
    /// What it takes of a page.
    pub(super) count: Count,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// May be broken between words.
    Text,
    Row,
    Option,
}

impl Block {
    pub(super) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Its first `bytes` bytes.
    pub(super) fn until(self, bytes: usize) -> Self {
        Self { end: self.start + bytes, ..self }
    }

    /// What is left of it behind its first `bytes` bytes.
    pub(super) fn after(self, bytes: usize, blocks: &Blocks) -> Self {
        let block = Self { start: self.start + bytes, ..self };
        Self { count: Count::of(blocks.text_of(&block)), ..block }
    }
}

/// Of a screen, from the top, as many as are needed.
#[derive(Debug)]
pub(super) struct Blocks {
    limits: Limits,
    /// Of all blocks, one after the other; then the pages that are made of them.
    pub(super) text: String,
    pub(super) all: Vec<Block>,
    /// Stands above the first page.
    pub(super) notice: Option<Block>,
    /// Stands below the first options.
    pub(super) hint: Option<Block>,
    wanted: Wanted,
}

/// How much of a screen is needed.
#[derive(Debug)]
enum Wanted {
    All,
    /// What so many pages cannot hold. Blocks that do not fit on a page together end behind it, so when so many such groups
    /// have come, something is left after the last of these pages.
    MoreThan {
        pages: usize,
        group: Count,
    },
}

impl Blocks {
    /// Room for all blocks of a screen.
    pub(super) fn all(limits: Limits) -> Self {
        Self::new(limits, Wanted::All)
    }

    /// Room for as many as show what is on `page`, and whether it is the last.
    pub(super) fn until(page: u16, limits: Limits) -> Self {
        Self::new(limits, Wanted::MoreThan { pages: usize::from(page) + 1, group: Count::default() })
    }

    fn new(limits: Limits, wanted: Wanted) -> Self {
        // Enough for two pages and what is looked at behind them.
        let (text, all) = (String::with_capacity(800), Vec::with_capacity(24));
        Self { limits, text, all, notice: None, hint: None, wanted }
    }

    /// A block that is not among the others: of a text as `write` writes it, in characters that the gateway carries.
    pub(super) fn carried(&mut self, kind: Kind, write: impl FnOnce(&mut String)) -> Block {
        let from = self.text.len();
        write(&mut self.text);
        let written = self.text.get(from..).unwrap_or_default();
        // What is asked of each letter for the gateway says also how many septets there are.
        let is_narrow = self.limits.units.is_none();
        let is_plain = is_narrow && is_plain(written);
        if is_narrow && !is_plain {
            let plain = to_gsm(written.trim());
            self.text.replace_range(from.., &plain);
        }
        let written = self.text.get(from..).unwrap_or_default();
        let (start, text) = match written.as_bytes() {
            // Most have nothing to trim, which their ends tell without reading letters.
            [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => (from, written),
            // Block texts of files end with a line break.
            _ => (self.text.len() - written.trim_start().len(), written.trim()),
        };
        let count = if is_plain { Count::of_plain(text) } else { Count::of(text) };
        Block { start, end: start + text.len(), count, kind }
    }

    /// Puts the text of a block at the end of all, on lines of its own below what stands there from `page` on; one that is empty
    /// takes none.
    pub(super) fn put_again(&mut self, block: Block, page: usize) {
        if self.text.len() > page && !block.is_empty() {
            self.text.push('\n');
        }
        self.text.extend_from_within(block.start..block.end);
    }

    pub(super) fn text_of(&self, block: &Block) -> &str {
        self.text.get(block.start..block.end).unwrap_or_default()
    }

    /// Counts a block; whether all that is wanted has come.
    fn is_enough(&mut self, count: Count) -> bool {
        let Wanted::MoreThan { pages, group } = &mut self.wanted else { return false };
        *group = group.above(count);
        if group.is_beyond(self.limits) {
            *pages = pages.saturating_sub(1);
            *group = Count::default();
        }
        *pages == 0
    }
}

impl Canvas for Blocks {
    fn put(&mut self, part: Part, write: impl FnOnce(&mut String)) -> ControlFlow<()> {
        let block = match part {
            Part::Notice => {
                self.notice = Some(self.carried(Kind::Text, write));
                return ControlFlow::Continue(());
            }
            Part::Hint => {
                self.hint = Some(self.carried(Kind::Text, write));
                return ControlFlow::Continue(());
            }
            Part::Text => self.carried(Kind::Text, write),
            Part::Row => self.carried(Kind::Row, write),
            Part::Option(number) => self.carried(Kind::Option, |out| {
                write_number(number.into(), out);
                out.push_str(". ");
                write(out);
            }),
        };
        if block.is_empty() {
            return ControlFlow::Continue(());
        }
        self.all.push(block);
        if self.is_enough(block.count) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
