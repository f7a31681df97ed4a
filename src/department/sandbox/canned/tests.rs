use std::sync::Arc;
use std::time::Duration;

use insta::assert_snapshot;

use crate::department::sandbox::{InProcess, Mischief, Sandbox, policies};
use crate::department::testing::{ManualClock, NoChance, call, value};
use crate::department::{Budget, Departments, HttpRequest, Transport};
use crate::engine::{CallRequest, Outcome};
use crate::menu::{self, Method, OperationId, Program, SandboxFile, Value};
use crate::outward::TransportError;
use crate::source::{Files, render};
use crate::types::{Clock, Timestamp};

const BRIDGE: &str = "languages: {en: English}\nussd: {\"*1#\": home}\n";
const HOME: &str = "menu: home\nscreens: {top: {end: Bye}}\n";

const PDS: &str = r#"
department: pds
operations:
  card: {get: "/cards/{{ card }}?mobile={{ mobile }}", answer: {name: {from: /name, text: 20}}}
  newest: {get: /cards/newest, answer: {name: {from: /name, text: 20}}}
  grain: {get: "/stock?kind=grain&shop={{ shop }}", answer: {left: {from: /left, number: 999}}}
  sugar: {get: "/stock?kind=sugar&shop={{ shop }}", answer: {left: {from: /left, number: 999}}}
  complain:
    post: /complaints
    json: {card: "{{ card }}", about: {kind: weight, kilos: "{{ kilos }}"}}
    answer: {number: {from: /number, text: 9}}
  ask:
    post: /complaints
    form: {card: "{{ card }}", kind: question}
    answer: {number: {from: /number, text: 9}}
  bill:
    post: /bills
    xml: <Ask><Card id="{{ card }}"/></Ask>
    answer: {name: {from: /Bill/Name, text: 20}, due: {from: /Bill/@due, date: yes}}
  seal:
    post: /bills
    xml: <Seal><Card id="{{ card }}"/></Seal>
"#;

const SANDBOX: &str = r#"
sandbox: pds
answers:
  card:
    - {given: {card: "*9"}, status: 404}
    - given: {mobile: "91*"}
      json: |
        {"name": "MEMBER {{ card }}", "on": "{{ today }}", "next": "{{ today + 7 }}", "last": "{{ today-30 }}"}
    - json: '{"name": "NOBODY"}'
  newest: [{json: '{"name": "NEWEST"}'}]
  grain: [{json: '{"left": 1}'}]
  sugar: [{json: '{"left": 2}'}]
  complain: [{given: {kilos: "2.50"}, json: '{"number": "J{{ card }}"}'}]
  ask: [{json: '{"number": "F{{ card }}"}'}]
  bill:
    - given: {card: "*1"}
      xml: |
        <Bill due="{{ today+7 }}"><Name>{{ card }}</Name></Bill>
  seal: [{status: 204}]
"#;

fn sandbox(department: &str, sandbox: &str) -> (Program, Sandbox) {
    let (program, _, sandbox) = read(department, sandbox);
    (program, sandbox)
}

fn read(department: &str, sandbox: &str) -> (Program, Vec<SandboxFile>, Sandbox) {
    let mut files = Files::default();
    files.add("bridge.yaml", BRIDGE);
    files.add("home.yaml", HOME);
    files.add("departments/pds.yaml", department);
    files.add("departments/pds.sandbox.yaml", sandbox);
    let (program, findings) = menu::compile(&files);
    let program = program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)));
    let (read, findings) = menu::sandboxes(&files, &program);
    assert!(findings.is_empty(), "{}", render(&findings, &files, false));
    let sandbox = Sandbox::new(&program, &read);
    (program, read, sandbox)
}

struct Pds {
    sandbox: Arc<Sandbox>,
    transport: InProcess,
}

impl Pds {
    fn new() -> Self {
        let sandbox = Arc::new(sandbox(PDS, SANDBOX).1);
        // Noon in India on 2 December 2026.
        let clock = ManualClock::at(Timestamp(1_796_193_000_000));
        Self { transport: InProcess::new(Arc::clone(&sandbox), clock), sandbox }
    }

