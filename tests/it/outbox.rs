//! The outbox on real stores, before gateways that refuse, lose and delay: what goes out, when, on which route, and how often.

mod stage;

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use gramsetu::gateway::messages::{Again, Answer, Receipt, ReceiptStatus};
use gramsetu::outbox::RouteSettings;
use gramsetu::store::{MessageFilter, MessageState};
use gramsetu::types::{Clock as _, MessageKind, Priority, Repeat};
use stage::{Does, Stage, message, promotion, route};
use tokio::sync::oneshot;

use crate::server::until;

#[tokio::test]
async fn a_message_goes_out_once_and_its_receipt_settles_it() {
    let stage = Stage::new(&["kannel"]).await;
    let id = stage.queue(&message("1")).await;
    assert_eq!(stage.send_due().await, 1);
    assert_eq!(stage.state(id).await, MessageState::Accepted);
    assert_eq!(stage.send_due().await, 0, "once");
    let receipt = Receipt { foreign: None, id: Some(id.to_string()), status: ReceiptStatus::Delivered, reason: None };
    stage.outbox.receipts("kannel", vec![receipt]).await.expect("the store takes it");
    assert_eq!(stage.state(id).await, MessageState::Delivered);
    assert_eq!(stage.taken(), ["1"]);
}

#[tokio::test]
async fn what_a_gateway_will_never_take_is_a_dead_letter_until_somebody_sends_it_again() {
    let stage = Stage::new(&["kannel"]).await;
    stage.does(Does::Answer(Answer::Refused { reason: "number".to_owned(), again: Again::Never }));
    let id = stage.queue(&message("1")).await;
    stage.send_due().await;
    let dead = stage.store.messages(MessageFilter::DeadLetters, 10).await.expect("they are read");
    assert_eq!(dead.iter().map(|message| message.id).collect::<Vec<_>>(), [id]);
    stage.clock.advance(Duration::from_hours(1));
    assert_eq!(stage.send_due().await, 0);
    stage.does(Does::Take);
    stage.requeue(id).await;
    stage.send_due().await;
    assert_eq!(stage.state(id).await, MessageState::Accepted);
}

#[tokio::test]
async fn a_message_whose_answer_is_lost_is_in_doubt_and_not_sent_again() {
    let stage = Stage::new(&["kannel"]).await;
    stage.does(Does::TakeAndLose);
    let id = stage.queue(&message("1")).await;
    stage.send_due().await;
    assert_eq!(stage.state(id).await, MessageState::InDoubt);
    stage.does(Does::Take);
    stage.clock.advance(Duration::from_mins(9));
    assert_eq!(stage.send_due().await, 0);
    assert_eq!(stage.taken(), ["1"]);
    let receipt = Receipt {
        foreign: None,
        id: Some(id.to_string()),
        status: ReceiptStatus::Failed,
        reason: Some("x".to_owned()),
    };
    stage.outbox.receipts("kannel", vec![receipt]).await.expect("the store takes it");
    assert_eq!(stage.state(id).await, MessageState::Undelivered);
}

#[tokio::test]
async fn one_that_does_no_harm_is_sent_again() {
    let stage = Stage::new(&["kannel"]).await;
    stage.does(Does::TakeAndLose);
    let id = stage.queue(&gramsetu::types::OutMessage { repeat: Repeat::Harmless, ..message("1") }).await;
    stage.send_due().await;
    assert_eq!(stage.state(id).await, MessageState::InDoubt);
    stage.does(Does::Take);
    stage.clock.advance(Duration::from_mins(1));
    stage.send_due().await;
    assert_eq!(stage.state(id).await, MessageState::Accepted);
    assert_eq!(stage.taken(), ["1", "1"]);
}

#[tokio::test]
async fn where_a_gateway_knows_a_message_again_a_lost_answer_costs_nothing() {
    let stage = Stage::new(&["kannel", "sandbox"]).await;
    // The first route does not have the header.
    stage.does(Does::TakeAndLose);
    let id = stage.queue(&gramsetu::types::OutMessage { header: "SANDBX".to_owned(), ..message("1") }).await;
    stage.send_due().await;
    assert_eq!(stage.state(id).await, MessageState::InDoubt);
    stage.does(Does::Take);
    stage.clock.advance(Duration::from_mins(1));
    stage.send_due().await;
    assert_eq!(stage.state(id).await, MessageState::Accepted);
    assert_eq!(stage.taken(), ["1"], "by its key it is the same");
    assert_eq!(stage.asked(), 2);
}

