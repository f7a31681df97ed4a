//! A profile: how one gateway spells its family's protocol, as types. Reading one from a file is `read_profile`'s.
//!
//! The enums are closed on purpose: a profile picks, it does not program. A gateway that fits none of the variants gets
//! a new one here, and the compiler lists the places that must know it.

use std::time::Duration;

use super::skeleton::Skeleton;
use crate::phone::Country;
use crate::types::Limits;

/// A checked profile. The fields that only decoding and encoding need are private to this module.
#[derive(Clone, Debug)]
pub struct Profile {
    /// `africastalking`: the name in `/hooks/{gateway}/…`.
    pub name: String,
    pub title: String,
    pub limits: Limits,
    /// How long the gateway waits for a reply.
    pub budget: Duration,
    /// After how long without an answer the network drops the dialogue.
    pub idle: Duration,
    /// How long a dialogue may last in all.
    pub lasts: Duration,
    /// How many exchanges a dialogue may have, where the network caps them.
    pub steps: Option<u16>,
    /// How long identical bytes are a repeat, where turns are not numbered.
    pub repeat_within: Duration,
    pub home: &'static Country,
    /// What the text of a dialogue's first callback is. It matters where `Turn::begins` is `None` and the bridge finds that
    /// it does not know the dialogue.
    pub first: FirstInput,
    /// What the same history once more is.
    pub same_history: SameHistory,
    /// Whether every field was confirmed by the vendor's own words; else why not.
    pub unverified: Option<String>,
    pub(super) receives: Receives,
    pub(super) replies: Replies,
}

/// Kept back from a gateway's budget for a reply's way home.
const WAY_HOME: Duration = Duration::from_millis(200);
/// Kept back for laying out and committing what a department's answer led to.
const COMMIT: Duration = Duration::from_millis(300);

/// How long a dialogue by messages waits for the next one: messages lie about, and people go away.
const MESSAGES_IDLE: Duration = Duration::from_hours(1);
const MESSAGES_LAST: Duration = Duration::from_hours(24);

impl Profile {
    /// How a dialogue goes that is had by messages, on whatever gateway: one a number, each message an answer. Nobody waits
    /// on the line for a reply, so that `budget` is ours to choose.
    pub fn by_messages(name: &str, home: &'static Country, limits: Limits, budget: Duration) -> Self {
        let receives = Receives {
            format: Format::Form,
            routes: Vec::new(),
            leg: LegKey::Msisdn,
            input: InputRule::Last,
            msisdn_in: NumberIn::Every,
            names: Names::default(),
            kinds: Vec::new(),
            abort_text: None,
        };
        let replies = Replies {
            content_type: String::new(),
            headers: Vec::new(),
            newlines: Newlines::Keep,
            replace: Vec::new(),
            coding: None,
            ends: Ends::Prefix { more: String::new(), end: String::new() },
        };
        Self {
            name: name.to_owned(),
            title: name.to_owned(),
            limits,
            budget,
            idle: MESSAGES_IDLE,
            lasts: MESSAGES_LAST,
            steps: None,
            // What comes twice is known by its id, or its bytes, before it comes this far.
            repeat_within: Duration::ZERO,
            home,
            first: FirstInput::Empty,
            same_history: SameHistory::Empty,
            unverified: None,
            receives,
            replies,
        }
    }

    /// Whether replies hold the address at which we were called.
    pub fn names_us(&self) -> bool {
        self.receives.names.echoed.iter().any(|(word, _)| word == "here")
    }

    /// How long after a callback's arrival its reply must be on the way, be it only an excuse.
    pub fn for_reply(&self) -> Duration {
        self.budget.saturating_sub(WAY_HOME)
    }

    /// How long after a callback's arrival departments must have answered: the one bound for all calls of a turn, and for
    /// what `check` says about `within`.
    pub fn for_departments(&self) -> Duration {
        self.for_reply().saturating_sub(COMMIT)
    }

    /// Whether dialogues have ids of their own; else the number alone names them, one dialogue a phone.
    pub fn has_ids(&self) -> bool {
        self.receives.leg != LegKey::Msisdn
    }

    /// Whether the same name of a dialogue may soon be another dialogue's.
    pub fn ids_come_back(&self) -> bool {
        self.receives.leg != LegKey::Id
    }
}

/// What the text of a dialogue's first callback is; it follows from the profile's `input`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstInput {
    /// Nothing that the citizen chose: it is empty, or noise (a gateway's keyword) to be ignored.
    Empty,
    /// What was dialled, with the code: `*123*4#`, or `123*4` where the gateway drops the marks. In a callback that does not
    /// say whether it is the first it arrives as [`super::Input::Last`].
    Dialled,
    /// The answers that were dialled after the code, joined by `*`; mostly none. It arrives as [`super::Input::History`].
    Path,
}

/// What it is when all answers so far come once more and none has been added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameHistory {
    /// The last turn again, however late.
    Repeat,
    /// An answer of nothing; within the profile's `repeat_within` identical bytes are still a repeat.
    Empty,
}

/// How callbacks are spelt.
#[derive(Clone, Debug)]
pub(super) struct Receives {
    pub(super) format: Format,
    /// In the order of the file; the first that fits is taken.
    pub(super) routes: Vec<Route>,
    pub(super) leg: LegKey,
    pub(super) input: InputRule,
    pub(super) msisdn_in: NumberIn,
    pub(super) names: Names,
    /// Asked in the order of the file; the first whose field is there decides.
    pub(super) kinds: Vec<KindRule>,
    /// An answer that begins so is the network's report that the citizen hung up.
    pub(super) abort_text: Option<String>,
}

