//! What a settings file looks like, for editors. Serde reads it; a test holds the two together.

use crate::source::shape::{Form, Key, Map, Value};

const ADDRESS: Value = Value::Form(Form {
    what: "an address and a port",
    pattern: "^\\S+:[0-9]+$",
    says: "write an address and a port, like 127.0.0.1:8080",
    number: false,
    empty: false,
});
const ANY: Form = Form { what: "a name", pattern: "", says: "write a name", number: false, empty: false };
const COUNT: Value = Value::Whole(0, i64::MAX);
const AT_LEAST_ONE: Value = Value::Whole(1, u32::MAX as i64);
const SMALL: Value = Value::Whole(0, u32::MAX as i64);

pub static SETTINGS: Map = Map::new(
    "gramsetu.toml",
    "What a server needs to know. Each key can also be an environment variable (`GRAMSETU_LISTEN`) or a flag.",
    &[
        Key::new("listen", ADDRESS, "Where aggregators reach the hooks. Behind a proxy that ends TLS.")
            .like(&["127.0.0.1:8080"]),
        Key::new("admin", ADDRESS, "The listener for health and metrics, which only operators may reach.")
            .like(&["127.0.0.1:8081"]),
        Key::new(
            "database",
            Value::Text,
            "Where the data is kept: an SQLite file, created where it is missing, or for several nodes the address of a \
             PostgreSQL, with all its hosts: `postgres://user:password@host1:5432,host2/name?sslmode=verify-full`.",
        )
        .like(&["gramsetu.db"]),
        Key::new("menus", Value::Text, "The folder of menus; without one, the menus that come with the program.")
            .like(&["menus"]),
        Key::new("log", Value::Words(&["human", "json"]), "How the log is written.").like(&["human"]),
        Key::new(
            "trusted_proxies",
            Value::List(&Value::Text),
            "Proxies whose `X-Forwarded-For` is believed, as networks: `10.0.0.0/8`.",
        ),
        Key::new(
            "public_url",
            Value::Text,
            "How gateways reach the hooks, for protocols that want the address back (vodacom): `https://ussd.example.in`. \
             Without it, the host by which they name us.",
        ),
        Key::new("keys", Value::Map(&KEYS), "The keys, without which nothing is served: `openssl rand -base64 32`."),
        Key::new(
            "gateways",
            Value::Named(ANY, &Value::Map(&GATEWAY)),
            "The gateways that are open, by the names of their profiles.",
        ),
        Key::new(
            "departments",
            Value::Named(ANY, &Value::Map(&DEPARTMENT)),
            "Where departments are and how they know us.",
        ),
        Key::new("routes", Value::Named(ANY, &Value::Map(&ROUTE)), "The routes on which messages go out."),
        Key::new("limits", Value::Map(&LIMITS), "How much is taken at once."),
    ],
);

/// Ids are often digits alone.
const PLAIN: Value = Value::Any;

static KEYS: Map = Map::new(
    "`keys`",
    "32 random bytes each, in base 64.",
    &[
        Key::new(
            "hash",
            Value::Text,
            "What numbers are found by. It cannot be changed without losing sight of all that is kept.",
        ),
        Key::new(
            "seal",
            Value::List(&Value::Map(&SEAL)),
            "The first key seals; all open, so that keys can be changed.",
        ),
    ],
);

static SEAL: Map = Map::new(
    "a sealing key",
    "One of the keys with which conversations are sealed.",
    &[
        Key::new("id", Value::Whole(0, 255), "A number of its own.").required(),
        Key::new("key", Value::Text, "32 random bytes, in base 64.").required(),
    ],
);

static GATEWAY: Map = Map::new(
    "a gateway",
    "A gateway that may call.",
    &[
        Key::new("secrets", Value::List(&Value::Text), "One or two words of its hook's address."),
        Key::new("sources", Value::List(&Value::Text), "The networks it may call from; anywhere if left out."),
        Key::new(
            "signing",
            Value::List(&Value::Text),
            "What its signatures are made with, where it signs: of `twilio` the auth token. Two while one is changed.",
        ),
        Key::new(
            "payments",
            Value::List(&Value::Text),
            "What a payment system signs its notices with, of 16 characters at least; two while one is changed. Without one, none are taken here.",
        ),
    ],
);

