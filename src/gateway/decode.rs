//! A callback's bytes as a turn.

use super::Profile;
use super::fields::Fields;
use super::profile::{Format, InputRule, Kind, LegKey, NumberIn, Receives, Route, RouteKind, Segment};
use crate::phone::{self, DialString, ServiceCode};
use crate::types::Msisdn;

/// An HTTP request as it came, already bounded.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    pub method: &'a str,
    /// What follows `/ussd` in the path, percent-decoded: `""`, `/end`, `/session/abc/start`.
    pub rest: &'a str,
    /// The raw query, without `?`.
    pub query: &'a str,
    /// Names in lower case.
    pub headers: &'a [(String, String)],
    pub body: &'a [u8],
}

/// What a callback says.
#[derive(Clone, Debug)]
pub struct Received {
    /// What the reply must echo, by the profile's own names.
    pub echo: Vec<(String, String)>,
    pub callback: Callback,
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

/// The longest id of a dialogue, in bytes: gateways use up to 40 and it is kept with every turn.
const MAX_ID: usize = 128;

/// Reads a callback.
pub fn decode(profile: &Profile, request: &Request<'_>) -> Result<Received, DecodeError> {
    let receives = &profile.receives;
    let here: Vec<_> = receives.routes.iter().filter_map(|route| Here::of(route, request.rest)).collect();
    let everybody = |here: &Here<'_, '_>| here.path_id.is_none();
    if is_empty(request) && (matches!(request.rest, "" | "/") || here.iter().any(everybody)) {
        return Ok(Received { echo: Vec::new(), callback: Callback::Probe });
    }
    if here.is_empty() {
        return Err(DecodeError::Path);
    }
    let here = here
        .into_iter()
        .find(|here| here.route.method.eq_ignore_ascii_case(request.method))
        .ok_or_else(|| DecodeError::Method(request.method.chars().take(16).collect()))?;
    let (format, bytes) = match (request.method, receives.format) {
        ("GET", _) | (_, Format::Query) => (Format::Query, request.query.as_bytes()),
        (_, format) => (format, request.body),
    };
    let fields = Fields::read(format, bytes, &receives.names.all)?;
    let reader = Reader { profile, receives, fields: &fields, route: here.route.what, path_id: here.path_id };
    Ok(Received { echo: reader.echo()?, callback: reader.callback()? })
}

fn is_empty(request: &Request<'_>) -> bool {
    request.query.is_empty() && request.body.iter().all(u8::is_ascii_whitespace)
}

/// A route whose path fits.
struct Here<'p, 'r> {
    route: &'p Route,
    /// The dialogue's id, where the path has one.
    path_id: Option<&'r str>,
}

impl<'p, 'r> Here<'p, 'r> {
    fn of(route: &'p Route, rest: &'r str) -> Option<Self> {
        let mut parts = rest.trim_end_matches('/').split('/').skip(1);
        let mut path_id = None;
        for segment in &route.segments {
            match (segment, parts.next()?) {
                (Segment::Literal(literal), part) if literal == part => {}
                (Segment::Id, part) if !part.is_empty() && !part.contains(char::is_control) => path_id = Some(part),
                _ => return None,
            }
        }
        parts.next().is_none().then_some(Self { route, path_id })
    }
}

/// One callback, while it is read.
struct Reader<'a> {
    profile: &'a Profile,
    receives: &'a Receives,
    fields: &'a Fields<'a>,
    route: RouteKind,
    path_id: Option<&'a str>,
}

