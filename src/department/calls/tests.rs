use std::time::Duration;

use super::*;
use crate::department::testing::{
    Answered, ManualClock, NoChance, Notes, Scripted, call, field, get, program, text, value,
};
use crate::menu::{ErrorRule, Letters, OperationId, Value};
use crate::outward::{HttpAnswer, TransportError};

const BUDGET: Budget = Budget(Duration::from_secs(8));

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn says(status: u16, body: &str) -> (Duration, Answered) {
    (ms(50), Ok(HttpAnswer { status, body: body.as_bytes().to_vec() }))
}

fn fails(error: TransportError) -> (Duration, Answered) {
    (ms(50), Err(error))
}

fn not_sent() -> (Duration, Answered) {
    fails(TransportError::NotSent("refused".to_owned()))
}

fn booked(id: &str) -> Outcome {
    Outcome::Answered(Value::Record(vec![value(id)]))
}

fn failed(failure: Failure) -> Outcome {
    Outcome::Failed(failure)
}

fn unknown() -> Outcome {
    failed(Failure::Unknown { receipt: String::new() })
}

/// Departments with one scripted, and all that a test looks at.
struct Bench {
    clock: Arc<ManualClock>,
    transport: Arc<Scripted>,
    notes: Arc<Notes>,
    departments: Departments,
    program: Program,
}

impl Bench {
    /// Operation 0 reads and is cached for ten seconds; 1 changes and is settled by 2, which names its field alike.
    fn new(answers: Vec<(Duration, Answered)>, policy: Policy) -> Self {
        let id = || field("id", "/id", text(9, Letters::Digits));
        let mut reads = get("/things/{a}", &["a"], vec![id()]);
        reads.cache = Some(Duration::from_secs(10));
        let mut changes = get("/things", &["a"], vec![id()]);
        changes.changes = true;
        changes.settled_by = Some(OperationId(2));
        changes.errors = vec![ErrorRule { status: Some(409), at: None, name: "already".to_owned() }];
        let mut settles =
            get("/things/{intent}", &["intent"], vec![field("kind", "/kind", text(9, Letters::Digits)), id()]);
        settles.errors = vec![ErrorRule { status: Some(404), at: None, name: "not_done".to_owned() }];
        let clock = ManualClock::at(Timestamp(0));
        let transport = Scripted::new(&clock, answers);
        let notes = Arc::new(Notes::default());
        let departments = Departments::new(
            Arc::clone(&transport) as Arc<dyn Transport>,
            Arc::clone(&clock) as Arc<dyn Clock>,
            Arc::new(NoChance),
            vec![("lpg".to_owned(), policy)],
        )
        .observed_by(Arc::clone(&notes) as Arc<dyn Observer>);
        Self { clock, transport, notes, departments, program: program(vec![reads, changes, settles]) }
    }

    async fn read(&self, a: &str) -> Outcome {
        self.departments.read(&self.program, &call(vec![value(a)]), BUDGET).await
    }

    fn changing_call() -> CallRequest {
        CallRequest { operation: OperationId(1), ..call(vec![value("1")]) }
    }

    async fn change(&self) -> Outcome {
        self.departments.change(&self.program, &Self::changing_call(), "key-1", BUDGET).await
    }

    async fn ask_after(&self) -> Option<Outcome> {
        self.departments.ask_after(&self.program, &Self::changing_call(), "key-1", BUDGET).await
    }

    fn notes(&self) -> Vec<String> {
        std::mem::take(&mut lock(&self.notes.0))
    }
}

