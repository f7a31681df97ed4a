//! What a gateway's answer means.
//!
//! A refusal is believed only where the gateway itself speaks: a code that the profile knows, a status with the gateway's own
//! error beside it, or the three statuses that say the same whoever sends them (401, 403, 429). Anything else, above all what a
//! proxy in between says, leaves it unclear whether the message will go out, and an unclear message is not sent again.

use std::time::Duration;

use serde_json::Value;

use super::profile::{Answers, Ids, MessageProfile, Outcome, Says};
use super::types::{Again, Answer, RawAnswer};

/// The longest answer that is looked at; honest ones have some hundred bytes.
const MAX_ANSWER: usize = 64 * 1024;
/// The longest word that is kept of what a gateway says.
const MAX_WORD: usize = 64;
/// Longer than this nobody is made to wait.
const MAX_WAIT: Duration = Duration::from_hours(1);

impl MessageProfile {
    /// What an answer to a request of [`MessageProfile::write`] means. No answer at all is `Answer::Unclear` too.
    pub fn read_answer(&self, answer: &RawAnswer<'_>) -> Answer {
        let status = format!("http_{}", answer.status);
        match &self.send {
            Some(send) if answer.body.len() <= MAX_ANSWER => read(&send.answers, answer, status),
            _ => Answer::Unclear { reason: status },
        }
    }
}

fn read(answers: &Answers, answer: &RawAnswer<'_>, status: String) -> Answer {
    let body = Body::of(answers, answer.body);
    let code = body.code(answers);
    let reason = body.reason(answers).unwrap_or(status);
    let by_code = code.as_deref().map(|code| known(answers, code).map(|(_, outcome)| *outcome));
    let by_status = answers.statuses.iter().find(|(known, _)| *known == answer.status).map(|(_, outcome)| *outcome);
    let foreign = body.id(answers).map(|id| normal(&id, answers.ids));
    let successful = (200..300).contains(&answer.status);
    let everybody = matches!(answer.status, 401 | 403 | 429);
    let outcome = match (by_code, by_status) {
        (Some(Some(outcome)), _) => outcome,
        // A code that nobody knows, where all is said to be well.
        (Some(None), _) if successful => Outcome::Unclear,
        (None, Some(Outcome::Accepted)) if answers.id.is_some() && foreign.is_none() => Outcome::Unclear,
        (_, Some(outcome)) if outcome == Outcome::Accepted || everybody || body.is_error(answers) => outcome,
        _ => Outcome::Unclear,
    };
    let refused = |again| Answer::Refused { reason: reason.clone(), again };
    match outcome {
        Outcome::Accepted if successful => Answer::Accepted { foreign },
        Outcome::Accepted | Outcome::Unclear => Answer::Unclear { reason },
        Outcome::Never => refused(Again::Never),
        Outcome::Later => refused(Again::Later(answer.retry_after.and_then(wait))),
        Outcome::Elsewhere => refused(Again::ElsewhereOnly),
    }
}

/// Seconds; a date is not read, since nothing here knows what time it is.
fn wait(header: &str) -> Option<Duration> {
    header.trim().parse().ok().map(Duration::from_secs).map(|wait| wait.min(MAX_WAIT))
}

/// The longest code that fits: in JSON the whole, of a text what it begins with.
fn known<'a>(answers: &'a Answers, said: &str) -> Option<&'a (String, Outcome)> {
    let said = said.trim();
    let fits = |code: &str| match answers.says {
        Says::Json => code.eq_ignore_ascii_case(said),
        Says::Text => said.get(..code.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(code)),
    };
    answers.codes.iter().filter(|(code, _)| fits(code)).max_by_key(|(code, _)| code.len())
}

enum Body {
    Json(Value),
    Text(String),
    Unreadable,
}

impl Body {
    fn of(answers: &Answers, bytes: &[u8]) -> Self {
        match answers.says {
            Says::Json => serde_json::from_slice(bytes).map_or(Self::Unreadable, Self::Json),
            Says::Text => String::from_utf8(bytes.to_vec()).map_or(Self::Unreadable, Self::Text),
        }
    }

    fn code(&self, answers: &Answers) -> Option<String> {
        match self {
            Self::Json(value) => answers.code.iter().find_map(|path| at(value, path)),
            // The whole of it: codes are compared with how it begins. A page of HTML is no answer of the gateway.
            Self::Text(text) if !answers.codes.is_empty() && !text.trim_start().starts_with('<') => Some(text.clone()),
            Self::Text(_) | Self::Unreadable => None,
        }
    }

    fn id(&self, answers: &Answers) -> Option<String> {
        let wanted = answers.id.as_deref()?;
        let id = match self {
            Self::Json(value) => at(value, wanted)?,
            Self::Text(text) => {
                let (_, rest) = text.split_once(wanted)?;
                rest.trim_start().split(|c: char| c.is_whitespace() || c == ',').next()?.to_owned()
            }
            Self::Unreadable => return None,
        };
        let says_nothing = id.is_empty() || id.eq_ignore_ascii_case("none") || id.eq_ignore_ascii_case("null");
        (!says_nothing && id.len() <= 128).then_some(id)
    }

    fn reason(&self, answers: &Answers) -> Option<String> {
        match self {
            Self::Json(value) => {
                let mut paths = answers.reason.iter().chain(&answers.code).chain(&answers.error);
                paths.find_map(|path| word(&at(value, path)?))
            }
            Self::Text(text) => {
                let digits = text.trim().split(|c: char| !c.is_ascii_digit()).next();
                let code = known(answers, text).map(|(code, _)| code.trim_end_matches(':')).or(digits);
                code.and_then(word)
            }
            Self::Unreadable => None,
        }
    }

    fn is_error(&self, answers: &Answers) -> bool {
        match self {
            Self::Json(value) => answers.error.iter().any(|path| at(value, path).is_some()),
            Self::Text(_) | Self::Unreadable => false,
        }
    }
}

/// What stands at `a.b.c`; of a list the first element is taken. Numbers and truths count as their texts.
fn at(value: &Value, path: &str) -> Option<String> {
    fn first(value: &Value) -> &Value {
        value.as_array().and_then(|list| list.first()).unwrap_or(value)
    }
    let found = path.split('.').try_fold(value, |here, name| first(here).get(name))?;
    match first(found) {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// An id without what does not distinguish it.
pub(super) fn normal(id: &str, ids: Ids) -> String {
    let mut id = id.trim().to_owned();
    if ids.any_case {
        id.make_ascii_lowercase();
    }
    if ids.no_zeros {
        let digits = id.strip_prefix("0x").or_else(|| id.strip_prefix("0X")).unwrap_or(&id);
        let significant = digits.trim_start_matches('0');
        id = if significant.is_empty() && !digits.is_empty() { "0".to_owned() } else { significant.to_owned() };
    }
    id
}

/// A word of the gateway, where it is one: nothing that could hold a number of a phone or a text of a person.
pub(super) fn word(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/' | ' ');
    let is_word = (1..=MAX_WORD).contains(&text.len()) && text.chars().all(fits);
    let longest = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    (is_word && longest < 7).then(|| text.to_owned())
}
