//! A department's answer in XML, taken out of an envelope as well; and the same bytes as a value that is escaped.
#![no_main]

use std::sync::LazyLock;

use gramsetu::department::{Envelope, read_answer};
use gramsetu::menu::{Program, compile};
use gramsetu::outward::HttpAnswer;
use gramsetu::source::{Files, render};
use gramsetu::xml::{Bounds, escape, holds, misplaced, read};

const DEPARTMENT: &str = r#"
department: power
operations:
  bill:
    get: /bill
    answers: xml
    answer:
      amount: {from: /a/b/@c, amount: 99999}
      name: {from: /a/b, text: 12, optional: yes}
      rows: {list: /a/c, at_most: 3, of: {day: {from: /@d, date: yes}, own: {from: "", digits: 4, optional: yes}}}
    errors:
      - {at: /a/@c, is: "1", name: no_bill}
"#;

static PROGRAM: LazyLock<Program> = LazyLock::new(|| {
    let mut files = Files::default();
    files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");
    files.add("home.yaml", "menu: home\nscreens:\n  top: {end: Bye}\n");
    files.add("departments/power.yaml", DEPARTMENT);
    let (program, findings) = compile(&files);
    program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let answer = HttpAnswer { status: 200, body: bytes.to_vec() };
    let (_, why) = read_answer(&PROGRAM.operations[0], &answer, "919812345670");
    assert!(why.is_none_or(|why| why.len() < 200));
    let _ = Envelope::open(answer);

    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = misplaced(text, 'a');
    let mut escaped = String::new();
    escape(text, &mut escaped);
    let kept: String = text.chars().filter(|c| holds(*c)).collect();
    let bounds = Bounds { depth: 1, parts: 2 * text.len() + 10 };
    let root = read(&format!("<a b=\"{escaped}\">{escaped}</a>"), bounds).expect("it is well-formed");
    assert_eq!(root.text(), Some(kept.as_str()));
    assert_eq!(root.attributes().next(), Some(("b", kept.as_str())));
});
