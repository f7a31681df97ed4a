//! Calls that change something, wished at two nodes.

use std::time::Duration;

use super::{Nodes, What};

const BOOKED: &str = "END Cylinder booked.";
const NOT_KNOWN: &str = "END We do not yet know";

/// Longer than a call takes, and shorter than the phone waits.
const IN_HANDS: Duration = Duration::from_secs(5);
/// Longer than any phone waits, or any node for another.
const LONG: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_node_that_was_slow_does_not_book_again() {
    let nodes = Nodes::new().await;
    nodes.before_booking().await;
    let mut claim = nodes.b.hold(What::Claim);
    let late = nodes.b.sends("3*1*1");
    claim.reached().await;
    let booked = nodes.a.text("3*1*1").await;
    assert!(booked.starts_with(BOOKED), "{booked}");
    // The other has told of it and closed it: nothing is in the way of the claim but the turn.
    claim.let_go();
    assert_eq!(late.await.expect("it is served"), booked);
    assert_eq!(nodes.booked(), (1, 1), "the department has heard of it once");
}

#[tokio::test]
async fn a_claim_on_a_turn_that_has_passed_is_in_nobodys_way() {
    let nodes = Nodes::new().await;
    nodes.before_booking().await;
    let mut claim = nodes.b.hold(What::Claim);
    let late = nodes.b.sends("3*1*1");
    claim.reached().await;
    let no = nodes.a.text("3*1*2").await;
    assert!(no.starts_with("CON Gas no."), "{no}");
    claim.let_go();
    let asked = late.await.expect("it is served");
    assert!(asked.starts_with("CON Book 1 cylinder"), "1 is another thing after a no: {asked}");
    assert_eq!(nodes.booked(), (0, 0));
    let booked = nodes.a.text("3*1*1*1").await;
    assert!(booked.starts_with(BOOKED), "{booked}");
    assert_eq!(nodes.booked(), (1, 1));
}

#[tokio::test]
async fn while_one_node_calls_the_other_waits_for_its_reply() {
    let nodes = Nodes::new().await;
    nodes.before_booking().await;
    let mut call = nodes.a.hold(What::Call);
    let calls = nodes.a.sends("3*1*1");
    call.reached().await;
    let waits = nodes.b.sends("3*1*1");
    nodes.clock.somebody_waits().await;
    call.let_go();
    let booked = calls.await.expect("it is served");
    assert!(booked.starts_with(BOOKED), "{booked}");
    assert_eq!(waits.await.expect("it is served"), booked);
    assert_eq!(nodes.booked(), (1, 1));
    assert_eq!(nodes.b.counted("waits_for_nodes_total{to=\"known\"}"), 1);
}

#[tokio::test]
async fn what_else_comes_while_a_node_calls_comes_after_the_call() {
    let nodes = Nodes::new().await;
    nodes.before_booking().await;
    let mut call = nodes.a.hold(What::Call);
    let calls = nodes.a.sends("3*1*1");
    call.reached().await;
    let no = nodes.b.sends("3*1*2");
    nodes.clock.somebody_waits().await;
    call.let_go();
    let booked = calls.await.expect("it is served");
    assert!(booked.starts_with(BOOKED), "{booked}");
    let no = no.await.expect("it is served");
    assert!(no.starts_with("END"), "the dialogue is over: {no}");
    assert_eq!(nodes.booked(), (1, 1));
}

