//! Health on both listeners, metrics on the operators' alone, and labels that nobody outside can grow.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use gramsetu::department::sandbox::Mischief;
use gramsetu::menu::Version;
use gramsetu::meters::Meters;
use gramsetu::store::{MessageCounts, Observed};
use gramsetu::types::Timestamp;

use crate::phones::{Phone, profile, wire};
use crate::server::{GATEWAYS, House, SECRET, get, send};

/// A page of metrics: each sample by its name and labels, as text.
fn samples(page: &str) -> BTreeMap<String, f64> {
    let lines = page.lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, value)| (name.to_owned(), value.parse().expect("a number")))
        .collect()
}

/// The values of each label.
fn labels(page: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for sample in samples(page).into_keys() {
        let Some((_, within)) = sample.split_once('{') else { continue };
        for pair in within.trim_end_matches('}').split("\",") {
            let (label, value) = pair.split_once("=\"").unwrap_or_else(|| panic!("{sample}"));
            found.entry(label.to_owned()).or_default().insert(value.trim_end_matches('"').to_owned());
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn health_is_on_both_listeners_and_metrics_on_one() {
    let house = House::new("").await;
    let server = house.start().await;
    for address in [server.hooks, server.admin] {
        for (path, body) in [
            ("/health", "{\"live\":true,\"ready\":true,\"well\":true}\n"),
            ("/health/ready", "{\"live\":true,\"ready\":true,\"well\":true}\n"),
            ("/health/live", "live\n"),
        ] {
            let heard = get(address, path).await.expect("a reply");
            assert_eq!((heard.status, heard.text().as_str()), (200, body), "{path}");
        }
    }
    let hidden = get(server.hooks, "/metrics").await.expect("a reply");
    assert_eq!((hidden.status, hidden.body.len()), (404, 0));
    let page = get(server.admin, "/metrics").await.expect("a reply");
    assert_eq!(page.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    assert!(page.text().ends_with("# EOF\n"));
    let hook = format!("/hooks/flares/{SECRET}/ussd");
    assert_eq!(get(server.admin, &hook).await.expect("a reply").status, 404, "no hooks for operators");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_admin_address_nothing_shows_metrics() {
    let house = House::new("").await;
    let settings = std::fs::read_to_string(house.path("gramsetu.toml")).expect("settings");
    let without = settings.lines().filter(|line| !line.starts_with("admin")).collect::<Vec<_>>().join("\n");
    std::fs::write(house.path("gramsetu.toml"), without).expect("written");
    let mut command = house.command();
    command.arg("--print-settings");
    let page = String::from_utf8(command.output().expect("it runs").stdout).expect("UTF-8");
    assert!(!page.contains("admin"), "{page}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counters_move_and_labels_come_from_closed_sets() {
    let house = House::new("departments.lpg.breaks_after = 2\n").await;
    let server = house.start().await;
    let wire = wire(&server);
    let before = samples(&get(server.admin, "/metrics").await.expect("a page").text());
    for (n, gateway) in (0..).zip(GATEWAYS) {
        let mut phone = Phone::new(&profile(gateway), &format!("+9198111100{n}0"), n);
        for answer in ["", "zq-typed-by-somebody", "8", "1", "98", "haryana", "karnal", "2"] {
            let shown = match answer {
                "" => phone.dial(&wire, "*123#").await,
                answer => phone.answer(&wire, answer).await,
            };
            shown.expect("it is served");
        }
        phone.expect_repeat(&wire).await;
        let odd = format!("/hooks/{gateway}/{SECRET}/ussd/zq-path?zq-field=zq-value");
        send(server.hooks, "PATCH", &odd, &[("x-zq", "zq")], b"zq-body").await.expect("a reply");
        get(server.hooks, &format!("/hooks/zq-{n}/zq-secret/ussd")).await.expect("a reply");
    }
    let mut phone = Phone::new(&profile("flares"), "+919811110100", 77);
    phone.dial(&wire, "*123*3*1#").await.expect("it is served");
    phone.answer(&wire, "1").await.expect("it is served");
    house.sandbox.misbehave("lpg", Mischief::FailsWith(500)).expect("it is one");
    for n in 100..104 {
        let mut phone = Phone::new(&profile("flares"), &format!("+91981111{n}0"), n);
        phone.dial(&wire, "*123*3#").await.expect("it is served");
    }

    let page = get(server.admin, "/metrics").await.expect("a page").text();
    assert!(!page.contains("zq"), "{page}");
    let after = samples(&page);
    let value = |name: &str| *after.get(name).unwrap_or_else(|| panic!("{name} is not in\n{page}"));
    assert!(value("gramsetu_refused_callbacks_total{gateway=\"unknown\",kind=\"gateway\"}") > 0.9, "{page}");
    for gateway in GATEWAYS {
        let turns = |outcome| {
            value(&format!("gramsetu_turns_total{{gateway=\"{gateway}\",channel=\"ussd\",outcome=\"{outcome}\"}}"))
        };
        assert!(turns("shown") >= 6.0 && turns("page") >= 1.0 && turns("repeat") >= 1.0, "{gateway}\n{page}");
        let refused = format!("gramsetu_refused_callbacks_total{{gateway=\"{gateway}\",kind=\"path\"}}");
        assert!((value(&refused) - 1.0).abs() < 0.1, "{page}");
        assert!(value(&format!("gramsetu_turn_duration_seconds_count{{gateway=\"{gateway}\"}}")) >= 8.0);
    }
    assert!(value("gramsetu_intents_total{to=\"claimed\"}") > 0.9);
    assert!(value("gramsetu_intents_total{to=\"done\"}") > 0.9);
    assert!(value("gramsetu_department_breaker{department=\"lpg\"}") > 1.9, "open after two failures");
    assert!(
        value("gramsetu_department_calls_total{department=\"lpg\",operation=\"lpg.book\",outcome=\"answered\"}") > 0.9
    );
    assert!(value("gramsetu_live_sessions") > 6.9);
    for moved in ["gramsetu_store_commits", "gramsetu_store_batches"] {
        assert!(after[moved] > before[moved], "{moved}");
    }

    let closed: BTreeMap<&str, Vec<&str>> = BTreeMap::from([
        ("gateway", GATEWAYS.into_iter().chain(["unknown"]).collect()),
        ("channel", vec!["ussd"]),
        ("outcome", vec!["shown", "ended", "page", "repeat", "answered", "down", "open", "cached"]),
        ("kind", vec!["path", "method", "missing", "gateway", "secret"]),
        ("department", vec!["epfo", "lpg", "mandi"]),
        ("operation", vec!["lpg.consumer", "lpg.book", "mandi.prices"]),
        ("to", vec!["claimed", "done"]),
        ("state", vec!["queued", "claimed", "sending", "refused", "in_doubt", "dead_letters"]),
    ]);
    for (label, values) in labels(&page) {
        if label == "version" {
            assert_eq!(values.len(), 1, "one program is served: {values:?}");
            continue;
        }
        if matches!(label.as_str(), "le" | "at_most") {
            assert!(values.iter().all(|value| value == "+Inf" || value.parse::<f64>().is_ok()), "{values:?}");
            continue;
        }
        let known = closed.get(label.as_str()).unwrap_or_else(|| panic!("the label {label} is new"));
        assert!(values.iter().all(|value| known.contains(&value.as_str())), "{label}: {values:?}");
    }
}

/// All that a process can count, each once.
fn whole_page() -> String {
    let (meters, took) = (Meters::default(), Duration::from_secs(1));
    meters.turn("g", "ussd", "shown", took);
    meters.refused("g", "path");
    meters.called("d", "d.o", "answered", took);
    meters.breaker("d", "open");
    meters.intent("claimed");
    meters.otp("sent");
    meters.race("again");
    meters.waited("known");
    meters.serves(Version([1; 16]), Timestamp(1));
    meters.programs_in_memory(1);
    meters.program_refused();
    meters.observe_store(&Observed::default());
    meters.message("accepted");
    meters.segments("r", 1);
    meters.route_breaker("r", "open");
    meters.receipt("g", "delivered");
    meters.link("l", "kaios");
    meters.link_refused("unknown");
    meters.observe_messages(&MessageCounts::default(), Timestamp(1));
    meters.page()
}

#[test]
fn the_operators_page_names_every_metric_and_no_other() {
    let page = whole_page();
    let declared = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    let exported: BTreeSet<String> = declared
        .map(|(name, kind)| if kind == "counter" { format!("{name}_total") } else { name.to_owned() })
        .collect();
    assert!(exported.len() > 25, "{page}");
    let mut named = BTreeSet::new();
    for file in ["operations.md", "scale.md", "postgresql.md", "simulate.md"] {
        let text =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(file)).expect("a page");
        for rest in text.split("gramsetu_").skip(1) {
            let end = rest.find(|letter: char| !letter.is_ascii_lowercase() && letter != '_').unwrap_or(rest.len());
            named.insert(format!("gramsetu_{}", &rest[..end]));
        }
    }
    let unknown: Vec<_> = named.difference(&exported).collect();
    assert!(unknown.is_empty(), "the pages name metrics that there are not: {unknown:?}");
    let unsaid: Vec<_> = exported.difference(&named).collect();
    assert!(unsaid.is_empty(), "docs/operations.md does not say what these are: {unsaid:?}");
}
