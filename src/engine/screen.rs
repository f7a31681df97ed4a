//! What a citizen is to see or hear, before any channel lays it out.
//!
//! A screen is drawn on a [`Canvas`] part by part, and no further than somebody looks: a list of hundreds of rows costs as much as
//! the page that is shown of it. A [`Screen`] holds all parts of one.

use std::ops::ControlFlow;

use crate::menu::LanguageId;

/// What is known of a screen before it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub kind: ScreenKind,
    /// Whether the back key works here.
    pub back: bool,
    /// Whether the home key works here.
    pub home: bool,
    /// The language it is written in (the plain one where the phone has no UCS-2).
    pub language: LanguageId,
}

/// Something that stands on lines of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What was wrong with the last answer, or help after three of them.
    Notice,
    Text,
    /// Beside a list with `find`: that first letters may be typed. Told before the options.
    Hint,
    /// A row of a `show`, without a number.
    Row,
    /// An option with the number that chooses it; numbers ascend and may have holes.
    Option(u16),
}

/// What a screen is drawn on.
pub trait Canvas {
    /// Puts a part below those before it, as `write` writes it. Breaks where nothing more is needed.
    fn put(&mut self, part: Part, write: impl FnOnce(&mut String)) -> ControlFlow<()>;
}

/// A screen with all values in place, in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    pub kind: ScreenKind,
    /// What was wrong with the last answer, or help after three of them; stands above the text.
    pub notice: Option<String>,
    pub text: String,
    /// Rows of a `show`, without numbers.
    pub rows: Vec<String>,
    /// In ascending order of their numbers, which may have holes.
    pub options: Vec<Numbered>,
    /// Beside a list with `find`: that first letters may be typed.
    pub hint: Option<String>,
    /// Whether the back key works here.
    pub back: bool,
    /// Whether the home key works here.
    pub home: bool,
    /// The language it is written in (the plain one where the phone has no UCS-2).
    pub language: LanguageId,
}

impl Screen {
    /// A text and nothing else: no notice, no options, no keys.
    pub fn bare(kind: ScreenKind, text: String, language: LanguageId) -> Self {
        Self { text, ..Self::blank(Head { kind, back: false, home: false, language }) }
    }

    /// Nothing drawn yet.
    pub(super) fn blank(head: Head) -> Self {
        let Head { kind, back, home, language } = head;
        let (notice, text, rows, options, hint) = (None, String::new(), Vec::new(), Vec::new(), None);
        Self { kind, notice, text, rows, options, hint, back, home, language }
    }

    pub fn head(&self) -> Head {
        Head { kind: self.kind, back: self.back, home: self.home, language: self.language }
    }

    /// Draws it as far as the canvas wants.
    pub fn draw(&self, canvas: &mut impl Canvas) -> ControlFlow<()> {
        let mut put = |part, text: &str| canvas.put(part, |out| out.push_str(text));
        if let Some(notice) = &self.notice {
            put(Part::Notice, notice)?;
        }
        put(Part::Text, &self.text)?;
        if let Some(hint) = &self.hint {
            put(Part::Hint, hint)?;
        }
        self.rows.iter().try_for_each(|row| put(Part::Row, row))?;
        self.options.iter().try_for_each(|option| put(Part::Option(option.number), &option.label))
    }
}

impl Canvas for Screen {
    fn put(&mut self, part: Part, write: impl FnOnce(&mut String)) -> ControlFlow<()> {
        let mut text = String::new();
        write(&mut text);
        match part {
            Part::Notice => self.notice = Some(text),
            Part::Text => self.text = text,
            Part::Hint => self.hint = Some(text),
            Part::Row => self.rows.push(text),
            Part::Option(number) => self.options.push(Numbered { number, label: text }),
        }
        ControlFlow::Continue(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScreenKind {
    /// One of the options.
    Choice,
    /// A value. A secret one is never shown, logged or taken from a dial path.
    Value { secret: bool },
    /// Text or rows without options of the menu: any answer goes on.
    Text,
    /// The last screen of the dialogue.
    End,
}

/// An option with the number that chooses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    pub number: u16,
    pub label: String,
}
