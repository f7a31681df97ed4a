//! A text in Latin letters stays in GSM-7: one other character turns its whole page into UCS-2, which holds less than half
//! as much and which some phones and gateways cannot show.
//!
//! Only texts that are really written in a Latin language are looked at, not those that another language falls back to.
//! Names of languages are left out: each stands in its own script on purpose. So is what a citizen has typed, which comes in
//! the letters of that citizen's phone.

use super::Found;
use super::marks::{Marks, Subject};
use super::plan::languages;
use super::tables::cells;
use crate::check::codes;
use crate::check::graph::Graph;
use crate::check::named::{Named, follow, written};
use crate::check::named_gateways::names;
use crate::gateway::Profile;
use crate::menu::{LanguageId, Letters, Menu, Path, Piece, Program, SystemText, Template, Text, Type};
use crate::source::Diagnostic;
use crate::text::{Alphabet, measure, septets_of};

pub(super) fn check(graph: &Graph<'_>, profiles: &[Profile], marks: &mut Marks, findings: &mut Vec<Diagnostic>) {
    let program = graph.program;
    let latin: Vec<bool> = languages(program).map(|language| is_latin(graph, language)).collect();
    spelt(graph, profiles, &latin, findings);
    for language in languages(program).filter(|language| latin[language.index()]) {
        let mut found = |subject, finding: Diagnostic| {
            let found = Found { code: finding.code, severity: finding.severity, over: None };
            marks.add(subject, language, found, []);
            findings.push(finding);
        };
        for text in SystemText::ALL {
            let template = in_language(program.system(*text), language);
            let finding = template.and_then(|template| foreign_letter(program, template));
            if let Some(finding) = finding {
                found(Subject::Said(*text), finding);
            }
        }
        for node in graph.nodes() {
            let menu = program.menu(graph.menu_of(node));
            for template in graph.screen(node).verb.texts().into_iter().filter_map(|text| in_language(text, language)) {
                let letter = foreign_letter(program, template);
                let values = template.paths().filter_map(|path| foreign_value(program, menu, template, path));
                letter.into_iter().chain(values).for_each(|finding| found(Subject::Screen(node), finding));
            }
        }
    }
}

/// Languages whose plain form is in another script than Latin: there is no romanised text for gateways without UCS-2.
fn spelt(graph: &Graph<'_>, profiles: &[Profile], latin: &[bool], findings: &mut Vec<Diagnostic>) {
    let program = graph.program;
    let on: Vec<&str> = profiles.iter().filter(|p| p.limits.units.is_none()).map(|p| p.name.as_str()).collect();
    let unread = |language: &LanguageId| !latin[program.language(*language).plain.index()];
    let codes: Vec<&str> =
        languages(program).filter(unread).map(|language| program.language(language).code.as_str()).collect();
    if let (Some(first), false) = (codes.first(), on.is_empty()) {
        findings.push(Diagnostic::warning(
            codes::L_SPELT,
            program.menu(program.home).span,
            format!(
                "there is no romanised form of {}: on {} it is spelt letter by letter, which is hard to read",
                codes.join(", "),
                names(&on)
            ),
            format!("declare `{first}-Latn` in bridge.yaml and write its texts as people text them"),
        ));
    }
}

/// Whether a language keeps to Latin letters of GSM-7: it says so, or most letters of its texts do. (Of the first language the
/// bridge's own texts may be the English ones that stand in where nobody wrote any.)
fn is_latin(graph: &Graph<'_>, language: LanguageId) -> bool {
    if graph.program.language(language).code.ends_with("-Latn") {
        return true;
    }
    let (mut latin, mut foreign) = (0_usize, 0_usize);
    let own = if language == LanguageId(0) { &[][..] } else { &graph.program.system };
    let texts = graph.nodes().flat_map(|node| graph.screen(node).verb.texts());
    for letter in texts
        .chain(own)
        .filter_map(|text| in_language(text, language))
        .flat_map(literals)
        .flat_map(str::chars)
        .filter(|letter| letter.is_alphabetic())
    {
        *(if septets_of(letter).is_some() { &mut latin } else { &mut foreign }) += 1;
    }
    latin >= foreign
}

fn in_language(text: &Text, language: LanguageId) -> Option<&Template> {
    Some(text.of(language)).filter(|template| template.language == language)
}

fn literals(template: &Template) -> impl Iterator<Item = &str> {
    template.pieces.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(&**text),
        Piece::Slot(..) => None,
    })
}

fn foreign_letter(program: &Program, template: &Template) -> Option<Diagnostic> {
    let foreign = literals(template).flat_map(str::chars).find(|c| septets_of(*c).is_none())?;
    Some(Diagnostic::error(
        codes::L_LETTER,
        template.span,
        format!(
            "`{foreign}` (U+{:04X}) turns this {} page into UCS-2, which holds less than half as much",
            u32::from(foreign),
            program.language(template.language).code
        ),
        "write it with characters of GSM-7, as \"Rs\" for the rupee sign or ' for a curly quote",
    ))
}

fn foreign_value(program: &Program, menu: &Menu, template: &Template, path: &Path) -> Option<Diagnostic> {
    let remedy = match follow(program, menu, path) {
        Named::Field(Type::Text { letters: Letters::Any, .. }) => {
            "leave out `letters: any` where the operation declares it, so that it is transliterated on arrival"
                .to_owned()
        }
        Named::Column(table, column) => {
            let table = program.table(table);
            let foreign = |cell: &&str| measure(cell).alphabet == Alphabet::Ucs2;
            let cell = cells(table, column, template.language.index()).find(foreign)?;
            format!(
                "write it in Latin letters in the table `{}` (`{cell}`), or give the table a column `{}.{}`",
                table.name,
                table.columns.get(column)?.name,
                program.language(template.language).code
            )
        }
        Named::Typed(_) | Named::Field(_) | Named::LanguageName => return None,
    };
    Some(Diagnostic::error(
        codes::L_VALUE,
        template.span,
        format!(
            "`{}` may have letters outside GSM-7, which turn this {} page into UCS-2",
            written(program, menu, path),
            program.language(template.language).code
        ),
        remedy,
    ))
}
