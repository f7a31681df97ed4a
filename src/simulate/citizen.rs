//! One citizen's business, from the first dialling to the last page: what they do follows from the seed, their number and what
//! they are shown, and from nothing else.

mod spoilt;

use std::time::{Duration, Instant};

use fastrand::Rng;

use super::Run;
use super::check::{Asked, Finding, check};
use super::client::{Client, ClientError, Got};
use super::faults::Fault;
use super::meter::{Compared, Trouble, Wrong};
use super::model::{Heard, Hearing, Memory, Sent};
use super::plan::Script;
use super::walker;
use crate::gateway::{Aggregator, Callback, Doing, FirstInput, Outbound, Request, decode};
use crate::phone;
use crate::types::Timestamp;

/// Requests of one citizen, fewer than the burst that one number may send.
const REQUESTS: u32 = 24;
/// Of so many turns one is hanging up.
const HANGS_UP: u64 = 40;
/// Of so many who have come to an end one dials again.
const DIALS_AGAIN: u64 = 6;

/// How a citizen's walk ended, for now.
#[derive(Debug)]
pub(super) enum End {
    Over,
    /// No more turns begin.
    TimeIsUp,
    /// The connection is to be cut.
    Cut(Box<Cut>),
}

/// A callback that is cut off, and comes again afterwards.
#[derive(Debug)]
pub(super) struct Cut {
    citizen: Citizen,
    outbound: Outbound,
    half: bool,
    after: Duration,
}

#[derive(Debug)]
pub(super) struct Citizen {
    /// Counted from 0.
    index: u64,
    rng: Rng,
    script: Option<Script>,
    /// Answers of the script that were given.
    given: usize,
    number: String,
    memory: Memory,
    /// How else the server may remember them, while that is not certain.
    doubt: Option<Memory>,
    /// What departments of sand answer, as far as it is foreseen.
    heard: Heard,
    dialled: String,
    dialogue: Option<Aggregator>,
    is_open: bool,
    last_answer: String,
    /// In this dialogue.
    typed: Vec<String>,
    last: Option<Last>,
    /// The callback before the last, of the same dialogue.
    before: Option<Outbound>,
    journey: Vec<String>,
    requests: u32,
    /// They were cut off once, and are no longer among those whom a connection serves.
    is_aside: bool,
}

/// The last callback, and about when it was answered.
#[derive(Debug)]
struct Last {
    outbound: Outbound,
    heard: Timestamp,
}

/// What a citizen does next.
enum Does {
    Dials(String),
    Answers(String),
    /// And perhaps dials again.
    HangsUp,
    Leaves,
}

/// The citizen got no service, or what they got was wrong, or nobody knows where they are: they give up.
struct GivesUp;

impl Citizen {
    pub(super) fn new(run: &Run, index: u64) -> Self {
        let mut rng = Rng::with_seed(mixed(run.plan.seed, index));
        let script = run.plan.mix.drawn(&mut rng).cloned();
        // Nine digits that no other citizen of this run has, and the last, which says to a department of sand who it is.
        let nine = 600_000_000 + (mixed(run.plan.seed, u64::MAX) % 400_000_000 + index) % 400_000_000;
        let drawn = rng.u8(..10);
        let last = script.as_ref().and_then(|script| script.last_digit).unwrap_or(drawn);
        let number = format!("+91{nine}{last}");
        let caller = phone::parse(&number, run.world.profile.home);
        Self {
            index,
            script,
            given: 0,
            memory: Memory::new(&run.world, caller.expect("ten digits from 6 on are a mobile number of India")),
            number,
            doubt: None,
            heard: Heard::default(),
            dialled: String::new(),
            dialogue: None,
            is_open: false,
            last_answer: String::new(),
            typed: Vec::new(),
            last: None,
            before: None,
            journey: Vec::new(),
            requests: 0,
            is_aside: false,
            rng,
        }
    }

