//! What is kept beside turns, and ends of dialogues, when two nodes write at once.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use gramsetu::bridge::Settled;
use gramsetu::department::sandbox::Mischief;
use gramsetu::gateway::messages::{Caller, Inbound};
use gramsetu::menu;
use gramsetu::store::KeyedHash;

use super::{BEGINS, Node, Nodes, What, caller, program as shipped};
use crate::folder;
use crate::phones::profile;

/// The answer that has the district remembered.
const KARNAL: &str = "8*1*haryana*karnal";

async fn before_district(nodes: &Nodes) {
    for text in ["", "8", "8*1", "8*1*haryana"] {
        nodes.a.text(text).await;
    }
}

/// Both what a turn kept and the language that was preferred beside it.
async fn keeps_both(node: &Node) {
    let page = node.dialogue("ATUid_2", "8*1").await;
    assert!(page.starts_with("CON Phir yahi zila?"), "{page}");
}

#[tokio::test]
async fn a_turn_does_not_write_over_a_language_that_was_kept_meanwhile() {
    let nodes = Nodes::new().await;
    before_district(&nodes).await;
    let mut turn = nodes.a.hold(What::Turn);
    let keeps = nodes.a.sends(KARNAL);
    turn.reached().await;
    nodes.b.site.bridge.prefer(&caller(), "hi-Latn").await.expect("it is kept");
    turn.let_go();
    keeps.await.expect("it is served");
    keeps_both(&nodes.b).await;
}

#[tokio::test]
async fn a_language_is_not_written_over_what_a_turn_kept_meanwhile() {
    let nodes = Nodes::new().await;
    before_district(&nodes).await;
    let mut turn = nodes.b.hold(What::Turn);
    let bridge = nodes.b.site.bridge.clone();
    let prefers = tokio::spawn(async move { bridge.prefer(&caller(), "hi-Latn").await });
    turn.reached().await;
    nodes.a.text(KARNAL).await;
    turn.let_go();
    prefers.await.expect("it ends").expect("it is kept");
    keeps_both(&nodes.a).await;
}

fn inbound(text: &str) -> Inbound {
    Inbound {
        id: Some("1".to_owned()),
        from: Caller::Number(caller()),
        to: "139".to_owned(),
        text: text.to_owned(),
        part: None,
        at: None,
        circle: None,
    }
}

/// Texts at this node, beside whatever the test does next.
fn texts(node: &Node, text: &str) -> tokio::task::JoinHandle<&'static str> {
    let (bridge, inbound) = (node.site.bridge.clone(), inbound(text));
    tokio::spawn(async move {
        bridge
            .message("africastalking", &inbound, (KeyedHash([7; 16]), false), BEGINS)
            .await
            .expect("it is kept")
            .outcome
    })
}

#[tokio::test]
async fn a_stop_does_not_write_over_what_was_kept_since_it_was_read() {
    let nodes = Nodes::new().await;
    before_district(&nodes).await;
    // It is read for the language of the answer first.
    let mut reads = [(); 3].map(|()| nodes.b.hold(What::Known)).into_iter();
    let stop = texts(&nodes.b, "STOP");
    for _ in 0..2 {
        let mut read = reads.next().expect("one of three");
        read.reached().await;
        read.let_go();
    }
    let mut last = reads.next().expect("one of three");
    last.reached().await;
    nodes.a.text(KARNAL).await;
    nodes.a.site.bridge.prefer(&caller(), "hi-Latn").await.expect("it is kept");
    last.let_go();
    assert_eq!(stop.await.expect("it ends"), "stop");
    keeps_both(&nodes.a).await;
}

#[tokio::test]
async fn a_stop_that_loses_to_a_turn_comes_after_it() {
    let nodes = Nodes::new().await;
    before_district(&nodes).await;
    let mut commit = nodes.b.hold(What::Turn);
    let stop = texts(&nodes.b, "STOP");
    commit.reached().await;
    nodes.a.text(KARNAL).await;
    nodes.a.site.bridge.prefer(&caller(), "hi-Latn").await.expect("it is kept");
    commit.let_go();
    assert_eq!(stop.await.expect("it ends"), "stop");
    keeps_both(&nodes.a).await;
}

