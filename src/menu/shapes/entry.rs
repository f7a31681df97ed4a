//! What people text, and what missed calls ask for: entries of `bridge.yaml`.

use super::forms::{ADDRESS, DURATION, NAME, PHONE_NUMBER, SLOT_NAME};
use super::screen::ACCEPT_KINDS;
use crate::source::shape::{Key, Kind, Map, Value};

pub static KEYWORD: Map = Map::new(
    "a keyword",
    "What a text may begin with, and the menu that answers it.",
    &[
        Key::new("keyword", Value::Text, "The word or words. Case, spaces and marks do not count.").required().like(&["PNR"]),
        Key::new("also", Value::List(&Value::Text), "Other spellings of it.").like(&["[पीएनआर]"]),
        Key::new(
            "args",
            Value::Named(
                SLOT_NAME,
                &Value::Either(&[Value::Words(&["date", "phone", "yes_no", "language"]), Value::Map(&ARGUMENT)]),
            ),
            "What stands behind it, each with what it may be, like the `accept` of an `ask`. The menu takes them by the same names.",
        )
        .like(&["{pnr: {digits: 10}}", "{lang: {language: optional}}"]),
        Key::new("run", Value::Text, "The menu that answers. It asks nothing, and sends a message on each way.").required(),
        Key::new("form", Value::Text, "The message that says the right form to who got it wrong. It takes nothing.")
            .required(),
    ],
);

const LANGUAGE: Kind = Kind::new(
    Key::new(
        "language",
        Value::Words(&["yes", "optional"]),
        "A word for a language, in which the answer comes: its name, its code, or one of its `also`. The menu does not take it.",
    ),
    &[],
);

const KINDS: [Kind; ACCEPT_KINDS.len() + 1] = {
    let mut kinds = [LANGUAGE; ACCEPT_KINDS.len() + 1];
    let mut at = 0;
    while at < ACCEPT_KINDS.len() {
        kinds[at] = ACCEPT_KINDS[at];
        at += 1;
    }
    kinds
};

static ALL_KINDS: [Kind; ACCEPT_KINDS.len() + 1] = KINDS;

pub static ARGUMENT: Map = Map::new(
    "an argument",
    "What stands behind a keyword: exactly one kind.",
    &[Key::new("optional", Value::Flag, "It may be left out.")],
)
.kinds(&ALL_KINDS);

const ONCE_IN: Key = Key::new(
    "once_in",
    Value::Form(DURATION),
    "Who calls again within this time gets nothing more; an hour if it is left out.",
)
.like(&["1h"]);

pub static MISSED_CALL: Map = Map::new("a missed call", "What a missed call to this number asks for.", &[ONCE_IN])
    .kinds(&[
        Kind::new(
            Key::new("send", Value::Text, "A message that takes nothing, or a short link alone, called `link`.")
                .like(&["bridge.link"]),
            &[Key::new("link", Value::Text, "Which of the `short_links`, where there are several.").like(&["app"])],
        ),
        Kind::new(
            Key::new("run", Value::Text, "A menu that asks nothing, and sends a message on each way.")
                .like(&["epfo.by_sms"]),
            &[],
        ),
        Kind::new(
            Key::new(
                "call_back",
                Value::Text,
                "The menu with which the citizen is called back. It is noted; nobody calls yet.",
            )
            .like(&["home"]),
            &[],
        ),
    ]);

pub static SHORT_LINK: Map = Map::new(
    "a short link",
    "Where a link leads that has its own short address in each message.",
    &[
        Key::new("else", Value::Form(ADDRESS), "Where it leads on a phone that is not named here.")
            .required()
            .like(&["https://store.example/app"]),
        Key::new("kaios", Value::Form(ADDRESS), "Where it leads on a keypad phone with KaiOS, such as the JioPhone.")
            .like(&["https://gramsetu.example/kaios"]),
        Key::new(
            "lives",
            Value::Form(DURATION),
            "How long each of its short addresses is good, a year at most; 30 days if it is left out.",
        )
        .like(&["7d"]),
    ],
);

pub(super) const SHORT_LINKS: Value = Value::Named(NAME, &Value::Map(&SHORT_LINK));

pub(super) const MISSED_CALLS: Value = Value::Named(PHONE_NUMBER, &Value::Map(&MISSED_CALL));
