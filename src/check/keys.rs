//! Nothing that may be chosen or answered on a screen is a navigation key that works there, and no number chooses twice.
//!
//! The channel reads navigation keys first, so such an option or answer could never be given. Which keys work on a screen
//! follows from where it stands (`back`, `home`) and from its pages (`more`); a screen counts as having several pages if it
//! has them in any language on any gateway. The notice after a wrong answer never makes a page.
//!
//! Free text is left out: every key could be a text, and no citizen's name or village is `0`.

use super::codes;
use super::graph::{Graph, Node};
use super::lengths::Plan;
use crate::menu::{Accept, Among, Choose, Condition, Position, Verb};
use crate::source::Diagnostic;

pub(super) fn check(graph: &Graph<'_>, plan: &Plan<'_>, findings: &mut Vec<Diagnostic>) {
    for node in graph.nodes().filter(|node| graph.has_a_person(*node)) {
        let shown = Shown { graph, plan, node };
        options(&shown, findings);
        never_none(&shown, findings);
        match &graph.screen(node).verb {
            Verb::Choose(choose) => rows(&shown, choose, findings),
            Verb::Ask(ask) => answers(&shown, |key| accepts(&ask.accept, key), findings),
            // Besides digits of which there are more than keys have, 1 sends another one.
            Verb::Verify(_) => answers(&shown, |key| key == "1", findings),
            _ => {}
        }
    }
}

/// Whether the back key may work on a screen: another was seen before it, or its list was narrowed by letters.
pub(super) fn back_works(graph: &Graph<'_>, node: Node) -> bool {
    match &graph.screen(node).verb {
        Verb::End(_) => false,
        Verb::Choose(Choose { among: Among::List { find, .. }, .. }) if !find.is_empty() => true,
        _ => graph.has_people_before(node),
    }
}

/// Whether the home key works on a screen: everywhere but at home and at an end.
pub(super) fn home_works(graph: &Graph<'_>, node: Node) -> bool {
    let home = Position { menu: graph.program.home, screen: graph.program.menu(graph.program.home).start };
    !matches!(graph.screen(node).verb, Verb::End(_)) && node != graph.node(home)
}

/// A screen with the keys that work on it.
struct Shown<'a, 'p> {
    graph: &'a Graph<'p>,
    plan: &'a Plan<'p>,
    node: Node,
}

impl<'p> Shown<'_, 'p> {
    /// The key that works here and for which `is_taken` holds, with what it does. The questions that cost more come last.
    fn taken(&self, is_taken: impl Fn(&str) -> bool) -> Option<(&'p str, &'static str)> {
        let keys = &self.graph.program.navigation.ussd;
        let has_pages = || self.plan.may_have_pages(self.node);
        // From a later page, back leads to the page before.
        if is_taken(&keys.back) && (back_works(self.graph, self.node) || has_pages()) {
            Some((&keys.back, "goes back"))
        } else if is_taken(&keys.home) && home_works(self.graph, self.node) {
            Some((&keys.home, "goes home"))
        } else if is_taken(&keys.more) && has_pages() {
            Some((&keys.more, "shows the next page"))
        } else {
            None
        }
    }
}

/// A screen whose options may all be hidden could not be answered.
fn never_none(shown: &Shown<'_, '_>, findings: &mut Vec<Diagnostic>) {
    let screen = shown.graph.screen(shown.node);
    let options = screen.verb.options();
    let conditions: Option<Vec<&Condition>> = options.iter().map(|option| option.when.as_ref()).collect();
    let Some(conditions) = conditions.filter(|all| !all.is_empty()) else { return };
    let is_opposite = |one: &Condition, other: &Condition| matches!(other, Condition::Not(not) if **not == *one);
    if conditions.iter().any(|one| conditions.iter().any(|other| is_opposite(one, other))) {
        return;
    }
    findings.push(Diagnostic::warning(
        codes::P_NO_OPTION,
        screen.span,
        format!("every option of `{}` has a `when`: where none holds, nothing can be answered", screen.name),
        "let one option stand always, or lead elsewhere with a `branch` before this screen",
    ));
}