    async fn send(&self, method: Method, path: &str, body: Option<(&'static str, &str)>) -> String {
        let body = body.map(|(kind, text)| (kind, text.as_bytes().to_vec()));
        let department = "pds".to_owned();
        let request =
            HttpRequest { department, method, path: path.to_owned(), body, headers: Vec::new(), idempotency_key: None };
        match self.transport.send(request, Duration::from_secs(3)).await {
            Ok(answer) => format!("{} {}", answer.status, String::from_utf8_lossy(&answer.body).trim()),
            Err(error) => error.to_string(),
        }
    }

    async fn get(&self, path: &str) -> String {
        self.send(Method::Get, path, None).await
    }
}

#[tokio::test]
async fn the_first_answer_that_fits_is_given() {
    let pds = Pds::new();
    assert_eq!(pds.get("/cards/129").await, "404 ");
    assert_snapshot!(pds.get("/cards/a%2F%22b%22?mobile=919812345670").await, @r#"200 {"name": "MEMBER a/\"b\"", "on": "2026-12-02", "next": "2026-12-09", "last": "2026-11-02"}"#);
    assert_eq!(pds.get("/cards/12?mobile=44").await, r#"200 {"name": "NOBODY"}"#);
    assert_eq!(pds.get("/cards/12").await, r#"200 {"name": "NOBODY"}"#);
}

#[tokio::test]
async fn operations_are_told_apart_by_what_they_fix() {
    let pds = Pds::new();
    assert_eq!(pds.get("/cards/newest").await, r#"200 {"name": "NEWEST"}"#);
    assert_eq!(pds.get("/stock?shop=a%26b&kind=grain").await, r#"200 {"left": 1}"#);
    assert_eq!(pds.get("/stock?kind=sugar").await, r#"200 {"left": 2}"#);
    let json = r#"{"card":"12","about":{"kind":"weight","kilos":2.50}}"#;
    assert_eq!(pds.send(Method::Post, "/complaints", Some(("", json))).await, r#"200 {"number": "J12"}"#);
    let form = "card=1+2&kind=question";
    assert_eq!(pds.send(Method::Post, "/complaints", Some(("", form))).await, r#"200 {"number": "F1 2"}"#);
}

#[tokio::test]
async fn xml_is_asked_and_answered() {
    let pds = Pds::new();
    let ask = async |body: &str| pds.send(Method::Post, "/bills", Some(("", body))).await;
    let bill = r#"200 <Bill due="2026-12-09"><Name>&lt;&amp;&gt;1</Name></Bill>"#;
    assert_eq!(ask(r#"<?xml version="1.0"?><Ask><Card id="&lt;&amp;>1"></Card></Ask>"#).await, bill);
    assert_eq!(ask(r#"<Seal><Card id="1"/></Seal>"#).await, "204 ");
    for other in [r#"<Ask><Card id="2"/></Ask>"#, "<Ask/>", "<Ask><Card/><Card/></Ask>", "<Ask>", "{}"] {
        assert_eq!(ask(other).await, r#"404 {"error":"not_found"}"#, "{other}");
    }
}

#[tokio::test]
async fn what_fits_nothing_is_not_found() {
    let pds = Pds::new();
    let not_found = r#"404 {"error":"not_found"}"#;
    for path in ["/cards", "/cards/", "/cards/1/2", "/cards/1?colour=red", "/stock?shop=1", "/stock?kind=oil", "/%zz"] {
        assert_eq!(pds.get(path).await, not_found, "{path}");
    }
    for body in ["{", "[]", "null", r#"{"card":"12","about":{"kind":"smell"}}"#, "card=1&kind=x", "\u{0}=%ff"] {
        assert_eq!(pds.send(Method::Post, "/complaints", Some(("", body))).await, not_found, "{body}");
    }
    let other = r#"{"card":"12","about":{"kind":"weight","kilos":2}}"#;
    assert_eq!(pds.send(Method::Post, "/complaints", Some(("", other))).await, not_found);
}

#[tokio::test]
async fn it_misbehaves_like_the_others() {
    let pds = Pds::new();
    pds.sandbox.misbehave("pds", Mischief::FailsWith(503)).expect("it is known");
    assert_eq!(pds.get("/cards/1").await, r#"503 {"error":"mischief"}"#);
    pds.sandbox.misbehave("pds", Mischief::LosesTheAnswer).expect("it is known");
    assert_eq!(pds.get("/cards/1").await, TransportError::Lost("the connection was closed".to_owned()).to_string());
    let unknown = pds.sandbox.misbehave("rail", Mischief::Works).expect_err("nobody knows it");
    assert_eq!(unknown.to_string(), "there is no sandbox department `rail`: it is one of epfo, lpg, mandi, pds");
}

#[tokio::test]
async fn a_file_wins_over_a_department_made_here() {
    let department = "department: epfo\noperations: {a: {get: /a}}\n";
    let (_, sandbox) = sandbox(department, "sandbox: epfo\nanswers: {a: [{status: 204}]}\n");
    let transport = InProcess::new(Arc::new(sandbox), ManualClock::at(Timestamp(0)));
    let request = |path: &str| HttpRequest {
        department: "epfo".to_owned(),
        method: Method::Get,
        path: path.to_owned(),
        body: None,
        headers: Vec::new(),
        idempotency_key: None,
    };
    let status =
        async |path: &str| transport.send(request(path), Duration::from_secs(1)).await.map(|answer| answer.status);
    assert_eq!(status("/a").await, Ok(204));
    assert_eq!(status("/members/by-mobile/919812345670").await, Ok(404));
}

const BEHIND_UMANG: &str = r#"
department: pds
operations:
  card: {post: /card, json: {card: "{{ card }}"}, answer: {name: {from: /name, text: 20}}, errors: [{status: 404, name: not_found}]}
  near: {post: /near, json: {lat: "{{ lat }}", lon: "80.9"}, answer: {name: {from: /name, text: 20}}}
  clock: {post: /clock}
"#;

const SPEAKS_UMANG: &str = r#"
sandbox: pds
envelope: umang
answers:
  card:
    - {given: {card: "*9"}, status: 404}
    - {given: {card: "*8"}, status: 503}
    - json: '{"name": "MEMBER {{ card }}"}'
  near: [{given: {lat: "26.8"}, json: '{"name": "SHOP ONE"}'}]
  clock: [{status: 200}]
"#;

#[tokio::test]
async fn one_that_speaks_umang_takes_nothing_else() {
    let (program, files, sandbox) = read(BEHIND_UMANG, SPEAKS_UMANG);
    let clock = ManualClock::at(Timestamp(0));
    let transport = Arc::new(InProcess::new(Arc::new(sandbox), Arc::clone(&clock) as Arc<dyn Clock>));
    let called = |policies| {
        let transport = Arc::clone(&transport) as Arc<dyn Transport>;
        Departments::new(transport, Arc::clone(&clock) as Arc<dyn Clock>, Arc::new(NoChance), policies)
    };
    let (enveloped, bare) = (called(policies(&program, &files)), called(Vec::new()));
    let asked = async |departments: &Departments, operation: u16, give: Vec<Option<Value>>| {
        let call = CallRequest { operation: OperationId(operation), ..call(give) };
        match departments.read(&program, &call, Budget(Duration::from_secs(9))).await {
            Outcome::Answered(Value::Record(fields)) => format!("{fields:?}"),
            other => format!("{other:?}"),
        }
    };
    assert_eq!(asked(&enveloped, 0, vec![value("11")]).await, r#"[Some(Text("MEMBER 11"))]"#);
    assert_eq!(asked(&enveloped, 0, vec![value("19")]).await, r#"Failed(Named("not_found"))"#);
    assert_eq!(asked(&enveloped, 0, vec![value("18")]).await, "Failed(Down)");
    assert_eq!(asked(&enveloped, 1, vec![value("26.8")]).await, r#"[Some(Text("SHOP ONE"))]"#);
    assert_eq!(asked(&enveloped, 2, Vec::new()).await, "[]");
    assert_eq!(asked(&bare, 0, vec![value("11")]).await, "Failed(Refused)");
}
