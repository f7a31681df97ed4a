use proptest::prelude::*;

use super::*;

const BOUNDS: Bounds = Bounds { depth: 4, parts: 40 };

fn fault(text: &str) -> String {
    read_bytes(text.as_bytes(), BOUNDS).expect_err(text).to_string()
}

#[test]
fn a_document_becomes_a_tree() {
    let text = "<?xml version='1.0' encoding='utf-8'?>\n<!-- c --><s:a xmlns:s='u' s:k='1 &amp;\n2'>x&#233;<![CDATA[<&]]> <b/>\r\n</s:a>\n";
    let root = read_bytes(text.as_bytes(), BOUNDS).expect("it is well-formed");
    assert_eq!((root.name.as_str(), root.local_name()), ("s:a", "a"));
    assert_eq!(root.attributes().collect::<Vec<_>>(), [("k", "1 & 2")]);
    let texts = root.nodes.iter().map(|node| match node {
        Node::Text(text) => text.as_str(),
        Node::Element(element) => element.local_name(),
    });
    assert_eq!(texts.collect::<Vec<_>>(), ["x\u{e9}<& ", "b", "\n"]);
    assert_eq!(root.text(), None);
    assert_eq!(root.elements().next().and_then(Element::text), Some(""));
}

#[test]
fn what_is_not_a_document_is_refused_without_quoting_it() {
    let cases = [
        "",
        "zq",
        "<zq>",
        "<zq></zr>",
        "<a/><zq/>",
        "<a/>zq",
        "<a>&zq;</a>",
        "<a>&</a>",
        "<a>&#1;</a>",
        "<a>\u{1}</a>",
        "<a k='&#1;'/>",
        "<a k='&zq;'/>",
        "<a k='<'/>",
        "<a k='1' k='2'/>",
        "<a k=zq/>",
        "<1/>",
        "<a 1='1'/>",
        "<a:b:c/>",
        "<a><!-- -- --></a>",
        " <?xml version='1.0'?><a/>",
        "<!DOCTYPE a [<!ENTITY zq 'x'>]><a/>",
        "<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
        "<a><b><c><d><e/></d></c></b></a>",
    ];
    let said: Vec<String> = cases.iter().map(|text| format!("{text}  {}", fault(text))).collect();
    insta::assert_snapshot!(said.join("\n"));
    assert!(said.iter().zip(cases).all(|(said, text)| !said[text.len()..].contains("zq")));
    assert_eq!(fault(&format!("<a>{}</a>", "<b/>".repeat(50))), Fault::TooMany(40).to_string());
    let crowded = |count: usize| (0..count).fold("<a".to_owned(), |text, nth| format!("{text} k{nth}=''")) + "/>";
    let most = tree::MAX_ATTRIBUTES;
    assert!(read_bytes(crowded(most).as_bytes(), BOUNDS).is_ok());
    assert_eq!(fault(&crowded(most + 1)), Fault::TooManyAttributes(most).to_string());
}

#[test]
fn bytes_of_another_encoding_are_refused() {
    assert!(read_bytes(b"\xEF\xBB\xBF<a>\xE0\xA4\x85</a>", BOUNDS).is_ok());
    assert_eq!(read_bytes(b"<a>\xE9</a>", BOUNDS).map_err(|error| error.fault), Err(Fault::NotUtf8));
    assert_eq!(read_bytes(b"\xFF\xFE<\0a\0/\0>\0", BOUNDS).map_err(|error| error.fault), Err(Fault::NotUtf8));
}

#[test]
fn marks_are_found_where_no_value_may_stand() {
    let found = |text: &str| misplaced(text, '@').map(|(at, spot)| (text[at..].to_owned(), spot));
    assert_eq!(found("<a k='@'>@ &amp; @<b/></a>"), None);
    assert_eq!(found("<@/>"), Some(("@/>".to_owned(), Spot::Name)));
    assert_eq!(found("<a k='@' @='1'/>"), Some(("@='1'/>".to_owned(), Spot::Name)));
    assert_eq!(found("<a><!-- @ --></a>"), Some(("@ --></a>".to_owned(), Spot::Comment)));
    assert_eq!(found("<a><![CDATA[@]]></a>"), Some(("@]]></a>".to_owned(), Spot::Section)));
    assert_eq!(found("<?p @?><a/>"), Some(("@?><a/>".to_owned(), Spot::Instruction)));
    assert_eq!(found("<a>&@;</a>"), Some(("@;</a>".to_owned(), Spot::Reference)));
}

/// Elements with texts before, between and behind those in them.
fn any_element() -> impl Strategy<Value = Element> {
    let name = || prop::sample::select(vec!["a", "p:b", "_c.1", "ठ"]).prop_map(str::to_owned);
    let held = || "[ -~\\t\\n\u{e9}\u{905}]{0,5}";
    let element = move |children: BoxedStrategy<Vec<(Element, String)>>| {
        (name(), prop::option::of(held()), held(), children).prop_map(|(name, attribute, first, children)| {
            let attributes = attribute.into_iter().map(|value| ("p:k".to_owned(), value)).collect();
            let parts = children.into_iter().flat_map(|(child, behind)| [Node::Element(child), Node::Text(behind)]);
            let nodes = std::iter::once(Node::Text(first)).chain(parts);
            Element { name, attributes, nodes: nodes.filter(|node| *node != Node::Text(String::new())).collect() }
        })
    };
    let leaf = element(Just(Vec::new()).boxed());
    leaf.prop_recursive(3, 12, 3, move |inner| element(prop::collection::vec((inner, held()), 0..3).boxed()))
}

proptest! {
    #[test]
    fn a_tree_that_is_written_is_read_back(element in any_element()) {
        let mut text = String::new();
        write(&element, &mut text);
        let bounds = Bounds { parts: 10_000, ..BOUNDS };
        prop_assert_eq!(read(&text, bounds), Ok(element), "{}", text);
    }

    #[test]
    fn an_escaped_value_is_read_back(value in any::<String>(), controls in "[\\x00-\\x20\\x7f-\\x9f\\u{fffd}-\\u{ffff}<&>'\"\\]]{0,9}") {
        let value = value + &controls;
        let mut escaped = String::new();
        escape(&value, &mut escaped);
        let kept: String = value.chars().filter(|c| holds(*c)).collect();
        let bounds = Bounds { parts: 10_000, ..BOUNDS };
        let root = read(&format!("<a k=\"{escaped}\">{escaped}</a>"), bounds).expect("it is well-formed");
        prop_assert_eq!(root.attributes[0].1.as_str(), kept.as_str());
        prop_assert_eq!(root.text(), Some(kept.as_str()));
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        text in "[<>/a&;#'\"=! \\-\\[\\]?x1:\\PC]{0,60}",
    ) {
        let _ = read_bytes(&bytes, BOUNDS);
        let _ = read_bytes(format!("<a>{text}</a>").as_bytes(), BOUNDS);
        let _ = misplaced(&text, '&');
    }
}
