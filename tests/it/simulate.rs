//! `simulate`: no server that serves as it should is called wrong, and one that does not is.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use gramsetu::gateway::{Outbound, Profile, Reply, encode, shipped};
use gramsetu::house::load::{self, Loaded};
use gramsetu::menu::{self, LanguageId, SandboxFile, SystemText};
use gramsetu::simulate::baseline::{Beside, bare};
use gramsetu::simulate::client::{Address, Client};
use gramsetu::simulate::meter::{Compared, Counted, Meter, Trouble};
use gramsetu::simulate::plan::{Faults, Mix, Plan, Rhythm, Script};
use gramsetu::simulate::server::{self, Own};
use gramsetu::simulate::world::World;
use gramsetu::simulate::{Run, Values};
use gramsetu::source::Files;
use gramsetu::store::Database;
use gramsetu::sync::lock;

/// No run of a test comes near it.
const LONG: Duration = Duration::from_mins(10);

fn shipped_menus() -> Loaded {
    load::load(load::read(None).expect("they are in the program"))
}

fn profile(name: &str) -> Arc<Profile> {
    Arc::new(shipped().into_iter().find(|profile| profile.name == name).expect("it is shipped"))
}

fn world(loaded: &mut Loaded, profile: &Arc<Profile>) -> Arc<World> {
    let program = Arc::new(loaded.program.take().expect("the shipped menus compile"));
    Arc::new(World::new(&program, Arc::clone(profile), &loaded.sandboxes))
}

fn plan(seed: u64, citizens: u64, faults: &str) -> Plan {
    Plan {
        seed,
        connections: 8,
        rhythm: Rhythm::Closed { think: Duration::ZERO..Duration::ZERO },
        ramp: Duration::ZERO,
        duration: LONG,
        citizens: Some(citizens),
        mix: Mix { random: 1.0, scripts: Vec::new() },
        faults: Faults::parse(faults).expect("faults"),
        cuts: vec![Duration::from_millis(20), Duration::from_millis(2100)],
    }
}

async fn counted(plan: Plan, world: &Arc<World>, values: &Arc<Values>, address: &Address) -> Counted {
    let meter = Arc::new(Meter::default());
    let run = Arc::new(Run::new(plan, Arc::clone(world), Arc::clone(values), Arc::clone(&meter)));
    run.run(address).await;
    meter.look(Clone::clone)
}

/// A server of its own, and what citizens find there.
async fn simulated(plan: Plan, world: Arc<World>, values: &Arc<Values>, sandboxes: &[SandboxFile]) -> Counted {
    let folder = tempfile::tempdir().expect("a folder");
    let database = Database::Sqlite(folder.path().join("own.db"));
    let (program, profile) = (Arc::clone(&world.program), Arc::clone(&world.profile));
    let site = server::site(program, profile, sandboxes, &database).await.expect("a site");
    let own = Own::start(site, &world.profile).await.expect("it listens");
    let found = counted(plan, &world, values, &own.address).await;
    own.stop().await.expect("it stops");
    assert!(!found.is_failed() && found.troubles.is_empty(), "{}: {found:#?}", world.profile.name);
    found
}

