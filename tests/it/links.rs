//! Short links over real HTTP, on both engines: made by a missed call, followed by phones, looked at by messengers, over in time.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gramsetu::ambient::{SystemChance, VirtualClock};
use gramsetu::department::sandbox::{InProcess, Sandbox};
use gramsetu::gateway::messages::{Answer, Carrier, MessageProfile, OutRequest, shipped_messages};
use gramsetu::house::{Plan, Sending};
use gramsetu::http::{self, Bounds, Gateway, Rate, Rates, Shutdown, Site, Turns, listen};
use gramsetu::menu::{self, Program};
use gramsetu::meters::Meters;
use gramsetu::outbox::{RouteAnswer, RouteSettings, Transport};
use gramsetu::outward::{HttpAnswer, TransportError};
use gramsetu::source::Files;
use gramsetu::store::seal::Keyring;
use gramsetu::store::{self, Database, Options};
use gramsetu::text::sms::Allowed;
use gramsetu::types::{Chance as _, Clock, Later, Secret, Timestamp};

use crate::postgres;
use crate::server::{Heard, SECRET, send};

const BEGINS: Timestamp = Timestamp(1_768_453_200_000);
const DAY: Duration = Duration::from_hours(24);
const JIO: &str =
    "Mozilla/5.0 (Mobile; LYF/F90M/LYF-F90M-000-02-28-130318; Android; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5";
const ANDROID: &str =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36";

const BASE: &str = "https://gramsetu.example/l/";

fn program(links: &str) -> Arc<Program> {
    let bridge = format!(
        "languages: {{en: English, hi: हिन्दी}}\nussd: {{\"*1#\": home}}\nlinks: [\"{BASE}\"]\n{links}\n\
         missed_call: {{\"9718397183\": {{send: welcome, link: app, once_in: 1h}}}}\n"
    );
    let message = "header: GRAMST\nkind: transactional\nmessages:\n  welcome: {takes: {link: url}, texts: {en: \"The app: {{ link }}\"}}\n";
    let mut files = Files::default();
    files.add("bridge.yaml", bridge);
    files.add("home.yaml", "menu: home\nscreens: {top: {end: Hello}}\n");
    files.add("messages/all.yaml", message);
    let (program, findings) = menu::compile(&files);
    Arc::new(program.unwrap_or_else(|| panic!("{findings:?}")))
}

const LINKS: &str =
    "short_links: {app: {kaios: \"https://gramsetu.example/k\", else: \"https://store.example/app?id=1\", lives: 2d}}";

/// What takes the messages, and shows their texts.
#[derive(Debug)]
struct Phone {
    carrier: Carrier,
    texts: Mutex<Vec<String>>,
}

impl Transport for Phone {
    fn send(&self, request: OutRequest, _: Duration) -> Later<'_, Result<RouteAnswer, TransportError>> {
        let path = request.url.splitn(4, '/').nth(3).map_or("/".to_owned(), |path| format!("/{path}"));
        let taken = self.carrier.take(&path, &request.headers, &request.body).expect("it is written as it should be");
        self.texts.lock().expect("nobody panics").push(taken.text);
        let answer = Answer::Accepted { foreign: Some(format!("{:032x}", SystemChance.draw())) };
        let reply = self.carrier.answer(&answer).expect("a word for it");
        let answer = HttpAnswer { status: reply.status, body: reply.body };
        Box::pin(std::future::ready(Ok(RouteAnswer { answer, retry_after: None })))
    }
}

pub(crate) struct Stage {
    site: Arc<Site>,
    pub(crate) hooks: SocketAddr,
    clock: Arc<VirtualClock>,
    phone: Arc<Phone>,
    shutdown: Shutdown,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.shutdown.begin();
    }
}

fn profile(name: &str) -> Arc<MessageProfile> {
    Arc::new(shipped_messages().into_iter().find(|profile| profile.name == name).expect("it is shipped"))
}

impl Stage {
    /// With the gateways `sandbox`, on which messages go out, and `mobileseva`.
    pub(crate) async fn on(database: &Database, program: Arc<Program>) -> Self {
        let clock = Arc::new(VirtualClock::starting_at(BEGINS));
        let time: Arc<dyn Clock> = Arc::<VirtualClock>::clone(&clock);
        let store = store::open(database, Options::default(), BEGINS).await.expect("a store");
        let phone = Arc::new(Phone { carrier: Carrier::new(profile("sandbox"), None), texts: Mutex::default() });
        let route = RouteSettings {
            name: "sandbox".to_owned(),
            profile: profile("sandbox"),
            url: Some("http://sandbox.example".to_owned()),
            credentials: std::collections::BTreeMap::default(),
            receipts: None,
            sender: None,
            headers: Vec::new(),
            free_text: true,
            allowed: Allowed::default(),
            substitutes: true,
            segments_per_second: 1000.try_into().expect("a rate"),
            at_once: 16,
            within: Duration::from_secs(10),
        };
        let gateway = |name| {
            let gateway = Gateway::named(name, vec![Secret::from(SECRET)], Vec::new()).expect("a gateway");
            gateway.with_messages(profile(name), Vec::new()).expect("it signs nothing")
        };
        let (hash, seal) = Keyring::draw();
        let site = Plan {
            program,
            gateways: vec![gateway("sandbox"), gateway("mobileseva")],
            store,
            transport: Arc::new(InProcess::new(Arc::new(Sandbox::default()), Arc::clone(&time))),
            policies: Vec::new(),
            sending: Sending { routes: vec![route], transport: Arc::clone(&phone) as Arc<dyn Transport> },
            keyring: Keyring::new(&hash, &[(1, seal)]).expect("keys"),
            clock: time,
            chance: Arc::new(SystemChance),
            meters: Arc::new(Meters::default()),
            rates: Rates::new(Rate::GATEWAY, Rate::GATEWAY),
            trusted_proxies: Vec::new(),
            public_url: None,
            largest_body: 16 * 1024,
            turns: Turns::default(),
        }
        .site();
        let shutdown = Shutdown::default();
        let listening =
            listen(([127, 0, 0, 1], 0).into(), http::public(&site), Bounds::default(), shutdown.clone()).await;
        let hooks = listening.expect("a port").address;
        Self { site, hooks, clock, phone, shutdown }
    }

