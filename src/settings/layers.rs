//! Layers of settings, laid over one another key by key.

use std::collections::BTreeMap;
use std::fmt;

use toml::Value;

use super::{SettingsError, masks};

/// The environment variables that are ours.
const PREFIX: &str = "GRAMSETU_";
/// Read by the command line itself, and so no settings: the file of settings, and the secret with which `dial` calls.
const OF_COMMANDS: [&str; 2] = ["GRAMSETU_SETTINGS", "GRAMSETU_SECRET"];
/// Between the levels of a key in an environment variable's name, since names of settings hold single ones.
const LEVEL: &str = "__";

pub(super) type SettingsTable = toml::Table;

/// Where a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Default,
    File(String),
    Environment(String),
    Flag(String),
    /// Made by `demo` for itself.
    Demo,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {path}"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag(flag) => write!(f, "flag {flag}"),
            Self::Demo => f.write_str("made by demo"),
        }
    }
}

/// Settings of one origin, as dotted keys. Debug output names the keys alone.
#[derive(Clone)]
pub struct Layer {
    origin: Origin,
    values: Vec<(Vec<String>, Value)>,
}

impl Layer {
    pub fn toml(origin: Origin, text: &str) -> Result<Self, SettingsError> {
        match text.parse::<toml::Table>() {
            Ok(table) => {
                let mut values = Vec::new();
                flatten(&mut Vec::new(), Value::Table(table), &mut values);
                Ok(Self { origin, values })
            }
            Err(error) => {
                // Not the error as it is shown: it quotes the line, which may hold a secret.
                let (line, column) = place(text, error.span().map_or(0, |span| span.start));
                Err(SettingsError::Toml { origin, line, column, reason: error.message().to_owned() })
            }
        }
    }

    /// One layer for each variable that is ours, so that each value names its own.
    pub fn environment(variables: impl Iterator<Item = (String, String)>) -> Vec<Self> {
        let ours = variables.filter_map(|(name, value)| {
            let key = name.strip_prefix(PREFIX).filter(|_| !OF_COMMANDS.contains(&name.as_str()))?.to_lowercase();
            let mut path: Vec<String> = key.split(LEVEL).map(str::to_owned).collect();
            // Headers have hyphens, which no shell takes in a variable's name.
            if let [.., level, header] = &mut path[..]
                && level == "headers"
            {
                *header = header.replace('_', "-");
            }
            let value = match lenient(&value) {
                // Digits of a credential are no number: `007` and `1_000` stand as they are.
                Value::Integer(_) | Value::Boolean(_) if masks::is_secret(&path.join(".")) => Value::String(value),
                lenient => lenient,
            };
            Some(Self { origin: Origin::Environment(name), values: vec![(path, value)] })
        });
        let mut ours: Vec<Self> = ours.collect();
        ours.sort_by(|a, b| a.values[0].0.cmp(&b.values[0].0));
        ours
    }

    pub fn flag(flag: &str, key: &str, value: &str) -> Self {
        let path = key.split('.').map(str::to_owned).collect();
        Self { origin: Origin::Flag(flag.to_owned()), values: vec![(path, Value::String(value.to_owned()))] }
    }
}

impl fmt::Debug for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<String> = self.values.iter().map(|(path, _)| path.join(".")).collect();
        f.debug_struct("Layer").field("origin", &self.origin).field("keys", &keys).finish()
    }
}

/// Line and column, from 1, of a place in bytes.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// A value of an environment variable: TOML where it is a number, a truth, a list or a table, else text as it stands.
fn lenient(text: &str) -> Value {
    let parsed = format!("value = {text}").parse::<toml::Table>().ok().and_then(|mut table| table.remove("value"));
    match parsed {
        Some(value @ (Value::Integer(_) | Value::Boolean(_) | Value::Array(_) | Value::Table(_))) => value,
        _ => Value::String(text.to_owned()),
    }
}

fn flatten(path: &mut Vec<String>, value: Value, into: &mut Vec<(Vec<String>, Value)>) {
    match value {
        Value::Table(table) => {
            for (key, value) in table {
                path.push(key);
                flatten(path, value, into);
                path.pop();
            }
        }
        value => into.push((path.clone(), value)),
    }
}

/// All layers together. Debug output names keys and origins alone.
#[derive(Clone, Default)]
pub(super) struct Merged(BTreeMap<Vec<String>, (Value, Origin)>);

impl fmt::Debug for Merged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.iter().map(|(path, (_, origin))| (path.join("."), origin))).finish()
    }
}

impl Merged {
    /// Over what is there. A key that was a value below and is a table here is a table, and the other way round: its type
    /// error names it, where the one that stays would hide the other.
    pub(super) fn lay(&mut self, layer: Layer) {
        for (path, value) in layer.values {
            self.0.retain(|known, (below, _)| {
                let holds = !below.is_table() && path.starts_with(known);
                let lies_in = !value.is_table() && known.starts_with(&path);
                !holds && !lies_in
            });
            self.0.insert(path, (value, layer.origin.clone()));
        }
    }

    pub(super) fn table(&self) -> SettingsTable {
        let mut root = SettingsTable::new();
        for (path, (value, _)) in &self.0 {
            let Some((last, levels)) = path.split_last() else { continue };
            let mut table = Some(&mut root);
            for level in levels {
                let entry =
                    table.map(|table| table.entry(level.clone()).or_insert_with(|| Value::Table(SettingsTable::new())));
                table = entry.and_then(Value::as_table_mut);
            }
            // A value in the way is one inside a table that the environment has whole: the value holds.
            if let Some(table) = table {
                table.insert(last.clone(), value.clone());
            }
        }
        root
    }

    /// Where a key, or the nearest key below or above it, came from.
    pub(super) fn origin(&self, key: &str) -> Option<&Origin> {
        let plain = key.split(['.', '[']).filter(|part| !part.is_empty() && *part != "?");
        let path: Vec<&str> = plain.collect();
        let related = |known: &[String]| {
            let shared = known.iter().zip(&path).take_while(|(a, b)| a == *b).count();
            shared == known.len().min(path.len())
        };
        self.0.iter().find(|(known, _)| related(known)).map(|(_, (_, origin))| origin)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (String, &Value, &Origin)> {
        self.0.iter().map(|(path, (value, origin))| (path.join("."), value, origin))
    }
}
