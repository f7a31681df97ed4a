//! What is drawn of the fixture that uses every verb, and what no label can do to a drawing.

use proptest::prelude::*;
use regex::Regex;

use super::*;
use crate::menu;
use crate::source::{Files, render};

fn compiled(added: &[(&str, &str)]) -> Program {
    let mut files = Files::default();
    for (path, text) in added {
        files.add(*path, *text);
    }
    let (program, findings) = menu::compile(&files);
    program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)))
}

fn fixture() -> Program {
    compiled(&[
        ("bridge.yaml", include_str!("../../../tests/fixtures/menus/bridge.yaml")),
        ("departments/shop.yaml", include_str!("../../../tests/fixtures/menus/departments/shop.yaml")),
        ("home.hi.yaml", include_str!("../../../tests/fixtures/menus/home.hi.yaml")),
        ("home.yaml", include_str!("../../../tests/fixtures/menus/home.yaml")),
        ("messages/shop.yaml", include_str!("../../../tests/fixtures/menus/messages/shop.yaml")),
        ("shop/order.yaml", include_str!("../../../tests/fixtures/menus/shop/order.yaml")),
        ("shop/rating.yaml", include_str!("../../../tests/fixtures/menus/shop/rating.yaml")),
        ("tables/districts.csv", include_str!("../../../tests/fixtures/menus/tables/districts.csv")),
    ])
}

#[test]
fn a_folder_and_a_menu_are_drawn_in_both_formats() {
    let program = fixture();
    let home = program.menu_by_name("home");
    let hindi = program.language_by_code("hi").expect("the fixture has Hindi");
    insta::assert_snapshot!("all_mermaid", graph(&program, None, LanguageId(0), Format::Mermaid));
    insta::assert_snapshot!("all_dot", graph(&program, None, LanguageId(0), Format::Dot));
    insta::assert_snapshot!("home_in_hindi_mermaid", graph(&program, home, hindi, Format::Mermaid));
    insta::assert_snapshot!("home_in_hindi_dot", graph(&program, home, hindi, Format::Dot));
}

const BRIDGE: (&str, &str) = ("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");

/// `check` refuses a screen that nothing leads to; the drawing shows which it is.
#[test]
fn what_nothing_leads_to_is_drawn_and_marked() {
    let home = "menu: home\nscreens:\n  top: {end: Hello}\n  lost: {show: Lost, next: top}\n";
    let other = "menu: other\nscreens:\n  top: {end: Hello}\n";
    let program = compiled(&[BRIDGE, ("home.yaml", home), ("other.yaml", other)]);
    for format in [Format::Mermaid, Format::Dot] {
        let drawn = graph(&program, None, LanguageId(0), format);
        let about = |id: &str| drawn.lines().find(|line| line.trim().starts_with(id)).unwrap_or_default().to_owned();
        assert!(about("m0_lost").contains("unreachable"), "{drawn}");
        assert!(!about("m0_top").contains("unreachable") && !about("m1_top").contains("unreachable"), "{drawn}");
        assert_eq!(drawn.matches("no entry leads here").count(), 1, "{drawn}");
    }
}

/// What Graphviz reads in a quoted label: `\"` and `\\`, then HTML's entities.
fn read_by_graphviz(escaped: &str) -> String {
    let mut out = String::new();
    let mut rest = escaped.chars();
    while let Some(c) = rest.next() {
        assert_ne!(c, '"', "the label ends too early: {escaped}");
        let next = if c == '\\' { rest.next().expect("a backslash escapes something") } else { c };
        assert!(c != '\\' || matches!(next, '"' | '\\'), "{escaped}");
        out.push(next);
    }
    // No other entity can be there: each `&` has become one.
    assert_eq!(out.matches('&').count(), out.matches("&amp;").count(), "{escaped}");
    out.replace("&amp;", "&")
}

/// What Mermaid shows of a quoted label: `#34;` is the character with that number.
fn read_by_mermaid(escaped: &str) -> String {
    let number = Regex::new("#([0-9]+);").expect("a regular expression");
    let shown = |found: &regex::Captures<'_>| {
        let code = found[1].parse().ok().and_then(char::from_u32);
        code.map(String::from).unwrap_or_default()
    };
    number.replace_all(escaped, shown).into_owned()
}

fn without_controls(text: &str) -> String {
    let plain = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.chars().map(plain).collect()
}

/// Labels as people write them, and as nobody does.
fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{1,40}",
        "\\PC{1,30}",
        prop::collection::vec(
            prop::sample::select(vec![
                "\"",
                "\\",
                "\\n",
                "\\\"",
                "]",
                "]]",
                "}}",
                "])",
                "|",
                "#",
                ";",
                "#quot;",
                "&lt;",
                "&",
                "<br/>",
                "-->",
                "%%",
                "```",
                "`x`",
                "style a:b#c;",
                "end",
                "subgraph",
                "click",
                "1. a",
                "_a_",
                "*a*",
                "हाँ",
                "\u{200d}",
                ":::x",
                "\u{2028}",
                "<script>",
                "--",
                "//",
                "/*",
            ]),
            1..6
        )
        .prop_map(|parts| parts.join(" ")),
    ]
}

proptest! {
    #[test]
    fn any_label_is_shown_as_it_is(text in "\\PC{0,40}|[\\x00-\\x7f]{0,40}") {
        let shown = without_controls(&text);
        prop_assert_eq!(read_by_mermaid(&mermaid::escape(&text)), shown.clone());
        let controls_only = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
        prop_assert_eq!(read_by_graphviz(&dot::escape(&text)), controls_only);
    }

    /// Every line of a flowchart is one of six kinds, whatever the labels say.
    #[test]
    fn no_label_leaves_its_quotes(texts in prop::collection::vec(label(), 1..5)) {
        let node = |(at, text): (usize, &String)| Node {
            id: format!("m0_s{at}"),
            shape: Shape::ALL[at % Shape::ALL.len()],
            lines: vec![text.clone(), text.clone()],
            marks: Mark::ALL.to_vec(),
        };
        let nodes: Vec<Node> = texts.iter().enumerate().map(node).collect();
        let edge = Edge { from: "m0_s0".into(), to: "m0_s0".into(), labels: texts.clone(), line: Line::Failure };
        let frame = Frame { id: "menu0".into(), title: texts.concat(), nodes };
        let drawing = Drawing { frames: vec![frame], edges: vec![edge], ..Drawing::default() };

        let quoted = r#""(?:[^"\\#;<>&`*:\[\]|%$@^~+\x00-\x1f\u{2028}\u{2029}]|#[0-9]+;|<br/>)*""#;
        let id = "[a-z][a-z0-9_]*";
        let line = Regex::new(&format!(
            "^(?:flowchart (?:TD|LR)|  end|  subgraph {id}\\[{quoted}\\]|\
             \\s*{id}[\\[({{>/]{{1,2}}{quoted}[\\])}}/]{{1,2}}|  {id} (?:-->|-\\.->|==>)(?:\\|{quoted}\\|)? {id}|\
             \\s*class(?:Def)? [a-z0-9_,]+ [a-z0-9:#, -]+)$"
        )).expect("a regular expression");
        for written in mermaid::write(&drawing).lines() {
            prop_assert!(line.is_match(written), "{}", written);
        }
        let label = Regex::new(r#""(?:[^"\\]|\\.)*""#).expect("a regular expression");
        for written in dot::write(&drawing).lines() {
            prop_assert!(!label.replace_all(written, "").contains(['"', '\\']), "{}", written);
        }
    }
}
