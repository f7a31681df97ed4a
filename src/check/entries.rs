//! What people text, and what missed calls ask for: the menus that answer ask nothing, and leave nobody without an answer.

use std::collections::{BTreeSet, VecDeque};

use super::codes;
use super::graph::{Graph, Leads, Node};
use crate::menu::{
    Accept, ArgumentKind, Call, FailureName, Keyword, KeywordWord, MenuId, MissedCallAction, Program, Screen,
    SystemMessage, Verb,
};
use crate::source::{Diagnostic, Span};
use crate::text::one_slip;

pub(super) fn check(graph: &Graph<'_>, findings: &mut Vec<Diagnostic>) {
    let program = graph.program;
    let answers = Answers::of(graph);
    // Several keywords may run one menu, whose faults are said once.
    let mut seen = BTreeSet::new();
    for keyword in &program.keywords {
        if seen.insert(keyword.run) {
            let what = format!("the keyword `{}`", keyword.text);
            answers.check(keyword.run, &what, keyword.span, findings);
        }
        one_text(keyword, findings);
        one_letter(keyword, findings);
        is_command(program, keyword, findings);
    }
    for call in &program.missed_calls {
        if let MissedCallAction::Run(menu) = call.action
            && seen.insert(menu)
        {
            answers.check(menu, &format!("a missed call to {}", call.number), call.span, findings);
        }
    }
    own_messages(program, findings);
    one_slip_apart(program, findings);
}

/// Two free texts cannot be told apart.
fn one_text(keyword: &Keyword, findings: &mut Vec<Diagnostic>) {
    let is_text = |kind: &ArgumentKind| matches!(kind, ArgumentKind::Value(Accept::Text { .. }, _));
    let mut texts = keyword.args.iter().filter(|arg| is_text(&arg.takes));
    if let (Some(first), Some(second)) = (texts.next(), texts.next()) {
        let message = format!("where `{}` ends and `{}` begins nobody can tell", first.name, second.name);
        let remedy = "let one of them be `digits`, a `pattern`, `one_of`, or leave it out";
        findings.push(
            Diagnostic::error(codes::P_TWO_TEXTS, second.span, message, remedy).also(first.span, "a text as well"),
        );
    }
}

/// A keyword is looked for anywhere in a text.
fn one_letter(keyword: &Keyword, findings: &mut Vec<Diagnostic>) {
    for word in &keyword.words {
        if word.forms().iter().any(|form| form.chars().count() == 1) {
            let message = format!("`{}` is one letter, which many texts have that mean something else", word.text);
            findings.push(Diagnostic::warning(codes::P_ONE_LETTER, word.span, message, "choose a longer word"));
        }
    }
}

/// Of two keywords that one slip makes of each other none is recognised with a slip, and who makes it gets the other's answer.
fn one_slip_apart(program: &Program, findings: &mut Vec<Diagnostic>) {
    let words: Vec<(usize, &KeywordWord, [String; 2])> = (0..)
        .zip(&program.keywords)
        .flat_map(|(at, keyword)| keyword.words.iter().map(move |word| (at, word, word.forms())))
        .collect();
    // Digits are not forgiven anyway.
    let digits = |form: &str| form.chars().filter(char::is_ascii_digit).collect::<String>();
    let are_near = |one: &str, other: &str| one_slip(one, other) && one != other && digits(one) == digits(other);
    for (at, (keyword, word, forms)) in words.iter().enumerate() {
        // Two keywords that departments have made known cannot be chosen otherwise; other spellings of them can.
        let is_known = |at: usize, word: &KeywordWord| {
            program
                .keywords
                .get(at)
                .and_then(|keyword| keyword.words.first())
                .is_some_and(|first| first.span == word.span)
        };
        let mut before = words
            .iter()
            .take(at)
            .filter(|(other, of, _)| other != keyword && !(is_known(*other, of) && is_known(*keyword, word)));
        let near = before.find(|(_, _, others)| others.iter().any(|one| forms.iter().any(|form| are_near(one, form))));
        if let Some((_, other, _)) = near {
            let message = format!(
                "`{}` and `{}` are one slip apart: who mistypes one gets the other's answer",
                other.text, word.text
            );
            let remedy = "choose words that differ in two letters; with these no slip is forgiven in either";
            let finding = Diagnostic::warning(codes::P_ONE_SLIP, word.span, message, remedy);
            findings.push(finding.also(other.span, "the other one"));
        }
    }
}

