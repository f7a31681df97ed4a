//! The envelope in which a department behind UMANG is asked and answers. Pure: bytes in, bytes out.
//!
//! A request is a POST of one JSON object: the operation's own fields among those that say who asks for what
//! (`tkn trkr lang lat lon lac did usag apitrkr usrid mode pltfrm formtrkr srvid subsid subsid2 deptid`); the ids stand in
//! headers as well (`deptid srvid subsid subsid2 formtrkr tenantid`, and `x-api-key`, which is one of the department's own
//! headers in the settings). An answer is `{"rs": "S", "rc": "200", "rd": "…", "pd": {…}}`, whose payload is `pd`; one that
//! failed has `"rs": "F"` and a code in `rc`, mostly under HTTP status 200.
//!
//! No menu knows of it: what operations see is told at [`Envelope::open`]. The other side, for stand-ins, is in `stand_in`.

mod stand_in;

pub use stand_in::{OpenError, Own, open_request, wrap_answer};

use serde_json::{Map, Value as Json};

use super::HttpRequest;
use crate::menu::{Body, Format, JsonBody, Method, Operation, Program};
use crate::outward::HttpAnswer;
use crate::types::{Secret, Timestamp};

/// How a department is addressed behind UMANG; from `[departments.x] envelope` of the settings.
#[derive(Clone, Debug)]
pub struct Envelope {
    pub deptid: String,
    pub srvid: String,
    pub subsid: String,
    pub subsid2: String,
    pub formtrkr: String,
    pub tenantid: String,
    /// The token under which the bridge is known.
    pub tkn: Secret,
    pub usrid: Secret,
    pub did: Secret,
    /// In which language it shall answer: `en`.
    pub lang: String,
    /// The channel: `ussd`.
    pub mode: String,
    pub pltfrm: String,
    pub usag: String,
    pub lac: String,
    pub lat: String,
    pub lon: String,
}

impl Default for Envelope {
    fn default() -> Self {
        let (nothing, none, ussd) = (String::new, || Secret::from(""), || "ussd".to_owned());
        Self {
            deptid: nothing(),
            srvid: nothing(),
            subsid: "0".to_owned(),
            subsid2: "0".to_owned(),
            formtrkr: "0".to_owned(),
            tenantid: nothing(),
            tkn: none(),
            usrid: none(),
            did: none(),
            lang: "en".to_owned(),
            mode: ussd(),
            pltfrm: ussd(),
            usag: nothing(),
            lac: nothing(),
            lat: nothing(),
            lon: nothing(),
        }
    }
}

/// Why an operation cannot go into the envelope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{operation}` cannot be asked in UMANG's envelope: {why}; change the operation, or leave `envelope` out of \
     `[departments.{department}]`"
)]
pub struct UnfitError {
    pub department: String,
    pub operation: String,
    pub why: Unfit,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("it takes `post` only")]
    Method,
    #[error("what is sent is a map under `json`")]
    Body,
    #[error("answers are JSON")]
    Answer,
    #[error("`{0}` is a field of the envelope itself")]
    Field(String),
}

/// The ids under which a sandbox takes calls.
pub const SANDBOX: &str = "sandbox";

/// Fields that an operation may fill itself: where somebody is, and the language of the answer.
const SHARED: [&str; 4] = ["lang", "lat", "lon", "lac"];

/// Every field of the envelope, in the order in which they are sent.
const FIELDS: [&str; 17] = [
    "tkn", "trkr", "lang", "lat", "lon", "lac", "did", "usag", "apitrkr", "usrid", "mode", "pltfrm", "formtrkr",
    "srvid", "subsid", "subsid2", "deptid",
];

/// The ids that stand in headers and in the body; `tenantid` stands in a header alone.
const IDS: [&str; 5] = ["deptid", "srvid", "subsid", "subsid2", "formtrkr"];
const TENANT: &str = "tenantid";

/// An answer out of its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    pub answer: HttpAnswer,
    /// It failed, or it had no payload, under a status of success: whatever is in it, it is no answer.
    pub failed: bool,
}

impl Envelope {
    /// Under which a sandbox knows the bridge.
    pub(super) fn of_sandbox() -> Self {
        Self { deptid: SANDBOX.to_owned(), srvid: SANDBOX.to_owned(), ..Self::default() }
    }

    pub(super) fn suits(operation: &Operation) -> Result<(), Unfit> {
        if operation.method != Method::Post {
            return Err(Unfit::Method);
        }
        if operation.answers != Format::Json {
            return Err(Unfit::Answer);
        }
        match &operation.body {
            Body::None => Ok(()),
            Body::Json(JsonBody::Object(members)) => {
                let own = members.iter().map(|(name, _)| name.as_str());
                let taken = own.filter(|name| !SHARED.contains(name)).find(|name| FIELDS.contains(name));
                taken.map_or(Ok(()), |name| Err(Unfit::Field(name.to_owned())))
            }
            Body::Json(_) | Body::Form(_) | Body::Xml(_) => Err(Unfit::Body),
        }
    }

