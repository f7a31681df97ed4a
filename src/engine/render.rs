//! Texts with their values in place.

use std::sync::Arc;

use super::scope::Scope;
use super::seen::Seen;
use crate::menu::{LanguageId, Piece, SystemText, Template, Text, Value, write};

/// A text in a language. A value that is not set leaves nothing.
pub(super) fn render(scope: Scope<'_>, text: &Text, language: LanguageId) -> String {
    text.languages.get(language.index()).map(|template| fill(scope, template, language)).unwrap_or_default()
}

/// A text in every language of the program, once where nothing can differ.
pub(super) fn in_all_languages<'a>(scope: Scope<'a>, text: &'a Text) -> impl Iterator<Item = String> {
    let all = &text.languages;
    all.iter().enumerate().filter_map(move |(index, template)| {
        // Languages that fall back share the template of another, but a value in it may be their own: a table's name.
        let is_fixed = template.pieces.iter().all(|piece| matches!(piece, Piece::Text(_)));
        let seen = is_fixed && all.iter().take(index).any(|earlier| Arc::ptr_eq(earlier, template));
        let language = LanguageId(u16::try_from(index).ok()?);
        (!seen).then(|| fill(scope, template, language))
    })
}

/// One of the bridge's own texts, whose names stand for `words` in their order.
pub(super) fn system(scope: Scope<'_>, which: SystemText, words: &[Value], language: LanguageId) -> String {
    match scope.program.system.get(which as usize) {
        Some(text) => render(scope.with_words(words), text, language),
        None => String::new(),
    }
}

fn fill(scope: Scope<'_>, template: &Template, language: LanguageId) -> String {
    let mut out = String::new();
    for piece in &template.pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Slot(path, filter) => {
                if let Some(value) = scope.value(path, language).and_then(Seen::scalar) {
                    write(value, *filter, |word| scope.program.word(word, language), &mut out);
                }
            }
        }
    }
    out
}
