//! A callback's bytes as a turn: which of the profile's paths it came to, and its fields; `reader` makes sense of those.

mod reader;

use self::reader::Reader;
use super::Profile;
use super::fields::Fields;
use super::profile::{Format, Route, Segment};
use crate::phone::ServiceCode;
use crate::text::percent;
use crate::types::Msisdn;

/// An HTTP request as it came, already bounded.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub method: &'a str,
    /// What follows `/ussd` in the path, as it came: `""`, `/end`, `/session/a%2Fb/start`.
    pub rest: &'a str,
    /// The raw query, without `?`.
    pub query: &'a str,
    /// Where it came to, as the gateway knows it: `https://your.host/hooks/…/ussd`. For protocols that want it in replies; empty
    /// where it is not known.
    pub here: &'a str,
    pub body: &'a [u8],
}

/// What a callback says.
#[derive(Clone, Debug)]
pub struct Received {
    /// What the reply must echo.
    pub echo: Vec<Echoed>,
    pub callback: Callback,
}

/// A value of the callback that stands in the reply again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Echoed {
    /// The profile's own name for it: `$word` in a body.
    pub word: String,
    pub value: String,
    /// In JSON it was no text but a number, `true`, `false` or (with an empty value) `null`, and goes back as such.
    pub literal: bool,
}

#[derive(Clone, Debug)]
pub enum Callback {
    Turn(Turn),
    /// The dialogue is over: ended, aborted or timed out; no screen is expected.
    Ended {
        leg: String,
        msisdn: Option<Msisdn>,
        /// `ended`, `aborted`, `timed_out` or `failed`.
        why: &'static str,
    },
    /// Asks whether a dialogue is alive.
    Status {
        leg: String,
    },
    /// An empty request with which a dashboard tests the address.
    Probe,
}

#[derive(Clone, Debug)]
pub struct Turn {
    /// Names the dialogue within the gateway, as the profile's `leg` says. It may hold the citizen's number, so it belongs
    /// into no log.
    pub leg: String,
    /// Some gateways send it in the first callback only.
    pub msisdn: Option<Msisdn>,
    pub input: Input,
    /// Whether the gateway says that this is the dialogue's first callback; `None` where it does not say.
    pub begins: Option<bool>,
    /// The turn's number where the gateway numbers them.
    pub number: Option<u32>,
    /// The service code where it has a field of its own.
    pub code: Option<ServiceCode>,
    /// The telecom circle of the caller, where the gateway tells it: `RJ`.
    pub circle: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// What was answered last. In the first callback it may be what was dialled, where the profile says so.
    Last(String),
    /// All answers of the dialogue so far, joined by `*`; empty in the first callback, unless answers were dialled with the
    /// code.
    History(String),
    /// What was dialled, with code and path: the first callback of gateways that send it.
    Dialled(String),
}

/// Why a callback could not be read. Answered in the protocol's own shape, counted by `kind`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("{0} is not the verb of this callback")]
    Method(String),
    #[error("there is no callback of this protocol at this path")]
    Path,
    #[error("the body is not {0}")]
    Body(&'static str),
    #[error("the field `{0}` is missing")]
    Missing(String),
    #[error("the field `{0}` comes more than once with different values")]
    Repeated(String),
    #[error("the field `{0}` is longer than {1} bytes")]
    TooLong(String, usize),
    #[error("the field `{0}` does not hold {1}")]
    Value(String, &'static str),
}

impl DecodeError {
    /// A word for metrics: `method`, `path`, `body`, `missing`, `repeated`, `too_long`, `value`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Method(_) => "method",
            Self::Path => "path",
            Self::Body(_) => "body",
            Self::Missing(_) => "missing",
            Self::Repeated(_) => "repeated",
            Self::TooLong(..) => "too_long",
            Self::Value(..) => "value",
        }
    }
}

/// Reads a callback.
pub fn decode(profile: &Profile, request: &Request<'_>) -> Result<Received, DecodeError> {
    let receives = &profile.receives;
    let mut here = receives.routes.iter().filter_map(|route| Here::of(route, request.rest)).peekable();
    let everybody = |here: Here<'_>| here.path_id.is_none();
    if is_empty(request) && (matches!(request.rest, "" | "/") || here.clone().any(everybody)) {
        return Ok(Received { echo: Vec::new(), callback: Callback::Probe });
    }
    if here.peek().is_none() {
        return Err(DecodeError::Path);
    }
    let here = here
        .find(|here| here.route.method.eq_ignore_ascii_case(request.method))
        .ok_or_else(|| DecodeError::Method(request.method.chars().take(16).collect()))?;
    let (format, bytes) = match (here.route.method.as_str(), receives.format) {
        ("GET", _) | (_, Format::Query) => (Format::Query, request.query.as_bytes()),
        (_, format) => (format, request.body),
    };
    let fields = Fields::read(format, bytes, &receives.names.all)?;
    let (route, path_id) = (here.route.what, here.path_id.as_deref());
    let reader = Reader { profile, fields: &fields, route, path_id, here: request.here };
    Ok(Received { echo: reader.echo()?, callback: reader.callback()? })
}

fn is_empty(request: &Request<'_>) -> bool {
    request.query.is_empty() && request.body.iter().all(u8::is_ascii_whitespace)
}

/// A route whose path fits.
#[derive(Clone)]
struct Here<'p> {
    route: &'p Route,
    /// The dialogue's id, where the path has one.
    path_id: Option<String>,
}

impl<'p> Here<'p> {
    /// Segments are told apart before they are unescaped: an id may hold a slash.
    fn of(route: &'p Route, rest: &str) -> Option<Self> {
        let mut parts = rest.trim_end_matches('/').split('/').skip(1);
        let mut path_id = None;
        for segment in &route.segments {
            match (segment, percent::read(parts.next()?, false)?) {
                (Segment::Literal(literal), part) if *literal == part => {}
                (Segment::Id, part) if !part.is_empty() && !part.contains(char::is_control) => {
                    path_id = Some(part.into_owned());
                }
                _ => return None,
            }
        }
        parts.next().is_none().then_some(Self { route, path_id })
    }
}
