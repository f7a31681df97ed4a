//! What a profile looks like: one declaration for each map that `read_profile` takes apart.

mod messages;

pub use messages::MESSAGES;

use std::ops::RangeInclusive;

use super::read_profile::choices::{FORMATS, INPUTS, KINDS, LEGS, NEWLINES, NUMBERS, ROUTES, SAME_HISTORIES, SHAPES};
use super::read_profile::{SEPTETS, STEPS, UNITS};
use crate::source::shape::{Form, Key, Map, Rule, Value};

const fn form(what: &'static str, pattern: &'static str, says: &'static str) -> Form {
    Form { what, pattern, says, number: false, empty: false }
}

const fn whole(range: &RangeInclusive<u16>) -> Value {
    Value::Whole(*range.start() as i64, *range.end() as i64)
}

const TIME: Value =
    Value::Form(form("a duration", "^[0-9]+(ms|s|m|h|d)$", "write a whole number with `ms`, `s`, `m` or `h`: `10s`"));
const WORD: Form = form(
    "a word",
    "^(?!(why|alive|coding|here|answer)$)[a-z_]+$",
    "use small letters and `_`, but none of `why`, `alive`, `coding`, `here`, `answer`",
);
const HEADER: Form = form("the name of a header", "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$", "use letters, digits and `-`");
const SIGN: Form = form("a sign", "^[ -~]$", "write one sign of ASCII");
const ANY: Form = form("a name", "", "write a name");
const NAMES: Value = Value::Either(&[Value::Text, Value::List(&Value::Text)]);

const NAME: Key = Key::new(
    "gateway",
    Value::Form(form("a name", "^[a-z][a-z0-9-]{1,31}$", "use 2 to 32 small letters, digits and `-`, a letter first")),
    "Its name in addresses and settings.",
)
.required()
.like(&["crossgate"]);
const TITLE: Key = Key::new("title", Value::Text, "Its name for people.").required();
const VERIFIED: Key =
    Key::new("verified", Value::Flag, "`yes` when the vendor's own words confirm every field; else `no`.").required();
const BECAUSE: Key = Key::new("because", Value::Text, "With `verified: no`: what is not confirmed, and why.");
const COUNTRY: Key = Key::new(
    "country",
    Value::Form(form("two letters", "^[A-Za-z]{2}$", "write two letters as in ISO 3166: `IN`, `KE`")),
    "Two letters of ISO 3166: whose numbers come without a country code.",
)
.required()
.like(&["IN"]);

pub static PROFILE: Map = Map::new(
    "a profile",
    "How a gateway spells callbacks and replies. At most 40 lines, data and no code.",
    &[
        NAME,
        TITLE,
        VERIFIED,
        BECAUSE,
        COUNTRY,
        Key::new("limits", Value::Map(&LIMITS), "How much fits on a page.").required(),
        Key::new("times", Value::Map(&TIMES), "How long the gateway waits.").required(),
        Key::new("receives", Value::Map(&RECEIVES), "How callbacks come in.").required(),
        Key::new("replies", Value::Map(&REPLIES), "How replies go out.").required(),
    ],
);

static LIMITS: Map = Map::new(
    "`limits`",
    "How much fits on a page, and how many there may be.",
    &[
        Key::new("septets", whole(&SEPTETS), "Letters of the GSM alphabet on a page.").required().like(&["160"]),
        Key::new(
            "units",
            Value::Either(&[whole(&UNITS), Value::Words(&["none"])]),
            "UTF-16 units on a page with any other letter; `none` where the gateway cannot carry them.",
        )
        .required()
        .like(&["70"]),
        Key::new("steps", whole(&STEPS), "How many exchanges a dialogue may have, where the network caps them."),
    ],
);

static TIMES: Map = Map::new(
    "`times`",
    "Whole numbers with `ms`, `s`, `m` or `h`.",
    &[
        Key::new("budget", TIME, "How long the gateway waits for a reply, 1 s to 60 s.").required().like(&["10s"]),
        Key::new("idle", TIME, "After how long without an answer the network drops the dialogue, 5 s to 10 min.")
            .required()
            .like(&["60s"]),
        Key::new("lasts", TIME, "How long a dialogue may last in all, 10 s to 1 h.").required().like(&["180s"]),
        Key::new(
            "repeat_within",
            TIME,
            "Identical callbacks within this time are a repeat and get the same reply; `2s` if it is left out, `0s` for never.",
        ),
    ],
);

