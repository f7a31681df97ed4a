//! The pages of every screen × language × gateway.
//!
//! The notice after a wrong answer is not counted into a screen's pages, for it does not last: where it leaves no room for the
//! screen, the layout shortens it sooner than it makes a page of it.

use std::collections::{BTreeMap, BTreeSet};

use super::tables::{LongestCells, Width, rows_at_most};
use super::worst::{HowMany, Worst};
use super::{Length, Pages};
use crate::channel::ussd::{KeyLabels, lay_out};
use crate::check::codes;
use crate::check::graph::{Graph, Node};
use crate::check::named_gateways::{names, together};
use crate::engine::{Numbered, Screen, ScreenKind};
use crate::gateway::Profile;
use crate::menu::{LanguageId, Program, SystemText, Text, Verb};
use crate::source::{Diagnostic, Span};
use crate::text::{self, Alphabet, Measure};
use crate::types::Limits;

/// More pages than this nobody reads on a phone; lists, which a citizen looks through, may have more.
pub(super) const MOST_PAGES: u16 = 3;

/// Limits within which every screen is one page.
const BOUNDLESS: Limits = Limits { septets: u16::MAX, units: Some(u16::MAX) };

/// One screen in one language.
#[derive(Clone, Debug)]
struct Sheet {
    size: Measure,
    /// In the order of [`Plan::limits`].
    pages: Vec<u16>,
}

#[derive(Debug)]
pub(in crate::check) struct Plan<'p> {
    pub(super) program: &'p Program,
    cells: LongestCells,
    /// By language.
    words: Vec<KeyLabels>,
    /// Every limits of the profiles, once: gateways share them, and pages depend on nothing else.
    limits: Vec<Limits>,
    /// For each profile, its place in `limits`.
    limits_of: Vec<usize>,
    /// By node and language; empty for a screen without a person.
    sheets: Vec<Vec<Sheet>>,
}

impl<'p> Plan<'p> {
    pub(in crate::check) fn new(graph: &Graph<'p>, profiles: &[Profile]) -> Self {
        let program = graph.program;
        let mut limits: Vec<Limits> = Vec::new();
        let mut limits_of = Vec::new();
        for profile in profiles {
            let at = limits.iter().position(|known| *known == profile.limits).unwrap_or_else(|| {
                limits.push(profile.limits);
                limits.len() - 1
            });
            limits_of.push(at);
        }
        let words = languages(program).map(|language| KeyLabels::of(program, language)).collect();
        let cells = LongestCells::of(graph);
        let mut plan = Self { program, cells, words, limits, limits_of, sheets: Vec::new() };
        plan.sheets = graph.nodes().map(|node| plan.sheets_of(graph, node)).collect();
        plan
    }

    /// Pages of a screen with a person, in a language, on the profile with this index.
    pub(super) fn pages(&self, node: Node, language: LanguageId, profile: usize) -> u16 {
        let sheet = self.sheets[node].get(language.index());
        sheet.map_or(0, |sheet| sheet.pages[self.limits_of[profile]])
    }

    /// Whether a screen has a next page anywhere.
    pub(in crate::check) fn may_have_pages(&self, node: Node) -> bool {
        self.sheets[node].iter().any(|sheet| sheet.pages.iter().any(|pages| *pages > 1))
    }

    /// One of the bridge's own texts that shows no values.
    pub(super) fn said(&self, graph: &Graph<'p>, language: LanguageId, text: SystemText) -> String {
        self.worst(graph, language, Width::Narrow).system(text, &[])
    }

