//! Drawings in the language of Graphviz (graphviz.org/doc/info/lang.html).

use std::fmt::Write as _;

use super::words::wrapped;
use super::{Drawing, Edge, Frame, Line, Mark, Node, Shape};

const HEAD: &str = "\
digraph gramsetu {
  graph [fontname=\"sans-serif\", fontsize=13, nodesep=0.3, ranksep=0.5, compound=true];
  node [fontname=\"sans-serif\", fontsize=11, style=filled, fillcolor=white, color=\"#444444\", margin=\"0.12,0.07\"];
  edge [fontname=\"sans-serif\", fontsize=10, color=\"#444444\", fontcolor=\"#1a4b8c\"];
";

// Writing to a text never fails.
pub(super) fn write(drawing: &Drawing) -> String {
    let mut out = HEAD.to_owned();
    let _ = writeln!(out, "  rankdir={};", if drawing.whole { "LR" } else { "TB" });
    for frame_ in &drawing.frames {
        frame(frame_, &mut out);
    }
    for outside in &drawing.outside {
        node(outside, "  ", &mut out);
    }
    for edge_ in &drawing.edges {
        edge(edge_, &mut out);
    }
    // `\l` ends a line and puts it to the left.
    let legend: Vec<String> = drawing.legend().iter().map(|line| escape(line) + "\\l").collect();
    let legend = legend.concat();
    let _ = writeln!(out, "  legend [label=\"{legend}\", shape=note, color=\"#bbbbbb\", fontsize=10];");
    out.push_str("}\n");
    out
}

fn frame(frame: &Frame, out: &mut String) {
    let _ = writeln!(out, "  subgraph cluster_{} {{", frame.id);
    let _ = writeln!(
        out,
        "    label=\"{}\"; labeljust=l; style=filled; fillcolor=\"#f7f7f7\"; color=\"#bbbbbb\";",
        escape(&frame.title)
    );
    for inside in &frame.nodes {
        node(inside, "    ", out);
    }
    out.push_str("  }\n");
}

fn node(node: &Node, indent: &str, out: &mut String) {
    let label = lines(&node.lines);
    let shape = match node.shape {
        Shape::Choose => "shape=hexagon, margin=\"0,0.02\"",
        Shape::Ask => "shape=parallelogram, margin=\"0,0.02\"",
        Shape::Show => "shape=box",
        Shape::End => "shape=box, peripheries=2, style=\"filled,rounded\"",
        Shape::Call => "shape=cds, margin=\"0.2,0.12\"",
        Shape::Send => "shape=note",
        Shape::Verify => "shape=octagon, margin=\"0.2,0.1\"",
        Shape::Branch => "shape=diamond, margin=\"0,0\"",
        Shape::Set => "shape=cylinder",
        Shape::Run => "shape=component, margin=\"0.2,0.1\"",
        Shape::Dialled => "shape=ellipse, fillcolor=\"#e3eefb\"",
        Shape::Elsewhere => "shape=box, style=\"filled,rounded\", fillcolor=\"#e8e8e8\", height=0.3",
    };
    let _ = write!(out, "{indent}{} [label=\"{label}\", {shape}", node.id);
    for mark in &node.marks {
        let style = match mark {
            Mark::Changes => "color=\"#b00020\", penwidth=3",
            Mark::Personal => "fillcolor=\"#ffe8b3\"",
            Mark::Unreachable if node.shape == Shape::End => "fontcolor=\"#777777\", style=\"filled,rounded,dashed\"",
            Mark::Unreachable => "fontcolor=\"#777777\", style=\"filled,dashed\"",
        };
        let _ = write!(out, ", {style}");
    }
    let _ = writeln!(out, ", class=\"{}\"];", classes(node));
}

/// For who styles the SVG: the verb, then the marks.
fn classes(node: &Node) -> String {
    let marks = node.marks.iter().map(|mark| mark.class());
    std::iter::once(node.shape.word()).chain(marks).collect::<Vec<_>>().join(" ")
}

fn edge(edge: &Edge, out: &mut String) {
    let _ = write!(out, "  {} -> {}", edge.from, edge.to);
    let mut attributes = Vec::new();
    if !edge.labels.is_empty() {
        // The spaces keep the label off its arrow.
        let padded = |line: String| format!(" {line} ");
        let wrapped: Vec<String> = edge.labels.iter().flat_map(|label| wrapped(label)).map(padded).collect();
        attributes.push(format!("label=\"{}\"", lines(&wrapped)));
    }
    match edge.line {
        Line::Plain => {}
        Line::Failure => attributes.push("style=dashed".to_owned()),
        Line::Run => attributes.push("style=bold, arrowhead=diamond".to_owned()),
    }
    if !attributes.is_empty() {
        let _ = write!(out, " [{}]", attributes.join(", "));
    }
    out.push_str(";\n");
}

/// Lines of a label. `\n` in a quoted text is Graphviz's own escape for the end of a line.
fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("\\n")
}

/// A text within double quotes, shown as it is: beside quotes and backslashes, Graphviz reads HTML's entities in labels.
/// Characters without a glyph (a tab, a line's end) become spaces.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '&' => out.push_str("&amp;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
