//! The codes of the findings about gateway profiles. Each has one meaning, for ever; a code that is no longer given stays
//! unused.

macro_rules! codes {
    ($($name:ident = $code:literal: $meaning:literal;)*) => {
        $(#[doc = $meaning] pub(super) const $name: &str = $code;)*

        /// Every code with its meaning, in ascending order.
        pub const ALL: &[(&str, &str)] = &[$(($code, $meaning)),*];
    };
}

codes! {
    UNKNOWN_KEY = "G001": "A key that profiles do not have at this place.";
    MISSING_KEY = "G002": "A key that must stand here is missing.";
    WRONG_SHAPE = "G003": "A text, a list or a map stands where another of them is expected.";
    NOT_A_CHOICE = "G004": "A value that is none of those to choose from.";
    BAD_AMOUNT = "G005": "A duration or a number cannot be read, or is out of its range.";
    BAD_NAME = "G006": "A name that does not suit its place: a gateway's in an address, a field's in a slot.";
    UNKNOWN_COUNTRY = "G007": "A country whose numbers are not known.";
    BAD_SKELETON = "G008": "The JSON or XML of a reply cannot be read.";
    UNKNOWN_SLOT = "G009": "A reply's slot that nothing fills.";
    NEEDS = "G010": "A setting needs another one that is not there.";
    EXCLUDES = "G011": "Two settings that cannot stand beside each other.";
    BAD_ROUTE = "G012": "A verb and path of a callback cannot be read.";
    BAD_HEADER = "G013": "A header's name or value cannot be sent.";
    BAD_TIMES = "G014": "Times or limits that contradict each other.";
    SAME_FIELD = "G015": "One field of the callback is read as two things.";
    NOTHING_USES = "G016": "A setting that nothing uses.";
    UNKNOWN_REQUEST_SLOT = "G017": "A slot of a request to the gateway that nothing fills.";
    BAD_ADDRESS = "G018": "The address or the path of a request to the gateway cannot be read.";
}
