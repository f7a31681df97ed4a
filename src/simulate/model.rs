//! What the server must remember of one citizen, and so what it must answer next. Written from the promises, with the
//! compiled program, and without a store: whatever the server loses, repeats or mixes up differs from this.
//!
//! `verdict` judges what a callback is, `begin` where dialling leads, `heard` keeps what the twin departments answered, `pattern`
//! is what may follow on an answer that nobody knows. Nothing here knows what was really answered.

mod begin;
mod heard;
mod pattern;
mod verdict;

use crate::bridge::{OtpRecord, OtpRules, Page};
use crate::channel::ussd::{self, Place, Pressed};
use crate::engine::{
    self, CallRequest, Effect, Event, Failure, Head, Next, OtpOutcome, OtpRequest, Outcome, Request, ScreenKind,
    Session, Step, View,
};
use crate::gateway::{Echoed, Input, Outbound, Turn};
use crate::menu::{LanguageId, OperationId, Own, Position, SystemText, Value};
use crate::store::KeyedHash;
use crate::types::{Msisdn, Timestamp};

use super::world::World;
pub(super) use heard::Heard;
use verdict::Verdict;

/// Calls that one turn may make; the bridge bounds it the same.
const CALLS_PER_TURN: usize = 8;

/// Stands for a receipt, which the server draws by chance, in a page that is foreseen. As long as a real one.
const SOME_RECEIPT: &str = "2222-2";

/// A callback that is sent, with what the bridge reads from it.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) outbound: Outbound,
    pub(super) turn: Turn,
    pub(super) echo: Vec<Echoed>,
}

/// One citizen, as the server must remember them.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    caller: Msisdn,
    language: Option<LanguageId>,
    /// Index `ProfileId`.
    profile: Vec<Option<Value>>,
    otp: OtpRecord,
    talk: Option<Talk>,
    /// Legs before the present one.
    passed: Vec<String>,
    /// How many turns were taken.
    turns: u32,
}

/// The last conversation.
#[derive(Clone, Debug)]
struct Talk {
    session: Session,
    at: Timestamp,
    leg: Leg,
    shown: Shown,
}

/// The last dialogue.
#[derive(Clone, Debug)]
struct Leg {
    id: String,
    number: Option<u32>,
    history: Option<String>,
    callback: Outbound,
    page: Page,
    over: bool,
}

/// What stands on the phone.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) head: Head,
    /// The page.
    pub(super) text: String,
    pub(super) place: Place,
}

/// What a callback must be answered, and how the citizen is remembered after it.
#[derive(Clone, Debug)]
pub(super) struct Foreseen {
    pub(super) page: Page,
    pub(super) after: Memory,
}

/// How the calls of a turn end: what was foreseen already, then what the twin departments answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Hearing {
    outcomes: Vec<Outcome>,
    calls: Vec<Called>,
    heard: Heard,
    /// The twin departments book nothing: a turn that needs a change of which nobody has heard is put off.
    reads_only: bool,
    is_put_off: bool,
}

/// A call of a turn, or what was asked about a one-time password.
#[derive(Clone, Debug)]
struct Called {
    /// `None` for a one-time password.
    operation: Option<OperationId>,
    /// The menus under way, each run by the one before it.
    stack: Vec<Position>,
    language: LanguageId,
}

impl Hearing {
    /// One that asks again about nothing that was heard.
    pub(super) fn of(heard: &Heard, reads_only: bool) -> Self {
        Self { heard: heard.clone(), reads_only, ..Self::default() }
    }

    /// What was foreseen means nothing: it needs a change that was not made.
    pub(super) fn is_put_off(&self) -> bool {
        self.is_put_off
    }

    /// What a twin department answers to this call of this turn, or has answered; `None` puts the turn off.
    async fn hear(&mut self, world: &World, turn: u32, at: usize, call: &CallRequest) -> Option<Outcome> {
        if let Some(known) = self.heard.outcome(turn, at, call) {
            return Some(known);
        }
        // What the server keeps for a citizen is its own; most have nothing there.
        if let Some(own) = Own::of(&world.program, call.operation) {
            return Some(match own {
                Own::Requests => Outcome::Answered(Value::Record(vec![Some(Value::List(Vec::new()))])),
                Own::Request | Own::Payment => Outcome::Failed(Failure::Named("not_found".to_owned())),
            });
        }
        if self.reads_only && world.program.operation(call.operation).changes {
            self.is_put_off = true;
            return None;
        }
        let outcome = world.call(call).await;
        self.heard.keep(turn, at, call.clone(), outcome.clone());
        Some(outcome)
    }

    /// Whether a page may follow on any answer to one of the calls.
    pub(super) fn may_be_followed_by(&self, world: &World, page: &Page) -> bool {
        self.calls.iter().any(|called| pattern::may_follow(world, &called.stack, called.language, page))
    }

    /// Whether the server was asked about what it keeps itself.
    pub(super) fn asks_the_server(&self, world: &World) -> bool {
        let is_own =
            |called: &Called| called.operation.is_some_and(|operation| Own::of(&world.program, operation).is_some());
        self.calls.iter().any(is_own)
    }

