//! Texts that come in as Kannel would send them, and a house whose one keyword answers them.

use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use gramsetu::ambient::{SystemChance, SystemClock};
use gramsetu::department::sandbox::{InProcess, Sandbox};
use gramsetu::gateway::Outbound;
use gramsetu::gateway::messages::{Caller, Carrier, Hook, Inbound, MessageProfile, shipped_messages};
use gramsetu::house::{Plan, Sending};
use gramsetu::http::{Gateway, Rates, Site, Turns};
use gramsetu::menu::{self, Program};
use gramsetu::meters::Meters;
use gramsetu::outbox::{Http, RouteSettings};
use gramsetu::simulate::client::{Address, Client};
use gramsetu::source::Files;
use gramsetu::store::seal::Keyring;
use gramsetu::store::{self, Database, Options};
use gramsetu::text::sms::Allowed;
use gramsetu::types::{Clock, Secret};

const SECRET: &str = "bench";
const PATIENCE: Duration = Duration::from_secs(30);
/// What is answered, here and by Kannel.
pub(crate) const ANSWER: &str = "Your balance is Rs 1,20,450 on 31-10-2026. Last added Rs 4,320 for OCT-2026. -EPFO";

/// A keyword whose menu asks no department.
pub(crate) fn files() -> Files {
    let system = "  bridge.unknown: {texts: {en: Write BAL}}\n  bridge.help: {texts: {en: Write BAL}}\n  \
                  bridge.stopped: {texts: {en: Stopped}}\n  bridge.stopped_one: {texts: {en: 'Stopped {{ header }}'}}\n  \
                  bridge.sorry: {texts: {en: Sorry}}\n  bridge.started: {texts: {en: Started}}\n";
    let messages = format!(
        "header: EPFOHO\nkind: transactional\nmessages:\n  told: {{texts: {{en: \"{ANSWER}\"}}}}\n  form: {{texts: {{en: Write BAL}}}}\n{system}"
    );
    let mut files = Files::default();
    files.add(
        "bridge.yaml",
        "languages: {en: English}\nussd: {\"*123#\": home}\nsms: [{keyword: BAL, run: balance, form: form}]\n",
    );
    files.add("home.yaml", "menu: home\nscreens: {top: {end: Hello}}\n");
    files.add("balance.yaml", "menu: balance\nscreens:\n  top: {send: told, next: bye}\n  bye: {end: Bye}\n");
    files.add("messages/all.yaml", messages);
    files
}

/// What stays the same from store to store.
pub(crate) struct House {
    program: Arc<Program>,
    profile: Arc<MessageProfile>,
}

impl House {
    pub(crate) fn new(files: &Files) -> Self {
        let (program, findings) = menu::compile(files);
        let program = Arc::new(program.unwrap_or_else(|| panic!("{findings:?}")));
        Self { program, profile: Arc::new(kannel()) }
    }

    /// One that sends to the aggregator at this address, as fast as that takes it, with no more under way than is usual.
    pub(crate) async fn site(&self, database: &Database, aggregator: std::net::SocketAddr) -> Arc<Site> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let store = store::open(database, Options::default(), clock.now()).await;
        let (hash, seal) = Keyring::draw();
        let gateway = Gateway::named("kannel", vec![Secret::from(SECRET)], Vec::new()).expect("the secret fits");
        let url = format!("http://{aggregator}");
        let route = RouteSettings {
            name: "kannel".to_owned(),
            profile: Arc::clone(&self.profile),
            credentials: self.profile.credentials().iter().map(|name| (name.clone(), Secret::from("bench"))).collect(),
            receipts: Some("http://127.0.0.1/hooks/kannel/bench/receipt".to_owned()),
            sender: None,
            headers: Vec::new(),
            free_text: true,
            allowed: Allowed::default(),
            substitutes: true,
            segments_per_second: NonZeroU32::new(1_000_000).expect("a rate"),
            at_once: 16,
            within: Duration::from_secs(10),
            url: Some(url.clone()),
        };
        let plan = Plan {
            program: Arc::clone(&self.program),
            gateways: vec![gateway.with_messages(Arc::clone(&self.profile), Vec::new()).expect("it signs nothing")],
            store: store.unwrap_or_else(|error| panic!("{error}")),
            transport: Arc::new(InProcess::new(Arc::new(Sandbox::default()), Arc::clone(&clock))),
            policies: Vec::new(),
            sending: Sending {
                routes: vec![route],
                transport: Arc::new(Http::new([url.as_str()].into_iter()).expect("a client")),
            },
            keyring: Keyring::new(&hash, &[(1, seal)]).expect("drawn keys fit"),
            clock,
            chance: Arc::new(SystemChance),
            meters: Arc::new(Meters::default()),
            rates: Rates::default(),
            trusted_proxies: Vec::new(),
            public_url: None,
            largest_body: 16 * 1024,
            turns: Turns::default(),
        };
        plan.site()
    }
}

fn kannel() -> MessageProfile {
    shipped_messages().into_iter().find(|profile| profile.name == "kannel").expect("it is shipped")
}

/// Texts from these numbers, one after the other, each once the one before it is acknowledged.
///
/// # Panics
/// When one is not.
pub(crate) async fn ask(hooks: std::net::SocketAddr, numbers: Range<u64>) {
    let carrier = Carrier::new(Arc::new(kannel()), None);
    let address = Address::of(hooks, "bench", "kannel", &Secret::from(SECRET), "sms");
    let mut client = Client::new(address, PATIENCE);
    for number in numbers {
        let inbound = Inbound {
            id: Some(format!("{number:032x}")),
            from: Caller::Number(format!("9198{number:08}").try_into().expect("a number")),
            to: "51969".to_owned(),
            text: "BAL".to_owned(),
            part: None,
            at: None,
            circle: None,
        };
        let sent = carrier.inbound("", &inbound).expect("it tells of messages");
        let query = sent.query().to_owned();
        let outbound = Outbound {
            method: sent.method.to_owned(),
            query,
            headers: sent.headers,
            body: sent.body,
            rest: String::new(),
        };
        let got = client.send(&outbound).await.expect("the server answers").to_wire();
        assert!(carrier.is_content(Hook::Sms, &got), "{got:?}");
    }
}