    /// Puts a request into the envelope. `tracker` is new for each call: [`tracker`]. What the operation sends must be a JSON
    /// object or nothing ([`suit`]); anything else is left out.
    pub fn wrap(&self, mut request: HttpRequest, tracker: &str) -> HttpRequest {
        let own = request.body.take().and_then(|(_, bytes)| String::from_utf8(bytes).ok()).unwrap_or_default();
        let names = serde_json::from_str::<Map<String, Json>>(&own).unwrap_or_default();
        let mut body = String::from("{");
        for field in FIELDS.into_iter().filter(|field| !names.contains_key(*field)) {
            let value = Json::from(self.field(field, tracker)).to_string();
            body.extend(["\"", field, "\":", &value, ","]);
        }
        // As it was written: an amount is `852.50`, which no number of serde's would keep.
        if let Some(own) = own.trim_start().strip_prefix('{').filter(|_| !names.is_empty()) {
            body.push_str(own);
        } else {
            body.pop();
            body.push('}');
        }
        request.headers.extend(IDS.map(|id| (id, self.field(id, tracker).to_owned())));
        request.headers.push((TENANT, self.tenantid.clone()));
        request.body = Some(("application/json", body.into_bytes()));
        request
    }

    fn field<'a>(&'a self, name: &str, tracker: &'a str) -> &'a str {
        match name {
            "tkn" => self.tkn.reveal(),
            "trkr" | "apitrkr" => tracker,
            "lang" => &self.lang,
            "lat" => &self.lat,
            "lon" => &self.lon,
            "lac" => &self.lac,
            "did" => self.did.reveal(),
            "usag" => &self.usag,
            "usrid" => self.usrid.reveal(),
            "mode" => &self.mode,
            "pltfrm" => &self.pltfrm,
            "formtrkr" => &self.formtrkr,
            "srvid" => &self.srvid,
            "subsid" => &self.subsid,
            "subsid2" => &self.subsid2,
            "deptid" => &self.deptid,
            _ => "",
        }
    }

    /// Takes an answer out of its envelope. What operations see:
    ///
    /// * the body is `pd`; where there is none (missing or null), it is the envelope itself, so that an operation's `errors`
    ///   may name a failure `at: /rc`;
    /// * the status is `rc` where that is one (200 to 599) and HTTP says that all is well: `{status: 404, name: …}` works;
    /// * what failed by `rs`, or has no payload, is no answer, even where every field of one is optional.
    pub fn open(answer: HttpAnswer) -> Opened {
        let fine = |status: u16| (200..300).contains(&status);
        let Ok(mut envelope) = serde_json::from_slice::<Map<String, Json>>(&answer.body) else {
            return Opened { failed: fine(answer.status), answer };
        };
        let said = |name: &str| match envelope.get(name) {
            Some(Json::String(text)) => Some(text.trim().to_owned()),
            Some(Json::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let code = said("rc").and_then(|code| code.parse().ok()).filter(|code| (200..600).contains(code));
        let status = code.filter(|_| fine(answer.status)).unwrap_or(answer.status);
        let refused = said("rs").is_some_and(|rs| !rs.eq_ignore_ascii_case("s"));
        let payload = envelope.remove("pd").filter(|payload| !payload.is_null());
        let failed = fine(status) && (refused || payload.is_none());
        let body = match payload {
            Some(payload) => payload.to_string().into_bytes(),
            None => answer.body,
        };
        Opened { answer: HttpAnswer { status, body }, failed }
    }
}

/// Whether all operations of those departments that are `enveloped` can be asked so. Looked at once, at the start: menus are
/// proved without the settings.
pub fn suit(program: &Program, enveloped: impl Fn(&str) -> bool) -> Result<(), UnfitError> {
    for operation in &program.operations {
        let department = &program.department(operation.department).name;
        if enveloped(department) {
            Envelope::suits(operation).map_err(|why| UnfitError {
                department: department.clone(),
                operation: operation.name.clone(),
                why,
            })?;
        }
    }
    Ok(())
}

/// A tracker of UMANG's shape, `UW-aB20210501120000`: two letters drawn by chance, and the time (UTC).
pub fn tracker(now: Timestamp, drawn: u128) -> String {
    let letter = |first: u8, nth: u128| char::from(first + u8::try_from(nth % 26).unwrap_or(0));
    let time = now.in_india().to_utc().format("%Y%m%d%H%M%S");
    format!("UW-{}{}{time}", letter(b'a', drawn), letter(b'A', drawn / 26))
}

#[cfg(test)]
mod tests;
