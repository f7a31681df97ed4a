//! More than can be served at once: who cannot be is told so at once, in the protocol's own shape, and nobody else notices.

use std::num::NonZeroU32;
use std::sync::Arc;

use gramsetu::gateway::messages::{Caller, Carrier, Hook, Inbound, shipped_messages};
use gramsetu::handset::Wire as _;
use gramsetu::http::{Rate, Rates, Turns};
use gramsetu::phone;

use crate::phones::{Phone, profile};
use crate::server::GATEWAYS;
use crate::stage::{Behaves, Stage};

/// So many may be under way.
const ROOM: u128 = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_begins_is_turned_away_before_who_goes_on_and_is_served_later() {
    let stage = Stage::with(Turns::at_most(3)).await;
    let wire = stage.wire();
    let busy = "Too many people are calling now. Please dial again after a few minutes.";
    for (n, gateway) in (0..).zip(GATEWAYS) {
        let profile = profile(gateway);
        let phone = |m: u128| Phone::new(&profile, &format!("+91980001{:04}", 100 * n + m), 100 * n + m);
        let mut talking: Vec<Phone> = (0..=2 * ROOM).map(phone).collect();
        for phone in &mut talking {
            assert!(phone.dial(&wire, "*123#").await.expect("it is served").more);
        }
        let mut turned_away = phone(50);

        stage.store(Behaves::CommitsWait);
        let mut last = talking.pop().expect("one more than there is room for");
        let mut waiting = Vec::new();
        for (m, mut phone) in (1..).zip(talking) {
            let wire = wire.clone();
            waiting.push(tokio::spawn(async move { phone.answer(&wire, "6").await.map(|shown| (phone, shown)) }));
            stage.under_way(m).await;
            if m == 3 {
                let shown = turned_away.dial(&stage.wire(), "*123#").await.expect("it is answered");
                assert_eq!((shown.text.as_str(), shown.more), (busy, false), "{gateway}");
            }
        }
        if profile.has_ids() {
            let shown = last.answer(&wire, "6").await.expect("it is answered");
            assert_eq!(
                (shown.text.as_str(), shown.more),
                (busy, false),
                "{gateway}: beyond twice as many nobody goes on"
            );
        }

        stage.store(Behaves::Works);
        for turn in waiting {
            let (_, shown) = turn.await.expect("no defect").expect("it is served");
            assert!(shown.more && shown.text != busy, "{gateway}: {}", shown.text);
        }
        stage.under_way(0).await;
        let shown = turned_away.send_again(&wire).await.expect("it is served");
        assert!(shown.more, "{gateway}: what was not begun is begun when it comes again: {shown:?}");
    }
    let metrics = stage.site.bridge.meters().page();
    for gateway in GATEWAYS {
        // Where only the number names dialogues, nobody is turned away in the midst of one.
        let shed = if profile(gateway).has_ids() { 2 } else { 1 };
        let line = format!("gramsetu_turns_total{{gateway=\"{gateway}\",channel=\"ussd\",outcome=\"shed\"}} {shed}");
        assert!(metrics.contains(&line), "{line} is not in\n{metrics}");
    }
}

/// The status with which a text is answered, and what the meters say then.
async fn texts(stage: &Stage, id: &str, text: &str) -> (u16, String) {
    let of_messages = shipped_messages().into_iter().find(|profile| profile.name == "africastalking");
    let carrier = Carrier::new(Arc::new(of_messages.expect("it is shipped")), None);
    let inbound = Inbound {
        id: Some(id.to_owned()),
        from: Caller::Number(phone::parse("9812345670", phone::home()).expect("a number")),
        to: "123".to_owned(),
        text: text.to_owned(),
        part: None,
        at: None,
        circle: None,
    };
    let wire = stage.wire();
    let sent = carrier.inbound(&wire.address("africastalking", Hook::Sms), &inbound).expect("it tells of texts");
    let status = wire.tell(sent).await.expect("it is answered").status;
    (status, stage.site.bridge.meters().page())
}

fn refused(metrics: &str, kind: &str) -> bool {
    let line = format!("gramsetu_refused_callbacks_total{{gateway=\"africastalking\",kind=\"{kind}\"}} 1");
    metrics.contains(&line)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_for_which_there_is_no_room_is_asked_for_again() {
    let stage = Stage::with(Turns::at_most(0)).await;
    let (status, metrics) = texts(&stage, "1", "HELP").await;
    assert!(status == 503 && refused(&metrics, "shed"), "{status}\n{metrics}");
    assert_eq!(texts(&Stage::new().await, "1", "HELP").await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn texts_are_answered_so_often_in_a_day_and_a_stop_is_always_heard() {
    let rates = Rates::new(Rate::GATEWAY, Rate::GATEWAY).answering_at_most(NonZeroU32::new(2).expect("not none"));
    let stage = Stage::bounded(Turns::default(), rates).await;
    for id in ["1", "2"] {
        let (status, metrics) = texts(&stage, id, "HELP").await;
        assert!(status == 200 && !refused(&metrics, "rate_texts"), "{status}\n{metrics}");
    }
    let (status, metrics) = texts(&stage, "3", "STOP").await;
    assert!(status == 200 && !refused(&metrics, "rate_texts"), "{status}\n{metrics}");
    assert!(metrics.contains("outcome=\"stop\"} 1"), "{metrics}");
    let (status, metrics) = texts(&stage, "4", "HELP").await;
    assert!(status == 200 && refused(&metrics, "rate_texts"), "{status}\n{metrics}");
}
