//! Ten thousand bills, of which a payment system tells: again and again, in any order, at once, while nodes are killed. Each end of a payment
//! is confirmed once.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use chrono::{DateTime, FixedOffset, TimeDelta};
use fastrand::Rng;
use gramsetu::ambient::SystemClock;
use gramsetu::bridge::signature;
use gramsetu::http::{Bounds, Shutdown, listen};
use gramsetu::store::MessageState;
use gramsetu::types::{Clock as _, Secret};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::Seed;
use super::aggregator::CutOff;
use super::nodes::{Line, Nodes, Over, Told};
use crate::server::{SECRET, until_within};

pub(super) const KEY: &str = "zq-payment-key-3306";
/// Notices that the payment system has under way at once.
const AT_ONCE: usize = 24;
/// Messages under way at once.
const ON_THE_ROUTE: usize = 64;
/// Only a hang takes so long.
const PATIENCE: Duration = Duration::from_mins(10);

/// One end of a payment, as it is told.
#[derive(Clone, Debug)]
pub(super) struct End {
    bill: usize,
    state: &'static str,
}

impl End {
    pub(super) fn of(bill: usize, state: &'static str) -> Self {
        Self { bill, state }
    }

    /// Each citizen has a few bills.
    fn mobile(&self) -> String {
        format!("98{:08}", self.bill % 3001)
    }

    fn transaction(&self) -> String {
        format!("CC01{:014}HM", self.bill)
    }

    /// In paise.
    fn amount(&self) -> usize {
        100 + self.bill % 99_900
    }

    fn account(&self) -> String {
        format!("{:010}", self.bill * 7919)
    }

    /// In India. What is given back is given back on another day.
    fn at(&self) -> DateTime<FixedOffset> {
        let first = DateTime::parse_from_rfc3339("2026-11-22T10:15:00+05:30").expect("a time");
        let later = if self.state == "reversed" { TimeDelta::days(2) } else { TimeDelta::zero() };
        first + later + TimeDelta::minutes(i64::try_from(self.bill).expect("a few"))
    }

    /// What whoever has paid is to read.
    pub(super) fn confirmation(&self) -> (String, String) {
        let what = match self.state {
            "paid" => "paid to",
            "failed" => "not paid to",
            _ => "given back by",
        };
        let (rupees, paise, at) = (self.amount() / 100, self.amount() % 100, self.at());
        let text = format!(
            "Rs {rupees}.{paise:02} {what} UP Power for XX{}, {}, {} {}",
            &self.account()[6..],
            self.transaction(),
            at.format("%d-%m-%Y"),
            at.format("%H:%M"),
        );
        (format!("+91{}", self.mobile()), text)
    }

    pub(super) fn body(&self) -> String {
        // Payment systems write their times in other zones, too.
        let at = if self.bill.is_multiple_of(2) { self.at() } else { self.at().to_utc().fixed_offset() };
        serde_json::json!({
            "transaction": self.transaction(), "state": self.state, "amount": self.amount(), "biller": "UP Power",
            "account": self.account(), "mobile": self.mobile(), "at": at.to_rfc3339(), "mode": "UPI",
        })
        .to_string()
    }

    fn told(&self) -> Told {
        signed(self.body(), KEY, SystemClock.now().0 / 1000)
    }
}

/// A notice with its signature, of this second.
pub(super) fn signed(body: String, key: &str, second: i64) -> Told {
    let second = second.to_string();
    let signature = signature(&Secret::from(key), &second, body.as_bytes());
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("x-gramsetu-timestamp", second),
        ("x-gramsetu-signature", signature),
    ];
    Told { method: reqwest::Method::POST, target: format!("/hooks/sandbox/{SECRET}/payment"), headers, body }
}

/// Of ten bills eight are paid, of which one is given back, and two are not paid at all.
fn ends(bills: usize) -> Vec<End> {
    let of = |bill| {
        let states: &[_] = match bill % 10 {
            0 | 5 => &["failed"],
            3 => &["paid", "reversed"],
            _ => &["paid"],
        };
        states.iter().map(move |state| End::of(bill, state))
    };
    (0..bills).flat_map(of).collect()
}

/// A gateway that knows a message again by its key. Now and then it is busy, or withholds its answer.
#[derive(Debug, Default)]
pub(super) struct Phones {
    /// By key: to whom, and what.
    taken: BTreeMap<String, (String, String)>,
    /// By key: how often.
    asked: BTreeMap<String, u32>,
    again: usize,
}

type Shared = (Arc<Mutex<Phones>>, Seed);

fn phones(shared: &Mutex<Phones>) -> MutexGuard<'_, Phones> {
    shared.lock().expect("nobody panics with it")
}