    /// Walks until the end of the business or of the run.
    pub(super) async fn walk(mut self, run: &Run, client: &mut Client) -> End {
        loop {
            let fault = run.plan.faults.drawn(self.rng.f64());
            let does = if self.requests < REQUESTS { self.decides(run, fault) } else { Does::Leaves };
            let outbound = match does {
                Does::Leaves => {
                    self.hangs_up(run, client).await;
                    None
                }
                Does::HangsUp => {
                    self.hangs_up(run, client).await;
                    self.rng.bool().then(|| self.dials(run, self.dialled.clone())).flatten()
                }
                Does::Dials(dialled) => self.dials(run, dialled),
                Does::Answers(answer) => self.answers(run, answer, fault),
            };
            let Some(outbound) = outbound else { return End::Over };
            let Some(from) = run.pace.next(self.requests == 0, self.rng.f64()).await else { return End::TimeIsUp };
            if self.requests == 0 {
                run.meter.citizen();
            }
            let sent = self.sends(run, client, outbound, fault, from).await;
            if !self.is_aside {
                run.pace.ended();
            }
            match sent {
                Ok(None) => {}
                Ok(Some((outbound, half))) => {
                    let after = self.rng.choice(&run.plan.cuts).copied().unwrap_or_default();
                    return End::Cut(Box::new(Cut { citizen: self, outbound, half, after }));
                }
                Err(GivesUp) => return End::Over,
            }
        }
    }

    fn decides(&mut self, run: &Run, fault: Option<Fault>) -> Does {
        if !self.is_open {
            if self.dialogue.is_some() {
                let again = self.script.is_none() && self.rng.u64(..DIALS_AGAIN) == 0;
                return if again { Does::Dials(self.dialled.clone()) } else { Does::Leaves };
            }
            let scripted = self.script.as_ref().map(|script| script.dialled.clone());
            return Does::Dials(scripted.unwrap_or_else(|| walker::dials(&run.world, &mut self.rng)));
        }
        if fault == Some(Fault::NoEnd) {
            run.meter.fault(Fault::NoEnd);
            self.journey.push("(the call drops, and nobody says so)".to_owned());
            return Does::Dials(self.dialled.clone());
        }
        if let Some(script) = &self.script {
            let answer = script.answers.get(self.given).cloned();
            self.given += 1;
            return answer.map_or(Does::Leaves, Does::Answers);
        }
        if self.rng.u64(..HANGS_UP) == 0 {
            return Does::HangsUp;
        }
        let Some((shown, session)) = self.memory.shown() else { return Does::Leaves };
        Does::Answers(walker::answers(&run.world, &run.values, &mut self.rng, shown, session))
    }

    fn dials(&mut self, run: &Run, dialled: String) -> Option<Outbound> {
        self.journey.push(format!("dial {dialled} from {}", self.number));
        let leg = self.rng.u128(..);
        let caller = phone::parse(&self.number, run.world.profile.home).ok()?;
        let mut dialogue = Aggregator::new(run.world.profile.clone(), caller, leg, run.world.codes.clone());
        let outbound = dialogue.request(Doing::Dial(&dialled));
        self.dialogue = Some(dialogue);
        self.dialled = dialled;
        self.is_open = true;
        self.before = None;
        self.last_answer.clear();
        self.typed.clear();
        outbound
    }

    fn answers(&mut self, run: &Run, mut answer: String, fault: Option<Fault>) -> Option<Outbound> {
        // Where only bytes and time tell a repeat from an answer, a person who presses the same key twice takes longer than a
        // program that does not think; white space around an answer means nothing.
        if run.world.profile.first != FirstInput::Path && answer == self.last_answer {
            answer.push(' ');
        }
        self.last_answer.clone_from(&answer);
        self.typed.push(answer.clone());
        let dialogue = self.dialogue.as_mut()?;
        self.journey.push(format!("> {answer}"));
        if fault == Some(Fault::History) && run.world.profile.first != FirstInput::Path {
            run.meter.fault(Fault::History);
            answer = self.typed.iter().map(String::as_str).chain([answer.as_str()]).collect::<Vec<_>>().join("*");
            self.journey.push(format!("(sent as all answers so far: {answer})"));
        }
        dialogue.request(Doing::Answer(&answer))
    }

    /// The gateway tells that the dialogue is over, where it does such a thing.
    async fn hangs_up(&mut self, run: &Run, client: &mut Client) {
        if !self.is_open {
            return;
        }
        self.is_open = false;
        let doing = if self.rng.bool() { Doing::HangUp } else { Doing::TimeOut };
        let Some(outbound) = self.dialogue.as_mut().and_then(|dialogue| dialogue.request(doing)) else { return };
        self.journey.push("hang up".to_owned());
        self.requests += 1;
        match client.send(&outbound).await {
            Ok(got) if got.status == 200 => self.memory.hangs_up(),
            Ok(got) => {
                let got = format!("status {}", got.status);
                run.meter.not_protocol(self.told("an acknowledgement".to_owned(), got));
            }
            Err(error) => run.meter.trouble(Trouble::from(&error)),
        }
    }

