//! A department's file: its operations and what they answer.

use super::forms::{AMOUNT, ANY_NAME, DURATION, LETTERS, NAME, NUMBERS, PATH, PLACE, POINTER, ROWS, STATUS, whole};
use crate::source::shape::{Key, Kind, Map, Rule, Value};

pub static DEPARTMENT: Map = Map::new(
    "a department",
    "What can be asked of a department. Its address and passwords are in the settings, `[departments.…]`.",
    &[
        Key::new("department", Value::Form(NAME), "The department's name, as `call` and the settings use it.")
            .required()
            .like(&["epfo"]),
        Key::new("operations", Value::Named(NAME, &Value::Map(&OPERATION)), "What can be asked, by name.").required(),
    ],
);

const fn method(name: &'static str, means: &'static str) -> Kind {
    Kind::new(Key::new(name, Value::Form(PATH), means).like(&["/members/by-mobile/{{ mobile }}"]), &[])
}

static ANSWER_FIELD: Value = Value::Map(&FIELD);

pub static OPERATION: Map = Map::new(
    "an operation",
    "One thing that can be asked of the department: a method with its path, and what the answer holds.",
    &[
        Key::new("json", Value::Any, "What is sent along, as JSON. A value in braces that stands alone keeps its type.")
            .like(&["{consumer: \"{{ consumer }}\"}"]),
        Key::new("form", Value::Named(ANY_NAME, &Value::Text), "What is sent along, as a form."),
        Key::new("xml", Value::Text, "What is sent along, as an XML document with names in braces.")
            .like(&["<BillFetchRequest><Biller id=\"{{ biller }}\"/></BillFetchRequest>"]),
        Key::new("answers", Value::Words(&["json", "xml"]), "What the department answers in; without it, as it is asked."),
        Key::new("within", Value::Form(DURATION), "How long it may take, 60 seconds at most; `5s` if it does not say.").like(&["3s"]),
        Key::new("cache", Value::Form(DURATION), "For how long an answer may be used again, a week at most.").like(&["10m"]),
        Key::new("changes", Value::Flag, "It does something, and is never repeated blindly."),
        Key::new(
            "settled_by",
            Value::Text,
            "The operation that tells later what became of it. It takes one value, `intent`. Needed beside `changes: yes`.",
        ),
        Key::new(
            "registered",
            Value::Either(&[Value::Words(&["caller"]), Value::Map(&REGISTERED)]),
            "The answer is about the person whose number is calling: because it was found by that number (`caller`), or because \
             it names the registered number (`{caller: /pointer}`).",
        ),
        Key::new("answer", Value::Named(NAME, &ANSWER_FIELD), "The fields of the answer."),
        Key::new("errors", Value::List(&Value::Map(&ERROR)), "Answers that mean a failure, with its name.")
            .like(&["[{status: 404, name: not_found}]"]),
    ],
)
.kinds(&[
    method("get", "Asked with GET at this path. Names in braces are what it takes."),
    method("post", "Asked with POST at this path. Names in braces are what it takes."),
    method("put", "Asked with PUT at this path. Names in braces are what it takes."),
    method("patch", "Asked with PATCH at this path. Names in braces are what it takes."),
    method("delete", "Asked with DELETE at this path. Names in braces are what it takes."),
])
.rules(&[
    Rule::Apart("json", "form"),
    Rule::Apart("json", "xml"),
    Rule::Apart("form", "xml"),
    Rule::Apart("get", "json"),
    Rule::Apart("get", "form"),
    Rule::Apart("get", "xml"),
    Rule::Apart("delete", "json"),
    Rule::Apart("delete", "form"),
    Rule::Apart("delete", "xml"),
    Rule::Needs("settled_by", "changes"),
]);

pub static REGISTERED: Map = Map::new(
    "`registered`",
    "Where the answer names the number that the department has registered.",
    &[Key::new(
        "caller",
        Value::Form(POINTER),
        "If another number than the caller's stands there, the call is `refused`.",
    )
    .required()
    .like(&["/registered_mobile"])],
);

const FROM: Key = Key::new(
    "from",
    Value::Form(PLACE),
    "Where it stands in the answer: a JSON Pointer, or a path of XML names. `\"\"` is all of it.",
)
.required()
.like(&["/last_contribution/amount"]);

const LENGTH: Value = whole(&LETTERS);

pub static FIELD: Map = Map::new(
    "a field of an answer",
    "Where a value comes from, and what it may be at most. What is not as declared counts as `down`.",
    &[
        Key::new(
            "personal",
            Value::Flag,
            "About a person: shown only when the department said that the calling number is theirs.",
        ),
        Key::new("optional", Value::Flag, "It may be missing."),
    ],
)
.kinds(&[
    Kind::new(
        Key::new("text", LENGTH, "A text of at most so many characters.").like(&["24"]),
        &[
            FROM,
            Key::new(
                "letters",
                Value::Words(&["latin", "any"]),
                "`any` leaves it in its own script; else it is written in Latin letters.",
            ),
        ],
    ),
    Kind::new(
        Key::new("number", Value::Form(NUMBERS), "A whole number of at most so many, or from so many to so many.")
            .like(&["20", "5-20"]),
        &[FROM],
    ),
    Kind::new(
        Key::new("amount", Value::Form(AMOUNT), "Rupees, at most so many.").like(&["9999"]),
        &[
            FROM,
            Key::new(
                "in",
                Value::Words(&["rupees", "paise"]),
                "What the answer counts it in: `paise` are whole ones. The most is said in rupees.",
            ),
        ],
    ),
    Kind::new(Key::new("date", Value::Words(&["yes"]), "A date."), &[FROM]),
    Kind::new(Key::new("digits", LENGTH, "At most so many digits.").like(&["12"]), &[FROM]),
    Kind::new(Key::new("yes_no", Value::Words(&["yes"]), "Yes or no."), &[FROM]),
    Kind::new(
        Key::new("list", Value::Form(PLACE), "A list of records, at this place in the answer.").like(&["/prices"]),
        &[
            Key::new("at_most", whole(&ROWS), "How many rows of it are kept.").required(),
            Key::new("of", Value::Named(NAME, &ANSWER_FIELD), "The fields of each item; `from` starts at the item.")
                .required(),
        ],
    ),
]);

pub static ERROR: Map = Map::new(
    "an error",
    "An answer that means a failure: by its status, or by what stands at a place in it.",
    &[
        Key::new("name", Value::Form(NAME), "The failure's name, as `fails` uses it.").required().like(&["not_found"]),
        Key::new("status", whole(&STATUS), "The HTTP status.").like(&["404"]),
        Key::new("at", Value::Form(PLACE), "A place in the answer.").like(&["/result"]),
        Key::new("is", Value::Text, "What stands at that place.").like(&["N"]),
    ],
)
.rules(&[Rule::OneOf(&["status", "at"]), Rule::Needs("at", "is"), Rule::Needs("is", "at")]);