static RECEIVES: Map = Map::new(
    "`receives`",
    "How callbacks are spelt.",
    &[
        Key::new("format", Value::Words(&FORMATS), "Where the fields of a `POST` or `PUT` are. A `GET` has them in the query.")
            .required(),
        Key::new(
            "leg",
            Value::Words(&LEGS),
            "What names a dialogue: `id_and_msisdn` where ids are short and soon used again, `msisdn` where there is no id.",
        )
        .required(),
        Key::new(
            "input",
            Value::Words(&INPUTS),
            "How answers come: the last one (`last`, `dialled`), or all of them (`history`, `history_after_code`).",
        )
        .required(),
        Key::new(
            "msisdn_in",
            Value::Words(&NUMBERS),
            "`first` where only the first callback brings the number; `every` if it is left out.",
        ),
        Key::new(
            "same_history",
            Value::Words(&SAME_HISTORIES),
            "With `input: history`: what the same history once more is, a `repeat` (if it is left out) or an `empty` answer.",
        ),
        Key::new("abort_text", Value::Text, "An answer that begins so is the network's report that the citizen hung up."),
        Key::new(
            "paths",
            Value::Named(
                form("a verb and a path", "^(GET|POST|PUT)( */\\S+)? *$", "write it as `POST`, `POST /end`, `GET /session/{id}/status`"),
                &Value::Words(&ROUTES),
            ),
            "Verb and path after `/ussd`, and what comes there.",
        )
        .required()
        .like(&["{POST: turn, POST /end: ended}"]),
        Key::new("fields", Value::Map(&FIELDS), "Which field holds what.").required(),
        Key::new(
            "kind",
            Value::Named(ANY, &Value::Named(ANY, &Value::Words(&KINDS))),
            "By field, what its values mean; `any` is every other value, `empty` none. `nothing` is a value that says nothing.",
        )
        .like(&["{clean: {any: ended}}"]),
    ],
);

/// Read by its names, and not as a map of keys.
pub static FIELDS: Map = Map::new(
    "`fields`",
    "A name, or a list of names under which it may come; their case does not matter.",
    &[
        Key::new("msisdn", NAMES, "The citizen's number.").required(),
        Key::new("text", NAMES, "What the citizen answered.").required(),
        Key::new("id", NAMES, "The dialogue's id."),
        Key::new("code", NAMES, "The service code."),
        Key::new("number", NAMES, "The number of the turn."),
        Key::new("circle", NAMES, "The telecom circle of the citizen."),
    ],
)
.others(WORD, &NAMES);

pub static CODING: Map = Map::new(
    "`coding`",
    "What the gateway calls the two alphabets.",
    &[
        Key::new("gsm", Value::Text, "The GSM alphabet.").required().like(&["\"15\""]),
        Key::new("ucs2", Value::Text, "UCS-2.").required().like(&["\"72\""]),
    ],
);

static REPLIES: Map = Map::new(
    "`replies`",
    "How replies are spelt.",
    &[
        Key::new(
            "as",
            Value::Words(&SHAPES),
            "Where more or end is said: before the text (`prefix`), in a header, or in a body of JSON, XML or plain text.",
        )
        .required(),
        Key::new("content_type", Value::Text, "The content type of every reply.").required().like(&["text/plain"]),
        Key::new("headers", Value::Named(HEADER, &Value::Text), "Headers that every reply has."),
        Key::new(
            "replace",
            Value::Named(SIGN, &Value::Text),
            "Signs of ASCII that texts cannot carry, and what stands for them.",
        )
        .like(&["{\"~\": \"-\"}"]),
        Key::new("coding", Value::Map(&CODING), "What the slot `$coding` says in either alphabet."),
        Key::new("newlines", Value::Words(&NEWLINES), "How line breaks are written; `keep` if it is left out."),
        Key::new("header", Value::Text, "With `as: header`: the header that says more or end.").like(&["Freeflow"]),
        Key::new("more", Value::Text, "How a page says that an answer is expected.").required().like(&["\"CON \""]),
        Key::new("end", Value::Text, "How a page says that the dialogue is over.").required().like(&["\"END \""]),
        Key::new("acknowledge", Value::Text, "The body of an answer to what needs no page."),
        Key::new("status", Value::Text, "The body of an answer to a path that is `status`."),
        Key::new("refusal", Value::Text, "The body of an answer to what cannot be read."),
    ],
)
.rules(&[Rule::Apart("header", "acknowledge"), Rule::Apart("header", "status"), Rule::Apart("header", "refusal")]);