#[tokio::test]
async fn a_definite_refusal_fails_over_and_a_lost_answer_does_not() {
    let stage = Stage::new(&["kannel", "twilio"]).await;
    stage.route_does(
        "kannel",
        Does::Answer(Answer::Refused { reason: "balance".to_owned(), again: Again::ElsewhereOnly }),
    );
    let id = stage.queue(&message("1")).await;
    stage.send_due().await;
    stage.clock.advance(Duration::from_mins(1));
    stage.send_due().await;
    assert_eq!(stage.state(id).await, MessageState::Accepted);
    assert_eq!(stage.taken_on("twilio"), ["1"]);

    stage.route_does("kannel", Does::TakeAndLose);
    let id = stage.queue(&message("2")).await;
    stage.send_due().await;
    stage.clock.advance(Duration::from_mins(5));
    stage.send_due().await;
    assert_eq!(stage.state(id).await, MessageState::InDoubt);
    assert_eq!(stage.taken_on("twilio"), ["1"]);
}

#[tokio::test]
async fn a_gateway_that_cannot_be_reached_is_left_alone_and_tried_again() {
    is_left_alone_and_tried_again(Does::NotReached).await;
}

async fn is_left_alone_and_tried_again(does: Does) {
    let stage = Stage::new(&["kannel"]).await;
    stage.does(does);
    for text in ["1", "2", "3", "4", "5", "6", "7", "8"] {
        stage.queue(&message(text)).await;
    }
    stage.send_due().await;
    assert_eq!(stage.asked(), 5, "then the breaker is open");
    stage.does(Does::Take);
    for _ in 0..20 {
        stage.clock.advance(Duration::from_secs(30));
        stage.send_due().await;
    }
    assert_eq!(stage.taken().len(), 8);
}

#[tokio::test]
async fn codes_go_before_notices_and_no_more_segments_than_the_route_takes() {
    let stage = Stage::new(&["kannel"]).await;
    for number in 0..30 {
        stage.queue(&message(&format!("notice {number}"))).await;
    }
    stage.queue(&gramsetu::types::OutMessage { priority: Priority::Otp, ..message("code") }).await;
    stage.send_due().await;
    let taken = stage.taken();
    assert_eq!(taken.first().map(String::as_str), Some("code"));
    assert_eq!(taken.len(), 10, "its rate is ten a second");
    stage.clock.advance(Duration::from_secs(1));
    stage.send_due().await;
    assert_eq!(stage.taken().len(), 20);
}

#[tokio::test]
async fn promotions_wait_for_their_hours_and_what_is_too_old_is_not_sent() {
    // It begins at 03:30 in India.
    let stage = Stage::new(&["kannel"]).await;
    let waits = stage.queue_for(&promotion("1"), Duration::from_hours(24)).await;
    let dies = stage.queue_for(&promotion("2"), Duration::from_hours(2)).await;
    assert_eq!(promotion("1").kind, MessageKind::Promotional);
    stage.send_due().await;
    assert!(stage.taken().is_empty());
    assert_eq!(stage.state(dies).await, MessageState::Expired);
    stage.clock.advance(Duration::from_hours(6) + Duration::from_mins(31));
    stage.send_due().await;
    assert_eq!(stage.state(waits).await, MessageState::Accepted);
    assert_eq!(stage.taken(), ["1"]);
}

#[tokio::test]
async fn a_receipt_that_comes_before_the_answer_was_written_is_matched() {
    let stage = Stage::new(&["twilio"]).await;
    let id = stage.queue(&message("1")).await;
    let receipt =
        |id: &str| Receipt { foreign: Some(id.to_owned()), id: None, status: ReceiptStatus::Delivered, reason: None };
    stage.outbox.receipts("twilio", vec![receipt("SM1")]).await.expect("it is kept");
    stage.does(Does::Answer(Answer::Accepted { foreign: Some("SM1".to_owned()) }));
    stage.send_due().await;
    assert_eq!(stage.state(id).await, MessageState::Delivered);
}

#[tokio::test]
async fn a_text_goes_only_where_it_is_registered_or_free() {
    let stage = Stage::new(&["exotel"]).await;
    let free = stage.queue(&gramsetu::types::OutMessage { template: None, ..message("1") }).await;
    let registered = stage.queue(&message("2")).await;
    stage.send_due().await;
    assert_eq!(stage.state(free).await, MessageState::Queued, "another node may have a route for it");
    for _ in 0..16 {
        stage.clock.advance(Duration::from_mins(1));
        stage.send_due().await;
    }
    let dead = stage.store.message(free).await.expect("it is read").expect("it is there");
    assert_eq!((dead.state, dead.reason.as_deref()), (MessageState::Refused, Some("no_template")));
    assert_eq!(stage.state(registered).await, MessageState::Accepted);
}

