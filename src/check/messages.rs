//! Messages: that each can only become what is registered of it, and what it costs.
//!
//! The rules of the Indian registries (DLT) are proved of messages that name an `entity`; an operator drops what breaks them
//! without a word to anybody. What must be true of every message is that it stays in the alphabet in which it was written.

mod dlt;
mod form;
mod sizes;

use super::codes;
use super::graph::Graph;
use crate::menu::{LanguageId, Letters, Message, Piece, Program, RegisteredText, Root, Template, Variable};
use crate::source::Diagnostic;
use crate::text::septets_of;

pub use sizes::{MessageSize, Route, carried, sizes, table};

/// One language's own text of a message.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own<'p> {
    pub message: &'p Message,
    pub language: LanguageId,
    pub template: &'p Template,
    pub registered: &'p RegisteredText,
}

impl<'p> Own<'p> {
    /// The texts that are really written, message by message.
    pub(super) fn all(program: &'p Program) -> impl Iterator<Item = Self> {
        program.messages.iter().flat_map(|message| {
            let languages = (0..).map(LanguageId).zip(&message.registered);
            languages.filter_map(|(language, registered)| {
                let template = message.text.of(language);
                let own = template.language == language;
                own.then_some(Self { message, language, template, registered })
            })
        })
    }

    /// The value of a hole.
    fn variable(&self, piece: &Piece) -> Option<&'p Variable> {
        let Piece::Slot(path, _) = piece else { return None };
        let Root::Slot(slot) = path.root else { return None };
        self.message.takes.get(slot.index())
    }
}

pub(super) fn check(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    let program = graph.program;
    for own in Own::all(program) {
        alphabet(program, own, findings);
        if own.message.entity.is_some() {
            dlt::text(program, own, findings);
        }
    }
    dlt::messages(program, findings);
}

/// A text in Latin letters stays in GSM-7: one other character makes two or three segments of one.
fn alphabet(program: &Program, own: Own<'_>, findings: &mut Vec<Diagnostic>) {
    let literals = own.template.pieces.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(&**text),
        Piece::Slot(..) => None,
    });
    let letters: Vec<char> = literals.flat_map(str::chars).collect();
    let foreign: Vec<char> = letters.iter().copied().filter(|c| septets_of(*c).is_none()).collect();
    let is_script = |c: &&char| c.is_alphabetic();
    let latin = letters.iter().filter(is_script).count() - foreign.iter().filter(is_script).count();
    if latin < foreign.iter().filter(is_script).count() {
        return;
    }
    let code = &program.language(own.language).code;
    if let Some(first) = foreign.first() {
        findings.push(Diagnostic::error(
            codes::L_LETTER,
            own.template.span,
            format!(
                "`{first}` (U+{:04X}) turns this {code} message into UCS-2, of which a segment holds 70",
                u32::from(*first)
            ),
            "write it with characters of GSM-7, as \"Rs\" for the rupee sign or ' for a curly quote",
        ));
    }
    let any = own.template.pieces.iter().filter_map(|piece| own.variable(piece));
    if let Some(variable) = any.clone().find(|variable| variable.letters == Letters::Any) {
        findings.push(Diagnostic::warning(
            codes::L_VALUE,
            own.template.span,
            format!("`{}` may have letters outside GSM-7, which turn this {code} message into UCS-2", variable.name),
            "leave out `any` where the message takes it, so that it is transliterated",
        ));
    }
}
