//! Operations that send and answer XML, from their file to the bytes and back.

use std::sync::LazyLock;

use insta::assert_snapshot;
use proptest::prelude::*;

use crate::department::testing::{call, value};
use crate::department::{HttpAnswer, HttpRequest, build, read_answer};
use crate::engine::Outcome;
use crate::menu::{Program, Value, compile};
use crate::source::{Files, render};
use crate::xml;

const POWER: &str = r#"
department: power
operations:
  bill:
    post: /fetch
    xml: |
      <?xml version="1.0"?>
      <!-- as the biller's document has it -->
      <b:Fetch xmlns:b="urn:bills" id="{{ a }}">
        <b:Customer number="K-{{ b }}"/>
        <Note>Tel. {{ c }} &amp; more</Note>
        <Agent>
          <Name>{{ c }}</Name>
        </Agent>
      </b:Fetch>
    registered: {caller: /Response/Mobile}
    answer:
      amount: {from: /s:Response/Bill/@amount, amount: 99999}
      name: {from: /Response/Customer/Name, text: 12, optional: yes}
      due: {from: /Response/Bill/Due, date: yes}
      earlier:
        list: /Response/Earlier/Bill
        at_most: 2
        of:
          id: {from: /@id, text: 5}
          paid: {from: "", amount: 9999}
    errors:
      - {at: /Response/Reason/@code, is: "BFR004", name: no_bill}
      - {status: 409, name: paid}
"#;

static PROGRAM: LazyLock<Program> = LazyLock::new(|| {
    let mut files = Files::default();
    files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");
    files.add("home.yaml", "menu: home\nscreens:\n  top: {end: Bye}\n");
    files.add("departments/power.yaml", POWER);
    let (program, findings) = compile(&files);
    program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)))
});

fn request(give: Vec<Option<Value>>) -> HttpRequest {
    build(&PROGRAM, &call(give), None).expect("the path has no values")
}

fn body(give: Vec<Option<Value>>) -> String {
    String::from_utf8(request(give).body.map(|(_, bytes)| bytes).unwrap_or_default()).expect("it is UTF-8")
}