#[test]
fn no_page_is_wrong_on_any_gateway_whatever_befalls_its_callbacks() {
    let mut loaded = shipped_menus();
    let program = Arc::new(loaded.program.take().expect("the shipped menus compile"));
    let values = Arc::new(Values::of_dialogues(&loaded.files));
    let on = &|profile| {
        let world = Arc::new(World::new(&program, Arc::new(profile), &loaded.sandboxes));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(simulated(plan(11, 20, "all=0.06"), world, &values, &loaded.sandboxes))
    };
    let mut faults: BTreeMap<&str, u64> = BTreeMap::new();
    // All at once: they mostly wait for disks, and for what is cut off.
    std::thread::scope(|scope| {
        let running: Vec<_> = shipped().into_iter().map(|profile| scope.spawn(move || on(profile))).collect();
        for found in running {
            let found = found.join().expect("nothing was wrong");
            assert!(found.turns() > 100, "{found:?}");
            for (fault, count) in found.faults {
                *faults.entry(fault.name()).or_default() += count;
            }
        }
    });
    assert_eq!(faults.len(), 8, "all of them befell somebody: {faults:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dialogues_of_the_menus_are_walked_as_they_say() {
    let (mut loaded, profile) = (shipped_menus(), profile("flares"));
    let files: Vec<_> = loaded.files.iter().filter(|(_, file)| file.path.ends_with(".dialogue")).collect();
    let dialogues = files.iter().flat_map(|(_, file)| gramsetu::dialogue::parse(&file.text).expect("a transcript"));
    let scripts: Vec<Script> = dialogues.filter_map(|dialogue| Script::of(&dialogue)).collect();
    assert!(scripts.len() > 150);
    let mut plan = plan(3, 120, "");
    plan.mix = Mix::default();
    plan.mix.add(scripts, 1.0);
    let world = world(&mut loaded, &profile);
    let found = simulated(plan, world, &Arc::default(), &loaded.sandboxes).await;
    assert_eq!(found.citizens, 120);
}

/// A server that always shows the same page.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_shows_something_else_is_called_wrong() {
    let (mut loaded, profile) = (shipped_menus(), profile("africastalking"));
    let world = world(&mut loaded, &profile);
    let beside = Beside::start(bare(&profile, None), &profile).await.expect("it listens");
    let found = counted(plan(1, 10, ""), &world, &Arc::default(), &beside.address).await;
    beside.stop().await;
    assert_eq!(found.wrong, 10, "whoever meets a wrong page gives up: {found:?}");
    assert_eq!(found.told.len(), 5);
    assert!(found.told.iter().all(|wrong| wrong.got != wrong.expected && !wrong.journey.is_empty()), "{found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_word_that_is_another_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut loaded, profile) = (shipped_menus(), profile("africastalking"));
    let mut files = Files::default();
    for (_, file) in loaded.files.iter() {
        files.add(file.path.clone(), file.text.replace("choose: Farming", "choose: Fishing"));
    }
    let other = Arc::new(menu::compile(&files).0.expect("the changed menus compile"));
    let world = world(&mut loaded, &profile);
    let database = Database::Sqlite(folder.path().join("other.db"));
    let site = server::site(other, Arc::clone(&profile), &loaded.sandboxes, &database).await.expect("a site");
    let own = Own::start(site, &profile).await.expect("it listens");
    let answers = vec!["8".to_owned(), "0".to_owned()];
    let script = Script { title: String::new(), dialled: "*123#".to_owned(), last_digit: None, answers };
    let mut plan = plan(1, 3, "");
    plan.mix = Mix::default();
    plan.mix.add(vec![script], 1.0);
    let found = counted(plan, &world, &Arc::default(), &own.address).await;
    own.stop().await.expect("it stops");
    assert_eq!(found.wrong, 3, "{found:?}");
    let told = &found.told[0];
    assert!(told.expected.starts_with("Farming\n1. ") && told.got.starts_with("Fishing\n1. "), "{told:?}");
    assert_eq!(told.journey.last().map(String::as_str), Some("> 8"));
}

/// Hands callbacks on to a server, and spoils what comes back.
async fn handed_on(address: Address, sent: HeaderMap, body: Bytes, spoil: fn(&str) -> String) -> Response {
    let headers = sent.iter().filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    let outbound = Outbound {
        method: "POST".to_owned(),
        headers: headers.filter(|(name, _)| name == "content-type").collect(),
        body: body.to_vec(),
        ..Outbound::default()
    };
    let mut client = Client::new(address, LONG);
    let reply = client.send(&outbound).await.expect("a reply").to_wire();
    let body = spoil(&String::from_utf8(reply.body).expect("UTF-8"));
    let kind = reply.headers.into_iter().find(|(name, _)| name == "content-type").expect("a content type");
    ([(axum::http::header::CONTENT_TYPE, kind.1)], body).into_response()
}

/// The page is right, and goes to another phone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_with_another_echo_is_wrong_though_its_text_is_right() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut loaded, profile) = (shipped_menus(), profile("arkesel"));
    let world = world(&mut loaded, &profile);
    let database = Database::Sqlite(folder.path().join("own.db"));
    let program = Arc::clone(&world.program);
    let site = server::site(program, Arc::clone(&profile), &loaded.sandboxes, &database).await.expect("a site");
    let own = Own::start(site, &profile).await.expect("it listens");
    let swapped = |body: &str| body.replacen("\"sessionID\":\"", "\"sessionID\":\"0", 1);
    let spoils: [fn(&str) -> String; 2] = [str::to_owned, swapped];
    for (seed, spoil, wrong) in [(1, spoils[0], 0), (2, spoils[1], 3)] {
        let address = own.address.clone();
        let stub = move |sent: HeaderMap, body: Bytes| handed_on(address.clone(), sent, body, spoil);
        let beside = Beside::start(Router::new().fallback(any(stub)), &profile).await.expect("it listens");
        let found = counted(plan(seed, 3, ""), &world, &Arc::default(), &beside.address).await;
        beside.stop().await;
        assert_eq!((found.misspelt, found.wrong, found.is_wrong()), (wrong, 0, wrong > 0), "{found:?}");
        assert_eq!(found.compared.contains_key(&Compared::Exactly), wrong == 0, "{found:?}");
        assert!(found.told.iter().all(|wrong| wrong.got.contains("\"sessionID\":\"0")), "{found:?}");
    }
    own.stop().await.expect("it stops");
}

