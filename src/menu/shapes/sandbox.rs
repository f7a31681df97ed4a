//! A sandbox file: answers that stand in for a department.

use super::forms::{ANY_NAME, NAME, STATUS, whole};
use crate::source::shape::{Key, Map, Rule, Value};

pub static SANDBOX: Map = Map::new(
    "a sandbox",
    "Answers that stand in for a department in `demo`, `dial` and `play`, never in `serve`.",
    &[
        Key::new("sandbox", Value::Form(NAME), "The department that it stands in for.").required().like(&["pds"]),
        Key::new("envelope", Value::Form(NAME), "How the department wraps its answers; without it, they are bare.")
            .like(&["umang"]),
        Key::new(
            "answers",
            Value::Named(NAME, &Value::List(&Value::Map(&SANDBOX_ANSWER))),
            "Answers by operation. The first that fits answers; where none does, it is 404.",
        )
        .required(),
    ],
);

pub static SANDBOX_ANSWER: Map = Map::new(
    "an answer of a sandbox",
    "What is answered to what is given.",
    &[
        Key::new(
            "given",
            Value::Named(ANY_NAME, &Value::Text),
            "Values that must have been given; `*` stands for any characters. Without it, it fits all.",
        )
        .like(&["{card: \"*9\"}"]),
        Key::new("status", whole(&STATUS), "The HTTP status; 200 if it is left out.").like(&["404"]),
        Key::new(
            "json",
            Value::Text,
            "The body, as JSON. `{{ name }}` puts in a value that was given, `{{ today+7 }}` a date.",
        ),
        Key::new("xml", Value::Text, "The body, as XML, with the same words in braces."),
    ],
)
.rules(&[Rule::Apart("json", "xml")]);
