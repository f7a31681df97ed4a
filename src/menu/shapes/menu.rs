//! A menu file.

use super::forms::{MENU_NAME, SCREEN_NAME, SLOT_NAME, TYPE};
use super::screen::SCREEN;
use crate::source::shape::{Key, Map, Value};

/// A name with a type phrase.
pub(super) const TYPED: Value = Value::Named(SLOT_NAME, &Value::Form(TYPE));

pub static MENU: Map = Map::new(
    "a menu",
    "A menu: what a citizen is shown and asked, screen by screen.",
    &[
        Key::new("menu", Value::Form(MENU_NAME), "The menu's name, by which others lead to it. It comes first in the file.")
            .required()
            .like(&["epfo.balance"]),
        Key::new("title", Value::Text, "What the menu is called. No phone shows it.").like(&["PF balance"]),
        Key::new("department", Value::Text, "Who answers for the service: for the people who read the file."),
        Key::new(
            "takes",
            TYPED,
            "Values that whoever runs this menu must `give`, each with its type: `text 40`, `latin 40`, `digits 12`, `number \
             1-10`, `amount 5000`, `date`, `yes_no`, `row districts`.",
        )
        .like(&["{about: text 30}"]),
        Key::new("gives", TYPED, "Values that whoever runs this menu gets back, each with its type.")
            .like(&["{rating: number 1-3}"]),
        Key::new("start", Value::Text, "The first screen; without it, the first of the file."),
        Key::new(
            "screens",
            Value::Named(SCREEN_NAME, &Value::Map(&SCREEN)),
            "The screens by their names. Each has exactly one verb.",
        )
        .required(),
    ],
);
