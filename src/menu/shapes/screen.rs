//! A screen: its verbs, and what stands beside each.

use super::forms::{
    AMOUNT, ANY_NAME, BOTH_AMOUNTS, BOTH_ENDS, DIGITS, DOTTED, DURATION, LETTERS, NUMBER, OPTION_KEYS, SLOT_NAME,
    TRIES, UNVERIFIED, WRONG, whole,
};
use crate::source::shape::{Key, Kind, Map, Rule, Value};

const TARGET: &str = "A screen of this menu, another menu, or `home`, `back`, `return`.";

const NEXT: Key = Key::new(
    "next",
    Value::Text,
    "Where it goes on: a screen of this menu, another menu, or `home`, `back`, `return`.",
);

const GIVE: Key =
    Key::new("give", Value::Named(ANY_NAME, &Value::Text), "What is handed over, by name: exactly what is taken.")
        .like(&["{mobile: caller}", "{about: camp.place}"]);

static LABEL: Value = Value::Either(&[Value::Text, Value::Map(&OPTION)]);

const OPTIONS: Key = Key::new(
    "options",
    Value::Named(DOTTED, &LABEL),
    "What can be chosen, by id: a label, or a map that says more. Without `go` the id is where it leads.",
)
.like(&["{yes: Yes, no: {label: No, go: home}}"]);

const AS: Key =
    Key::new("as", Value::Form(SLOT_NAME), "What a row is called, in `row`, `only` and after it was chosen.")
        .like(&["district"]);
const ROW: Key = Key::new("row", Value::Text, "How one row is written.").like(&["{{ district.name }}"]);
const ONLY: Key =
    Key::new("only", Value::Text, "Which rows are shown: a condition.").like(&["district.state = state.code"]);
const NONE: Key = Key::new(
    "none",
    Value::Text,
    "Where it goes when there is no row: a screen of this menu, another menu, or `home`, `back`, `return`.",
);
const FAILS: &str = "Where each failure leads.";

const ROWS: &[Rule] = &[
    Rule::Needs("as", "each"),
    Rule::Needs("row", "each"),
    Rule::Needs("only", "each"),
    Rule::Needs("none", "each"),
    Rule::Needs("each", "as"),
    Rule::Needs("each", "row"),
    Rule::OneOf(&["options", "next"]),
];

const CHOSEN_ROWS: &[Rule] = &[
    Rule::OneOf(&["options", "from"]),
    Rule::Apart("from", "options"),
    Rule::Apart("from", "into"),
    Rule::Needs("from", "as"),
    Rule::Needs("from", "row"),
    Rule::Needs("from", "next"),
    Rule::Needs("as", "from"),
    Rule::Needs("row", "from"),
    Rule::Needs("only", "from"),
    Rule::Needs("none", "from"),
    Rule::Needs("find", "from"),
];

