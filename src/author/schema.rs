//! JSON Schemas for editors, written from the shapes that the readers of files are held to.
//!
//! They are of draft 7: the YAML language server of VS Code reads "draft 7 and below", and of later drafts only what is
//! spelt the same; Taplo (Even Better TOML) reads draft 4, of which the schema of settings uses no more. `errorMessage`,
//! `patternErrorMessage` and `markdownDescription` are the words of these editors and nothing to a validator.
//!
//! A schema sees one file and its form. What it refuses `check` refuses too; most of what `check` refuses it cannot see.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map as Object, Value as Json, json};

use crate::gateway::shapes as shapes_of_gateways;
use crate::menu::shapes;
use crate::source::shape::{Form, Key, Kind, Map, Rule, Value};

/// How the editor takes scalars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Readers take every scalar as text; editors take `12` for a number and `true` for a truth (YAML 1.2: not `yes`).
    Yaml,
    /// A text is a text and a number a number.
    Toml,
}

/// The schema of one kind of file.
pub fn schema(map: &'static Map, dialect: Dialect) -> Json {
    let mut writer = Writer { dialect, definitions: BTreeMap::new() };
    let root = writer.map(map);
    writer.document(map.what, root)
}

/// The schema of any YAML file of a menus folder: which kind it is, is told by its keys.
pub fn any_of_a_folder() -> Json {
    let kinds: [(&[&str], &'static Map); 10] = [
        (&["language", "system"], &shapes::SYSTEM_TRANSLATION),
        (&["language"], &shapes::TRANSLATION),
        (&["menu"], &shapes::MENU),
        (&["sandbox"], &shapes::SANDBOX),
        (&["operations"], &shapes::DEPARTMENT),
        (&["messages"], &shapes::MESSAGES),
        (&["gateway", "speaks"], &shapes_of_gateways::MESSAGES),
        (&["gateway"], &shapes_of_gateways::PROFILE),
        (&["system"], &shapes::SYSTEM),
        (&["languages"], &shapes::BRIDGE),
    ];
    let mut writer = Writer { dialect: Dialect::Yaml, definitions: BTreeMap::new() };
    let firsts = ["menu", "languages", "system", "language", "department", "messages", "sandbox", "gateway"];
    let mut root =
        missing("menu", "this is no file of a menus folder: a menu begins with its name, `menu: epfo.balance`");
    // For completion in an empty file; a property without a type is completed without its colon.
    let any = json!({ "type": ["string", "object"] });
    root["properties"] = firsts.iter().map(|first| ((*first).to_owned(), any.clone())).collect();
    for (keys, map) in kinds.into_iter().rev() {
        root = json!({ "if": { "type": "object", "required": keys }, "then": writer.reference(map), "else": root });
    }
    root["type"] = json!("object");
    writer.document("a file of a menus folder", root)
}

/// The schema of a gateway's profile: of messages if it says so, else of USSD.
pub fn any_of_gateways() -> Json {
    let mut writer = Writer { dialect: Dialect::Yaml, definitions: BTreeMap::new() };
    let [messages, ussd] =
        [&shapes_of_gateways::MESSAGES, &shapes_of_gateways::PROFILE].map(|map| writer.reference(map));
    let root = json!({ "if": { "type": "object", "required": ["speaks"] }, "then": messages, "else": ussd });
    writer.document("a gateway's profile", root)
}

struct Writer {
    dialect: Dialect,
    /// By the name that a reference uses. `Null` while a map is being written: maps hold each other.
    definitions: BTreeMap<String, Json>,
}

impl Writer {
    fn document(self, title: &str, mut root: Json) -> Json {
        root["$schema"] = json!("http://json-schema.org/draft-07/schema#");
        root["title"] = json!(plain(title));
        if !self.definitions.is_empty() {
            root["definitions"] = json!(self.definitions);
        }
        root
    }

    fn reference(&mut self, map: &'static Map) -> Json {
        let name: String =
            map.what.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect::<String>().replace("--", "-");
        let name = name.trim_matches('-').to_owned();
        if !self.definitions.contains_key(&name) {
            self.definitions.insert(name.clone(), Json::Null);
            let written = self.map(map);
            self.definitions.insert(name.clone(), written);
        }
        json!({ "$ref": format!("#/definitions/{name}") })
    }

    /// The words for what is no map stand apart from the keys: an editor would say them of a key that is unknown, too.
    fn map(&mut self, map: &'static Map) -> Json {
        let mut written = if map.kinds.is_empty() { self.object(map, None) } else { self.by_kind(map) };
        let no_map = json!({ "type": "object", "errorMessage": format!("{} is a map of keys and values", map.what) });
        match written["allOf"].as_array_mut() {
            Some(all) => all.push(no_map),
            None => written["allOf"] = json!([no_map]),
        }
        // What an editor calls it, above the meanings of its keys.
        written["title"] = json!(plain(map.what));
        describe(&mut written, map.means, &[]);
        written
    }

    /// If the first deciding key stands there, what may stand beside it; else the same of the next.
    fn by_kind(&mut self, map: &'static Map) -> Json {
        let names = map.kind_names();
        let first = names.first().copied().unwrap_or_default();
        let mut chain = missing(first, &format!("{} has one of `{}`", map.what, names.join("`, `")));
        // For completion where nothing is written yet.
        chain["properties"] = self.properties(map.kinds.iter().map(|kind| &kind.key).chain(map.keys));
        // The word that is spelt wrong is underlined, and not what may stand beside the right one.
        if map.others.is_none() {
            let known = map.kinds.iter().flat_map(|kind| std::iter::once(&kind.key).chain(kind.beside)).chain(map.keys);
            let known: BTreeSet<&str> = known.map(|key| key.name).collect();
            let pattern = format!("^({})$", known.into_iter().collect::<Vec<_>>().join("|"));
            let message = format!("{} has no such key", map.what);
            chain["propertyNames"] = json!({ "pattern": pattern, "patternErrorMessage": message });
        }
        for kind in map.kinds.iter().rev() {
            let object = self.object(map, Some(kind));
            chain = json!({ "if": { "required": [kind.key.name] }, "then": object, "else": chain });
        }
        chain
    }

    fn object(&mut self, map: &'static Map, kind: Option<&'static Kind>) -> Json {
        let (own, beside, rules) =
            kind.map_or((None, &[][..], &[][..]), |kind| (Some(&kind.key), kind.beside, kind.rules));
        let keys: Vec<&Key> = own.into_iter().chain(beside).chain(map.keys).collect();
        let mut object = json!({ "properties": self.properties(keys.iter().copied()) });
        object["additionalProperties"] = match map.others {
            None => json!(false),
            Some(others) => {
                object["propertyNames"] = form(others.names, self.dialect == Dialect::Toml);
                self.value(others.value)
            }
        };
        let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
        if !required.is_empty() {
            object["required"] = json!(required);
        }
        let mut dependencies: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut conditions = Vec::new();
        for rule in map.rules.iter().chain(rules) {
            match rule {
                Rule::Needs(key, needed) => dependencies.entry(key).or_default().push(needed),
                Rule::OneOf(keys) => {
                    let among: Vec<Json> = keys.iter().map(|key| json!({ "required": [key] })).collect();
                    let message = format!("{} needs `{}`", map.what, keys.join("` or `"));
                    let first = keys.first().copied().unwrap_or_default();
                    conditions.push(json!({ "if": { "not": { "anyOf": among } }, "then": missing(first, &message) }));
                }
                Rule::Apart(one, other) => {
                    let message = format!("`{other}` cannot stand beside `{one}`");
                    let never = json!({ "properties": { *other: false }, "errorMessage": message });
                    conditions.push(json!({ "if": { "required": [one] }, "then": never }));
                }
            }
        }
        if !dependencies.is_empty() {
            object["dependencies"] = json!(dependencies);
        }
        if !conditions.is_empty() {
            object["allOf"] = json!(conditions);
        }
        object
    }

    fn properties<'a>(&mut self, keys: impl Iterator<Item = &'a Key>) -> Json {
        let mut properties = Object::new();
        for key in keys {
            let mut value = self.value(&key.value);
            describe(&mut value, key.means, key.examples);
            properties.insert(key.name.to_owned(), value);
        }
        Json::Object(properties)
    }

    fn value(&mut self, value: &Value) -> Json {
        let toml = self.dialect == Dialect::Toml;
        match value {
            Value::Any => json!({}),
            Value::Text if toml => json!({ "type": "string" }),
            Value::Text => json!({
                "type": ["string", "number", "boolean"], "errorMessage": "write one text here",
                "pattern": r"\S", "patternErrorMessage": "write its value, or delete the key",
            }),
            Value::Flag if toml => json!({ "type": "boolean" }),
            Value::Flag => words(&["yes", "no"]),
            Value::Words(all) => words(all),
            Value::Form(of) => form(*of, toml),
            Value::Whole(from, to) if toml => json!({ "type": "integer", "minimum": from, "maximum": to }),
            Value::Whole(from, to) => json!({
                "type": ["integer", "string"], "minimum": from, "maximum": to, "pattern": "^-?[0-9]+$",
                "errorMessage": format!("write a number from {from} to {to}"),
            }),
            Value::Map(map) => self.reference(map),
            Value::Named(names, value) => {
                let mut map = json!({
                    "type": "object", "minProperties": 1, "errorMessage": "write a map of names and values here",
                    "additionalProperties": self.value(value),
                });
                if !names.pattern.is_empty() {
                    // A key of digits is a number to an editor.
                    map["propertyNames"] = form(*names, toml);
                }
                map
            }
            Value::List(of) => json!({ "type": "array", "items": self.value(of), "errorMessage": "write a list here" }),
            Value::Either(all) => self.either(all),
        }
    }

    /// Alternatives are told apart by what they are, so that what is wrong with a map is said of the map.
    fn either(&mut self, all: &[Value]) -> Json {
        let structure = |value: &Value| match value {
            Value::Map(_) | Value::Named(..) => Some("object"),
            Value::List(_) => Some("array"),
            _ => None,
        };
        let mut scalars: Vec<Json> =
            all.iter().filter(|value| structure(value).is_none()).map(|value| self.value(value)).collect();
        let mut written = if scalars.len() == 1 { scalars.swap_remove(0) } else { json!({ "anyOf": scalars }) };
        for value in all {
            if let Some(kind) = structure(value) {
                written = json!({ "if": { "type": kind }, "then": self.value(value), "else": written });
            }
        }
        // An editor does not look into conditions for what can be written here.
        let offered: Vec<Json> = all.iter().flat_map(offers).collect();
        if self.dialect == Dialect::Yaml && !offered.is_empty() {
            written["defaultSnippets"] = json!(offered);
        }
        written
    }
}

