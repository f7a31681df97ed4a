//! Dialogues that must begin anew in their midst, since what was known of them cannot be gone on with: what they hold were
//! answers to something else, and are not walked again.

use std::sync::Arc;

use gramsetu::ambient::{SystemChance, VirtualClock};
use gramsetu::bridge::KeysError;
use gramsetu::department::sandbox::{InProcess as Departments, Sandbox};
use gramsetu::gateway::{Outbound, shipped};
use gramsetu::handset::{InProcess, Wire};
use gramsetu::house::{Plan, Sending};
use gramsetu::http::{self, Gateway, Rate, Rates, Site, Turns};
use gramsetu::menu::{self, Program};
use gramsetu::meters::Meters;
use gramsetu::source::Files;
use gramsetu::store::seal::Keyring;
use gramsetu::store::{Options, Store, sqlite};
use gramsetu::types::{Clock, Secret, Timestamp};

use crate::folder;
use crate::server::menus;

const BEGINS: Timestamp = Timestamp(1_768_453_200_000);

/// The shipped menus, in which `welcome` stands for the greeting.
fn program(welcome: &str) -> Arc<Program> {
    let mut files = Files::default();
    for (_, file) in folder::read(&menus()).iter() {
        files.add(file.path.clone(), file.text.replace("Welcome.", welcome));
    }
    let (program, findings) = menu::compile(&files);
    Arc::new(program.unwrap_or_else(|| panic!("{findings:?}")))
}

/// A process that serves these menus with these keys from this store.
fn process(program: Arc<Program>, store: Arc<dyn Store>, keys: &(Secret, Secret)) -> InProcess {
    InProcess::new(http::public(&site(program, store, &keys.0, &[(1, keys.1.clone())])), "s")
}

fn site(program: Arc<Program>, store: Arc<dyn Store>, hash: &Secret, seal: &[(u8, Secret)]) -> Arc<Site> {
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::starting_at(BEGINS));
    let open = |profile| Gateway::new(Arc::new(profile), vec![Secret::new("s".to_owned())], Vec::new());
    Plan {
        program,
        gateways: shipped().into_iter().map(open).collect::<Result<_, _>>().expect("gateways"),
        store,
        transport: Arc::new(Departments::new(Arc::new(Sandbox::default()), Arc::clone(&clock))),
        policies: Vec::new(),
        sending: Sending::default(),
        keyring: Keyring::new(hash, seal).expect("keys"),
        clock,
        chance: Arc::new(SystemChance),
        meters: Arc::new(Meters::default()),
        rates: Rates::new(Rate::GATEWAY, Rate::GATEWAY),
        trusted_proxies: Vec::new(),
        public_url: None,
        largest_body: 16 * 1024,
        turns: Turns::default(),
    }
    .site()
}

async fn text(process: &InProcess, text: &str) -> String {
    let body = format!("sessionId=ATUid_1&phoneNumber=%2B919812345670&serviceCode=*123%23&text={text}");
    let headers = vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
    let request = Outbound { method: "POST".to_owned(), headers, body: body.into_bytes(), ..Outbound::default() };
    let reply = process.send("africastalking", request).await.expect("a reply");
    String::from_utf8(reply.body).expect("text")
}

#[tokio::test]
async fn a_restart_with_other_menus_shows_the_first_screen_and_takes_answers_from_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = sqlite::open(&folder.path().join("db"), Options::default(), BEGINS).await.expect("a store");
    let keys = Keyring::draw();
    let before = process(program("Welcome."), Arc::clone(&store), &keys);
    assert!(text(&before, "").await.starts_with("CON Welcome."));
    assert!(text(&before, "8").await.starts_with("CON Farming"));
    let after = process(program("Good day."), Arc::clone(&store), &keys);
    assert!(text(&after, "8*2").await.starts_with("CON Good day."), "2 was the weather, and is nothing here");
    assert!(text(&after, "8*2*1").await.starts_with("END PF balance"), "the history goes on from where it was");
}

#[tokio::test]
async fn a_record_that_cannot_be_opened_begins_anew_without_walking_the_history() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = sqlite::open(&folder.path().join("db"), Options::default(), BEGINS).await.expect("a store");
    let (hash, seal) = Keyring::draw();
    let before = process(program("Welcome."), Arc::clone(&store), &(hash.clone(), seal));
    assert!(text(&before, "").await.starts_with("CON Welcome."));
    assert!(text(&before, "3").await.starts_with("CON Gas no."));
    let after = process(program("Welcome."), Arc::clone(&store), &(hash, Keyring::draw().1));
    assert!(text(&after, "3*1").await.starts_with("CON Welcome."), "the key that sealed it is gone");
}

#[tokio::test]
async fn a_database_is_not_served_with_keys_of_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = sqlite::open(&folder.path().join("db"), Options::default(), BEGINS).await.expect("a store");
    let (hash, old) = Keyring::draw();
    let new = Keyring::draw().1;
    let proved = async |hash: &Secret, seal: &[(u8, Secret)]| {
        site(program("Welcome."), Arc::clone(&store), hash, seal).bridge.prove_keys().await
    };
    proved(&hash, &[(1, old.clone())]).await.expect("a new database takes any keys");
    let another = proved(&Keyring::draw().0, &[(1, old.clone())]).await;
    assert!(matches!(another, Err(KeysError::Hash)), "{another:?}");
    let another = proved(&hash, &[(1, new.clone())]).await;
    assert!(matches!(another, Err(KeysError::Sealing(_))), "{another:?}");
    let another = proved(&hash, &[(2, new.clone())]).await;
    assert!(matches!(another, Err(KeysError::Sealing(_))), "{another:?}");
    proved(&hash, &[(2, new.clone()), (1, old)]).await.expect("a new key before the old one");
    proved(&hash, &[(2, new)]).await.expect("the old one has gone");
}
