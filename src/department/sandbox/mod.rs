//! Departments made of sand: realistic, deterministic data over HTTP or in-process, which can be told to misbehave.
//!
//! One file per department (`epfo`, `mandi`, `lpg`) holds what it answers, as functions of the question, the day and, for
//! bookings, what was booked before; `mischief` how they can be told to misbehave; `transport` and `http` how they are
//! reached. All data follow from the numbers and codes in the question, so that transcripts can be written about them; the
//! last digit of a mobile number decides what kind of person it belongs to (see `epfo` and `lpg`).

mod epfo;
mod grain;
mod http;
mod lpg;
mod mandi;
mod mischief;
mod question;
mod transport;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use chrono::NaiveDate;
use serde_json::{Value as Json, json};

pub use http::router;
pub use lpg::Booked;
pub use mischief::{Mischief, MischiefError};
pub use transport::InProcess;

use crate::menu::Method;
use crate::sync::lock;
use question::Question;

/// Their names, as menus call them.
pub const DEPARTMENTS: [&str; 3] = ["epfo", "mandi", "lpg"];

/// All sandbox departments, with what has been booked at them and how they were told to behave.
#[derive(Debug, Default)]
pub struct Sandbox(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    ledger: lpg::Ledger,
    mischief: BTreeMap<Department, Mischief>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Department {
    Epfo,
    Mandi,
    Lpg,
}

impl Department {
    fn by_name(name: &str) -> Option<Self> {
        match name {
            "epfo" => Some(Self::Epfo),
            "mandi" => Some(Self::Mandi),
            "lpg" => Some(Self::Lpg),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no sandbox department `{0}`: it is one of epfo, mandi, lpg")]
pub struct UnknownDepartment(pub String);

/// What a department says when it behaves.
#[derive(Clone, Debug, PartialEq)]
struct SandboxAnswer {
    status: u16,
    json: Json,
}

impl SandboxAnswer {
    fn ok(json: Json) -> Self {
        Self { status: 200, json }
    }

    fn error(status: u16, error: &str) -> Self {
        Self { status, json: json!({ "error": error }) }
    }

    fn not_found() -> Self {
        Self::error(404, "not_found")
    }
}

/// What becomes of a request, mischief included.
#[derive(Clone, Debug, PartialEq)]
enum Reply {
    Answer {
        after: Duration,
        status: u16,
        body: Vec<u8>,
    },
    /// The connection closes without one.
    Nothing,
}

/// A request as either transport brings it.
struct Asked<'a> {
    method: Method,
    /// Path and query, escaped.
    path: &'a str,
    idempotency_key: Option<&'a str>,
    body: &'a [u8],
    /// In India.
    today: NaiveDate,
}

impl Sandbox {
    /// Tells a department how to behave from now on.
    pub fn misbehave(&self, department: &str, mischief: Mischief) -> Result<(), UnknownDepartment> {
        let known = Department::by_name(department).ok_or_else(|| UnknownDepartment(department.to_owned()))?;
        lock(&self.0).mischief.insert(known, mischief);
        Ok(())
    }

    /// What was booked, by consumer: never forgotten, so that a test can prove that nobody got two for one.
    pub fn booked(&self) -> BTreeMap<String, Booked> {
        lock(&self.0).ledger.booked()
    }

    fn reply(&self, department: Department, asked: &Asked<'_>) -> Reply {
        let mut state = lock(&self.0);
        let mischief = state.mischief.get(&department).cloned().unwrap_or_default();
        let mut work = || match Question::read(asked) {
            None => SandboxAnswer::error(400, "bad_request"),
            Some(question) => match department {
                Department::Epfo => epfo::answer(&question),
                Department::Mandi => mandi::answer(&question),
                Department::Lpg => state.ledger.answer(&question),
            },
        };
        let says = |after, answer: SandboxAnswer| {
            let body = answer.json.to_string().into_bytes();
            Reply::Answer { after, status: answer.status, body }
        };
        match mischief {
            Mischief::Works => says(Duration::ZERO, work()),
            Mischief::AnswersIn(after) => says(after, work()),
            Mischief::FailsWith(status) => says(Duration::ZERO, SandboxAnswer::error(status, "mischief")),
            Mischief::LosesTheAnswer => {
                work();
                Reply::Nothing
            }
            Mischief::AnswersNonsense => {
                work();
                let body = b"<html><body>Welcome to nginx!</body></html>".to_vec();
                Reply::Answer { after: Duration::ZERO, status: 200, body }
            }
        }
    }
}

#[cfg(test)]
mod tests;
