//! Calls on the sandbox, from the values of a screen to the outcome: promises 3 and 5 of the architecture.

mod xml;

use std::sync::Arc;
use std::time::Duration;

use super::sandbox::{Booked, InProcess, Mischief, Sandbox};
use super::testing::{ManualClock, NoChance, call, field, filled, get, program, text, value};
use super::{Budget, Departments};
use crate::engine::{CallRequest, Failure, Outcome};
use crate::menu::{
    AnswerField, Body, ErrorRule, JsonBody, Letters, Method, Operation, OperationId, Program, Registered, Type, Value,
};
use crate::types::{Clock, Timestamp};

/// The consumer that belongs to 9812345670, and who never booked in these tests.
const CONSUMER: &str = "75000006901353890";
const BUDGET: Budget = Budget(Duration::from_secs(8));

fn booking() -> Vec<AnswerField> {
    vec![
        field("number", "/booking", text(10, Letters::Latin)),
        field("amount", "/amount", Type::Amount { max: 999_900 }),
        field("expected", "/expected_on", Type::Date),
    ]
}

fn not_booked() -> Vec<ErrorRule> {
    vec![ErrorRule { status: Some(404), at: None, name: "not_booked".to_owned() }]
}

/// 0 books, 1 settles it, 2 finds the caller's consumer number.
fn lpg() -> Program {
    let consumer = Body::Json(JsonBody::Object(vec![(
        "consumer".to_owned(),
        JsonBody::Text(filled("{consumer}", &["consumer"])),
    )]));
    let book = Operation {
        method: Method::Post,
        body: consumer,
        changes: true,
        settled_by: Some(OperationId(1)),
        errors: not_booked(),
        ..get("/bookings", &["consumer"], booking())
    };
    let settle = Operation { errors: not_booked(), ..get("/bookings/by-key/{intent}", &["intent"], booking()) };
    let number = || vec![field("number", "/consumer", text(17, Letters::Digits))];
    let find = Operation {
        registered: Some(Registered::At(super::testing::pointer("/registered_mobile"))),
        ..get("/consumers/by-mobile/{mobile}", &["mobile"], number())
    };
    program(vec![book, settle, find])
}

struct Village {
    sandbox: Arc<Sandbox>,
    clock: Arc<ManualClock>,
    departments: Departments,
    program: Program,
}

impl Village {
    fn new() -> Self {
        let (sandbox, clock) = (Arc::new(Sandbox::default()), ManualClock::at(Timestamp(0)));
        let transport = InProcess::new(Arc::clone(&sandbox), Arc::clone(&clock) as Arc<dyn Clock>);
        let time = Arc::clone(&clock) as Arc<dyn Clock>;
        let departments = Departments::new(Arc::new(transport), time, Arc::new(NoChance), Vec::new());
        Self { sandbox, clock, departments, program: lpg() }
    }

    fn lpg(&self, mischief: &str) {
        let mischief: Mischief = mischief.parse().expect("it is one");
        self.sandbox.misbehave("lpg", mischief).expect("it is a department");
    }

    async fn book(&self, key: &str) -> Outcome {
        self.departments.change(&self.program, &call(vec![value(CONSUMER)]), key, BUDGET).await
    }

    async fn ask_after(&self, key: &str) -> Option<Outcome> {
        self.departments
            .ask_after(&self.program, &call(vec![value(CONSUMER)]), key, Budget(Duration::from_secs(8)))
            .await
    }

    async fn find(&self, mobile: &str) -> Outcome {
        let call = CallRequest { operation: OperationId(2), ..call(vec![value(mobile)]) };
        self.departments.read(&self.program, &call, BUDGET).await
    }

    fn booked(&self) -> Option<Booked> {
        self.sandbox.booked().remove(CONSUMER)
    }
}

fn unknown() -> Outcome {
    Outcome::Failed(Failure::Unknown { receipt: String::new() })
}

fn is_booked(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Answered(Value::Record(fields)) if fields.iter().all(Option::is_some))
}

#[tokio::test]
async fn a_lost_answer_is_asked_after_and_the_booking_is_one() {
    for mischief in ["loses the answer", "answers in 9s", "answers nonsense"] {
        let village = Village::new();
        village.lpg(mischief);
        assert_eq!(village.book("key-1").await, unknown(), "{mischief}");
        assert_eq!(village.ask_after("key-1").await, None, "{mischief}: it still misbehaves");
        village.lpg("works");
        let settled = village.ask_after("key-1").await;
        assert!(settled.as_ref().is_some_and(is_booked), "{mischief}: {settled:?}");
        assert_eq!(village.booked(), Some(Booked { bookings: 1, posts: 1, keys: 1 }), "{mischief}");
    }
}

#[tokio::test]
async fn a_failure_before_the_work_is_settled_as_not_done() {
    let village = Village::new();
    village.lpg("fails with 503");
    assert_eq!(village.book("key-1").await, unknown());
    village.lpg("works");
    let not_booked = Outcome::Failed(Failure::Named("not_booked".to_owned()));
    assert_eq!(village.ask_after("key-1").await, Some(not_booked));
    assert!(is_booked(&village.book("key-2").await));
}

#[tokio::test]
async fn a_slow_department_does_not_hang_a_phone() {
    let village = Village::new();
    village.lpg("answers in 9s");
    assert_eq!(village.find("919812345670").await, Outcome::Failed(Failure::Late));
    assert_eq!(village.clock.now(), Timestamp(3000), "its own `within`");
}

#[tokio::test]
async fn what_belongs_to_another_number_is_refused() {
    let village = Village::new();
    let found = Outcome::Answered(Value::Record(vec![value(CONSUMER)]));
    assert_eq!(village.find("919812345670").await, found);
    assert_eq!(village.find("919812345671").await, Outcome::Failed(Failure::Refused));
}