#[tokio::test]
async fn a_node_that_does_not_come_back_costs_one_wait() {
    let nodes = Nodes::new().await;
    nodes.before_booking().await;
    let mut call = nodes.a.hold(What::Call);
    let dead = nodes.a.sends("3*1*1");
    call.reached().await;
    let waits = nodes.b.sends("3*1*1");
    nodes.clock.somebody_waits().await;
    nodes.wait(LONG);
    let unknown = waits.await.expect("it is served");
    assert!(unknown.starts_with(NOT_KNOWN), "{unknown}");
    let receipt = receipt(&unknown);
    for id in ["ATUid_2", "ATUid_3"] {
        for text in ["", "3", "3*1"] {
            nodes.b.dialogue(id, text).await;
        }
        let again = nodes.b.dialogue(id, "3*1*1").await;
        assert!(again.contains(&receipt), "the same receipt: {again}");
    }
    assert_eq!(nodes.b.counted("waits_for_nodes_total{to=\"unknown\"}"), 1, "nobody waits again");

    // It was not dead: its turn is lost, what it came to know is not.
    call.let_go();
    dead.await.expect("it is served");
    for text in ["", "3", "3*1"] {
        nodes.b.dialogue("ATUid_4", text).await;
    }
    let news = nodes.b.dialogue("ATUid_4", "3*1*1").await;
    assert!(news.starts_with(BOOKED), "{news}");
    assert_eq!(nodes.booked(), (1, 1));
}

#[tokio::test]
async fn who_is_late_with_the_call_says_what_was_said() {
    let nodes = Nodes::new().await;
    nodes.before_booking().await;
    let mut answer = nodes.a.hold(What::Answer);
    let late = nodes.a.sends("3*1*1");
    answer.reached().await;
    let waits = nodes.b.sends("3*1*1");
    nodes.clock.somebody_waits().await;
    nodes.wait(LONG);
    let said = waits.await.expect("it is served");
    answer.let_go();
    assert_eq!(late.await.expect("it is served"), said, "one callback, one reply");
    assert_eq!(nodes.booked(), (1, 1));
}

#[tokio::test]
async fn what_a_lost_turn_booked_is_told_when_it_is_wished_again() {
    let nodes = Nodes::new().await;
    nodes.before_booking().await;
    let mut turn = nodes.a.hold(What::Turn);
    let late = nodes.a.sends("3*1*1");
    turn.reached().await;
    assert_eq!(nodes.booked(), (1, 1));
    let no = nodes.b.sends("3*1*2");
    nodes.clock.somebody_waits().await;
    nodes.wait(IN_HANDS);
    assert!(no.await.expect("it is served").starts_with("CON Gas no."));
    turn.let_go();
    assert!(late.await.expect("it is served").starts_with("CON Book 1 cylinder"));
    let news = nodes.b.text("3*1*1*1").await;
    assert!(news.starts_with(BOOKED), "{news}");
    assert_eq!(nodes.booked(), (1, 1));
}

#[tokio::test]
async fn a_call_that_failed_is_not_made_again_because_its_turn_was_lost() {
    let nodes = Nodes::new().await;
    nodes.before_booking().await;
    assert!(nodes.a.text("3*1*1").await.starts_with(BOOKED));
    for text in ["", "3", "3*1"] {
        nodes.a.dialogue("ATUid_2", text).await;
    }
    let mut turn = nodes.a.hold(What::Turn);
    let node = nodes.a.clone();
    let late = tokio::spawn(async move { node.dialogue("ATUid_2", "3*1*1").await });
    turn.reached().await;
    assert_eq!(nodes.booked(), (2, 1), "there is one already");
    let bridge = nodes.b.site.bridge.clone();
    let prefers = tokio::spawn(async move { bridge.prefer(&super::caller(), "hi").await });
    nodes.clock.somebody_waits().await;
    nodes.wait(IN_HANDS);
    prefers.await.expect("it ends").expect("it is kept");
    turn.let_go();
    let already = late.await.expect("it is served");
    assert!(already.starts_with("END A cylinder is already booked"), "{already}");
    assert_eq!(nodes.a.counted("lost_turns_total{to=\"again\"}"), 1);
    assert_eq!(nodes.booked(), (2, 1));
}

/// The receipt on a page, `K7M2-Q`.
fn receipt(page: &str) -> String {
    let mut words = page.split_whitespace();
    let found = words.find(|word| word.len() == 6 && word.as_bytes()[4] == b'-');
    found.unwrap_or_else(|| panic!("{page}")).to_owned()
}
