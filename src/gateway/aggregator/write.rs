//! Named values as a request's query or body: the other way round than `fields` reads them.

use serde_json::{Map, Value};

use super::Outbound;
use crate::gateway::profile::Format;
use crate::text::percent;
use crate::xml::{self, Element, Node};

/// A request with these fields, under the names by which profiles know them.
pub(super) fn write(method: &str, rest: String, format: Format, fields: &[(&str, String)]) -> Outbound {
    let outbound = Outbound { method: method.to_owned(), rest, ..Outbound::default() };
    let with = |content_type: &str, body: Vec<u8>, outbound: Outbound| Outbound {
        headers: vec![("content-type".to_owned(), content_type.to_owned())],
        body,
        ..outbound
    };
    match format {
        _ if method == "GET" => Outbound { query: pairs(fields), ..outbound },
        Format::Query => Outbound { query: pairs(fields), ..outbound },
        Format::Form => with("application/x-www-form-urlencoded", pairs(fields).into_bytes(), outbound),
        Format::Json => with("application/json", json(fields).into_bytes(), outbound),
        Format::Xml => with("text/xml", xml(fields).into_bytes(), outbound),
    }
}

fn pairs(fields: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(256);
    for (name, value) in fields {
        if !out.is_empty() {
            out.push('&');
        }
        percent::value(name, &mut out);
        out.push('=');
        percent::value(value, &mut out);
    }
    out
}

/// Names with points are nested, as `fields` reads them.
pub(in crate::gateway) fn json(fields: &[(&str, String)]) -> String {
    let mut root = Map::new();
    for (name, value) in fields {
        let mut levels: Vec<&str> = name.split('.').collect();
        let last = levels.pop().unwrap_or_default();
        let mut object = Some(&mut root);
        for level in levels {
            object = object
                .and_then(|object| object.entry(level).or_insert_with(|| Value::Object(Map::new())).as_object_mut());
        }
        if let Some(object) = object {
            object.insert(last.to_owned(), Value::String(value.clone()));
        }
    }
    Value::Object(root).to_string()
}

/// Names with points are nested below a root of any name; what follows `@` is an attribute.
fn xml(fields: &[(&str, String)]) -> String {
    let mut root = Element { name: "page".to_owned(), ..Element::default() };
    for (name, value) in fields {
        let (path, attribute) = name.split_once('@').map_or((*name, None), |(path, name)| (path, Some(name)));
        let mut names = path.split('.').filter(|name| !name.is_empty());
        let Some(element) = names.try_fold(&mut root, child) else { continue };
        match attribute {
            Some(name) => element.attributes.push((name.to_owned(), value.clone())),
            None => element.nodes.push(Node::Text(value.clone())),
        }
    }
    let mut out = String::new();
    xml::write(&root, &mut out);
    out
}

/// The element of this name within another, made where it is missing.
fn child<'e>(parent: &'e mut Element, name: &str) -> Option<&'e mut Element> {
    if !parent.elements().any(|known| known.local_name() == name) {
        parent.nodes.push(Node::Element(Element { name: name.to_owned(), ..Element::default() }));
    }
    parent.elements_mut(name).next()
}
