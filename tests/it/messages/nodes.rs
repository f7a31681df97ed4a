//! One node over a file, or two over a PostgreSQL, that are killed and come back, and the way to those that live.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use gramsetu::outward;
use gramsetu::store::KeyedHash;
use gramsetu::store::seal::Keyring;
use gramsetu::types::Secret;

use super::rows::Rows;
use crate::postgres::{self, Database};
use crate::server::{House, NO_RATES, Server, pause};

/// Menus that answer a text, and confirm payments. Nothing of it may be sent twice.
const FILES: [(&str, &str); 4] = [
    (
        "bridge.yaml",
        "languages: {en: English}\nussd: {\"*123#\": home}\n\
         sms: [{keyword: BAL, args: {account: {digits: 7}}, run: balance, form: form}]\n",
    ),
    ("home.yaml", "menu: home\nscreens: {top: {end: Hello}}\n"),
    (
        "balance.yaml",
        "menu: balance\ntakes: {account: digits 7}\nscreens:\n  \
         top: {send: balance_sms, give: {account: account}, next: bye}\n  bye: {end: Bye}\n",
    ),
    (
        "messages/all.yaml",
        "header: GRAMST\nkind: transactional\nmessages:\n  \
         balance_sms: {takes: {account: numeric 7}, texts: {en: 'Your balance at {{ account }} is told'}}\n  \
         form: {texts: {en: Write BAL}}\n  bridge.unknown: {texts: {en: Write BAL}}\n  \
         bridge.help: {texts: {en: Write BAL}}\n  bridge.stopped: {texts: {en: Stopped}}\n  bridge.stopped_one: {texts: {en: 'Stopped {{ header }}'}}\n  \
         bridge.sorry: {texts: {en: Sorry}}\n  bridge.started: {texts: {en: Started}}\n  \
         bridge.paid: {texts: {en: 'Rs {{ amount }} paid to {{ biller }} for {{ account }}, {{ transaction }}, {{ date }} {{ time }}'}}\n  \
         bridge.pay_failed: {texts: {en: 'Rs {{ amount }} not paid to {{ biller }} for {{ account }}, {{ transaction }}, {{ date }} {{ time }}'}}\n  \
         bridge.reversed: {texts: {en: 'Rs {{ amount }} given back by {{ biller }} for {{ account }}, {{ transaction }}, {{ date }} {{ time }}'}}\n",
    ),
];

/// What nodes are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    File,
    Postgres,
}

impl Over {
    fn nodes(self) -> usize {
        match self {
            Self::File => 1,
            Self::Postgres => 2,
        }
    }
}

/// Nodes that are killed and come back.
#[derive(Debug)]
pub(super) struct Nodes {
    house: House,
    servers: Vec<Option<Server>>,
    pub(super) line: Line,
    pub(super) rows: Rows,
    pub(super) kills: usize,
    /// Dropped last, when nobody is connected any more.
    _database: Option<Database>,
}

impl Nodes {
    /// All of them, running; `more` are settings.
    pub(super) async fn start(over: Over, line: Line, more: &str) -> Self {
        let database = match over {
            Over::File => None,
            Over::Postgres => Some(postgres::database().await),
        };
        let address = database.as_ref().map(|database| database.address.as_str());
        let more = format!("menus = \"menus\"\n{NO_RATES}{more}");
        let house = House::over(address, &more).await;
        write_menus(&house.path("menus"));
        let rows = match &database {
            None => Rows::of_file(&house.path("gramsetu.db")),
            Some(database) => Rows::of_postgres(database.pool.clone()),
        };
        let servers = (0..over.nodes()).map(|_| None).collect();
        let mut nodes = Self { house, servers, line, rows, kills: 0, _database: database };
        nodes.start_all().await;
        nodes
    }

    pub(super) fn count(&self) -> usize {
        self.servers.len()
    }

