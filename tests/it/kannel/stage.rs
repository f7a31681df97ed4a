//! A bridge and a Kannel that speak to each other as in service: Kannel by the settings of `docs/gateways.md`, the bridge by a program of its own.
//! Between them stands a relay of the test's, which notes what Kannel tells and can lose an answer or let a receipt wait; behind Kannel
//! stand phones (its own fakesmsc) and an SMSC over HTTP of the test's.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::routing::get as on_get;
use gramsetu::ambient::SystemClock;
use gramsetu::http::{Bounds, Shutdown, listen};
use gramsetu::store::{self, Database, MessageFilter, MessageId, MessageState, Options, SentAs};
use gramsetu::text::percent;
use gramsetu::types::Clock as _;

use super::boxes::{Running, arrived, free_ports};
use crate::server::{House, Server, get, pause, until};

const SECRET: &str = "zq-kannel-secret-3316";
pub(super) const NUMBER: &str = "+919812345670";
/// What is texted to.
const SHORT_CODE: &str = "51969";

/// More than an SMS, with letters that cost two.
pub(super) const LONG: &str = "Bring these {three} papers: [1] your ration card, [2] a bank book ^ with the branch's code, [3] a photograph ~ not older than \
                               six months. The camp opens at 9 and closes at 5 | no fee is asked, not even 1 €. Ask for the officer by name.";
pub(super) const HINDI: &str =
    "शिविर सुबह 9 बजे खुलता है और शाम 5 बजे बंद होता है। कृपया राशन कार्ड, बैंक पासबुक और एक फ़ोटो साथ लाएँ। कोई शुल्क नहीं है 😀।";

/// Keywords: what one says comes back; long texts; two that go to the SMSC over HTTP; one that nobody minds being sent twice.
const MENUS: [(&str, &str); 8] = [
    (
        "bridge.yaml",
        "languages: {en: English}\nussd: {\"*123#\": home}\nsms:\n  \
         - {keyword: ECHO, also: [गूँज], args: {note: {text: 40}}, run: echo, form: form}\n  \
         - {keyword: CAMP, run: camp, form: form}\n  - {keyword: SHIVIR, run: shivir, form: form}\n  \
         - {keyword: TRAIN, run: train, form: form}\n  - {keyword: BUSES, run: buses, form: form}\n",
    ),
    ("home.yaml", "menu: home\nscreens: {top: {end: Hello}}\n"),
    (
        "echo.yaml",
        "menu: echo\ntakes: {note: text 40}\nscreens:\n  top: {send: said, give: {note: note}, next: bye}\n  bye: {end: Bye}\n",
    ),
    ("camp.yaml", "menu: camp\nscreens:\n  top: {send: papers, next: bye}\n  bye: {end: Bye}\n"),
    ("shivir.yaml", "menu: shivir\nscreens:\n  top: {send: kagaz, next: bye}\n  bye: {end: Bye}\n"),
    ("train.yaml", "menu: train\nscreens:\n  top: {send: train, next: bye}\n  bye: {end: Bye}\n"),
    ("buses.yaml", "menu: buses\nscreens:\n  top: {send: buses, next: bye}\n  bye: {end: Bye}\n"),
    (
        "messages/all.yaml",
        "header: EPFOHO\nkind: transactional\nmessages:\n  said: {takes: {note: alphanumeric 40 any}, texts: {en: 'You said: {{ note }}'}}\n  \
         papers: {texts: {en: '@LONG'}}\n  kagaz: {texts: {en: '@HINDI'}}\n  \
         train: {header: RLWAYS, texts: {en: The train is late}}\n  buses: {header: RLWAYS, texts: {en: The SMSC refuses this}}\n  \
         form: {texts: {en: Write ECHO}}\n  bridge.unknown: {texts: {en: Write ECHO}}\n  bridge.help: {texts: {en: Write ECHO}}\n  \
         bridge.stopped: {texts: {en: Stopped}}\n  bridge.stopped_one: {texts: {en: 'Stopped {{ header }}'}}\n  \
         bridge.sorry: {texts: {en: Sorry}}\n  bridge.started: {texts: {en: Started}}\n",
    ),
];

/// What stands between, and what it does.
#[derive(Debug, Default)]
struct Between {
    bridge: Option<SocketAddr>,
    /// Paths and queries that Kannel asked for, as they came.
    told: Vec<String>,
    /// Texts whose acknowledgement is lost, though the bridge has them.
    lose: usize,
    /// Whether receipts that a message is underway wait.
    holds_underway: bool,
    /// Queries with which the SMSC over HTTP was given messages.
    smsc: Vec<String>,
}

type Relay = Arc<Mutex<Between>>;

