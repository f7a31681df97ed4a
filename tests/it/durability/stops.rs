//! `SIGTERM` under load: what is under way is finished, nothing is lost.

use std::sync::Arc;
use std::time::Duration;

use gramsetu::department::sandbox::Mischief;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::kills::patient_menus;
use super::walk::Crowd;
use crate::phones::{Phone, profile, wire};
use crate::server::{House, NO_RATES, get, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turns_that_wait_for_a_department_are_answered_before_the_end() {
    let house = House::new(&format!("menus = \"menus\"\n{NO_RATES}")).await;
    patient_menus(&house.path("menus"));
    house.sandbox.misbehave("epfo", Mischief::AnswersIn(Duration::from_millis(1500))).expect("it is one");
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
    let hooks = server.hooks;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_under_load_loses_nothing() {
    let house = House::new(&format!("menus = \"menus\"\n{NO_RATES}")).await;
    patient_menus(&house.path("menus"));
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
