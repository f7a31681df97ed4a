//! The ends of dialogues, as each gateway tells them, and what can be asked besides.

use std::net::SocketAddr;
use std::time::Duration;

use gramsetu::gateway::{Aggregator, Doing};
use gramsetu::handset::Wire as _;
use gramsetu::phone::{self, Country, ServiceCode};
use serde_json::{Value, json};

use super::hook;
use crate::phones::{Phone, profile};
use crate::server::{GATEWAYS, Heard, send};
use crate::stage::Stage;

/// The whole of what each gateway hears when it says that a dialogue is over. Keys of JSON stand in alphabetical order.
fn acknowledged(gateway: &str, id: &str) -> String {
    match gateway {
        "hubtel" => r#"{"Message":"","Type":"Release"}"#.to_owned(),
        "infobip" => r#"{"responseExitCode":200,"responseMessage":""}"#.to_owned(),
        "mtech" => format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><page version=\"2.0\"><session_id>{id}</session_id></page>"
        ),
        _ => String::new(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_is_acknowledged_and_redialling_goes_on() {
    let stage = Stage::new().await;
    let wire = stage.wire();
    let india = Country::by_iso("IN").expect("a country");
    for (n, gateway) in (600..).zip(GATEWAYS) {
        let number = format!("+91980000{n:04}");
        let msisdn = phone::parse(&number, india).expect("a number");
        let code = ServiceCode::parse("*123#").expect("a code");
        let mut dialogue = Aggregator::new(profile(gateway), msisdn, n, vec![code]);
        let mut shown = String::new();
        for doing in [Doing::Dial("*123#"), Doing::Answer("8"), Doing::Answer("1"), Doing::Answer("haryana")] {
            let request = dialogue.request(doing).expect("it can be said");
            let reply = wire.send(gateway, request).await.expect("it is served");
            shown = dialogue.read(&reply).expect("a page").0;
        }
        assert!(shown.starts_with("Your district"), "{gateway}: {shown}");
        let end = dialogue.request(Doing::HangUp).expect("all of them tell");
        let late = dialogue.request(Doing::Answer("karnal")).expect("it can be said");
        for _ in 0..2 {
            let reply = wire.send(gateway, end.clone()).await.expect("it is served");
            let body = String::from_utf8(reply.body).expect("UTF-8");
            assert_eq!(body, acknowledged(gateway, &format!("{n:032x}")[12..]), "{gateway}");
        }
        if !matches!(gateway, "flares" | "imimobile") {
            // In these two nothing tells an answer that comes after the end from a dialogue that begins.
            let reply = wire.send(gateway, late).await.expect("it is served");
            let (text, more) = dialogue.read(&reply).expect("a page");
            assert!(!more, "an answer after the end on {gateway}: {text}");
        }
        let mut again = Phone::new(&profile(gateway), &number, 1000 + n);
        let question = again.dial(&wire, "*123#").await.expect("it is served");
        assert!(question.text.starts_with("You had not finished last time."), "{gateway}: {question:?}");
        let resumed = again.answer(&wire, "1").await.expect("it is served");
        assert_eq!(resumed.text, shown, "{gateway}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_a_dialogue_that_nobody_knows_is_acknowledged_too() {
    let stage = Stage::new().await;
    for (n, gateway) in (700..).zip(GATEWAYS) {
        let msisdn = phone::parse("+919800000700", Country::by_iso("IN").expect("a country")).expect("a number");
        let mut dialogue = Aggregator::new(profile(gateway), msisdn, n, Vec::new());
        dialogue.request(Doing::Dial("*123#"));
        let end = dialogue.request(Doing::HangUp).expect("all of them tell");
        let reply = stage.wire().send(gateway, end).await.expect("it is served");
        let body = String::from_utf8(reply.body).expect("UTF-8");
        assert_eq!(body, acknowledged(gateway, &format!("{n:032x}")[12..]), "{gateway}");
    }
}

async fn form(hooks: SocketAddr, rest: &str, body: &str) -> Heard {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    send(hooks, "POST", &hook("africastalking", rest), &headers, body.as_bytes()).await.expect("a reply")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn africas_talking_tells_the_end_at_a_path_of_its_own() {
    let stage = Stage::new().await;
    let turn = "sessionId=ATUid_1&serviceCode=%2A123%23&phoneNumber=%2B919800000800&networkCode=99999";
    let first = form(stage.hooks, "", &format!("{turn}&text=")).await;
    assert!(first.text().starts_with("CON Welcome."), "{first:?}");
    for status in ["Incomplete", "Success", "Failed", "SomethingNew"] {
        let end = format!(
            "date=2026-01-15&sessionId=ATUid_1&serviceCode=%2A123%23&networkCode=99999&phoneNumber=%2B919800000800\
             &status={status}&cost=1.5&durationInMillis=9000&hopsCount=2&input=&lastAppResponse=CON+Welcome&errorMessage="
        );
        let heard = form(stage.hooks, "/end", &end).await;
        assert_eq!((heard.status, heard.text().as_str()), (200, ""), "{status}");
    }
    let late = form(stage.hooks, "", &format!("{turn}&text=2")).await;
    assert_eq!(late.text(), "END Your time ran out. Please dial again.");
}

async fn infobip(hooks: SocketAddr, method: &str, rest: &str, body: Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let headers = [("content-type", "application/json")];
    let target = hook("infobip", &format!("/session/{rest}"));
    let heard = send(hooks, method, &target, &headers, body.as_bytes()).await.expect("a reply");
    assert_eq!(heard.status, 200, "{heard:?}");
    serde_json::from_slice(&heard.body).unwrap_or_else(|_| panic!("{heard:?}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn infobips_session_lives_from_start_to_end() {
    let stage = Stage::new().await;
    let hooks = stage.hooks;
    let dialled = json!({"msisdn": "919800000900", "imsi": "x", "shortCode": "123", "text": "*123#", "optional": ""});
    let alive = json!({"sessionActive": true, "responseExitCode": 200, "responseMessage": ""});
    let gone = json!({"sessionActive": false, "responseExitCode": 200, "responseMessage": ""});
    assert_eq!(infobip(hooks, "GET", "77/status", Value::Null).await, gone);
    let first = infobip(hooks, "POST", "77/start", dialled).await;
    assert_eq!((&first["shouldClose"], &first["responseExitCode"]), (&json!(false), &json!(200)));
    assert_eq!(infobip(hooks, "GET", "77/status", Value::Null).await, alive);
    let answer = json!({"msisdn": "919800000900", "text": "8"});
    let second = infobip(hooks, "POST", "77/response", answer.clone()).await;
    assert!(second["ussdMenu"].as_str().expect("a page").starts_with("Farming"), "{second}");
    let reason = json!({"reason": "userTerminated", "exitCode": 521});
    let ended = infobip(hooks, "PUT", "77/end", reason).await;
    assert_eq!(ended, json!({"responseExitCode": 200, "responseMessage": ""}));
    assert_eq!(infobip(hooks, "GET", "77/status", Value::Null).await, gone);
    stage.wait(Duration::from_secs(5));
    let late = infobip(hooks, "POST", "77/response", answer).await;
    assert_eq!(late["shouldClose"], true, "{late}");
}