    /// One request, whose answer is compared.
    async fn exchange(
        &mut self,
        run: &Run,
        client: &mut Client,
        outbound: &Outbound,
        from: Instant,
    ) -> Result<(), GivesUp> {
        let sent = read(run, client, outbound).ok_or(GivesUp)?;
        let at = run.world.clock().now();
        self.requests += 1;
        let got = client.send(outbound).await;
        self.compares(run, &sent, at, from.elapsed(), got).await
    }

    /// What came, with what had to come.
    async fn compares(
        &mut self,
        run: &Run,
        sent: &Sent,
        at: Timestamp,
        took: Duration,
        got: Result<Got<'_>, ClientError>,
    ) -> Result<(), GivesUp> {
        let got = got.map_err(|error| {
            run.meter.trouble(Trouble::from(&error));
            GivesUp
        })?;
        let asked = self.asked(run, sent, at);
        let finding = if run.trusts {
            let foreseen = self.memory.foresee(&run.world, sent, at, asked.soon, &mut Hearing::default()).await;
            Finding::right(foreseen, Compared::ByShape)
        } else {
            let memories: Vec<&Memory> = std::iter::once(&self.memory).chain(&self.doubt).collect();
            let reader = self.dialogue.as_ref().ok_or(GivesUp)?;
            check(&run.world, &memories, &self.heard, asked, reader, got).await
        };
        self.takes(run, finding, took)?;
        if let Some(last) = self.last.take().filter(|last| last.outbound != sent.outbound) {
            self.before = Some(last.outbound);
        }
        self.last = Some(Last { outbound: sent.outbound.clone(), heard: run.world.clock().now() });
        Ok(())
    }

    fn asked<'a>(&self, run: &Run, sent: &'a Sent, at: Timestamp) -> Asked<'a> {
        let last = self.last.as_ref();
        let soon = last.is_some_and(|last| at.since(last.heard) <= run.world.profile.repeat_within);
        Asked {
            sent,
            at,
            until: run.world.clock().now(),
            soon,
            same: last.is_some_and(|last| last.outbound == sent.outbound),
        }
    }

    /// What a finding means for the citizen. Only who was served tells how fast a server serves.
    fn takes(&mut self, run: &Run, finding: Finding, took: Duration) -> Result<(), GivesUp> {
        match finding {
            Finding::Right { after, more, how, call_failed } => {
                self.memory = *after;
                self.doubt = None;
                self.heard.forget_before(self.memory.turns());
                self.is_open = more;
                run.meter.served(took, how);
                if call_failed {
                    run.meter.call_failed();
                }
                Ok(())
            }
            Finding::Possible => {
                run.meter.served(took, Compared::ByPattern);
                Err(GivesUp)
            }
            Finding::Excused(trouble) => {
                run.meter.trouble(trouble);
                Err(GivesUp)
            }
            Finding::NoReply(what) => {
                run.meter.not_protocol(self.told("a page in the gateway's protocol".to_owned(), what));
                Err(GivesUp)
            }
            Finding::Misspelt { expected, got } => {
                run.meter.misspelt(self.told(expected, got));
                Err(GivesUp)
            }
            Finding::Wrong { expected, got } => {
                let words = |page: crate::bridge::Page| {
                    format!("{}{}", page.text, if page.more { "" } else { "\n(and the dialogue ends)" })
                };
                run.meter.wrong(self.told(words(expected), words(got)));
                Err(GivesUp)
            }
        }
    }

    fn told(&self, expected: String, got: String) -> Wrong {
        Wrong { citizen: self.index, journey: self.journey.clone(), expected, got }
    }
}

/// What the server reads from a callback.
fn read(run: &Run, client: &Client, outbound: &Outbound) -> Option<Sent> {
    let here = client.address().here(&outbound.rest);
    let Outbound { method, rest, query, body, .. } = outbound;
    let received = decode(&run.world.profile, &Request { method, rest, query, here: &here, body }).ok()?;
    let Callback::Turn(turn) = received.callback else { return None };
    Some(Sent { outbound: outbound.clone(), turn, echo: received.echo })
}

/// The `SplitMix64` of a seed and a number: citizens of one run, and the same citizen of two runs, have nothing in common.
fn mixed(seed: u64, number: u64) -> u64 {
    let mut mixed = seed.wrapping_add(number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
