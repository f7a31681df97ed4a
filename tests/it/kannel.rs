//! Kannel of the distribution as a real peer, both ways: bearerbox, smsbox and phones behind its fakesmsc, by the settings that `docs/gateways.md`
//! gives to operators.

pub(crate) mod boxes;
mod stage;

use gramsetu::store::MessageState;
use gramsetu::text::percent;
use stage::{HINDI, LONG, NUMBER, Stage, joined, value};

use crate::server::{get, until};

/// As fakesmsc is told letters beyond Latin.
fn ucs2(text: &str) -> String {
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut escaped = String::from("ucs2 ");
    percent::bytes(&bytes, &mut escaped);
    escaped
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_come_from_kannel_and_answers_go_back_in_both_alphabets_in_parts_and_are_delivered() {
    let stage = Stage::new().await;
    // A text in letters of the GSM alphabet, with those that take two septets.
    let got = stage.texts("text echo pay {500} ^ 3 € é", 1).await;
    assert_eq!(joined("EPFOHO", &got, false), "You said: pay {500} ^ 3 € é");
    // Devanagari: each letter begins with a byte that is a tab elsewhere.
    let got = stage.texts(&ucs2("गूँज नमस्ते 😀"), 1).await;
    assert_eq!(joined("EPFOHO", &got, true), "You said: नमस्ते 😀");
    // Long answers, which Kannel cuts.
    let got = stage.texts("text CAMP", 2).await;
    assert_eq!(joined("EPFOHO", &got, false), LONG);
    let got = stage.texts("text SHIVIR", 2).await;
    assert_eq!(joined("EPFOHO", &got, true), HINDI);
    // A long text, whose last part comes first.
    let last = stage.kannel.phone(&["udh-text %05%00%03%C7%02%02 ins here and ends there"]);
    until("the last part came", async || stage.told("sms").len() == 5).await;
    drop(last);
    let got = stage.texts("udh-text %05%00%03%C7%02%01 ECHO it beg", 1).await;
    assert_eq!(joined("EPFOHO", &got, false), "You said: it begins here and ends there");
    // Each is told to be delivered, long ones once for all parts.
    stage.receipts("delivered", 5).await;
    assert_eq!(stage.ended(0).await, [MessageState::Delivered; 5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_that_kannel_tells_twice_is_answered_once_and_receipts_count_in_any_order() {
    let stage = Stage::new().await;
    stage.lose_one();
    stage.hold_underway(true);
    let phone = stage.kannel.phone(&["text ECHO once"]);
    until("Kannel tells it again", async || stage.told("sms").len() == 2).await;
    let told = stage.told("sms");
    assert_eq!(told[0], told[1], "byte by byte the same");
    stage.receipts("delivered", 1).await;
    assert_eq!(stage.meter("gramsetu_message_receipts_total{gateway=\"kannel\",status=\"underway\"}").await, 0);
    stage.hold_underway(false);
    stage.receipts("underway", 1).await;
    // What is answered behind it shows that nothing else was.
    drop(phone);
    let got = stage.texts("text ECHO twice", 1).await;
    assert_eq!(joined("EPFOHO", &got, false), "You said: twice");
    stage.receipts("underway", 2).await;
    assert_eq!(stage.ended(0).await, [MessageState::Delivered; 2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_smsc_refuses_or_cannot_deliver_is_undelivered() {
    let stage = Stage::new().await;
    // Kannel has taken it, and its SMSC will not have it.
    let phone = stage.kannel.phone(&["text BUSES"]);
    stage.receipts("failed", 1).await;
    drop(phone);
    // The SMSC takes it and says later that it did not arrive.
    let phone = stage.kannel.phone(&["text TRAIN"]);
    stage.receipts("underway", 1).await;
    drop(phone);
    let given = stage.given();
    let train = given.iter().find(|query| query.contains("late")).expect("it was given to the SMSC");
    assert_eq!(value(train, "text"), "The train is late");
    let id = value(&value(train, "dlr-url"), "dlr-mid");
    let target = format!(
        "/?username=a&password=b&from=RLWAYS&to={}&dlr-mid={id}&dlr-mask=2&text=stat:UNDELIV",
        NUMBER.replace('+', "%2B")
    );
    let told = get(([127, 0, 0, 1], stage.kannel.http).into(), &target).await.expect("Kannel answers");
    assert!(told.status < 300, "{told:?}");
    stage.receipts("failed", 2).await;
    assert_eq!(stage.ended(0).await, [MessageState::Undelivered; 2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kannel_dies_in_the_middle_and_nothing_is_lost_unnoticed_or_sent_twice() {
    let mut stage = Stage::new().await;
    let got = stage.texts("text ECHO before", 1).await;
    assert_eq!(joined("EPFOHO", &got, false), "You said: before");
    stage.came_to("accepted", 1).await;
    // The SMSC is away: Kannel takes it, and has it on disk.
    stage.says("ECHO kept").await;
    stage.came_to("accepted", 2).await;
    // Its bearerbox hangs, and dies before it answers.
    stage.kannel.hang();
    stage.says("ECHO unclear").await;
    stage.kannel.is_asked("You said: unclear").await;
    stage.kannel.bearerbox.take().expect("it runs").kill();
    stage.came_to("in_doubt", 1).await;
    stage.kannel.smsbox.take().expect("it runs").kill();
    // Nobody is there: that is certain.
    stage.says("ECHO later").await;
    stage.came_to("not_sent", 1).await;

    stage.kannel.start().await;
    let phone = stage.kannel.phone(&["text ECHO after"]);
    // Those before, what was refused included; and what is told once more is not answered once more.
    stage.says("ECHO kept").await;
    stage.came_to("accepted", 4).await;
    let mut got: Vec<String> =
        phone.has(3).await.iter().map(|part| joined("EPFOHO", std::slice::from_ref(part), false)).collect();
    got.sort();
    assert_eq!(got, ["You said: after", "You said: kept", "You said: later"]);
    stage.receipts("delivered", 4).await;
    for (outcome, count) in [("in_doubt", 1), ("accepted", 4)] {
        assert_eq!(stage.meter(&format!("gramsetu_messages_total{{outcome=\"{outcome}\"}}")).await, count, "{outcome}");
    }
    assert_eq!(stage.ended(1).await, [MessageState::Delivered; 4]);
}
