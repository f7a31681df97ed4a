//! Drawings are what Graphviz draws without a complaint: every shipped menu, and menus with labels that nobody writes.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;

use gramsetu::author::graph::{Format, graph};
use gramsetu::menu::{self, LanguageId, Program};
use gramsetu::source::Files;

use crate::folder;

/// What Graphviz makes of a drawing, in SVG; panics where it complains.
fn drawn(dot: &str) -> String {
    let mut command = Command::new("dot");
    command.arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("`dot` of Graphviz is missing: ./test installs it");
    // It reads all before it writes.
    child.stdin.take().expect("it is piped").write_all(dot.as_bytes()).expect("dot reads");
    let done = child.wait_with_output().expect("dot ends");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.is_empty(), "{said}\n{dot}");
    String::from_utf8(done.stdout).expect("SVG is UTF-8")
}

#[test]
fn graphviz_draws_every_shipped_menu_in_every_language() {
    let (program, findings) = menu::compile(&folder::read(Path::new("menus")));
    let program = program.unwrap_or_else(|| panic!("{findings:#?}"));
    for language in (0..).map(LanguageId).take(program.languages.len()) {
        let all = drawn(&graph(&program, None, language, Format::Dot));
        for menu in &program.menus {
            let id = program.menu_by_name(&menu.name).expect("it is there");
            drawn(&graph(&program, Some(id), language, Format::Dot));
            assert!(all.contains(&menu.name), "`{}` is not in the drawing", menu.name);
        }
    }
}

/// A menu whose texts are these, where the menu language takes them.
fn menu_of(texts: &[String]) -> Option<Program> {
    let screen = |(at, text): (usize, &String)| {
        // JSON's quotes are YAML's.
        let text = serde_json::to_string(text).ok()?;
        Some(format!("  s{at}: {{show: {text}, options: {{a: {{label: {text}, go: s{at}}}}}}}\n"))
    };
    let screens: Vec<String> = texts.iter().enumerate().map(screen).collect::<Option<_>>()?;
    let home = format!("menu: home\nscreens:\n{}", screens.concat());
    let mut files = Files::default();
    files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");
    files.add("home.yaml", home);
    menu::compile(&files).0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn graphviz_draws_any_label(texts in prop::collection::vec("[ -z|~]{1,30}[a-z]|[a-z]\\PC{1,20}", 20)) {
        let texts: Vec<String> = texts.into_iter().map(|text| text.replace(['{', '}'], "")).collect();
        if let Some(program) = menu_of(&texts) {
            drawn(&graph(&program, None, LanguageId(0), Format::Dot));
        }
    }
}

#[test]
fn graphviz_shows_a_label_as_it_is() {
    let text = r#"5" & 6 &lt; \N \n <b> हाँ"#;
    let program = menu_of(&[text.to_owned()]).expect("it compiles");
    let svg = drawn(&graph(&program, None, LanguageId(0), Format::Dot));
    let shown = svg.replace("&#160;", " ").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    assert!(shown.contains("5\" &amp; 6 &amp;lt; \\N \\n <b> हाँ"), "{shown}");
}
