//! The codes of the menu language's findings. Each has one meaning, for ever; a code that is no longer given stays unused.

macro_rules! codes {
    ($($name:ident = $code:literal: $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $name: &str = $code;)*

        /// Every code with its meaning, in ascending order.
        pub const ALL: &[(&str, &str)] = &[$(($code, $meaning)),*];
    };
}

codes! {
    // What files, keys and values look like.
    UNKNOWN_KEY = "M001": "A key that is not known at this place.";
    MISSING_KEY = "M002": "A key that must stand here is missing.";
    WRONG_SHAPE = "M003": "A text, a list or a map stands where another of them is expected.";
    EMPTY = "M004": "A value is empty.";
    NOT_YET = "M005": "A word of the language that this version of gramsetu does not know yet.";
    BAD_NAME = "M006": "A name is not written as names are, or it is reserved.";
    TWICE = "M007": "The same name is declared twice.";
    BAD_VALUE = "M008": "A value is none of those that its key takes.";
    NOT_ONE_VERB = "M009": "A screen or an operation has no verb, or more than one.";
    KEYS_CLASH = "M010": "Two keys that cannot stand beside each other, or one that needs another.";
    UNKNOWN_FILE = "M011": "A file of a kind that is not known here.";
    NO_BRIDGE = "M012": "The folder has no `bridge.yaml`.";
    TOO_MANY = "M013": "There is more of something than a program may hold.";

    // Expressions and texts.
    BAD_EXPRESSION = "M020": "An expression or a condition cannot be read.";
    BAD_BRACES = "M021": "The braces of a text cannot be read.";
    UNKNOWN_FILTER = "M022": "A filter that is not known.";
    WRONG_FILTER = "M023": "A filter that does not suit the value.";
    NOT_SHOWN = "M024": "A value that cannot be shown in a text.";
    TEXT_OR_NAME = "M025": "A text in quotes that is also the name of a value.";

    // Names.
    UNKNOWN_NAME = "M030": "A name that nothing fills.";
    UNKNOWN_FIELD = "M031": "A value has no field of this name.";
    UNKNOWN_TARGET = "M032": "A target that is no screen and no menu.";
    UNKNOWN_OPERATION = "M033": "An operation that no department has.";
    UNKNOWN_MENU = "M034": "A menu that is not there.";
    UNKNOWN_FAILURE = "M035": "A failure that cannot happen here.";
    UNKNOWN_LANGUAGE = "M036": "A language that `bridge.yaml` does not declare.";
    UNKNOWN_TABLE = "M037": "A table that is not there.";
    UNKNOWN_MESSAGE = "M038": "A message that is not there.";

    // Types.
    BAD_TYPE = "M040": "A type that cannot be read.";
    TYPES_CLASH = "M041": "A name is filled with values of different types.";
    WRONG_TYPE = "M042": "A value of another type than the one that is wanted.";
    NOT_COMPARABLE = "M043": "Two values that cannot be compared in this way.";
    NO_CONDITION = "M044": "A value that is not yes or no stands as a condition.";
    NOT_A_LIST = "M045": "Rows are wanted of something that is no list.";
    GIVE = "M046": "`give` does not give exactly what is taken.";
    MENU_TAKES = "M047": "A menu that takes values is entered without them.";
    NEVER_FILLED = "M048": "A menu gives a value that none of its screens fills.";
    SECRET = "M049": "A secret is used elsewhere than in the `give` of a call.";

    // Operations.
    BAD_PATH = "M050": "An operation's path cannot be read.";
    BAD_POINTER = "M051": "The place of a value in an answer cannot be read.";
    SETTLED_BY = "M052": "An operation that changes something cannot be asked after.";
    INTENT = "M053": "`intent` is used where no changing call has one.";
    BAD_XML = "M054": "The XML that an operation sends cannot be read, or has a value where none may stand.";
    NO_SUCH_CELL = "M055": "A condition compares a column with a text that none of its cells holds.";

    // Translations.
    UNTRANSLATED = "M060": "Texts of a language are missing, and fall back to another.";
    STALE = "M061": "A translation is of an older text, or has never been stamped: it counts as missing.";
    NOTHING_TO_TRANSLATE = "M062": "A translation of something that is not there.";
    OTHER_VALUES = "M063": "A translation does not show the same values as its text.";

    NUMBER_TWICE = "M064": "One word means two numbers.";

    // Tables.
    BAD_TABLE = "M070": "A table cannot be read.";
    BAD_COLUMN = "M071": "A table's column cannot be read.";
    BAD_CELL = "M072": "A cell does not hold what its column declares.";

    // Sandboxes.
    UNKNOWN_DEPARTMENT = "M080": "A sandbox of a department that is not there.";
    BAD_BODY = "M081": "The body of a sandbox's answer cannot be read.";
    BAD_PATTERN = "M082": "What a sandbox compares a value with cannot be read.";
    NEVER_GIVEN = "M083": "An answer of a sandbox before which another one always fits.";
    NOT_ITS_ANSWER = "M084": "An answer of a sandbox is not what its operation declares.";
    UNFIT_FOR_ENVELOPE = "M085": "An operation cannot be asked in the envelope that its department's sandbox speaks.";

    // Messages.
    BAD_REGISTERED = "M090": "The registered form of a message's text cannot be read.";
    MESSAGE_TAKES = "M091": "A message takes a value where it gets none.";
    ARGUMENTS = "M092": "The arguments of a keyword are not what its menu takes.";
    LACKS_VALUES = "M097": "A text of the bridge's own message does not show what the message is for.";
    NEVER_SHOWN = "M098": "A message takes a value that none of its texts shows.";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_ascend_so_that_each_has_one_meaning() {
        assert!(ALL.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
