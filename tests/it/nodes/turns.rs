//! Turns that meet at two nodes.

use std::time::Duration;

use super::{Nodes, What};

#[tokio::test]
async fn the_same_callback_at_both_nodes_gets_one_reply() {
    let nodes = Nodes::new().await;
    nodes.a.text("").await;
    let mut turn = nodes.a.hold(What::Turn);
    let late = nodes.a.sends("3");
    turn.reached().await;
    let first = nodes.b.text("3").await;
    assert!(first.starts_with("CON Gas no."), "{first}");
    turn.let_go();
    assert_eq!(late.await.expect("it is served"), first);
    assert_eq!(nodes.a.counted("lost_turns_total{to=\"repeat\"}"), 1);
}

#[tokio::test]
async fn the_first_callback_of_all_at_both_nodes_gets_one_reply() {
    let nodes = Nodes::new().await;
    let mut turn = nodes.a.hold(What::Turn);
    let late = nodes.a.sends("");
    turn.reached().await;
    let first = nodes.b.text("").await;
    turn.let_go();
    assert_eq!(late.await.expect("it is served"), first);
    assert_eq!(nodes.a.counted("lost_turns_total{to=\"repeat\"}"), 1);
}

#[tokio::test]
async fn who_loses_to_another_callback_is_conducted_after_it() {
    let one = Nodes::new().await;
    let mut expected = Vec::new();
    for text in ["", "3", "8"] {
        expected.push(one.a.text(text).await);
    }
    let nodes = Nodes::new().await;
    nodes.a.text("").await;
    let mut turn = nodes.a.hold(What::Turn);
    let late = nodes.a.sends("8");
    turn.reached().await;
    assert_eq!(nodes.b.text("3").await, expected[1]);
    turn.let_go();
    assert_eq!(late.await.expect("it is served"), expected[2], "8 is nothing on the screen of gas");
    assert_eq!(nodes.a.counted("lost_turns_total{to=\"again\"}"), 1);
}

#[tokio::test]
async fn the_same_answer_again_is_no_repeat_where_an_end_came_between() {
    let nodes = Nodes::new().await;
    assert!(nodes.a.flares("input=123").await.starts_with("Welcome."));
    let before = nodes.a.flares("input=77").await;
    nodes.wait(Duration::from_secs(10));
    let mut turn = nodes.a.hold(What::Turn);
    let node = nodes.a.clone();
    let late = tokio::spawn(async move { node.flares("input=77").await });
    turn.reached().await;
    nodes.b.flares("clean=clean-session&error=522").await;
    turn.let_go();
    assert_ne!(
        late.await.expect("it is served"),
        before,
        "the dialogue is over, and its last page is not shown as if it were not"
    );
    assert_eq!(nodes.a.counted("lost_turns_total{to=\"again\"}"), 1);
}

#[tokio::test]
async fn who_loses_again_and_again_gets_the_winners_page() {
    let nodes = Nodes::new().await;
    nodes.a.text("").await;
    let mut turn = nodes.a.hold(What::Turn);
    let late = nodes.a.sends("3*1*2*1*2*1");
    let mut last = String::new();
    for text in ["3", "3*1", "3*1*2"] {
        turn.reached().await;
        last = nodes.b.text(text).await;
        let next = nodes.a.hold(What::Turn);
        turn.let_go();
        turn = next;
    }
    turn.reached().await;
    let page = nodes.b.text("3*1*2*1").await;
    assert_ne!(page, last);
    turn.let_go();
    assert_eq!(late.await.expect("it is served"), page);
    assert_eq!(nodes.a.counted("lost_turns_total{to=\"again\"}"), 3);
    assert_eq!(nodes.a.counted("lost_turns_total{to=\"given_up\"}"), 1);
}
