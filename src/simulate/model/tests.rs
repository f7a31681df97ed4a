use std::sync::Arc;

use super::*;
use crate::ambient::SystemClock;
use crate::gateway::{Aggregator, Callback, Doing, Profile, Request, decode, shipped};
use crate::house::load;
use crate::phone;
use crate::types::Clock as _;

/// A citizen on a gateway, and the phone with which they call.
struct Phone {
    world: World,
    memory: Memory,
    dialogue: Aggregator,
}

impl Phone {
    fn on(gateway: &str) -> Self {
        let loaded = load::load(load::read(None).expect("they are in the program"));
        let program = Arc::new(loaded.program.expect("the shipped menus compile"));
        let profile: Profile = shipped().into_iter().find(|profile| profile.name == gateway).expect("it is shipped");
        let world = World::new(&program, Arc::new(profile), &loaded.sandboxes);
        let caller = phone::parse("+919812345671", world.profile.home).expect("a number");
        let memory = Memory::new(&world, caller);
        let dialogue = dialogue(&world, 1);
        Self { world, memory, dialogue }
    }

    fn sent(&self, outbound: Outbound) -> Sent {
        let Outbound { method, rest, query, body, .. } = &outbound;
        let request = Request { method, rest, query, here: "", body };
        let received = decode(&self.world.profile, &request).expect("a callback");
        let Callback::Turn(turn) = received.callback else { panic!("a turn") };
        Sent { outbound, turn, echo: received.echo }
    }

    async fn foresees(&self, sent: &Sent, soon: bool) -> Foreseen {
        let now = SystemClock.now();
        self.memory.foresee(&self.world, sent, now, soon, &mut Hearing::default()).await
    }

    /// Does something and gets what is foreseen.
    async fn does(&mut self, doing: Doing<'_>) -> (Sent, String) {
        let outbound = self.dialogue.request(doing).expect("the gateway carries this");
        let sent = self.sent(outbound);
        let foreseen = self.foresees(&sent, false).await;
        self.memory = foreseen.after;
        (sent, foreseen.page.text)
    }
}

fn dialogue(world: &World, leg: u128) -> Aggregator {
    let caller = phone::parse("+919812345671", world.profile.home).expect("a number");
    Aggregator::new(Arc::clone(&world.profile), caller, leg << 64, world.codes.clone())
}

#[tokio::test]
async fn a_repeat_is_the_same_page_and_an_earlier_callback_the_present_one() {
    // A history, turns with numbers, and a first callback that says so.
    for gateway in ["africastalking", "hubtel"] {
        let mut phone = Phone::on(gateway);
        let (first, welcome) = phone.does(Doing::Dial("*123#")).await;
        assert!(welcome.starts_with("Welcome"), "{gateway}: {welcome}");
        assert_eq!(phone.foresees(&first, false).await.page.text, welcome, "{gateway}, however late");
        let (second, farming) = phone.does(Doing::Answer("8")).await;
        assert!(farming.starts_with("Farming"), "{gateway}: {farming}");
        for earlier in [&first, &second] {
            assert_eq!(phone.foresees(earlier, false).await.page.text, farming, "{gateway}");
        }
    }
}

#[tokio::test]
async fn where_bytes_alone_tell_a_repeat_it_is_an_answer_after_a_while() {
    let mut phone = Phone::on("mtech");
    phone.does(Doing::Dial("*123#")).await;
    let (answer, farming) = phone.does(Doing::Answer("8")).await;
    assert_eq!(phone.foresees(&answer, true).await.page.text, farming);
    let again = phone.foresees(&answer, false).await.page.text;
    assert!(again != farming && again.contains("Farming"), "8 is no option there: {again}");
}

#[tokio::test]
async fn who_dials_again_is_asked_whether_to_go_on() {
    let mut phone = Phone::on("africastalking");
    phone.does(Doing::Dial("*123#")).await;
    let (_, farming) = phone.does(Doing::Answer("8")).await;
    phone.memory.hangs_up();
    phone.dialogue = dialogue(&phone.world, 2);
    let (_, question) = phone.does(Doing::Dial("*123#")).await;
    assert!(question.contains("1. ") && !question.starts_with("Welcome"), "{question}");
    let (_, page) = phone.does(Doing::Answer("1")).await;
    assert_eq!(page, farming);
}

