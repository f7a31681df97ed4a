use proptest::prelude::*;

use super::*;
use crate::source::render;

fn files(text: &str) -> (Files, FileId) {
    let mut files = Files::default();
    let file = files.add("menu.yaml", text);
    (files, file)
}

fn read_text(text: &str) -> Result<Node, Vec<Diagnostic>> {
    let (files, file) = files(text);
    read(&files, file)
}

/// A line for each value and key, with the source that its span covers; `⏎` is a line break.
fn outline(text: &str) -> String {
    fn walk(node: &Node, text: &str, indent: &str, out: &mut Vec<String>) {
        let source = |span: Span| &text[span.start as usize..span.end as usize];
        match node {
            Node::Text(t) => out.push(format!("{indent}‹{}› from ‹{}›", t.value, source(t.span))),
            Node::List(items, span) => {
                out.push(format!("{indent}list from ‹{}›", source(*span)));
                for item in items {
                    walk(item, text, &format!("{indent}  "), out);
                }
            }
            Node::Map(entries, span) => {
                out.push(format!("{indent}map from ‹{}›", source(*span)));
                for entry in entries {
                    out.push(format!("{indent}  ‹{}› from ‹{}›:", entry.key.value, source(entry.key.span)));
                    walk(&entry.value, text, &format!("{indent}    "), out);
                }
            }
        }
    }
    let mut lines = Vec::new();
    walk(&read_text(text).expect("is read"), text, "", &mut lines);
    lines.iter().map(|line| line.replace("\r\n", "⏎").replace('\n', "⏎") + "\n").collect()
}

/// What a person sees for a file that is refused.
fn refusal(text: &str) -> String {
    let (files, file) = files(text);
    render(&read(&files, file).expect_err("is refused"), &files, false)
}

/// The codes of all findings.
fn codes(text: &str) -> Vec<&'static str> {
    read_text(text).err().unwrap_or_default().iter().map(|finding| finding.code).collect()
}

#[test]
fn every_shape_has_its_place() {
    let tree = outline(
        "menu: नमस्ते.गाँव\n\
         screens:   # a comment after a bare key\n\
         \x20 list:\n\
         \x20   choose: \"दावे # सब\" # a comment after a quoted text\n\
         \x20   show: |\n\
         \x20     {{ claim.kind }}\n\
         \x20     ₹ {{ claim.amount }}\n\
         \n\
         \x20   fold: >-\n\
         \x20     one\n\
         \x20     two\n\
         \x20   options: {home: Main menu, no: {label: 'No', go: home}} # after a map\n\
         \x20   branch:\n\
         \x20   - {if: a = b, go: c}\n\
         \x20   -\n\
         \x20   - [x, y]\n\
         \x20 empty:\n",
    );
    insta::assert_snapshot!(tree);
}

