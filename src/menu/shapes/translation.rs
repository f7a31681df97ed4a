//! `system.yaml`, and translations of it and of menus.

use super::forms::{ANY_NAME, LANGUAGE_CODE};
use crate::menu::system::SystemText;
use crate::source::shape::{Key, Map, Value};

const LANGUAGE: Key =
    Key::new("language", Value::Form(LANGUAGE_CODE), "The language of this file, which its name ends in too.")
        .required()
        .like(&["hi"]);

const OF: Key = Key::new(
    "of",
    Value::Named(ANY_NAME, &Value::Text),
    "Which source text each translation was made from. Nobody writes it: `gramsetu check --stamp` does.",
);

pub static TRANSLATION: Map = Map::new(
    "a translation",
    "A menu's texts in another language, under the same names.",
    &[
        Key::new("menu", Value::Text, "The menu that is translated.").required(),
        LANGUAGE,
        Key::new("title", Value::Text, "The menu's title. No phone shows it."),
        Key::new(
            "screens",
            Value::Named(ANY_NAME, &Value::Map(&SCREEN_TEXTS)),
            "The texts of the screens, by the same names.",
        ),
        OF,
    ],
);

pub static SCREEN_TEXTS: Map = Map::new(
    "a screen's translation",
    "The screen's texts; the same values in braces as in the text that is translated.",
    &[
        Key::new("choose", Value::Text, "The text of `choose`."),
        Key::new("ask", Value::Text, "The text of `ask`."),
        Key::new("show", Value::Text, "The text of `show`."),
        Key::new("end", Value::Text, "The text of `end`."),
        Key::new("row", Value::Text, "How one row is written."),
        Key::new("prompt", Value::Text, "The question of `verify`."),
        Key::new("wrong", Value::Text, "What is shown above the question after a wrong answer."),
        Key::new("options", Value::Named(ANY_NAME, &Value::Text), "The labels of the options, by the same ids."),
    ],
);

pub static SYSTEM: Map = Map::new(
    "`system.yaml`",
    "What the bridge says by itself. What is left out is said in plain English.",
    &[Key::new("system", Value::Map(&SYSTEM_TEXTS), "The texts by key.").required()],
);

pub static SYSTEM_TRANSLATION: Map = Map::new(
    "a translation of the system's texts",
    "What the bridge says by itself, in another language.",
    &[LANGUAGE, Key::new("system", Value::Map(&SYSTEM_TEXTS), "The texts by key.").required(), OF],
);

/// Read by its names, and not as a map of keys.
pub static SYSTEM_TEXTS: Map = Map::new("the system's texts", "The bridge's own texts.", &TEXTS);

static TEXTS: [Key; SystemText::ALL.len()] = {
    let mut keys = [LANGUAGE; SystemText::ALL.len()];
    let mut at = 0;
    while at < keys.len() {
        let text = SystemText::ALL[at];
        keys[at] = Key::new(text.key(), Value::Text, text.default_english());
        at += 1;
    }
    keys
};
