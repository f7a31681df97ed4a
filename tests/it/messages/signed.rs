//! Who may tell of payments: over HTTP, whoever knows the key, within minutes, and while keys are changed by either.

use gramsetu::ambient::SystemClock;
use gramsetu::types::Clock as _;

use super::Seed;
use super::nodes::{Told, write_menus};
use super::payments::{End, Listens, signed};
use crate::server::{House, NO_RATES, SECRET, Server, get, send, until};

const NEW: &str = "zq-payment-key-new-1182";
const OLD: &str = "zq-payment-key-old-5570";
const STRANGER: &str = "zq-payment-key-stranger";

/// The status, and what was said with it.
async fn told(server: &Server, told: &Told) -> (u16, String) {
    let headers: Vec<_> = told.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let heard = send(server.hooks, "POST", &told.target, &headers, told.body.as_bytes()).await.expect("a reply");
    (heard.status, heard.text())
}

async fn counted(server: &Server, sample: &str) -> bool {
    get(server.admin, "/metrics").await.expect("a page").text().lines().any(|line| line == sample)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_counts_only_with_a_key_and_within_minutes() {
    let gateway = Listens::start(Seed::new()).await;
    let house = House::over(None, &format!("menus = \"menus\"\n{NO_RATES}{}", gateway.settings(&[NEW, OLD]))).await;
    write_menus(&house.path("menus"));
    let server = house.start().await;
    let (body, now) = (|| End::of(1, "paid").body(), SystemClock.now().0 / 1000);
    let nothing = String::new();

    // Who has no key hears the same of whatever is wrong.
    assert_eq!(told(&server, &signed(body(), STRANGER, now)).await, (403, nothing.clone()));
    assert_eq!(told(&server, &signed("{".to_owned(), STRANGER, now)).await, (403, nothing.clone()));
    let other = Told { body: End::of(2, "paid").body(), ..signed(body(), NEW, now) };
    assert_eq!(told(&server, &other).await, (403, nothing.clone()), "signed for another notice");
    let mut moved = signed(body(), NEW, now - 3600);
    moved.headers[1].1 = now.to_string();
    assert_eq!(told(&server, &moved).await, (403, nothing.clone()), "signed for another time");
    let unsigned = Told { headers: Vec::new(), ..signed(body(), NEW, now) };
    assert_eq!(told(&server, &unsigned).await, (403, nothing.clone()));
    assert!(counted(&server, "gramsetu_refused_callbacks_total{gateway=\"sandbox\",kind=\"signature\"} 5").await);

    for second in [now - 600, now + 600] {
        assert_eq!(told(&server, &signed(body(), NEW, second)).await, (403, nothing.clone()), "overheard");
    }
    assert!(counted(&server, "gramsetu_refused_callbacks_total{gateway=\"sandbox\",kind=\"window\"} 2").await);
    // Who has the key is told what to mend.
    let (status, said) = told(&server, &signed("{}".to_owned(), NEW, now)).await;
    assert!(status == 422 && said.contains("not a notice"), "{status} {said}");

    // Where no key is set, no notices are taken.
    let target = format!("/hooks/africastalking/{SECRET}/payment");
    assert_eq!(told(&server, &Told { target, ..signed(body(), NEW, now) }).await.0, 404);

    assert!(gateway.taken().is_empty());
    assert_eq!(told(&server, &signed(body(), NEW, now)).await, (200, nothing.clone()));
    until("the one that counts is confirmed", async || gateway.taken().len() == 1).await;
    assert_eq!(gateway.taken(), [End::of(1, "paid").confirmation()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_a_key_is_changed_either_counts_and_then_the_new_one_alone() {
    let gateway = Listens::start(Seed::new()).await;
    let house = House::over(None, &format!("menus = \"menus\"\n{NO_RATES}{}", gateway.settings(&[NEW, OLD]))).await;
    write_menus(&house.path("menus"));
    let server = house.start().await;
    let now = SystemClock.now().0 / 1000;
    let [one, other, third] = [1, 2, 4].map(|bill| End::of(bill, "paid"));
    assert_eq!(told(&server, &signed(one.body(), OLD, now)).await.0, 200);
    assert_eq!(told(&server, &signed(other.body(), NEW, now)).await.0, 200);
    assert_eq!(told(&server, &signed(one.body(), NEW, now)).await.0, 200, "the same notice by the other key");
    until("both are confirmed", async || gateway.taken().len() == 2).await;
    server.kill();

    let path = house.path("gramsetu.toml");
    let settings = std::fs::read_to_string(&path).expect("its settings");
    std::fs::write(&path, settings.replace(&format!(", {OLD:?}"), "")).expect("its settings");
    let server = house.start().await;
    assert_eq!(told(&server, &signed(third.body(), OLD, now)).await.0, 403, "the old key is gone");
    assert_eq!(told(&server, &signed(third.body(), NEW, now)).await.0, 200);
    until("it is confirmed", async || gateway.taken().len() == 3).await;
    let mut expected = [one, other, third].map(|end| end.confirmation());
    expected.sort();
    assert_eq!(gateway.taken(), expected);
}
