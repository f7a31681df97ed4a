//! Menus that are spoilt in every way: whatever stands in a folder, the compiler gives a program or says what is wrong, and
//! what compiles can be proved and walked.

use std::path::Path;
use std::sync::LazyLock;

use gramsetu::check::check;
use gramsetu::department::sandbox::prove;
use gramsetu::engine::{DialPath, Event, Facts, Now, Session, SessionId, present, step};
use gramsetu::gateway::{Profile, shipped};
use gramsetu::menu::{LanguageId, Program, compile, sandboxes, stamp};
use gramsetu::phone::{Country, parse};
use gramsetu::source::{Files, Severity, render};
use gramsetu::types::{Channel, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::folder;

/// A folder that uses every verb, as paths and texts.
static WHOLE: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/menus");
    folder::read(&folder).iter().map(|(_, file)| (file.path.clone(), file.text.to_string())).collect()
});

static SHIPPED: LazyLock<Vec<Profile>> = LazyLock::new(shipped);

/// One thing done to the text of one file.
#[derive(Clone, Debug)]
enum Slip {
    /// Bytes are replaced, inserted or cut off.
    Bytes(Index, usize, Vec<u8>),
    Gone(Index),
    /// A line comes once more, after another one of any file.
    Again(Index, Index, Index),
    /// A line gets what stands after the colon in a line of any file.
    Mixed(Index, Index, Index),
    /// A line is moved inwards or outwards.
    Shifted(Index, bool),
}

fn any_slip() -> impl Strategy<Value = (Index, Slip)> {
    let at = any::<Index>;
    let slip = prop_oneof![
        2 => (at(), 0..5_usize, vec(any::<u8>(), 0..5)).prop_map(|(at, cut, noise)| Slip::Bytes(at, cut, noise)),
        1 => at().prop_map(Slip::Gone),
        1 => (at(), at(), at()).prop_map(|(line, file, other)| Slip::Again(line, file, other)),
        4 => (at(), at(), at()).prop_map(|(line, file, other)| Slip::Mixed(line, file, other)),
        1 => (at(), any::<bool>()).prop_map(|(line, inwards)| Slip::Shifted(line, inwards)),
    ];
    (at(), slip)
}

fn spoil(text: &str, slip: &Slip) -> String {
    if let Slip::Bytes(at, cut, noise) = slip {
        let mut bytes = text.as_bytes().to_vec();
        let from = at.index(bytes.len() + 1);
        bytes.splice(from..(from + cut).min(from.max(text.len())), noise.iter().copied());
        return String::from_utf8_lossy(&bytes).into_owned();
    }
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return String::new();
    }
    let taken = |file: &Index, line: &Index| {
        let lines: Vec<&str> = file.get(&WHOLE).1.lines().collect();
        (*line.get(&lines)).to_owned()
    };
    match slip {
        Slip::Bytes(..) => {}
        Slip::Gone(line) => drop(lines.remove(line.index(lines.len()))),
        Slip::Again(line, file, other) => lines.insert(line.index(lines.len()), taken(file, other)),
        Slip::Mixed(line, file, other) => {
            let line = line.index(lines.len());
            let other = taken(file, other);
            let key = lines[line].split(':').next().unwrap_or_default();
            lines[line] = format!("{key}:{}", other.split_once(':').map_or(other.as_str(), |(_, value)| value));
        }
        Slip::Shifted(line, inwards) => {
            let line = line.index(lines.len());
            lines[line] = if *inwards { format!("  {}", lines[line]) } else { lines[line].trim_start().to_owned() };
        }
    }
    lines.join("\n")
}

fn holds_for(folder: &[(String, String)]) -> Result<Option<Program>, TestCaseError> {
    let mut files = Files::default();
    let ids: Vec<_> = folder.iter().map(|(path, text)| files.add(path.as_str(), text.as_str())).collect();
    let (program, findings) = compile(&files);
    let said = render(&findings, &files, false);
    prop_assert_eq!(program.is_none(), findings.iter().any(|finding| finding.severity == Severity::Error), "{}", said);
    prop_assert!(findings.iter().all(|finding| !finding.remedy.is_empty() && said.contains(finding.code)));
    for id in ids {
        stamp(&files, id, false);
        stamp(&files, id, true);
    }
    if let Some(program) = &program {
        let (read, findings) = sandboxes(&files, program);
        let findings = [findings, prove(program, &read)].concat();
        let said = render(&findings, &files, false);
        prop_assert!(findings.iter().all(|finding| !finding.remedy.is_empty() && said.contains(finding.code)));
    }
    Ok(program)
}

fn walk(program: &Program) {
    let now = Now { at: Timestamp(1_795_000_000_000), plain: false };
    let caller = parse("919812345670", Country::by_iso("IN").expect("India")).expect("a number");
    let (channel, language, profile) = (Channel::Ussd, LanguageId(0), Vec::new());
    let facts = Facts { id: SessionId(1), caller, channel, entry: program.home, language, profile, at: now.at };
    let mut session = Session::begin(program, facts);
    step(program, &mut session, now, Event::Begin(DialPath(vec!["1".to_owned(), "2".to_owned()])));
    present(program, &session, now).whole();
}

proptest! {
    // A folder takes a while to compile unoptimised; `fuzz/README.md` says how many were tried once.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_spoilt_folder_compiles_or_is_found_fault_with(slips in vec(any_slip(), 1..4)) {
        let mut folder = WHOLE.clone();
        for (file, slip) in &slips {
            let file = file.index(folder.len());
            folder[file].1 = spoil(&folder[file].1, slip);
        }
        if let Some(program) = holds_for(&folder)? {
            check(&program, &SHIPPED);
            walk(&program);
        }
    }

    /// Any one file, in the midst of a folder that is right.
    #[test]
    fn any_bytes_as_a_file_are_found_fault_with(
        path in prop::sample::select(vec!["bridge.yaml", "system.yaml", "home.yaml", "departments/shop.yaml", "departments/shop.sandbox.yaml", "tables/districts.csv"]),
        bytes in vec(any::<u8>(), 0..300),
    ) {
        let mut folder = WHOLE.clone();
        for file in folder.iter_mut().filter(|(known, _)| known == path) {
            file.1 = String::from_utf8_lossy(&bytes).into_owned();
        }
        holds_for(&folder)?;
    }

    /// Tables: cells, quotes and line ends in any order.
    #[test]
    fn any_table_is_read_or_found_fault_with(
        table in "(code|name|name\\.hi|n:number|d:date|x:foo)(,(code|name|name\\.hi|n:number|a:amount|y:yes_no)){0,3}(\r?\n[\",a-z0-9.\r\n-]{0,12}){0,5}",
    ) {
        let mut folder = WHOLE.clone();
        folder.push(("tables/other.csv".to_owned(), table));
        holds_for(&folder)?;
    }
}
