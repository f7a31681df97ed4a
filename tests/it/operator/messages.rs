//! `gramsetu messages` by the real program: what it shows of messages that wait, are in doubt or were given up, and that a running server
//! sends what it queues again.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use gramsetu::ambient::{SystemChance, SystemClock, VirtualClock};
use gramsetu::gateway::messages::{Carrier, MessageProfile, shipped_messages};
use gramsetu::handset::aggregator::{self, SandboxAggregator};
use gramsetu::http::{Bounds, Shutdown, listen};
use gramsetu::meters::Meters;
use gramsetu::outbox::{self, Outbox, Parts, Routes};
use gramsetu::phone::{self, Country};
use gramsetu::store::seal::Keyring;
use gramsetu::store::{
    self, Attempts, Commit, Database, Message, MessageChange, MessageClaims, MessageId, Options, ReceiptOf,
    ReceiptStatus, Store, Unsent,
};
use gramsetu::types::{Clock as _, MessageKind, Msisdn, OutMessage, Priority, Repeat, Secret, Timestamp};
use serde_json::Value;

use super::run;
use crate::server::{House, Server, until};

/// Unlike any other, so that what is said can be searched for them.
const NUMBER: &str = "919877701234";
const TEXT: &str = "zq-text-of-a-citizen";

fn number() -> Msisdn {
    phone::parse(&format!("+{NUMBER}"), Country::by_iso("IN").expect("a country")).expect("a number")
}

fn sandbox() -> Arc<MessageProfile> {
    Arc::new(shipped_messages().into_iter().find(|profile| profile.name == "sandbox").expect("it is shipped"))
}

/// A gateway that takes messages, and a house with a route to it.
struct Stage {
    house: House,
    aggregator: Arc<SandboxAggregator>,
    address: Option<String>,
    ends: Shutdown,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.ends.begin();
    }
}

impl Stage {
    /// On a file, or on this PostgreSQL.
    async fn new(address: Option<String>) -> Self {
        let carrier = Carrier::new(sandbox(), None);
        let aggregator = Arc::new(SandboxAggregator::new(carrier, Arc::new(SystemClock), Arc::new(SystemChance)));
        let router = aggregator::router(Arc::clone(&aggregator)).expect("a client for receipts");
        let ends = Shutdown::default();
        let listening = listen(([127, 0, 0, 1], 0).into(), router, Bounds::default(), ends.clone()).await;
        let gateway: SocketAddr = listening.expect("a port").address;
        let house = House::new(&format!("routes.sandbox = {{ url = \"http://{gateway}\", free_text = true }}\n")).await;
        Self { house, aggregator, address, ends }
    }

    fn command(&self) -> Command {
        let mut command = self.house.command();
        command.args(self.address.iter().flat_map(|address| ["--database", address]));
        command
    }

    fn messages(&self, arguments: &[&str]) -> (i32, String, String) {
        let database: Vec<&str> = self.address.iter().flat_map(|address| ["--database", address.as_str()]).collect();
        let said = run(&self.house, &[&["messages"], arguments, &database[..]].concat());
        for secret in [TEXT, NUMBER, &NUMBER[2..]] {
            assert!(!said.1.contains(secret) && !said.2.contains(secret), "{said:?}");
        }
        said
    }

