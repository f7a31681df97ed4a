//! A callback's bytes as a turn.

use super::Profile;
use crate::phone::ServiceCode;
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
    /// Names the dialogue within the gateway, as the profile's `leg` says.
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
    /// All answers of the dialogue so far, joined by `*`; empty in the first callback.
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
        unimplemented!()
    }
}

pub fn decode(_profile: &Profile, _request: &Request<'_>) -> Result<Received, DecodeError> {
    unimplemented!()
}