/// STOP, START and HELP come before everything.
fn is_command(program: &Program, keyword: &Keyword, findings: &mut Vec<Diagnostic>) {
    for word in &keyword.words {
        if word.forms().iter().any(|form| program.command_words.command(form).is_some()) {
            let message = format!("`{}` is a word for STOP, START or HELP, which comes first", word.text);
            let remedy = "choose another word, or take this one out of `stop_words`, `start_words` or `help_words`";
            findings.push(Diagnostic::error(codes::P_COMMAND, word.span, message, remedy));
        }
    }
}

/// Whoever can text must be answered, and whoever rings for what a menu sends.
fn own_messages(program: &Program, findings: &mut Vec<Diagnostic>) {
    let texted = [
        SystemMessage::Unknown,
        SystemMessage::Help,
        SystemMessage::Stopped,
        SystemMessage::StoppedOne,
        SystemMessage::Started,
        SystemMessage::Sorry,
    ];
    let run = program.missed_calls.iter().find(|call| matches!(call.action, MissedCallAction::Run(_)));
    let (span, can, needed) = match (program.keywords.first(), run) {
        (Some(first), _) => (first.span, "text", &texted[..]),
        (None, Some(call)) => (call.span, "ring", &[SystemMessage::Sorry][..]),
        (None, None) => return,
    };
    let is_late = |screen: &Screen| matches!(&screen.verb, Verb::Call(call) if call.late.is_some());
    let may_be_late = program.menus.iter().any(|menu| menu.screens.iter().any(is_late));
    let missing: Vec<&str> = needed
        .iter()
        .copied()
        .chain(may_be_late.then_some(SystemMessage::LateReceipt))
        .filter(|message| program.system_message(*message).is_none())
        .map(SystemMessage::name)
        .collect();
    if !missing.is_empty() {
        let message = format!("people can {can}, but nothing answers them: {} not written", missing.join(", "));
        let remedy = "write these messages in a file of the folder `messages`";
        findings.push(Diagnostic::error(codes::P_NO_ANSWER, span, message, remedy));
    }
}

/// What every proof about a menu that answers needs.
struct Answers<'a, 'p> {
    graph: &'a Graph<'p>,
    /// By menu: whether it can return without asking anybody.
    returning: Vec<bool>,
    /// By menu: whether it can return without asking or sending anything.
    silent: Vec<bool>,
}

/// Where a way ends.
enum End {
    Asks(Node),
    /// At this screen.
    Silent(Node, Silence),
}

/// Why nothing is sent, and what to do about it.
struct Silence {
    how: String,
    remedy: String,
}

impl<'a, 'p> Answers<'a, 'p> {
    fn of(graph: &'a Graph<'p>) -> Self {
        let asks = |node| asks(graph, node);
        let returning = graph.returning(|node, _| !asks(node));
        let silent = graph.returning(|node, _| !asks(node) && !tells(graph, node));
        Self { graph, returning, silent }
    }

    fn check(&self, menu: MenuId, what: &str, span: Span, findings: &mut Vec<Diagnostic>) {
        let graph = self.graph;
        if let Some(End::Asks(node)) = self.walk(menu, false) {
            let message = format!("what {what} runs asks something: `{}`", graph.name(node));
            let remedy = "send a message instead: nobody is there to answer, and every text costs";
            let finding = Diagnostic::error(codes::P_ASKS, span, message, remedy);
            findings.push(finding.also(graph.screen(node).span, "asks, or shows something"));
        }
        if let Some(End::Silent(node, Silence { how, remedy })) = self.walk(menu, true) {
            let message = format!("what {what} runs may send nothing: `{}` {how}", graph.name(node));
            let finding = Diagnostic::error(codes::P_SILENT, span, message, remedy);
            findings.push(finding.also(graph.screen(node).span, "nothing was sent on the way here"));
        }
    }

