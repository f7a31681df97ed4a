//! What a message profile looks like.

use super::{ANY, HEADER, NAMES, form, whole};
use crate::gateway::messages::choices::{
    ANSWERED, CODECS, FATES, FORMATS, HOWS, IDS, NEEDS, NUMBERS, OUTCOMES, REASONS, SAID, SAYS, SIGNATURES, UNICODE,
    ZONES,
};
use crate::gateway::messages::{CHARACTERS, SPEAKS};
use crate::source::shape::{Form, Key, Map, Rule, Value};
use crate::types::MessageKind;

const STATUS: Form = Form { number: true, ..form("an HTTP status", "^[1-5][0-9][0-9]$", "write three digits: `201`") };
const WORD: Value =
    Value::Form(form("a word", "^[a-z_]+$", "use small letters and `_`: it is the slot's name behind the `$`"));
const ADDRESS: Value = Value::Form(form(
    "an address",
    "^https?://[^/?#@$ ]+$",
    "write scheme and host, without a path: `https://api.example.com`",
));
const PATH: Value = Value::Form(form("a path", "^/[^ ?#]*$", "begin it with `/`; `fields` make the query"));
const CONTENT_TYPE: Key =
    Key::new("content_type", Value::Text, "The content type of the reply; `text/plain` if it is left out.");
const REPLY: Key = Key::new("reply", Value::Text, "What it is answered; nothing if it is left out.");
const FORMAT: Key = Key::new(
    "format",
    Value::Words(&FORMATS),
    "Where the fields of a `POST` or `PUT` are, beside the query. A `GET` has them in the query.",
);
const JSON_IN: Key = Key::new("json_in", Value::Text, "The field that holds JSON, in which all others are.");

pub static MESSAGES: Map = Map::new(
    "a message profile",
    "How a gateway spells messages and missed calls. At most 40 lines, data and no code.",
    &[
        Key::new("speaks", Value::Words(&SPEAKS), "Tells it from a profile of USSD.").required(),
        super::NAME,
        super::TITLE,
        super::VERIFIED,
        super::BECAUSE,
        super::COUNTRY,
        Key::new("send", Value::Map(&SEND), "How a message is handed over."),
        Key::new("answers", Value::Map(&ANSWERS), "What the gateway's answers mean."),
        Key::new("inbound", Value::Map(&INBOUND), "How messages of citizens come in."),
        Key::new("receipts", Value::Map(&RECEIPTS), "How it tells what became of messages."),
        Key::new("missed_calls", Value::Map(&MISSED), "How it tells of calls."),
        Key::new("signature", Value::Words(&SIGNATURES), "How requests to the hooks are signed."),
        Key::new("secret_header", Value::Form(HEADER), "The header in which requests to the hooks bring a secret."),
    ],
)
.rules(&[
    Rule::OneOf(&["send", "inbound", "receipts", "missed_calls"]),
    Rule::Needs("send", "answers"),
    Rule::Needs("answers", "send"),
    Rule::Apart("signature", "secret_header"),
]);

