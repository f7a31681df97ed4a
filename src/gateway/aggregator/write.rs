//! Named values as a request's query or body: the other way round than `fields` reads them.

use std::fmt::Write as _;

use quick_xml::escape::escape;
use serde_json::{Map, Value};

use super::Outbound;
use crate::gateway::profile::Format;
use crate::text::percent;

/// A request with these fields, under the names by which profiles know them.
pub(super) fn write(method: &str, rest: String, format: Format, fields: &[(String, String)]) -> Outbound {
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

fn pairs(fields: &[(String, String)]) -> String {
    let mut out = String::new();
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
fn json(fields: &[(String, String)]) -> String {
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
fn xml(fields: &[(String, String)]) -> String {
    let mut root = Element::default();
    for (name, value) in fields {
        let (path, attribute) = name.split_once('@').map_or((name.as_str(), None), |(path, name)| (path, Some(name)));
        let element = path.split('.').filter(|name| !name.is_empty()).fold(&mut root, Element::child);
        match attribute {
            Some(name) => element.attributes.push((name.to_owned(), value.clone())),
            None => element.text.clone_from(value),
        }
    }
    let mut out = String::new();
    root.write("page", &mut out);
    out
}

#[derive(Default)]
struct Element {
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<(String, Element)>,
}

impl Element {
    /// The last child of this name: there is none twice.
    fn child(&mut self, name: &str) -> &mut Self {
        let at = self.children.iter().position(|(other, _)| other == name).unwrap_or_else(|| {
            self.children.push((name.to_owned(), Self::default()));
            self.children.len() - 1
        });
        &mut self.children[at].1
    }

    fn write(&self, name: &str, out: &mut String) {
        let _ = write!(out, "<{name}");
        for (name, value) in &self.attributes {
            let _ = write!(out, " {name}=\"{}\"", escape(value.as_str()).replace('\n', "&#10;").replace('\t', "&#9;"));
        }
        let _ = write!(out, ">{}", escape(self.text.as_str()));
        for (name, child) in &self.children {
            child.write(name, out);
        }
        let _ = write!(out, "</{name}>");
    }
}
