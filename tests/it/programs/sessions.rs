//! Bridges over one store, of any engine, in this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gramsetu::ambient::{SystemChance, VirtualClock};
use gramsetu::department::sandbox::{InProcess as Departments, Sandbox};
use gramsetu::gateway::{Outbound, Profile};
use gramsetu::handset::{InProcess, Wire as _};
use gramsetu::house::{Fit, Fitted, Following, Plan, Sending, Servable};
use gramsetu::http::{self, Access, Gateway, Rate, Rates, Site, Turns};
use gramsetu::menu::Version;
use gramsetu::meters::Meters;
use gramsetu::store::seal::Keyring;
use gramsetu::store::{KeptProgram, Store};
use gramsetu::types::{Clock, Secret};

use super::{kept, menus};
use crate::store_contract::{Engine, START, later};

/// A node that serves what was published when it started, and follows when it is told to look.
struct Node {
    site: Arc<Site>,
    following: Following,
    wire: InProcess,
    /// How often it was asked whether a program suits it.
    asked: Arc<AtomicUsize>,
}

/// Everything suits, but one program.
#[derive(Debug)]
struct Any {
    but: Option<Version>,
    asked: Arc<AtomicUsize>,
}

impl Fit for Any {
    fn fit(&self, servable: &Servable) -> Result<Fitted, String> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if Some(servable.program.version) == self.but {
            return Err("it calls a department that the settings do not name".to_owned());
        }
        Ok(Fitted { access: Access::new(gateways(&servable.profiles), Vec::new()), departments: None })
    }
}

fn gateways(profiles: &[Profile]) -> Vec<Gateway> {
    let open =
        |profile: &Profile| Gateway::new(Arc::new(profile.clone()), vec![Secret::new("s".to_owned())], Vec::new());
    profiles.iter().map(open).collect::<Result<_, _>>().expect("gateways")
}

impl Node {
    async fn start(store: &Arc<dyn Store>, keys: &(Secret, Secret), but: Option<Version>) -> Self {
        let published = store.programs().published().await.expect("readable").expect("something is published");
        let servable = Servable::kept(store.programs(), published.version).await.expect("it can be served");
        let clock: Arc<dyn Clock> = Arc::new(VirtualClock::starting_at(START));
        let plan = Plan {
            program: Arc::clone(&servable.program),
            gateways: gateways(&servable.profiles),
            store: Arc::clone(store),
            transport: Arc::new(Departments::new(Arc::new(Sandbox::default()), Arc::clone(&clock))),
            policies: Vec::new(),
            sending: Sending::default(),
            keyring: Keyring::new(&keys.0, &[(1, keys.1.clone())]).expect("keys"),
            clock,
            chance: Arc::new(SystemChance),
            meters: Arc::new(Meters::default()),
            rates: Rates::new(Rate::GATEWAY, Rate::GATEWAY),
            trusted_proxies: Vec::new(),
            public_url: None,
            largest_body: 16 * 1024,
            turns: Turns::default(),
        };
        let site = plan.site();
        let wire = InProcess::new(http::public(&site), "s");
        let asked = Arc::new(AtomicUsize::new(0));
        let fit = Any { but, asked: Arc::clone(&asked) };
        let following = Following::new(Arc::clone(&site), Box::new(fit), Arc::new(SystemChance), published.number);
        Self { site, following, wire, asked }
    }

    /// A callback of dialogue `n`, each of a phone of its own.
    async fn text(&self, n: u8, text: &str) -> String {
        self.of(n, n, text).await
    }

    async fn of(&self, phone: u8, dialogue: u8, text: &str) -> String {
        let body =
            format!("sessionId=ATUid_{dialogue}&phoneNumber=%2B91981234567{phone}&serviceCode=*123%23&text={text}");
        let headers = vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
        let request = Outbound { method: "POST".to_owned(), headers, body: body.into_bytes(), ..Outbound::default() };
        let reply = self.wire.send("africastalking", request).await.expect("a reply");
        String::from_utf8(reply.body).expect("text")
    }

    fn metric(&self, name: &str) -> String {
        let page = self.site.bridge.meters().page();
        let line = page.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.rsplit_once(' ')).unwrap_or_else(|| panic!("{name} is not in {page}")).1.to_owned()
    }
}

async fn publish(store: &Arc<dyn Store>, program: KeptProgram) {
    let last = store.programs().published().await.expect("readable").map_or(0, |published| published.number);
    store.programs().publish(program, last, later(1)).await.expect("nothing came in between");
}

fn shows(page: &str, what: &str) {
    assert!(page.get(4..).is_some_and(|shown| shown.starts_with(what)), "`{page}` is not `{what}`");
}

