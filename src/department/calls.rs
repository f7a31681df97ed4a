//! Performing calls within a budget.
//!
//! A reading call may be repeated while its deadline allows. A changing call is made once: when it is not certain what
//! became of it, it is asked after and never made again (promise 3 of the architecture).

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::breaker::Breaker;
use super::desk::{Desk, cache_key};
use super::envelope::{self, Envelope, Opened};
use super::{HttpRequest, NoObserver, Observer, Transport, TransportError, build, read_answer, read_failure, settle};
use crate::engine::{CallRequest, Failure, Outcome};
use crate::menu::{Operation, Program};
use crate::sync::lock;
use crate::types::{Chance, Clock, Timestamp};

/// Before the n-th repetition a reading call waits n times this, without jitter: virtual time is to be repeatable, and the
/// breaker is what keeps a struggling department from a storm.
const BACKOFF: Duration = Duration::from_millis(100);
/// A reading call that would have less time than this is not worth a department's work.
const WORTH_TRYING: Duration = Duration::from_millis(100);
/// A changing call that would have less time than this is not made: its answer would most likely be lost, and the citizen
/// left in doubt. A department that does not answer within it is not called slow for that either.
const WORTH_CHANGING: Duration = Duration::from_secs(1);

/// How departments are treated; the settings may say otherwise for each.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Calls under way at once; more are `Down` at once.
    pub at_once: usize,
    /// Failures in a row that open the breaker.
    pub breaks_after: u32,
    /// How long an open breaker waits before it lets one call try.
    pub mends_after: Duration,
    /// Retries of a reading call within its deadline.
    pub retries: u32,
    /// Answers kept for operations with `cache`.
    pub cached: usize,
    /// Where the department stands behind UMANG.
    pub envelope: Option<Envelope>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            at_once: 64,
            breaks_after: 5,
            mends_after: Duration::from_secs(10),
            retries: 1,
            cached: 10_000,
            envelope: None,
        }
    }
}

/// Policies by department name; others get the default.
pub type Policies = Vec<(String, Policy)>;

/// How much time departments have until the phone must get its reply; what the reply itself takes is kept back already
/// (`gateway::Profile::for_departments`).
#[derive(Clone, Copy, Debug)]
pub struct Budget(pub Duration);

impl Budget {
    /// What a call that may take `within` really gets; `None` when that is less than is worth the call. Who says that a call
    /// may take less than `worth` means it.
    fn allows(self, within: Duration, worth: Duration) -> Option<Duration> {
        Some(within.min(self.0)).filter(|time| *time >= worth.min(within) && !time.is_zero())
    }
}

/// All departments, as the bridge calls them.
#[derive(Debug)]
pub struct Departments {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    observer: Arc<dyn Observer>,
    policies: HashMap<String, Policy>,
    desks: Mutex<HashMap<String, Arc<Desk>>>,
}

/// What one call came to, before it is known whether it read or changed something.
enum Made {
    /// The department's answer could be read: this is the outcome.
    Known(Outcome),
    NotSent(NotSent),
    /// It was sent. What became of it is not known.
    Doubtful {
        late: bool,
    },
}

/// Why a department has not heard of a call.
#[derive(Clone, Copy)]
enum NotSent {
    /// No time was left in the phone's budget.
    NoTime,
    /// A value cannot stand in the path.
    Unbuildable,
    /// Too many calls are under way.
    Full,
    /// The breaker is open.
    Open,
    NoConnection,
}

/// One attempt at a call.
enum Attempt {
    Made(Made),
    /// It failed in a way that may have passed by the next attempt.
    Passing(Made),
}

/// One call on its way.
struct Errand<'a> {
    operation: &'a Operation,
    caller: &'a str,
    request: HttpRequest,
    deadline: Timestamp,
    attempts: u32,
}

impl Departments {
    /// Chance is drawn from for trackers of envelopes alone.
    pub fn new(
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        policies: Policies,
    ) -> Self {
        let policies = policies.into_iter().collect();
        Self { transport, clock, chance, observer: Arc::new(NoObserver), policies, desks: Mutex::default() }
    }

    #[must_use]
    pub fn observed_by(self, observer: Arc<dyn Observer>) -> Self {
        Self { observer, ..self }
    }

