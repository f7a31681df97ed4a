use super::*;
use crate::source::FileId;

/// A span over the first occurrence of `words`.
fn over(files: &Files, file: FileId, words: &str) -> Span {
    let start = files.get(file).text.find(words).expect("stands in the file");
    let offset = |at: usize| u32::try_from(at).expect("a small file");
    Span { file, start: offset(start), end: offset(start + words.len()) }
}

fn findings() -> (Vec<Diagnostic>, Files) {
    let mut files = Files::default();
    let menu = files.add("epfo/claim.yaml", "menu: epfo.claim\nशुरू: लिस्ट\n");
    let department = files.add("departments/epfo.yaml", "department: epfo\n");
    let found = vec![
        Diagnostic::warning("M902", over(&files, department, "epfo"), "nothing calls this department", ""),
        Diagnostic::error(
            "M901",
            over(&files, menu, "लिस्ट"),
            "there is no screen `लिस्ट`",
            "write the screen, or lead elsewhere",
        )
        .label("leads nowhere")
        .also(over(&files, menu, "menu"), "in this menu")
        .also(over(&files, department, "department"), "and this department"),
    ];
    (found, files)
}

#[test]
fn people_see_the_line_with_a_caret() {
    let (findings, files) = findings();
    insta::assert_snapshot!(render(&findings, &files, false));
}

#[test]
fn scripts_get_one_array() {
    let (findings, files) = findings();
    let json: serde_json::Value = serde_json::from_str(&to_json(&findings, &files)).expect("is JSON");
    insta::assert_snapshot!(format!("{json:#}"));
    assert_eq!(to_json(&[], &files), "[]");
}

#[test]
fn colour_is_only_where_it_was_asked_for() {
    let (findings, files) = findings();
    assert!(render(&findings, &files, true).contains('\u{1b}'));
    assert!(!render(&findings, &files, false).contains('\u{1b}'));
}

#[test]
fn nothing_that_a_file_says_steers_the_terminal() {
    let mut files = Files::default();
    let file = files.add("a\u{1b}[2J.yaml", "menu: \u{1b}[2J\n");
    let span = Span { file, start: 6, end: 7 };
    let finding =
        Diagnostic::error("M901", span, "odd \u{1b}[2J", "remove \u{1b}[2J").label("\u{1b}[2J").also(span, "\u{1b}[2J");
    assert!(!render(&[finding], &files, false).contains('\u{1b}'));
}

#[test]
fn spans_outside_the_file_are_moved_into_it() {
    let mut files = Files::default();
    let file = files.add("a.yaml", "गाँव");
    for (start, end) in [(0, 1), (1, 2), (4, 4), (12, 12), (90, 95), (95, 90), (7, 2)] {
        let finding = Diagnostic::error("M901", Span { file, start, end }, "wrong", "mend it");
        assert!(render(std::slice::from_ref(&finding), &files, false).contains("a.yaml:1:"));
        assert!(to_json(&[finding], &files).contains("\"line\":1"));
    }
}