/// A server that serves nobody is not fast, however soon it says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_turned_away_is_not_served_and_fails_no_run() {
    let (mut loaded, profile) = (shipped_menus(), profile("africastalking"));
    let world = world(&mut loaded, &profile);
    for (said, turned_away) in [(SystemText::Busy, 10), (SystemText::TooMany, 10), (SystemText::Sorry, 0)] {
        let text = world.program.system(said).of(LanguageId(0)).literal().into_owned();
        let reply = encode(&profile, &[], Reply::Page { text: &text, more: false });
        let page = move || std::future::ready(reply.body.clone());
        let beside = Beside::start(Router::new().fallback(any(page)), &profile).await.expect("it listens");
        let found = counted(plan(1, 10, ""), &world, &Arc::default(), &beside.address).await;
        beside.stop().await;
        assert_eq!((found.turns(), found.latencies.len(), found.wrong), (0, 0, 0), "{found:?}");
        assert_eq!((found.turned_away(), found.errors()), (turned_away, 10 - turned_away), "{found:?}");
        assert!(found.was_answered() && found.is_failed() == (turned_away == 0), "{found:?}");
    }
}

/// A server that answers as web servers do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_page_is_no_answer() {
    let (mut loaded, profile) = (shipped_menus(), profile("infobip"));
    let world = world(&mut loaded, &profile);
    let router = Router::new().fallback(|| async { (axum::http::StatusCode::BAD_GATEWAY, "<h1>nginx</h1>") });
    let beside = Beside::start(router, &profile).await.expect("it listens");
    let found = counted(plan(1, 6, "stripped=1"), &world, &Arc::default(), &beside.address).await;
    beside.stop().await;
    assert_eq!((found.wrong, found.troubles.get(&Trouble::Protocol)), (0, Some(&6)), "{found:?}");
}

/// What came to a stub, by citizen, in order.
async fn requests(seed: u64, connections: usize) -> BTreeMap<String, Vec<String>> {
    let (mut loaded, profile) = (shipped_menus(), profile("africastalking"));
    let values = Arc::new(Values::of_dialogues(&loaded.files));
    let world = world(&mut loaded, &profile);
    let came: Arc<Mutex<BTreeMap<String, Vec<String>>>> = Arc::default();
    let into = Arc::clone(&came);
    let reply = encode(&profile, &[], Reply::Page { text: "1. One\n2. Two", more: true });
    let page = move |uri: Uri, body: Bytes| {
        let body = String::from_utf8_lossy(&body).into_owned();
        let spelt = body.to_ascii_lowercase();
        let number = spelt.split('&').find(|pair| pair.starts_with("phonenumber=")).unwrap_or("nobody").to_owned();
        lock(&into).entry(number).or_default().push(format!("{} {body}", uri.path()));
        let body = reply.body.clone();
        async move { body }
    };
    let beside = Beside::start(Router::new().fallback(any(page)), &profile).await.expect("it listens");
    let meter = Arc::new(Meter::default());
    let plan = Plan { connections, ..plan(seed, 25, "all=0.05,cut=0") };
    let run = Arc::new(Run::new(plan, world, values, meter).trusting());
    run.run(&beside.address).await;
    beside.stop().await;
    std::mem::take(&mut *lock(&came))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seed_sends_each_citizens_requests_again() {
    let first = requests(4417, 8).await;
    assert!(first.len() == 25 && first.values().any(|sent| sent.len() > 10), "{first:?}");
    assert_eq!(first, requests(4417, 3).await, "whatever the connections");
    let other = requests(4418, 8).await;
    assert!(first.keys().all(|number| !other.contains_key(number)), "nobody is of two runs");
}

/// An open loop of a hundred turns a second over one connection, to a server that stands still on the first of them.
async fn behind_a_slow_turn(still: Duration, duration: Duration) -> (Duration, Counted) {
    let rhythm = Rhythm::Open { per_second: 100.0 };
    before_a_stub(still, Plan { connections: 1, rhythm, duration, citizens: None, ..plan(1, 0, "") }).await
}

/// A server whose pages never end, and that stands still on the first callback: how long a run took, and what was counted.
async fn before_a_stub(still: Duration, plan: Plan) -> (Duration, Counted) {
    let (mut loaded, profile) = (shipped_menus(), profile("africastalking"));
    let world = world(&mut loaded, &profile);
    let reply = encode(&profile, &[], Reply::Page { text: "1. One", more: true });
    let first = Arc::new(AtomicBool::new(true));
    let page = move |_: Bytes| {
        let (first, body) = (Arc::clone(&first), reply.body.clone());
        async move {
            if first.swap(false, Ordering::SeqCst) {
                gramsetu::types::Clock::sleep(&gramsetu::ambient::SystemClock, still).await;
            }
            body
        }
    };
    let beside = Beside::start(Router::new().fallback(any(page)), &profile).await.expect("it listens");
    let meter = Arc::new(Meter::default());
    let run = Arc::new(Run::new(plan, world, Arc::default(), Arc::clone(&meter)).trusting());
    run.run(&beside.address).await;
    beside.stop().await;
    (run.took(), meter.look(Clone::clone))
}

/// A server that stands still once, in an open loop: the turns that were due meanwhile count from when they were due.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turns_that_wait_behind_a_slow_one_are_slow_too() {
    const STILL: Duration = Duration::from_millis(600);
    let (_, counted) = behind_a_slow_turn(STILL, Duration::from_secs(2)).await;
    assert!((190..=200).contains(&counted.turns()), "a hundred a second for two seconds: {counted:?}");
    assert!(counted.citizens < 40, "nobody is counted who never dialled: {}", counted.citizens);
    // Half of the sixty that were due while it stood still waited longer than half of that time.
    let slow = counted.latencies.count_between(300_000, 60_000_000);
    assert!(slow >= 20, "{slow} of {}", counted.turns());
    assert!(counted.percentile(100.0) >= STILL);
}

