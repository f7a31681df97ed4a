//! Ways through the menus that last longer than a gateway lets a dialogue last.
//!
//! A gateway ends a dialogue after so many exchanges or seconds; what is dropped is resumed at the last `save` screen, or where a
//! one-time password is asked for, so only the stretch since the entry or since such a screen counts. The longest stretch is the longest way on which no
//! screen comes twice *as far as a walk in depth tells*: ways that lead back to a screen through which the walk came (to look
//! at another row, to try again) and ways home begin another pass, and are not followed. To find the longest way of all
//! without that restriction is not feasible (it is NP-hard); this one takes time in proportion to the ways.
//!
//! A menu that is run counts from its start to its `return`, and then what stands after the `run`.

use std::collections::HashMap;

use super::Found;
use super::marks::{Marks, Subject};
use super::plan::{Plan, languages};
use crate::check::codes;
use crate::check::graph::{Graph, Leads, Node};
use crate::check::named_gateways::together;
use crate::check::saves::Saves;
use crate::gateway::Profile;
use crate::menu::{Accept, Among, Choose, LanguageId, Letters, MenuId, Verb, Verify};
use crate::source::{Diagnostic, Severity};

/// A slow reader reads a page.
const SECONDS_TO_READ: u32 = 8;
/// A slow typist finds a digit on a keypad.
const SECONDS_A_DIGIT: u32 = 1;
/// … and a letter, for which a key is pressed up to four times.
const SECONDS_A_LETTER: u32 = 3;
/// The answer is sent, and the network brings the next page.
const SECONDS_TO_SEND: u32 = 3;
/// A one-time password arrives, and is found among the other messages.
const SECONDS_UNTIL_AN_SMS: u32 = 20;
/// Letters that narrow a list with `find`.
const LETTERS_TO_FIND: u32 = 3;
/// Letters of a free text that people really type, however many are allowed.
const LETTERS_OF_A_TEXT: u32 = 20;
/// How many nodes of a way are kept before menus that are run are passed over.
const MOST_OF_A_WAY: usize = 1_000;
/// How many screens of a way a finding names.
const NAMED: usize = 8;

/// What a stretch of a way takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    exchanges: u32,
    seconds: u32,
}

impl Cost {
    fn plus(self, other: Self) -> Self {
        Self {
            exchanges: self.exchanges.saturating_add(other.exchanges),
            seconds: self.seconds.saturating_add(other.seconds),
        }
    }
}

/// What of a cost a gateway caps.
#[derive(Clone, Copy, Debug)]
enum Measured {
    Exchanges,
    Seconds,
}

impl Measured {
    fn of(self, cost: Cost) -> u32 {
        match self {
            Self::Exchanges => cost.exchanges,
            Self::Seconds => cost.seconds,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Exchanges => codes::L_STEPS,
            Self::Seconds => codes::L_SECONDS,
        }
    }

    fn cap(self, profile: &Profile) -> Option<u32> {
        match self {
            Self::Exchanges => profile.steps.map(u32::from),
            Self::Seconds => Some(u32::try_from(profile.lasts.as_secs()).unwrap_or(u32::MAX)),
        }
    }
}

/// The longest stretch from a node on.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    /// To an end, a `save` screen or the menu's `return`.
    on: Onward,
    /// To the menu's `return` without a `save` screen in between; `None` if there is no such way.
    to_return: Option<Onward>,
}

/// What a stretch takes, and how it begins.
#[derive(Clone, Copy, Debug)]
struct Onward {
    takes: u32,
    /// The menu that is run first, all of it.
    through: Option<MenuId>,
    /// The next node; `None` where the stretch is over.
    next: Option<Node>,
}

impl Onward {
    /// This one or another, if that takes longer.
    fn or_longer(self, other: Self) -> Self {
        if other.takes > self.takes { other } else { self }
    }
}

/// A screen of a way, and whether it belongs to a menu that is run on it.
#[derive(Clone, Copy, Debug)]
struct Passed {
    node: Node,
    inside: bool,
}

