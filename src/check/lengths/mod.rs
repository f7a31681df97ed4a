//! The length proof: how long every screen can become in every language, and how many pages that is on every gateway.
//!
//! [`worst`] writes the longest screen that the declared types allow, and [`plan`] lays it out with the very code that lays
//! out a phone's screens. What is refused and what is only warned of stands in `refused` (pages and lines), in `said` (what the bridge says by
//! itself), in `alphabet` (texts that would turn their page into UCS-2) and in `paths` (dialogues longer than a gateway
//! lets them be). Beside findings they leave `marks`, of which `table` shows what was found about each screen.

mod alphabet;
mod marks;
mod paged;
mod paths;
mod plan;
mod refused;
mod said;
mod table;
mod tables;
mod worst;

use std::sync::Arc;

use super::graph::Graph;
use super::saves::Saves;
use crate::gateway::Profile;
use crate::source::{Diagnostic, Severity};
use crate::text::Measure;

use marks::Marks;

pub use table::table;

pub(super) use plan::Plan;
#[cfg(test)]
pub(super) use tables::{Alike, rows_at_most};

/// How long one screen, or one text that the bridge says by itself, can become in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Length {
    /// `system` for what the bridge says by itself.
    pub menu: String,
    /// The screen's name, or the text's key.
    pub screen: String,
    /// The language's code.
    pub language: String,
    /// The whole screen in one piece, with its navigation lines, in the alphabet in which it is worst.
    pub size: Measure,
    /// In the order of the profiles.
    pub pages: Vec<Pages>,
    /// What was found about it, by code.
    pub found: Vec<Found>,
}

/// What was found about a screen in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub code: &'static str,
    pub severity: Severity,
    /// How much of its text must go where it is worst; `None` where that is not what mends it.
    pub over: Option<Measure>,
}

/// The pages of a screen on one gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    pub gateway: Arc<str>,
    pub pages: u16,
    /// The gravest of what was found about the screen on this gateway.
    pub found: Option<Severity>,
}

pub(super) fn check(
    graph: &Graph<'_>,
    plan: &Plan<'_>,
    saves: &Saves,
    profiles: &[Profile],
    findings: &mut Vec<Diagnostic>,
) -> Vec<Length> {
    let mut marks = Marks::default();
    alphabet::check(graph, profiles, &mut marks, findings);
    paths::check(graph, plan, saves, profiles, &mut marks, findings);
    said::check(graph, plan, profiles, &mut marks, findings);
    plan.check(graph, profiles, &mut marks, findings);
    plan.lengths(graph, profiles, &marks)
}
