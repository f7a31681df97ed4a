//! What is refused of the pages: screens with too many of them, and lines that no page holds whole.
//!
//! What has not been translated yet is not refused beside the keys of a language that it is not written in: that the
//! translation is missing is the finding, and its length is proved once it is there.

use std::collections::BTreeMap;

use super::Found;
use super::marks::{Marks, Subject, over};
use super::paged::Paged;
use super::plan::{MOST_PAGES, Plan, languages};
use super::worst::{HowMany, Worst};
use crate::check::codes;
use crate::check::graph::{Graph, Node};
use crate::check::named_gateways::{names, together};
use crate::engine::{Numbered, Screen, ScreenKind};
use crate::gateway::Profile;
use crate::menu::{LanguageId, Text, Verb};
use crate::source::{Diagnostic, Severity, Span};
use crate::text::{Count, Measure};
use crate::types::Limits;

impl<'p> Plan<'p> {
    /// What is refused of the pages.
    pub(super) fn check(
        &self,
        graph: &Graph<'p>,
        profiles: &[Profile],
        marks: &mut Marks,
        findings: &mut Vec<Diagnostic>,
    ) {
        for node in graph.nodes().filter(|node| graph.has_a_person(*node)) {
            let mut all: Vec<Refusal> = Vec::new();
            let lines = self.lines(graph, node);
            let mut screens = self.screens(graph, node);
            for language in languages(self.program) {
                let mut refused = self.long_lines(graph, node, &lines, language);
                refused.extend(self.too_many_pages(graph, node, &mut screens, language));
                for refusal in refused {
                    for (at, excess) in &refusal.on {
                        let found = Found { code: refusal.code, severity: Severity::Error, over: excess.over };
                        marks.add(Subject::Screen(node), language, found, [*at]);
                    }
                    refusal.join(&mut all);
                }
            }
            findings.extend(all.into_iter().map(|refusal| refusal.finding(profiles)));
        }
    }

    /// In each language a screen in both widths, a list with a single row; none of a screen that has few pages everywhere.
    fn screens(&self, graph: &Graph<'p>, node: Node) -> Vec<[Paged<'_>; 2]> {
        let rows = if graph.screen(node).verb.rows().is_some() { HowMany::One } else { HowMany::All };
        if !languages(self.program).any(|language| self.may_exceed(node, language, MOST_PAGES)) {
            return Vec::new();
        }
        let screen = |worst: Worst<'_, '_>| self.paged(worst.screen(node, rows));
        languages(self.program).map(|language| self.worst_of(graph, language).map(screen)).collect()
    }