    /// Who writes the longest texts of a language, in either width.
    pub(super) fn worst_of<'a>(&'a self, graph: &'a Graph<'p>, language: LanguageId) -> [Worst<'a, 'p>; 2] {
        [Width::Narrow, Width::Wide].map(|width| self.worst(graph, language, width))
    }

    /// Pages of any screen on a gateway.
    pub(super) fn pages_of(&self, screen: &Screen, profile: &Profile) -> u16 {
        self.lay_out(screen, profile.limits)
    }

    /// What is refused of the pages, and all lengths.
    pub(super) fn check(&self, graph: &Graph<'p>, profiles: &[Profile], findings: &mut Vec<Diagnostic>) -> Vec<Length> {
        let mut lengths = Vec::new();
        for node in graph.nodes().filter(|node| graph.has_a_person(*node)) {
            let mut all: Vec<Refusal> = Vec::new();
            for (language, sheet) in languages(self.program).zip(&self.sheets[node]) {
                let mut refused = self.long_lines(graph, profiles, node, language);
                refused.extend(self.too_many_pages(graph, profiles, node, language));
                let pages = profiles.iter().enumerate().map(|(at, profile)| Pages {
                    gateway: profile.name.clone(),
                    pages: sheet.pages[self.limits_of[at]],
                    refused: refused.iter().any(|refusal| refusal.on.contains_key(&at)),
                });
                let codes: BTreeSet<_> = refused.iter().map(|refusal| refusal.code).collect();
                lengths.push(Length {
                    menu: self.program.menu(graph.menu_of(node)).name.clone(),
                    screen: graph.screen(node).name.clone(),
                    language: self.program.language(language).code.clone(),
                    size: sheet.size,
                    pages: pages.collect(),
                    found: codes.into_iter().collect(),
                });
                for refusal in refused {
                    refusal.join(&mut all);
                }
            }
            findings.extend(all.into_iter().map(|refusal| refusal.finding(profiles)));
        }
        lengths
    }

    fn sheets_of(&self, graph: &Graph<'p>, node: Node) -> Vec<Sheet> {
        if !graph.has_a_person(node) {
            return Vec::new();
        }
        let mut sheets: Vec<Sheet> =
            languages(self.program).map(|language| self.sheet(graph, node, language)).collect();
        for (language, at) in languages(self.program).zip(0..) {
            for (of, limits) in self.limits.iter().enumerate() {
                sheets[at].pages[of] = sheets[self.shown_in(language, *limits).index()].pages[of];
            }
        }
        sheets
    }

    fn sheet(&self, graph: &Graph<'p>, node: Node, language: LanguageId) -> Sheet {
        let narrow = self.worst(graph, language, Width::Narrow).screen(node, HowMany::All);
        let wide = self.worst(graph, language, Width::Wide).screen(node, HowMany::All);
        let screens = if narrow == wide { vec![narrow] } else { vec![narrow, wide] };
        let mut sheet =
            Sheet { size: Measure { alphabet: Alphabet::Gsm7, size: 0 }, pages: vec![1; self.limits.len()] };
        for screen in &screens {
            let whole = lay_out(screen, BOUNDLESS, &self.words[language.index()]).pages.join("\n");
            let size = text::measure(&whole);
            if octets(size) > octets(sheet.size) {
                sheet.size = size;
            }
            for (pages, limits) in sheet.pages.iter_mut().zip(&self.limits) {
                // What fits whole is one page: most screens need no second layout.
                if !text::fits(&whole, *limits) {
                    *pages = self.lay_out(screen, *limits).max(*pages);
                }
            }
        }
        sheet
    }

    fn too_many_pages(
        &self,
        graph: &Graph<'p>,
        profiles: &[Profile],
        node: Node,
        language: LanguageId,
    ) -> Option<Refusal> {
        let screen = graph.screen(node);
        let is_list = screen.verb.rows().is_some();
        let pages_on = |at: usize| {
            let pages = self.pages(node, language, at);
            if is_list && pages > MOST_PAGES {
                return self.pages_with_one_row(graph, node, language, profiles[at].limits);
            }
            pages
        };
        let on: BTreeMap<usize, u16> =
            (0..profiles.len()).map(|at| (at, pages_on(at))).filter(|(_, pages)| *pages > MOST_PAGES).collect();
        let beside = if is_list { " beside a single row" } else { "" };
        (!on.is_empty()).then_some(Refusal {
            code: codes::L_PAGES,
            span: screen.verb.texts().first()?.of(language).span,
            what: format!("`{}`{beside}", screen.name),
            languages: vec![self.program.language(language).code.clone()],
            on,
        })
    }

    fn pages_with_one_row(&self, graph: &Graph<'p>, node: Node, language: LanguageId, limits: Limits) -> u16 {
        let language = self.shown_in(language, limits);
        let pages = [Width::Narrow, Width::Wide].map(|width| {
            let screen = self.worst(graph, language, width).screen(node, HowMany::One);
            self.lay_out(&screen, limits)
        });
        pages[0].max(pages[1])
    }

    /// Options and rows that no page holds whole.
    fn long_lines(&self, graph: &Graph<'p>, profiles: &[Profile], node: Node, language: LanguageId) -> Vec<Refusal> {
        let mut refused = Vec::new();
        for line in self.lines(graph, node) {
            let fits: Vec<bool> =
                self.limits.iter().map(|limits| self.line_fits(graph, node, &line, language, *limits)).collect();
            let on: BTreeMap<usize, u16> =
                (0..profiles.len()).filter(|at| !fits[self.limits_of[*at]]).map(|at| (at, 2)).collect();
            if !on.is_empty() {
                refused.push(Refusal {
                    code: codes::L_LINE,
                    span: line.text.of(language).span,
                    what: line.what,
                    languages: vec![self.program.language(language).code.clone()],
                    on,
                });
            }
        }
        refused
    }

    fn lines(&self, graph: &Graph<'p>, node: Node) -> Vec<Line<'p>> {
        let screen = graph.screen(node);
        let mut lines: Vec<Line<'p>> = (1..)
            .zip(screen.verb.options())
            .map(|(place, option)| Line {
                what: format!("the option `{}`", option.id),
                text: &option.label,
                number: Some(option.key.unwrap_or(place)),
            })
            .collect();
        if let Some(list) = screen.verb.rows() {
            let most = u16::try_from(rows_at_most(self.program, list)).unwrap_or(u16::MAX);
            lines.push(Line {
                what: format!("a row of `{}`", screen.name),
                text: &list.row,
                number: matches!(screen.verb, Verb::Choose(_)).then_some(most),
            });
        }
        lines
    }

    /// Whether a line fits on a page beside all lines of navigation. Laid out twice without any text, it takes two pages at
    /// most, the first of them with the key for the next; a line that does not fit is broken, and takes more.
    fn line_fits(&self, graph: &Graph<'p>, node: Node, line: &Line<'p>, language: LanguageId, limits: Limits) -> bool {
        let language = self.shown_in(language, limits);
        let menu = self.program.menu(graph.menu_of(node));
        [Width::Narrow, Width::Wide].into_iter().all(|width| {
            let worst = self.worst(graph, language, width);
            let text = worst.text(menu, line.text);
            if self.fits_beside_all_keys(&text, language, limits) {
                return true;
            }
            let mut screen = worst.screen(node, HowMany::One);
            screen.text.clear();
            screen.hint = None;
            screen.kind = ScreenKind::Choice;
            (screen.rows, screen.options) = match line.number {
                Some(number) => (Vec::new(), vec![Numbered { number, label: text }; 2]),
                None => (vec![text; 2], Vec::new()),
            };
            self.lay_out(&screen, limits) <= 2
        })
    }

    /// Whether a line fits even with the longest number and every key of navigation: a quick answer for nearly all lines.
    fn fits_beside_all_keys(&self, line: &str, language: LanguageId, limits: Limits) -> bool {
        let words = &self.words[language.index()];
        let keys = [(&words.back_key, &words.back), (&words.home_key, &words.home), (&words.more_key, &words.more)];
        let mut page = format!("{}. {line}", u16::MAX);
        for (key, label) in keys {
            page = format!("{page}\n{key} {label}");
        }
        text::fits(&page, limits)
    }

    fn worst<'a>(&'a self, graph: &'a Graph<'p>, language: LanguageId, width: Width) -> Worst<'a, 'p> {
        Worst { graph, cells: &self.cells, language, width }
    }

    fn lay_out(&self, screen: &Screen, limits: Limits) -> u16 {
        let pages = lay_out(screen, limits, &self.words[screen.language.index()]).pages.len();
        u16::try_from(pages).unwrap_or(u16::MAX)
    }

    /// The language in which a page of these limits is written: the plain one where there is no UCS-2.
    pub(super) fn shown_in(&self, language: LanguageId, limits: Limits) -> LanguageId {
        if limits.units.is_none() { self.program.language(language).plain } else { language }
    }
}

