//! Where a value stands in an answer: a JSON Pointer, or a path of names in XML.

use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::fields;
use crate::menu::operation::{Format, Pointer};
use crate::source::{Entry, Node, Spanned};
use crate::xml::is_plain_name;

/// From where a place leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Within {
    format: Format,
    /// What is looked for: one value, or the items of a list.
    items: bool,
    /// The whole answer, or an item of a list.
    item: bool,
}

impl Within {
    /// One value in a whole answer.
    pub(super) fn answer(format: Format) -> Self {
        Self { format, items: false, item: false }
    }

    /// All items of a list from the same place.
    pub(super) fn items(self) -> Self {
        Self { items: true, ..self }
    }

    /// One value in an item.
    pub(super) fn item(self) -> Self {
        Self { items: false, item: true, ..self }
    }
}

/// The place of a value; the empty one, in quotes, is all of it. Around the elements of XML there is nothing to be taken
/// whole, and a list of XML is what stands at one place several times, so there it names an item only.
pub(super) fn place(entry: &Entry, within: Within, cx: &mut Context<'_>) -> Option<Pointer> {
    match &entry.value {
        // Without quotes it takes no room in the file: nothing has been written.
        Node::Text(text) if text.value.is_empty() && text.span.start < text.span.end => {
            let nothing = within.format == Format::Xml && (within.items || !within.item);
            if nothing {
                let message = "XML has no value at the empty place";
                cx.error(codes::BAD_POINTER, text.span, message, "write it like /shops/shop");
            }
            (!nothing).then(|| Pointer(Vec::new()))
        }
        _ => pointer(fields::text(entry, cx)?, within, cx),
    }
}

/// A place that is not empty.
pub(super) fn pointer(text: &Spanned<String>, within: Within, cx: &mut Context<'_>) -> Option<Pointer> {
    let (read, what, example) = match within.format {
        Format::Json => (tokens(&text.value), "a JSON Pointer", "/result/members/0/name"),
        Format::Xml if within.items => (steps(&text.value, false), "a path to elements of XML", "/shops/shop"),
        Format::Xml => (steps(&text.value, true), "a path in XML", "/response/member/name or /response/bill/@amount"),
    };
    if read.is_none() {
        let message = format!("`{}` is not {what}", text.value);
        cx.error(codes::BAD_POINTER, text.span, message, format!("write it like {example}"));
    }
    read.map(Pointer)
}

/// A JSON Pointer (RFC 6901 section 3): tokens that each begin with `/`; `~0` is `~` and `~1` is `/`.
fn tokens(text: &str) -> Option<Vec<String>> {
    text.strip_prefix('/')?.split('/').map(unescape).collect()
}

fn unescape(token: &str) -> Option<String> {
    let mut out = String::with_capacity(token.len());
    let mut rest = token.chars();
    while let Some(c) = rest.next() {
        out.push(match c {
            '~' => match rest.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            c => c,
        });
    }
    Some(out)
}

/// Names of elements, each with `/` before it; the last may be an attribute's, with `@`. Prefixes are dropped.
fn steps(text: &str, attribute: bool) -> Option<Vec<String>> {
    let mut steps: Vec<String> = Vec::new();
    for step in text.strip_prefix('/')?.split('/') {
        let (at, name) = match step.strip_prefix('@') {
            Some(name) => ("@", name),
            None => ("", step),
        };
        let name = match name.split_once(':') {
            Some((prefix, name)) if is_plain_name(prefix) => name,
            Some(_) => return None,
            None => name,
        };
        let behind_attribute = steps.last().is_some_and(|last| last.starts_with('@'));
        if !is_plain_name(name) || behind_attribute || (!at.is_empty() && !attribute) {
            return None;
        }
        steps.push(format!("{at}{name}"));
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_pointers_are_unescaped() {
        assert_eq!(unescape("a~1b~0c").as_deref(), Some("a/b~c"));
        assert_eq!(unescape("~01").as_deref(), Some("~1"));
        assert_eq!(unescape("a~2"), None);
        assert_eq!(unescape("a~"), None);
    }

    #[test]
    fn paths_in_xml_are_names_without_prefixes() {
        let read = |text| steps(text, true).map(|steps| steps.join(" "));
        assert_eq!(read("/s:Envelope/Body/card/@u:id").as_deref(), Some("Envelope Body card @id"));
        assert_eq!(read("/@id").as_deref(), Some("@id"));
        for wrong in ["", "/", "a", "/a/", "//a", "/@a/b", "/a/1", "/a[1]", "/a:b:c", "/:a", "/a/@", "/a/text()"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
        assert_eq!(steps("/a/@b", false), None);
    }
}
