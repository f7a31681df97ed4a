//! A tree as a document.

use super::escape;
use super::tree::{Element, Node};

/// Writes a document that is read back as this tree, as far as XML can hold its characters. Names are written as they are:
/// they must be names.
pub fn write(element: &Element, out: &mut String) {
    out.extend(["<", &element.name]);
    for (name, value) in &element.attributes {
        out.extend([" ", name, "=\""]);
        escape(value, out);
        out.push('"');
    }
    out.push('>');
    for node in &element.nodes {
        match node {
            Node::Text(text) => escape(text, out),
            Node::Element(child) => write(child, out),
        }
    }
    out.extend(["</", &element.name, ">"]);
}
