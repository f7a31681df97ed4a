//! No two options of a screen read the same: a citizen who types the words would get the first of them.

use super::codes;
use super::graph::Graph;
use crate::engine;
use crate::menu::{ChoiceOption, LanguageId, Piece, Program};
use crate::source::Diagnostic;
use crate::source::suggest;

pub(super) fn check(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    for node in graph.nodes().filter(|node| graph.has_a_person(*node)) {
        let options = graph.screen(node).verb.options();
        for (at, option) in options.iter().enumerate() {
            let earlier = options.iter().take(at);
            let same = earlier.map(|first| (first, same(graph.program, first, option)));
            if let Some((first, languages)) = same.into_iter().find(|(_, languages)| !languages.is_empty()) {
                let message = format!("`{}` reads like `{}` in {}", option.id, first.id, suggest::list(&languages));
                let remedy = "say in the label what is different";
                let finding = Diagnostic::warning(codes::P_SAME_LABEL, option.span, message, remedy);
                findings.push(finding.also(first.span, "reads the same"));
            }
        }
    }
}

/// The codes of the languages in which two options read the same. Of two that each have a condition, only one may be there.
fn same<'p>(program: &'p Program, first: &ChoiceOption, second: &ChoiceOption) -> Vec<&'p str> {
    if first.when.is_some() && second.when.is_some() {
        return Vec::new();
    }
    let languages = (0..).map(LanguageId).zip(&program.languages);
    let same = languages.filter(|(language, _)| {
        let own = [first, second].iter().any(|option| option.label.of(*language).language == *language);
        let label = words(first, *language);
        own && label.is_some() && label == words(second, *language)
    });
    same.map(|(_, language)| language.code.as_str()).collect()
}

/// A label as it is compared with what was typed; `None` where it shows a value, or nothing that could be typed.
fn words(option: &ChoiceOption, language: LanguageId) -> Option<String> {
    let pieces = option.label.of(language).pieces.iter();
    let text: Option<String> = pieces
        .map(|piece| match piece {
            Piece::Text(text) => Some(&**text),
            Piece::Slot(..) => None,
        })
        .collect();
    text.map(|text| engine::fold(&text)).filter(|folded| !folded.is_empty())
}
