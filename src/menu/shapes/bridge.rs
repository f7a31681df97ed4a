//! `bridge.yaml`.

use super::entry::{KEYWORD, MISSED_CALLS, SHORT_LINKS};
use super::forms::{LANGUAGE_CODE, PHONE_KEY, SERVICE_CODE};
use super::menu::TYPED;
use crate::source::shape::{Key, Map, Value};

pub static BRIDGE: Map = Map::new(
    "`bridge.yaml`",
    "Languages, entry points, what is kept with a number, keys of navigation. There is one, at the top of the folder.",
    &[
        Key::new(
            "languages",
            Value::Named(LANGUAGE_CODE, &Value::Either(&[Value::Text, Value::Map(&LANGUAGE)])),
            "The languages by code, each with its name in its own words. The first is the one in which menus are written.",
        )
        .required()
        .like(&["{en: English, hi: हिन्दी}"]),
        Key::new(
            "ussd",
            Value::Named(SERVICE_CODE, &Value::Either(&[Value::Text, Value::Map(&CODE)])),
            "Where each service code leads. The first menu named here is what `home` means.",
        )
        .required()
        .like(&["{\"*123#\": home}"]),
        Key::new("sms", Value::List(&Value::Map(&KEYWORD)), "What people may text, keyword by keyword.")
            .like(&["[{keyword: PNR, args: {pnr: {digits: 10}}, run: rail.by_sms, form: rail.form}]"]),
        Key::new("missed_call", MISSED_CALLS, "What a missed call to each number asks for.")
            .like(&["{\"9718397183\": {send: bridge.link, once_in: 1h}}"]),
        Key::new(
            "short_links",
            SHORT_LINKS,
            "Links by name, each with where it leads. In a message stands a short address of the bridge, below the one of `links` that ends in `/l/`.",
        )
        .like(&["{app: {kaios: \"https://gramsetu.example/app\", else: \"https://store.example/app\", lives: 30d}}"]),
        Key::new(
            "links",
            Value::List(&Value::Text),
            "The links that are registered for messages (DLT). One that ends in `/` or `?` allows all that begin with it.",
        )
        .like(&["[\"https://gramsetu.example/l/\"]"]),
        Key::new("numbers", Value::List(&Value::Text), "The numbers that are registered for messages (DLT), to be called back.")
            .like(&["[\"18001155266\", \"*123#\"]"]),
        Key::new("navigation", Value::Map(&NAVIGATION), "The keys of navigation, where they are not the usual ones."),
        Key::new("profile", TYPED, "What may be kept with a caller's number, each with its type.").like(&["{district: text 40}"]),
    ],
);

pub static LANGUAGE: Map = Map::new(
    "a language",
    "A language that can be chosen.",
    &[
        Key::new("name", Value::Text, "Its name in its own words.").required().like(&["हिन्दी"]),
        Key::new("also", Value::List(&Value::Text), "Other words for it.").like(&["[HIN]"]),
        Key::new("circles", Value::List(&Value::Text), "The telecom circles whose callers are first greeted in it.")
            .like(&["[RJ, UP]"]),
    ],
);

pub static CODE: Map = Map::new(
    "a service code",
    "Where a service code leads.",
    &[
        Key::new("menu", Value::Text, "The menu.").required(),
        Key::new("language", Value::Text, "The language for whoever has not chosen one yet.").like(&["hi"]),
    ],
);

pub static NAVIGATION: Map = Map::new(
    "`navigation`",
    "Keys of navigation by channel.",
    &[Key::new("ussd", Value::Map(&NAVIGATION_USSD), "The keys on a phone's keypad.").required()],
);

pub static NAVIGATION_USSD: Map = Map::new(
    "the navigation of USSD",
    "Three keys, each different.",
    &[
        Key::new("back", Value::Form(PHONE_KEY), "Back to the screen before; `0` if it is left out."),
        Key::new("home", Value::Form(PHONE_KEY), "To the first menu; `00` if it is left out."),
        Key::new("more", Value::Form(PHONE_KEY), "The next page; `98` if it is left out."),
    ],
);