async fn take(State((shared, seed)): State<Shared>, headers: HeaderMap, body: String) -> Response {
    let message: BTreeMap<String, String> = serde_json::from_str(&body).expect("it is written in JSON");
    let key = headers["idempotency-key"].to_str().expect("a text").to_owned();
    let message = (message["to"].clone(), message["text"].clone());
    let mut phones = phones(&shared);
    let asked = phones.asked.entry(key.clone()).or_default();
    *asked += 1;
    // Whoever comes again is served.
    let drawn = if *asked == 1 { seed.of(&message).u16(..1000) } else { 1000 };
    if drawn < 5 {
        return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "1")], r#"{"error": "busy"}"#).into_response();
    }
    if let Some(taken) = phones.taken.get(&key) {
        assert_eq!(*taken, message, "another message under the same key");
        phones.again += 1;
    } else {
        phones.taken.insert(key.clone(), message);
    }
    if drawn < 10 {
        return Response::new(Body::new(CutOff));
    }
    (StatusCode::ACCEPTED, format!("{{\"id\": \"{key}\"}}")).into_response()
}

/// The gateway, listening. It closes with this.
#[derive(Debug)]
pub(super) struct Listens {
    pub(super) phones: Arc<Mutex<Phones>>,
    address: SocketAddr,
    shutdown: Shutdown,
}

impl Listens {
    pub(super) async fn start(seed: Seed) -> Self {
        let (phones, shutdown) = (Arc::<Mutex<Phones>>::default(), Shutdown::default());
        let router = Router::new().route("/messages", post(take)).with_state((Arc::clone(&phones), seed));
        let listening = listen(([127, 0, 0, 1], 0).into(), router, Bounds::default(), shutdown.clone()).await;
        Self { phones, address: listening.expect("a port").address, shutdown }
    }

    /// The settings of nodes that send here; `keys` are the payment system's.
    pub(super) fn settings(&self, keys: &[&str]) -> String {
        format!(
            "gateways.sandbox = {{secrets = [\"{SECRET}\"], payments = {keys:?}}}\nroutes.sandbox.url = \"http://{}\"\n\
             routes.sandbox.free_text = true\nroutes.sandbox.segments_per_second = 100000\nroutes.sandbox.at_once = {ON_THE_ROUTE}\n",
            self.address
        )
    }

    /// To whom, and what.
    pub(super) fn taken(&self) -> Vec<(String, String)> {
        let mut taken: Vec<_> = phones(&self.phones).taken.values().cloned().collect();
        taken.sort();
        taken
    }
}

impl Drop for Listens {
    fn drop(&mut self) {
        self.shutdown.begin();
    }
}

/// Tells all ends, one to three times each, in no order.
fn tell_all(ends: &[End], line: &Line, told: &Arc<Semaphore>, rng: &mut Rng) -> JoinSet<()> {
    let times = |end: &End, rng: &mut Rng| vec![end.clone(); rng.usize(1..=3)];
    let mut notices: Vec<End> = ends.iter().flat_map(|end| times(end, rng)).collect();
    rng.shuffle(&mut notices);
    let notices = Arc::new(Mutex::new(notices.into_iter().enumerate()));
    let mut telling = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (notices, line, told) = (Arc::clone(&notices), line.clone(), Arc::clone(told));
        telling.spawn(async move {
            let next = || notices.lock().expect("nobody panics with it").next();
            while let Some((turn, end)) = next() {
                line.tell(&end.told(), turn).await;
                told.add_permits(1);
            }
        });
    }
    telling
}

async fn prove(over: Over, bills: usize, kills: usize) {
    let (seed, line) = (Seed::new(), Line::new());
    let gateway = Listens::start(seed).await;
    let mut nodes = Nodes::start(over, line.clone(), &gateway.settings(&[KEY])).await;
    let (ends, told, mut rng) = (ends(bills), Arc::new(Semaphore::new(0)), seed.of("payments"));
    let telling = tell_all(&ends, &line, &told, &mut rng);
    // Each notice comes twice in the middle: all kills fall into what there is at least.
    let between = ends.len() / (kills + 1);
    for _ in 0..kills {
        let goal = u32::try_from(rng.usize(between / 2..between)).expect("a few");
        let some = tokio::time::timeout(PATIENCE, told.acquire_many(goal)).await;
        some.expect("notices are taken").expect("it stays open").forget();
        nodes.kill_and_start(rng.usize(..nodes.count())).await;
    }
    tokio::time::timeout(PATIENCE, telling.join_all()).await.expect("all notices are taken");
    nodes.kill_and_start_all().await;
    until_within(PATIENCE, "nothing waits", async || nodes.rows.waiting().await == 0).await;

    let mut expected: Vec<_> = ends.iter().map(End::confirmation).collect();
    expected.sort();
    let taken = gateway.taken();
    let odd = expected.iter().zip(&taken).find(|(expected, taken)| expected != taken);
    assert!(odd.is_none() && taken.len() == expected.len(), "{} of {}, {odd:?}", taken.len(), expected.len());
    let rows = nodes.rows.all().await;
    assert_eq!(rows.len(), expected.len());
    assert!(rows.iter().all(|row| row.state == MessageState::Accepted), "{rows:?}");
    let again = phones(&gateway.phones).again;
    println!(
        "{over:?}: {bills} bills, {} ends, {} kills: {} confirmations, {again} of them asked for again under their keys",
        ends.len(),
        nodes.kills,
        taken.len()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_bills_are_confirmed_once_each_however_they_are_told_and_whatever_is_killed() {
    prove(Over::File, 10_000, 8).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bills_told_to_two_nodes_are_confirmed_once_each_while_either_is_killed() {
    prove(Over::Postgres, 2_500, 6).await;
}