#[tokio::test]
async fn what_may_have_gone_out_stays_in_doubt_whatever_is_refused_later() {
    let routes = ["sandbox", "kannel"].map(|name| RouteSettings { headers: Vec::new(), ..route(name) });
    let stage = Stage::through(routes.to_vec()).await;
    stage.does(Does::TakeAndLose);
    let id = stage.queue(&message("1")).await;
    let dies = stage.queue_for(&message("2"), Duration::from_secs(20)).await;
    stage.send_due().await;
    for does in
        [Does::NotReached, Does::Answer(Answer::Refused { reason: "busy".to_owned(), again: Again::Later(None) })]
    {
        stage.does(does);
        stage.clock.advance(Duration::from_mins(2));
        stage.send_due().await;
        assert_eq!(stage.state(id).await, MessageState::InDoubt);
        assert_eq!(stage.state(dies).await, MessageState::InDoubt, "that its time is over does not unsend it");
    }
    stage.does(Does::Take);
    stage.clock.advance(Duration::from_mins(5));
    stage.send_due().await;
    assert_eq!(stage.state(id).await, MessageState::Accepted);
    assert_eq!(stage.taken_on("sandbox"), ["1", "2"], "by its key the first is the same");
    assert!(stage.taken_on("kannel").is_empty(), "it does not know what the other may have sent");
}

#[tokio::test]
async fn a_route_that_takes_nothing_of_ours_is_left_alone_until_somebody_has_mended_it() {
    let password = Answer::Refused { reason: "password".to_owned(), again: Again::ElsewhereOnly };
    is_left_alone_and_tried_again(Does::Answer(password)).await;
}

#[tokio::test]
async fn notices_that_find_no_room_come_one_after_the_other() {
    let routes = ["kannel", "sandbox"].map(|name| RouteSettings { headers: vec![name.to_owned()], ..route(name) });
    let stage = Stage::through(routes.to_vec()).await;
    for number in 0..50 {
        stage.queue(&gramsetu::types::OutMessage { header: "kannel".to_owned(), ..message(&number.to_string()) }).await;
    }
    // Each is claimed and put back once, though the other route has room for ten each time.
    let mut claimed = 0;
    for _ in 0..60 {
        claimed += stage.send_due().await;
        stage.clock.advance(Duration::from_millis(100));
    }
    assert_eq!(stage.taken().len(), 50);
    assert!(claimed <= 100, "{claimed} claims");
}

#[tokio::test]
async fn who_waits_on_one_route_takes_no_place_in_the_line_of_another() {
    let of = |name, headers: &[&str], rate| RouteSettings {
        headers: headers.iter().map(|header| (*header).to_owned()).collect(),
        segments_per_second: NonZeroU32::new(rate).expect("a rate"),
        ..route(name)
    };
    let stage = Stage::through(vec![of("kannel", &["EPFOHO"], 20), of("sandbox", &["EPFOHO", "SLOWLY"], 1)]).await;
    for number in 0..60 {
        stage.queue(&message(&number.to_string())).await;
    }
    stage.send_due().await;
    stage.send_due().await;
    let slowly = gramsetu::types::OutMessage { header: "SLOWLY".to_owned(), ..message("slowly") };
    let id = stage.queue_for(&slowly, Duration::from_secs(30)).await;
    for _ in 0..100 {
        stage.clock.advance(Duration::from_millis(100));
        stage.send_due().await;
    }
    assert_eq!(stage.state(id).await, MessageState::Accepted);
}

#[tokio::test]
async fn without_routes_messages_wait_for_a_node_that_has_some() {
    let stage = Stage::new(&[]).await;
    let id = stage.queue(&message("1")).await;
    assert_eq!(stage.send_due().await, 0);
    assert_eq!(stage.state(id).await, MessageState::Queued);
}

#[tokio::test]
async fn what_waited_for_a_route_until_it_was_of_no_use_is_a_dead_letter() {
    // Its clock wakes nobody: all is done at the first look.
    let stage = Stage::held(Vec::new()).await;
    let of_use = stage.queue_for(&message("1"), Duration::from_hours(24)).await;
    let over = stage.queue(&message("2")).await;
    stage.clock.advance(Duration::from_hours(1));
    let (stop, stopped) = oneshot::channel::<()>();
    let working = tokio::spawn(Arc::clone(&stage.outbox).work(async {
        let _ = stopped.await;
    }));
    until("it is dropped", async || stage.state(over).await == MessageState::Expired).await;
    let dropped = stage.store.message(over).await.expect("it is read").expect("it is there");
    assert!(dropped.is_dead() && dropped.reason.as_deref() == Some("expired"), "{dropped:?}");
    assert_eq!(stage.state(of_use).await, MessageState::Queued);
    stop.send(()).expect("it works still");
    working.await.expect("it ends");
}

