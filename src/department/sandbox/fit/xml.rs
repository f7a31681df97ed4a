//! A body in XML, read backwards. What is not set was left out: an attribute, or the element whose own text it is.

use super::{Given, fits as fits_pieces, may_be_unset};
use crate::menu::{Filled, XmlElement, XmlNode};
use crate::xml::{self, Bounds, Element, Node};

pub(super) fn fits(template: &XmlElement, body: &[u8], given: &mut Given) -> bool {
    let Ok(root) = xml::read_bytes(body, Bounds::MESSAGE) else { return false };
    // Without its root it would be no document, so that one is left where all of it was left out.
    let left = root.name == template.name && root.attributes.is_empty() && root.nodes.is_empty();
    (left && may_be_left_out(template)) || fits_element(template, &root, given)
}

fn fits_element(template: &XmlElement, found: &Element, given: &mut Given) -> bool {
    template.name == found.name
        && fits_attributes(&template.attributes, &found.attributes, given)
        && fits_nodes(&template.nodes, &found.nodes, given)
}

fn fits_attributes(templates: &[(String, Filled)], found: &[(String, String)], given: &mut Given) -> bool {
    found.iter().all(|(name, _)| templates.iter().any(|(known, _)| known == name))
        && templates.iter().all(|(name, Filled(pieces))| match found.iter().find(|(known, _)| known == name) {
            Some((_, value)) => fits_pieces(pieces, value, given),
            None => may_be_unset(pieces),
        })
}

fn fits_nodes(templates: &[XmlNode], found: &[Node], given: &mut Given) -> bool {
    // White space between elements says nothing.
    let laid_out = !templates.iter().any(|node| matches!(node, XmlNode::Text(_)));
    let is_layout = |node: &&Node| laid_out && matches!(node, Node::Text(text) if text.trim().is_empty());
    let mut found = found.iter().filter(|node| !is_layout(node)).peekable();
    let each = templates.iter().all(|template| match template {
        // An empty text is no node.
        XmlNode::Text(Filled(pieces)) => match found.next_if(|node| matches!(node, Node::Text(_))) {
            Some(Node::Text(text)) => fits_pieces(pieces, text, given),
            _ => fits_pieces(pieces, "", given),
        },
        XmlNode::Element(template) => {
            let fits = |node: &&Node| {
                matches!(node, Node::Element(child) if fits_element(template, child, &mut given.clone()))
            };
            match found.next_if(fits) {
                Some(Node::Element(child)) => fits_element(template, child, given),
                _ => may_be_left_out(template),
            }
        }
    });
    each && found.next().is_none()
}

fn may_be_left_out(template: &XmlElement) -> bool {
    template.nodes.iter().any(|node| matches!(node, XmlNode::Text(Filled(pieces)) if may_be_unset(pieces)))
}