pub(super) fn check(
    graph: &Graph<'_>,
    plan: &Plan<'_>,
    saves: &Saves,
    profiles: &[Profile],
    marks: &mut Marks,
    findings: &mut Vec<Diagnostic>,
) {
    let onward = graph.arrows(|_, way| if matches!(way.leads, Leads::Home(_)) { None } else { way.head() });
    let mut starts: Vec<Node> = graph.entries().into_iter().map(|menu| graph.start(menu)).collect();
    let order = onward.leaving_order(starts.iter().copied());
    starts.extend(order.iter().copied().filter(|node| saves.goes_on_at(graph, *node)));
    starts.sort_unstable();
    starts.dedup();
    for measured in [Measured::Exchanges, Measured::Seconds] {
        let mut worst: Vec<Vec<Exceeded>> = vec![Vec::new(); starts.len()];
        // Gateways of equal limits have equal stretches.
        let mut known: HashMap<(usize, LanguageId), Vec<Option<Stretch>>> = HashMap::new();
        for (at, profile) in profiles.iter().enumerate() {
            let Some(cap) = measured.cap(profile) else { continue };
            let mut longest: Vec<Option<Exceeded>> = vec![None; starts.len()];
            for language in languages(graph.program) {
                let stretches = &*known.entry((plan.alike()[at], language)).or_insert_with(|| {
                    stretches(graph, saves, &order, |node| measured.of(cost(graph, plan, node, language, at)))
                });
                for (start, longest) in starts.iter().zip(&mut longest) {
                    let takes = stretches[*start].map_or(0, |stretch| stretch.on.takes);
                    if takes > cap && longest.as_ref().is_none_or(|known| takes > known.takes) {
                        *longest =
                            Some(Exceeded { profile: at, cap, takes, language, way: way(graph, stretches, *start) });
                    }
                }
            }
            worst.iter_mut().zip(longest).for_each(|(all, one)| all.extend(one));
        }
        for (start, exceeded) in starts.iter().zip(worst) {
            for one in &exceeded {
                let found = Found { code: measured.code(), severity: Severity::Warning, over: None };
                marks.add(Subject::Screen(*start), one.language, found, [one.profile]);
            }
            findings.extend(finding(graph, *start, measured, &exceeded, profiles));
        }
    }
}

/// A stretch that is longer than a gateway allows.
#[derive(Clone, Debug)]
struct Exceeded {
    profile: usize,
    cap: u32,
    takes: u32,
    language: LanguageId,
    way: Vec<Passed>,
}

fn finding(
    graph: &Graph<'_>,
    start: Node,
    measured: Measured,
    exceeded: &[Exceeded],
    profiles: &[Profile],
) -> Option<Diagnostic> {
    let worst = exceeded.iter().max_by_key(|one| one.takes)?;
    let what = match measured {
        Measured::Exchanges => "exchanges",
        Measured::Seconds => "seconds of a slow typist",
    };
    let each = exceeded.iter().map(|one| ((one.takes, one.cap), profiles[one.profile].name.as_str()));
    let gateways = together(each, |(takes, cap), names| format!("{names} ({takes} of {cap})"));
    let people = worst.way.iter().filter(|passed| graph.has_a_person(passed.node));
    let people: Vec<String> = people.map(|passed| named(graph, *passed)).collect();
    let screens = if people.len() > NAMED {
        let (first, last) = (&people[..NAMED / 2], &people[people.len() - NAMED / 2..]);
        format!("{} → … → {}", first.join(" → "), last.join(" → "))
    } else {
        people.join(" → ")
    };
    Some(Diagnostic::warning(
        measured.code(),
        graph.screen(start).span,
        format!(
            "from `{}` a way without a `save` screen takes up to {} {what} in {}, more than allowed on {gateways}: {screens}",
            graph.name(start),
            worst.takes,
            graph.program.language(worst.language).code,
        ),
        "mark a screen about half way with `save: yes`, where a dropped session resumes, or shorten the way",
    ))
}

/// `mandi.prices/crop`, or inside a menu that is run `places.district › state`.
fn named(graph: &Graph<'_>, passed: Passed) -> String {
    if passed.inside {
        format!("{} › {}", graph.program.menu(graph.menu_of(passed.node)).name, graph.screen(passed.node).name)
    } else {
        graph.name(passed.node)
    }
}

/// The longest stretch from every node of `order`, in which each node stands after those that it leads to; what stands later
/// is where the walk came from, and is not followed.
fn stretches(graph: &Graph<'_>, saves: &Saves, order: &[Node], cost: impl Fn(Node) -> u32) -> Vec<Option<Stretch>> {
    let mut known: Vec<Option<Stretch>> = vec![None; graph.nodes().end];
    for &node in order {
        let own = cost(node);
        let mut best = Stretch { on: Onward { takes: own, through: None, next: None }, to_return: None };
        for way in graph.ways(node) {
            // What is passed before the other end of the way: all of the menu that was run.
            let before = match (way.after, way.leads) {
                (Some(menu), _) => known[graph.start(menu)].and_then(|run| run.to_return).map(|inside| inside.takes),
                _ => Some(0),
            };
            // An empty list is not shown on the way to `none`; a `verify` is answered but once.
            let is_shown =
                way.answered || !graph.has_a_person(node) || matches!(graph.screen(node).verb, Verb::Verify(_));
            let passed = if is_shown { own } else { 0 };
            let Some(before) = before.map(|before| before.saturating_add(passed)) else { continue };
            let onward = |takes, next| Onward { takes, through: way.after, next };
            let returning = |known: Option<Onward>, one| Some(known.map_or(one, |known| known.or_longer(one)));
            if way.leads == Leads::Return {
                best.to_return = returning(best.to_return, onward(before, None));
            }
            let Some(head) = way.head().filter(|_| !matches!(way.leads, Leads::Home(_))) else { continue };
            let Some(next) = known[head] else { continue };
            let is_save = saves.goes_on_at(graph, head);
            let after = if is_save { 0 } else { next.on.takes };
            best.on = best.on.or_longer(onward(before.saturating_add(after), (!is_save).then_some(head)));
            // Returning from the menu that is run is not returning from this one.
            if !is_save
                && !matches!(way.leads, Leads::Into(_) | Leads::Jump(_))
                && let Some(after) = next.to_return
            {
                best.to_return = returning(best.to_return, onward(before.saturating_add(after.takes), Some(head)));
            }
        }
        known[node] = Some(best);
    }
    known
}