static ROUTE: Map = Map::new(
    "a route",
    "A way out for messages: a connection to a gateway that takes them.",
    &[
        Key::new("gateway", Value::Text, "The gateway, by its profile; the route's own name if it is left out.")
            .like(&["kannel"]),
        Key::new("url", Value::Text, "Where the gateway is, where that is not always the same.")
            .like(&["http://127.0.0.1:13013"]),
        // Credentials of digits are taken as they stand.
        Key::new(
            "credentials",
            Value::Named(ANY, &Value::Any),
            "Who we are there, by the names that `docs/gateways.md` gives.",
        ),
        Key::new("sender", Value::Text, "What phones show as the sender instead of a message's header."),
        Key::new("headers", Value::List(&Value::Text), "The headers that may be sent here; all if it is left out.")
            .like(&["[EPFOHO]"]),
        Key::new("free_text", Value::Flag, "Whether texts may go out that no template registers: not under DLT."),
        Key::new("unicode", Value::Flag, "Whether it carries more than GSM 7-bit letters; `yes` if it is left out."),
        Key::new(
            "national",
            Value::Flag,
            "Whether phones on it are known to read the national tables of 3GPP TS 23.038. Refused where the gateway cannot be told of them, which no shipped profile can.",
        ),
        Key::new(
            "substitutes",
            Value::Flag,
            "Whether `₹` goes as `Rs` and the like, where no template says otherwise; `yes` if it is left out.",
        ),
        Key::new("segments_per_second", AT_LEAST_ONE, "Segments a second, in the long run.").like(&["30"]),
        Key::new("at_once", Value::Whole(1, u16::MAX as i64), "Messages under way at once.").like(&["16"]),
        Key::new("within", Value::Whole(1, u16::MAX as i64), "Seconds that the gateway may take to answer.")
            .like(&["10"]),
        Key::new("rank", Value::Whole(0, u16::MAX as i64), "Lower ones are preferred; among equals the name decides.")
            .like(&["100"]),
    ],
);

static DEPARTMENT: Map = Map::new(
    "the settings of a department",
    "Where a department is and how it is called.",
    &[
        Key::new("url", Value::Text, "Where its operations begin.").like(&["https://api.example.gov.in/v1"]),
        // Credentials of digits are taken as they stand.
        Key::new("headers", Value::Named(ANY, &Value::Any), "Headers of every request, such as credentials."),
        Key::new("at_once", COUNT, "Calls under way at once.").like(&["64"]),
        Key::new("breaks_after", SMALL, "Failures in a row that open its breaker.").like(&["5"]),
        Key::new("mends_after", COUNT, "Seconds until an open breaker lets one call try.").like(&["10"]),
        Key::new("retries", SMALL, "Of reading calls, within their deadline.").like(&["1"]),
        Key::new(
            "envelope",
            Value::Map(&ENVELOPE),
            "For a department behind a platform that wraps requests and answers.",
        ),
    ],
);

static ENVELOPE: Map = Map::new(
    "an envelope",
    "How the platform before a department wraps requests and answers, and who we are to it.",
    &[
        Key::new("form", Value::Words(&["umang"]), "Whose envelope it is.").required(),
        Key::new("deptid", PLAIN, "The department's id.").required().like(&["71"]),
        Key::new("srvid", PLAIN, "The service's id.").required().like(&["604"]),
        Key::new("subsid", PLAIN, "The id of a part of the service."),
        Key::new("subsid2", PLAIN, "The id of a part of that."),
        Key::new("formtrkr", PLAIN, "The form, by its number."),
        Key::new("tenantid", PLAIN, "The tenant, sent as a header."),
        Key::new("tkn", Value::Text, "The token of a session with the platform."),
        Key::new("usrid", Value::Text, "The user's id."),
        Key::new("did", Value::Text, "The device's id."),
        Key::new("lang", Value::Text, "The language of answers; `en` if it is left out.").like(&["en"]),
        Key::new("mode", Value::Text, "The channel; `ussd` if it is left out.").like(&["ussd"]),
        Key::new("pltfrm", Value::Text, "The platform of the device."),
        Key::new("usag", PLAIN, "The usage."),
        Key::new("lac", PLAIN, "The area code."),
    ],
);

