//! The pages of every screen × language × gateway.
//!
//! The notice after a wrong answer is not counted into a screen's pages, for it does not last: where it leaves no room for the
//! screen, the layout shortens it sooner than it makes a page of it.

use std::sync::Arc;

use super::marks::{Marks, Subject};
use super::paged::{self, Paged};
use super::said::{self, SAID};
use super::tables::{LongestCells, MostRows, Width};
use super::worst::{HowMany, Worst};
use super::{Length, Pages};
use crate::channel::ussd::KeyLabels;
use crate::check::graph::{Graph, Node};
use crate::engine::Screen;
use crate::gateway::Profile;
use crate::menu::{LanguageId, Program, SystemText};
use crate::text::{Alphabet, Count, Measure};
use crate::types::Limits;

/// More pages than this nobody reads on a phone; lists, which a citizen looks through, may have more.
pub(super) const MOST_PAGES: u16 = 3;

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
    most_rows: MostRows,
    /// By language.
    words: Vec<KeyLabels<'p>>,
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
        let most_rows = MostRows::of(graph);
        let mut plan = Self { program, cells, most_rows, words, limits, limits_of, sheets: Vec::new() };
        plan.sheets = graph.nodes().map(|node| plan.sheets_of(graph, node)).collect();
        plan
    }

    /// Pages of a screen with a person, in a language, on the profile with this index.
    pub(super) fn pages(&self, node: Node, language: LanguageId, profile: usize) -> u16 {
        let sheet = self.sheets[node].get(language.index());
        sheet.map_or(0, |sheet| sheet.pages[self.limits_of[profile]])
    }

    /// The same within some limits.
    pub(super) fn pages_within(&self, node: Node, language: LanguageId, limits: Limits) -> u16 {
        let of = self.limits.iter().position(|known| *known == limits);
        let sheet = self.sheets[node].get(language.index());
        of.zip(sheet).and_then(|(of, sheet)| sheet.pages.get(of).copied()).unwrap_or(0)
    }

    /// Whether a screen in a language has more than `most` pages anywhere.
    pub(super) fn may_exceed(&self, node: Node, language: LanguageId, most: u16) -> bool {
        self.sheets[node].get(language.index()).is_some_and(|sheet| sheet.pages.iter().any(|pages| *pages > most))
    }

    /// Whether a screen has a next page anywhere.
    pub(in crate::check) fn may_have_pages(&self, node: Node) -> bool {
        self.sheets[node].iter().any(|sheet| sheet.pages.iter().any(|pages| *pages > 1))
    }

    /// How many rows the list of a screen may have.
    pub(in crate::check) fn most_rows(&self, node: Node) -> usize {
        self.most_rows.at(node)
    }

    /// The longest that one of the bridge's own texts can become.
    pub(super) fn said(&self, graph: &Graph<'p>, language: LanguageId, text: SystemText) -> String {
        self.worst(graph, language, Width::Narrow).longest_system(text)
    }

    /// Who writes the longest texts of a language, in either width.
    pub(super) fn worst_of<'a>(&'a self, graph: &'a Graph<'p>, language: LanguageId) -> [Worst<'a, 'p>; 2] {
        [Width::Narrow, Width::Wide].map(|width| self.worst(graph, language, width))
    }

    /// What is found within the limits of each profile, by its index. Gateways of equal limits are asked about once.
    pub(super) fn by_profile<T: Clone>(&self, mut found: impl FnMut(Limits) -> Option<T>) -> Vec<(usize, T)> {
        let found: Vec<Option<T>> = self.limits.iter().map(|limits| found(*limits)).collect();
        let of = |(profile, at): (usize, &usize)| Some((profile, found[*at].clone()?));
        self.limits_of.iter().enumerate().filter_map(of).collect()
    }

    /// For each profile, a number that those of equal limits share: screens have as many pages on all of them.
    pub(super) fn alike(&self) -> &[usize] {
        &self.limits_of
    }

    /// How long everything is: the screens with a person, in the order of menus and screens, then what the bridge says by
    /// itself; each in all languages.
    pub(super) fn lengths(&self, graph: &Graph<'p>, profiles: &[Profile], marks: &Marks) -> Vec<Length> {
        let gateways: Vec<Arc<str>> = profiles.iter().map(|profile| profile.name.as_str().into()).collect();
        let on = |subject, language, pages: &dyn Fn(usize) -> u16| {
            let found = marks.on(subject, language);
            let pages = gateways.iter().enumerate().map(|(at, gateway)| Pages {
                gateway: Arc::clone(gateway),
                pages: pages(at),
                found: found(at),
            });
            pages.collect()
        };
        let code = |language| self.program.language(language).code.clone();
        let mut lengths = Vec::new();
        for node in graph.nodes() {
            for (language, sheet) in languages(self.program).zip(&self.sheets[node]) {
                let subject = Subject::Screen(node);
                lengths.push(Length {
                    menu: self.program.menu(graph.menu_of(node)).name.clone(),
                    screen: graph.screen(node).name.clone(),
                    language: code(language),
                    size: sheet.size,
                    pages: on(subject, language, &|at| sheet.pages[self.limits_of[at]]),
                    found: marks.found(subject, language),
                });
            }
        }
        for (text, _) in SAID {
            for language in languages(self.program) {
                let subject = Subject::Said(text);
                let in_limits = |limits| {
                    let screen = said::screen(graph, self, text, self.shown_in(language, limits));
                    Some(self.lay_out(&screen, limits))
                };
                let pages: Vec<u16> = self.by_profile(in_limits).into_iter().map(|(_, pages)| pages).collect();
                let whole = self.paged(said::screen(graph, self, text, language));
                lengths.push(Length {
                    menu: "system".to_owned(),
                    screen: text.key().to_owned(),
                    language: code(language),
                    size: whole.size,
                    pages: on(subject, language, &|at| pages[at]),
                    found: marks.found(subject, language),
                });
            }
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
        for screen in screens {
            let mut screen = self.paged(screen);
            if octets(screen.size) > octets(sheet.size) {
                sheet.size = screen.size;
            }
            for (pages, limits) in sheet.pages.iter_mut().zip(&self.limits) {
                // Elsewhere the pages of another language are shown.
                if self.shown_in(language, *limits) == language {
                    *pages = screen.pages(*limits).max(*pages);
                }
            }
        }
        sheet
    }

    /// What a line takes at most: beside the longest number and every key of navigation. Nearly all lines fit even so.
    pub(super) fn beside_all_keys(&self, line: &str, language: LanguageId) -> Count {
        let words = &self.words[language.index()];
        let keys = [(&words.back_key, &words.back), (&words.home_key, &words.home), (&words.more_key, &words.more)];
        let line = Count::of("65535. ").with(line);
        keys.into_iter().fold(line, |page, (key, label)| page.above(Count::of(key).with(" ").with(label)))
    }

    fn worst<'a>(&'a self, graph: &'a Graph<'p>, language: LanguageId, width: Width) -> Worst<'a, 'p> {
        Worst { graph, cells: &self.cells, most_rows: &self.most_rows, language, width }
    }

    /// A screen of whose pages more than one thing is asked.
    pub(super) fn paged(&self, screen: Screen) -> Paged<'_> {
        let words = &self.words[screen.language.index()];
        Paged::new(screen, words)
    }

    /// Pages of any screen within some limits.
    pub(super) fn lay_out(&self, screen: &Screen, limits: Limits) -> u16 {
        paged::pages(screen, limits, &self.words[screen.language.index()])
    }

    /// The language in which a page of these limits is written: the plain one where there is no UCS-2.
    pub(super) fn shown_in(&self, language: LanguageId, limits: Limits) -> LanguageId {
        if limits.units.is_none() { self.program.language(language).plain } else { language }
    }
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
