//! Different callbacks of one citizen at two nodes at once: what comes of them is what would have come of one after the other.

use gramsetu::gateway::Doing;
use gramsetu::handset::{OverHttp, Shown};

use super::load::two_nodes;
use crate::phones::{Phone, profile, wire};
use crate::postgres;
use crate::server::{GATEWAYS, House};

/// What each of two answers and the one after them showed.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    first: Shown,
    second: Shown,
    next: Shown,
}

/// Two answers at the opening. Either leads to a menu that does not have the other, and that shows everybody the same.
const ANSWERS: [&str; 2] = ["8", "10"];

/// A phone at the opening, twice: each is about to send its answer.
async fn rivals(number: &str, leg: u128, wire: &OverHttp) -> [Phone; 2] {
    // It numbers nothing and tells no history: any callback may come after any other.
    let mut phone = Phone::new(&profile("flares"), number, leg);
    phone.dial(wire, "*123#").await.expect("it is served");
    ANSWERS.map(|answer| {
        let mut rival = phone.clone();
        rival.prepare(Doing::Answer(answer));
        rival
    })
}

async fn sent(phone: &mut Phone, wire: &OverHttp) -> Shown {
    phone.send_again(wire).await.expect("it is served")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_callbacks_of_a_leg_at_two_nodes_at_once_come_one_after_the_other() {
    const TIMES: usize = 24;

    let database = postgres::database().await;
    let house = House::on(&database.address).await;
    let nodes = two_nodes(&house).await;
    let (one, other) = (wire(&nodes[0]), wire(&nodes[1]));

    let mut serial = Vec::new();
    for (order, number) in [(["first", "second"], "+919810000001"), (["second", "first"], "+919810000002")] {
        let [mut a, mut b] = rivals(number, 1, &one).await;
        let (mut first, mut second) = (Shown::default(), Shown::default());
        for which in order {
            if which == "first" {
                first = sent(&mut a, &one).await;
            } else {
                second = sent(&mut b, &one).await;
            }
        }
        let next = a.answer(&one, "1").await.expect("it is served");
        serial.push(Outcome { first, second, next });
    }
    assert_ne!(serial[0], serial[1], "the order can be seen");

    let mut seen = [0, 0];
    for n in 0..TIMES {
        let [mut a, mut b] = rivals(&format!("+91982{n:07}"), 100 + n as u128, &one).await;
        let (first, second) = tokio::join!(sent(&mut a, &one), sent(&mut b, &other));
        let next = a.answer(&other, "1").await.expect("it is served");
        let outcome = Outcome { first, second, next };
        let order = serial.iter().position(|serial| *serial == outcome);
        seen[order.unwrap_or_else(|| panic!("neither {serial:#?} but {outcome:#?}"))] += 1;
    }
    println!("two nodes: of {TIMES} pairs of callbacks, the first came first {} times", seen[0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_booking_asked_for_at_two_nodes_at_once_is_made_once() {
    let database = postgres::database().await;
    let house = House::on(&database.address).await;
    let nodes = two_nodes(&house).await;
    let (one, other) = (wire(&nodes[0]), wire(&nodes[1]));
    let mut wishes = 0;
    for (n, name) in GATEWAYS.iter().enumerate() {
        // Last digits 0 to 6 are consumers without an open booking.
        let mut phone = Phone::new(&profile(name), &format!("+919811110{n:02}{}", n % 7), n as u128);
        phone.dial(&one, "*123#").await.expect("it is served");
        phone.answer(&other, "3").await.expect("it is served");
        let shown = phone.answer(&one, "book a cylinder").await.expect("it is served");
        assert!(shown.text.starts_with("Book 1 cylinder"), "{name}: {}", shown.text);
        phone.prepare(Doing::Answer("1"));
        let mut twin = phone.clone();
        let (first, second) = tokio::join!(sent(&mut phone, &one), sent(&mut twin, &other));
        for told in [first, second] {
            assert!(told.text.starts_with("Cylinder booked."), "{name}: {}", told.text);
        }
        wishes += 1;
    }
    let booked = house.sandbox.booked();
    assert_eq!(booked.len(), wishes);
    for (consumer, booked) in booked {
        assert_eq!((booked.bookings, booked.keys, booked.posts), (1, 1, 1), "{consumer}");
    }
    println!("two nodes: {wishes} wishes said to both at once, {wishes} bookings");
}
