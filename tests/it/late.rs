//! Late answers side by side: a department that hangs delays nobody else's.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gramsetu::ambient::{SystemChance, SystemClock};
use gramsetu::department::{HttpRequest, Policy, Transport};
use gramsetu::gateway::{Outbound, shipped};
use gramsetu::handset::{InProcess, Wire as _};
use gramsetu::house::{Plan, Sending};
use gramsetu::http::{self, Gateway, Rate, Rates, Site, Turns};
use gramsetu::menu;
use gramsetu::meters::Meters;
use gramsetu::outward::{HttpAnswer, TransportError};
use gramsetu::source::Files;
use gramsetu::store::seal::Keyring;
use gramsetu::store::{MessageFilter, Options, sqlite};
use gramsetu::types::{Clock as _, Later, Secret};

use crate::server::until;

/// Callers of the department that hangs: more than may be asked for at once.
const WAIT: usize = 6;
/// Of one department at once, as docs/operations.md says.
const OF_ONE: usize = 4;

const FILES: [(&str, &str); 6] = [
    ("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": slow, \"*2#\": quick}\n"),
    (
        "slow.yaml",
        "menu: slow\ntitle: Slow\nscreens:\n  top: {call: slow.ask, give: {mobile: caller}, into: told, next: bye, \
                   fails: {down: bye, refused: bye, late: bye}, late: {answer: told, failed: sorry}}\n  bye: {end: Bye}\n",
    ),
    (
        "quick.yaml",
        "menu: quick\ntitle: Quick\nscreens:\n  top: {call: quick.ask, give: {mobile: caller}, into: told, next: bye, \
                    fails: {down: bye, refused: bye, late: bye}, late: {answer: told, failed: sorry}}\n  bye: {end: Bye}\n",
    ),
    (
        "departments/slow.yaml",
        "department: slow\noperations:\n  ask: {get: \"/{{ mobile }}\", within: 3s, \
                               answer: {status: {from: /status, text: 20, letters: latin}}}\n",
    ),
    (
        "departments/quick.yaml",
        "department: quick\noperations:\n  ask: {get: \"/{{ mobile }}\", within: 3s, \
                                answer: {status: {from: /status, text: 20, letters: latin}}}\n",
    ),
    (
        "messages/all.yaml",
        "header: GRAMST\nkind: transactional\nmessages:\n  told: {takes: {status: alphanumeric 20}, \
                           texts: {en: \"It is {{ status }}\"}}\n  sorry: {texts: {en: Nobody knows}}\n",
    ),
];

/// Both are late for a phone. Asked again, `quick` answers and `slow` never does.
#[derive(Debug, Default)]
struct Departments(Mutex<HashMap<String, usize>>);

impl Departments {
    fn asked(&self, department: &str) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(department).copied().unwrap_or_default()
    }
}

impl Transport for Departments {
    fn send(&self, request: HttpRequest, within: Duration) -> Later<'_, Result<HttpAnswer, TransportError>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(request.department.clone()).or_default() += 1;
        Box::pin(async move {
            if within < Duration::from_secs(10) {
                return Err(TransportError::Late);
            }
            match request.department.as_str() {
                "quick" => Ok(HttpAnswer { status: 200, body: b"{\"status\": \"done\"}".to_vec() }),
                _ => std::future::pending().await,
            }
        })
    }
}

async fn site(folder: &tempfile::TempDir, departments: &Arc<Departments>) -> Arc<Site> {
    let mut files = Files::default();
    for (path, text) in FILES {
        files.add(path, text.to_owned());
    }
    let (program, findings) = menu::compile(&files);
    let program = program.unwrap_or_else(|| panic!("{findings:?}"));
    let open = |profile| Gateway::new(Arc::new(profile), vec![Secret::new("s".to_owned())], Vec::new());
    let (hash, seal) = Keyring::draw();
    // A breaker or a bulkhead of their own would hide what is looked for.
    let policy = || Policy { at_once: 100, breaks_after: 1000, retries: 0, ..Policy::default() };
    let clock = Arc::new(SystemClock);
    Plan {
        program: Arc::new(program),
        gateways: shipped().into_iter().map(open).collect::<Result<_, _>>().expect("gateways"),
        store: sqlite::open(&folder.path().join("db"), Options::default(), clock.now()).await.expect("a store"),
        transport: Arc::<Departments>::clone(departments),
        policies: vec![("slow".to_owned(), policy()), ("quick".to_owned(), policy())],
        sending: Sending::default(),
        keyring: Keyring::new(&hash, &[(1, seal)]).expect("keys"),
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

/// Dials, and hears that the answer will come.
async fn dial(wire: &InProcess, code: u8, caller: usize) {
    let body = format!("sessionId=AT_{code}_{caller}&phoneNumber=%2B91981234500{caller}&serviceCode=*{code}%23&text=");
    let headers = vec![("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
    let request = Outbound { method: "POST".to_owned(), headers, body: body.into_bytes(), ..Outbound::default() };
    let reply = wire.send("africastalking", request).await.expect("a reply");
    let page = String::from_utf8(reply.body).expect("text");
    assert!(page.starts_with("END Your request "), "{page}");
}

#[tokio::test]
async fn a_department_that_hangs_delays_no_other_ones_answer_and_takes_no_more_than_its_places() {
    let folder = tempfile::tempdir().expect("a folder");
    let departments = Arc::new(Departments::default());
    let site = site(&folder, &departments).await;
    let wire = InProcess::new(http::public(&site), "s");
    for caller in 1..=WAIT {
        dial(&wire, 1, caller).await;
    }
    dial(&wire, 2, 9).await;
    assert_eq!((departments.asked("slow"), departments.asked("quick")), (WAIT, 1));

    let works = tokio::spawn(Arc::clone(&site.bridge).settle_always(std::future::pending()));
    let store = site.bridge.store();
    until("the quick one's answer is told", async || {
        store.messages(MessageFilter::Waiting, 9).await.expect("readable").len() == 1
    })
    .await;
    until("the slow one is asked", async || departments.asked("slow") == WAIT + OF_ONE).await;
    // It has other callers whose time has come, and places that others may have.
    dial(&wire, 2, 8).await;
    until("another answer is told", async || {
        store.messages(MessageFilter::Waiting, 9).await.expect("readable").len() == 2
    })
    .await;
    assert_eq!(departments.asked("slow"), WAIT + OF_ONE, "never more at once");
    works.abort();
}
