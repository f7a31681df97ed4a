//! Settings: defaults, `gramsetu.toml`, the environment and flags, increasing in strength; each value knows where it came
//! from.
//!
//! Nothing here acts on a setting; what they mean is decided where they are used.

mod department;
mod layers;
mod masks;
mod route;
mod shape;

pub use department::{Department, Envelope, EnvelopeForm};
pub use layers::{Layer, Origin};
pub use route::Route;
pub use shape::SETTINGS;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use ipnet::IpNet;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::types::Secret;
use layers::{Merged, SettingsTable};

const DEFAULTS: &str = include_str!("defaults.toml");

/// What holds, checked for shape.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub listen: SocketAddr,
    pub admin: Option<SocketAddr>,
    pub database: String,
    pub menus: PathBuf,
    pub log: LogFormat,
    pub trusted_proxies: Vec<IpNet>,
    pub public_url: Option<String>,
    pub keys: Option<Keys>,
    #[serde(default)]
    pub gateways: BTreeMap<String, Gateway>,
    #[serde(default)]
    pub departments: BTreeMap<String, Department>,
    #[serde(default)]
    pub routes: BTreeMap<String, Route>,
    pub limits: Limits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    Human,
    Json,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    pub hash: Secret,
    pub seal: Vec<SealingKey>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealingKey {
    pub id: u8,
    pub key: Secret,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gateway {
    pub secrets: Vec<Secret>,
    #[serde(default)]
    pub sources: Vec<IpNet>,
    #[serde(default)]
    pub signing: Vec<Secret>,
    #[serde(default)]
    pub payments: Vec<Secret>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub largest_body: usize,
    pub largest_answer: usize,
    pub connections: usize,
    /// Seconds.
    pub drain: u64,
    pub number_burst: NonZeroU32,
    pub number_per_second: NonZeroU32,
    pub gateway_burst: NonZeroU32,
    pub gateway_per_second: NonZeroU32,
    /// Of one number that are answered.
    pub texts_per_day: NonZeroU32,
    pub queue: usize,
    /// Under way at once.
    pub turns: NonZeroUsize,
    /// Days that journeys are kept.
    pub journeys: NonZeroU32,
    /// Days that messages are kept that are done with.
    pub messages: NonZeroU32,
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("the settings file `{path}` cannot be read: {reason}")]
    Read { path: String, reason: String },
    #[error("{origin} is not TOML at line {line}, column {column}: {reason}")]
    Toml { origin: Origin, line: usize, column: usize, reason: String },
    #[error("the setting `{key}`, from {origin}, does not fit: {reason}")]
    Value { key: String, origin: Origin, reason: String },
}

/// Settings with where each came from.
#[derive(Clone, Debug)]
pub struct Read {
    pub settings: Settings,
    merged: Merged,
}

/// Reads the defaults, then each layer over it.
pub fn read(layers: Vec<Layer>) -> Result<Read, SettingsError> {
    let merged = merge(layers)?;
    let settings = deserialize(&merged, merged.table())?;
    Ok(Read { settings, merged })
}

/// The folder of menus alone, for whoever must know the menus before all settings are there.
pub fn menus(layers: Vec<Layer>) -> Result<PathBuf, SettingsError> {
    #[derive(Deserialize)]
    struct Alone {
        menus: PathBuf,
    }
    let merged = merge(layers)?;
    let mut table: SettingsTable = merged.table();
    table.retain(|key, _| key == "menus");
    deserialize(&merged, table).map(|alone: Alone| alone.menus)
}

fn merge(layers: Vec<Layer>) -> Result<Merged, SettingsError> {
    let mut merged = Merged::default();
    merged.lay(Layer::toml(Origin::Default, DEFAULTS)?);
    for layer in layers {
        merged.lay(layer);
    }
    Ok(merged)
}

fn deserialize<T: DeserializeOwned>(merged: &Merged, table: SettingsTable) -> Result<T, SettingsError> {
    serde_path_to_error::deserialize(toml::Value::Table(table)).map_err(|error| {
        let key = error.path().to_string();
        let origin = merged.origin(&key).cloned().unwrap_or(Origin::Default);
        let reason = masks::reason(&key).map_or_else(|| error.inner().message().to_owned(), str::to_owned);
        SettingsError::Value { key, origin, reason }
    })
}

