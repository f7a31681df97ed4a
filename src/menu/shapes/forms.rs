//! How texts that are not free are written, as patterns for editors. A reader decides; these let through a little more.

use std::ops::RangeInclusive;

use super::super::syntax::values::LONGEST;
use crate::source::shape::{Form, Value};

/// How often somebody may be wrong before an `ask` fails.
pub(in crate::menu) const TRIES: RangeInclusive<i64> = 1..=9;

/// Numbers that options may be given.
pub(in crate::menu) const OPTION_KEYS: RangeInclusive<i64> = 1..=999;

/// Letters of a text.
pub(in crate::menu) const LETTERS: RangeInclusive<i64> = 1..=LONGEST as i64;

/// The rows that one answer may bring to a phone.
pub(in crate::menu) const ROWS: RangeInclusive<i64> = 1..=200;

/// What HTTP has for a status.
pub(in crate::menu) const STATUS: RangeInclusive<i64> = 100..=599;

pub(super) const fn whole(range: &RangeInclusive<i64>) -> Value {
    Value::Whole(*range.start(), *range.end())
}

const fn form(what: &'static str, pattern: &'static str, says: &'static str) -> Form {
    Form { what, pattern, says, number: false, empty: false }
}

/// A form that a number alone may have: editors take `12` for one.
const fn or_number(what: &'static str, pattern: &'static str, says: &'static str) -> Form {
    Form { what, pattern, says, number: true, empty: false }
}

/// Keys that other files decide, or nobody.
pub(super) const ANY_NAME: Form = form("a name", "", "write a name");

const NAMES: &str = "names begin with a small letter and have small letters, digits and `_` only";

pub(super) const NAME: Form = form("a name", "^[a-z][a-z0-9_]*$", NAMES);

pub(super) const DOTTED: Form = form("a name, perhaps with dots", r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", NAMES);

pub(super) const MENU_NAME: Form = form(
    "the name of a menu",
    r"^(?!(back|return)$)[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$",
    "menus are named by small letters, digits, `_` and dots, like `epfo.balance`; `back` and `return` have a meaning of their \
     own",
);

pub(super) const SCREEN_NAME: Form = form(
    "the name of a screen",
    "^(?!(home|back|return)$)[a-z][a-z0-9_]*$",
    "screens are named by small letters, digits and `_`; `home`, `back` and `return` have a meaning of their own",
);

pub(super) const SLOT_NAME: Form = form(
    "the name of a value",
    "^(?!(caller|language|channel|today|profile|operator|receipt|and|or|not|is|set|yes|no)$)[a-z][a-z0-9_]*$",
    "values are named by small letters, digits and `_`; names that every menu has and words of conditions are taken",
);

/// The one failure of an `ask`.
pub(super) const WRONG: Form = form("`wrong`", "^wrong$", "an `ask` fails by `wrong` only, after its `tries`");

/// How a `verify` fails.
pub(in crate::menu) const UNVERIFIED: Form = form(
    "`wrong`, `expired` or `unsent`",
    "^(wrong|expired|unsent)$",
    "a `verify` fails by `wrong`, `expired` or `unsent`",
);

pub(super) const TYPE: Form = form(
    "a type",
    r"^\s*((text|latin|digits)\s+[0-9]+|number(\s+-?[0-9]+\s*-\s*-?[0-9]+)?|amount(\s+[0-9]+(\.[0-9]{1,2})?)?|date|yes_no|row\s+\S.*)\s*$",
    "write `text 30`, `latin 30`, `digits 12`, `number 1-10`, `amount 5000`, `date`, `yes_no` or `row districts`",
);

pub(super) const VARIABLE: Form = form(
    "a variable of a message",
    r"^\s*((numeric|url|urlott|cbn|email)(\s+[0-9]+)?|alphanumeric(\s+[0-9]+)?(\s+any)?)\s*$",
    "write `numeric`, `alphanumeric 30`, `alphanumeric 30 any`, `url`, `urlott`, `cbn` or `email`",
);

pub(super) const DURATION: Form =
    form("a duration", "^[0-9]+(ms|s|m|h|d)$", "write it like `500ms`, `3s`, `10m`, `24h` or `2d`");

pub(super) const ADDRESS: Form =
    form("an address", "^\\s*https?://[^/\\s]+", "write it like https://store.example/app");

pub(super) const LANGUAGE_CODE: Form = form(
    "the code of a language",
    "^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$",
    "write it like `hi`, `hi-Latn` or `pt-BR`",
);

pub(super) const SERVICE_CODE: Form =
    form("a service code", r"^\s*\*?[0-9]+(\*[0-9]+)*#?\s*$", "write it in quotes, like \"*123#\"");

pub(super) const PHONE_NUMBER: Form =
    form("a number that can be called", "^[0-9]{3,15}$", "write its digits in quotes, like \"9718397183\"");

pub(super) const PHONE_KEY: Form =
    or_number("up to three keys of a phone", "^[0-9*#]{1,3}$", "write up to three of 0 to 9, `*` and `#`");

pub(super) const DIGITS: Form = or_number("`12` or `4-6`", r"^\s*[0-9]+(\s*-\s*[0-9]+)?\s*$", "write `12`, or `4-6`");

pub(super) const BOTH_ENDS: Form =
    form("`1-10`", r"^\s*-?[0-9]+\s*-\s*-?[0-9]+\s*$", "write `1-10`, or `{min: 1, max: 10}`");

pub(super) const BOTH_AMOUNTS: Form = form(
    "`1-5000`",
    r"^\s*-?[0-9]+(\.[0-9]{1,2})?\s*-\s*-?[0-9]+(\.[0-9]{1,2})?\s*$",
    "write `1-5000`, or `{min: 1, max: 5000}`",
);

pub(super) const NUMBERS: Form =
    or_number("`100` or `5-100`", r"^\s*-?[0-9]+(\s*-\s*-?[0-9]+)?\s*$", "write `100`, or `-50-50`");

pub(super) const NUMBER: Form = or_number("a number", "^-?[0-9]+$", "write digits only");

pub(super) const AMOUNT: Form = or_number(
    "an amount in rupees",
    r"^-?[0-9]+(\.[0-9]{1,2})?$",
    "write rupees with at most two decimals, like `99999.99`",
);

pub(super) const PATH: Form = form("a path", "^/[^#]*$", "write it like /members/{{ uan }}/claims?year={{ year }}");

/// A place in an answer; `""` is all of it.
pub(super) const PLACE: Form =
    Form { empty: true, ..form(r#"a JSON Pointer, or `""`"#, "^(/|$)", "write it like /result/members/0/name") };

pub(super) const POINTER: Form = form("a JSON Pointer", "^/", "write it like /result/members/0/name");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::syntax::names::BUILT_IN;

    #[test]
    fn names_that_are_taken_are_no_slots() {
        for name in BUILT_IN {
            assert!(SLOT_NAME.pattern.contains(&format!("{name}|")), "{name}");
        }
    }
}