#[tokio::test]
async fn a_reading_call_is_repeated_while_its_deadline_allows() {
    let bench = Bench::new(
        vec![not_sent(), says(503, ""), says(200, r#"{"id":"7"}"#)],
        Policy { retries: 2, ..Policy::default() },
    );
    assert_eq!(bench.read("x").await, booked("7"));
    // Three attempts of 50 ms, pauses of 100 and 200 ms.
    assert_eq!(bench.notes(), ["lpg lpg.test answered 450ms"]);
}

#[tokio::test]
async fn repetitions_end_with_the_deadline() {
    let slow_failure = || (ms(1450), Ok(HttpAnswer { status: 500, body: Vec::new() }));
    let bench =
        Bench::new(vec![slow_failure(), slow_failure(), slow_failure()], Policy { retries: 9, ..Policy::default() });
    // The second attempt ends at 3000 of 3000 ms.
    assert_eq!(bench.read("x").await, failed(Failure::Late));
    assert_eq!(bench.transport.times_asked(), 2);
    assert_eq!(bench.clock.now(), Timestamp(3000));
}

#[tokio::test]
async fn answers_that_would_be_the_same_again_are_not_asked_for_again() {
    for (answer, outcome) in [
        (says(404, ""), Failure::Refused),
        (says(200, "<html>"), Failure::Down),
        (fails(TransportError::TooLarge(9)), Failure::Down),
        ((ms(9000), says(200, "").1), Failure::Late),
    ] {
        let bench = Bench::new(vec![answer], Policy::default());
        assert_eq!(bench.read("x").await, failed(outcome));
        assert_eq!(bench.transport.times_asked(), 1);
    }
}

#[tokio::test]
async fn a_phone_that_cannot_wait_gets_its_answer_at_once() {
    let bench = Bench::new(vec![(ms(9000), not_sent().1)], Policy::default());
    let call = call(vec![value("x")]);
    let outcome = bench.departments.read(&bench.program, &call, Budget(ms(700))).await;
    assert_eq!(outcome, failed(Failure::Late));
    assert_eq!(bench.clock.now(), Timestamp(700), "all that is left is the department's");
    let outcome = bench.departments.read(&bench.program, &call, Budget(ms(99))).await;
    assert_eq!(outcome, failed(Failure::Late));
    let outcome = bench.departments.change(&bench.program, &Bench::changing_call(), "k", Budget(ms(999))).await;
    assert_eq!(outcome, failed(Failure::Down), "nothing was sent, so nothing is unknown");
    assert_eq!(bench.transport.times_asked(), 1);
}

#[tokio::test]
async fn a_department_that_had_no_time_is_not_called_slow() {
    let slow = || (ms(9000), not_sent().1);
    let bench = Bench::new(vec![slow(), slow(), slow()], Policy { breaks_after: 1, ..Policy::default() });
    let call = call(vec![value("x")]);
    for _ in 0..2 {
        let outcome = bench.departments.read(&bench.program, &call, Budget(ms(900))).await;
        assert_eq!(outcome, failed(Failure::Late), "it is called again");
    }
    assert!(!bench.notes().iter().any(|note| note.contains("open")));
    bench.departments.read(&bench.program, &call, Budget(ms(1000))).await;
    assert!(bench.notes().iter().any(|note| note.contains("open")));
}

#[tokio::test]
async fn answers_are_kept_for_their_time_and_by_their_values() {
    let answer = |id: &str| says(200, &format!(r#"{{"id":"{id}"}}"#));
    let bench =
        Bench::new(vec![answer("1"), answer("2"), answer("3"), answer("4")], Policy { cached: 1, ..Policy::default() });
    assert_eq!(bench.read("x").await, booked("1"));
    assert_eq!(bench.read("x").await, booked("1"));
    assert_eq!(bench.notes(), ["lpg lpg.test answered 50ms", "lpg lpg.test cached 0ms"]);
    bench.clock.pass(Duration::from_secs(10));
    assert_eq!(bench.read("x").await, booked("2"));
    assert_eq!(bench.read("y").await, booked("3"));
    assert_eq!(bench.read("x").await, booked("4"), "only one is kept");
}

#[tokio::test]
async fn failures_are_not_kept() {
    let bench = Bench::new(vec![says(404, ""), says(200, r#"{"id":"1"}"#)], Policy::default());
    assert_eq!(bench.read("x").await, failed(Failure::Refused));
    assert_eq!(bench.read("x").await, booked("1"));
}

#[tokio::test]
async fn what_depends_on_the_caller_is_kept_for_the_caller() {
    let mut bench = Bench::new(vec![says(200, r#"{"id":"1"}"#), says(200, r#"{"id":"2"}"#)], Policy::default());
    bench.program.operations[0].registered = Some(crate::menu::Registered::ByCaller);
    assert_eq!(bench.read("x").await, booked("1"));
    let other = CallRequest { caller: "919800000000".to_owned(), ..call(vec![value("x")]) };
    assert_eq!(bench.departments.read(&bench.program, &other, BUDGET).await, booked("2"));
}

#[tokio::test]
async fn a_changing_call_is_made_once_and_certain_only_when_its_answer_is() {
    for (answer, outcome) in [
        (says(201, r#"{"id":"7"}"#), booked("7")),
        (says(409, ""), failed(Failure::Named("already".to_owned()))),
        (says(422, ""), failed(Failure::Refused)),
        (not_sent(), failed(Failure::Down)),
        (says(503, ""), unknown()),
        (says(201, "<html>"), unknown()),
        (says(201, "{}"), unknown()),
        (says(302, ""), unknown()),
        (fails(TransportError::Lost("reset".to_owned())), unknown()),
        (fails(TransportError::TooLarge(9)), unknown()),
        ((ms(9000), says(201, "").1), unknown()),
    ] {
        let bench = Bench::new(vec![answer], Policy { retries: 9, ..Policy::default() });
        assert_eq!(bench.change().await, outcome);
        assert_eq!(bench.transport.times_asked(), 1);
        let asked = lock(&bench.transport.asked);
        assert_eq!(asked[0].idempotency_key.as_deref(), Some("key-1"));
    }
}

#[tokio::test]
async fn a_doubtful_call_is_asked_after_until_it_is_known() {
    let bench = Bench::new(
        vec![
            says(503, ""),
            fails(TransportError::Lost("reset".to_owned())),
            says(200, r#"{"id":"7","kind":"1"}"#),
            says(404, ""),
            says(401, ""),
        ],
        Policy { breaks_after: 99, ..Policy::default() },
    );
    assert_eq!(bench.ask_after().await, None, "two attempts, two failures");
    assert_eq!(bench.ask_after().await, Some(booked("7")), "fields by name");
    assert_eq!(bench.ask_after().await, Some(failed(Failure::Named("not_done".to_owned()))));
    assert_eq!(bench.ask_after().await, None, "credentials that are wrong say nothing about the call");
    assert!(lock(&bench.transport.asked).iter().all(|asked| asked.path == "/things/key-1"));
}

#[tokio::test]
async fn an_operation_without_settlement_stays_unknown() {
    let bench = Bench::new(Vec::new(), Policy::default());
    let outcome = bench.departments.ask_after(&bench.program, &call(vec![value("x")]), "key-1", BUDGET).await;
    assert_eq!((outcome, bench.transport.times_asked()), (None, 0));
}

#[tokio::test]
async fn an_open_breaker_answers_at_once_and_one_call_mends_it() {
    let policy = Policy { breaks_after: 2, retries: 0, ..Policy::default() };
    let bench = Bench::new(vec![not_sent(), says(500, ""), says(404, "")], policy);
    for _ in 0..3 {
        assert_eq!(bench.read("x").await, failed(Failure::Down));
    }
    assert_eq!(bench.change().await, failed(Failure::Down), "not sent, so not unknown");
    bench.clock.pass(Duration::from_secs(10));
    assert_eq!(bench.read("x").await, failed(Failure::Refused));
    assert_eq!(
        bench.notes(),
        [
            "lpg lpg.test down 50ms",
            "lpg breaker open",
            "lpg lpg.test down 50ms",
            "lpg lpg.test open 0ms",
            "lpg lpg.test open 0ms",
            "lpg breaker trying",
            "lpg breaker closed",
            "lpg lpg.test refused 50ms",
        ]
    );
}

#[tokio::test]
async fn answers_that_displease_do_not_open_the_breaker() {
    let bench = Bench::new((0..4).map(|_| says(200, "{}")).collect(), Policy { breaks_after: 2, ..Policy::default() });
    for _ in 0..4 {
        assert_eq!(bench.read("x").await, failed(Failure::Down));
    }
    assert_eq!(bench.transport.times_asked(), 4);
}

#[tokio::test]
async fn a_full_department_turns_calls_away() {
    let bench = Bench::new(Vec::new(), Policy { at_once: 0, ..Policy::default() });
    assert_eq!(bench.read("x").await, failed(Failure::Down));
    assert_eq!(bench.notes(), ["lpg lpg.test full 0ms"]);
    assert_eq!(bench.transport.times_asked(), 0);
}

#[tokio::test]
async fn a_value_that_no_path_holds_is_refused() {
    let bench = Bench::new(Vec::new(), Policy::default());
    assert_eq!(bench.read("..").await, failed(Failure::Refused));
    assert_eq!(bench.notes(), ["lpg lpg.test unbuildable 0ms"]);
}