#[test]
fn a_body_holds_its_values_and_leaves_out_what_is_not_set() {
    let asked = request(vec![value("1"), value("2"), value("3")]);
    assert_eq!(asked.headers, [("accept", "application/xml, text/xml".to_owned())]);
    assert_eq!(asked.body.map(|(kind, _)| kind), Some("application/xml; charset=utf-8"));
    assert_snapshot!(body(vec![value("<\"'>\n"), Some(Value::Amount(-5)), value("x\u{0}\u{fffe}&amp;")]), @r#"<?xml version="1.0" encoding="UTF-8"?><b:Fetch xmlns:b="urn:bills" id="&lt;&quot;&apos;&gt;&#10;"><b:Customer number="K--0.05"></b:Customer><Note>Tel. x&amp;amp; &amp; more</Note><Agent><Name>x&amp;amp;</Name></Agent></b:Fetch>"#);
    assert_snapshot!(body(vec![None, None, None]), @r#"<?xml version="1.0" encoding="UTF-8"?><b:Fetch xmlns:b="urn:bills"><b:Customer></b:Customer><Agent></Agent></b:Fetch>"#);
}

/// The outcome and its reason on one line.
fn say(status: u16, body: &[u8]) -> String {
    let (outcome, why) = answered(status, body);
    match (outcome, why) {
        (Outcome::Answered(value), None) => format!("{value:?}"),
        (Outcome::Failed(failure), why) => format!("{failure:?}: {}", why.unwrap_or_default()),
        (outcome, why) => format!("what no answer says: {outcome:?} {why:?}"),
    }
}

fn answered(status: u16, body: &[u8]) -> (Outcome, Option<String>) {
    let answer = HttpAnswer { status, body: body.to_vec() };
    read_answer(&PROGRAM.operations[0], &answer, "919812345670")
}

/// An answer with this in place of the customer.
fn response(customer: &str) -> String {
    format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Response xmlns=\"urn:bills\">\n <Mobile> 9812345670 </Mobile>\n \
         <Bill amount=\"1,234.50\"><Due>30/11/2026</Due></Bill>\n{customer}</Response>"
    )
}

#[test]
fn an_answer_is_read_by_its_paths() {
    let earlier = "<x:Customer xmlns:x='y'><x:Name><![CDATA[A & B]]></x:Name></x:Customer>\
                   <Earlier><Bill id='1'>1.5</Bill><Note/><Bill id='2'> 20 </Bill><Bill id='3'>nonsense</Bill></Earlier>";
    assert_snapshot!(say(200, response(earlier).as_bytes()), @r#"Record([Some(Amount(123450)), Some(Text("A & B")), Some(Date(2026-11-30)), Some(List([Record([Some(Text("1")), Some(Amount(150))]), Record([Some(Text("2")), Some(Amount(2000))])]))])"#);
    assert_snapshot!(say(200, response("<Earlier/>").as_bytes()), @"Record([Some(Amount(123450)), None, Some(Date(2026-11-30)), Some(List([]))])");
    assert_snapshot!(say(200, response("").as_bytes()), @"Down: earlier: missing");
    let twice = "<Customer><Name>A</Name></Customer><Customer><Name>B</Name></Customer><Earlier/>";
    assert_snapshot!(say(200, response(twice).as_bytes()), @"Down: name: it stands there more than once");
    let within = "<Customer><Name>A<b>B</b></Name></Customer><Earlier/>";
    assert_snapshot!(say(200, response(within).as_bytes()), @"Down: name: not a text: there are elements in it");
    assert_snapshot!(say(200, response("<Mobile>9812345670</Mobile>").as_bytes()), @"Refused: no registered number in the answer");
}

#[test]
fn failures_have_names_and_what_cannot_be_read_is_down() {
    let reasons = "<Response><Reason code='X'/><Reason code=' BFR004 '/></Response>";
    assert_snapshot!(say(200, reasons.as_bytes()), @r#"Named("no_bill"): "#);
    assert_snapshot!(say(409, b"no XML"), @r#"Named("paid"): "#);
    assert_snapshot!(say(200, br#"{"Response": {}}"#), @"Down: the body is not XML to be read: it is not well-formed: text stands outside of all elements");
    assert_snapshot!(say(200, b"<Response>\xE9</Response>"), @"Down: the body is not XML to be read: it is not UTF-8 text");
    assert_snapshot!(say(200, b"<?xml version='1.0' encoding='windows-1252'?><Response/>"), @"Down: the body is not XML to be read: it says that it is written in another encoding than UTF-8");
    assert_snapshot!(say(200, b"<!DOCTYPE r [<!ENTITY a 'b'>]><Response>&a;</Response>"), @"Down: the body is not XML to be read: it has a document type, which is not read");
    assert_snapshot!(say(200, "<Response>".repeat(100_000).as_bytes()), @"Down: the body is not XML to be read: its elements are nested more than 64 deep");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any value given is read back from the body whole, but for what XML cannot hold, and changes nothing around it.
    #[test]
    fn values_are_read_back_from_bodies(a in any::<String>(), c in "[\\x00-\\x20<>&'\"{}\\]\\[!-]{0,20}") {
        let body = body(vec![value(&a), value(&c), value(&c)]);
        let root = xml::read_bytes(body.as_bytes(), xml::Bounds { depth: 3, parts: 10_000 }).expect("it is well-formed");
        let held = |text: &str| text.chars().filter(|c| xml::holds(*c)).collect::<String>();
        let (a, c) = (held(&a), held(&c));
        prop_assert_eq!(root.attributes().collect::<Vec<_>>(), vec![("id", a.as_str())]);
        let elements: Vec<_> = root.elements().collect();
        let number = format!("K-{c}");
        prop_assert_eq!(elements[0].attributes().collect::<Vec<_>>(), vec![("number", number.as_str())]);
        let note = format!("Tel. {c} & more");
        prop_assert_eq!(elements[1].text(), Some(note.as_str()));
        prop_assert_eq!(elements[2].elements().next().and_then(xml::Element::text), Some(c.as_str()));
        prop_assert_eq!(elements.len(), 3);
    }

    #[test]
    fn no_bytes_panic_and_no_reason_tells_of_them(
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        shape in "[<>/&;='\" a:!?\\[\\]-]{0,12}",
        cut in 0..300_usize,
    ) {
        let _ = answered(200, &bytes);
        let whole = response(&format!("<Customer q8z='q8z'><Name>q8z{shape}</Name></Customer><Earlier/>"));
        let (_, why) = answered(200, whole.as_bytes().get(..cut).unwrap_or(whole.as_bytes()));
        prop_assert!(!why.unwrap_or_default().contains("q8z"));
    }
}