fn locked(relay: &Relay) -> std::sync::MutexGuard<'_, Between> {
    relay.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn pass_on(State(relay): State<Relay>, uri: Uri) -> (StatusCode, Vec<u8>) {
    let target = uri.to_string();
    let bridge = {
        let mut between = locked(&relay);
        between.told.push(target.clone());
        between.bridge
    };
    if uri.path().ends_with("/receipt") && target.contains("&status=8&") {
        while locked(&relay).holds_underway {
            pause().await;
        }
    }
    let Some(bridge) = bridge else { return (StatusCode::BAD_GATEWAY, Vec::new()) };
    let Ok(heard) = get(bridge, &target).await else { return (StatusCode::BAD_GATEWAY, Vec::new()) };
    if uri.path().ends_with("/sms") {
        let mut between = locked(&relay);
        if between.lose > 0 {
            between.lose -= 1;
            return (StatusCode::BAD_GATEWAY, Vec::new());
        }
    }
    (StatusCode::from_u16(heard.status).expect("a status"), heard.body)
}

/// The SMSC over HTTP: it speaks as Kannel's own sendsms does.
async fn take(State(relay): State<Relay>, uri: Uri) -> (StatusCode, &'static str) {
    let query = uri.query().unwrap_or_default().to_owned();
    let refuses = query.contains("refuses");
    locked(&relay).smsc.push(query);
    if refuses { (StatusCode::FORBIDDEN, "Denied") } else { (StatusCode::ACCEPTED, "0: Accepted for delivery") }
}

/// Of a query, as it was meant.
pub(super) fn value(query: &str, name: &str) -> String {
    let pair = query.split(['?', '&']).find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let pair = pair.unwrap_or_else(|| panic!("{name}: {query}"));
    String::from_utf8(percent::read_leniently(pair.as_bytes()).into_owned()).expect("it is UTF-8")
}

pub(super) struct Stage {
    pub(super) house: House,
    pub(super) server: Server,
    pub(super) kannel: Kannel,
    relay: Relay,
    shutdown: Shutdown,
}

impl Stage {
    pub(super) async fn new() -> Self {
        let relay = Relay::default();
        let shutdown = Shutdown::default();
        let router = Router::new().route("/send", on_get(take)).fallback(pass_on).with_state(Arc::clone(&relay));
        let listening = listen(([127, 0, 0, 1], 0).into(), router, Bounds::default(), shutdown.clone()).await;
        let between = listening.expect("a port for the relay").address;
        let kannel = Kannel::new(between);
        let (url, password) = (format!("http://127.0.0.1:{}", kannel.sendsms), "CHANGE-SENDSMS");
        let mut more = vec![
            "menus = \"menus\"".to_owned(),
            format!("public_url = \"http://{between}\""),
            format!("gateways.kannel.secrets = [\"{SECRET}\"]"),
        ];
        for (route, header, smsc) in [("phones", "EPFOHO", "FAKE"), ("trains", "RLWAYS", "HTTP")] {
            more.push(format!(
                "[routes.{route}]\ngateway = \"kannel\"\nurl = \"{url}\"\nheaders = [\"{header}\"]\nfree_text = true\n\
                 credentials = {{ username = \"gramsetu\", password = \"{password}\", smsc = \"{smsc}\" }}"
            ));
        }
        let house = House::new(&more.join("\n")).await;
        for (path, text) in MENUS {
            let path = house.path("menus").join(path);
            std::fs::create_dir_all(path.parent().expect("it lies in the folder")).expect("a folder");
            std::fs::write(path, text.replace("@LONG", &LONG.replace('\'', "''")).replace("@HINDI", HINDI))
                .expect("written");
        }
        let server = house.start().await;
        locked(&relay).bridge = Some(server.hooks);
        let mut stage = Self { house, server, kannel, relay, shutdown };
        stage.kannel.start().await;
        stage
    }

    /// Somebody texts; what comes back to the phone, once it is this many parts.
    pub(super) async fn texts(&self, said: &str, parts: usize) -> Vec<String> {
        let phone = self.kannel.phone(&[said]);
        phone.has(parts).await
    }

    /// The bridge is texted past Kannel, as Kannel would.
    pub(super) async fn says(&self, text: &str) {
        let id = text.replace(' ', "-");
        let mut target =
            format!("/hooks/kannel/{SECRET}/sms?from=%2B{}&to={SHORT_CODE}&coding=0&udh=&id={id}&text=", &NUMBER[1..]);
        percent::value(text, &mut target);
        let heard = get(self.server.hooks, &target).await.expect("a reply");
        assert_eq!(heard.status, 200, "{}", heard.text());
    }

    /// Waits until so many messages came to this, by the bridge's meters.
    pub(super) async fn came_to(&self, outcome: &str, count: u64) {
        let sample = format!("gramsetu_messages_total{{outcome=\"{outcome}\"}}");
        until(&format!("{count} messages are {outcome}"), async || self.meter(&sample).await >= count).await;
    }

