//! Messages at a demo, over real HTTP: texted and rung as the banner says, seen where they arrive, told of by receipts; once, also where the
//! aggregator misbehaves.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;

use super::Demo;
use crate::server::{PATIENCE, get, send, until};

const FILES: [(&str, &str); 4] = [
    (
        "bridge.yaml",
        "languages: {en: English}\nussd: {\"*123#\": home}\nsms: [{keyword: BAL, run: balance, form: form}]\n\
         missed_call: {\"9718397183\": {send: welcome, once_in: 1h}, \"9718397184\": {send: bridge.link}}\n\
         short_links: {app: {kaios: \"https://a.example/k\", else: \"https://a.example/s\"}}\nlinks: [\"https://a.example/l/\"]\n",
    ),
    ("home.yaml", "menu: home\nscreens: {top: {end: Hello}}\n"),
    ("balance.yaml", "menu: balance\nscreens:\n  top: {send: balance_sms, next: bye}\n  bye: {end: Bye}\n"),
    (
        "messages/all.yaml",
        "header: GRAMST\nkind: transactional\nmessages:\n  balance_sms: {texts: {en: Your balance is told}}\n  \
         welcome: {texts: {en: 'Dial *123#'}}\n  form: {texts: {en: Write BAL}}\n  bridge.unknown: {texts: {en: Write BAL}}\n  \
         bridge.help: {texts: {en: Write BAL}}\n  bridge.stopped: {texts: {en: Stopped}}\n  bridge.started: {texts: {en: Started}}\n  \
         bridge.link: {texts: {en: 'The app: {{ link }}'}}\n  bridge.stopped_one: {texts: {en: 'Stopped {{ header }}'}}\n  bridge.sorry: {texts: {en: Sorry}}\n  \
         bridge.pay_failed: {texts: {en: 'Rs {{ amount }} NOT paid to {{ biller }} for {{ account }}, {{ transaction }}, {{ date }} {{ time }}'}}\n  \
         bridge.reversed: {texts: {en: 'Rs {{ amount }} given back by {{ biller }} for {{ account }}, {{ transaction }}, {{ date }} {{ time }}'}}\n  \
         bridge.paid: {texts: {en: 'Rs {{ amount }} paid to {{ biller }} for {{ account }}, {{ transaction }}, {{ date }} {{ time }}'}}\n",
    ),
];

fn write_menus(folder: &Path) {
    for (path, text) in FILES {
        let path = folder.join("mine").join(path);
        std::fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }
}

fn demo(folder: &Path) -> Demo {
    write_menus(folder);
    Demo::start(folder, &["--menus", "mine"])
}

/// The lines of the banner from the one that begins with this and holds that, as far as they belong together.
fn lines(banner: &str, begins: &str, holds: &str) -> String {
    let mut lines = banner.lines().skip_while(|line| !(line.trim_start().starts_with(begins) && line.contains(holds)));
    let mut found = lines.next().unwrap_or_else(|| panic!("{holds}: {banner}")).to_owned();
    // A `curl` goes on after a backslash; what is set before one belongs to it.
    while let Some(line) =
        lines.next().filter(|line| !line.is_empty() && (!begins.starts_with("curl") || found.ends_with('\\')))
    {
        found.push('\n');
        found.push_str(line);
    }
    found
}

