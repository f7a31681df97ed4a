//! Files that are right, and files spoilt at random. One that is wrong for each code is in `tests/diagnostics`.

use proptest::prelude::*;

use super::read_profile;
use crate::gateway::shipped::FILES as SHIPPED;
use crate::source::{Diagnostic, Files, render};

fn findings(text: &str) -> (Vec<Diagnostic>, Files) {
    let mut files = Files::default();
    let file = files.add("gateways/example.yaml", text);
    (read_profile(&files, file).err().unwrap_or_default(), files)
}

#[test]
fn a_file_that_is_no_yaml_keeps_the_reader_s_own_findings() {
    let (findings, _) = findings("gateway: [");
    assert!(findings.iter().all(|finding| finding.code.starts_with('Y')) && !findings.is_empty());
}

#[test]
fn the_names_of_shipped_profiles_are_those_of_their_files() {
    let read: Vec<String> = crate::gateway::shipped().into_iter().map(|profile| profile.name).collect();
    assert_eq!(crate::gateway::shipped_names().collect::<Vec<_>>(), read);
}

#[test]
fn every_shipped_profile_is_right() {
    for (path, text) in SHIPPED {
        let (findings, files) = findings(text);
        assert!(findings.is_empty(), "{path}:\n{}", render(&findings, &files, false));
    }
}

proptest! {
    /// A line more, less or twice, or a value of another key: whatever it gives, it is findings or a profile.
    #[test]
    fn a_spoilt_profile_is_never_a_panic(
        profile in 0..SHIPPED.len(), at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(), how in 0..4,
    ) {
        let mut lines: Vec<&str> = SHIPPED[profile].1.lines().collect();
        let (at, other) = (at.index(lines.len()), other.index(lines.len()));
        let mixed = format!(
            "{}:{}",
            lines[at].split(':').next().unwrap_or_default(),
            lines[other].split_once(':').unwrap_or_default().1
        );
        match how {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[other]),
            2 => lines.swap(at, other),
            _ => lines[at] = &mixed,
        }
        let (findings, files) = findings(&lines.join("\n"));
        render(&findings, &files, false);
    }
}