pub static SCREEN: Map = Map::new(
    "a screen",
    "A screen does one thing: it has exactly one of the verbs `choose`, `ask`, `show`, `end`, `call`, `send`, `verify`, `branch`, `set` and \
     `run`.",
    &[Key::new("save", Value::Flag, "When the call drops, here it can be taken up again for a day (elsewhere ten minutes).")],
)
.kinds(&[
    Kind::new(
        Key::new("choose", Value::Text, "Asks for one of some options, or a row of a list.").like(&["Where do you live?"]),
        &[
            OPTIONS,
            Key::new("from", Value::Text, "The list whose rows can be chosen: a value, a table, or `languages`.").like(&["districts"]),
            Key::new("into", Value::Form(SLOT_NAME), "Keeps the id of the option that was chosen."),
            AS,
            ROW,
            ONLY,
            NONE,
            Key::new(
                "find",
                Value::Either(&[Value::Text, Value::List(&Value::Text)]),
                "The field whose first letters may be typed instead of a number, or several.",
            )
            .like(&["camp.name", "[state.name, state.code]"]),
            NEXT,
        ],
    )
    .rules(CHOSEN_ROWS),
    Kind::new(
        Key::new("ask", Value::Text, "Asks for a value.").like(&["How many of you will come?"]),
        &[
            Key::new("into", Value::Form(SLOT_NAME), "The name under which the answer is kept.").required().like(&["people"]),
            Key::new(
                "accept",
                Value::Either(&[Value::Words(&["date", "phone", "yes_no"]), Value::Map(&ACCEPT)]),
                "What an answer may be.",
            )
            .required()
            .like(&["{digits: 12}", "{number: 1-50}", "{amount: 1-5000}", "{text: 40}", "date"]),
            Key::new("wrong", Value::Text, "Shown above the question after an answer that was not accepted."),
            Key::new("secret", Value::Flag, "A PIN or a one-time password: it may only be given to a `call`."),
            NEXT.required(),
            Key::new("tries", whole(&TRIES), "After so many wrong answers it goes where `fails: {wrong: …}` says."),
            Key::new("fails", Value::Named(WRONG, &Value::Text), "Where the last wrong answer leads.").like(&["{wrong: sorry}"]),
        ],
    )
    .rules(&[Rule::Needs("tries", "fails"), Rule::Needs("fails", "tries")]),
    Kind::new(
        Key::new("show", Value::Text, "Shows a text, perhaps with rows."),
        &[
            Key::new("each", Value::Text, "The list whose rows are shown, without numbers.").like(&["claims.list"]),
            AS,
            ROW,
            ONLY,
            NONE,
            OPTIONS,
            NEXT,
        ],
    )
    .rules(ROWS),
    Kind::new(Key::new("end", Value::Text, "Shows a text and ends the conversation."), &[]),
    Kind::new(
        Key::new("call", Value::Text, "Asks or tells a department something: `department.operation`.").like(&["epfo.member"]),
        &[
            GIVE,
            Key::new("into", Value::Form(SLOT_NAME), "The name of the answer, whose fields are `member.uan`.").like(&["member"]),
            Key::new("within", Value::Form(DURATION), "Waits less or longer than the operation itself says.").like(&["4s"]),
            NEXT.required(),
            Key::new("fails", Value::Named(ANY_NAME, &Value::Text), FAILS).like(&["{not_found: unknown_number, down: sorry}"]),
            Key::new(
                "late",
                Value::Map(&LATE),
                "The messages that bring an answer which comes too late for the phone; until then the citizen has a receipt number.",
            )
            .like(&["{answer: epfo.claim_sms, failed: epfo.sorry_sms}"]),
        ],
    ),
    Kind::new(
        Key::new("send", Value::Text, "Sends a message by SMS. Nobody waits for it.").like(&["epfo.claim_sms"]),
        &[
            Key::new("to", Value::Text, "The number that it goes to; without it, the one that is calling.").like(&["friend"]),
            GIVE,
            NEXT.required(),
        ],
    ),
    Kind::new(
        Key::new(
            "verify",
            Value::Words(&["otp"]),
            "Asks for a one-time password, which is sent to the calling number by SMS. Nobody is asked twice in one call.",
        ),
        &[
            Key::new("prompt", Value::Text, "What is asked, in the place of the bridge's own words.")
                .like(&["Enter the OTP that we have sent you"]),
            Key::new("tries", whole(&TRIES), "So many wrong ones lock the number; 3 if it is left out."),
            Key::new("lock", Value::Form(DURATION), "For how long, a week at most; `24h` if it is left out.").like(&["24h"]),
            NEXT.required(),
            Key::new(
                "fails",
                Value::Named(UNVERIFIED, &Value::Text),
                "Where it leads after the last wrong one (`wrong`, which must be said), one that came too late (`expired`), and where none \
                 can be sent (`unsent`).",
            )
            .required()
            .like(&["{wrong: locked, expired: otp}"]),
        ],
    ),
    Kind::new(
        Key::new("branch", Value::List(&Value::Map(&WAY)), "Goes one of several ways; nobody sees it.")
            .like(&["[{if: people > 5, go: group}, {go: family}]"]),
        &[],
    ),
    Kind::new(
        Key::new("set", Value::Named(ANY_NAME, &Value::Text), "Keeps values: a name of this menu, `profile.…`, or `language`.")
            .like(&["{profile.district: district.code}"]),
        &[NEXT.required()],
    ),
    Kind::new(
        Key::new("run", Value::Text, "Goes through another menu and comes back.").like(&["feedback"]),
        &[GIVE, Key::new("into", Value::Form(SLOT_NAME), "The name of what the menu gives."), NEXT.required()],
    ),
]);

