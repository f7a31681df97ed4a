//! Departments made of sand: realistic, deterministic data over HTTP or in-process, which can be told to misbehave.
//!
//! A department's answers stand in its sandbox file, if the menus have one: `canned` gives them, `fit` tells which operation a
//! request is, `proof` proves that operations can read them. Otherwise one file per department (`epfo`, `mandi`, `lpg`)
//! holds what it answers, as functions of the question, the day and, for bookings, what was booked before. `mischief` is how
//! they can be told to misbehave, `transport` and `http` how they are reached. What is made here follows from the numbers
//! and codes in the question, so that transcripts can be written about it; the last digit of a mobile number decides what
//! kind of person it belongs to (see `epfo` and `lpg`).

mod canned;
mod epfo;
mod fit;
mod grain;
mod http;
mod lpg;
mod mandi;
mod mischief;
mod proof;
mod question;
mod transport;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use chrono::NaiveDate;
use serde_json::{Value as Json, json};

pub use http::router;
pub use lpg::Booked;
pub use mischief::{Mischief, MischiefError};
pub use proof::prove;
pub use transport::InProcess;

use super::{Envelope, Policies, Policy};
use crate::menu::{Method, Program, SandboxFile};
use crate::sync::{lock, read, write};
use canned::Canned;
use question::Question;

/// The departments that have a sandbox without a file of their own, as menus call them.
pub const DEPARTMENTS: [&str; 3] = ["epfo", "mandi", "lpg"];

/// All sandbox departments, with what has been booked at them and how they were told to behave.
#[derive(Debug, Default)]
pub struct Sandbox {
    /// By name. They win over the departments made here.
    canned: RwLock<BTreeMap<String, Arc<Canned>>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    ledger: lpg::Ledger,
    /// By the department's name.
    mischief: BTreeMap<String, Mischief>,
}

/// Where a department's answers come from.
#[derive(Clone, Debug)]
enum Department {
    Canned(Arc<Canned>),
    Epfo,
    Mandi,
    Lpg,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no sandbox department `{name}`: it is one of {known}")]
pub struct UnknownDepartment {
    pub name: String,
    /// Those that there are, with commas between them.
    pub known: String,
}

/// What a department made here says.
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

/// The same as it goes out.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    status: u16,
    /// None without a body.
    content_type: Option<&'static str>,
    body: Vec<u8>,
}

impl Said {
    fn not_found() -> Self {
        SandboxAnswer::not_found().into()
    }
}

impl From<SandboxAnswer> for Said {
    fn from(answer: SandboxAnswer) -> Self {
        let body = answer.json.to_string().into_bytes();
        Self { status: answer.status, content_type: Some("application/json"), body }
    }
}

/// What becomes of a request, mischief included.
#[derive(Clone, Debug, PartialEq)]
enum Reply {
    Answer {
        after: Duration,
        said: Said,
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
    /// Other headers by their names in lower case: those of an envelope.
    header: &'a dyn Fn(&str) -> Option<String>,
    body: &'a [u8],
    /// In India.
    today: NaiveDate,
}

impl Sandbox {
    /// The departments of these files, which belong to the program, beside those made here.
    pub fn new(program: &Program, files: &[SandboxFile]) -> Self {
        let sandbox = Self::default();
        sandbox.take_over(program, files);
        sandbox
    }

    /// These files from now on. What was booked stays, and so does how departments were told to behave.
    pub fn take_over(&self, program: &Program, files: &[SandboxFile]) {
        let canned = |file: &SandboxFile| {
            (program.department(file.department).name.clone(), Arc::new(Canned::new(program, file)))
        };
        *write(&self.canned) = files.iter().map(canned).collect();
    }

    /// All departments that answer here, each once.
    pub fn names(&self) -> BTreeSet<String> {
        read(&self.canned).keys().cloned().chain(DEPARTMENTS.map(str::to_owned)).collect()
    }

    /// Tells a department how to behave from now on.
    pub fn misbehave(&self, department: &str, mischief: Mischief) -> Result<(), UnknownDepartment> {
        self.department(department)?;
        lock(&self.state).mischief.insert(department.to_owned(), mischief);
        Ok(())
    }

    /// What was booked, by consumer: never forgotten, so that a test can prove that nobody got two for one.
    pub fn booked(&self) -> BTreeMap<String, Booked> {
        lock(&self.state).ledger.booked()
    }

    fn department(&self, name: &str) -> Result<Department, UnknownDepartment> {
        let canned = read(&self.canned).get(name).map(Arc::clone);
        match (canned, name) {
            (Some(canned), _) => Ok(Department::Canned(canned)),
            (None, "epfo") => Ok(Department::Epfo),
            (None, "mandi") => Ok(Department::Mandi),
            (None, "lpg") => Ok(Department::Lpg),
            (None, _) => {
                let known = self.names().into_iter().collect::<Vec<_>>().join(", ");
                Err(UnknownDepartment { name: name.to_owned(), known })
            }
        }
    }

    fn reply(&self, name: &str, asked: &Asked<'_>) -> Result<Reply, UnknownDepartment> {
        let department = self.department(name)?;
        let mut state = lock(&self.state);
        let mischief = state.mischief.get(name).cloned().unwrap_or_default();
        let mut work = || work(&department, &mut state.ledger, asked);
        let says = |after, said| Reply::Answer { after, said };
        Ok(match mischief {
            Mischief::Works => says(Duration::ZERO, work()),
            Mischief::AnswersIn(after) => says(after, work()),
            Mischief::FailsWith(status) => says(Duration::ZERO, SandboxAnswer::error(status, "mischief").into()),
            Mischief::LosesTheAnswer => {
                work();
                Reply::Nothing
            }
            Mischief::AnswersNonsense => {
                work();
                let body = b"<html><body>Welcome to nginx!</body></html>".to_vec();
                says(Duration::ZERO, Said { status: 200, content_type: Some("text/html"), body })
            }
        })
    }
}

/// How departments are called whose sandboxes speak an envelope.
pub fn policies(program: &Program, files: &[SandboxFile]) -> Policies {
    let enveloped = files.iter().filter(|file| file.envelope.is_some());
    let policy = || Policy { envelope: Some(Envelope::of_sandbox()), ..Policy::default() };
    enveloped.map(|file| (program.department(file.department).name.clone(), policy())).collect()
}

/// What a department says when it behaves.
fn work(department: &Department, ledger: &mut lpg::Ledger, asked: &Asked<'_>) -> Said {
    let made = |answer: &mut dyn FnMut(&Question) -> SandboxAnswer| {
        Question::read(asked)
            .map_or_else(|| SandboxAnswer::error(400, "bad_request"), |question| answer(&question))
            .into()
    };
    match department {
        Department::Canned(canned) => canned.answer(asked),
        Department::Epfo => made(&mut epfo::answer),
        Department::Mandi => made(&mut mandi::answer),
        Department::Lpg => made(&mut |question| ledger.answer(question)),
    }
}

#[cfg(test)]
mod tests;
