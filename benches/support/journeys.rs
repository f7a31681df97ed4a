//! Journeys of citizens through menus, without a bridge: recorded once with the sandbox departments, replayed with what they
//! answered.

use std::sync::Arc;

use gramsetu::ambient::{SystemChance, SystemClock};
use gramsetu::channel::ussd::{self, Pressed};
use gramsetu::department::sandbox::{self, InProcess, Sandbox};
use gramsetu::department::{Budget, Departments};
use gramsetu::engine::{
    DialPath, Event, Facts, Next, Now, OtpOutcome, Outcome, Request, Session, SessionId, Step, present, step,
};
use gramsetu::house::load::Loaded;
use gramsetu::menu::Program;
use gramsetu::phone::{self, Country};
use gramsetu::types::{Channel, Clock, Limits, Timestamp};
use tokio::runtime::Runtime;

/// What a citizen does, and what must then be shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Journey {
    pub(crate) name: &'static str,
    /// The code of the language in which the citizen reads.
    pub(crate) language: &'static str,
    /// The menu that is dialled.
    pub(crate) entry: &'static str,
    /// The last digits of the caller's number, by which the sandbox departments know who it is.
    pub(crate) caller: &'static str,
    /// The gateway has UCS-2.
    pub(crate) wide: bool,
    pub(crate) script: &'static [(&'static str, &'static str)],
}

/// A journey with what the departments answered.
#[derive(Debug)]
pub(crate) struct Recorded<'p> {
    program: &'p Program,
    facts: Facts,
    now: Now,
    limits: Limits,
    turns: Vec<Turn>,
}

/// What is typed (nothing in the first turn) and what the departments say meanwhile.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    typed: &'static str,
    outcomes: Vec<Outcome>,
}

/// A session that is replayed.
#[derive(Debug)]
pub(crate) struct Replay<'r> {
    recorded: &'r Recorded<'r>,
    session: Session,
    turns: std::vec::IntoIter<Turn>,
    first: bool,
}

impl<'p> Recorded<'p> {
    /// # Panics
    /// When a page is not what the journey says.
    pub(crate) fn new(journey: &Journey, program: &'p Program, departments: &Hall) -> Self {
        let entry = program.menu_by_name(journey.entry).expect("the menu is there");
        let language = program.language_by_code(journey.language).expect("the language is there");
        let number = format!("+919812345{}", journey.caller);
        let caller = phone::parse(&number, Country::by_iso("IN").expect("a country")).expect("a number of India");
        let at = SystemClock.now();
        let profile = Vec::new();
        let facts = Facts { id: SessionId(42), caller, channel: Channel::Ussd, entry, language, profile, at };
        let (limits, now) = gateway(journey.wide, at);
        let mut recorded = Self { program, facts, now, limits, turns: Vec::new() };
        let mut session = recorded.begin();
        for (at, (typed, shows)) in journey.script.iter().enumerate() {
            let mut outcomes = Vec::new();
            let mut answer = |request: &Request| {
                let outcome = departments.answer(program, request);
                outcomes.push(outcome.clone());
                outcome
            };
            let page = recorded.take(&mut session, (at > 0).then_some(typed), &mut answer);
            assert!(page.contains(shows), "{}: after `{typed}` is shown:\n{page}\nand not `{shows}`", journey.name);
            recorded.turns.push(Turn { typed, outcomes });
        }
        recorded
    }

    fn begin(&self) -> Session {
        Session::begin(self.program, self.facts.clone())
    }

    /// One turn: the page that the citizen is shown.
    fn take(&self, session: &mut Session, typed: Option<&str>, answer: &mut dyn FnMut(&Request) -> Outcome) -> String {
        let (program, now) = (self.program, self.now);
        let mut made = match typed {
            None => step(program, session, now, Event::Begin(DialPath::default())),
            Some(typed) => {
                let shown = present(program, session, now);
                match ussd::pressed(typed, &shown, self.limits, session.page()) {
                    Pressed::Page(page) => {
                        session.turn_to(page);
                        return self.page(session);
                    }
                    Pressed::Answer(reading) => step(program, session, now, Event::Answer(reading)),
                }
            }
        };
        while let Step { next: Next::Wait(wait, request), .. } = &made {
            let event = Event::Done(*wait, answer(request));
            made = step(program, session, now, event);
        }
        self.page(session)
    }

    fn page(&self, session: &Session) -> String {
        ussd::page(&present(self.program, session, self.now), self.limits, session.page()).0
    }

    pub(crate) fn len(&self) -> usize {
        self.turns.len()
    }

    /// Ready to be replayed from the first turn on.
    pub(crate) fn replay(&self) -> Replay<'_> {
        Replay { recorded: self, session: self.begin(), turns: self.turns.clone().into_iter(), first: true }
    }
}

impl Replay<'_> {
    /// The page of the next turn.
    pub(crate) fn turn(&mut self) -> Option<String> {
        let Turn { typed, outcomes } = self.turns.next()?;
        let mut outcomes = outcomes.into_iter();
        let mut answer = |_: &Request| outcomes.next().expect("as many calls as when it was recorded");
        let typed = (!std::mem::take(&mut self.first)).then_some(typed);
        Some(self.recorded.take(&mut self.session, typed, &mut answer))
    }

    /// As the bridge does between two turns.
    pub(crate) fn is_stored(&mut self) {
        self.session = Session::decode(&self.session.encode()).expect("it was just written");
    }
}

fn gateway(wide: bool, at: Timestamp) -> (Limits, Now) {
    let units = wide.then_some(70);
    (Limits { septets: 160, units }, Now { at, plain: !wide })
}

/// The departments of the shipped menus.
pub(crate) struct Hall {
    departments: Departments,
    runtime: Runtime,
}

impl Hall {
    pub(crate) fn of(loaded: &Loaded, program: &Program) -> Self {
        let sandboxes = &loaded.sandboxes;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let transport = InProcess::new(Arc::new(Sandbox::new(program, sandboxes)), Arc::clone(&clock));
        let policies = sandbox::policies(program, sandboxes);
        let departments = Departments::new(Arc::new(transport), clock, Arc::new(SystemChance), policies);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Self { departments, runtime }
    }

    fn answer(&self, program: &Program, request: &Request) -> Outcome {
        let call = match request {
            Request::Call(call) => call,
            Request::Otp(_) => return Outcome::Otp(OtpOutcome::Sent),
        };
        let budget = Budget(std::time::Duration::from_secs(3));
        let changes = program.operation(call.operation).changes;
        self.runtime.block_on(async {
            if changes {
                self.departments.change(program, call, "journey", budget).await
            } else {
                self.departments.read(program, call, budget).await
            }
        })
    }
}
