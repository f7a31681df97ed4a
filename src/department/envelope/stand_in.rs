//! The department's side of the envelope, for those that stand in for one: strict, so that a call which UMANG would refuse is
//! refused by the stand-in as well.

use serde_json::{Map, Value as Json, json};

use super::{FIELDS, IDS, SHARED, TENANT};
use crate::menu::{Body, JsonBody, Method, Operation};
use crate::outward::HttpAnswer;

/// Why a request is not in the envelope. Names fields, never what they hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("it is not a POST")]
    Method,
    #[error("its body is not a JSON object")]
    Body,
    #[error("the field `{0}` is missing in its body")]
    Field(&'static str),
    #[error("the header `{0}` is missing")]
    Header(&'static str),
    #[error("`{0}` is empty")]
    Empty(&'static str),
    #[error("`{0}` is one in the header and another in the body")]
    Differs(&'static str),
    #[error("`trkr` has not the shape of one")]
    Tracker,
}

/// What a request in the envelope holds beside it: the operation's own fields, and those that it may share with the envelope
/// (`lang`, `lat`, `lon`, `lac`).
#[derive(Clone, Debug, PartialEq)]
pub struct Own(Map<String, Json>);

impl Own {
    /// All of it as a JSON object.
    pub fn json(&self) -> String {
        Json::Object(self.0.clone()).to_string()
    }

    /// The body that this operation sent, if it was this one: shared fields are its own only where it names them.
    pub fn body_of(&self, operation: &Operation) -> Vec<u8> {
        let members = match &operation.body {
            Body::Json(JsonBody::Object(members)) => members.as_slice(),
            _ => &[],
        };
        let mut body = self.0.clone();
        body.retain(|name, _| !SHARED.contains(&name.as_str()) || members.iter().any(|(own, _)| own == name));
        match &operation.body {
            Body::None if body.is_empty() => Vec::new(),
            _ => Json::Object(body).to_string().into_bytes(),
        }
    }
}

/// Takes a request out of the envelope. `header` gives the value of a header by its name in lower case.
pub fn open_request<H: AsRef<str>>(
    method: Method,
    header: impl Fn(&str) -> Option<H>,
    body: &[u8],
) -> Result<Own, OpenError> {
    if method != Method::Post {
        return Err(OpenError::Method);
    }
    let mut body: Map<String, Json> = serde_json::from_slice(body).map_err(|_| OpenError::Body)?;
    for field in FIELDS {
        if !body.get(field).is_some_and(Json::is_string) && !SHARED.contains(&field) {
            return Err(OpenError::Field(field));
        }
    }
    for id in IDS {
        let said = header(id).ok_or(OpenError::Header(id))?;
        let said = said.as_ref();
        if said.is_empty() {
            return Err(OpenError::Empty(id));
        }
        if body.get(id).and_then(Json::as_str) != Some(said) {
            return Err(OpenError::Differs(id));
        }
    }
    header(TENANT).ok_or(OpenError::Header(TENANT))?;
    if !["trkr", "apitrkr"].iter().all(|name| body.get(*name).and_then(Json::as_str).is_some_and(is_tracker)) {
        return Err(OpenError::Tracker);
    }
    body.retain(|name, _| !FIELDS.contains(&name.as_str()) || SHARED.contains(&name.as_str()));
    Ok(Own(body))
}

fn is_tracker(text: &str) -> bool {
    let Some([lower, upper, time @ ..]) = text.strip_prefix("UW-").map(str::as_bytes) else { return false };
    lower.is_ascii_lowercase() && upper.is_ascii_uppercase() && time.len() == 14 && time.iter().all(u8::is_ascii_digit)
}

/// An answer in the envelope: the payload under `pd`, the status as `rc` under HTTP status 200, as UMANG does. No body is an
/// empty payload where all is well, and none where it failed. What is not JSON leaves as it is: nonsense stays nonsense.
pub fn wrap_answer(answer: HttpAnswer) -> HttpAnswer {
    let fine = (200..300).contains(&answer.status);
    let (rs, rd) = if fine { ("S", "Success") } else { ("F", "Failure") };
    let payload = match answer.body.as_slice() {
        [] if fine => json!({}),
        [] => Json::Null,
        body => match serde_json::from_slice(body) {
            Ok(payload) => payload,
            Err(_) => return answer,
        },
    };
    let envelope = json!({"rs": rs, "rc": answer.status.to_string(), "rd": rd, "pd": payload});
    HttpAnswer { status: 200, body: envelope.to_string().into_bytes() }
}