/// The screens of the longest stretch, those inside menus that are run and come back included.
fn way(graph: &Graph<'_>, stretches: &[Option<Stretch>], start: Node) -> Vec<Passed> {
    let mut way = Vec::new();
    // What is still to be passed, the next last: a node, whether it is inside, and whether its menu is to return. Every step
    // leads to a node whose stretch was known before, so that it comes to an end.
    let mut open = vec![(start, false, false)];
    while let Some((node, inside, returns)) = open.pop() {
        way.push(Passed { node, inside });
        let stretch = stretches[node];
        let onward =
            if returns { stretch.and_then(|stretch| stretch.to_return) } else { stretch.map(|stretch| stretch.on) };
        let Some(onward) = onward else { continue };
        let enters = onward.through.is_none() && matches!(graph.screen(node).verb, Verb::Run(_));
        open.extend(onward.next.map(|next| (next, inside || enters, returns)));
        // Menus that run menus twice, and so on, make ways longer than anybody reads.
        if way.len() < MOST_OF_A_WAY {
            open.extend(onward.through.map(|menu| (graph.start(menu), true, true)));
        }
    }
    way
}

/// What one pass through a screen takes: every page is an exchange, every wrong try shows the screen again.
fn cost(graph: &Graph<'_>, plan: &Plan<'_>, node: Node, language: LanguageId, profile: usize) -> Cost {
    let screen = graph.screen(node);
    let pages = u32::from(plan.pages(node, language, profile));
    let page = Cost { exchanges: 1, seconds: SECONDS_TO_READ + SECONDS_TO_SEND };
    let turned = Cost { exchanges: page.exchanges * pages, seconds: page.seconds * pages };
    let keys = |seconds| Cost { exchanges: 0, seconds };
    match &screen.verb {
        // Whoever types letters reads the first page, and one page of what is left.
        Verb::Choose(Choose { among: Among::List { find, .. }, .. }) if pages > 1 && !find.is_empty() => {
            page.plus(page).plus(keys(LETTERS_TO_FIND * SECONDS_A_LETTER + SECONDS_A_DIGIT))
        }
        Verb::Choose(_) => turned.plus(keys(2 * SECONDS_A_DIGIT)),
        Verb::Show(_) => turned.plus(keys(if screen.verb.options().is_empty() { 1 } else { 2 } * SECONDS_A_DIGIT)),
        Verb::Ask(ask) => {
            let once = turned.plus(keys(seconds_to_type(&ask.accept)));
            (0..ask.tries.unwrap_or(1).max(1)).fold(Cost::default(), |sum, _| sum.plus(once))
        }
        Verb::End(_) => turned,
        Verb::Call(call) => {
            let within = call.within.unwrap_or(graph.program.operation(call.operation).within);
            keys(u32::try_from(within.as_millis().div_ceil(1000)).unwrap_or(u32::MAX))
        }
        // One in the wrong place is typed again, and the first has to arrive.
        Verb::Verify(verify) => {
            let once = turned.plus(keys(u32::from(Verify::DIGITS) * SECONDS_A_DIGIT));
            (0..verify.tries.max(1)).fold(keys(SECONDS_UNTIL_AN_SMS), |sum, _| sum.plus(once))
        }
        Verb::Send(_) | Verb::Branch(_) | Verb::Set(_) | Verb::Run(_) => Cost::default(),
    }
}

fn seconds_to_type(accept: &Accept) -> u32 {
    let digits = |count: u32| count * SECONDS_A_DIGIT;
    match accept {
        Accept::Digits { max, .. } | Accept::Pattern { max, letters: Letters::Digits, .. } => digits(u32::from(*max)),
        Accept::Number { max, min } => digits(longest_number(*min, *max)),
        // Typed in rupees, with two decimals at most.
        Accept::Amount { max, min } => digits(longest_number(*min, *max) + 1),
        Accept::Text { max } | Accept::Pattern { max, .. } => u32::from(*max).min(LETTERS_OF_A_TEXT) * SECONDS_A_LETTER,
        Accept::Date => digits(8),
        Accept::Phone => digits(10),
        Accept::OneOf(values) => {
            let longest = values.iter().map(|value| value.chars().count()).max().unwrap_or(0);
            u32::try_from(longest).unwrap_or(u32::MAX).min(LETTERS_OF_A_TEXT) * SECONDS_A_LETTER
        }
        Accept::YesNo => digits(1),
    }
}

fn longest_number(min: i64, max: i64) -> u32 {
    let digits = min.unsigned_abs().max(max.unsigned_abs()).checked_ilog10().unwrap_or(0) + 1;
    digits + u32::from(min < 0)
}
