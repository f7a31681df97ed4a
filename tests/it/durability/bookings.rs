//! Bookings while the program is killed again and again and the department loses answers: never two for one wish.

use std::collections::BTreeMap;
use std::time::Duration;

use gramsetu::department::sandbox::Mischief;
use gramsetu::handset::OverHttp;
use tokio::task::JoinSet;

use crate::phones::{Phone, profile, wire};
use crate::server::{GATEWAYS, House, Server, get, until};

const BOOKED: &str = "Cylinder booked.";
const DOUBTFUL: &str = "We do not yet know if your booking went through.";
/// Whose wish met a breaker that the failures of the others had opened before the kill.
const NOT_BOOKED: &str = "Sorry, the cylinder was not booked.";

/// Somebody who wants a cylinder, once, and what they were told.
#[derive(Debug)]
struct Family {
    phone: Phone,
    told: Option<String>,
}

impl Family {
    /// At the question whether to book.
    async fn asks(n: u128, wire: &OverHttp) -> Self {
        let gateway = GATEWAYS[n as usize % GATEWAYS.len()];
        // Last digits 0 to 6 are consumers without an open booking.
        let mut phone = Phone::new(&profile(gateway), &format!("+9199{:07}{}", n, n % 7), n);
        ask(&mut phone, wire).await;
        Self { phone, told: None }
    }

    /// Says yes; what gets no reply is sent again another time.
    async fn says_yes(&mut self, wire: &OverHttp) {
        let shown = match self.phone.unanswered {
            Some(_) => self.phone.send_again(wire).await,
            None => self.phone.answer(wire, "1").await,
        };
        self.told = shown.ok().map(|shown| shown.text);
    }

    /// The same wish again, in another dialogue.
    async fn asks_again(&mut self, n: u128, wire: &OverHttp) {
        self.phone = Phone::new(&self.phone.profile, &self.phone.number, 1000 + n);
        ask(&mut self.phone, wire).await;
        self.says_yes(wire).await;
    }

    fn was_told(&self, what: &str) -> bool {
        self.told.as_ref().is_some_and(|told| told.starts_with(what))
    }
}

/// To the question whether to book. Not every gateway tells what was dialled behind the code, and no two callbacks in a row
/// are of the same bytes.
async fn ask(phone: &mut Phone, wire: &OverHttp) {
    phone.dial(wire, "*123#").await.expect("it is served");
    phone.answer(wire, "3").await.expect("it is served");
    let shown = phone.answer(wire, "book a cylinder").await.expect("it is served");
    assert!(shown.text.starts_with("Book 1 cylinder"), "{}: {}", phone.profile.name, shown.text);
}

/// All who have heard nothing say yes at once, and the program is killed once the department has had so many requests.
async fn killed_at(house: &House, server: Server, families: &mut Vec<Family>, requests: usize) -> Server {
    let before = house.called();
    let (told, asking): (Vec<_>, Vec<_>) = families.drain(..).partition(|family| family.told.is_some());
    families.extend(told);
    let mut saying = JoinSet::new();
    for mut family in asking {
        let wire = wire(&server);
        saying.spawn(async move {
            family.says_yes(&wire).await;
            family
        });
    }
    until("the department has heard of it", async || house.called() >= before + requests).await;
    server.kill();
    families.extend(saying.join_all().await);
    house.sandbox.misbehave("lpg", Mischief::Works).expect("it is one");
    house.start().await
}

/// At most one booking and one key for each consumer; gives how many have one.
fn booked(house: &House) -> u64 {
    let booked: BTreeMap<_, _> = house.sandbox.booked();
    for (consumer, booked) in &booked {
        assert!(booked.bookings <= 1 && booked.keys <= 1, "{consumer}: {booked:?}");
    }
    booked.values().map(|booked| booked.bookings).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_two_for_one_however_often_the_program_is_killed() {
    let house = House::patient().await;
    let mut server = house.start().await;
    let mut families = Vec::new();
    for n in 0..24 {
        families.push(Family::asks(n, &wire(&server)).await);
    }
    let slow = Mischief::AnswersIn(Duration::from_millis(400));
    for mischief in [slow.clone(), Mischief::LosesTheAnswer, slow, Mischief::AnswersNonsense] {
        house.sandbox.misbehave("lpg", mischief).expect("it is one");
        server = killed_at(&house, server, &mut families, 5).await;
        booked(&house);
    }
    let line = wire(&server);
    for (n, family) in (0..).zip(&mut families) {
        if family.told.is_none() {
            family.says_yes(&line).await;
        }
        if family.was_told(NOT_BOOKED) {
            let before = booked(&house);
            family.asks_again(n, &line).await;
            assert!(family.was_told(BOOKED), "{family:?}");
            assert_eq!(booked(&house), before + 1, "{}: it was said that there was none", family.phone.number);
        }
        let told = family.told.clone().unwrap_or_default();
        assert!(told.starts_with(BOOKED) || told.starts_with(DOUBTFUL), "{}: {told}", family.phone.number);
        if told.starts_with(DOUBTFUL) {
            family.asks_again(n, &line).await;
            let again = family.told.clone().unwrap_or_default();
            assert!(again.starts_with(BOOKED) || again == told, "{again} instead of {told}");
        }
    }
    let told = families.iter().filter(|family| family.was_told(BOOKED)).count() as u64;
    assert_eq!(told, booked(&house), "everybody for whom there is a booking knows of it, and nobody else thinks so");
    println!("{told} of {} have their cylinder, the others know that it is in doubt", families.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_in_doubt_at_a_kill_is_settled_after_the_restart() {
    let house = House::patient().await;
    let server = house.start().await;
    let mut families = Vec::new();
    for n in 100..106 {
        families.push(Family::asks(n, &wire(&server)).await);
    }
    house.sandbox.misbehave("lpg", Mischief::AnswersIn(Duration::from_secs(3))).expect("it is one");
    let server = killed_at(&house, server, &mut families, 6).await;
    assert_eq!(booked(&house), 6);
    assert!(families.iter().all(|family| family.told.is_none()), "nobody has heard of it");
    let admin = server.admin;
    let settled = "gramsetu_intents_total{to=\"settled\"} 6";
    until("all are settled", async || get(admin, "/metrics").await.is_ok_and(|page| page.text().contains(settled)))
        .await;
    for family in &mut families {
        family.says_yes(&wire(&server)).await;
        assert!(family.was_told(BOOKED), "{family:?}");
    }
    assert_eq!(booked(&house), 6);
    let posts: u64 = house.sandbox.booked().values().map(|booked| booked.posts).sum();
    assert_eq!(posts, 6, "it was asked after, not made again");
}
