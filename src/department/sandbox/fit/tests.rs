use proptest::prelude::*;

use super::{fits, given};
use crate::department::request::build;
use crate::department::sandbox::Asked;
use crate::department::testing::{call, filled, get, program};
use crate::menu::{Body, FilledPiece, JsonBody, Method, Operation, Value, XmlElement, XmlNode};
use crate::types::Timestamp;

const TAKES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn posts(body: Body) -> Operation {
    let path = "/x{a}-y/{b}/z?fixed=1&c={c}&pair={c}:{d}";
    Operation { method: Method::Post, body, ..get(path, &TAKES, Vec::new()) }
}

fn json() -> Body {
    let text = |text: &str| JsonBody::Text(filled(text, &TAKES));
    let list = JsonBody::Array(vec![text("one"), text("e: {e}")]);
    Body::Json(JsonBody::Object(vec![("list".to_owned(), list), ("d".to_owned(), text("{d}"))]))
}

fn form() -> Body {
    Body::Form(vec![("fi=xed".to_owned(), filled("+&", &TAKES)), ("e".to_owned(), filled("e{e}", &TAKES))])
}

fn xml() -> Body {
    let element = |name: &str, attributes: &[(&str, &str)], nodes: Vec<XmlNode>| XmlElement {
        name: name.to_owned(),
        attributes: attributes.iter().map(|(name, value)| ((*name).to_owned(), filled(value, &TAKES))).collect(),
        nodes,
    };
    let text = |text: &str| XmlNode::Text(filled(text, &TAKES));
    let nodes = vec![
        XmlNode::Element(element("Tag", &[("name", "one"), ("value", "<{e}>")], Vec::new())),
        XmlNode::Element(element("Tag", &[("name", "two")], vec![text("{d}")])),
    ];
    Body::Xml(element("b:Ask", &[("xmlns:b", "urn:b")], nodes))
}

proptest! {
    /// What is asked with some values is read as given with these.
    #[test]
    fn requests_give_their_values_back(
        in_path in prop::collection::vec("[^/\\-.:]{1,8}", 2),
        // Characters that XML cannot hold are left out of it.
        others in prop::collection::vec(prop::option::of("[^:\\pC]{0,8}"), 3),
        body in prop::sample::select(vec![Body::None, json(), form(), xml()]),
    ) {
        let mut give: Vec<Option<String>> = in_path.into_iter().map(Some).chain(others).collect();
        let program = program(vec![posts(body)]);
        let operation = &program.operations[0];
        let values = give.iter().map(|text| text.clone().map(Value::Text)).collect();
        let request = build(&program, &call(values), None).expect("all that stands in the path is given");
        let asked = Asked {
            header: &|_| None,
            method: request.method,
            path: &request.path,
            idempotency_key: None,
            body: request.body.as_ref().map_or(&[], |(_, bytes)| bytes.as_slice()),
            today: Timestamp(0).day_in_india(),
        };
        let read = given(operation, &asked).expect("it is this operation's");
        // What is written nowhere is not given: `e` without a body, and `d` where `pair` is left out for want of `c`.
        if matches!(operation.body, Body::None) {
            give[4] = None;
        }
        if give[2].is_none() && !matches!(operation.body, Body::Json(_) | Body::Xml(_)) {
            give[3] = None;
        }
        for at in 0..5_u16 {
            prop_assert_eq!(read.get(at), give[usize::from(at)].as_deref(), "{}", at);
        }
    }

    #[test]
    fn any_request_is_read_without_a_panic(path in ".{0,40}", body in prop::collection::vec(any::<u8>(), 0..40)) {
        for template in [Body::None, json(), form(), xml()] {
            let today = Timestamp(0).day_in_india();
            let asked = Asked { header: &|_| None, method: Method::Post, path: &path, idempotency_key: None, body: &body, today };
            let _ = given(&posts(template), &asked);
        }
    }
}

#[test]
fn a_name_that_stands_twice_has_one_value() {
    let pieces: Vec<FilledPiece> = filled("{a}-{a}", &TAKES).0;
    assert!(fits(&pieces, "7-7", &mut super::Given::default()));
    assert!(!fits(&pieces, "7-8", &mut super::Given::default()));
}

#[test]
fn requests_in_xml_may_be_laid_out_and_must_be_of_the_template() {
    let asked = |body: &str| {
        let body = format!("<?xml version=\"1.0\"?>\n{body}\n");
        let mut found = super::Given::default();
        let Body::Xml(root) = xml() else { panic!("it is in XML") };
        super::xml::fits(&root, body.as_bytes(), &mut found)
            .then(|| (found.get(3).map(str::to_owned), found.get(4).map(str::to_owned)))
    };
    let one = "<Tag name=\"one\" value='&lt;5&gt;'/>";
    let whole = format!("<b:Ask xmlns:b=\"urn:b\">\n  {one}\n  <Tag name=\"two\"> a&amp;b</Tag>\n</b:Ask>");
    assert_eq!(asked(&whole), Some((Some(" a&b".to_owned()), Some("5".to_owned()))));
    let short = "<b:Ask xmlns:b=\"urn:b\"><Tag name=\"one\"/></b:Ask>";
    assert_eq!(asked(short), Some((None, None)), "what was not set is left out");
    for other in [
        "<b:Ask xmlns:b=\"urn:b\"/>",
        "<b:Ask xmlns:b=\"urn:b\"><Tag name=\"other\"/></b:Ask>",
        "<b:Ask xmlns:b=\"urn:b\" more=\"\"><Tag name=\"one\"/></b:Ask>",
        "<b:Ask xmlns:b=\"urn:b\"><Tag name=\"one\"/>text</b:Ask>",
        "<b:Ask xmlns:b=\"urn:b\"><Tag name=\"one\"/><Tag name=\"two\"/><Tag/></b:Ask>",
        "<Ask xmlns:b=\"urn:b\"><Tag name=\"one\"/></Ask>",
        "<b:Ask",
    ] {
        assert_eq!(asked(other), None, "{other}");
    }
}
