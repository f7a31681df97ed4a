//! `SIGTERM` under load: what is under way is finished, nothing is lost.

use std::sync::Arc;
use std::time::Duration;

use gramsetu::department::sandbox::Mischief;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::phones::{Phone, profile, wire};
use crate::server::{House, SECRET, get, until};
use crate::walk::Crowd;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turns_that_wait_for_a_department_are_answered_before_the_end() {
    let house = House::patient().await;
    house.sandbox.misbehave("epfo", Mischief::AnswersIn(Duration::from_secs(2))).expect("it is one");
    let server = house.start().await;
    let mut waiting = JoinSet::new();
    let phones = 12;
    for n in 0..phones {
        let wire = wire(&server);
        let mut phone = Phone::new(&profile("flares"), &format!("+9198123{n:04}0"), n);
        waiting.spawn(async move {
            let shown = phone.dial(&wire, "*123*1#").await;
            (phone, shown)
        });
    }
    until("all have reached the department", async || house.called() >= phones as usize).await;
    server.terminate();
    let (hooks, admin) = (server.hooks, server.admin);
    until("health says so", async || get(admin, "/health").await.is_ok_and(|heard| heard.status == 503)).await;
    until("nobody new is taken", async || get(hooks, "/health").await.is_err()).await;
    let mut answered = Vec::new();
    while let Some(done) = waiting.join_next().await {
        let (phone, shown) = done.expect("no defect");
        let shown = shown.expect("a turn under way gets its reply");
        assert!(shown.text.starts_with("PF balance Rs "), "{}", shown.text);
        answered.push(phone);
    }
    let (status, log) = server.finished().await;
    assert_eq!(status.code(), Some(0), "{log}");

    let server = house.start().await;
    for phone in &answered {
        phone.expect_repeat(&wire(&server)).await;
    }
}

/// A house whose balances come late, and a callback that asks for one.
async fn slow_house() -> (House, String) {
    let house = House::patient().await;
    house.sandbox.misbehave("epfo", Mischief::AnswersIn(Duration::from_secs(2))).expect("it is one");
    let target = format!("/hooks/flares/{SECRET}/ussd?SessionID=77&MSISDN=919812345671&input=*123*1%23");
    (house, target)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turn_whose_caller_has_gone_is_committed_before_the_end() {
    let (house, target) = slow_house().await;
    let server = house.start().await;
    let mut caller = TcpStream::connect(server.hooks).await.expect("a connection");
    let request = format!("GET {target} HTTP/1.1\r\nhost: x\r\n\r\n");
    caller.write_all(request.as_bytes()).await.expect("written");
    until("it has reached the department", async || house.called() > 0).await;
    drop(caller);
    server.terminate();
    let (status, log) = server.finished().await;
    assert_eq!(status.code(), Some(0), "{log}");
    let asked_for = house.called();

    let server = house.start().await;
    let again = get(server.hooks, &target).await.expect("a reply");
    assert!(again.text().starts_with("PF balance Rs "), "{again:?}");
    assert_eq!(house.called(), asked_for, "the reply was kept: nobody was asked again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_is_a_stop_at_once() {
    let (house, target) = slow_house().await;
    let server = house.start().await;
    let hooks = server.hooks;
    let waiting = tokio::spawn(async move { get(hooks, &target).await });
    until("it has reached the department", async || house.called() > 0).await;
    server.terminate();
    until("the first is heard", async || server.log().contains("turns under way are finished")).await;
    server.terminate();
    let (status, log) = server.finished().await;
    assert_eq!(status.code(), Some(1), "{log}");
    assert!(log.contains("Stopping at once"), "{log}");
    assert!(waiting.await.expect("no defect").is_err(), "nothing was answered that is not in the store");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_under_load_loses_nothing() {
    let house = House::patient().await;
    let server = house.start().await;
    let mut crowd = Crowd::gather(24, &wire(&server)).await;
    let answered = Arc::new(Semaphore::new(0));
    let walking = crowd.walk(&wire(&server), &answered);
    drop(answered.acquire_many(200).await.expect("it stays open"));
    server.terminate();
    let (status, log) = server.finished().await;
    assert_eq!(status.code(), Some(0), "{log}");
    assert!(!log.contains("still under way"), "{log}");
    crowd.come_back(walking).await;

    let server = house.start().await;
    let wire = wire(&server);
    for (walker, reference) in &mut crowd.walkers {
        // A callback that met a closing door was not read, or it was and committed: sent again it is one turn either way.
        if walker.phone.unanswered.is_some() {
            walker.step_as(reference, &wire).await.expect("it is served");
        }
        walker.phone.expect_repeat(&wire).await;
        walker.step_as(reference, &wire).await.expect("it is served");
    }
}
