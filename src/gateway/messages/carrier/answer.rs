//! How a gateway answers a request of ours.

use serde_json::{Map, Value};

use super::Carrier;
use crate::gateway::WireReply;
use crate::gateway::messages::profile::{Answers, Outcome, Says};
use crate::gateway::messages::types::{Again, Answer};

impl Carrier {
    /// The answer that says so; `None` where this gateway has no word for it. What is unclear is an error of a proxy.
    pub fn answer(&self, answer: &Answer) -> Option<WireReply> {
        let answers = &self.profile.send.as_ref()?.answers;
        match answer {
            Answer::Accepted { foreign } => accepted(answers, foreign.as_deref()),
            Answer::Refused { reason, again } => refused(answers, reason, *again),
            Answer::Unclear { .. } => Some(WireReply {
                status: 502,
                headers: vec![("content-type".to_owned(), "text/html".to_owned())],
                body: b"<html><body><h1>502 Bad Gateway</h1></body></html>".to_vec(),
            }),
        }
    }
}

fn accepted(answers: &Answers, foreign: Option<&str>) -> Option<WireReply> {
    let code = answers.codes.iter().find(|(_, outcome)| *outcome == Outcome::Accepted).map(|(code, _)| code.as_str());
    let status = answers.statuses.iter().find(|(_, outcome)| *outcome == Outcome::Accepted).map(|(status, _)| *status);
    if code.is_none() && (status.is_none() || (answers.id.is_some() && foreign.is_none())) {
        return None;
    }
    let mut fields = Vec::new();
    fields.extend(answers.code.first().map(String::as_str).zip(code));
    fields.extend(answers.id.as_deref().zip(foreign));
    Some(reply(answers, status.unwrap_or(200), &fields, code, foreign))
}

fn refused(answers: &Answers, reason: &str, again: Again) -> Option<WireReply> {
    let wanted = match again {
        Again::Never => Outcome::Never,
        Again::Later(_) => Outcome::Later,
        Again::ElsewhereOnly => Outcome::Elsewhere,
    };
    let means = |outcome: &Outcome| *outcome == wanted;
    let same = answers.codes.iter().find(|(code, outcome)| means(outcome) && code.trim_end_matches(':') == reason);
    let code = same.or_else(|| answers.codes.iter().find(|(_, outcome)| means(outcome))).map(|(code, _)| code.as_str());
    let status = answers.statuses.iter().find(|(_, outcome)| means(outcome)).map(|(status, _)| *status);
    if code.is_none() && status.is_none() {
        return None;
    }
    let mut fields = Vec::new();
    fields.extend(answers.code.first().map(String::as_str).zip(code));
    if code.is_none() {
        fields.extend(answers.error.first().map(|name| (name.as_str(), reason)));
    }
    fields.extend(answers.reason.as_deref().map(|name| (name, reason)));
    let mut reply = reply(answers, status.unwrap_or(400), &fields, code, None);
    if let Again::Later(Some(wait)) = again {
        reply.headers.push(("retry-after".to_owned(), wait.as_secs().to_string()));
    }
    Some(reply)
}

fn reply(
    answers: &Answers,
    status: u16,
    fields: &[(&str, &str)],
    code: Option<&str>,
    foreign: Option<&str>,
) -> WireReply {
    let (content_type, body) = match answers.says {
        Says::Json => ("application/json", json(fields)),
        Says::Text => {
            let id = answers.id.as_deref().zip(foreign).map(|(marker, id)| format!(",{marker} {id}"));
            ("text/plain", format!("{}{}", code.unwrap_or_default(), id.unwrap_or_default()))
        }
    };
    WireReply { status, headers: vec![("content-type".to_owned(), content_type.to_owned())], body: body.into_bytes() }
}

/// Names with points are nested.
fn json(fields: &[(&str, &str)]) -> String {
    let mut root = Value::Object(Map::new());
    for (path, value) in fields {
        let mut here = &mut root;
        for name in path.split('.') {
            if !here.is_object() {
                *here = Value::Object(Map::new());
            }
            let Value::Object(map) = here else { break };
            here = map.entry(name).or_insert(Value::Null);
        }
        *here = Value::from(*value);
    }
    root.to_string()
}
