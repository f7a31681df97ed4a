//! A menu, or a whole folder of them, as a drawing: what stands in it, whatever format it is written in.
//!
//! * `draw` makes a [`Drawing`] of a program; `words` writes its conditions and texts short.
//! * `dot` and `mermaid` write a drawing down. All that is quoted from menus passes through their `escape`.
//!
//! A drawing is made of any program that compiles: what `check` refuses beyond that, such as a screen that nothing leads
//! to, is drawn and marked.

mod dot;
mod draw;
mod mermaid;
mod words;

use crate::menu::{LanguageId, MenuId, Program};

/// How a drawing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A flowchart of Mermaid, which many wikis and code hosts show by themselves.
    Mermaid,
    /// The language of Graphviz.
    Dot,
}

/// Draws one menu, or all (`None`), with the labels of one language. The same program gives the same text.
pub fn graph(program: &Program, menu: Option<MenuId>, language: LanguageId, format: Format) -> String {
    let drawing = draw::draw(program, menu, language);
    match format {
        Format::Mermaid => mermaid::write(&drawing),
        Format::Dot => dot::write(&drawing),
    }
}

/// Boxes in frames, and arrows between boxes.
#[derive(Debug, Default)]
struct Drawing {
    /// All menus: these stand below each other rather than side by side.
    whole: bool,
    /// One for each menu that is drawn.
    frames: Vec<Frame>,
    /// What stands beside the menus: codes that are dialled, menus that are not drawn.
    outside: Vec<Node>,
    edges: Vec<Edge>,
}

#[derive(Debug)]
struct Frame {
    id: String,
    title: String,
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    /// Letters, digits and `_`; unlike all others of the drawing.
    id: String,
    shape: Shape,
    lines: Vec<String>,
    marks: Vec<Mark>,
}

/// What a node stands for; each has its own shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Choose,
    Ask,
    Show,
    End,
    Call,
    Send,
    Verify,
    Branch,
    Set,
    Run,
    /// A service code.
    Dialled,
    /// A menu that is not drawn, or a target such as `home`.
    Elsewhere,
}

impl Shape {
    const ALL: [Self; 12] = [
        Self::Choose,
        Self::Ask,
        Self::Show,
        Self::End,
        Self::Call,
        Self::Send,
        Self::Verify,
        Self::Branch,
        Self::Set,
        Self::Run,
        Self::Dialled,
        Self::Elsewhere,
    ];

    /// The verb of the menu language; for the other shapes what they are.
    fn word(self) -> &'static str {
        match self {
            Self::Choose => "choose",
            Self::Ask => "ask",
            Self::Show => "show",
            Self::End => "end",
            Self::Call => "call",
            Self::Send => "send",
            Self::Verify => "verify",
            Self::Branch => "branch",
            Self::Set => "set",
            Self::Run => "run",
            Self::Dialled => "dial",
            Self::Elsewhere => "elsewhere",
        }
    }

    /// What a verb does; nothing for boxes that say it themselves.
    fn meaning(self) -> Option<&'static str> {
        Some(match self {
            Self::Choose => "somebody chooses",
            Self::Ask => "somebody types a value",
            Self::Show => "a text is shown, then on",
            Self::End => "the last text",
            Self::Call => "a department is asked or told",
            Self::Send => "an SMS goes out",
            Self::Verify => "a one-time password is asked for",
            Self::Branch => "one of several ways, unseen",
            Self::Set => "values are kept, unseen",
            Self::Run => "another menu, and back",
            Self::Dialled | Self::Elsewhere => return None,
        })
    }
}

/// What is worth seeing from afar. A word says it too: colours alone are lost on paper and on some eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// A call that does something at a department.
    Changes,
    /// Shows personal data, or fetches them.
    Personal,
    /// Nothing leads here.
    Unreachable,
}

impl Mark {
    const ALL: [Self; 3] = [Self::Changes, Self::Personal, Self::Unreachable];

    fn word(self) -> &'static str {
        match self {
            Self::Changes => "changes something",
            Self::Personal => "personal data",
            Self::Unreachable => "unreachable",
        }
    }

    /// What it looks like, in every format.
    fn look(self) -> &'static str {
        match self {
            Self::Changes => "red frame",
            Self::Personal => "yellow",
            Self::Unreachable => "dashed frame",
        }
    }

    /// The name of its class in a drawing.
    fn class(self) -> &'static str {
        match self {
            Self::Changes => "changes",
            Self::Personal => "personal",
            Self::Unreachable => "unreachable",
        }
    }
}

#[derive(Debug)]
struct Edge {
    from: String,
    to: String,
    /// Each on a line of its own.
    labels: Vec<String>,
    line: Line,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Plain,
    /// When something fails: a call, an answer, a list that is empty.
    Failure,
    /// Into a menu that is run, which comes back.
    Run,
}

impl Drawing {
    fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.frames.iter().flat_map(|frame| &frame.nodes).chain(&self.outside)
    }

    /// What the verbs, marks and lines of this drawing mean, line by line.
    fn legend(&self) -> Vec<String> {
        let shapes = Shape::ALL.into_iter().filter(|shape| self.nodes().any(|node| node.shape == *shape));
        let mut lines: Vec<String> =
            shapes.filter_map(|shape| Some(format!("{}: {}", shape.word(), shape.meaning()?))).collect();
        let marks = Mark::ALL.into_iter().filter(|mark| self.nodes().any(|node| node.marks.contains(mark)));
        lines.extend(marks.map(|mark| format!("{}: {}", mark.look(), mark.word())));
        for (line, meaning) in [
            (Line::Failure, "dashed arrow: where something fails, or a list is empty"),
            (Line::Run, "thick arrow: runs a menu, which comes back"),
        ] {
            if self.edges.iter().any(|edge| edge.line == line) {
                lines.push(meaning.to_owned());
            }
        }
        lines
    }
}

#[cfg(test)]
mod tests;