    /// What was done without complaint.
    fn done(&self, arguments: &[&str]) -> String {
        let (status, said, wrong) = self.messages(arguments);
        assert_eq!((status, wrong.as_str()), (0, ""), "{said}");
        said
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.done(&[arguments, &["--format", "json"]].concat())).expect("JSON")
    }

    fn state(&self, id: MessageId) -> String {
        self.json(&["show", &id.to_string()])["state"].as_str().expect("a state").to_owned()
    }

    fn arrived(&self) -> Vec<String> {
        let mut texts: Vec<_> = self.aggregator.arrived(&number(), 0).into_iter().map(|arrived| arrived.text).collect();
        texts.sort();
        texts
    }

    async fn arrives(&self, texts: &[&str]) {
        until("the server sends it", async || self.arrived() == texts).await;
    }

    async fn store(&self) -> Arc<dyn Store> {
        let database = match &self.address {
            Some(address) => address.parse().expect("an address"),
            None => Database::Sqlite(self.house.path("gramsetu.db")),
        };
        store::open(&database, Options::default(), SystemClock.now()).await.expect("it opens")
    }

    /// Messages as an hour of trouble leaves them.
    async fn trouble(&self) -> Left {
        let began = Timestamp(SystemClock.now().0 - 3_600_000);
        let store = self.store().await;
        let outbox = Outbox::new(Parts {
            routes: Routes::default(),
            transport: Arc::new(outbox::Http::new(std::iter::empty()).expect("a client")),
            store: Arc::clone(&store),
            keyring: Arc::new(
                Keyring::new(
                    &Secret::from(self.house.keys[0].as_str()),
                    &[(1, Secret::from(self.house.keys[1].as_str()))],
                )
                .expect("keys"),
            ),
            clock: Arc::new(VirtualClock::starting_at(began)),
            chance: Arc::new(SystemChance),
            meters: Arc::new(Meters::default()),
        });
        let queue = async |text: &str, priority, lives| {
            let message = OutMessage {
                to: number(),
                text: format!("{TEXT} {text}"),
                header: "EPFOHO".to_owned(),
                kind: MessageKind::Transactional,
                priority,
                repeat: Repeat::Never,
                entity: None,
                template: Some("1107000000000000001".to_owned()),
                language: "en".to_owned(),
            };
            let queued = outbox.queued(&message, lives).expect("it can be kept");
            let MessageChange::Queue(Message { id, .. }) = queued else { panic!("{queued:?}") };
            store.commit(Commit { messages: vec![queued], ..Commit::default() }).await.expect("kept");
            id
        };
        let day = Duration::from_hours(24);
        let left = Left {
            absent: queue("absent", Priority::Notice, day).await,
            unreached: queue("unreached", Priority::Receipt, day).await,
            wrong: queue("wrong", Priority::Notice, day).await,
            doubtful: queue("doubtful", Priority::Notice, day).await,
            waits: queue("waits", Priority::Notice, day).await,
            code: queue("code", Priority::Otp, Duration::from_mins(10)).await,
        };
        let claims = MessageClaims { now: began, until: began.plus(day), at_most: 9, expired: false };
        let claimed = store.lease_messages(claims).await.expect("claimed");
        assert_eq!(claimed.len(), 6);
        let sending = |id: MessageId, route: &str| MessageChange::Sending {
            id,
            lease: 1,
            route: route.to_owned(),
            until: began.plus(day),
            repeat: Repeat::Never,
        };
        let refused =
            |id, reason: &str| MessageChange::Refused { id, attempt: 1, again: None, reason: reason.to_owned() };
        let expired =
            MessageChange::Drop { id: left.code, lease: 1, state: Unsent::Expired, reason: "expired".to_owned() };
        let messages = vec![
            sending(left.unreached, "sandbox"),
            refused(left.unreached, "no_connection"),
            sending(left.wrong, "elsewhere"),
            refused(left.wrong, "21211"),
            sending(left.doubtful, "sandbox"),
            MessageChange::Doubt { id: left.doubtful, attempt: 1, again: None },
            MessageChange::Release { id: left.waits, lease: 1, due: began.plus(day / 2) },
            expired,
            sending(left.absent, "sandbox"),
            MessageChange::Accepted { id: left.absent, attempt: 1, foreign: None, at: began },
            MessageChange::Receipt {
                by: ReceiptOf::Id(left.absent, Attempts::ALL),
                status: ReceiptStatus::Failed,
                reason: Some("absent".to_owned()),
                at: began,
            },
        ];
        store.commit(Commit { messages, ..Commit::default() }).await.expect("kept");
        store.close().await.expect("closed");
        left
    }
}