impl Reader<'_> {
    fn callback(&self) -> Result<Callback, DecodeError> {
        let said = match self.route {
            RouteKind::Status => return Ok(Callback::Status { leg: self.leg(self.msisdn()?.as_ref())? }),
            // What ends a dialogue is never refused for a reason that is not known: it would only be sent again.
            RouteKind::Says(kind) if kind.over().is_some() => {
                let why = self.said_by_fields().ok().flatten().filter(|said| said.over().is_some());
                Some(why.unwrap_or(kind))
            }
            RouteKind::Says(kind) => Some(kind),
            RouteKind::Turn => self.said_by_fields()?,
        };
        if let Some(why) = said.and_then(Kind::over).or_else(|| self.aborted_by_text()) {
            // Without a number that can be read the id is enough, where it is the leg.
            let msisdn = self.msisdn().unwrap_or_default();
            return Ok(Callback::Ended { leg: self.leg(msisdn.as_ref())?, msisdn, why });
        }
        self.turn(said).map(Callback::Turn)
    }

    fn turn(&self, said: Option<Kind>) -> Result<Turn, DecodeError> {
        let msisdn = self.msisdn()?;
        let begins = match (said, self.receives.msisdn_in, self.route) {
            // mtech says "first" in the midst of dialogues too, but then without the number.
            (Some(Kind::Begin), NumberIn::First, RouteKind::Turn) if msisdn.is_none() => None,
            (Some(kind), ..) => Some(kind == Kind::Begin),
            (None, ..) => None,
        };
        if msisdn.is_none() && (self.receives.msisdn_in == NumberIn::Every || begins == Some(true)) {
            return Err(missing(&self.receives.names.msisdn));
        }
        let code = self.read(&self.receives.names.code)?.and_then(ServiceCode::parse);
        Ok(Turn {
            leg: self.leg(msisdn.as_ref())?,
            input: self.input(begins, code.as_ref())?,
            msisdn,
            begins,
            number: self.number()?,
            code,
        })
    }

    /// What the reply must give back.
    fn echo(&self) -> Result<Vec<(String, String)>, DecodeError> {
        let mut echo = Vec::with_capacity(self.receives.names.echoed.len());
        for (word, names) in &self.receives.names.echoed {
            let value = match self.path_id {
                Some(id) if word == "id" => Some(id),
                _ => self.fields.get(names)?,
            };
            echo.extend(value.map(|value| (word.clone(), value.to_owned())));
        }
        Ok(echo)
    }

    /// What the fields say that the callback is; `None` where they say nothing.
    fn said_by_fields(&self) -> Result<Option<Kind>, DecodeError> {
        let mut unsaid = None;
        for rule in &self.receives.kinds {
            let value = self.fields.get(std::slice::from_ref(&rule.field))?.map(str::trim);
            let mut words = rule.values.iter();
            let meant = words.find(|(word, _)| word.eq_ignore_ascii_case(value.unwrap_or_default()));
            match (meant.map(|(_, kind)| *kind), rule.any, value) {
                (Some(kind), ..) | (None, Some(kind), Some(_)) => return Ok(Some(kind)),
                (None, None, Some(_)) => {
                    return Err(DecodeError::Value(rule.field.clone(), "one of the protocol's words"));
                }
                // A field that tells the first callback from the others must be there; one that only ends need not.
                (None, _, None) if rule.tells_turns() => unsaid = unsaid.or(Some(&rule.field)),
                (None, _, None) => {}
            }
        }
        unsaid.map_or(Ok(None), |field| Err(DecodeError::Missing(field.clone())))
    }

    fn aborted_by_text(&self) -> Option<&'static str> {
        let report = self.receives.abort_text.as_ref()?;
        let text = self.fields.get(&self.receives.names.text).ok().flatten()?;
        let begin = text.trim_start().get(..report.len())?;
        begin.eq_ignore_ascii_case(report).then_some("aborted")
    }

    fn input(&self, begins: Option<bool>, code: Option<&ServiceCode>) -> Result<Input, DecodeError> {
        let names = &self.receives.names.text;
        let text = match self.fields.get(names)? {
            // The word is not taken for nothing in an answer, where it may be what the citizen typed.
            None | Some("null") if begins == Some(true) => "",
            None => return Err(missing(names)),
            Some(text) => text,
        };
        Ok(match self.receives.input {
            InputRule::History => Input::History(text.to_owned()),
            InputRule::HistoryAfterCode => Input::History(self.after_code(text, code)?.to_owned()),
            InputRule::Dialled if begins == Some(true) => Input::Dialled(dialled(text, code)),
            InputRule::Last | InputRule::Dialled => Input::Last(text.to_owned()),
        })
    }

    /// `*415*33*1#` with the code `415` as `33*1`. The mark at the end is the network's, whatever the last answer was.
    fn after_code<'t>(&self, text: &'t str, code: Option<&ServiceCode>) -> Result<&'t str, DecodeError> {
        let code = code.ok_or_else(|| missing(&self.receives.names.code))?;
        let dialled = text.trim().trim_start_matches('*');
        let rest = dialled.strip_prefix(code.bare()).map(|rest| rest.strip_suffix('#').unwrap_or(rest));
        match rest.map(|rest| (rest, rest.strip_prefix('*'))) {
            Some((_, Some(path))) => Ok(path),
            Some(("", None)) => Ok(""),
            _ => Err(DecodeError::Value(first(&self.receives.names.text), "the service code and the answers after it")),
        }
    }

    /// The number in E.164; `None` where the callback has none.
    fn msisdn(&self) -> Result<Option<Msisdn>, DecodeError> {
        let Some(text) = self.read(&self.receives.names.msisdn)? else { return Ok(None) };
        match phone::parse(text, self.profile.home) {
            Ok(msisdn) => Ok(Some(msisdn)),
            Err(_) => Err(DecodeError::Value(first(&self.receives.names.msisdn), "a telephone number")),
        }
    }

    fn number(&self) -> Result<Option<u32>, DecodeError> {
        let names = &self.receives.names.number;
        let Some(text) = self.read(names)? else { return Ok(None) };
        text.trim().parse().map(Some).map_err(|_| DecodeError::Value(first(names), "a turn's number"))
    }

    fn leg(&self, msisdn: Option<&Msisdn>) -> Result<String, DecodeError> {
        let id = || {
            let names = &self.receives.names.id;
            let id = match self.path_id {
                Some(id) => id,
                None => self.read(names)?.ok_or_else(|| missing(names))?.trim(),
            };
            if id.len() > MAX_ID {
                return Err(DecodeError::TooLong(first(names), MAX_ID));
            }
            Ok(id)
        };
        let number = || msisdn.map(Msisdn::digits).ok_or_else(|| missing(&self.receives.names.msisdn));
        Ok(match self.receives.leg {
            LegKey::Id => id()?.to_owned(),
            LegKey::IdAndMsisdn => format!("{}/{}", number()?, id()?),
            LegKey::Msisdn => number()?.to_owned(),
        })
    }

    /// A field that is no answer: empty, or one of the words with which programs say "nothing", counts as missing.
    fn read(&self, names: &[String]) -> Result<Option<&str>, DecodeError> {
        const NOTHING: [&str; 5] = ["", "null", "none", "unknown", "undefined"];
        let value = self.fields.get(names)?;
        Ok(value.filter(|value| !NOTHING.iter().any(|nothing| value.trim().eq_ignore_ascii_case(nothing))))
    }
}

/// What was dialled: the text, unless it is no dial string and the code's own field has one.
fn dialled(text: &str, code: Option<&ServiceCode>) -> String {
    match code {
        Some(code) if DialString::parse(text.trim(), std::iter::empty()).is_none() => code.to_string(),
        _ => text.to_owned(),
    }
}

fn missing(names: &[String]) -> DecodeError {
    DecodeError::Missing(first(names))
}

/// The name by which errors call a field: its first spelling.
fn first(names: &[String]) -> String {
    names.first().cloned().unwrap_or_else(|| "id".to_owned())
}