    async fn start_one(&mut self, which: usize) {
        let server = self.house.start().await;
        self.line.set(which, Some(server.hooks));
        self.servers[which] = Some(server);
    }

    async fn start_all(&mut self) {
        for which in 0..self.servers.len() {
            self.start_one(which).await;
        }
    }

    fn kill(&mut self, which: usize) {
        if let Some(server) = self.servers[which].take() {
            self.line.set(which, None);
            server.kill();
            self.kills += 1;
        }
    }

    /// SIGKILL to one node, and its return. Where there is no other, the minute passes meanwhile after which others take up what it was at.
    pub(super) async fn kill_and_start(&mut self, which: usize) {
        self.kill(which);
        if self.servers.iter().all(Option::is_none) {
            self.rows.a_minute_passes().await;
        }
        self.start_one(which).await;
    }

    /// SIGKILL to all; a minute passes, and they return.
    pub(super) async fn kill_and_start_all(&mut self) {
        for which in 0..self.servers.len() {
            self.kill(which);
        }
        self.rows.a_minute_passes().await;
        self.start_all().await;
    }

    /// Under what a number is found in the store.
    pub(super) fn hash_of(&self, digits: &str) -> KeyedHash {
        let keys = self.house.keys.clone().map(Secret::new);
        let keyring = Keyring::new(&keys[0], &[(1, keys[1].clone())]).expect("the keys of the settings");
        keyring.hash("msisdn", &[digits.as_bytes()])
    }
}

pub(super) fn write_menus(into: &Path) {
    for (path, text) in FILES {
        let path = into.join(path);
        std::fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder");
        std::fs::write(path, text).expect("written");
    }
}

/// What somebody tells the nodes.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) method: reqwest::Method,
    /// Path and query.
    pub(super) target: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

impl Told {
    /// A form that is posted.
    pub(super) fn form(target: String, body: String) -> Self {
        let headers = vec![("content-type", "application/x-www-form-urlencoded".to_owned())];
        Self { method: reqwest::Method::POST, target, headers, body }
    }

    pub(super) fn get(target: String) -> Self {
        Self { method: reqwest::Method::GET, target, headers: Vec::new(), body: String::new() }
    }
}

/// The way to the nodes that live.
#[derive(Clone, Debug)]
pub(super) struct Line {
    client: reqwest::Client,
    nodes: Arc<Mutex<Vec<Option<SocketAddr>>>>,
}

impl Line {
    pub(super) fn new() -> Self {
        let client = outward::client(["http://127.0.0.1"].into_iter()).expect("a client");
        Self { client, nodes: Arc::default() }
    }

    fn set(&self, which: usize, address: Option<SocketAddr>) {
        let mut nodes = self.nodes.lock().expect("nobody panics with it");
        if nodes.len() <= which {
            nodes.resize(which + 1, None);
        }
        nodes[which] = address;
    }

    /// Tells one of those that live, by its turn, and gives the status that it answers. `None`: nobody lives, or who was told died over it.
    pub(super) async fn once(&self, told: &Told, turn: usize) -> Option<u16> {
        let address = {
            let nodes = self.nodes.lock().expect("nobody panics with it");
            let living: Vec<SocketAddr> = nodes.iter().flatten().copied().collect();
            living.get(turn.checked_rem(living.len())?).copied()?
        };
        let url = format!("http://{address}{}", told.target);
        let mut request = self.client.request(told.method.clone(), url);
        for (name, value) in &told.headers {
            request = request.header(*name, value);
        }
        Some(request.body(told.body.clone()).send().await.ok()?.status().as_u16())
    }

    /// Tells it again and again until somebody has taken it, as aggregators do; each time another one, where there are several.
    pub(super) async fn tell(&self, told: &Told, mut turn: usize) {
        loop {
            match self.once(told, turn).await {
                Some(200) => return,
                None | Some(503) => pause().await,
                Some(status) => panic!("{status} to {told:?}"),
            }
            turn += 1;
        }
    }
}