fn shell(lines: &str) -> String {
    let output = Command::new("sh").args(["-euc", lines]).output().expect("a shell");
    assert!(output.status.success(), "{lines}: {output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

async fn messages(hooks: SocketAddr, number: &str) -> Vec<(String, String)> {
    let told = get(hooks, &format!("/messages/{number}")).await.expect("a reply");
    assert_eq!(told.status, 200, "{}", told.text());
    let told: serde_json::Value = serde_json::from_slice(&told.body).expect("JSON");
    let word = |message: &serde_json::Value, key: &str| message[key].as_str().expect("a text").to_owned();
    let told = told["messages"].as_array().expect("a list").iter();
    told.map(|message| (word(message, "from"), word(message, "text"))).collect()
}

async fn counts(aggregator: SocketAddr) -> serde_json::Value {
    let told = get(aggregator, "/messages").await.expect("a reply");
    serde_json::from_slice(&told.body).expect("JSON")
}

async fn misbehave(aggregator: SocketAddr, how: &str) {
    let told = send(aggregator, "PUT", "/sandbox/messages", &[], how.as_bytes()).await.expect("a reply");
    assert_eq!(told.status, 204, "{}", told.text());
}

async fn text(hooks: SocketAddr, from: &str, text: &str) {
    let body = serde_json::json!({ "from": from, "to": "123", "text": text }).to_string();
    let told = send(hooks, "POST", "/hooks/sandbox/demo/sms", &[], body.as_bytes()).await.expect("a reply");
    assert_eq!(told.status, 200, "{}", told.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_banner_says_of_messages_works_and_each_arrives_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = demo(folder.path());
    let (hooks, admin) = (demo.address("serving its menus on"), demo.address("Health and metrics:"));
    let aggregator = demo.address("curl -X PUT");
    let arrived = async || messages(hooks, "9812345671").await;

    // As the banner has it: a text, a missed call, a payment; and where they arrive.
    shell(&lines(&demo.banner, "curl", "demo/sms -d"));
    let balance = ("GRAMST".to_owned(), "Your balance is told".to_owned());
    until("the text is answered", async || arrived().await == [balance.clone()]).await;
    shell(&lines(&demo.banner, "curl", "demo/missed-call -d"));
    until("the missed call is answered", async || arrived().await.iter().any(|(_, text)| text == "Dial *123#")).await;
    let paid = lines(&demo.banner, "N=", "transaction");
    assert_eq!(shell(&paid), "", "the notice is taken");
    let confirmation = "Rs 450.00 paid to UP Power for XX7890, CC016325BA6AAAIN11HM, 22-11-2026 10:15";
    until("the payment is confirmed", async || arrived().await.iter().any(|(_, text)| text == confirmation)).await;
    assert_eq!(shell(&paid), "", "the same notice is taken again");
    assert!(shell(&lines(&demo.banner, "curl", "/messages/98")).contains(confirmation));

    // A link in a message is followed as the banner says, with its own end.
    let call = br#"{"from": "+919812345675", "to": "9718397184"}"#;
    let told = send(hooks, "POST", "/hooks/sandbox/demo/missed-call", &[], call).await.expect("a reply");
    assert_eq!(told.status, 200, "{}", told.text());
    until("the link arrives", async || !messages(hooks, "9812345675").await.is_empty()).await;
    let (_, linked) = messages(hooks, "9812345675").await.remove(0);
    let token = linked.strip_prefix("The app: https://a.example/l/").expect("a short address");
    let followed = shell(&lines(&demo.banner, "curl -i", "/l/").replace("abcd2345", token));
    assert!(followed.starts_with("HTTP/1.1 302") && followed.contains("location: https://a.example/k"), "{followed}");

    let receipts = "gramsetu_message_receipts_total{gateway=\"sandbox\",status=\"delivered\"} 4";
    until("receipts are counted", async || {
        get(admin, "/metrics").await.is_ok_and(|page| page.text().contains(receipts))
    })
    .await;
    assert_eq!(arrived().await.len(), 3, "the second notice has told nobody anything");

    // An answer that is lost: the message is handed over again under its key, and is still one.
    misbehave(aggregator, "loses the answer, sends no receipts").await;
    text(hooks, "+919812345672", "BAL").await;
    until("it is sent again", async || counts(aggregator).await["repeated"].as_u64() > Some(0)).await;
    assert_eq!(messages(hooks, "9812345672").await, std::slice::from_ref(&balance));
    // What is refused never arrives; what comes behind it does.
    misbehave(aggregator, "refuses").await;
    text(hooks, "+919812345673", "BAL").await;
    until("it is refused", async || counts(aggregator).await["refused"].as_u64() > Some(0)).await;
    misbehave(aggregator, "works").await;
    text(hooks, "+919812345674", "BAL").await;
    until("the next one arrives", async || messages(hooks, "9812345674").await == [balance.clone()]).await;
    assert_eq!(messages(hooks, "9812345673").await, []);
    assert_eq!(messages(hooks, "9812345672").await, [balance]);
    assert_eq!(counts(aggregator).await["taken"], 6);
    let told = send(aggregator, "PUT", "/sandbox/messages", &[], b"sleeps").await.expect("a reply");
    assert!(told.status == 400 && told.text().contains("loses the answer"), "{}", told.text());
}

#[test]
fn dial_texts_and_rings_and_shows_what_arrives() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = demo(folder.path());
    let hooks = demo.address("serving its menus on");
    let mut dial = Command::new(env!("CARGO_BIN_EXE_gramsetu"))
        .current_dir(folder.path())
        .args(["dial", "*123#", "--url", &format!("http://{hooks}")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let output = BufReader::new(dial.stdout.take().expect("its output"));
    let (told, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            if told.send(line).is_err() {
                break;
            }
        }
    });
    let mut typed = dial.stdin.take().expect("its input");
    let mut shows = |says: &str, what: &str| {
        writeln!(typed, "{says}").expect("it reads");
        let mut seen = Vec::new();
        while !seen.last().is_some_and(|line: &String| line.contains(what)) {
            seen.push(lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{what}: {seen:?}")));
        }
    };
    shows("sms BAL to 123", "SMS from GRAMST: Your balance is told");
    shows("call 97183-97183", "SMS from GRAMST: Dial *123#");
    // Another phone, whose messages are shown from then on.
    shows("/dial *123# from +919812345677", "Hello");
    shows("/sms BAL to 123", "SMS from GRAMST: Your balance is told");
    drop(typed);
    assert!(dial.wait().expect("it ends").success());
}

#[test]
fn menus_in_this_process_are_texted_and_rung_as_well_and_what_arrives_is_written_down() {
    let folder = tempfile::tempdir().expect("a folder");
    write_menus(folder.path());
    let gramsetu = |arguments: &[&str], typed: &str| {
        let answers = folder.path().join("answers");
        std::fs::write(&answers, typed).expect("written");
        let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
        let answers = std::fs::File::open(answers).expect("a file");
        let output = command.current_dir(folder.path()).args(arguments).stdin(answers).output().expect("it runs");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let dial = ["dial", "*123#", "--menus", "mine", "--record", "mine/texts.dialogue"];
    let talk =
        gramsetu(&dial, "sms BAL to 123\n/call 9718397183\ncall 9718397183\n/aggregator refuses\n/sms BAL to 123\n");
    assert_eq!(talk.matches("SMS from GRAMST: Your balance is told").count(), 1, "{talk}");
    assert_eq!(talk.matches("SMS from GRAMST: Dial *123#").count(), 1, "{talk}");
    let played = gramsetu(&["play", "mine"], "");
    assert!(played.contains("1 dialogue passed, 0 failed"), "{played}");
}
