//! Yes and no in messages: words of the program, in whatever language the message comes, which are not cut.

use super::codes;
use super::graph::Graph;
use crate::menu::{LanguageId, Operand, Program, SendOf, Type, Value, Verb, Word};
use crate::source::{Diagnostic, Span};

pub(super) fn check(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    let program = graph.program;
    let Some((longest, word)) = longest(program) else { return };
    for node in graph.nodes() {
        let screen = graph.screen(node);
        let sent: Vec<&SendOf> = match &screen.verb {
            Verb::Send(send) => vec![&send.what],
            Verb::Call(call) => call.late.iter().flat_map(|late| [&late.answer, &late.failed]).collect(),
            _ => continue,
        };
        for of in sent {
            cut(program, of, screen.span, (longest, &word), findings);
        }
    }
}

fn cut(program: &Program, of: &SendOf, place: Span, (longest, word): (usize, &str), findings: &mut Vec<Diagnostic>) {
    let message = program.message(of.message);
    for (variable, given) in message.takes.iter().zip(&of.give) {
        let is_yes_no = match given {
            Operand::Path(path) => path.ty == Type::YesNo,
            Operand::Literal(value) => matches!(value, Value::YesNo(_)),
        };
        if is_yes_no && usize::from(variable.max) < longest {
            let text = format!(
                "`{}` of `{}` takes {} characters, and would cut `{word}`",
                variable.name, message.name, variable.max
            );
            let remedy = format!("let the message take {longest} characters of it");
            let finding = Diagnostic::error(codes::P_YES_NO, place, text, remedy);
            findings.push(match variable.span {
                Some(span) => finding.also(span, "taken here"),
                None => finding,
            });
        }
    }
}

/// The longest word for yes or no, with its characters.
fn longest(program: &Program) -> Option<(usize, String)> {
    let languages = (0..).map(LanguageId).take(program.languages.len());
    let words = languages.flat_map(|language| [Word::Yes, Word::No].map(|word| program.word(word, language)));
    words.map(|word| (word.chars().count(), word.into_owned())).max()
}
