//! A process of its own is killed in the middle of load; what it had said was committed is there.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use gramsetu::store::sqlite::open;
use gramsetu::store::{Conversation, KeyedHash, Lookup, Options};

use super::Files;
use crate::store_contract::{Engine as _, START, conversation, hash, later, turn};

/// Names the database to the child, which is this test binary with this one test.
const DATABASE: &str = "GRAMSETU_TEST_DATABASE";
const SUBSCRIBERS: u8 = 16;
/// Tasks that commit for ever-new subscribers, whose conversations are folded: so kills fall between the blocks of a run, its
/// end, and what is trimmed after it.
const STREAMS: u32 = 4;

/// The first turn of somebody who is not among those above.
fn new(number: u32) -> Conversation {
    let key = |salt: u128| {
        let spread = (u128::from(number) + salt).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        KeyedHash(spread.to_be_bytes())
    };
    Conversation { subscriber: key(1 << 32), leg: key(2 << 32), ..conversation(0, 1, START) }
}

/// Where the variable is not set there is nothing to be a child of.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_that_commits_for_ever() {
    let Some(path) = std::env::var_os(DATABASE).map(PathBuf::from) else { return };
    let options = Options { tail: 200, ..Options::default() };
    let store = open(&path, options, START).await.expect("it opens");
    for subscriber in 0..SUBSCRIBERS {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for number in 1.. {
                store.commit(turn(&conversation(subscriber, number, START))).await.expect("it stands");
                // One write for a line, so that lines of several tasks do not mix.
                let line = format!("committed {subscriber} {number}\n");
                std::io::stdout().write_all(line.as_bytes()).expect("the parent reads");
            }
        });
    }
    for stream in 0..STREAMS {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for number in (stream..).step_by(STREAMS as usize) {
                store.commit(turn(&new(number))).await.expect("it stands");
                std::io::stdout().write_all(format!("new {number}\n").as_bytes()).expect("the parent reads");
            }
        });
    }
    loop {
        store.upkeep(later(1)).await.expect("kept up");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn every_answered_turn_is_there_after_a_kill() {
    let files = Files::new();
    for round in 1..=5 {
        let mut child = Command::new(std::env::current_exe().expect("this binary"))
            .args(["--exact", "store_sqlite::killed::child_that_commits_for_ever", "--nocapture"])
            .env(DATABASE, files.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a child");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let mut answered: HashMap<u8, u64> = HashMap::new();
        let (mut turns, mut all_new) = (0, Vec::new());
        let enough = 1000 + 77 * round;
        for line in output.lines().map_while(Result::ok) {
            if let Some(Ok(number)) = line.strip_prefix("new ").map(str::parse) {
                all_new.push(number);
                turns += 1;
            }
            if turns >= enough {
                child.kill().expect("it was alive"); // SIGKILL; what it had written is still read
            }
            let Some((subscriber, number)) = line.strip_prefix("committed ").and_then(|rest| rest.split_once(' '))
            else {
                continue;
            };
            let (Ok(subscriber), Ok(number)) = (subscriber.parse(), number.parse()) else { continue };
            answered.insert(subscriber, number);
            turns += 1;
        }
        child.wait().expect("it is gone");
        assert!(turns >= enough, "the child stopped after {turns} turns");

        // Each child begins at turn 1 and so needs conversations that are not there any more.
        let store = files.open(START).await;
        for number in all_new {
            let expected = new(number);
            for lookup in [Lookup::Subscriber(expected.subscriber), Lookup::Leg(expected.leg)] {
                let found = store.conversation(lookup, START).await.expect("readable");
                assert_eq!(found.as_ref(), Some(&expected), "new subscriber {number} in round {round}");
            }
        }
        for (subscriber, number) in answered {
            let found = store.conversation(Lookup::Subscriber(hash(subscriber)), START).await.expect("readable");
            let found = found.unwrap_or_else(|| panic!("subscriber {subscriber} is gone in round {round}"));
            assert!(found.turn >= number, "turn {number} of {subscriber} was answered, {} is there", found.turn);
            assert_eq!(found, conversation(subscriber, found.turn, START));
            let next = conversation(subscriber, found.turn + 1, START);
            store.commit(turn(&next)).await.expect("the next turn is taken");
        }
        store.upkeep(later(3_600_000)).await.expect("kept up");
        store.close().await.expect("closed");
    }
}