    /// The nearest screen at which somebody is asked; or, where `silently`, at which a way ends that has sent nothing.
    fn walk(&self, menu: MenuId, silently: bool) -> Option<End> {
        let graph = self.graph;
        let mut seen = vec![false; graph.nodes().len()];
        let mut open = VecDeque::from([graph.start(menu)]);
        while let Some(node) = open.pop_front() {
            if std::mem::replace(seen.get_mut(node)?, true) {
                continue;
            }
            if asks(graph, node) {
                if silently {
                    continue;
                }
                return Some(End::Asks(node));
            }
            if silently && let Some(silence) = ends(graph, node) {
                return Some(End::Silent(node, silence));
            }
            if silently && tells(graph, node) {
                continue;
            }
            for way in graph.ways(node) {
                let returns = if silently { &self.silent } else { &self.returning };
                if way.after.is_some_and(|run| !returns.get(run.index()).copied().unwrap_or_default()) {
                    continue;
                }
                match (way.leads, way.head()) {
                    // There is nothing behind it but home.
                    (Leads::Back, _) => open.push_back(graph.start(graph.program.home)),
                    (_, Some(head)) => open.push_back(head),
                    (_, None) => {}
                }
            }
        }
        None
    }
}

fn asks(graph: &Graph<'_>, node: Node) -> bool {
    let verb = &graph.screen(node).verb;
    verb.has_a_person() && !matches!(verb, Verb::End(_))
}

/// Whether a screen sends a message.
fn tells(graph: &Graph<'_>, node: Node) -> bool {
    matches!(graph.screen(node).verb, Verb::Send(_))
}

/// How a way ends at a screen by itself.
fn ends(graph: &Graph<'_>, node: Node) -> Option<Silence> {
    const SEND: &str = "let a `send` stand on this way, too";
    let silence = |how: &str, remedy: &str| Some(Silence { how: how.to_owned(), remedy: remedy.to_owned() });
    let verb = &graph.screen(node).verb;
    if let Verb::End(_) = verb {
        return silence("ends, and what it says is not sent", SEND);
    }
    if let Verb::Call(call) = verb
        && let Some(failure) = unnamed(graph.program, call)
    {
        let remedy = format!("add `{failure}: …` to its `fails`, with a screen that sends something");
        return silence(&format!("does not say where `{failure}` leads"), &remedy);
    }
    let to_sorry = graph.ways(node).iter().any(|way| way.leads == Leads::Sorry);
    if to_sorry { silence("ends with the bridge's own \"sorry\"", SEND) } else { None }
}

/// A failure of a call that leads to no screen. What comes late is told by a message of its own, where there is one; what changes
/// something is never late, but `unknown`.
fn unnamed(program: &Program, call: &Call) -> Option<String> {
    let operation = program.operation(call.operation);
    let built_in = [
        (FailureName::Down, "down", true),
        (FailureName::Refused, "refused", true),
        (FailureName::Late, "late", call.late.is_none() && !operation.changes),
        (FailureName::Unknown, "unknown", operation.changes),
    ];
    let named = |failure: &FailureName| call.fails.iter().any(|(name, _)| name == failure);
    let missing = built_in.iter().find(|(failure, _, happens)| *happens && !named(failure));
    let own = operation.errors.iter().map(|error| &error.name);
    missing
        .map(|(_, name, _)| (*name).to_owned())
        .or_else(|| own.into_iter().find(|name| !named(&FailureName::Named((*name).clone()))).cloned())
}