pub(crate) async fn a_session_finishes_on_what_it_began_with(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    publish(&store, kept(&menus(1))).await;
    let node = Node::start(&store, &Keyring::draw(), None).await;
    shows(&node.text(1, "").await, "Hello 1");
    publish(&store, kept(&menus(2))).await;
    shows(&node.text(2, "").await, "Hello 1");
    node.following.look().await;
    shows(&node.text(3, "").await, "Hello 2");
    shows(&node.text(1, "1").await, "More 1");
    shows(&node.text(3, "1").await, "More 2");
    // The one before is published again, and a third.
    publish(&store, kept(&menus(1))).await;
    node.following.look().await;
    shows(&node.text(4, "").await, "Hello 1");
    shows(&node.text(3, "1*1").await, "Bye 2");
    publish(&store, kept(&menus(3))).await;
    node.following.look().await;
    shows(&node.text(1, "1*1").await, "Bye 1");
    shows(&node.text(2, "2").await, "Bye 1");
    assert_eq!(node.metric("gramsetu_programs_in_memory"), "3");
    assert_eq!(node.metric(&format!("gramsetu_program{{version=\"{}\"}}", kept(&menus(3)).version)), "1");
}

pub(crate) async fn it_does_so_after_a_restart(engine: &mut impl Engine) {
    let keys = Keyring::draw();
    let store = engine.open(START).await;
    publish(&store, kept(&menus(1))).await;
    let node = Node::start(&store, &keys, None).await;
    shows(&node.text(1, "").await, "Hello 1");
    publish(&store, kept(&menus(2))).await;
    engine.kill();
    let store = engine.open(later(10)).await;
    let node = Node::start(&store, &keys, None).await;
    shows(&node.text(2, "").await, "Hello 2");
    shows(&node.text(1, "1").await, "More 1");
    shows(&node.text(1, "1*1").await, "Bye 1");
}

pub(crate) async fn it_does_so_on_another_node(engine: &mut impl Engine) {
    let keys = Keyring::draw();
    let store = engine.open(START).await;
    publish(&store, kept(&menus(1))).await;
    let (slow, quick) = (Node::start(&store, &keys, None).await, Node::start(&store, &keys, None).await);
    publish(&store, kept(&menus(2))).await;
    quick.following.look().await;
    shows(&slow.text(1, "").await, "Hello 1");
    shows(&quick.text(2, "").await, "Hello 2");
    // Each goes on where it did not begin: on one that looks back, and on one that has not looked yet.
    shows(&quick.text(1, "1").await, "More 1");
    shows(&slow.text(2, "1").await, "More 2");
    shows(&slow.text(1, "1*1").await, "Bye 1");
    shows(&quick.text(2, "1*1").await, "Bye 2");
}

pub(crate) async fn a_dropped_session_is_offered_in_its_own_menus(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    publish(&store, kept(&menus(1))).await;
    let node = Node::start(&store, &Keyring::draw(), None).await;
    shows(&node.of(1, 1, "").await, "Hello 1");
    shows(&node.of(1, 1, "1").await, "More 1");
    publish(&store, kept(&menus(2))).await;
    node.following.look().await;
    shows(&node.of(1, 2, "").await, "You were not finished.");
    shows(&node.of(1, 2, "1").await, "More 1");
    shows(&node.of(1, 2, "1*1").await, "Bye 1");
    shows(&node.of(1, 3, "").await, "Hello 2");
}

pub(crate) async fn what_is_kept_no_more_or_damaged_begins_anew(engine: &mut impl Engine) {
    let keys = Keyring::draw();
    let store = engine.open(START).await;
    // As another version of gramsetu might have left it: the files compile, to another program.
    publish(&store, KeptProgram { version: kept(&menus(1)).version, ..kept(&menus(3)) }).await;
    publish(&store, kept(&menus(2))).await;
    let node = Node::start(&store, &keys, None).await;
    for (phone, files) in [(1, menus(1)), (2, menus(5))] {
        let other = Servable::kept(store.programs(), gramsetu::menu::version(&files)).await;
        assert!(other.is_err(), "{other:?}");
        let (program, _) = gramsetu::menu::compile(&files);
        let before = Node::start(&store, &keys, None).await;
        before.site.bridge.begin_on(Arc::new(program.expect("they pass")));
        assert!(before.text(phone, "").await.contains("Hello"));
        shows(&node.text(phone, "1").await, "Hello 2");
        shows(&node.text(phone, "1*1").await, "More 2");
        shows(&node.text(phone, "1*1*1").await, "Bye 2");
    }
}

pub(crate) async fn what_a_node_cannot_serve_is_refused_once(engine: &mut impl Engine) {
    let store = engine.open(START).await;
    publish(&store, kept(&menus(1))).await;
    let node = Node::start(&store, &Keyring::draw(), Some(kept(&menus(2)).version)).await;
    publish(&store, kept(&menus(2))).await;
    for _ in 0..3 {
        node.following.look().await;
    }
    assert_eq!(
        (node.metric("gramsetu_programs_refused_total"), node.asked.load(Ordering::SeqCst)),
        ("1".to_owned(), 1)
    );
    shows(&node.text(1, "").await, "Hello 1");
    publish(&store, KeptProgram { files: vec![0xff, 1, 2], ..kept(&menus(4)) }).await;
    node.following.look().await;
    node.following.look().await;
    assert_eq!(node.metric("gramsetu_programs_refused_total"), "2", "damaged files are refused as well");
    shows(&node.text(2, "").await, "Hello 1");
    publish(&store, kept(&menus(3))).await;
    node.following.look().await;
    shows(&node.text(3, "").await, "Hello 3");
}