static SEND: Map = Map::new(
    "`send`",
    "How a message is handed over. Slots like `$text` stand in texts; one with nothing in it leaves its field or header out.",
    &[
        Key::new("as", Value::Words(&HOWS), "Where the fields are: a `GET` with a query, a `POST` with a form or JSON.")
            .required(),
        Key::new("url", ADDRESS, "The address without path, where it is the same for everybody.")
            .like(&["https://api.example.com"]),
        Key::new("path", PATH, "What follows it.").required().like(&["/v1/$account/messages"]),
        Key::new("basic", Value::List(&WORD), "The two credentials of HTTP basic authentication.").like(&["[account, token]"]),
        Key::new("headers", Value::Named(HEADER, &Value::Text), "Headers beside the content type."),
        Key::new("fields", Value::Named(ANY, &Value::Text), "The fields by name; in JSON, names with points are nested.")
            .required()
            .like(&["{to: $to, text: $text}"]),
        Key::new(
            "numbers",
            Value::Words(&NUMBERS),
            "How numbers are written: `plus` and country code, `digits` without the plus, `national`, or with its `trunk` 0.",
        )
        .required(),
        Key::new(
            "unicode",
            Value::Words(&UNICODE),
            "How letters beyond the GSM alphabet are written; `utf8` if it is left out, `none` where they cannot be sent.",
        ),
        Key::new(
            "characters",
            whole(&CHARACTERS),
            "The longest text that a request may hold.",
        )
        .required()
        .like(&["1600"]),
        Key::new("coding", Value::Map(&CODING), "What the slot `$coding` says."),
        Key::new("priority", Value::Map(&PRIORITY), "What the slot `$priority` says."),
        Key::new("kind", Value::Map(&KIND), "What the slot `$kind` says."),
        Key::new("callback", Value::Text, "The query of the address for receipts, which the slot `$receipts` holds.")
            .like(&["id=$id"]),
        Key::new("credentials", Value::List(&WORD), "What a route must give, each a slot by its name.")
            .like(&["[account, token]"]),
        Key::new("options", Value::List(&WORD), "What a route may give."),
        Key::new("needs", Value::List(&Value::Words(&NEEDS)), "What every message must have."),
        Key::new("codec", Value::Words(&CODECS), "What only this gateway does."),
        Key::new(
            "idempotent",
            Value::Flag,
            "`yes` where the gateway knows a message by `$id` and never sends it twice, however often it is handed over.",
        ),
    ],
);

static CODING: Map = Map::new(
    "`coding` of a request",
    "What the gateway calls the two alphabets.",
    &[
        Key::new("gsm", Value::Text, "A text in the GSM alphabet.").required().like(&["plain"]),
        Key::new("ucs2", Value::Text, "Any other.").required().like(&["unicode"]),
        Key::new("otp_gsm", Value::Text, "A one-time password in the GSM alphabet; as `gsm` if it is left out."),
        Key::new("otp_ucs2", Value::Text, "Any other one-time password; as `ucs2` if it is left out."),
    ],
);

static PRIORITY: Map = Map::new(
    "`priority`",
    "What the gateway calls urgent.",
    &[
        Key::new("otp", Value::Text, "Somebody waits with the phone in the hand.").required().like(&["high"]),
        Key::new("receipt", Value::Text, "What was done, or asked for.").required().like(&["normal"]),
        Key::new("notice", Value::Text, "All others.").required().like(&["normal"]),
    ],
);

static KIND: Map = Map::new(
    "`kind` of a request",
    "What the gateway calls the categories of the regulator.",
    &[
        Key::new(MessageKind::Transactional.name(), Value::Text, "What was done.").required().like(&["transactional"]),
        Key::new(MessageKind::Service.name(), Value::Text, "What a citizen asked for.")
            .required()
            .like(&["transactional"]),
        Key::new(MessageKind::Promotional.name(), Value::Text, "What nobody asked for.")
            .required()
            .like(&["promotional"]),
        Key::new(MessageKind::Government.name(), Value::Text, "What a government has to say.")
            .required()
            .like(&["transactional"]),
    ],
);

static ANSWERS: Map = Map::new(
    "`answers`",
    "What the gateway's answers mean. What is not said here leaves it unclear whether a message goes out.",
    &[
        Key::new("as", Value::Words(&SAYS), "`json`, or a `text` that begins with the code.").required(),
        Key::new("id", Value::Text, "The field of the gateway's id; in a text, what stands before it."),
        Key::new("code", NAMES, "The field of the code, or several of which the first is taken that is there. Not in a text."),
        Key::new("reason", Value::Text, "The field of a word for what was wrong."),
        Key::new("error", NAMES, "Fields of which one is there when the gateway itself refuses, and nobody in between."),
        Key::new("codes", Value::Named(ANY, &Value::Words(&OUTCOMES)), "What codes mean, whatever the status; in a text, what it begins with.")
            .like(&["{\"0\": accepted, \"12\": never}"]),
        Key::new(
            "statuses",
            Value::Named(STATUS, &Value::Words(&OUTCOMES)),
            "What HTTP statuses mean where no code is known. Refusals other than 401, 403 and 429 count beside `error` only.",
        )
        .like(&["{201: accepted, 401: elsewhere}"]),
    ],
);