impl Read {
    /// One line a setting, with where it came from; secrets masked.
    pub fn print(&self) -> String {
        let mut page = String::new();
        let lines: Vec<(String, &Origin)> = self
            .merged
            .iter()
            .map(|(key, value, origin)| {
                let shown = masks::shown(&key, value);
                (format!("{key} = {shown}"), origin)
            })
            .collect();
        let width = lines.iter().map(|(line, _)| line.chars().count()).max().unwrap_or(0);
        for (line, origin) in lines {
            let _ = writeln!(page, "{line:width$}  # {origin}");
        }
        page
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Vec<Layer> {
        Layer::environment(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn the_stronger_layer_wins_and_the_page_says_where_each_came_from() {
        let file = Layer::toml(
            Origin::File("gramsetu.toml".to_owned()),
            "listen = \"0.0.0.0:80\"\ndatabase = \"state.db\"\n[gateways.flares]\nsecrets = [\"from-file\"]\n",
        )
        .expect("it is TOML");
        let mut layers = vec![file];
        layers.extend(environment(&[
            ("GRAMSETU_DATABASE", "other.db"),
            ("GRAMSETU_DEPARTMENTS__EPFO__URL", "https://epfo.example"),
            ("GRAMSETU_DEPARTMENTS__EPFO__HEADERS__X_API_KEY", "very-secret"),
            ("GRAMSETU_LIMITS__DRAIN", "5"),
            ("HOME", "/root"),
        ]));
        layers.push(Layer::flag("--listen", "listen", "127.0.0.1:9999"));
        let read = read(layers).expect("they fit");
        assert_eq!(read.settings.listen.port(), 9999);
        assert_eq!(read.settings.database, "other.db");
        assert_eq!(read.settings.limits.drain, 5);
        assert_eq!(read.settings.departments["epfo"].headers["x-api-key"].reveal(), "very-secret");
        insta::assert_snapshot!(read.print(), @r#"
        database = "other.db"                          # environment GRAMSETU_DATABASE
        departments.epfo.headers.x-api-key = "…"       # environment GRAMSETU_DEPARTMENTS__EPFO__HEADERS__X_API_KEY
        departments.epfo.url = "https://epfo.example"  # environment GRAMSETU_DEPARTMENTS__EPFO__URL
        gateways.flares.secrets = "…"                  # file gramsetu.toml
        limits.connections = 10000                     # default
        limits.drain = 5                               # environment GRAMSETU_LIMITS__DRAIN
        limits.gateway_burst = 100000                  # default
        limits.gateway_per_second = 50000              # default
        limits.journeys = 90                           # default
        limits.largest_answer = 262144                 # default
        limits.largest_body = 16384                    # default
        limits.messages = 90                           # default
        limits.number_burst = 30                       # default
        limits.number_per_second = 3                   # default
        limits.queue = 4096                            # default
        limits.texts_per_day = 100                     # default
        limits.turns = 2000                            # default
        listen = "127.0.0.1:9999"                      # flag --listen
        log = "human"                                  # default
        menus = "menus"                                # default
        trusted_proxies = []                           # default
        "#);
    }

    #[test]
    fn a_value_that_does_not_fit_is_named_with_its_origin() {
        let error = read(environment(&[("GRAMSETU_LISTEN", "everywhere")])).expect_err("it does not fit");
        insta::assert_snapshot!(error, @"the setting `listen`, from environment GRAMSETU_LISTEN, does not fit: invalid socket address syntax");
        let file = Layer::toml(Origin::File("gramsetu.toml".to_owned()), "lisen = \"0.0.0.0:80\"").expect("it is TOML");
        insta::assert_snapshot!(read(vec![file]).expect_err("no such key"), @"the setting `lisen`, from file gramsetu.toml, does not fit: unknown field `lisen`, expected one of `listen`, `admin`, `database`, `menus`, `log`, `trusted_proxies`, `public_url`, `keys`, `gateways`, `departments`, `routes`, `limits`");
    }

    #[test]
    fn a_table_in_the_place_of_a_value_is_refused_and_not_passed_over() {
        let layer = file("[database]\nurl = \"postgres://u:zq-secret@db1/state\"").expect("it is TOML");
        insta::assert_snapshot!(read(vec![layer.clone()]).expect_err("no text"), @"the setting `database`, from file gramsetu.toml, does not fit: invalid type: map, expected a string");
        let flag = Layer::flag("--database", "database", "other.db");
        assert_eq!(read(vec![layer, flag]).expect("it lies over the table").settings.database, "other.db");
        let over =
            [file("limits.queue = 1").expect("it is TOML")].into_iter().chain(environment(&[("GRAMSETU_LIMITS", "x")]));
        let told = read(over.collect()).expect_err("no table").to_string();
        assert!(told.starts_with("the setting `limits`, from environment GRAMSETU_LIMITS"), "{told}");
    }

    fn file(text: &str) -> Result<Layer, SettingsError> {
        Layer::toml(Origin::File("gramsetu.toml".to_owned()), text)
    }

    /// Whatever is wrong about a secret, the message says where and not what.
    #[test]
    fn no_error_shows_a_secret() {
        for text in [
            "gateways.flares.secrets = \"zq-secret\"",
            "gateways.flares = \"zq-secret\"",
            "gateways = \"zq-secret\"",
            "gateways.flares.secretz = [\"zq-secret\"]",
            "gateways.flares.secrets = [[\"zq-secret\"]]",
            "gateways.flares.secrets = [1.5, \"zq-secret\"]",
            "keys = \"zq-secret\"",
            "keys.hash = [\"zq-secret\"]",
            "keys.hash = \"zq-secret\"\nkeys.seal = \"zq-secret\"",
            "keys.hash = \"zq-secret\"\nkeys.seal = [{ id = \"zq-secret\", key = \"zq-secret\" }]",
            "departments = \"zq-secret\"",
            "departments.epfo = \"zq-secret\"",
            "departments.epfo.headers = \"zq-secret\"",
            "departments.\"e.p\".headers = \"zq-secret\"",
            "departments.epfo.envelope = \"zq-secret\"",
            "departments.epfo.envelope = { form = \"umang\", deptid = [\"zq-secret\"] }",
            "departments.epfo.envelope = { form = \"umang\", tokn = \"zq-secret\" }",
            "departments.epfo.envelope = { form = \"umang\", tkn = [\"zq-secret\"] }",
            "departments.epfo.headers.url = { a = \"zq-secret\" }",
            "gateways.twilio = { secrets = [\"a\"], signing = \"zq-secret\" }",
            "gateways.twilio = { secrets = [\"a\"], payments = [[\"zq-secret\"]] }",
            "routes = \"zq-secret\"",
            "routes.twilio = \"zq-secret\"",
            "routes.twilio.credentials = \"zq-secret\"",
            "routes.twilio.credentials = { token = [\"zq-secret\"] }",
            "routes.twilio.tokn = \"zq-secret\"",
            "gateways.flares.secrets = [zq-secret]",
            "gateways.flares.secrets = [\"zq-secret]",
            "keys.hash = zq-secret",
            "keys.hash = \"\\zq-secret\"",
            "zq-secret",
        ] {
            let told = file(text).and_then(|layer| read(vec![layer])).expect_err(text).to_string();
            assert!(!told.contains("zq-"), "{text}: {told}");
            assert!(!told.contains("1.5"), "{text}: {told}");
        }
    }

    #[test]
    fn an_error_about_a_secret_says_where_and_what_to_do() {
        let layer = file("gateways.flares.secrets = \"word\"").expect("it is TOML");
        insta::assert_snapshot!(read(vec![layer]).expect_err("no list"), @"the setting `gateways.flares.secrets`, from file gramsetu.toml, does not fit: it is not shown, since it may hold a secret; a gateway has `secrets`, a list of one or two texts, and may have `sources`, a list of networks, `signing` and `payments`, lists of texts, and nothing else");
        insta::assert_snapshot!(file("listen = \"a\"\nkeys.hash = word").expect_err("no quotes"), @"file gramsetu.toml is not TOML at line 2, column 13: string values must be quoted, expected literal string");
    }

    #[test]
    fn credentials_of_digits_are_taken_as_they_stand() {
        let mut layers = vec![file("departments.epfo.url = \"https://epfo.example\"").expect("it is TOML")];
        layers.push(file("departments.epfo.headers = { a = 42, b = true }").expect("it is TOML"));
        layers.extend(environment(&[
            ("GRAMSETU_DEPARTMENTS__EPFO__HEADERS__C", "0x1F"),
            ("GRAMSETU_DEPARTMENTS__EPFO__HEADERS__D", "1_000"),
            ("GRAMSETU_DEPARTMENTS__EPFO__HEADERS__E", "true"),
            ("GRAMSETU_GATEWAYS__FLARES__SECRETS", "[\"one\", \"two\"]"),
        ]));
        let settings = read(layers).expect("they fit").settings;
        let headers: Vec<_> = settings.departments["epfo"].headers.values().map(Secret::reveal).collect();
        assert_eq!(headers, ["42", "true", "0x1F", "1_000", "true"]);
        assert_eq!(settings.gateways["flares"].secrets.len(), 2);
    }

    #[test]
    fn an_envelope_takes_ids_as_digits_and_shows_no_token() {
        let mut layers = vec![
            file("[departments.pds]\nurl = \"https://pds.example\"\nenvelope = { form = \"umang\", srvid = \"7\" }")
                .expect("it is TOML"),
        ];
        layers.extend(environment(&[
            ("GRAMSETU_DEPARTMENTS__PDS__ENVELOPE__DEPTID", "180"),
            ("GRAMSETU_DEPARTMENTS__PDS__ENVELOPE__TKN", "007"),
            ("GRAMSETU_DEPARTMENTS__PDS__ENVELOPE__USRID", "1_000"),
        ]));
        let read = read(layers).expect("they fit");
        let envelope = read.settings.departments["pds"].envelope.as_ref().expect("there is one");
        assert_eq!((envelope.deptid.as_str(), envelope.srvid.as_str(), &envelope.subsid), ("180", "7", &None));
        assert_eq!(envelope.tkn.as_ref().map(Secret::reveal), Some("007"));
        assert_eq!(envelope.usrid.as_ref().map(Secret::reveal), Some("1_000"));
        let page = read.print();
        let lines: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("departments.pds.envelope.")).collect();
        insta::assert_snapshot!(lines.join("\n"));
        assert!(!format!("{:?}", read.settings).contains("007"));
    }

    #[test]
    fn debug_output_shows_no_value() {
        let text = "departments.epfo = { url = \"https://u:zq-secret@epfo.example\", headers.a = \"zq-secret\" }";
        let layer = file(text).expect("it is TOML");
        let shown = format!("{layer:?} {:?}", read(vec![layer.clone()]).expect("it fits"));
        assert!(shown.contains("departments.epfo.url") && !shown.contains("zq-"), "{shown}");
    }

    /// A setting's line, whole or with a part of another.
    fn any_line() -> impl Strategy<Value = String> {
        let key = prop::sample::select(vec![
            "listen",
            "admin",
            "database",
            "log",
            "trusted_proxies",
            "public_url",
            "keys.hash",
            "keys.seal",
            "gateways.flares.secrets",
            "gateways",
            "departments.epfo.url",
            "departments.epfo",
            "limits",
            "limits.drain",
            "[keys]",
            "[limits]",
            "[[keys.seal]]",
            "[gateways.\"\"]",
            "a.b",
            "\"\"",
        ]);
        let value = prop::sample::select(vec![
            "\"127.0.0.1:1\"",
            "\"human\"",
            "[\"a\", \"b\"]",
            "7",
            "-1",
            "0",
            "1e400",
            "{ id = 1, key = \"k\" }",
            "[[]]",
            "[{ id = 300 }]",
            "true",
            "1979-05-27",
            "\"\"\"",
        ]);
        prop_oneof![
            6 => (key, value).prop_map(|(key, value)| if key.starts_with('[') { key.to_owned() } else { format!("{key} = {value}") }),
            1 => "[ -~]{0,30}",
        ]
    }

    proptest! {
        #[test]
        fn any_file_and_environment_are_read_or_refused(
            lines in prop::collection::vec(any_line(), 0..6),
            name in "GRAMSETU_[A-Z_]{0,12}|GRAMSETU_(KEYS|LIMITS|GATEWAYS)(__[A-Z]{0,6}){0,3}",
            value in "[ -~]{0,20}|\\PC{0,9}",
        ) {
            let file = Layer::toml(Origin::File("gramsetu.toml".to_owned()), &lines.join("\n"));
            let layers = file.into_iter().chain(environment(&[(&name, &value)])).collect();
            match read(layers) {
                Ok(read) => prop_assert!(read.print().contains("limits.queue")),
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }

        #[test]
        fn any_bytes_are_a_file_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = Layer::toml(Origin::Default, &String::from_utf8_lossy(&bytes)).and_then(|layer| read(vec![layer]));
        }
    }
}
