//! `kill -9` in the middle of load, again and again.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Semaphore;

use super::walk::Crowd;
use crate::folder;
use crate::phones::wire;
use crate::server::{House, NO_RATES, menus};

const PHONES: usize = 32;
const ROUNDS: usize = 4;
const TURNS_A_ROUND: u32 = 250;

/// The shipped menus, with gateways on which a repeat is one for so long that a restart lies within it. Those that number
/// their turns or send histories know a repeat whenever it comes.
pub(crate) fn patient_menus(into: &Path) {
    folder::copy(&menus(), into);
    std::fs::create_dir(into.join("gateways")).expect("a folder");
    for name in ["flares.yaml", "imimobile.yaml", "infobip.yaml", "mtech.yaml"] {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gateway/profiles").join(name);
        let text = std::fs::read_to_string(shipped).expect("a shipped profile");
        let patient = text.replace("lasts: 180s}", "lasts: 180s, repeat_within: 60s}");
        assert_ne!(patient, text, "{name}");
        std::fs::write(into.join("gateways").join(name), patient).expect("written");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answered_turn_is_there_after_a_kill_and_the_next_answer_is_accepted() {
    let house = House::new(&format!("menus = \"menus\"\n{NO_RATES}")).await;
    patient_menus(&house.path("menus"));
    let mut server = house.start().await;
    let mut crowd = Crowd::gather(PHONES, &wire(&server)).await;
    let mut unanswered = 0;
    for round in 1..=ROUNDS {
        let answered = Arc::new(Semaphore::new(0));
        let walking = crowd.walk(&wire(&server), &answered);
        drop(answered.acquire_many(TURNS_A_ROUND).await.expect("it stays open"));
        server.kill();
        crowd.come_back(walking).await;

        let killed = Instant::now();
        server = house.start().await;
        println!("round {round}: ready {:?} after a kill", killed.elapsed());
        let wire = wire(&server);
        for (walker, reference) in &mut crowd.walkers {
            if walker.phone.unanswered.is_some() {
                // Whether it was committed nobody knows; the gateway sends it again, and it is one turn.
                unanswered += 1;
                walker.step_as(reference, &wire).await.expect("it is served");
            }
            walker.phone.expect_repeat(&wire).await;
            walker.step_as(reference, &wire).await.expect("it is served");
        }
    }
    assert!(unanswered > ROUNDS, "the kills came in the middle of turns, not between them: {unanswered}");
}
