//! The codes of what keeps a file from being read. Each has one meaning, for ever; a code that is no longer given stays unused.

macro_rules! codes {
    ($($name:ident = $code:literal: $meaning:literal;)*) => {
        $(#[doc = $meaning] pub(super) const $name: &str = $code;)*

        /// Every code with its meaning, in ascending order.
        pub const ALL: &[(&str, &str)] = &[$(($code, $meaning)),*];
    };
}

codes! {
    NOT_YAML = "Y001": "The file is not YAML.";
    EMPTY = "Y002": "The file is empty.";
    COMMENT = "Y003": "` #` inside a text without quotes: YAML would cut the text off there.";
    TWICE = "Y004": "A key stands twice in the same map.";
    ANCHOR = "Y005": "Anchors (`&name`) and aliases (`*name`) are not read here.";
    TAG = "Y006": "Tags (`!name`) are not read here.";
    SECOND_DOCUMENT = "Y007": "A second document in the same file.";
    NO_KEY = "Y008": "A key is missing, or is not a text.";
    MERGE = "Y009": "Maps cannot be merged (`<<`) here.";
    TOO_DEEP = "Y010": "Maps and lists nest too deep.";
    TOO_LARGE = "Y011": "The file is too large.";
    UNSEEN = "Y012": "A tab, or a character that cannot be seen.";
    BRACES = "Y013": "A text that begins with `{{` and is not in quotes.";
    NOT_TEXT = "Y014": "The file is not UTF-8 text.";
}
