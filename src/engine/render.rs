//! Texts with their values in place.

use std::borrow::Cow;
use std::sync::Arc;

use super::scope::Scope;
use super::seen::Seen;
use crate::menu::{LanguageId, Piece, SystemText, Template, Text, Value, write};

/// Writes a text in a language. A value that is not set leaves nothing.
pub(super) fn render(scope: Scope<'_>, text: &Text, language: LanguageId, out: &mut String) {
    if let Some(template) = text.languages.get(language.index()) {
        fill(scope, template, language, out);
    }
}

/// A text in every language of the program, once where nothing can differ.
pub(super) fn in_all_languages<'a>(scope: Scope<'a>, text: &'a Text) -> impl Iterator<Item = Cow<'a, str>> {
    let all = &text.languages;
    all.iter().enumerate().filter_map(move |(index, template)| {
        // Languages that fall back share the template of another, but a value in it may be their own: a table's name.
        let is_fixed = template.pieces.iter().all(|piece| matches!(piece, Piece::Text(_)));
        let seen = is_fixed && all.iter().take(index).any(|earlier| Arc::ptr_eq(earlier, template));
        let language = LanguageId(u16::try_from(index).ok()?);
        (!seen).then(|| {
            if is_fixed {
                return template.literal();
            }
            let mut out = String::new();
            fill(scope, template, language, &mut out);
            Cow::Owned(out)
        })
    })
}

/// Writes one of the bridge's own texts, whose names stand for `words` in their order.
pub(super) fn system(scope: Scope<'_>, which: SystemText, words: &[Value], language: LanguageId, out: &mut String) {
    if let Some(text) = scope.program.system.get(which as usize) {
        render(scope.with_words(words), text, language, out);
    }
}

fn fill(scope: Scope<'_>, template: &Template, language: LanguageId, out: &mut String) {
    for piece in &template.pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Slot(path, filter) => {
                if let Some(value) = scope.value(path, language).and_then(Seen::scalar) {
                    write(value, *filter, |word| scope.program.word(word, language), out);
                }
            }
        }
    }
}