    /// A reading call: cached, retried, cut off at the smaller of its `within` and the budget.
    ///
    /// Answers of operations with `cache` are kept in memory, never those that failed. Where the answer depends on the
    /// caller (`registered`), it is kept for that caller alone.
    pub async fn read(&self, program: &Program, call: &CallRequest, budget: Budget) -> Outcome {
        let operation = program.operation(call.operation);
        let department = program.department(operation.department).name.as_str();
        let began = self.clock.now();
        let desk = self.desk(department);
        let key = cache_key(program, operation, call);
        if let Some(answer) = key.as_ref().and_then(|key| desk.cached(key, began)) {
            self.observer.called(department, &operation.name, "cached", Duration::ZERO);
            return Outcome::Answered(answer);
        }
        let made = match budget.allows(call.within, WORTH_TRYING) {
            Some(time) => self.make(program, call, None, &desk, time, desk.policy.retries.saturating_add(1)).await,
            None => Made::NotSent(NotSent::NoTime),
        };
        let (word, outcome) = match made {
            Made::Known(outcome) => (outcome.word(), outcome),
            Made::NotSent(NotSent::NoTime) | Made::Doubtful { late: true } => ("late", Outcome::Failed(Failure::Late)),
            Made::NotSent(why) => (why.word(), Outcome::Failed(why.failure())),
            Made::Doubtful { late: false } => ("down", Outcome::Failed(Failure::Down)),
        };
        if let (Some(key), Some(keep_for), Outcome::Answered(answer)) = (key, operation.cache, &outcome) {
            desk.keep(key, answer.clone(), self.clock.now().plus(keep_for));
        }
        self.observer.called(department, &operation.name, word, self.clock.now().since(began));
        outcome
    }

    /// A changing call, made once. When its answer is lost the outcome is `Unknown` with an empty receipt, which the bridge
    /// fills; when nothing was sent it is `Down`.
    ///
    /// Only an answer that can be read is certain: its record, one of the operation's `errors`, or a plain refusal. A 5xx,
    /// a late answer or one that is not what was declared may all come after the work was done.
    pub async fn change(&self, program: &Program, call: &CallRequest, key: &str, budget: Budget) -> Outcome {
        let operation = program.operation(call.operation);
        let department = program.department(operation.department).name.as_str();
        let began = self.clock.now();
        let made = match budget.allows(call.within, WORTH_CHANGING) {
            Some(time) => self.make(program, call, Some(key), &self.desk(department), time, 1).await,
            None => Made::NotSent(NotSent::NoTime),
        };
        let (word, outcome) = match made {
            Made::Known(outcome) => (outcome.word(), outcome),
            Made::NotSent(why) => (why.word(), Outcome::Failed(why.failure())),
            Made::Doubtful { .. } => ("unknown", Outcome::Failed(Failure::Unknown { receipt: String::new() })),
        };
        self.observer.called(department, &operation.name, word, self.clock.now().since(began));
        outcome
    }

    /// Asks what became of a changing call, by its operation's `settled_by`. `None` while it is still not known.
    ///
    /// The operation that settles takes `intent` alone. Fields of its answer become fields of the changing operation's
    /// answer by name, so it must name them alike; the names of its errors should be among those of the changing operation,
    /// for the `fails` of a screen knows only these.
    pub async fn ask_after(&self, program: &Program, call: &CallRequest, key: &str, budget: Budget) -> Option<Outcome> {
        let changing = program.operation(call.operation);
        let id = changing.settled_by?;
        let settling = program.operation(id);
        let department = program.department(settling.department).name.as_str();
        let began = self.clock.now();
        // What it takes is filled from the key when the request is built.
        let (give, within) = (Vec::new(), settling.within);
        let question = CallRequest { operation: id, give, within, caller: call.caller.clone(), late: false };
        let desk = self.desk(department);
        let attempts = desk.policy.retries.saturating_add(1);
        let time = budget.allows(settling.within, WORTH_TRYING)?;
        let made = self.make(program, &question, Some(key), &desk, time, attempts).await;
        let (word, outcome) = match made {
            Made::Known(outcome) => (outcome.word(), Some(outcome)),
            Made::NotSent(why) => (why.word(), None),
            Made::Doubtful { late } => (if late { "late" } else { "down" }, None),
        };
        self.observer.called(department, &settling.name, word, self.clock.now().since(began));
        Some(match outcome? {
            Outcome::Answered(answer) => {
                Outcome::Answered(settle::by_names(answer, &settling.answer_type, &changing.answer_type))
            }
            other => other,
        })
    }

    /// Makes a call, at most `attempts` times, within `time`.
    async fn make(
        &self,
        program: &Program,
        call: &CallRequest,
        key: Option<&str>,
        desk: &Desk,
        time: Duration,
        attempts: u32,
    ) -> Made {
        let operation = program.operation(call.operation);
        let request = match build(program, call, key) {
            Ok(request) => request,
            Err(error) => {
                tracing::warn!(operation = %operation.name, %error, "A call of `{}` cannot be written", operation.name);
                return Made::NotSent(NotSent::Unbuildable);
            }
        };
        let request = match &desk.policy.envelope {
            Some(envelope) => envelope.wrap(request, &envelope::tracker(self.clock.now(), self.chance.draw())),
            None => request,
        };
        let Some(_place) = desk.place() else { return Made::NotSent(NotSent::Full) };
        let deadline = self.clock.now().plus(time);
        self.run(desk, Errand { operation, caller: &call.caller, request, deadline, attempts }).await
    }

