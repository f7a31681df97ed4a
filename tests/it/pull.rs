//! Answers in the reply: a gateway that sends what a request is answered on to the citizen (Mobile Seva's pull), over real HTTP, on both
//! engines.

use std::sync::Arc;

use gramsetu::menu::{self, Program};
use gramsetu::source::Files;
use gramsetu::store::Database;

use crate::links::Stage;
use crate::postgres;
use crate::server::{Heard, SECRET, get, send};

fn program() -> Arc<Program> {
    let bridge = "languages: {en: English}\nussd: {\"*1#\": home}\nsms: [{keyword: PDS, run: shop, form: form}]\n";
    let messages = "header: GRAMST\nkind: transactional\nmessages:\n  shop_sms: {texts: {en: Shop 42 & open}}\n  \
                    other: {texts: {en: The other one}}\n  form: {texts: {en: Text PDS alone}}\n  bridge.unknown: {texts: {en: Text PDS}}\n  \
                    bridge.help: {texts: {en: Text PDS}}\n  bridge.stopped: {texts: {en: Stopped}}\n  bridge.stopped_one: {texts: {en: 'Stopped {{ header }}'}}\n  \
                    bridge.sorry: {texts: {en: Sorry}}\n  bridge.started: {texts: {en: Started}}\n";
    let shop = "menu: shop\nscreens:\n  top: {send: shop_sms, next: more}\n  more: {send: other, next: done}\n  done: {end: Done}\n";
    let mut files = Files::default();
    for (path, text) in [
        ("bridge.yaml", bridge),
        ("home.yaml", "menu: home\nscreens: {top: {end: Hello}}\n"),
        ("shop.yaml", shop),
        ("messages/all.yaml", messages),
    ] {
        files.add(path, text);
    }
    let (program, findings) = menu::compile(&files);
    Arc::new(program.unwrap_or_else(|| panic!("{findings:?}")))
}

/// As the vendor's page has it.
fn asked(text: &str, at: &str) -> String {
    format!(
        "/hooks/mobileseva/{SECRET}/sms?mobileNumber=9812345670&timeStamp=2026-01-15%20{at}&operatorName=&areaCode=&message={text}"
    )
}

async fn what_answers_is_the_reply_once_and_again_the_same(database: &Database) {
    let stage = Stage::on(database, program()).await;
    let ask = async |text: &str, at: &str| -> Heard { get(stage.hooks, &asked(text, at)).await.expect("a reply") };
    let told = ask("PDS", "10:30:01").await;
    assert_eq!((told.status, told.text().as_str()), (200, "Shop 42 & open"));
    assert_eq!(told.header("content-type"), Some("text/plain; charset=utf-8"));
    // What does not go into one reply is a message like any other; what does is sent by nobody.
    assert_eq!(stage.sent().await, ["The other one"]);
    assert_eq!(stage.counted("messages_total{outcome=\"in_reply\"}"), 1);

    // Told again, it is not done again, and answered the same.
    for _ in 0..2 {
        assert_eq!(ask("PDS", "10:30:01").await.text(), "Shop 42 & open");
    }
    assert_eq!(stage.sent().await, [""; 0]);
    assert_eq!(stage.counted("messages_total{outcome=\"in_reply\"}"), 1);
    // At another time it is another message.
    assert_eq!(ask("PDS", "10:30:02").await.text(), "Shop 42 & open");
    assert_eq!(stage.sent().await, ["The other one"]);

    assert_eq!(ask("PDS%20101", "10:31:00").await.text(), "Text PDS alone");
    assert_eq!(ask("when", "10:31:01").await.text(), "Text PDS");
    assert_eq!(ask("STOP", "10:31:02").await.text(), "Stopped");
    assert_eq!(stage.sent().await, [""; 0]);
    // What only tries the address, and what cannot be read, is answered with nothing that could go to a phone.
    for nothing in [format!("/hooks/mobileseva/{SECRET}/sms"), format!("/hooks/mobileseva/{SECRET}/sms?message=PDS")] {
        let told = get(stage.hooks, &nothing).await.expect("a reply");
        assert_eq!((told.status, told.body.len()), (200, 0), "{nothing}");
    }
    // Where another gateway is told, the answer is a message.
    let hook = format!("/hooks/sandbox/{SECRET}/sms");
    let body = br#"{"id": "1", "from": "+919812345670", "to": "139", "text": "PDS"}"#;
    let told = send(stage.hooks, "POST", &hook, &[], body).await.expect("a reply");
    assert_eq!((told.status, told.body.len()), (200, 0));
    let mut sent = stage.sent().await;
    sent.sort();
    assert_eq!(sent, ["Shop 42 & open", "The other one"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_answers_is_the_reply_on_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = Database::Sqlite(folder.path().join("pull.db"));
    what_answers_is_the_reply_once_and_again_the_same(&file).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_answers_is_the_reply_on_postgresql() {
    let database = postgres::database().await;
    let address = database.address.parse().expect("an address");
    what_answers_is_the_reply_once_and_again_the_same(&address).await;
}