fn options(shown: &Shown<'_, '_>, findings: &mut Vec<Diagnostic>) {
    let options = shown.graph.screen(shown.node).verb.options();
    let numbers: Vec<u16> = (1..).zip(options).map(|(place, option)| option.key.unwrap_or(place)).collect();
    for (at, (option, number)) in options.iter().zip(&numbers).enumerate() {
        if let Some((key, does)) = shown.taken(|key| key == number.to_string()) {
            findings.push(Diagnostic::error(
                codes::P_OPTION_IS_KEY,
                option.span,
                format!("`{}` has the number {number}, but the key {key} {does} on this screen", option.id),
                "give the option another `key`, or change the key under `navigation` in bridge.yaml",
            ));
        }
        if let Some(first) = numbers[..at].iter().position(|other| other == number) {
            findings.push(
                Diagnostic::error(
                    codes::P_SAME_NUMBER,
                    option.span,
                    format!("`{}` has the number {number}, which `{}` has already", option.id, options[first].id),
                    "give one of them another `key`; options without `key` have their place in the list as number",
                )
                .also(options[first].span, format!("has the number {number}")),
            );
        }
    }
}

/// The numbers of rows go on over all pages. A list with `find` may be longer: its rows are found by their letters.
fn rows(shown: &Shown<'_, '_>, choose: &Choose, findings: &mut Vec<Diagnostic>) {
    let Among::List { list, find, .. } = &choose.among else { return };
    if !find.is_empty() {
        return;
    }
    let most = shown.plan.most_rows(shown.node);
    // Rows are numbered without leading zeros: `00` is no row.
    let is_row = |key: &str| key.parse::<usize>().is_ok_and(|n| (1..=most).contains(&n) && n.to_string() == key);
    if let Some((key, does)) = shown.taken(is_row) {
        findings.push(Diagnostic::error(
            codes::P_ROW_IS_KEY,
            list.span,
            format!("this list may have {most} rows, but row {key} cannot be chosen: the key {key} {does}"),
            "let the citizen narrow it with `find`, show fewer rows with `only` or a smaller `at_most`, or change the key \
             under `navigation` in bridge.yaml",
        ));
    }
}

fn answers(shown: &Shown<'_, '_>, is_answer: impl Fn(&str) -> bool, findings: &mut Vec<Diagnostic>) {
    if let Some((key, does)) = shown.taken(is_answer) {
        let screen = shown.graph.screen(shown.node);
        findings.push(Diagnostic::error(
            codes::P_ANSWER_IS_KEY,
            screen.span,
            format!("{key} is an answer that `{}` takes, but the key {key} {does} on this screen", screen.name),
            "narrow `accept` so that it leaves the key out, or change the key under `navigation` in bridge.yaml",
        ));
    }
}

/// Whether a key is an answer that somebody would type: `98` for the number 98, but not `00` for the number 0.
fn accepts(accept: &Accept, key: &str) -> bool {
    let number = || key.parse::<i64>().ok().filter(|n| n.to_string() == key);
    match accept {
        Accept::Digits { min, max } => {
            key.bytes().all(|b| b.is_ascii_digit()) && (usize::from(*min)..=usize::from(*max)).contains(&key.len())
        }
        Accept::Number { min, max } => number().is_some_and(|n| (*min..=*max).contains(&n)),
        Accept::Amount { min, max } => {
            number().and_then(|rupees| rupees.checked_mul(100)).is_some_and(|paise| (*min..=*max).contains(&paise))
        }
        Accept::Pattern { pattern, max, .. } => {
            let whole = pattern.find(key).is_some_and(|found| found.range() == (0..key.len()));
            whole && key.chars().count() <= usize::from(*max)
        }
        // 1 and 2 stand for yes and no.
        Accept::YesNo => matches!(key, "1" | "2"),
        Accept::OneOf(values) => values.iter().any(|value| value.to_lowercase() == key.to_lowercase()),
        Accept::Text { .. } | Accept::Date | Accept::Phone => false,
    }
}