    /// The same turn with one call failing, in every way in which it can. Departments of sand, whose answers are known, are at
    /// most not reached in time, where the machine is busy.
    pub(super) fn failing(&self, world: &World) -> Vec<Self> {
        let mut all = Vec::new();
        for (at, called) in self.calls.iter().enumerate() {
            let before = self.outcomes.iter().take(at).cloned();
            let Some(operation) = called.operation.map(|operation| world.program.operation(operation)) else {
                // The server may have no way to send one.
                let outcomes = before.chain([Outcome::Otp(OtpOutcome::Unsent)]).collect();
                all.push(Self { outcomes, calls: Vec::new(), ..self.clone() });
                continue;
            };
            let unknown = || Failure::Unknown { receipt: SOME_RECEIPT.to_owned() };
            let unreached = [Failure::Down, Failure::Late].into_iter().chain(operation.changes.then(unknown));
            let named = operation.errors.iter().map(|rule| Failure::Named(rule.name.clone()));
            let answered = std::iter::once(Failure::Refused).chain(named).filter(|_| !world.knows_departments);
            all.extend(unreached.chain(answered).map(|failure| {
                let outcomes = before.clone().chain([Outcome::Failed(failure)]).collect();
                Self { outcomes, calls: Vec::new(), ..self.clone() }
            }));
        }
        all
    }

    /// The same with a receipt that became known.
    #[must_use]
    pub(super) fn with_receipt(mut self, known: &str) -> Self {
        for outcome in &mut self.outcomes {
            if let Outcome::Failed(Failure::Unknown { receipt }) = outcome {
                known.clone_into(receipt);
            }
        }
        self
    }
}

impl Memory {
    pub(super) fn new(world: &World, caller: Msisdn) -> Self {
        let profile = world.program.profile.iter().map(|_| None).collect();
        let otp = OtpRecord::default();
        Self { caller, language: None, profile, otp, talk: None, passed: Vec::new(), turns: 0 }
    }

    pub(super) fn turns(&self) -> u32 {
        self.turns
    }

    /// What stands on the phone, with the session behind it; `None` before anything was dialled.
    pub(super) fn shown(&self) -> Option<(&Shown, &Session)> {
        self.talk.as_ref().map(|talk| (&talk.shown, &talk.session))
    }

    /// The gateway says that the dialogue is over.
    pub(super) fn hangs_up(&mut self) {
        if let Some(talk) = &mut self.talk {
            talk.leg.over = true;
        }
    }

    /// What must follow on a callback that was sent at `at`. `soon`: so shortly after the last reply that the same bytes are
    /// the same turn.
    pub(super) async fn foresee(
        &self,
        world: &World,
        sent: &Sent,
        at: Timestamp,
        soon: bool,
        hearing: &mut Hearing,
    ) -> Foreseen {
        let same_leg = self.talk.as_ref().filter(|talk| talk.leg.id == sent.turn.leg);
        let has_passed = same_leg.is_none() && self.passed.contains(&sent.turn.leg);
        if has_passed && !(world.profile.ids_come_back() && begin::may_open(world, sent)) {
            return self.ending(world, SystemText::Expired);
        }
        let leg = same_leg.map(|talk| &talk.leg);
        match (verdict::judge(&world.profile, sent, leg, soon), same_leg) {
            (Verdict::First, _) => self.begin(world, sent, at, hearing).await,
            (Verdict::Next(answer), Some(talk)) => self.answer(world, sent, at, talk, &answer, hearing).await,
            (Verdict::Repeat, Some(talk)) => self.still(talk.leg.page.clone()),
            (Verdict::Passed, Some(talk)) if talk.leg.over => self.still(talk.leg.page.clone()),
            (Verdict::Passed, Some(talk)) => self.still(talk.shown.page()),
            (Verdict::Unknown, _) | (_, None) => self.ending(world, SystemText::Expired),
        }
    }

    /// A page that changes nothing.
    fn still(&self, page: Page) -> Foreseen {
        Foreseen { page, after: self.clone() }
    }

    /// The bridge's own words, with which a dialogue ends and no turn is written.
    fn ending(&self, world: &World, text: SystemText) -> Foreseen {
        let language = self.talk.as_ref().map(|talk| talk.session.language()).or(self.language);
        self.still(Page { text: world.said(text, language.unwrap_or(LanguageId(0))), more: false })
    }

    async fn answer(
        &self,
        world: &World,
        sent: &Sent,
        at: Timestamp,
        talk: &Talk,
        answer: &str,
        hearing: &mut Hearing,
    ) -> Foreseen {
        let Shown { head, place, .. } = &talk.shown;
        let mut session = talk.session.clone();
        match ussd::read(answer, *head, place.page, &world.labels(head.language), || *place) {
            Pressed::Page(page) => {
                session.turn_to(page);
                self.shows(world, sent, at, session, self.known())
            }
            Pressed::Answer(_) if session.has_ended() => self.ending(world, SystemText::Expired),
            Pressed::Answer(reading) => {
                let step = engine::step(&world.program, &mut session, world.now(at), Event::Answer(reading));
                self.go_on(world, sent, at, (session, step), hearing).await
            }
        }
    }