#[test]
fn every_scalar_is_text() {
    for word in ["yes", "no", "null", "~", "012", "1.50", "2026-11-05", "true", "0x1F", "it's 50% off, yes"] {
        let Ok(Node::Map(entries, _)) = read_text(&format!("a: {word}\n")) else { panic!("{word} is not read") };
        let Node::Text(text) = &entries[0].value else { panic!("{word} is not text") };
        assert_eq!(text.value, word);
    }
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_read() {
    let text = "\u{feff}घर: a\r\nb: |\r\n  c\r\n  d\r\n";
    insta::assert_snapshot!(outline(text), @r#"
    map from ‹घर: a⏎b: |⏎  c⏎  d›
      ‹घर› from ‹घर›:
        ‹a› from ‹a›
      ‹b› from ‹b›:
        ‹c⏎d⏎› from ‹c⏎  d›
    "#);
}

#[test]
fn refusals_explain_themselves() {
    for (name, text) in [
        ("y001_colon_in_text", "show: Fee: 5 rupees\n"),
        ("y001_indentation", "screens:\n    list: a\n  show: b\n"),
        ("y001_open_quote", "show: \"Your claims\nnext: home\n"),
        ("y001_no_colon", "menu: a\nstart\n"),
        ("y002_empty", "# nothing but a comment\n"),
        ("y003_comment", "मेनू: गाँव # village\n"),
        ("y003_comment_in_long_text", "show: one\n  two # three\n  four\n"),
        ("y003_hash_as_text", "colour: #fff\n"),
        ("y004_duplicate_key", "menu: a\nscreens:\n  x: 1\nmenu: b\n"),
        ("y005_anchor_and_alias", "a: &x b\nc: *x\n"),
        ("y005_service_code", "ussd: {*123#: home}\n"),
        ("y006_tag", "a: !int 5\n"),
        ("y007_documents", "a: b\n---\nc: d\n"),
        ("y008_list_as_key", "[a, b]: c\n"),
        ("y008_no_key", "a: b\n: c\n"),
        ("y009_merge", "a: b\n<<: {c: d}\n"),
        ("y012_tab", "a:\n\tb: c\n"),
        ("y012_escaped", "a: \"bell \\a\"\n"),
        ("y013_braces", "row: {{ claim.kind }} {{ claim.date }}\n"),
    ] {
        insta::assert_snapshot!(name, refusal(text));
        assert!(codes(text).iter().any(|code| code.to_lowercase() == name[..4]), "{name}");
    }
}

#[test]
fn all_findings_come_in_one_run() {
    assert_eq!(codes("a: 1 # x\na: 2\n<<: 3\nb: !t 4\nc: &d 5\n"), ["Y003", "Y004", "Y009", "Y006", "Y005"]);
}

#[test]
fn comments_stand_where_they_cannot_be_text() {
    for text in [
        "# alone\na: b\n  # indented\nc: d\n",
        "a:   # after a key\n  b: c\n",
        "a: 'b' # after a quote\n",
        "a: [b, c] # after a list\n",
        "a: |  # after the mark of a block\n  b # text\n",
        "a: b#c\nd: '#e'\n",
        "a: # nothing yet\nb: ## nor here\nc:\n",
        "- # nothing yet\n- a\n",
    ] {
        assert_eq!(codes(text), [""; 0], "{text}");
    }
    for text in [
        "a: b # c\n",
        "a: b #c\n",
        "- a # b\n",
        "a: [b # c\n]\n",
        "a:\n  b # c\n",
        "a # b\n",
        "a: #b\nc: d\n",
        "{a: b, c: #d\n}\n",
    ] {
        assert_eq!(codes(text), ["Y003"], "{text}");
    }
}

#[test]
fn limits_are_kept() {
    let deep = |depth: usize| format!("{}a{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(codes(&deep(MAX_DEPTH)), [""; 0]);
    assert_eq!(codes(&deep(MAX_DEPTH + 1)), ["Y010"]);
    assert_eq!(codes(&deep(100_000)), ["Y010"]);
    assert_eq!(codes(&"- ".repeat(100_000)), ["Y010"]);
    assert_eq!(codes(&"x".repeat(MAX_BYTES + 1)), ["Y011"]);
    assert_eq!(codes(&"\t".repeat(1000)).len(), MAX_FINDINGS);
    assert_eq!(codes(&"a: b\n".repeat(1000)).len(), MAX_FINDINGS);
}

#[test]
fn what_holds_nothing_is_empty() {
    for text in ["", "\n\n", "# x\n", "---\n", "--- # x\n...\n"] {
        assert_eq!(codes(text), ["Y002"], "{text:?}");
    }
}

/// All spans of a tree, the outer before the inner.
fn spans(node: &Node, out: &mut Vec<Span>) {
    out.push(node.span());
    match node {
        Node::Text(_) => {}
        Node::List(items, _) => items.iter().for_each(|item| spans(item, out)),
        Node::Map(entries, _) => entries.iter().for_each(|entry| {
            out.push(entry.key.span);
            spans(&entry.value, out);
        }),
    }
}

fn in_the_file(span: Span, text: &str) -> bool {
    text.get(span.start as usize..span.end as usize).is_some()
}

/// Pieces of YAML that meet each other in any order.
fn yaml_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\r\n"),
        Just("  "),
        Just(" "),
        Just("a"),
        Just("गाँव"),
        Just(": "),
        Just(":"),
        Just("- "),
        Just("? "),
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(", "),
        Just("\""),
        Just("'"),
        Just("|"),
        Just(">-"),
        Just(" #"),
        Just("#"),
        Just("&"),
        Just("*"),
        Just("!"),
        Just("---"),
        Just("..."),
        Just("%"),
        Just("<<"),
        Just("\\"),
        Just("😀"),
        Just("\t"),
        Just("{{"),
        Just("a: b\n"),
        Just("  c: d\n"),
        Just("- e\n"),
        Just("\u{feff}"),
        Just("\u{0}"),
        Just("\u{85}"),
        Just("|2"),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn holds_for(text: &str) -> Result<(), TestCaseError> {
    let (files, file) = files(text);
    match read(&files, file) {
        Ok(tree) => {
            let mut all = Vec::new();
            spans(&tree, &mut all);
            for span in all {
                prop_assert!(in_the_file(span, text), "{span:?}");
            }
        }
        Err(findings) => {
            prop_assert!(!findings.is_empty());
            for finding in &findings {
                prop_assert!(in_the_file(finding.span, text), "{finding:?}");
                prop_assert!(!finding.remedy.is_empty());
            }
            prop_assert!(render(&findings, &files, true).contains(findings[0].code));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn anything_is_read_or_refused(text in any::<String>()) {
        holds_for(&text)?;
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        holds_for(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn anything_like_yaml_is_read_or_refused(text in yaml_like()) {
        holds_for(&text)?;
    }

    /// Quoted texts come back as they were, whatever can be seen in them.
    #[test]
    fn quoted_texts_come_back(
        key in "[a-z]{1,8}",
        value in "[^\\p{Cc}\u{feff}\u{2028}\u{2029}\u{202a}-\u{202e}\u{2066}-\u{2069}]{0,40}",
    ) {
        let text = format!("{key}: '{}' # comment\n", value.replace('\'', "''"));
        let Ok(Node::Map(entries, _)) = read_text(&text) else { return Err(TestCaseError::fail(refusal(&text))) };
        let Node::Text(read) = &entries[0].value else { return Err(TestCaseError::fail("no text")) };
        prop_assert_eq!(&read.value, &value);
        let source = &text[read.span.start as usize..read.span.end as usize];
        let escaped = value.replace('\'', "''");
        prop_assert_eq!(source, format!("'{escaped}'"));
    }
}
