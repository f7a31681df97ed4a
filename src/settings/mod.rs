//! Settings: defaults, `gramsetu.toml`, the environment and flags, increasing in strength; each value knows where it came
//! from.
//!
//! Nothing here acts on a setting; what they mean is decided where they are used.

mod layers;

pub use layers::{Layer, Origin};

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use ipnet::IpNet;
use serde::Deserialize;

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
    pub keys: Option<Keys>,
    #[serde(default)]
    pub gateways: BTreeMap<String, Gateway>,
    #[serde(default)]
    pub departments: BTreeMap<String, Department>,
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
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Department {
    pub url: String,
    #[serde(default)]
    pub headers: BTreeMap<String, Secret>,
    pub at_once: Option<usize>,
    pub breaks_after: Option<u32>,
    /// Seconds.
    pub mends_after: Option<u64>,
    pub retries: Option<u32>,
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
    pub queue: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("the settings file `{path}` cannot be read: {reason}")]
    Read { path: String, reason: String },
    #[error("{origin} is not TOML: {reason}")]
    Toml { origin: Origin, reason: String },
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
    let mut merged = Merged::default();
    merged.lay(Layer::toml(Origin::Default, DEFAULTS)?);
    for layer in layers {
        merged.lay(layer);
    }
    let table: SettingsTable = merged.table();
    let settings = serde_path_to_error::deserialize(toml::Value::Table(table)).map_err(|error| {
        let key = error.path().to_string();
        let origin = merged.origin(&key).cloned().unwrap_or(Origin::Default);
        SettingsError::Value { key, origin, reason: error.inner().message().to_owned() }
    })?;
    Ok(Read { settings, merged })
}

impl Read {
    /// One line a setting, with where it came from; secrets masked.
    pub fn print(&self) -> String {
        let mut page = String::new();
        let lines: Vec<(String, &Origin)> = self
            .merged
            .iter()
            .map(|(key, value, origin)| {
                let shown = if is_secret(&key) { "\"…\"".to_owned() } else { value.to_string() };
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

/// Whether a key's value must not be shown.
fn is_secret(key: &str) -> bool {
    key.starts_with("keys.") || key.ends_with(".secrets") || key.contains(".headers.")
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
            ("GRAMSETU_DEPARTMENTS__EPFO__HEADERS__X-API-KEY", "very-secret"),
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
        departments.epfo.headers.x-api-key = "…"       # environment GRAMSETU_DEPARTMENTS__EPFO__HEADERS__X-API-KEY
        departments.epfo.url = "https://epfo.example"  # environment GRAMSETU_DEPARTMENTS__EPFO__URL
        gateways.flares.secrets = "…"                  # file gramsetu.toml
        limits.connections = 10000                     # default
        limits.drain = 5                               # environment GRAMSETU_LIMITS__DRAIN
        limits.gateway_burst = 100000                  # default
        limits.gateway_per_second = 50000              # default
        limits.largest_answer = 262144                 # default
        limits.largest_body = 16384                    # default
        limits.number_burst = 30                       # default
        limits.number_per_second = 3                   # default
        limits.queue = 4096                            # default
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
        insta::assert_snapshot!(read(vec![file]).expect_err("no such key"), @"the setting `lisen`, from file gramsetu.toml, does not fit: unknown field `lisen`, expected one of `listen`, `admin`, `database`, `menus`, `log`, `trusted_proxies`, `keys`, `gateways`, `departments`, `limits`");
    }

    /// A setting's line, whole or with a part of another.
    fn any_line() -> impl Strategy<Value = String> {
        let key = prop::sample::select(vec![
            "listen",
            "admin",
            "database",
            "log",
            "trusted_proxies",
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
