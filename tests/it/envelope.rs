//! A department behind UMANG, over real HTTP: a small server that takes nothing outside the envelope, and menus that know
//! nothing of it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::{Router, routing};
use gramsetu::ambient::{SeededChance, SystemClock};
use gramsetu::department::envelope::{open_request, suit, wrap_answer};
use gramsetu::department::{Address, Budget, Departments, Envelope, Http, HttpAnswer, Policy};
use gramsetu::engine::{CallRequest, Failure, Outcome};
use gramsetu::menu::{Method, OperationId, Program, Value, compile};
use gramsetu::source::{Files, render};
use gramsetu::types::Secret;

const PDS: &str = r#"
department: pds
operations:
  card:
    post: /getrationcard
    json: {card: "{{ card }}", kilos: "{{ kilos }}"}
    registered: {caller: /mobile}
    answer:
      shop: {from: /shop, text: 20}
    errors:
      - {status: 404, name: not_found}
      - {at: /rc, is: PDS0007, name: not_linked}
      - {at: /state, is: closed, name: closed}
"#;

fn program(department: &str) -> Program {
    let mut files = Files::default();
    files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");
    files.add("home.yaml", "menu: home\nscreens:\n  top: {end: Bye}\n");
    files.add("departments/pds.yaml", department);
    let (program, findings) = compile(&files);
    program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)))
}

fn envelope() -> Envelope {
    Envelope {
        deptid: "12".to_owned(),
        srvid: "345".to_owned(),
        tkn: Secret::new("zq-token".to_owned()),
        ..Envelope::default()
    }
}

/// What the department was given: trackers, and the operation's own fields.
type Seen = Arc<Mutex<Vec<(String, String)>>>;

/// A server that demands the envelope and the key, and answers by the number of the card.
async fn umang(seen: Seen) -> String {
    let answer = move |request: Request| {
        let seen = Arc::clone(&seen);
        async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, 10_000).await.unwrap_or_default();
            let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
            if header("x-api-key") != Some("zq-key") {
                return (StatusCode::FORBIDDEN, "{\"message\":\"Forbidden\"}".to_owned()).into_response();
            }
            let method = if parts.method == "POST" { Method::Post } else { Method::Get };
            let own = match open_request(method, header, &body) {
                Ok(own) => own,
                Err(error) => return (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
            };
            let own = own.json();
            let tracker = String::from_utf8_lossy(&body).split("\"trkr\":\"").nth(1).map(|rest| rest[..19].to_owned());
            seen.lock().unwrap_or_else(PoisonError::into_inner).push((tracker.unwrap_or_default(), own.clone()));
            let card = own.split("\"card\":\"").nth(1).and_then(|rest| rest.chars().next());
            let payload = |status: u16, body: &str| {
                let answer = HttpAnswer { status, body: body.as_bytes().to_vec() };
                String::from_utf8(wrap_answer(answer).body).expect("JSON")
            };
            match card {
                Some('1') => payload(200, r#"{"mobile":"9812345670","shop":"SHOP 7"}"#),
                Some('2') => payload(404, r#"{"error":"not_found"}"#),
                Some('3') => r#"{"rs":"F","rc":"PDS0007","rd":"Not linked","pd":null}"#.to_owned(),
                Some('4') => r#"{"rs":"F","rc":"PDS0001","rd":"Failure","pd":null}"#.to_owned(),
                Some('5') => payload(200, r#"{"state":"closed"}"#),
                Some('6') => r#"{"rs":"S","rc":"200","rd":"Success"}"#.to_owned(),
                _ => payload(503, r#"{"error":"busy"}"#),
            }
            .into_response()
        }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}/onorcApi/ws1", listener.local_addr().expect("it is bound"));
    let app = Router::new().route("/onorcApi/ws1/getrationcard", routing::any(answer));
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

fn departments(url: &str, key: &str, envelope: Option<Envelope>) -> Departments {
    let headers = vec![("x-api-key".to_owned(), Secret::new(key.to_owned()))];
    let http = Http::new(vec![("pds".to_owned(), Address { url: url.to_owned(), headers })], 10_000);
    let policy = Policy { envelope, retries: 0, ..Policy::default() };
    let transport = Arc::new(http.expect("an address"));
    Departments::new(transport, Arc::new(SystemClock), Arc::new(SeededChance::new(7)), vec![("pds".to_owned(), policy)])
}

async fn card(departments: &Departments, card: &str) -> Outcome {
    let give = vec![Some(Value::Text(card.to_owned())), Some(Value::Amount(1_250))];
    let within = Duration::from_secs(20);
    let call = CallRequest { operation: OperationId(0), give, within, caller: "919812345670".to_owned(), late: false };
    departments.read(&program(PDS), &call, Budget(within)).await
}

#[tokio::test]
async fn a_department_behind_umang_is_asked_and_read_in_its_envelope() {
    let seen = Seen::default();
    let url = umang(Arc::clone(&seen)).await;
    let departments = departments(&url, "zq-key", Some(envelope()));
    let named = |name: &str| Outcome::Failed(Failure::Named(name.to_owned()));
    let shop = Value::Record(vec![Some(Value::Text("SHOP 7".to_owned()))]);
    assert_eq!(card(&departments, "1\"}").await, Outcome::Answered(shop));
    assert_eq!(card(&departments, "2").await, named("not_found"));
    assert_eq!(card(&departments, "3").await, named("not_linked"));
    assert_eq!(card(&departments, "4").await, Outcome::Failed(Failure::Down));
    assert_eq!(card(&departments, "5").await, named("closed"));
    assert_eq!(card(&departments, "6").await, Outcome::Failed(Failure::Down));
    assert_eq!(card(&departments, "7").await, Outcome::Failed(Failure::Down));
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(seen[0].1, r#"{"card":"1\"}","kilos":12.5,"lac":"","lang":"en","lat":"","lon":""}"#);
    assert!(seen.windows(2).all(|two| two[0].0 != two[1].0), "each call has its own tracker: {seen:?}");
}

#[tokio::test]
async fn without_its_envelope_or_its_key_such_a_department_says_no() {
    let url = umang(Seen::default()).await;
    assert_eq!(card(&departments(&url, "zq-key", None), "1").await, Outcome::Failed(Failure::Refused));
    assert_eq!(card(&departments(&url, "none", Some(envelope())), "1").await, Outcome::Failed(Failure::Down));
    let nobody = Envelope { deptid: String::new(), ..envelope() };
    assert_eq!(card(&departments(&url, "zq-key", Some(nobody)), "1").await, Outcome::Failed(Failure::Refused));
}

#[test]
fn an_operation_that_does_not_fit_is_named_at_the_start() {
    let get = program(
        "department: pds\noperations:\n  card: {get: \"/card/{{ card }}\", answer: {shop: {from: /shop, text: 20}}}\n",
    );
    assert_eq!(suit(&get, |_| false), Ok(()));
    let told = suit(&get, |name| name == "pds").expect_err("a get has no body").to_string();
    insta::assert_snapshot!(told, @"`pds.card` cannot be asked in UMANG's envelope: it takes `post` only; change the operation, or leave `envelope` out of `[departments.pds]`");
}