/// As the gateway tells it that was given this id.
fn told(id: &str, status: ReceiptStatus) -> Vec<Receipt> {
    vec![Receipt { foreign: None, id: Some(id.to_owned()), status, reason: None }]
}

#[tokio::test]
async fn a_failure_that_is_told_again_is_not_taken_for_one_of_the_next_attempt() {
    let stage = Stage::new(&["kannel"]).await;
    let id = stage.queue(&message("1")).await;
    stage.send_due().await;
    let first = stage.ids();
    stage.outbox.receipts("kannel", told(&first[0], ReceiptStatus::Failed)).await.expect("the store takes it");
    assert_eq!(stage.state(id).await, MessageState::Undelivered);
    stage.requeue(id).await;
    stage.send_due().await;
    let ids = stage.ids();
    assert_eq!(ids, [format!("{id}-1"), format!("{id}-2")]);
    stage.outbox.receipts("kannel", told(&ids[0], ReceiptStatus::Failed)).await.expect("the store takes it");
    assert_eq!(stage.state(id).await, MessageState::Accepted);
    stage.outbox.receipts("kannel", told(&ids[1], ReceiptStatus::Failed)).await.expect("the store takes it");
    assert_eq!(stage.state(id).await, MessageState::Undelivered);
}

#[tokio::test]
async fn what_is_sent_again_by_an_operator_is_another_wish_to_a_gateway_that_knows_messages_again() {
    let stage = Stage::new(&["sandbox"]).await;
    let id = stage.queue(&gramsetu::types::OutMessage { header: "SANDBX".to_owned(), ..message("1") }).await;
    stage.does(Does::TakeAndLose);
    stage.send_due().await;
    stage.does(Does::Take);
    stage.clock.advance(Duration::from_mins(1));
    stage.send_due().await;
    let ids = stage.ids();
    assert_eq!(ids, [id.to_string(), id.to_string()], "by one key, whatever the attempt");
    stage.outbox.receipts("sandbox", told(&ids[1], ReceiptStatus::Failed)).await.expect("the store takes it");
    assert_eq!(stage.state(id).await, MessageState::Undelivered);
    stage.requeue(id).await;
    stage.send_due().await;
    assert_eq!(stage.taken(), ["1", "1"], "it was not delivered, so it must go out once more");
    assert_eq!(stage.ids()[2], format!("{id}.3"));
    stage.outbox.receipts("sandbox", told(&ids[1], ReceiptStatus::Failed)).await.expect("the store takes it");
    assert_eq!(stage.state(id).await, MessageState::Accepted, "that was told of the first wish");
}

#[tokio::test]
async fn what_is_sent_again_by_an_operator_is_tried_as_often_as_a_new_message() {
    let stage = Stage::new(&["kannel", "twilio"]).await;
    stage.does(Does::Answer(Answer::Refused { reason: "busy".to_owned(), again: Again::Later(None) }));
    let id = stage.queue_for(&message("1"), Duration::from_hours(24)).await;
    for _ in 0..120 {
        stage.send_due().await;
        stage.clock.advance(Duration::from_mins(1));
    }
    let found = stage.store.message(id).await.expect("it is read").expect("it is there");
    assert!(found.is_dead() && found.attempt == 10, "{found:?}");
    stage.requeue(id).await;
    stage.send_due().await;
    let found = stage.store.message(id).await.expect("it is read").expect("it is there");
    assert_eq!((found.state, found.attempt, found.tried()), (MessageState::Refused, 11, 1));
    let waits = found.due.expect("it is tried again").since(stage.clock.now());
    assert!(waits <= Duration::from_secs(15), "after the first wait: {waits:?}");
    assert_eq!(found.route.as_deref(), Some("kannel"), "and on the preferred route first");
}

#[tokio::test]
async fn who_waits_for_a_place_goes_out_as_soon_as_one_is_free_and_is_not_put_off() {
    let rate = NonZeroU32::new(1000).expect("a rate");
    let narrow = RouteSettings { at_once: 2, segments_per_second: rate, ..route("kannel") };
    let stage = Stage::held(vec![narrow]).await;
    for number in 0..20 {
        stage.queue(&message(&format!("notice {number}"))).await;
    }
    let (stop, stopped) = oneshot::channel::<()>();
    let working = tokio::spawn(Arc::clone(&stage.outbox).work(async {
        // Also when the test ends otherwise.
        let _ = stopped.await;
    }));
    // Its clock wakes nobody: what is put off stays.
    until("all are sent", async || stage.taken().len() == 20).await;
    stop.send(()).expect("it works still");
    working.await.expect("it ends");
}
