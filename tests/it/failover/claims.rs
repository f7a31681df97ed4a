//! A node dies in the midst of changing calls: the other one asks what became of them.

use std::time::Duration;

use gramsetu::department::sandbox::Mischief;
use gramsetu::handset::OverHttp;
use tokio::task::JoinSet;

use super::load::{metric, two_nodes};
use crate::phones::{Phone, profile, wire};
use crate::postgres;
use crate::server::{GATEWAYS, House, until};

const BOOKED: &str = "Cylinder booked.";
const DOUBTFUL: &str = "We do not yet know if your booking went through.";

/// At the question whether to book. Where the machine is so busy that somebody hears an apology on the way, another tries.
async fn asks(n: usize, wire: &OverHttp) -> Phone {
    for attempt in 0..10_usize {
        let number = format!("+91982222{attempt}0{n}{}", n % 7);
        let mut phone = Phone::new(&profile(GATEWAYS[n]), &number, (10 * attempt + n) as u128);
        phone.dial(wire, "*123#").await.expect("it is served");
        phone.answer(wire, "3").await.expect("it is served");
        let shown = phone.answer(wire, "book a cylinder").await.expect("it is served");
        if shown.text.starts_with("Book 1 cylinder") {
            return phone;
        }
        println!("{}: {}", phone.profile.name, shown.text);
    }
    panic!("nobody gets so far on {}", GATEWAYS[n]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_dead_node_had_asked_for_is_asked_after_by_another() {
    let database = postgres::database().await;
    let house = House::on(&database.address).await;
    let mut nodes = two_nodes(&house).await;
    let (doomed, other) = (wire(&nodes[0]), wire(&nodes[1]));
    let mut phones = Vec::new();
    for n in 0..GATEWAYS.len() {
        phones.push(asks(n, &doomed).await);
    }
    house.sandbox.misbehave("lpg", Mischief::AnswersIn(Duration::from_secs(3))).expect("it is one");
    let before = house.called();
    let mut saying = JoinSet::new();
    for mut phone in phones {
        let doomed = doomed.clone();
        saying.spawn(async move {
            let told = phone.answer(&doomed, "1").await;
            assert!(told.is_err(), "the node was to die over this: {told:?}");
            phone
        });
    }
    until("the department has heard of all", async || house.called() >= before + GATEWAYS.len()).await;
    nodes.remove(0).kill();
    let mut phones = saying.join_all().await;
    house.sandbox.misbehave("lpg", Mischief::Works).expect("it is one");

    // Half of the gateways send the callback again at once: nobody knows yet what became of it.
    let (at_once, later) = phones.split_at_mut(GATEWAYS.len() / 2);
    let mut doubts = 0;
    for phone in at_once {
        let told = phone.send_again(&other).await.expect("it is served").text;
        assert!(told.starts_with(BOOKED) || told.starts_with(DOUBTFUL), "{}: {told}", phone.profile.name);
        doubts += usize::from(told.starts_with(DOUBTFUL));
    }
    until("all are settled", async || {
        metric(&nodes, "gramsetu_intents_total{to=\"settled\"}").await >= later.len() as u64
    })
    .await;
    for phone in later {
        let told = phone.send_again(&other).await.expect("it is served").text;
        assert!(told.starts_with(BOOKED), "{}: {told}", phone.profile.name);
    }
    let booked = house.sandbox.booked();
    assert_eq!(booked.len(), GATEWAYS.len());
    for (consumer, booked) in booked {
        assert_eq!((booked.bookings, booked.keys, booked.posts), (1, 1, 1), "{consumer}: made once, then asked after");
    }
    println!(
        "1 node killed over {} bookings: {} booked once each, {doubts} of them told of a doubt",
        GATEWAYS.len(),
        GATEWAYS.len()
    );
}
