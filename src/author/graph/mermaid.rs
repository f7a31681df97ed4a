//! Drawings as flowcharts of Mermaid (mermaid.js.org/syntax/flowchart.html).

use std::fmt::Write as _;

use super::words::wrapped;
use super::{Drawing, Edge, Frame, Line, Mark, Node, Shape};

/// What marks and shapes look like. No line ends in a semicolon, and marks set what no other mark sets: a node may have
/// several.
const CLASSES: &str = "  classDef elsewhere fill:#e8e8e8,color:#222
  classDef dialled fill:#e3eefb,color:#222
  classDef personal fill:#ffe8b3,color:#222
  classDef changes stroke:#b00020,stroke-width:4px
  classDef unreachable stroke-dasharray:6 4,font-style:italic
";

// Writing to a text never fails.
pub(super) fn write(drawing: &Drawing) -> String {
    let mut out = format!("flowchart {}\n", if drawing.whole { "LR" } else { "TD" });
    for frame_ in &drawing.frames {
        frame(frame_, &mut out);
    }
    for outside in &drawing.outside {
        node(outside, "  ", &mut out);
    }
    for edge_ in &drawing.edges {
        edge(edge_, &mut out);
    }
    let _ = writeln!(out, "  legend[\"{}\"]", lines(&drawing.legend()));
    out.push_str(CLASSES);
    out.push_str("  class legend elsewhere\n");
    let all: Vec<&Node> = drawing.nodes().collect();
    class("elsewhere", &all, |node| node.shape == Shape::Elsewhere, &mut out);
    class("dialled", &all, |node| node.shape == Shape::Dialled, &mut out);
    for mark in Mark::ALL {
        class(mark.class(), &all, |node| node.marks.contains(&mark), &mut out);
    }
    out
}

fn class(class: &str, all: &[&Node], is: impl Fn(&Node) -> bool, out: &mut String) {
    let ids: Vec<&str> = all.iter().filter(|node| is(node)).map(|node| node.id.as_str()).collect();
    if !ids.is_empty() {
        let _ = writeln!(out, "  class {} {class}", ids.join(","));
    }
}

fn frame(frame: &Frame, out: &mut String) {
    let _ = writeln!(out, "  subgraph {}[\"{}\"]", frame.id, escape(&frame.title));
    for inside in &frame.nodes {
        node(inside, "    ", out);
    }
    out.push_str("  end\n");
}

fn node(node: &Node, indent: &str, out: &mut String) {
    let (open, close) = match node.shape {
        Shape::Choose => ("{{", "}}"),
        Shape::Ask => ("[/", "/]"),
        Shape::Show => ("[", "]"),
        Shape::End => ("([", "])"),
        Shape::Call => (">", "]"),
        Shape::Send => (r"[\", "/]"),
        Shape::Verify => ("[/", r"\]"),
        Shape::Branch => ("{", "}"),
        Shape::Set => ("[(", ")]"),
        Shape::Run => ("[[", "]]"),
        Shape::Dialled => ("((", "))"),
        Shape::Elsewhere => ("(", ")"),
    };
    let _ = writeln!(out, "{indent}{}{open}\"{}\"{close}", node.id, lines(&node.lines));
}

fn edge(edge: &Edge, out: &mut String) {
    let line = match edge.line {
        Line::Plain => "-->",
        Line::Failure => "-.->",
        Line::Run => "==>",
    };
    let labels: Vec<String> = edge.labels.iter().flat_map(|label| wrapped(label)).collect();
    let label = if labels.is_empty() { String::new() } else { format!("|\"{}\"|", lines(&labels)) };
    let _ = writeln!(out, "  {} {line}{label} {}", edge.from, edge.to);
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("<br/>")
}

/// A text within double quotes, shown as it is. What Mermaid, its Markdown or HTML could take for a mark of their own is
/// written as the number of the character (`#34;`); letters of every script, their signs, and a few marks stay.
///
/// A colon is none of these: behind the word `style`, Mermaid cuts what follows it.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let after = rest.peek().copied().unwrap_or(' ');
        match c {
            // Ends of lines, for JavaScript.
            '\u{2028}' | '\u{2029}' => out.push(' '),
            c if c.is_control() => out.push(' '),
            ' ' | '.' | ',' | '?' | '!' | '/' | '-' | '\'' | '(' | ')' | '{' | '}' | '=' => out.push(c),
            // Within a word it begins no emphasis.
            '_' if before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric() => out.push(c),
            c if c.is_ascii_alphanumeric() || !c.is_ascii() => out.push(c),
            c => {
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
        before = c;
    }
    out
}