    fn too_many_pages(
        &self,
        graph: &Graph<'p>,
        node: Node,
        screens: &mut [[Paged<'_>; 2]],
        language: LanguageId,
    ) -> Option<Refusal> {
        let screen = graph.screen(node);
        let is_list = screen.verb.rows().is_some();
        if !self.may_exceed(node, language, MOST_PAGES) {
            return None;
        }
        let texts = screen.verb.texts();
        let excess = |limits| {
            let shown = self.shown_in(language, limits);
            if texts.iter().any(|text| text.is_missing_in(shown)) {
                return None;
            }
            let each = screens.get_mut(shown.index())?;
            each.iter_mut().filter_map(|screen| self.excess(screen, limits)).max_by_key(|excess| excess.pages)
        };
        let on: BTreeMap<usize, Excess> = self.by_profile(excess).into_iter().collect();
        let beside = if is_list { " beside a single row" } else { "" };
        (!on.is_empty()).then_some(Refusal {
            code: codes::L_PAGES,
            span: texts.first().map_or(screen.span, |text| text.of(language).span),
            what: format!("`{}`{beside}", screen.name),
            languages: vec![self.program.language(language).code.clone()],
            on,
        })
    }

    /// The pages of a screen where they are too many, and what of its text is too much.
    fn excess(&self, screen: &mut Paged<'_>, limits: Limits) -> Option<Excess> {
        let pages = screen.pages(limits);
        let screen = &screen.screen;
        let fits = |text: &str| self.lay_out(&Screen { text: text.to_owned(), ..screen.clone() }, limits) <= MOST_PAGES;
        (pages > MOST_PAGES).then(|| Excess { pages, over: over(&screen.text, fits) })
    }

    /// Options and rows that no page holds whole.
    fn long_lines(&self, graph: &Graph<'p>, node: Node, lines: &[Line<'p>], language: LanguageId) -> Vec<Refusal> {
        let mut refused = Vec::new();
        for line in lines {
            let too_long = |limits| {
                let shown = self.shown_in(language, limits);
                if line.text.is_missing_in(shown) {
                    return None;
                }
                let takes = line.takes.get(shown.index())?.iter();
                let each = self.worst_of(graph, shown).into_iter().zip(takes).filter(|(_, takes)| !takes.fits(limits));
                each.map(|(worst, _)| worst).find_map(|worst| self.line_excess(&worst, node, line, limits))
            };
            let on: BTreeMap<usize, Excess> = self.by_profile(too_long).into_iter().collect();
            if !on.is_empty() {
                refused.push(Refusal {
                    code: codes::L_LINE,
                    span: line.text.of(language).span,
                    what: line.what.clone(),
                    languages: vec![self.program.language(language).code.clone()],
                    on,
                });
            }
        }
        refused
    }

    fn lines(&self, graph: &Graph<'p>, node: Node) -> Vec<Line<'p>> {
        let screen = graph.screen(node);
        let menu = self.program.menu(graph.menu_of(node));
        let takes = |text: &'p Text| {
            let of = |worst: Worst<'_, 'p>| self.beside_all_keys(&worst.text(menu, text), worst.language);
            languages(self.program).map(|language| self.worst_of(graph, language).map(of)).collect()
        };
        let mut lines: Vec<Line<'p>> = (1..)
            .zip(screen.verb.options())
            .map(|(place, option)| Line {
                what: format!("the option `{}`", option.id),
                text: &option.label,
                number: Some(option.key.unwrap_or(place)),
                takes: takes(&option.label),
            })
            .collect();
        if let Some(list) = screen.verb.rows() {
            let most = u16::try_from(self.most_rows(node)).unwrap_or(u16::MAX);
            lines.push(Line {
                what: format!("a row of `{}`", screen.name),
                text: &list.row,
                number: matches!(screen.verb, Verb::Choose(_)).then_some(most),
                takes: takes(&list.row),
            });
        }
        lines
    }

    /// What of a line is too much for a page beside all lines of navigation. Laid out twice without any text, it takes two pages at
    /// most, the first of them with the key for the next; a line that does not fit is broken, and takes more.
    fn line_excess(&self, worst: &Worst<'_, 'p>, node: Node, line: &Line<'p>, limits: Limits) -> Option<Excess> {
        let text = worst.text(self.program.menu(worst.graph.menu_of(node)), line.text);
        let screen = worst.screen(node, HowMany::One);
        let screen = Screen { text: String::new(), hint: None, kind: ScreenKind::Choice, ..screen };
        let pages = |text: &str| {
            let (rows, options) = match line.number {
                Some(number) => (Vec::new(), vec![Numbered { number, label: text.to_owned() }; 2]),
                None => (vec![text.to_owned(); 2], Vec::new()),
            };
            self.lay_out(&Screen { rows, options, ..screen.clone() }, limits)
        };
        let pages_of_both = pages(&text);
        (pages_of_both > 2).then(|| Excess { pages: pages_of_both, over: over(&text, |text| pages(text) <= 2) })
    }
}

/// A finding in the making. Languages that fall back to the same text share it.
struct Refusal {
    code: &'static str,
    span: Span,
    what: String,
    languages: Vec<String>,
    /// By the index of the profile.
    on: BTreeMap<usize, Excess>,
}

/// What is too long on a gateway.
#[derive(Clone, Copy, Debug)]
struct Excess {
    pages: u16,
    /// What of its text must go.
    over: Option<Measure>,
}

impl Refusal {
    /// Joins the others, or one of them that says the same of the same text.
    fn join(self, others: &mut Vec<Self>) {
        let same = |other: &&mut Self| other.code == self.code && other.span == self.span && other.what == self.what;
        let Some(other) = others.iter_mut().find(same) else { return others.push(self) };
        other.languages.extend(self.languages);
        for (at, excess) in self.on {
            let known = other.on.entry(at).or_insert(excess);
            known.pages = known.pages.max(excess.pages);
        }
    }

    fn finding(self, profiles: &[Profile]) -> Diagnostic {
        let Self { code, span, what, languages, on } = self;
        let languages = languages.join(", ");
        if code == codes::L_LINE {
            let on: Vec<&str> = on.keys().map(|at| profiles[*at].name.as_str()).collect();
            return Diagnostic::error(
                code,
                span,
                format!("{what} may not fit on a page in {languages} on {}", names(&on)),
                "shorten its text or declare the values in it shorter: an option or a row is never broken over two pages",
            );
        }
        let on = together(on.iter().map(|(at, excess)| (excess.pages, profiles[*at].name.as_str())), |pages, names| {
            format!("{pages} on {names}")
        });
        Diagnostic::error(
            code,
            span,
            format!("{what} may take more than {MOST_PAGES} pages in {languages}: {on}"),
            "shorten its texts, declare the values in it shorter, or spread it over two screens; `check --lengths` shows \
             what it takes",
        )
    }
}

/// An option or a row.
struct Line<'p> {
    what: String,
    text: &'p Text,
    number: Option<u16>,
    /// By language and width, what it takes at most beside all keys of navigation.
    takes: Vec<[Count; 2]>,
}