/// A finding in the making. Languages that fall back to the same text share it.
struct Refusal {
    code: &'static str,
    span: Span,
    what: String,
    languages: Vec<String>,
    /// The profiles, by index, with the pages that it takes there.
    on: BTreeMap<usize, u16>,
}

impl Refusal {
    /// Joins the others, or one of them that says the same of the same text.
    fn join(self, others: &mut Vec<Self>) {
        let same = |other: &&mut Self| other.code == self.code && other.span == self.span && other.what == self.what;
        let Some(other) = others.iter_mut().find(same) else { return others.push(self) };
        other.languages.extend(self.languages);
        for (at, pages) in self.on {
            let known = other.on.entry(at).or_default();
            *known = pages.max(*known);
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
        let on = together(on.iter().map(|(at, pages)| (*pages, profiles[*at].name.as_str())), |pages, names| {
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
}

pub(super) fn languages(program: &Program) -> impl Iterator<Item = LanguageId> {
    (0..).map(LanguageId).take(program.languages.len())
}

/// What a text takes on the air (3GPP TS 23.038: seven bits a septet, two octets a unit), so that sizes of the two
/// alphabets can be compared.
fn octets(measure: Measure) -> usize {
    match measure.alphabet {
        Alphabet::Gsm7 => (measure.size * 7).div_ceil(8),
        Alphabet::Ucs2 => measure.size * 2,
    }
}