    /// The address in the message that a missed call of this number gets, behind `/l/`.
    async fn ring(&self, from: &str) -> String {
        let body = format!("{{\"id\": \"{from}\", \"from\": \"{from}\", \"to\": \"9718397183\"}}");
        let hook = format!("/hooks/sandbox/{SECRET}/missed-call");
        let told = send(self.hooks, "POST", &hook, &[], body.as_bytes()).await.expect("a reply");
        assert_eq!(told.status, 200, "{}", told.text());
        let [text] = self.sent().await.try_into().expect("one message");
        text.strip_prefix("The app: ").and_then(|link| link.strip_prefix(BASE)).expect("a short address").to_owned()
    }

    /// The texts that go out now, in their order.
    pub(crate) async fn sent(&self) -> Vec<String> {
        self.site.bridge.outbox().send_due().await.expect("the store answers");
        std::mem::take(&mut *self.phone.texts.lock().expect("nobody panics"))
    }

    async fn follow(&self, method: &str, token: &str, agent: &str) -> Heard {
        send(self.hooks, method, &format!("/l/{token}"), &[("user-agent", agent)], b"").await.expect("a reply")
    }

    pub(crate) fn counted(&self, sample: &str) -> u32 {
        let page = self.site.bridge.meters().page();
        let value = page.lines().find_map(|line| line.strip_prefix("gramsetu_")?.strip_prefix(sample));
        value.map_or(0, |value| value.trim().parse().expect("a number"))
    }
}

const KAIOS: &str = "links_total{link=\"app\",device=\"kaios\"}";
const OTHER: &str = "links_total{link=\"app\",device=\"other\"}";

async fn a_link_leads_by_phone_is_counted_and_is_over_in_time(database: &Database) {
    let stage = Stage::on(database, program(LINKS)).await;
    let token = stage.ring("+919812345670").await;
    let other = stage.ring("+919812345671").await;
    assert!(token.len() == 8 && other.len() == 8 && token != other, "{token} {other}");

    let led = stage.follow("GET", &token, JIO).await;
    assert_eq!((led.status, led.header("location")), (302, Some("https://gramsetu.example/k")));
    assert_eq!((led.header("cache-control"), led.header("referrer-policy")), (Some("no-store"), Some("no-referrer")));
    assert_eq!(led.body, b"");
    let led = stage.follow("GET", &token.to_uppercase(), ANDROID).await;
    assert_eq!((led.status, led.header("location")), (302, Some("https://store.example/app?id=1")));
    let led = stage.follow("GET", &format!("{other}."), ANDROID).await;
    assert_eq!(led.status, 302, "with the end of a sentence");
    assert_eq!((stage.counted(KAIOS), stage.counted(OTHER)), (1, 2));

    // Who only looks is told the same, and is no visit.
    for (method, agent) in [("HEAD", ANDROID), ("GET", "WhatsApp/2.23.20.0"), ("GET", "TelegramBot (like TwitterBot)")]
    {
        let looked = stage.follow(method, &token, agent).await;
        assert_eq!(
            (looked.status, looked.header("location")),
            (302, Some("https://store.example/app?id=1")),
            "{agent}"
        );
    }
    assert_eq!((stage.counted(KAIOS), stage.counted(OTHER)), (1, 2));
    let posted = stage.follow("POST", &token, ANDROID).await;
    assert_eq!((posted.status, posted.header("allow")), (405, Some("GET, HEAD")));

    for unknown in ["22222222", "x", "", "%ff%fe", "..%2F..%2Fetc"] {
        let page = stage.follow("GET", unknown, ANDROID).await;
        let text = page.text();
        assert_eq!(page.status, 404, "{unknown}");
        assert!(text.len() < 600 && text.contains("no longer good") || unknown.is_empty(), "{unknown}: {text}");
        assert!(!text.contains("%ff"), "nothing that was sent comes back");
    }

    // The menus change where it leads, for those that are out already; and end it.
    let moved = LINKS.replace("store.example", "other.example");
    stage.site.bridge.begin_on(program(&moved));
    let led = stage.follow("GET", &token, ANDROID).await;
    assert_eq!(led.header("location"), Some("https://other.example/app?id=1"));
    stage.clock.advance(2 * DAY);
    let gone = stage.follow("GET", &token, ANDROID).await;
    assert_eq!((gone.status, gone.header("cache-control")), (410, Some("no-store")));
    assert!(gone.text().contains("no longer good"), "{}", gone.text());
    assert_eq!(stage.counted("links_refused_total{kind=\"over\"}"), 1);
    stage.clock.advance(31 * DAY);
    assert_eq!(stage.follow("GET", &token, ANDROID).await.status, 404, "long over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_leads_by_phone_on_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = Database::Sqlite(folder.path().join("links.db"));
    a_link_leads_by_phone_is_counted_and_is_over_in_time(&file).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_leads_by_phone_on_postgresql() {
    let database = postgres::database().await;
    let address = database.address.parse().expect("an address");
    a_link_leads_by_phone_is_counted_and_is_over_in_time(&address).await;
}
