//! Nothing goes out twice, and what may not have gone out is in doubt: a text has one answer, however often it is told, while nodes are
//! killed in the midst of sending.

use std::collections::BTreeMap;
use std::time::Duration;

use gramsetu::store::MessageState;
use tokio::task::JoinSet;

use super::Seed;
use super::aggregator::{Aggregator, Book, Says};
use super::nodes::{Line, Nodes, Over, Told};
use super::rows::Row;
use crate::server::{SECRET, until, until_within};

const ROUNDS: usize = 12;
const TEXTS_A_ROUND: usize = 40;
/// Messages that one node has under way at most: so many on each of two routes.
const ON_A_ROUTE: usize = 8;
const IN_FLIGHT: usize = 2 * ON_A_ROUTE;
/// Only a hang takes so long.
const PATIENCE: Duration = Duration::from_mins(5);

/// The preferred route is Africa's Talking's. Where receipts go, the aggregator knows better than the address that it is told.
fn settings(aggregator: &Aggregator) -> String {
    let mut settings = format!("public_url = \"http://127.0.0.1:1\"\ngateways.kannel.secrets = [\"{SECRET}\"]\n");
    let routes = [
        ("africastalking", "{username = \"house\", api_key = \"zq-api-key\"}"),
        ("kannel", "{username = \"house\", password = \"zq-password\"}"),
    ];
    for (route, credentials) in routes {
        let keys = [
            format!("url = \"http://{}\"", aggregator.address),
            format!("credentials = {credentials}"),
            "free_text = true".to_owned(),
            "segments_per_second = 1000".to_owned(),
            format!("at_once = {ON_A_ROUTE}"),
        ];
        settings.extend(keys.map(|key| format!("routes.{route}.{key}\n")));
    }
    settings
}

fn number(citizen: usize) -> String {
    format!("91981{citizen:07}")
}

/// One citizen texts once. Kannel tells it up to three times, at once and at whichever node, each until somebody has taken it.
async fn texts(citizen: usize, seed: Seed, line: Line) {
    let mut rng = seed.of(("texts", citizen));
    let query = format!(
        "from=%2B{}&to=166&text=BAL+{citizen:07}&coding=0&id=mo-{citizen}&at=2026-11-22+10%3A15%3A00&udh=",
        number(citizen)
    );
    let told = Told::get(format!("/hooks/kannel/{SECRET}/sms?{query}"));
    let mut telling = JoinSet::new();
    for _ in 0..rng.usize(1..=3) {
        let (line, told, turn) = (line.clone(), told.clone(), rng.usize(..16));
        telling.spawn(async move { line.tell(&told, turn).await });
    }
    telling.join_all().await;
}

/// How many rows ended how.
#[derive(Debug, Default)]
struct Tally {
    gone_out: usize,
    refused: usize,
    /// Because an answer was withheld.
    cut: usize,
    /// Because a node died over it.
    doubtful: usize,
    failed_over: usize,
}

impl Tally {
    /// Compares the row of a citizen's answer with what the gateways did.
    fn count(&mut self, citizen: usize, row: &Row, book: &Book) {
        let shown = format!("citizen {citizen}: {row:?} {book:?}");
        assert!(book.taken.len() <= 1, "a duplicate: {shown}");
        assert_eq!(row.due, None, "it still goes somewhere: {shown}");
        let text = format!("Your balance at {citizen:07} is told");
        assert!(book.taken.iter().all(|(_, taken)| *taken == text), "{shown}");
        match row.state {
            MessageState::Accepted | MessageState::Delivered | MessageState::Undelivered => {
                assert_eq!(book.taken.len(), 1, "it never went out: {shown}");
                self.gone_out += 1;
                self.failed_over += usize::from(row.attempts > 1);
            }
            MessageState::Refused => {
                assert!(book.taken.is_empty() && book.refused > 0, "nobody refused it: {shown}");
                self.refused += 1;
            }
            MessageState::InDoubt if book.is_cut => self.cut += 1,
            MessageState::InDoubt => self.doubtful += 1,
            state => panic!("{state:?} is no end: {shown}"),
        }
    }
}

/// What a phone has said is believed, however it came; unless the row is in doubt, and its gateway's id never became known.
fn is_told(row: &Row, book: &Book) -> bool {
    book.told != Some(Says::Delivered) || matches!(row.state, MessageState::Delivered | MessageState::InDoubt)
}

/// The one row of each citizen.
async fn rows(nodes: &Nodes) -> BTreeMap<usize, Row> {
    let citizens = 0..ROUNDS * TEXTS_A_ROUND;
    let hashes: BTreeMap<_, _> =
        citizens.map(|citizen| (nodes.hash_of(&number(citizen)).0.to_vec(), citizen)).collect();
    let mut rows = BTreeMap::new();
    for row in nodes.rows.all().await {
        let citizen = hashes[&row.recipient];
        assert!(rows.insert(citizen, row).is_none(), "citizen {citizen} is answered twice");
    }
    assert_eq!(rows.len(), hashes.len(), "somebody is not answered at all");
    rows
}

async fn prove(over: Over) {
    let (seed, line) = (Seed::new(), Line::new());
    let aggregator = Aggregator::start(seed, line.clone()).await;
    let mut nodes = Nodes::start(over, line.clone(), &settings(&aggregator)).await;
    let (mut texting, mut rng) = (JoinSet::new(), seed.of("kills"));
    for round in 0..ROUNDS {
        for citizen in round * TEXTS_A_ROUND..(round + 1) * TEXTS_A_ROUND {
            texting.spawn(texts(citizen, seed, line.clone()));
        }
        let goal = aggregator.asked() + rng.usize(1..=TEXTS_A_ROUND / 2);
        until("messages go out", async || aggregator.asked() >= goal).await;
        nodes.kill_and_start(rng.usize(..nodes.count())).await;
    }
    while let Some(texted) = texting.join_next().await {
        texted.expect("it was taken");
    }
    nodes.kill_and_start_all().await;
    until_within(PATIENCE, "nothing waits", async || nodes.rows.waiting().await == 0).await;
    until_within(PATIENCE, "all receipts are told", async || !aggregator.is_telling()).await;

    let books = aggregator.numbers();
    let unasked = Book::default();
    let book = |citizen| books.get(&format!("+{}", number(citizen))).unwrap_or(&unasked);
    let mut tally = Tally::default();
    for (citizen, row) in rows(&nodes).await {
        tally.count(citizen, &row, book(citizen));
    }
    until_within(PATIENCE, "receipts are matched", async || {
        rows(&nodes).await.iter().all(|(citizen, row)| is_told(row, book(*citizen)))
    })
    .await;
    println!("{over:?}: {} texts, {} kills: {tally:?}", ROUNDS * TEXTS_A_ROUND, nodes.kills);
    assert!(tally.doubtful <= IN_FLIGHT * nodes.kills, "more are in doubt than were under way: {tally:?}");
    assert!(tally.doubtful > 0, "the kills came in the midst of sending, not between: {tally:?}");
    assert!(tally.refused > 0 && tally.failed_over > 0 && tally.cut > 0, "{tally:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_message_goes_out_twice_and_the_doubtful_are_known_however_often_the_program_is_killed() {
    prove(Over::File).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_message_goes_out_twice_and_the_doubtful_are_known_while_either_of_two_nodes_is_killed() {
    prove(Over::Postgres).await;
}