    /// The acknowledgement of the next text gets lost.
    pub(super) fn lose_one(&self) {
        locked(&self.relay).lose = 1;
    }

    pub(super) fn hold_underway(&self, holds: bool) {
        locked(&self.relay).holds_underway = holds;
    }

    /// What Kannel asked of this hook so far.
    pub(super) fn told(&self, hook: &str) -> Vec<String> {
        let part = format!("/{SECRET}/{hook}?");
        locked(&self.relay).told.iter().filter(|target| target.contains(&part)).cloned().collect()
    }

    /// What was given to the SMSC over HTTP.
    pub(super) fn given(&self) -> Vec<String> {
        locked(&self.relay).smsc.clone()
    }

    /// The value of a sample of the bridge's metrics.
    pub(super) async fn meter(&self, sample: &str) -> u64 {
        let page = get(self.server.admin, "/metrics").await.expect("metrics").text();
        let line = page.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
        line.map_or(0, |value| value.parse().expect("a whole number"))
    }

    /// Waits until so many receipts of a status were taken.
    pub(super) async fn receipts(&self, status: &str, count: u64) {
        let sample = format!("gramsetu_message_receipts_total{{gateway=\"kannel\",status=\"{status}\"}}");
        until(&format!("{count} receipts say {status}"), async || self.meter(&sample).await >= count).await;
    }

    /// Ends both, and says what the store holds of each message that Kannel told of; `doubts` are those that are in doubt.
    pub(super) async fn ended(self, doubts: usize) -> Vec<MessageState> {
        let sent_as = |target: &String| value(target, "id").parse::<SentAs>().expect("an id of ours").id;
        let ids: BTreeSet<MessageId> = self.told("receipt").iter().map(sent_as).collect();
        self.server.terminate();
        let (end, log) = self.server.finished().await;
        assert!(end.success(), "{log}");
        self.shutdown.begin();
        let database = Database::Sqlite(self.house.path("gramsetu.db"));
        let store = store::open(&database, Options::default(), SystemClock.now()).await.expect("a database");
        let mut states = Vec::new();
        for id in ids {
            states.push(store.message(id).await.expect("it is read").expect("it is there").state);
        }
        let found = store.messages(MessageFilter::Doubtful, 10).await.expect("they are read");
        assert_eq!(found.len(), doubts, "messages in doubt");
        store.close().await.expect("closed");
        states.sort();
        states
    }
}

/// Kannel's boxes, by the settings that operators are given.
pub(super) struct Kannel {
    folder: tempfile::TempDir,
    admin: u16,
    phones: u16,
    pub(super) http: u16,
    sendsms: u16,
    pub(super) bearerbox: Option<Running>,
    pub(super) smsbox: Option<Running>,
}

impl Kannel {
    fn new(between: SocketAddr) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let [admin, boxes, sendsms, phones, http] = free_ports();
        let mut settings = documented();
        for (was, is) in [
            ("13000", admin.to_string()),
            ("13001", boxes.to_string()),
            ("13013", sendsms.to_string()),
            ("/var/spool/kannel/store", folder.path().join("store").display().to_string()),
            ("https://your.host", format!("http://{between}")),
            ("{secret}", SECRET.to_owned()),
            ("http-queue-delay = 5", "http-queue-delay = 1".to_owned()),
        ] {
            assert_eq!(settings.matches(was).count(), 1, "{was} in the settings of docs/gateways.md");
            settings = settings.replace(was, &is);
        }
        let peers = format!(
            "\n\ngroup = smsc\nsmsc = fake\nsmsc-id = FAKE\nallowed-smsc-id = FAKE\nport = {phones}\nconnect-allow-ip = 127.0.0.1\n\n\
             group = smsc\nsmsc = http\nsystem-type = kannel\nsmsc-id = HTTP\nallowed-smsc-id = HTTP\nport = {http}\n\
             connect-allow-ip = 127.0.0.1\nsend-url = http://{between}/send\ndlr-url = http://127.0.0.1:{http}/\n\
             smsc-username = a\nsmsc-password = b\n"
        );
        settings.push_str(&peers);
        std::fs::write(folder.path().join("kannel.conf"), settings).expect("written");
        Self { folder, admin, phones, http, sendsms, bearerbox: None, smsbox: None }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) async fn start(&mut self) {
        let settings = self.file("kannel.conf");
        self.bearerbox = Some(Running::bearerbox(&settings, &[], &self.file("bearerbox.log")));
        self.shows("bearerbox runs", "Status: running").await;
        self.smsbox = Some(Running::smsbox(&settings, &[], &self.file("smsbox.log")));
        self.shows("smsbox is with it", "smsbox:").await;
    }

    /// SIGSTOP: bearerbox is there, and does nothing any more.
    pub(super) fn hang(&self) {
        let id = self.bearerbox.as_ref().expect("it runs").id.to_string();
        let told = Command::new("sh").args(["-c", "kill -STOP \"$0\"", &id]).status().expect("a shell");
        assert!(told.success(), "it was gone before it hung");
    }

    /// Waits until smsbox was asked to send this.
    pub(super) async fn is_asked(&self, text: &str) {
        let log = self.file("smsbox.log");
        let text = format!("msg:<{text}>");
        let asked = async || String::from_utf8_lossy(&std::fs::read(&log).expect("its log")).contains(&text);
        until("smsbox is asked to send", asked).await;
    }

    /// Waits until its page of status holds this.
    pub(super) async fn shows(&self, what: &str, holds: &str) {
        let page = "/status.txt?password=CHANGE-ADMIN";
        let address = ([127, 0, 0, 1], self.admin).into();
        until(what, async || get(address, page).await.is_ok_and(|heard| heard.text().contains(holds))).await;
    }

    /// Phones on the SMSC that say these things once, in whichever order, and hear what comes. One at a time.
    pub(super) fn phone(&self, said: &[&str]) -> Phone {
        let messages: Vec<String> = said.iter().map(|said| format!("{NUMBER} {SHORT_CODE} {said}")).collect();
        let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
        let log = tempfile::Builder::new().prefix("phone-").tempfile_in(self.folder.path()).expect("a file");
        let (_, log) = log.keep().expect("it stays until the folder goes");
        let running = Running::fakesmsc(self.phones, &["-i", "0.01"], said.len(), &messages, &log);
        Phone { _running: running, log }
    }
}