#[tokio::test]
async fn a_password_that_cannot_be_sent_is_none() {
    // These nodes have no route.
    let nodes = Nodes::new().await;
    for dialogue in ["ATUid_1", "ATUid_2"] {
        for text in ["", "10"] {
            nodes.a.dialogue(dialogue, text).await;
        }
        let page = nodes.a.dialogue(dialogue, "10*3").await;
        assert!(page.starts_with("END No OTP can be sent"), "{page}");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_not_written_over() {
    let nodes = Nodes::new().await;
    let bridge = &nodes.a.site.bridge;
    bridge.prefer(&caller(), "hi-Latn").await.expect("it is kept");
    let romanised = nodes.a.dialogue("ATUid_1", "").await;
    nodes.a.gate.spoils.store(true, Ordering::SeqCst);
    let stranger = nodes.a.dialogue("ATUid_2", "").await;
    assert_ne!(stranger, romanised, "nobody knows the language");
    // The languages, and the second of them: it is served, and kept by nobody.
    for text in ["6", "6*2"] {
        let page = nodes.a.dialogue("ATUid_2", text).await;
        assert!(page.starts_with("CON "), "{page}");
    }
    bridge.prefer(&caller(), "en").await.expect_err("it would be written over");
    let stop = bridge.message("africastalking", &inbound("STOP"), (KeyedHash([7; 16]), false), BEGINS).await;
    stop.expect_err("the gateway is to tell it again");
    nodes.a.gate.spoils.store(false, Ordering::SeqCst);
    nodes.wait(Duration::from_hours(25));
    assert_eq!(nodes.a.dialogue("ATUid_4", "").await, romanised, "all is as it was");
}

#[tokio::test]
async fn a_call_does_not_wait_for_the_department_of_a_text() {
    let nodes = Nodes::new().await;
    nodes.sandbox.misbehave("epfo", Mischief::AnswersIn(Duration::from_secs(2))).expect("it is one");
    let text = texts(&nodes.a, "BAL");
    nodes.clock.somebody_waits().await;
    let page = tokio::time::timeout(Duration::from_mins(1), nodes.a.text("")).await.expect("it waits for nobody");
    assert!(page.starts_with("CON Welcome"), "{page}");
    nodes.wait(Duration::from_mins(1));
    text.await.expect("it ends");
}

#[tokio::test]
async fn a_late_answer_whose_program_is_gone_is_let_go_of_after_a_day() {
    let files = folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/messages"));
    let program = Arc::new(menu::compile(&files).0.expect("it compiles"));
    let nodes = Nodes::with(&program, None).await;
    nodes.sandbox.take_over(&program, &menu::sandboxes(&files, &program).0);
    nodes.sandbox.misbehave("rail", Mischief::AnswersIn(Duration::from_secs(15))).expect("it is one");
    let text = texts(&nodes.a, "PNR 1234567890");
    nodes.clock.somebody_waits().await;
    nodes.wait(Duration::from_secs(3));
    assert_eq!(text.await.expect("it ends"), "later");
    let another = nodes.another(&shipped()).site;
    let settled = async || another.bridge.settle_due().await.expect("the store works");
    assert_eq!(settled().await, Settled { asked: 1, settled: 0 }, "it may be kept again");
    nodes.wait(Duration::from_hours(25));
    assert_eq!(settled().await, Settled { asked: 1, settled: 1 });
    nodes.wait(Duration::from_hours(25));
    assert_eq!(settled().await, Settled { asked: 0, settled: 0 });
}

#[tokio::test]
async fn an_end_that_loses_to_a_turn_comes_after_it() {
    let nodes = Nodes::new().await;
    nodes.a.text("").await;
    let at = profile("africastalking");
    let mut end = nodes.b.hold(What::Turn);
    let (bridge, told) = (nodes.b.site.bridge.clone(), profile("africastalking"));
    let ends = tokio::spawn(async move { bridge.ended(&told, "ATUid_1", "aborted").await });
    end.reached().await;
    assert!(nodes.a.text("3").await.starts_with("CON Gas no."));
    assert!(nodes.a.site.bridge.is_alive(&at, "ATUid_1").await);
    end.let_go();
    ends.await.expect("it ends");
    assert!(!nodes.a.site.bridge.is_alive(&at, "ATUid_1").await, "each node knows of the end");
}

#[tokio::test]
async fn a_question_that_took_longer_than_its_lease_is_another_nodes() {
    let nodes = Nodes::new().await;
    nodes.before_booking().await;
    nodes.sandbox.misbehave("lpg", Mischief::LosesTheAnswer).expect("it is one");
    let page = nodes.a.text("3*1*1").await;
    assert!(page.starts_with("END We do not yet know"), "{page}");
    nodes.sandbox.misbehave("lpg", Mischief::Works).expect("it is one");
    nodes.wait(Duration::from_secs(30));
    let mut settle = nodes.a.hold(What::Settle);
    let bridge = nodes.a.site.bridge.clone();
    let late = tokio::spawn(async move { bridge.settle_due().await });
    settle.reached().await;
    nodes.wait(Duration::from_secs(31));
    let settled = nodes.b.site.bridge.settle_due().await.expect("the store works");
    assert_eq!(settled, Settled { asked: 1, settled: 1 });
    settle.let_go();
    let late = late.await.expect("it ends").expect("a lost lease is no error");
    assert_eq!(late, Settled { asked: 1, settled: 0 });
}