    /// Performs calls until there is something to show.
    async fn go_on(
        &self,
        world: &World,
        sent: &Sent,
        at: Timestamp,
        (mut session, mut step): (Session, Step),
        hearing: &mut Hearing,
    ) -> Foreseen {
        let mut after = self.known();
        let mut calls = 0;
        loop {
            after.keep(step.effects);
            let (wait, request) = match step.next {
                Next::Show | Next::End => return self.shows(world, sent, at, session, after),
                Next::Wait(wait, request) => (wait, request),
            };
            let event = if calls < CALLS_PER_TURN {
                if hearing.outcomes.len() == calls {
                    let outcome = match &request {
                        Request::Call(call) => hearing.hear(world, self.turns, calls, call).await,
                        Request::Otp(request) => Some(Outcome::Otp(after.otp(request, at))),
                    };
                    let Some(outcome) = outcome else {
                        return self.still(Page { text: String::new(), more: false });
                    };
                    hearing.outcomes.push(outcome);
                }
                hearing.calls.truncate(calls);
                let (stack, language) = (session.positions().collect(), session.language());
                let operation = if let Request::Call(call) = &request { Some(call.operation) } else { None };
                hearing.calls.push(Called { operation, stack, language });
                hearing.outcomes.get(calls).map_or(Event::Late(wait), |outcome| Event::Done(wait, outcome.clone()))
            } else {
                Event::Late(wait)
            };
            calls += 1;
            step = engine::step(&world.program, &mut session, world.now(at), event);
        }
    }

    /// The same without the conversation, of which every turn makes another.
    fn known(&self) -> Self {
        let Self { caller, language, profile, otp, passed, turns, talk: _ } = self;
        let (caller, profile, otp, passed) = (caller.clone(), profile.clone(), otp.clone(), passed.clone());
        Self { caller, language: *language, profile, otp, talk: None, passed, turns: *turns }
    }

    /// What comes of a one-time password, which no citizen here ever knows.
    fn otp(&mut self, request: &OtpRequest, at: Timestamp) -> OtpOutcome {
        const SENT: KeyedHash = KeyedHash([0; 16]);
        const TYPED: KeyedHash = KeyedHash([1; 16]);
        match *request {
            OtpRequest::Send { again, tries, lock } => {
                let sent = self.otp.send(at, &OtpRules::new(tries, lock), again, SENT);
                sent.map_or_else(|why| why, |_| OtpOutcome::Sent)
            }
            OtpRequest::Check { tries, lock, .. } => self.otp.check(at, &OtpRules::new(tries, lock), TYPED),
        }
    }

    /// What is kept about the number beyond the session.
    fn keep(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::SetLanguage(language) => self.language = Some(language),
                Effect::SetProfile(field, value) => {
                    if let Some(kept) = self.profile.get_mut(field.index()) {
                        *kept = value;
                    }
                }
                Effect::Send { .. } | Effect::Record(_) => {}
            }
        }
    }

    fn shows(&self, world: &World, sent: &Sent, at: Timestamp, session: Session, mut after: Self) -> Foreseen {
        let shown = Shown::of(&engine::present(&world.program, &session, world.now(at)), world, session.page());
        let page = shown.page();
        let history = match &sent.turn.input {
            Input::History(history) => Some(history.clone()),
            Input::Last(_) | Input::Dialled(_) => None,
        };
        let leg = Leg {
            id: sent.turn.leg.clone(),
            number: sent.turn.number,
            history,
            callback: sent.outbound.clone(),
            over: !page.more,
            page: page.clone(),
        };
        after.passed.extend(self.talk.iter().map(|talk| &talk.leg.id).filter(|id| **id != leg.id).cloned());
        after.turns += 1;
        after.talk = Some(Talk { session, at, leg, shown });
        Foreseen { page, after }
    }
}

impl Shown {
    fn of(view: &View<'_>, world: &World, page: u16) -> Self {
        let (text, place) = ussd::page(view, world.profile.limits, page);
        Self { head: view.head, text, place }
    }

    fn page(&self) -> Page {
        Page { text: self.text.clone(), more: !(self.place.is_last && self.head.kind == ScreenKind::End) }
    }
}

/// A page that was foreseen with [`SOME_RECEIPT`], with the receipt that the page which came has in its place. `None` where the
/// one names no receipt, or the other has none there.
pub(super) fn with_receipt_of(foreseen: &str, came: &str) -> Option<String> {
    let at = foreseen.find(SOME_RECEIPT)?;
    let receipt = came.get(at..at + SOME_RECEIPT.len())?;
    let has_shape = receipt.bytes().enumerate().all(|(place, byte)| match place {
        4 => byte == b'-',
        _ => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
    });
    has_shape.then(|| receipt.to_owned())
}

#[cfg(test)]
mod tests;