impl Drop for Kannel {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for log in ["bearerbox.log", "smsbox.log"] {
                let said = std::fs::read(self.file(log)).unwrap_or_default();
                let said = String::from_utf8_lossy(&said);
                let lines: Vec<&str> = said.lines().filter(|line| !line.contains("DEBUG")).collect();
                println!(
                    "the end of {log} before the test failed:\n{}",
                    lines[lines.len().saturating_sub(40)..].join("\n")
                );
            }
        }
    }
}

/// A fakesmsc that runs.
pub(super) struct Phone {
    _running: Running,
    log: PathBuf,
}

impl Phone {
    /// What came so far.
    pub(super) fn heard(&self) -> Vec<String> {
        arrived(&String::from_utf8_lossy(&std::fs::read(&self.log).expect("its log")))
    }

    /// What came, once it is so many.
    pub(super) async fn has(&self, count: usize) -> Vec<String> {
        until(&format!("{count} messages came to the phone"), async || self.heard().len() >= count).await;
        self.heard()
    }
}

/// The settings that `docs/gateways.md` gives to operators.
fn documented() -> String {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/gateways.md");
    let page = std::fs::read_to_string(page).expect("the page");
    let begin = page.split_once("```kannel\n").expect("the page has settings of Kannel").1;
    begin.split_once("```").expect("they end").0.to_owned()
}

/// The text of a message as it came to a phone in parts: `sender receiver type text`, with a header where there are several.
pub(super) fn joined(header: &str, parts: &[String], is_unicode: bool) -> String {
    let mut read: Vec<(u8, Vec<u8>)> = Vec::new();
    for part in parts {
        let rest = part.strip_prefix(&format!("{header} {NUMBER} ")).unwrap_or_else(|| panic!("{part}"));
        let (kind, rest) = rest.split_once(' ').expect("a type and a text");
        let bytes = |escaped: &str| percent::read_leniently(escaped.as_bytes()).into_owned();
        read.push(match kind {
            "text" => (1, rest.as_bytes().to_vec()),
            "ucs-2" => (1, bytes(rest)),
            "udh" => {
                let (udh, text) = rest.split_once(" data ").unwrap_or_else(|| panic!("{part}"));
                // 3GPP TS 23.040, 9.2.3.24.1: a reference, how many parts there are, and which one this is.
                let [5, 0, 3, _, of, number] = bytes(udh)[..] else { panic!("{udh}") };
                assert_eq!(usize::from(of), parts.len());
                (number, bytes(text))
            }
            _ => panic!("{part}"),
        });
    }
    read.sort();
    assert!(read.iter().map(|(number, _)| usize::from(*number)).eq(1..=parts.len()), "each part once");
    let bytes: Vec<u8> = read.into_iter().flat_map(|(_, bytes)| bytes).collect();
    if is_unicode {
        let units: Vec<u16> = bytes.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        String::from_utf16(&units).expect("UTF-16")
    } else {
        String::from_utf8(bytes).expect("UTF-8")
    }
}
