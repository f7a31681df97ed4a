//! Texts with their values in place.

use std::fmt::Write;
use std::sync::Arc;

use super::scope::Scope;
use super::seen::Seen;
use crate::menu::{Filter, LanguageId, Piece, SystemText, Template, Text, Value};
use crate::text as writing;

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
                if let Some(value) = scope.value(path, language) {
                    write(&mut out, scope, value, *filter, language);
                }
            }
        }
    }
    out
}

fn write(out: &mut String, scope: Scope<'_>, value: Seen<'_>, filter: Filter, language: LanguageId) {
    match (filter, value) {
        (Filter::None, Seen::Text(text)) => out.push_str(text),
        (Filter::None, Seen::Number(number)) => {
            let _ = write!(out, "{number}");
        }
        (Filter::Amount, Seen::Number(rupees)) => out.push_str(&writing::amount(rupees.saturating_mul(100))),
        (Filter::Mask, value) => out.push_str(&writing::mask(&plainly(scope, value, language))),
        (Filter::Upper, value) => out.push_str(&writing::upper(&plainly(scope, value, language))),
        (Filter::Spoken, value) => out.push_str(&writing::spoken(&plainly(scope, value, language))),
        (Filter::None | Filter::Amount | Filter::Date, value) => out.push_str(&plainly(scope, value, language)),
    }
}

/// A value as its type is written where no filter says otherwise.
fn plainly(scope: Scope<'_>, value: Seen<'_>, language: LanguageId) -> String {
    match value {
        Seen::Text(text) => text.to_owned(),
        Seen::Number(number) => number.to_string(),
        Seen::Amount(paise) => writing::amount(paise),
        Seen::Date(day) => writing::date(day),
        Seen::YesNo(true) => system(scope, SystemText::Yes, &[], language),
        Seen::YesNo(false) => system(scope, SystemText::No, &[], language),
        Seen::Language(id) => scope.program.languages.get(id.index()).map(|l| l.name.clone()).unwrap_or_default(),
        // Only their fields are written; the compiler refuses the whole.
        Seen::Row(..) | Seen::Record(_) | Seen::List(_) => String::new(),
    }
}
