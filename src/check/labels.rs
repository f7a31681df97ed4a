//! No two options of a screen read the same: a citizen who types the words would get the first of them. And no label is the
//! word for another option's number, which it would win against.

use super::codes;
use super::graph::Graph;
use crate::menu::{ChoiceOption, LanguageId, Piece, Program};
use crate::source::Diagnostic;
use crate::source::suggest;
use crate::text::fold;

pub(super) fn check(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    for node in graph.nodes().filter(|node| graph.has_a_person(*node)) {
        let options = graph.screen(node).verb.options();
        findings.extend(options.iter().filter_map(|option| says_another_number(graph.program, options, option)));
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

/// A label that is the word for the number of another option: `Do` in the first place, where `do` is two.
fn says_another_number(program: &Program, options: &[ChoiceOption], option: &ChoiceOption) -> Option<Diagnostic> {
    let number = |option: &ChoiceOption, place: u16| option.key.unwrap_or(place);
    let languages = (0..).map(LanguageId).take(program.languages.len());
    let mut said = languages.filter_map(|language| program.number_words.number(&words(option, language)?));
    let (said, other) = said.find_map(|said| {
        let other = (1..).zip(options).find(|(place, other)| number(other, *place) == said);
        other.filter(|(_, other)| other.id != option.id).map(|(_, other)| (said, other))
    })?;
    let message = format!("the label of `{}` is a word for {said}, and `{}` has that number", option.id, other.id);
    let remedy = "say it in other words: who types the word gets the label";
    let finding = Diagnostic::warning(codes::P_LABEL_IS_NUMBER, option.span, message, remedy);
    Some(finding.also(other.span, "has that number"))
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
    text.map(|text| fold(&text)).filter(|folded| !folded.is_empty())
}
