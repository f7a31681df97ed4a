//! A whole run, and then a search of everything that it wrote for everything that must not be in it.

use std::collections::BTreeMap;
use std::time::Duration;

use gramsetu::department::sandbox::Mischief;
use gramsetu::handset::OverHttp;

use crate::phones::{Phone, profile, wire};
use crate::server::{CREDENTIAL, FORMER_SECRET, GATEWAYS, House, SECRET, Server, get, pause, send};

/// Typed by somebody; like nothing else anywhere.
const TYPED: [&str; 3] = ["zqtypedone", "zqtypedtwo 4*4", "8306162511"];
const WRONG_SECRET: &str = "zq-wrong-secret-5512";
const LEG: u128 = 0x5a5a_1234_5678_9abc_def0_1357_9bdf_2468;

/// What may be nowhere, with what it is.
#[derive(Debug, Default)]
struct Forbidden(BTreeMap<String, &'static str>);

impl Forbidden {
    fn add(&mut self, what: &'static str, value: impl Into<String>) {
        let value = value.into();
        assert!(value.len() >= 5, "{value} would be found anywhere");
        self.0.insert(value, what);
    }

    /// A number in every spelling that anybody uses.
    fn number(&mut self, e164: &str) {
        let national = e164.trim_start_matches("+91");
        self.add("a number", national);
        self.add("a number in groups", format!("{} {}", &national[..5], &national[5..]));
    }

    fn search(&self, place: &str, bytes: &[u8]) {
        // Bytes that are no text become a mark that is in none of the values.
        let all = String::from_utf8_lossy(bytes).to_ascii_lowercase();
        for (value, what) in &self.0 {
            if let Some(at) = all.find(&value.to_ascii_lowercase()) {
                let around: String = all[at..].chars().take(200).collect();
                panic!("{what} ({value}) is in {place}: …{around}…");
            }
        }
    }
}

/// Everything that looks like a person's value on a page: numbers of accounts, amounts, bookings.
fn values_of(page: &str) -> Vec<String> {
    let words = page.split([' ', '\n']).map(|word| word.trim_matches([',', '.']));
    let personal = words.filter(|word| word.len() >= 6 && word.bytes().filter(u8::is_ascii_digit).count() >= 5);
    personal.filter(|word| !word.contains('-')).map(str::to_owned).collect()
}

/// All that the departments know about a number, in their own spelling.
async fn known_of(house: &House, number: &str, forbidden: &mut Forbidden) {
    let member = house.ask(&format!("/epfo/members/by-mobile/{}", &number[1..])).await;
    let balance = format!("/epfo/members/{}/balance", member["uan"].as_str().expect("a member"));
    let consumer = house.ask(&format!("/lpg/consumers/by-mobile/{}", &number[1..])).await;
    let balance = house.ask(&balance).await;
    for (answer, fields) in [
        (&member, &["uan", "name", "establishment"][..]),
        (&balance, &["balance"]),
        (&consumer, &["consumer", "name", "distributor"]),
    ] {
        for field in fields {
            forbidden.add("what a department knows", answer[field].as_str().expect("a text"));
        }
    }
}

/// One citizen on one gateway: every service, and mistakes.
async fn citizen(house: &House, wire: &OverHttp, n: usize, forbidden: &mut Forbidden) {
    let (gateway, number) = (GATEWAYS[n], format!("+91984170{n}230"));
    forbidden.number(&number);
    known_of(house, &number, forbidden).await;
    for (m, answers) in [
        &["1"][..],
        &["6", "2", TYPED[0], TYPED[1], TYPED[2], "00", "6", "1"],
        &["8", "1", "haryana", "karnal", "3"],
        &["3", "2", "0"],
        &["3", "1", "yes, book it"],
        &["3", "book a cylinder", "1", "1"],
    ]
    .into_iter()
    .enumerate()
    {
        let leg = LEG + (100 * n + m) as u128;
        forbidden.add("a dialogue's id", format!("{leg:032x}")[12..].to_owned());
        let mut phone = Phone::new(&profile(gateway), &number, leg);
        let mut shown = phone.dial(wire, "*123#").await.expect("it is served");
        if shown.text.starts_with("You had not finished") {
            shown = phone.answer(wire, "2").await.expect("it is served");
        }
        for answer in answers {
            if !shown.more {
                break;
            }
            shown = phone.answer(wire, answer).await.expect("it is served");
            for value in values_of(&shown.text).into_iter().filter(|_| m != 2) {
                forbidden.add("what a page showed", value);
            }
        }
    }
}

/// What only somebody who means harm, or a broken gateway, sends.
async fn strangers(server: &Server, forbidden: &mut Forbidden) {
    forbidden.add("a wrong secret", WRONG_SECRET);
    forbidden.number("+919841709999");
    for gateway in GATEWAYS {
        let query = "?msisdn=919841709999&SessionID=zq-leg-8181&MSISDN=919841709999&input=zqtypedone&msg=zqtypedone";
        let body = b"{\"phoneNumber\": \"919841709999\", \"zqtypedone\": \"zq-leg-8181\"";
        for target in [
            format!("/hooks/{gateway}/{WRONG_SECRET}/ussd{query}"),
            format!("/hooks/{gateway}/{SECRET}/ussd/zq-leg-8181{query}"),
            format!("/hooks/{gateway}/{SECRET}/ussd{query}&MSISDN=hello919841709999&msisdn=hello919841709999"),
            format!("/hooks/{gateway}/{FORMER_SECRET}/ussd{query}%FF%FE"),
            format!("/{SECRET}{query}"),
        ] {
            for method in ["GET", "POST", "PUT"] {
                let headers = [("x-forwarded-for", "919841709999"), ("authorization", WRONG_SECRET)];
                send(server.hooks, method, &target, &headers, body).await.expect("a reply");
            }
        }
    }
    forbidden.add("a dialogue's id", "zq-leg-8181");
}

async fn whole_run(format: &str) {
    let house =
        House::new(&format!("log = \"{format}\"\ndepartments.epfo.breaks_after = 3\nlimits.number_burst = 60\n")).await;
    let mut command = house.command();
    command.env("RUST_LOG", "trace");
    let server = Server::start(command).await;
    let line = wire(&server);
    let mut forbidden = Forbidden::default();
    forbidden.add("a hook's secret", SECRET);
    forbidden.add("a hook's secret", FORMER_SECRET);
    forbidden.add("a department's credential", CREDENTIAL);
    for key in &house.keys {
        forbidden.add("a key", key.trim_end_matches('='));
    }
    for typed in TYPED {
        forbidden.add("what was typed", typed);
    }
    for n in 0..GATEWAYS.len() {
        citizen(&house, &line, n, &mut forbidden).await;
    }
    strangers(&server, &mut forbidden).await;
    for (n, mischief) in [
        Mischief::LosesTheAnswer,
        Mischief::AnswersNonsense,
        Mischief::FailsWith(500),
        Mischief::AnswersIn(Duration::from_secs(20)),
    ]
    .into_iter()
    .enumerate()
    {
        let number = format!("+91984180{n}230");
        forbidden.number(&number);
        let mut phone = Phone::new(&profile("flares"), &number, LEG + 5000 + n as u128);
        phone.dial(&line, "*123*3*1#").await.expect("it is served");
        for department in ["epfo", "lpg"] {
            house.sandbox.misbehave(department, mischief.clone()).expect("it is one");
        }
        let shown = phone.answer(&line, "1").await.expect("it is served");
        assert!(!shown.more, "{shown:?}");
        let mut other = Phone::new(&profile("infobip"), &number, LEG + 6000 + n as u128);
        other.dial(&line, "*123*1#").await.expect("it is served");
        for department in ["epfo", "lpg"] {
            house.sandbox.misbehave(department, Mischief::Works).expect("it is one");
        }
    }
    // Far too often, from one number.
    for _ in 0..70 {
        let target = format!("/hooks/imimobile/{SECRET}/ussd?msisdn=919841700230&msg=zqtypedone");
        get(server.hooks, &target).await.expect("a reply");
    }
    let metrics = get(server.admin, "/metrics").await.expect("a page").text();
    assert!(metrics.contains("rate_number") && metrics.contains("doubtful"), "the run was whole\n{metrics}");
    pause().await;

    forbidden.search("the metrics", metrics.as_bytes());
    search_database(&house, &forbidden);
    server.terminate();
    let (_, log) = server.finished().await;
    assert!(log.contains("could not be read") && log.contains("TRACE"), "the log says something");
    forbidden.search("the log", log.as_bytes());
    search_database(&house, &forbidden);
}

/// Every file that the program wrote, its write-ahead log among them.
fn search_database(house: &House, forbidden: &Forbidden) {
    let mut searched = 0;
    for entry in std::fs::read_dir(house.path(".")).expect("the folder").map(|entry| entry.expect("an entry")) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("gramsetu.db") {
            let bytes = std::fs::read(entry.path()).expect("a file");
            searched += bytes.len();
            forbidden.search(&name, &bytes);
        }
    }
    assert!(searched > 50_000, "there was something to search: {searched} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_about_anybody_is_in_a_log_for_people() {
    whole_run("human").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_about_anybody_is_in_a_log_for_machines() {
    whole_run("json").await;
}