static INBOUND: Map = Map::new(
    "`inbound`",
    "How messages of citizens come in.",
    &[
        FORMAT.required(),
        JSON_IN,
        Key::new("each", Value::Text, "The list in the JSON, each element of which is a message."),
        Key::new("fields", Value::Map(&INBOUND_FIELDS), "Which field holds what.").required(),
        Key::new("times", Value::Words(&ZONES), "Where times without an offset are from; `utc` if it is left out."),
        Key::new(
            "coding",
            Value::Map(&super::CODING),
            "What the field `coding` says; with `ucs2`, the text is the bytes of UTF-16BE. Left out, it is always UTF-8.",
        ),
        Key::new(
            "answered",
            Value::Words(&ANSWERED),
            "How what answers a message goes out: `by_message` as any other, which it is if this is left out; `in_reply` as the reply to the \
             request, which the gateway sends on.",
        ),
        Key::new("base_64", Value::Flag, "`yes` where some long texts come in base 64."),
        CONTENT_TYPE,
        REPLY,
    ],
);

static INBOUND_FIELDS: Map = Map::new(
    "`fields` of messages",
    "A name, or a list of names of which the first is taken that is there; their case does not matter.",
    &[
        Key::new("from", NAMES, "Who wrote.").required(),
        Key::new("text", NAMES, "What was written.").required(),
        Key::new("to", NAMES, "The number that was written to."),
        Key::new("id", NAMES, "The gateway's id of the message."),
        Key::new("at", NAMES, "When it was sent."),
        Key::new("circle", NAMES, "The telecom circle of the citizen."),
        Key::new("coding", NAMES, "Which alphabet the text is in."),
        Key::new("udh", NAMES, "The user data header of a part of a long message, in hexadecimal or as its bytes."),
    ],
);

static RECEIPTS: Map = Map::new(
    "`receipts`",
    "How the gateway tells what became of messages.",
    &[
        FORMAT.required(),
        JSON_IN,
        Key::new("each", Value::Text, "The list in the JSON, each element of which is a receipt."),
        Key::new("fields", Value::Map(&RECEIPT_FIELDS), "Which field holds what.").required(),
        Key::new(
            "statuses",
            Value::Named(ANY, &Value::Words(&FATES)),
            "What its words mean. Any other is counted and believed of nothing.",
        )
        .required()
        .like(&["{delivered: delivered, undelivered: failed}"]),
        Key::new("ids", Value::List(&Value::Words(&IDS)), "What does not distinguish two ids of the gateway."),
        Key::new("reasons", Value::Words(&REASONS), "What the field `reason` holds; a `word` if it is left out."),
        CONTENT_TYPE,
        REPLY,
    ],
);

static RECEIPT_FIELDS: Map = Map::new(
    "`fields` of receipts",
    "A name, or a list of names of which the first is taken that is there; their case does not matter.",
    &[
        Key::new("foreign", NAMES, "The gateway's id of the message; of a part, first that of the whole."),
        Key::new("id", NAMES, "Our id of it."),
        Key::new("status", NAMES, "What became of it.").required(),
        Key::new("reason", NAMES, "Why."),
    ],
)
.rules(&[Rule::OneOf(&["foreign", "id"])]);

static MISSED: Map = Map::new(
    "`missed_calls`",
    "How the gateway tells of calls.",
    &[
        FORMAT.required(),
        JSON_IN,
        Key::new("fields", Value::Map(&CALL_FIELDS), "Which field holds what.").required(),
        Key::new(
            "when",
            Value::Named(ANY, &Value::Named(ANY, &Value::Words(&SAID))),
            "By field, what its values mean; `any` is every other value, `empty` none. `nothing` leaves it to the next field.",
        )
        .like(&["{status: {ringing: missed, any: other}}"]),
        CONTENT_TYPE,
        REPLY,
    ],
);

static CALL_FIELDS: Map = Map::new(
    "`fields` of calls",
    "A name, or a list of names of which the first is taken that is there; their case does not matter.",
    &[
        Key::new("from", NAMES, "Who called.").required(),
        Key::new("to", NAMES, "The number that was called.").required(),
        Key::new("id", NAMES, "The gateway's id of the call."),
    ],
);