static LIMITS: Map = Map::new(
    "the limits",
    "Bounds of a server.",
    &[
        Key::new("largest_body", COUNT, "Bytes of a callback's body.").like(&["16384"]),
        Key::new("largest_answer", COUNT, "Bytes of a department's answer.").like(&["262144"]),
        Key::new("connections", COUNT, "Connections at once.").like(&["10000"]),
        Key::new("drain", COUNT, "Seconds that turns under way may take to finish at shutdown.").like(&["20"]),
        Key::new("number_burst", AT_LEAST_ONE, "Callbacks of one number at once.").like(&["30"]),
        Key::new("number_per_second", AT_LEAST_ONE, "Callbacks of one number a second, in the long run.").like(&["3"]),
        Key::new("gateway_burst", AT_LEAST_ONE, "Callbacks of one gateway at once.").like(&["100000"]),
        Key::new("gateway_per_second", AT_LEAST_ONE, "Callbacks of one gateway a second, in the long run.")
            .like(&["50000"]),
        Key::new(
            "texts_per_day",
            AT_LEAST_ONE,
            "Texts of one number that are answered in a day, by each server: each costs a message. STOP is always heard.",
        )
        .like(&["100"]),
        Key::new("queue", COUNT, "Turns that may wait to be written; more are told to dial again.").like(&["4096"]),
        Key::new(
            "turns",
            AT_LEAST_ONE,
            "Turns under way at once, those that wait for a department not counted; who begins one more is told to dial again, \
             beyond twice as many everybody.",
        )
        .like(&["2000"]),
        Key::new("journeys", COUNT, "Days that journeys (where people go in the menus) are kept.").like(&["90"]),
        Key::new("messages", COUNT, "Days that messages are kept that are done with, and those in doubt.").like(&["90"]),
    ],
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::DEFAULTS;

    /// The keys that serde knows at a place: it names them all when it meets another.
    fn known(place: &str) -> Vec<String> {
        let text = format!("{place}zz-no-such-key = 1\n");
        let message = toml::from_str::<crate::settings::Settings>(&text).expect_err("unknown").message().to_owned();
        let (_, list) = message.split_once("expected").unwrap_or_else(|| panic!("{place}: {message}"));
        let mut names: Vec<String> = list.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        names.sort();
        names
    }

    #[test]
    fn the_schema_has_the_keys_that_serde_reads() {
        let maps = [
            ("", &SETTINGS),
            ("[keys]\n", &KEYS),
            ("[[keys.seal]]\n", &SEAL),
            ("[gateways.flares]\n", &GATEWAY),
            ("[departments.epfo]\n", &DEPARTMENT),
            ("[routes.kannel]\n", &ROUTE),
            ("[departments.epfo.envelope]\n", &ENVELOPE),
            ("[limits]\n", &LIMITS),
        ];
        for (place, map) in maps {
            let mut names: Vec<&str> = map.keys.iter().map(|key| key.name).collect();
            names.sort_unstable();
            assert_eq!(names, known(place), "{}", map.what);
        }
    }

    #[test]
    fn the_examples_are_the_defaults() {
        let defaults: toml::Table = DEFAULTS.parse().expect("the defaults are TOML");
        let limits = defaults["limits"].as_table().expect("a table");
        for (map, table) in [(&SETTINGS, &defaults), (&LIMITS, limits)] {
            for (name, value) in table.iter().filter(|(_, value)| value.is_str() || value.is_integer()) {
                let key = map.keys.iter().find(|key| key.name == name).expect("it is declared");
                let written = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                assert_eq!(key.examples, [written], "{name}");
            }
        }
    }
}
