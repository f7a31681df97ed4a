//! A file of messages.

use super::forms::{DOTTED, DURATION, LANGUAGE_CODE, SLOT_NAME, VARIABLE};
use crate::source::shape::{Key, Map, Value};
use crate::types::MessageKind;

const KIND: &[&str] = &MessageKind::NAMES;

const HEADER: Key = Key::new("header", Value::Text, "The sender that the phone shows.").like(&["EPFOHO"]);
const OF_KIND: Key = Key::new(
    "kind",
    Value::Words(KIND),
    "The regulator's category: when it may go out, and whether a citizen can refuse it.",
);
const ENTITY: Key = Key::new(
    "entity",
    Value::Text,
    "The registered sender's id (DLT), 19 digits. Without it, nothing of DLT is proved.",
)
.like(&["\"1101000000000000001\""]);

pub static MESSAGES: Map = Map::new(
    "a file of messages",
    "What is sent as SMS, `messages/*.yaml`. `header`, `kind` and `entity` at its top are those of each message that has none of \
     its own.",
    &[
        HEADER,
        OF_KIND,
        ENTITY,
        Key::new("messages", Value::Named(DOTTED, &Value::Map(&MESSAGE)), "The messages by name.").required(),
    ],
);

pub static MESSAGE: Map = Map::new(
    "a message",
    "An SMS with its texts. Those named `bridge.…` the bridge sends by itself; what they take is known.",
    &[
        HEADER,
        OF_KIND,
        ENTITY,
        Key::new(
            "repeat",
            Value::Words(&["never", "harmless"]),
            "Whether it is sent again when nobody knows if it went out; `never` if it is left out.",
        ),
        Key::new("lives", Value::Form(DURATION), "How long after it was asked for it may still go out.").like(&["10m"]),
        Key::new(
            "takes",
            Value::Named(SLOT_NAME, &Value::Form(VARIABLE)),
            "What is put into its texts, each with its tag (`numeric`, `alphanumeric`, `url`, `urlott`, `cbn` or `email`) and its \
             most characters. `alphanumeric 40 any` may have letters of any script.",
        )
        .like(&["{status: alphanumeric 40, amount: numeric}"]),
        Key::new(
            "texts",
            Value::Named(LANGUAGE_CODE, &Value::Either(&[Value::Text, Value::Map(&MESSAGE_TEXT)])),
            "Its text in each language.",
        )
        .required(),
    ],
);

pub static MESSAGE_TEXT: Map = Map::new(
    "a text of a message",
    "The text in one language, and what the registry has of it.",
    &[
        Key::new("text", Value::Text, "The text.")
            .required()
            .like(&["Your PF claim for Rs {{ amount }} is {{ status }}. -EPFO"]),
        Key::new("template", Value::Text, "The registered text's id (DLT), 19 digits.")
            .like(&["\"1107000000000000001\""]),
        Key::new(
            "registered",
            Value::Text,
            "The text as it is registered, where it is not the text itself with its tags.",
        )
        .like(&["Your PF claim for Rs {#numeric#} is {#alphanumeric#}. -EPFO"]),
    ],
);