/// A server that stands still until the end, in an open loop: what nobody could send waited until the end.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turns_that_were_never_sent_are_told_and_slow() {
    const STILL: Duration = Duration::from_millis(900);
    let (took, counted) = behind_a_slow_turn(STILL, Duration::from_millis(500)).await;
    assert_eq!((counted.turns(), counted.never_sent, counted.latencies.len()), (1, 49, 50), "{counted:?}");
    assert!(took >= STILL, "the clock runs until the last turn has ended: {took:?}");
    let slow = counted.latencies.count_between(250_000, 60_000_000);
    assert!((24..=28).contains(&slow), "half of them waited longer than half of the time: {slow}");
}

/// Citizens who begin at times of their own, and then go on as they are answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn citizens_come_at_their_rate_however_many_turns_they_take() {
    let rhythm = Rhythm::Arrivals { per_second: 20.0, think: Duration::ZERO..Duration::ZERO };
    let plan = Plan { connections: 16, rhythm, duration: Duration::from_secs(1), citizens: None, ..plan(1, 0, "") };
    let (_, counted) = before_a_stub(Duration::ZERO, plan).await;
    assert_eq!(counted.citizens + counted.never_sent, 20, "{counted:?}");
    assert!(counted.turns() > 2 * counted.citizens, "{counted:?}");
}

fn simulate(within: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gramsetu"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GRAMSETU_")) {
        command.env_remove(name);
    }
    command.current_dir(within).arg("simulate").args(arguments).output().expect("the program starts")
}

#[test]
fn alone_it_needs_nothing_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let done = simulate(folder.path(), &["--citizens", "20", "--connections", "4", "--seed", "9", "--json"]);
    assert!(done.status.success(), "{done:?}");
    let told: serde_json::Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!((&told["citizens"], &told["wrong_pages"], &told["seed"]), (&20.into(), &0.into(), &9.into()));
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing is left");
}

#[test]
fn it_says_what_it_cannot_do() {
    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, says) in [
        (&["--url", "http://192.0.2.1"][..], "--beyond-loopback"),
        (&["--url", "https://127.0.0.1:8080"], "without TLS"),
        (&["--url", "http://127.0.0.1:1", "--citizens", "1"], "no turn was answered"),
        (&["--gateway", "africastalkin"], "did you mean `africastalking`?"),
        (&["--faults", "twicely"], "did you mean `twice`?"),
        (&["--faults", "twice=0.6,late=0.6"], "more turns than there are"),
        (&["--mix", "random=0"], "lets nobody walk"),
        (&["--rate", "0"], "no number of turns"),
        (&["--arrivals", "0"], "no number of citizens"),
    ] {
        let done = simulate(folder.path(), arguments);
        let errors = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.code() == Some(2) && errors.contains(says), "{arguments:?}: {done:?}");
    }
}
