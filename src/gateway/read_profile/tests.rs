//! Files that are wrong, at least one for each code, with all that is reported about it.

use include_dir::{Dir, include_dir};
use proptest::prelude::*;

use super::read_profile;
use crate::gateway::CODES;
use crate::gateway::profile::SHIPPED;
use crate::source::{Diagnostic, Files, render};

static EXAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/src/gateway/read_profile/examples");

fn findings(text: &str) -> (Vec<Diagnostic>, Files) {
    let mut files = Files::default();
    let file = files.add("gateways/example.yaml", text);
    (read_profile(&files, file).err().unwrap_or_default(), files)
}

#[test]
fn every_code_has_examples_that_give_it_and_no_other() {
    let mut examples: Vec<_> = EXAMPLES.files().collect();
    examples.sort_by_key(|file| file.path());
    let mut given = Vec::new();
    for example in examples {
        let name = example.path().file_stem().and_then(|name| name.to_str()).expect("a name");
        let code = name.split('-').next().expect("a code");
        let (findings, files) = findings(example.contents_utf8().expect("UTF-8"));
        let rendered = render(&findings, &files, false);
        assert!(!findings.is_empty(), "{name} is right");
        assert!(findings.iter().all(|finding| finding.code == code), "{name}:\n{rendered}");
        assert!(findings.iter().all(|finding| !finding.remedy.is_empty()), "{name}:\n{rendered}");
        insta::assert_snapshot!(name, rendered);
        given.push(code);
    }
    given.dedup();
    assert_eq!(given, CODES.iter().map(|(code, _)| *code).collect::<Vec<_>>());
}

#[test]
fn a_file_that_is_no_yaml_keeps_the_reader_s_own_findings() {
    let (findings, _) = findings("gateway: [");
    assert!(findings.iter().all(|finding| finding.code.starts_with('Y')) && !findings.is_empty());
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
