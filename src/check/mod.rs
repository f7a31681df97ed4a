//! Every proof about a program that needs more than names and types, which the compiler has seen to: that each screen can
//! be reached and can end, that nothing collides, that secrets and personal data go nowhere they must not, and that nothing
//! overflows a phone.
//!
//! The proofs are pure: a compiled [`Program`] and the profiles of gateways in, findings out, all in one run. Profiles
//! themselves are checked where they are read (`gateway`), texts and translations where they are compiled (`menu`). What was
//! published before is compared in [`lock`], which takes the folder's own file beside the program.

mod calls;
pub mod codes;
mod entries;
mod graph;
mod keys;
mod labels;
pub mod lengths;
mod links;
pub mod lock;
mod loops;
pub mod messages;
mod named;
mod named_gateways;
mod personal;
mod promised;
mod promotional;
mod reach;
mod registered;
mod saves;
mod secrets;
mod yes_no;

#[cfg(test)]
mod tests;

use crate::gateway::Profile;
use crate::menu::Program;
use crate::source::Diagnostic;

pub use lengths::Length;
pub use named::written;
pub use reach::Unreachable;

/// All that was found, and how long every screen can become.
#[derive(Debug)]
pub struct Report {
    /// By file and place, then by code.
    pub findings: Vec<Diagnostic>,
    /// One for every screen with a person and every language, in the order of menus, screens and languages.
    pub lengths: Vec<Length>,
}

/// Proves what can be proved of a program on these gateways.
pub fn check(program: &Program, profiles: &[Profile]) -> Report {
    let graph = graph::Graph::new(program);
    let mut findings = Vec::new();
    reach::check(&graph, &mut findings);
    loops::check(&graph, &mut findings);
    secrets::check(&graph, &mut findings);
    personal::check(&graph, &mut findings);
    registered::check(&graph, &mut findings);
    calls::check(&graph, profiles, &mut findings);
    entries::check(&graph, &mut findings);
    promised::check(&graph, &mut findings);
    promotional::check(&graph, &mut findings);
    yes_no::check(&graph, &mut findings);
    messages::check(&graph, &mut findings);
    links::check(program, &mut findings);
    let plan = lengths::Plan::new(&graph, profiles);
    keys::check(&graph, &plan, &mut findings);
    labels::check(&graph, &mut findings);
    let saves = saves::Saves::of(&graph);
    saves.check(&graph, &mut findings);
    let lengths = lengths::check(&graph, &plan, &saves, profiles, &mut findings);
    findings.sort_by(|a, b| (a.span, a.code, &a.message).cmp(&(b.span, b.code, &b.message)));
    Report { findings, lengths }
}
