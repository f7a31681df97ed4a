use super::{profile, receive, told};

fn page(inner: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<page version=\"2.0\">\n  <session_id>a4f1</session_id>\n  {inner}\n</page>\n"
    )
}

fn post(inner: &str) -> String {
    told(&profile("mtech"), "POST", "", "", &page(inner))
}

#[test]
fn the_first_page_brings_the_number() {
    let first = "<mobile_number>2348000000001</mobile_number><page_id>0</page_id><data>menu</data><gate>g1</gate>";
    assert_eq!(post(first), "first of a4f1 by 2348000000001: Last(\"menu\")");
    let coded = "<mobile_number>2348000000001</mobile_number><page_id>0</page_id><data/><gate>*120*666#</gate>";
    assert_eq!(post(coded), "first of a4f1 by 2348000000001 at *120*666#: Last(\"\")");
}

#[test]
fn page_0_without_the_number_says_nothing() {
    assert_eq!(post("<page_id>indexX</page_id><data>2</data>"), "later of a4f1 by no number: Last(\"2\")");
    assert_eq!(post("<page_id>0</page_id><data>2</data>"), "turn of a4f1 by no number: Last(\"2\")");
}

#[test]
fn every_status_is_a_cancel() {
    assert_eq!(post("<status>1</status>"), "aborted of a4f1 by no number");
    assert_eq!(post("<status/>"), "aborted of a4f1 by no number");
}

#[test]
fn references_and_marked_sections_are_text() {
    let told = post("<page_id>indexX</page_id><data>1 &lt; 2 &#38; <![CDATA[<3]]>&#xe9;</data>");
    assert_eq!(told, "later of a4f1 by no number: Last(\"1 < 2 & <3é\")");
}

#[test]
fn control_characters_and_latin_1_are_mended() {
    let body = page("<page_id>indexX</page_id><data>caf\u{18}\u{1}X</data>").replace('X', "\u{e9}");
    let latin_1: Vec<u8> = body.chars().map(|c| u8::try_from(u32::from(c)).expect("latin-1")).collect();
    let received = receive(&profile("mtech"), "POST", "", "", &latin_1).expect("a turn");
    let told = format!("{:?}", received.callback);
    assert!(told.contains("Last(\"caf\u{e9}\")"), "{told}");
}

#[test]
fn nothing_can_be_declared_or_expanded() {
    let bomb = "<!DOCTYPE page [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><page><session_id>&b;</session_id></page>";
    let profile = profile("mtech");
    assert_eq!(told(&profile, "POST", "", "", bomb), "body: the body is not XML without a document type");
    assert_eq!(post("<data>&b;</data>"), "body: the body is not XML without entities of its own");
}

#[test]
fn what_is_no_page_is_refused() {
    let profile = profile("mtech");
    let deep = "<a>".repeat(100);
    let wide = page(&"<a/>".repeat(5000));
    for body in ["blah", "<page>", "<page></pag>", "<page/><page/>", "<page/>x", &deep] {
        assert_eq!(told(&profile, "POST", "", "", body), "body: the body is not well-formed XML", "{body:.20}");
    }
    assert_eq!(told(&profile, "POST", "", "", &wide), "body: the body is not XML of a callback's size");
    assert_eq!(post(""), "missing: the field `page_id` is missing");
    assert_eq!(post("<page_id>1</page_id>"), "missing: the field `data` is missing");
    let nested = "<page_id>indexX</page_id><data>1<b>2</b></data>";
    assert_eq!(post(nested), "missing: the field `data` is missing");
    assert_eq!(
        post("<page_id>indexX</page_id><data>1</data><data>2</data>"),
        "repeated: the field `data` comes more than once with different values"
    );
}