struct Left {
    absent: MessageId,
    unreached: MessageId,
    wrong: MessageId,
    doubtful: MessageId,
    waits: MessageId,
    code: MessageId,
}

async fn a_running_server_sends_what_is_queued_again(stage: Stage) {
    let left = stage.trouble().await;
    let server = Server::start(stage.command()).await;

    let summary = stage.done(&[]);
    for part in [
        "waiting     1\n",
        "1  notice: queued; the first queued ",
        "doubtful    1\n",
        "1  notice: in doubt: it may have gone out, route sandbox; ",
        "dead        3\n",
        "1  receipt: refused for good, route sandbox, `no_connection`: the gateway could not be reached; ",
        "1  notice: refused for good, route elsewhere, the gateway says `21211`; ",
        "1  otp: too late to be sent, `expired`: its time was over before it could be sent; ",
        "undelivered 1\n",
        "1  notice: not delivered, route sandbox, the gateway says `absent`; ",
        " IST (1h)",
    ] {
        assert!(summary.contains(part), "{part}\n{summary}");
    }
    let dead = stage.done(&["dead", "--limit", "2"]);
    assert!(dead.contains("to XX1234, from EPFOHO, transactional, en, template 1107000000000000001"), "{dead}");
    assert!(dead.contains("There are more dead letters"), "{dead}");
    let ids = |listed: &Value| {
        let listed = listed.as_array().expect("a list").iter();
        listed.map(|one| one["id"].as_str().expect("an id").parse().expect("an id")).collect::<Vec<MessageId>>()
    };
    let waiting = stage.json(&["waiting"]);
    assert_eq!(ids(&waiting), [left.waits]);
    assert_eq!(waiting[0]["number"], "XX1234");
    assert_eq!(ids(&stage.json(&["doubtful"])), [left.doubtful]);
    let groups = stage.json(&[]);
    assert_eq!(groups["groups"].as_array().map(Vec::len), Some(6), "{groups}");
    assert_eq!(ids(&stage.json(&["undelivered"])), [left.absent]);
    let shown = stage.done(&["show", &left.wrong.to_string().to_uppercase()]);
    assert!(shown.contains("state     refused for good\nreason    the gateway says `21211`\n"), "{shown}");

    // By reason, by route, by age; and what is too old a code is left.
    let none = stage.done(&["requeue", "--dead", "--since", "30m"]);
    assert!(none.contains("Nothing was queued again"), "{none}");
    let none = stage.done(&["requeue", "--dead", "--route", "sandbox", "--reason", "21211"]);
    assert!(none.contains("Nothing was queued again"), "{none}");
    let none = stage.done(&["requeue", "--dead", "--reason", "no_conection"]);
    let there = "None of them has the reason `no_conection`; there are: `21211`, `expired`, `no_connection`.\n";
    assert_eq!(none, format!("{there}Nothing was queued again.\n"));
    let none = stage.json(&["requeue", "--dead", "--route", "sandbocks"]);
    assert_eq!(none["instead"], "None of them has the route `sandbocks`; there are: `elsewhere`, `sandbox`.");
    let codes = stage.done(&["requeue", "--dead", "--reason", "expired"]);
    assert!(codes.contains("Left as they are: 1 code not valid any more."), "{codes}");
    let one = stage.done(&["requeue", "--dead", "--reason", "no_connection", "--since", "2h"]);
    assert!(one.contains("Queued again: 1 message."), "{one}");
    let unreached = format!("{TEXT} unreached");
    stage.arrives(&[&unreached]).await;
    until("it is known that it was taken", async || stage.state(left.unreached) == "accepted").await;
    let shown = stage.json(&["show", &left.unreached.to_string()]);
    assert_eq!((&shown["attempts"], &shown["attempts_before"]), (&1.into(), &1.into()), "{shown}");

    // What a receipt said was not delivered.
    let one = stage.done(&["requeue", "--undelivered", "--reason", "absent"]);
    assert!(one.contains("Queued again: 1 message."), "{one}");
    let absent = format!("{TEXT} absent");
    stage.arrives(&[&absent, &unreached]).await;

    // What may have gone out already goes out only where that was said.
    let doubtful = left.doubtful.to_string();
    for arguments in [&["requeue", "--doubtful"][..], &["requeue", &doubtful]] {
        let (status, said, wrong) = stage.messages(arguments);
        assert_eq!((status, said.as_str()), (2, ""), "{wrong}");
        assert!(
            wrong.contains("1 message is in doubt") && wrong.contains("twice") && wrong.contains("--may-repeat"),
            "{wrong}"
        );
    }
    assert_eq!(stage.state(left.doubtful), "in_doubt");
    stage.done(&["requeue", "--doubtful", "--may-repeat"]);
    let again = format!("{TEXT} doubtful");
    stage.arrives(&[&absent, &again, &unreached]).await;

    // By id: those that go out again do, and of the others it is said why they do not.
    let ids = [left.wrong, left.code, left.unreached].map(|id| id.to_string());
    let (status, said, wrong) = stage.messages(&["requeue", &ids[0], &ids[1], &ids[2]]);
    assert_eq!((status, wrong.as_str()), (1, ""), "{said}");
    assert!(said.contains(&format!("{} stays as it is: its code is not valid any more", ids[1])), "{said}");
    assert!(said.contains(&format!("{} stays as it is: a gateway has taken it", ids[2])), "{said}");
    assert!(said.contains("Queued again: 1 message."), "{said}");
    stage.arrives(&[&absent, &again, &unreached, &format!("{TEXT} wrong")]).await;
    let (status, _, wrong) = stage.messages(&["requeue", &"0".repeat(32)]);
    assert!(status == 2 && wrong.contains("there is no message 0000"), "{wrong}");
    let summary = stage.done(&[]);
    assert!(summary.contains("waiting     1\n") && summary.contains("dead        1\n"), "{summary}");
    let log = server.log();
    assert!(!log.contains(TEXT), "{log}");
    let lacks =
        "A route asks for no receipts: open its gateway (`[gateways.sandbox]`) and set `public_url`, or nobody hears";
    assert!(log.contains(lacks), "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_on_a_file_sends_what_is_queued_again_beside_it() {
    a_running_server_sends_what_is_queued_again(Stage::new(None).await).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_on_a_postgresql_sends_what_is_queued_again_beside_it() {
    let database = crate::postgres::database().await;
    a_running_server_sends_what_is_queued_again(Stage::new(Some(database.address.clone())).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_keys_or_a_database_it_says_so() {
    let stage = Stage::new(None).await;
    let (status, said, wrong) = stage.messages(&[]);
    assert!(status == 2 && said.is_empty() && wrong.contains("there is no database"), "{wrong}");
    assert!(!stage.house.path("gramsetu.db").exists(), "only looking makes no file");
    stage.trouble().await;
    let settings = std::fs::read_to_string(stage.house.path("gramsetu.toml")).expect("settings");
    let without: Vec<&str> = settings.lines().filter(|line| !line.starts_with("keys.")).collect();
    std::fs::write(stage.house.path("gramsetu.toml"), without.join("\n")).expect("written");
    let listed = stage.done(&["dead"]);
    assert_eq!(listed.matches("sealed: the settings have no keys").count(), 3, "{listed}");
    for wrong in [
        &["requeue"][..],
        &["requeue", "--dead", "--doubtful"],
        &["requeue", "--dead", "--undelivered"],
        &["requeue", "--doubtful", "--undelivered"],
        &["show", "12"],
        &["requeue", "--dead", "--since", "soon"],
    ] {
        assert_eq!(stage.messages(wrong).0, 2, "{wrong:?}");
    }
}