    async fn run(&self, desk: &Desk, errand: Errand<'_>) -> Made {
        for repetition in 1..errand.attempts {
            match self.attempt(desk, &errand).await {
                Attempt::Made(made) => return made,
                Attempt::Passing(made) => {
                    let pause = BACKOFF.saturating_mul(repetition);
                    if errand.deadline.since(self.clock.now()) < pause.saturating_add(WORTH_TRYING) {
                        return made;
                    }
                    self.clock.sleep(pause).await;
                }
            }
        }
        match self.attempt(desk, &errand).await {
            Attempt::Made(made) | Attempt::Passing(made) => made,
        }
    }

    async fn attempt(&self, desk: &Desk, errand: &Errand<'_>) -> Attempt {
        let (operation, department) = (errand.operation, errand.request.department.as_str());
        let now = self.clock.now();
        if !self.on_breaker(desk, department, |breaker| breaker.allows(now)) {
            return Attempt::Made(Made::NotSent(NotSent::Open));
        }
        let time = errand.deadline.since(now);
        let answer = self.transport.send(errand.request.clone(), time).await.map(|answer| match desk.policy.envelope {
            Some(_) => Envelope::open(answer),
            None => Opened { answer, failed: false },
        });
        let now = self.clock.now();
        // The breaker watches whether a department answers, not whether its answers please: a record with a hole in it is
        // one citizen's trouble, and must not keep all others out.
        let healthy = answer.as_ref().is_ok_and(|opened| opened.answer.status < 500 && opened.answer.status != 429);
        // Nor does lateness say anything of a department that had no time.
        let fair = time >= WORTH_CHANGING.min(operation.within) || !matches!(answer, Err(TransportError::Late));
        self.on_breaker(desk, department, |breaker| match healthy {
            true => breaker.succeeded(),
            false if fair => breaker.failed(now),
            false => {}
        });
        let (attempt, why) = match answer {
            Ok(opened) => match read(operation, &opened, errand.caller) {
                (Outcome::Failed(Failure::Down), why) if opened.answer.status >= 500 => {
                    (Attempt::Passing(Made::Doubtful { late: false }), why)
                }
                (Outcome::Failed(Failure::Down), why) => (Attempt::Made(Made::Doubtful { late: false }), why),
                (outcome, why) => (Attempt::Made(Made::Known(outcome)), why),
            },
            Err(error) => {
                let attempt = match error {
                    TransportError::NotSent(_) => Attempt::Passing(Made::NotSent(NotSent::NoConnection)),
                    TransportError::Lost(_) => Attempt::Passing(Made::Doubtful { late: false }),
                    TransportError::Late => Attempt::Made(Made::Doubtful { late: true }),
                    TransportError::TooLarge(_) => Attempt::Made(Made::Doubtful { late: false }),
                };
                (attempt, Some(error.to_string()))
            }
        };
        if let Some(why) = why {
            tracing::warn!(department, operation = %operation.name, why, "`{}` did not answer as it should: {why}", operation.name);
        }
        attempt
    }

    fn on_breaker<T>(&self, desk: &Desk, department: &str, act: impl FnOnce(&mut Breaker) -> T) -> T {
        let (result, changed) = desk.breaker(act);
        if let Some(state) = changed {
            tracing::warn!(department, state, "The breaker of `{department}` is now {state}");
            self.observer.breaker(department, state);
        }
        result
    }

    /// Desks are made when a department is first called: programs that come later may name others.
    fn desk(&self, department: &str) -> Arc<Desk> {
        let mut desks = lock(&self.desks);
        if let Some(desk) = desks.get(department) {
            return Arc::clone(desk);
        }
        let policy = self.policies.get(department).cloned().unwrap_or_default();
        let desk = Arc::new(Desk::new(policy));
        desks.insert(department.to_owned(), Arc::clone(&desk));
        desk
    }
}

fn read(operation: &Operation, Opened { answer, failed }: &Opened, caller: &str) -> (Outcome, Option<String>) {
    if *failed { read_failure(operation, answer) } else { read_answer(operation, answer, caller) }
}

impl NotSent {
    /// The observer's word for it.
    fn word(self) -> &'static str {
        match self {
            Self::NoTime => "late",
            Self::Unbuildable => "unbuildable",
            Self::Full => "full",
            Self::Open => "open",
            Self::NoConnection => "down",
        }
    }

    /// What a citizen is told. A value that no path can hold names nothing that a department has, which is a refusal;
    /// everything else is a department out of reach.
    fn failure(self) -> Failure {
        match self {
            Self::Unbuildable => Failure::Refused,
            Self::NoTime | Self::Full | Self::Open | Self::NoConnection => Failure::Down,
        }
    }
}

#[cfg(test)]
mod tests;
