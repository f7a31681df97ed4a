mod answering;
mod build;
mod law;
mod lengths;
mod messages;
mod navigation;
mod sending;
mod values;
mod verifying;

use super::*;

/// The same, a line each.
fn found_lines(program: &Program) -> String {
    found(program).join("\n")
}

/// The codes and messages of what is found, without gateways.
fn found(program: &Program) -> Vec<String> {
    check(program, &[]).findings.into_iter().map(|finding| format!("{} {}", finding.code, finding.message)).collect()
}