/// What an editor offers for a value: its words, and the keys that decide what its map is.
fn offers(value: &Value) -> Vec<Json> {
    match value {
        Value::Words(words) => words.iter().map(|word| json!({ "label": word, "body": word })).collect(),
        Value::Map(map) => {
            let kinds = map.kind_names().into_iter();
            kinds.map(|name| json!({ "label": format!("{name}: …"), "body": { name: "$1" } })).collect()
        }
        _ => Vec::new(),
    }
}

fn words(all: &[&str]) -> Json {
    let last = all.last().copied().unwrap_or_default();
    let others = all.get(..all.len().saturating_sub(1)).unwrap_or_default().join("`, `");
    let said = if others.is_empty() { format!("write `{last}`") } else { format!("write `{others}` or `{last}`") };
    json!({ "type": "string", "enum": all, "errorMessage": said })
}

/// A text of a form; `number` is the other type that it may have.
/// A text of a form, which an editor may take for something else.
fn form(form: Form, toml: bool) -> Json {
    let others = [(form.number && !toml).then_some("number"), form.empty.then_some("null")];
    let all: Vec<&str> = std::iter::once("string").chain(others.into_iter().flatten()).collect();
    let types = if let [only] = all[..] { json!(only) } else { json!(all) };
    json!({ "type": types, "pattern": form.pattern, "patternErrorMessage": form.says, "errorMessage": form.says })
}

/// What is said where none of some keys is there: that the first of them is missing, in other words. (Of what is refused by
/// `not`, an editor says its own words only.)
fn missing(first: &str, message: &str) -> Json {
    json!({ "required": [first], "errorMessage": message })
}

fn describe(schema: &mut Json, means: &str, examples: &[&str]) {
    let mut markdown = means.to_owned();
    if !examples.is_empty() {
        markdown = format!("{markdown}\n\nLike `{}`", examples.join("`, `"));
    }
    schema["description"] = json!(plain(&markdown));
    schema["markdownDescription"] = json!(markdown);
}

/// Without the marks of Markdown, for editors that show none.
fn plain(markdown: &str) -> String {
    markdown.replace('`', "")
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod validator;