/// Where the fields of a callback are. In a `GET` they are in the query whatever this says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Query,
    Form,
    Json,
    Xml,
}

/// A verb and a path below `/ussd`, and what a callback there is.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// In capitals: `POST`.
    pub(super) method: String,
    pub(super) segments: Vec<Segment>,
    pub(super) what: RouteKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    Literal(String),
    /// `{id}`: the dialogue's id.
    Id,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RouteKind {
    /// A turn; whether it is the first, the fields say or nobody.
    Turn,
    Says(Kind),
    /// Asks whether a dialogue is alive.
    Status,
}

impl RouteKind {
    /// Whether it tells a dialogue's first callback from the others.
    pub(super) fn tells_turns(self) -> bool {
        matches!(self, Self::Says(Kind::Begin | Kind::Answer))
    }
}

/// What a callback says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Begin,
    Answer,
    Ended,
    Aborted,
    TimedOut,
    Failed,
}

impl Kind {
    /// The reason, where this kind means that the dialogue is over.
    pub(super) fn over(self) -> Option<&'static str> {
        match self {
            Self::Begin | Self::Answer => None,
            Self::Ended => Some("ended"),
            Self::Aborted => Some("aborted"),
            Self::TimedOut => Some("timed_out"),
            Self::Failed => Some("failed"),
        }
    }
}

/// What one value of a field means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Says(Kind),
    /// The value leaves it to the next field: a mark of an abort that says that there is none.
    Nothing,
}

/// What the values of one field mean.
#[derive(Clone, Debug)]
pub(super) struct KindRule {
    /// In lower case.
    pub(super) field: String,
    /// Compared without regard to case. The empty value also stands for a missing field.
    pub(super) values: Vec<(String, Meaning)>,
    /// What any other value means; `None` refuses it.
    pub(super) any: Option<Meaning>,
}

impl KindRule {
    /// Whether it tells a dialogue's first callback from the others, and not only its end.
    pub(super) fn tells_turns(&self) -> bool {
        let mut meanings = self.values.iter().map(|(_, meaning)| *meaning).chain(self.any);
        meanings.any(|meaning| matches!(meaning, Meaning::Says(kind) if kind.over().is_none()))
    }
}

/// How the answer arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InputRule {
    /// The last answer; the first callback has none worth reading.
    Last,
    /// All answers joined by `*`.
    History,
    /// All answers joined by `*`, after the dialled code: `*415*33*1#`. Where the code is left out, the answers alone.
    HistoryAfterCode,
    /// The last answer; in the first callback what was dialled.
    Dialled,
}

impl InputRule {
    pub(super) fn first(self) -> FirstInput {
        match self {
            Self::Last => FirstInput::Empty,
            Self::History | Self::HistoryAfterCode => FirstInput::Path,
            Self::Dialled => FirstInput::Dialled,
        }
    }
}

/// What names the dialogue within the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LegKey {
    Id,
    /// Ids that are short and soon used again, and so only unique with the number.
    IdAndMsisdn,
    /// No id, or none to rely on: one dialogue a phone.
    Msisdn,
}

/// Which callbacks carry the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NumberIn {
    Every,
    /// The first at least. A field that says "first" in a callback without the number is then not believed.
    First,
}

/// The names of the fields in lower case, each with its other spellings. An empty list: the gateway has no such field.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) id: Vec<String>,
    pub(super) msisdn: Vec<String>,
    pub(super) text: Vec<String>,
    pub(super) code: Vec<String>,
    pub(super) number: Vec<String>,
    pub(super) circle: Vec<String>,
    /// What replies give back, by the profile's word for it: `$word` in a skeleton.
    pub(super) echoed: Vec<(String, Vec<String>)>,
    /// All names above and those of the kind rules, sorted: what a callback holds besides is not even kept.
    pub(super) all: Vec<String>,
}

/// How replies are spelt.
#[derive(Clone, Debug)]
pub(super) struct Replies {
    pub(super) content_type: String,
    /// Sent with every reply; names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) newlines: Newlines,
    /// Signs that texts cannot carry here, each with the one that is written for it.
    pub(super) replace: Vec<(char, char)>,
    /// What `$coding` says, where bodies have it.
    pub(super) coding: Option<Coding>,
    pub(super) ends: Ends,
}

/// How a body says in which alphabet its text goes to the phone.
#[derive(Clone, Debug)]
pub(super) struct Coding {
    pub(super) gsm: String,
    pub(super) ucs2: String,
}

/// How a line break in a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Newlines {
    Keep,
    /// `<br/>`, in XML only.
    Br,
    Space,
}

/// How "more" and "end" are said.
#[derive(Clone, Debug)]
pub(super) enum Ends {
    /// Before the text: `CON `, `END `.
    Prefix { more: String, end: String },
    /// In a header beside the bare text.
    Header { name: String, more: String, end: String },
    /// In a body around the text.
    Bodies(Box<Skeletons>),
}

/// The bodies of a protocol that wraps its texts.
#[derive(Clone, Debug)]
pub(super) struct Skeletons {
    pub(super) more: Skeleton,
    pub(super) end: Skeleton,
    /// Without one the body is empty.
    pub(super) acknowledge: Option<Skeleton>,
    /// Present where a route asks for it.
    pub(super) status: Option<Skeleton>,
    /// Without one a refusal is an end.
    pub(super) refusal: Option<Skeleton>,
}
