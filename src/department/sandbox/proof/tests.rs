use super::prove;
use crate::menu::{self, Program, SandboxFile};
use crate::source::{Files, render};

const DEPARTMENT: &str = r#"
department: pds
operations:
  card:
    get: "/cards/{{ card }}?mobile={{ mobile }}"
    registered: {caller: /mobile}
    answer:
      number: {from: /card, digits: 12}
      shares:
        list: /shares
        at_most: 2
        of: {kilos: {from: /kilos, number: 99}, until: {from: /until, date: yes, optional: yes}}
    errors:
      - {status: 404, name: not_found}
      - {at: /error, is: stopped, name: stopped}
"#;

const IN_XML: &str = r#"
  bill:
    post: /bills
    xml: <Ask card="{{ card }}"/>
    registered: {caller: /Bill/@mobile}
    answer:
      number: {from: /Bill/Number, digits: 12}
      rows:
        list: /Bill/Rows/Row
        at_most: 2
        of: {kilos: {from: /@kilos, number: 99}, until: {from: "", date: yes, optional: yes}}
    errors:
      - {at: /Bill/Reason/@code, is: BFR001, name: not_found}
"#;

fn read(answer: &str) -> (Files, Program, Vec<SandboxFile>) {
    let mut files = Files::default();
    files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");
    files.add("home.yaml", "menu: home\nscreens: {top: {end: Bye}}\n");
    files.add("departments/pds.yaml", format!("{DEPARTMENT}{IN_XML}"));
    let operation = if answer.contains("xml: ") { "bill" } else { "card" };
    files.add("departments/pds.sandbox.yaml", format!("sandbox: pds\nanswers:\n  {operation}:\n    - {answer}\n"));
    let (program, findings) = menu::compile(&files);
    let program = program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)));
    let (read, findings) = menu::sandboxes(&files, &program);
    assert!(findings.is_empty(), "{}", render(&findings, &files, false));
    (files, program, read)
}

fn said(answer: &str) -> Vec<String> {
    let (_, program, read) = read(answer);
    prove(&program, &read).into_iter().map(|finding| finding.message).collect()
}

#[test]
fn answers_that_are_as_declared_pass() {
    for answer in [
        r#"json: '{"mobile": "9812345670", "card": "12", "shares": []}'"#,
        r#"json: '{"mobile": "{{ mobile }}", "card": "{{ card }}", "shares": []}'"#,
        r#"json: '{"mobile": "+91{{ mobile }}", "card": 7, "shares": [{"kilos": "{{ card }}", "until": "{{ today+7 }}"}]}'"#,
        "{status: 404}",
        "{status: 503}",
        r#"{status: 400, json: '{"error": "stopped"}'}"#,
    ] {
        assert_eq!(said(answer), [""; 0], "{answer}");
    }
}

#[test]
fn answers_that_are_not_as_declared_are_findings() {
    let one = |answer: &str| said(answer).join("; ");
    let missing = one(r#"json: '{"mobile": "{{ mobile }}", "shares": []}'"#);
    assert_eq!(missing, "`pds.card` cannot read this answer: number: missing");
    let fixed = one(r#"{given: {card: "A12"}, json: '{"mobile": "9812345670", "card": "{{ card }}", "shares": []}'}"#);
    assert_eq!(fixed, "`pds.card` cannot read this answer: number: not digits only");
    let row = one(r#"json: '{"mobile": "{{ mobile }}", "card": 1, "shares": [{"kilos": "{{ today }}"}]}'"#);
    assert_eq!(row, "`pds.card` cannot read this answer: shares[0].kilos: not a whole number");
    let nobody = one(r#"json: '{"card": 1, "shares": []}'"#);
    assert_eq!(nobody, "`pds.card` cannot read this answer: no registered number in the answer");
    assert_eq!(one("{status: 409}"), "`pds.card` has no error for status 409");
    assert_eq!(one("{status: 200}"), "`pds.card` cannot read this answer: the body is not JSON");
}

#[test]
fn answers_in_xml_are_proved_alike() {
    let one = |answer: &str| said(answer).join("; ");
    for answer in [
        r#"xml: '<b:Bill xmlns:b="urn:b" mobile="{{ card }}"><b:Number>{{ card }}</b:Number><Rows/></b:Bill>'"#,
        r#"xml: '<Bill mobile="9812345670"><Number>1</Number><Rows><Row kilos="{{ card }}">{{ today }}</Row><Row kilos="1"/></Rows></Bill>'"#,
        r#"xml: '<Bill><Reason code="BFR001"/></Bill>'"#,
        r#"{status: 503, xml: '<Bill/>'}"#,
    ] {
        assert_eq!(one(answer), "", "{answer}");
    }
    let number = r#"{given: {card: A12}, xml: '<Bill mobile="9812345670"><Number>{{ card }}</Number></Bill>'}"#;
    assert_eq!(one(number), "`pds.bill` cannot read this answer: number: not digits only");
    let row = r#"xml: '<Bill mobile="9812345670"><Number>1</Number><Rows><Row kilos="{{ today }}"/></Rows></Bill>'"#;
    assert_eq!(one(row), "`pds.bill` cannot read this answer: rows[0].kilos: not a whole number");
    let nobody = "xml: '<Bill><Number>1</Number></Bill>'";
    assert_eq!(one(nobody), "`pds.bill` cannot read this answer: no registered number in the answer");
    let latin = r#"xml: '<?xml version="1.0" encoding="ISO-8859-1"?><Bill/>'"#;
    assert_eq!(
        one(latin),
        "`pds.bill` cannot read this answer: the body is not XML to be read: it says that it is written in another encoding \
         than UTF-8"
    );
}

#[test]
fn an_answer_in_the_other_of_the_two_is_a_finding() {
    let files = |answer: &str| said(answer).join("; ");
    assert!(files(r#"{status: 200, json: '"xml: "'}"#).contains("the body is not XML"));
}
