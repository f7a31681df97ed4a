//! The fields of one callback as what they mean: whether it begins, answers or ends a dialogue, whose it is, and what was
//! answered. Every rule of a profile's `receives` except paths and formats is applied here.

use super::{Callback, DecodeError, Echoed, Input, Turn};
use crate::gateway::Profile;
use crate::gateway::fields::Fields;
use crate::gateway::profile::{InputRule, Kind, LegKey, Meaning, NumberIn, RouteKind};
use crate::phone::{self, DialString, ServiceCode};
use crate::types::Msisdn;

/// The longest id of a dialogue, in bytes: gateways use up to 40 and it is kept with every turn.
const MAX_ID: usize = 128;

/// One callback, while it is read.
pub(super) struct Reader<'a> {
    pub(super) profile: &'a Profile,
    pub(super) fields: &'a Fields<'a>,
    pub(super) route: RouteKind,
    pub(super) path_id: Option<&'a str>,
    pub(super) here: &'a str,
}

impl Reader<'_> {
    pub(super) fn callback(&self) -> Result<Callback, DecodeError> {
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
        let begins = match (said, self.profile.receives.msisdn_in, self.route) {
            // mtech says "first" in the midst of dialogues too, but then without the number.
            (Some(Kind::Begin), NumberIn::First, RouteKind::Turn) if msisdn.is_none() => None,
            (Some(kind), ..) => Some(kind == Kind::Begin),
            (None, ..) => None,
        };
        if msisdn.is_none() && (self.profile.receives.msisdn_in == NumberIn::Every || begins == Some(true)) {
            return Err(missing(&self.profile.receives.names.msisdn));
        }
        let code = self.read(&self.profile.receives.names.code)?.and_then(ServiceCode::parse);
        Ok(Turn {
            leg: self.leg(msisdn.as_ref())?,
            input: self.input(begins, code.as_ref())?,
            msisdn,
            begins,
            number: self.number()?,
            circle: self.read(&self.profile.receives.names.circle)?.map(|circle| circle.trim().to_owned()),
            code,
        })
    }

    /// What the reply must give back.
    pub(super) fn echo(&self) -> Result<Vec<Echoed>, DecodeError> {
        let mut echo = Vec::with_capacity(self.profile.receives.names.echoed.len());
        for (word, names) in &self.profile.receives.names.echoed {
            let (value, literal) = match (word.as_str(), self.path_id) {
                ("id", Some(id)) => (id, false),
                ("here", _) => (self.here, false),
                _ => match self.fields.find(names)? {
                    Some(field) => (&*field.value, field.literal),
                    None => continue,
                },
            };
            echo.push(Echoed { word: word.clone(), value: value.to_owned(), literal });
        }
        Ok(echo)
    }

    /// What the fields say that the callback is; `None` where they say nothing.
    fn said_by_fields(&self) -> Result<Option<Kind>, DecodeError> {
        let mut unsaid = None;
        for rule in &self.profile.receives.kinds {
            let value = self.fields.get(std::slice::from_ref(&rule.field))?.map(str::trim);
            let mut words = rule.values.iter();
            let meant = words.find(|(word, _)| word.eq_ignore_ascii_case(value.unwrap_or_default()));
            match (meant.map(|(_, meaning)| *meaning).or(rule.any.filter(|_| value.is_some())), value) {
                (Some(Meaning::Says(kind)), _) => return Ok(Some(kind)),
                (None, Some(_)) => {
                    return Err(DecodeError::Value(rule.field.clone(), "one of the protocol's words"));
                }
                // A field that tells the first callback from the others must be there; one that only ends need not.
                (None, None) if rule.tells_turns() => unsaid = unsaid.or(Some(&rule.field)),
                (None, None) | (Some(Meaning::Nothing), _) => {}
            }
        }
        unsaid.map_or(Ok(None), |field| Err(DecodeError::Missing(field.clone())))
    }

    fn aborted_by_text(&self) -> Option<&'static str> {
        let report = self.profile.receives.abort_text.as_ref()?;
        let text = self.fields.get(&self.profile.receives.names.text).ok().flatten()?;
        let begin = text.trim_start().get(..report.len())?;
        begin.eq_ignore_ascii_case(report).then_some("aborted")
    }

    fn input(&self, begins: Option<bool>, code: Option<&ServiceCode>) -> Result<Input, DecodeError> {
        let names = &self.profile.receives.names.text;
        let text = match self.fields.get(names)? {
            // The word is not taken for nothing in an answer, where it may be what the citizen typed.
            None | Some("null") if begins == Some(true) => "",
            None => return Err(missing(names)),
            Some(text) => text,
        };
        Ok(match self.profile.receives.input {
            InputRule::History => Input::History(text.to_owned()),
            InputRule::HistoryAfterCode => Input::History(self.after_code(text, code)?.to_owned()),
            InputRule::Dialled if begins == Some(true) => Input::Dialled(dialled(text, code)),
            InputRule::Last | InputRule::Dialled => Input::Last(text.to_owned()),
        })
    }

    /// `*415*33*1#` with the code `415` as `33*1`. The mark at the end is the network's, whatever the last answer was. What
    /// begins neither with a mark nor with the code is answers alone: a gateway's pages may show both.
    fn after_code<'t>(&self, text: &'t str, code: Option<&ServiceCode>) -> Result<&'t str, DecodeError> {
        let code = code.ok_or_else(|| missing(&self.profile.receives.names.code))?;
        let dialled = text.trim().trim_start_matches('*');
        let rest = dialled.strip_prefix(code.bare()).map(|rest| rest.strip_suffix('#').unwrap_or(rest));
        match rest.map(|rest| (rest, rest.strip_prefix('*'))) {
            Some((_, Some(path))) => Ok(path),
            Some(("", None)) => Ok(""),
            _ if !text.trim_start().starts_with('*') => Ok(text),
            _ => Err(DecodeError::Value(
                first(&self.profile.receives.names.text),
                "the service code and the answers after it",
            )),
        }
    }

    /// The number in E.164; `None` where the callback has none.
    fn msisdn(&self) -> Result<Option<Msisdn>, DecodeError> {
        let Some(text) = self.read(&self.profile.receives.names.msisdn)? else { return Ok(None) };
        match phone::parse(text, self.profile.home) {
            Ok(msisdn) => Ok(Some(msisdn)),
            Err(_) => Err(DecodeError::Value(first(&self.profile.receives.names.msisdn), "a telephone number")),
        }
    }

    fn number(&self) -> Result<Option<u32>, DecodeError> {
        let names = &self.profile.receives.names.number;
        let Some(text) = self.read(names)? else { return Ok(None) };
        text.trim().parse().map(Some).map_err(|_| DecodeError::Value(first(names), "a turn's number"))
    }

    fn leg(&self, msisdn: Option<&Msisdn>) -> Result<String, DecodeError> {
        let id = || {
            let names = &self.profile.receives.names.id;
            let id = match self.path_id {
                Some(id) => id,
                None => self.read(names)?.ok_or_else(|| missing(names))?.trim(),
            };
            if id.len() > MAX_ID {
                return Err(DecodeError::TooLong(first(names), MAX_ID));
            }
            Ok(id)
        };
        let number = || msisdn.map(Msisdn::digits).ok_or_else(|| missing(&self.profile.receives.names.msisdn));
        Ok(match self.profile.receives.leg {
            LegKey::Id => id()?.to_owned(),
            LegKey::IdAndMsisdn => format!("{}/{}", number()?, id()?),
            LegKey::Msisdn => number()?.to_owned(),
        })
    }

    /// A field that is no answer: empty, or one of the words with which programs say "nothing", counts as missing.
    fn read(&self, names: &[String]) -> Result<Option<&str>, DecodeError> {
        const NOTHING: [&str; 5] = ["", "null", "none", "unknown", "undefined"];
        let says_nothing = |value: &str| {
            let value = value.trim();
            NOTHING.iter().any(|nothing| value.eq_ignore_ascii_case(nothing))
        };
        Ok(self.fields.get(names)?.filter(|value| !says_nothing(value)))
    }
}

/// What was dialled: the text, unless it is no dial string and the code's own field has one. A lone digit or two are what
/// some gateways write for "nothing yet", and no code of any network.
fn dialled(text: &str, code: Option<&ServiceCode>) -> String {
    let trimmed = text.trim();
    let is_filler = trimmed.len() < 3 && trimmed.bytes().all(|byte| byte.is_ascii_digit());
    match code {
        Some(code) if is_filler || DialString::parse(trimmed, std::iter::empty()).is_none() => code.to_string(),
        None if is_filler => String::new(),
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