#[tokio::test]
async fn a_call_may_fail_in_every_way_that_its_operation_has() {
    let mut phone = Phone::on("africastalking");
    phone.does(Doing::Dial("*123#")).await;
    let outbound = phone.dialogue.request(Doing::Answer("1")).expect("an answer");
    let (sent, mut hearing) = (phone.sent(outbound), Hearing::default());
    let now = SystemClock.now();
    let answered = phone.memory.foresee(&phone.world, &sent, now, false, &mut hearing).await;
    let fails = |hearing: &Hearing, failure| hearing.outcomes.last() == Some(&Outcome::Failed(failure));
    let of_sand = hearing.failing(&phone.world);
    let is_unreached = |hearing: &Hearing| fails(hearing, Failure::Down) || fails(hearing, Failure::Late);
    assert!(of_sand.len() >= 2 && of_sand.iter().all(is_unreached), "{of_sand:?}");
    phone.world = phone.world.with_other_departments();
    let failing = hearing.failing(&phone.world);
    assert!(failing.iter().any(|hearing| fails(hearing, Failure::Refused)), "{failing:?}");
    for mut failing in failing {
        let failed = phone.memory.foresee(&phone.world, &sent, now, false, &mut failing).await;
        assert_ne!(failed.page, answered.page);
    }
}

#[tokio::test]
async fn a_change_is_booked_once_however_often_it_is_foreseen() {
    let mut phone = Phone::on("africastalking");
    phone.does(Doing::Dial("*123#")).await;
    phone.does(Doing::Answer("3")).await;
    let (_, question) = phone.does(Doing::Answer("1")).await;
    assert!(question.starts_with("Book 1 cylinder"), "{question}");
    let outbound = phone.dialogue.request(Doing::Answer("1")).expect("an answer");
    let (sent, now, heard) = (phone.sent(outbound), SystemClock.now(), Heard::default());
    let mut reads = Hearing::of(&heard, true);
    phone.memory.foresee(&phone.world, &sent, now, false, &mut reads).await;
    assert!(reads.is_put_off(), "to book is a change");
    for _ in 0..2 {
        let mut hearing = Hearing::of(&heard, false);
        let page = phone.memory.foresee(&phone.world, &sent, now, false, &mut hearing).await.page;
        assert!(!hearing.is_put_off() && page.text.starts_with("Cylinder booked."), "{page:?}");
    }
    let mut reads = Hearing::of(&heard, true);
    let booked = phone.memory.foresee(&phone.world, &sent, now, false, &mut reads).await;
    assert!(!reads.is_put_off() && booked.page.text.starts_with("Cylinder booked."), "{booked:?}");
    heard.forget_before(booked.after.turns());
    let again = phone.foresees(&sent, false).await.page.text;
    assert!(again.starts_with("A cylinder is already booked"), "the twin has it in its books: {again}");
}

#[tokio::test]
async fn behind_an_unknown_answer_values_are_wild_and_words_are_not() {
    let mut phone = Phone::on("flares");
    phone.does(Doing::Dial("*123#")).await;
    let outbound = phone.dialogue.request(Doing::Answer("3")).expect("an answer");
    let (sent, mut hearing) = (phone.sent(outbound), Hearing::default());
    let now = SystemClock.now();
    let Page { text, more } = phone.memory.foresee(&phone.world, &sent, now, false, &mut hearing).await.page;
    assert!(text.contains("Gas no."), "{text}");
    let may = |text: String, more| hearing.may_be_followed_by(&phone.world, &Page { text, more });
    assert!(may(text.clone(), more));
    let other: String = text.chars().map(|letter| if letter.is_ascii_digit() { '7' } else { letter }).collect();
    assert!(other != text && may(other, more), "another's values");
    assert!(!may(text.replace("Gas no.", "Ration card"), more), "other words");
    assert!(!may(text, !more), "the dialogue does not end there");
}

#[test]
fn a_receipt_is_read_where_one_is_foreseen() {
    assert_eq!(with_receipt_of("Receipt 2222-2.", "Receipt K7M2-Q."), Some("K7M2-Q".to_owned()));
    for (foreseen, came) in
        [("Receipt 2222-2", "Receipt"), ("Receipt", "Receipt K7M2-Q"), ("Receipt 2222-2", "Receipt: K7M2-Q")]
    {
        assert_eq!(with_receipt_of(foreseen, came), None, "{foreseen} {came}");
    }
}