pub static LATE: Map = Map::new(
    "`late`",
    "The messages that tell later what a call came to.",
    &[
        Key::new(
            "answer",
            Value::Either(&[Value::Text, Value::Map(&LATE_MESSAGE)]),
            "The message that brings the answer.",
        )
        .required()
        .like(&["epfo.claim_sms", "{send: epfo.claim_sms, give: {status: claim.status}}"]),
        Key::new(
            "failed",
            Value::Either(&[Value::Text, Value::Map(&LATE_MESSAGE)]),
            "The message that says that there is none.",
        )
        .required()
        .like(&["bridge.late_failed"]),
    ],
);

pub static LATE_MESSAGE: Map = Map::new(
    "a message of `late`",
    "A message with its values. Where its name stands alone, each value is the field of the answer that has its name, or `receipt`.",
    &[Key::new("send", Value::Text, "The message.").required().like(&["epfo.claim_sms"]), GIVE],
);

pub static OPTION: Map = Map::new(
    "an option",
    "One of the things that can be chosen.",
    &[
        Key::new("label", Value::Text, "What the phone shows behind the number.").required(),
        Key::new("go", Value::Text, TARGET).like(&["home"]),
        Key::new("key", whole(&OPTION_KEYS), "A number of its own."),
        Key::new("when", Value::Text, "The option is only there when this condition holds.")
            .like(&["consumer.has_old"]),
    ],
);

pub static WAY: Map = Map::new(
    "a way of a branch",
    "One of the ways. The last has no `if`: it is for all that is left.",
    &[
        Key::new("if", Value::Text, "The condition under which this way is taken.").like(&["claim.amount > 500"]),
        Key::new("go", Value::Text, TARGET).required(),
    ],
);

const PATTERN: Key =
    Key::new("pattern", Value::Text, "What this regular expression describes, all of it, in capitals or not. At most 40 characters, or as `text` beside it says.")
        .like(&["[A-Z]{5}[0-9]{4}[A-Z]"]);

const NUMBER_KIND: Value = Value::Either(&[Value::Form(BOTH_ENDS), Value::Map(&RANGE)]);
const AMOUNT_KIND: Value = Value::Either(&[Value::Form(BOTH_AMOUNTS), Value::Map(&AMOUNT_RANGE)]);

/// What an answer may be; what stands behind a keyword may be the same.
pub(super) const ACCEPT_KINDS: [Kind; 9] = [
    Kind::new(
        Key::new(
            "digits",
            Value::Form(DIGITS),
            "Exactly so many digits, or from so many to so many; zeros in front stay.",
        )
        .like(&["12", "4-6"]),
        &[],
    ),
    Kind::new(Key::new("number", NUMBER_KIND, "A whole number.").like(&["1-50"]), &[]),
    Kind::new(Key::new("amount", AMOUNT_KIND, "Rupees, with paise if need be.").like(&["1-5000"]), &[]),
    Kind::new(Key::new("text", whole(&LETTERS), "Any text of at most so many letters.").like(&["40"]), &[PATTERN]),
    Kind::new(Key::new("date", Value::Words(&["yes"]), "Day, month, year."), &[]),
    Kind::new(Key::new("phone", Value::Words(&["yes"]), "A mobile number, however it is written."), &[]),
    Kind::new(PATTERN, &[]),
    Kind::new(
        Key::new("one_of", Value::List(&Value::Text), "One of these, in capitals or not.").like(&["[A, B]"]),
        &[],
    ),
    Kind::new(Key::new("yes_no", Value::Words(&["yes"]), "Yes or no, by number or word."), &[]),
];

static KINDS_OF_ANSWERS: [Kind; 9] = ACCEPT_KINDS;

pub static ACCEPT: Map = Map::new("`accept`", "What an answer may be: exactly one kind.", &[]).kinds(&KINDS_OF_ANSWERS);

pub static RANGE: Map = Map::new(
    "a range",
    "From so many to so many.",
    &[
        Key::new("min", Value::Form(NUMBER), "The least; 0 if it is left out."),
        Key::new("max", Value::Form(NUMBER), "The most."),
    ],
);

pub static AMOUNT_RANGE: Map = Map::new(
    "a range of amounts",
    "From so much to so much, in rupees.",
    &[
        Key::new("min", Value::Form(AMOUNT), "The least; 0 if it is left out."),
        Key::new("max", Value::Form(AMOUNT), "The most."),
    ],
);
