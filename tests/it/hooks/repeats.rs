//! The same callback twice is one turn; two at once are one after the other.

use std::time::Duration;

use gramsetu::gateway::{Aggregator, Doing, Outbound, WireReply};
use gramsetu::handset::{OverHttp, Wire as _};
use gramsetu::phone::{self, Country, ServiceCode};
use tokio::task::JoinSet;

use crate::phones::{Phone, profile, undated};
use crate::server::GATEWAYS;
use crate::stage::Stage;

/// A dialogue whose callbacks a test sends as it likes.
fn aggregator(gateway: &str, number: u128) -> Aggregator {
    let india = Country::by_iso("IN").expect("a country");
    let msisdn = phone::parse(&format!("+9198000{number:05}"), india).expect("a number");
    Aggregator::new(profile(gateway), msisdn, number, vec![ServiceCode::parse("*123#").expect("a code")])
}

async fn post(wire: &OverHttp, gateway: &str, request: &Outbound) -> WireReply {
    undated(&wire.send(gateway, request.clone()).await.expect("it is served"))
}

/// How many turns were computed so far, and how many were repeats.
fn turns(stage: &Stage, gateway: &str) -> (u64, u64) {
    let page = stage.site.bridge.meters().page();
    let count = |outcome: &str| {
        let line = format!("gramsetu_turns_total{{gateway=\"{gateway}\",channel=\"ussd\",outcome=\"{outcome}\"}} ");
        page.lines().find_map(|found| found.strip_prefix(&line)?.parse().ok()).unwrap_or(0)
    };
    (count("shown"), count("repeat"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_callback_many_times_at_once_is_one_turn() {
    const COPIES: u64 = 12;

    let stage = Stage::new().await;
    for (n, gateway) in (0..).zip(GATEWAYS) {
        let mut aggregator = aggregator(gateway, n);
        let first = aggregator.request(Doing::Dial("*123#")).expect("it can be dialled");
        post(&stage.wire(), gateway, &first).await;
        let before = (turns(&stage, gateway), stage.site.bridge.store().observed().commits);
        let answer = aggregator.request(Doing::Answer("8")).expect("it can be answered");
        let mut sending = JoinSet::new();
        for _ in 0..COPIES {
            let (wire, answer) = (stage.wire(), answer.clone());
            sending.spawn(async move { post(&wire, gateway, &answer).await });
        }
        let replies = sending.join_all().await;
        assert!(replies.iter().all(|reply| reply == &replies[0]), "{gateway}: {replies:?}");
        let after = (turns(&stage, gateway), stage.site.bridge.store().observed().commits);
        assert_eq!(after, ((before.0.0 + 1, before.0.1 + COPIES - 1), before.1 + 1), "one turn on {gateway}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_answers_at_once_come_one_after_the_other() {
    let stage = Stage::new().await;
    for (n, gateway) in (100..).zip(["flares", "imimobile", "infobip", "mtech"]) {
        // Either order, one after the other; the services for farmers and the gas connection.
        let mut orders = Vec::new();
        for (m, answers) in (0..).zip([["8", "3"], ["3", "8"]]) {
            let mut aggregator = aggregator(gateway, 10 * n + m);
            let dialled = aggregator.request(Doing::Dial("*123#")).expect("it can be dialled");
            post(&stage.wire(), gateway, &dialled).await;
            let mut replies = Vec::new();
            for answer in answers {
                let request = aggregator.request(Doing::Answer(answer)).expect("it can be answered");
                replies.push((answer, screen(&aggregator, &post(&stage.wire(), gateway, &request).await)));
            }
            replies.sort_unstable();
            orders.push(replies);
        }
        for m in 2..8 {
            // The same number each time would resume; the gas connection is another's, of which the page shows four digits.
            let mut aggregator = aggregator(gateway, 10 * n + m);
            let dialled = aggregator.request(Doing::Dial("*123#")).expect("it can be dialled");
            post(&stage.wire(), gateway, &dialled).await;
            let mut sending = JoinSet::new();
            for answer in ["8", "3"] {
                let request = aggregator.request(Doing::Answer(answer)).expect("it can be answered");
                let (wire, aggregator) = (stage.wire(), aggregator.clone());
                sending.spawn(async move { (answer, screen(&aggregator, &post(&wire, gateway, &request).await)) });
            }
            let mut replies = sending.join_all().await;
            replies.sort_unstable();
            assert!(orders.contains(&replies), "{gateway}: {replies:?} is neither of {orders:?}");
        }
    }
}

/// The first words of a page, which tell which screen it is and nothing about the caller.
fn screen(aggregator: &Aggregator, reply: &WireReply) -> String {
    let (text, _) = aggregator.read(reply).unwrap_or_else(|error| panic!("{error}: {reply:?}"));
    text.chars().take(8).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turn_that_has_passed_is_known_however_late_it_comes_again() {
    let stage = Stage::new().await;
    let wire = stage.wire();
    for (n, gateway) in (200..).zip(["hubtel", "africastalking"]) {
        let mut aggregator = aggregator(gateway, n);
        let mut sent = Vec::new();
        for doing in [Doing::Dial("*123#"), Doing::Answer("8"), Doing::Answer("1"), Doing::Answer("haryana")] {
            let request = aggregator.request(doing).expect("it can be said");
            sent.push((request.clone(), post(&wire, gateway, &request).await));
        }
        let (last, present) = sent.last().cloned().expect("three turns");
        stage.wait(Duration::from_secs(100));
        assert_eq!(post(&wire, gateway, &last).await, present, "the last callback again on {gateway}");
        for (old, reply) in &sent[1..2] {
            assert_ne!(reply, &present);
            assert_eq!(post(&wire, gateway, old).await, present, "a callback that has passed on {gateway}");
        }
        let next = aggregator.request(Doing::Answer("karnal")).expect("it can be answered");
        let (text, more) = aggregator.read(&post(&wire, gateway, &next).await).expect("a page");
        assert!(text.starts_with("Which crop?") && more, "{gateway}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_numbers_the_same_bytes_are_a_repeat_for_two_seconds_and_then_an_answer() {
    let stage = Stage::new().await;
    let wire = stage.wire();
    for (n, gateway) in (300..).zip(["flares", "imimobile", "infobip", "mtech"]) {
        let mut phone = Phone::new(&profile(gateway), &format!("+91980000{n:04}"), n);
        phone.dial(&wire, "*123#").await.expect("it is served");
        let asked = phone.answer(&wire, "3").await.expect("it is served");
        assert!(asked.text.starts_with("Gas no."), "{gateway}: {asked:?}");
        phone.expect_repeat(&wire).await;
        let question = phone.answer(&wire, "1").await.expect("it is served");
        assert!(question.text.starts_with("Book 1 cylinder"), "{gateway}: {question:?}");
        stage.wait(Duration::from_secs(1));
        phone.expect_repeat(&wire).await;
        stage.wait(Duration::from_secs(3));
        let booked = phone.answer(&wire, "1").await.expect("it is served");
        assert!(booked.text.starts_with("Cylinder booked."), "1 pressed twice on {gateway}: {booked:?}");
    }
}
