//! The length proof: how long every screen can become in every language, and how many pages that is on every gateway.
//!
//! [`worst`] writes the longest screen that the declared types allow, and [`plan`] lays it out with the very code that lays
//! out a phone's screens. What is refused and what is only warned of stands there, in `said` (what the bridge says by itself), in `alphabet` (texts that would turn
//! their page into UCS-2) and in `paths` (dialogues longer than a gateway lets them be). `table` prints it all.

mod alphabet;
mod paths;
mod plan;
mod said;
mod table;
mod tables;
mod worst;

use super::graph::Graph;
use super::saves::Saves;
use crate::gateway::Profile;
use crate::source::Diagnostic;
use crate::text::Measure;

pub use table::table;

pub(super) use plan::Plan;
pub(super) use tables::rows_at_most;

/// How long one screen can become in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Length {
    pub menu: String,
    pub screen: String,
    /// The language's code.
    pub language: String,
    /// The whole screen in one piece, with its navigation lines, in the alphabet in which it is worst.
    pub size: Measure,
    /// In the order of the profiles.
    pub pages: Vec<Pages>,
    /// Codes of what was found about it.
    pub found: Vec<&'static str>,
}

/// The pages of a screen on one gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    pub gateway: String,
    pub pages: u16,
    /// Whether something was found about the screen on this gateway.
    pub refused: bool,
}

pub(super) fn check(
    graph: &Graph<'_>,
    plan: &Plan<'_>,
    saves: &Saves,
    profiles: &[Profile],
    findings: &mut Vec<Diagnostic>,
) -> Vec<Length> {
    alphabet::check(graph, profiles, findings);
    paths::check(graph, plan, saves, profiles, findings);
    said::check(graph, plan, profiles, findings);
    plan.check(graph, profiles, findings)
}
