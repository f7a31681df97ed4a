//! A message from a citizen: its parts joined, STOP, START and HELP before all else, then keywords, then the dialogue that is had by messages.

use std::fmt;
use std::time::Duration;

use super::begin::language_of;
use super::event::{Happening, REMEMBERED_FOR, told_once};
use super::outgoing::Sending;
use super::record::{Known, decode, encode};
use super::reply::Reply;
use super::{Bridge, TurnError};
use crate::channel::sms::{self, Heard, Match};
use crate::engine::{self, AnswerClass, Effect, Event, Now, Reading};
use crate::gateway::messages::{Caller, Inbound};
use crate::menu::{Command, Program, SystemMessage, Value};
use crate::store::{Commit, CommitError, KeyedHash, Lookup, Mark, MessageChange};
use crate::text::fold;
use crate::text::sms::{Concatenation, Part, Parts};
use crate::types::{Msisdn, Timestamp};

/// How long the parts of a long message are waited for: phones use their references again.
const PARTS_WITHIN: Duration = Duration::from_mins(10);
/// How long the same bytes are the same message, where the gateway gives neither id nor time.
const SAME_FOR: Duration = Duration::from_mins(2);

/// So often is the same answer given to a number …
const SAME_ANSWERS: u8 = 5;
/// … within this time.
const SAME_WITHIN: Duration = Duration::from_mins(10);

/// What came of a message.
pub struct Took {
    /// In a word, for the meters.
    pub outcome: &'static str,
    /// What the citizen is to read in the reply, where the gateway sends that on.
    pub reply: Option<String>,
}

/// Without what the citizen is to read.
impl fmt::Debug for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Took").field("outcome", &self.outcome).finish_non_exhaustive()
    }
}

impl Took {
    fn only(outcome: &'static str) -> Self {
        Self { outcome, reply: None }
    }
}

impl Bridge {
    /// Takes a message. Where the gateway sends the reply on (`in_reply`), what answers it is that.
    pub async fn message(
        &self,
        gateway: &str,
        message: &Inbound,
        (callback, in_reply): (KeyedHash, bool),
        arrived: Timestamp,
    ) -> Result<Took, TurnError> {
        let (caller, is_foreign) = match &message.from {
            Caller::Number(caller) => (caller, false),
            Caller::Foreign(caller) => (caller, true),
            // A header of letters, or nobody: there is no number to answer.
            Caller::Withheld => return Ok(Took::only("withheld")),
        };
        let (text, mark) = match &message.part {
            None => (message.text.clone(), self.mark_of(gateway, message, callback, arrived)),
            Some(part) => match self.joined(gateway, message, caller, part, arrived).await? {
                Some(whole) => whole,
                None => return Ok(Took::only("part")),
            },
        };
        let subscriber = self.subscriber(caller);
        let reply = in_reply.then(|| self.reply_to(gateway, subscriber, &mark));
        let outcome = if self.has_happened(&[&mark]).await? {
            if let Some(reply) = &reply {
                self.reply_again(reply).await?;
            }
            "repeat"
        } else {
            let whole = Whole { gateway, message, caller, is_foreign, text: &text, reply: reply.as_ref(), arrived };
            self.whole_message(&whole, mark).await?
        };
        Ok(Took { outcome, reply: reply.and_then(Reply::text) })
    }

    /// Takes a message whose parts are together, for the first time.
    async fn whole_message(&self, whole: &Whole<'_>, mark: Mark) -> Result<&'static str, TurnError> {
        let Whole { gateway, message, caller, is_foreign, text, reply, arrived } = *whole;
        let program = self.program();
        let subscriber = self.subscriber(caller);
        let known = self.known(subscriber).await?;
        let heard = sms::read(&program, text, arrived.day_in_india());
        if let Heard::Command { command, header } = &heard
            && !self.is_offered(gateway, caller, text, arrived).await?
        {
            let asked = Asked { caller, command: *command, header: header.as_deref(), reply };
            return self.command(&program, &asked, mark).await;
        }
        let language = language_of(&program, &known, None, message.circle.as_deref());
        let own = |message| self.own_message(&program, message, &[], language, caller, &Known::asking());
        match heard {
            // Nothing that is about anybody goes abroad; what the bridge can do is said.
            _ if is_foreign => self.seldom(own(SystemMessage::Help)?, mark, subscriber, "foreign", reply).await,
            Heard::Keyword(Match { keyword, values, language: asked }) => {
                let happening = Happening {
                    gateway,
                    caller,
                    subscriber,
                    menu: program.keyword(keyword).run,
                    given: values,
                    language: asked.unwrap_or(language),
                    marks: vec![mark],
                    reply,
                    arrived,
                };
                self.run_for(&program, &happening).await
            }
            Heard::WrongForm { keyword } => {
                let form = program.keyword(keyword).form;
                let sending = Sending { message: form, values: &[], language, to: caller };
                let answer = self.outgoing(&program, &sending, &Known::asking())?;
                self.seldom(answer, mark, subscriber, "wrong_form", reply).await
            }
            Heard::Command { .. } | Heard::Nothing if self.may_walk(gateway) => {
                self.walk(gateway, message, (caller, text), vec![mark], arrived).await
            }
            // Who would walk a menu is told where that can be done.
            Heard::Nothing
                if sms::asks_for_a_menu(&program, text) && program.system_message(SystemMessage::GoOn).is_some() =>
            {
                self.seldom(own(SystemMessage::GoOn)?, mark, subscriber, "go_on", reply).await
            }
            Heard::Command { .. } | Heard::Nothing => {
                self.seldom(own(SystemMessage::Unknown)?, mark, subscriber, "unknown_keyword", reply).await
            }
        }
    }

    /// STOP, START or HELP.
    async fn command(&self, program: &Program, asked: &Asked<'_>, mark: Mark) -> Result<&'static str, TurnError> {
        let subscriber = self.subscriber(asked.caller);
        let _subscriber_turn = self.waits.during(self.order.take(subscriber)).await;
        let known = self.known(subscriber).await?;
        let language = language_of(program, &known, None, None);
        let (message, word) = match asked.command {
            Command::Stop if asked.header.is_some() => (SystemMessage::StoppedOne, "stop"),
            Command::Stop => (SystemMessage::Stopped, "stop"),
            Command::Start => (SystemMessage::Started, "start"),
            Command::Help => (SystemMessage::Help, "help"),
        };
        let named = asked.header.filter(|_| message == SystemMessage::StoppedOne);
        let values: Vec<_> = named.map(|header| Some(Value::Text(header.to_owned()))).into_iter().collect();
        let answer = self.own_message(program, message, &values, language, asked.caller, &Known::asking())?;
        if asked.command == Command::Help {
            return self.seldom(answer, mark, subscriber, word, asked.reply).await;
        }
        let mut commit = answering(answer, mark);
        let in_reply = self.put_in(&mut commit, asked.reply)?;
        let about = asked.header.map_or_else(|| headers(program), |header| vec![header.to_owned()]);
        let wants = |mut known: Known| {
            known.stopped.retain(|header| !about.contains(header));
            if asked.command == Command::Stop {
                known.stopped.extend(about.iter().cloned());
                known.stopped.sort();
            }
            known
        };
        let outcome = told_once(self.change_known(subscriber, commit, wants).await, word)?;
        self.replied(asked.reply, in_reply, outcome).await
    }

    /// Gives an answer that comes of what was not understood, a few times in a while: a machine at the other end would answer each with another
    /// text, and whoever pretends to be somebody would have them flooded. All of one word count together: the forms of all keywords do.
    async fn seldom(
        &self,
        answer: Option<MessageChange>,
        mark: Mark,
        whose: KeyedHash,
        word: &'static str,
        reply: Option<&Reply<'_>>,
    ) -> Result<&'static str, TurnError> {
        let now = self.clock.now();
        let place = |place: u8| self.mark_once("answered", &[word.as_bytes(), &whose.0, &[place]], now, SAME_WITHIN);
        let places: Vec<Mark> = (0..SAME_ANSWERS).map(place).collect();
        let taken = self.store.marks(places.iter().map(|place| place.key).collect(), now).await?;
        for place in places.into_iter().filter(|place| taken.iter().all(|taken| taken.key != place.key)) {
            let mut commit = answering(answer.clone(), mark.clone());
            let key = place.key;
            commit.marks.push(place);
            let in_reply = self.put_in(&mut commit, reply)?;
            match self.store.commit(commit).await {
                // Another text of theirs has just taken it.
                Err(CommitError::Seen(seen)) if seen == key => {}
                done => {
                    let outcome = told_once(done.map_err(TurnError::from), word)?;
                    return self.replied(reply, in_reply, outcome).await;
                }
            }
        }
        self.answered(Commit { marks: vec![mark], ..Commit::default() }, "seldom", reply).await
    }

    /// Whether a message is a STOP, which is always heard.
    pub fn is_stop(&self, message: &Inbound, arrived: Timestamp) -> bool {
        let heard = sms::read(&self.program(), &message.text, arrived.day_in_india());
        matches!(heard, Heard::Command { command: Command::Stop, .. })
    }

    /// Whether the sender is asked just this, word for word, by an option of a dialogue that is had by messages and goes on: then it is an
    /// answer.
    async fn is_offered(&self, gateway: &str, caller: &Msisdn, text: &str, at: Timestamp) -> Result<bool, TurnError> {
        let leg = self.leg_by_messages(gateway, caller);
        let stored = self.store.conversation(Lookup::Subscriber(self.subscriber(caller)), at).await?;
        let Some(stored) = stored.filter(|stored| stored.leg == leg) else { return Ok(false) };
        let Some(record) = self.open(&stored).filter(|record| !record.leg.over) else { return Ok(false) };
        // As `judge` has it: later than this nobody answers any more.
        if at.since(record.leg.replied_at) > self.profile_by_messages(gateway).idle {
            return Ok(false);
        }
        let Ok(mut session) = record.session() else { return Ok(false) };
        let Some(program) = self.programs.find(session.program(), &*self.store).await? else { return Ok(false) };
        let now = Now { at, plain: !self.outbox.routes().carry_any_script() };
        let shown = engine::present(&program, &session, now).whole();
        let word = fold(text);
        // One slip away from an option is another word.
        if !shown.options.iter().any(|option| fold(&option.label) == word) {
            return Ok(false);
        }
        let step = engine::step(&program, &mut session, now, Event::Answer(Reading::Text(text.to_owned())));
        Ok(step.effects.iter().any(|effect| match effect {
            Effect::Record(journey) => matches!(journey.answer, AnswerClass::Option(_) | AnswerClass::Row),
            _ => false,
        }))
    }

    /// What makes a message count once: its id at the gateway; else its bytes, which hold the time where the gateway tells it.
    fn mark_of(&self, gateway: &str, message: &Inbound, callback: KeyedHash, now: Timestamp) -> Mark {
        if let Some(id) = &message.id {
            return self.mark_once("message", &[gateway.as_bytes(), id.as_bytes()], now, REMEMBERED_FOR);
        }
        let lasts = if message.at.is_some() { REMEMBERED_FOR } else { SAME_FOR };
        self.mark_once("message told", &[&callback.0, message.text.as_bytes()], now, lasts)
    }

    /// Keeps a part of a long message. Whoever brings the last one gets the whole, with what makes it count once.
    async fn joined(
        &self,
        gateway: &str,
        message: &Inbound,
        caller: &Msisdn,
        part: &Part,
        now: Timestamp,
    ) -> Result<Option<(String, Mark)>, TurnError> {
        let Some(place) = part.concatenation else { return Ok(None) };
        let about = |number: u8| -> Result<KeyedHash, TurnError> {
            let place = encode(&Concatenation { number, ..place })?;
            let parts: [&[u8]; 4] = [gateway.as_bytes(), caller.digits().as_bytes(), message.to.as_bytes(), &place];
            Ok(self.keyring.hash("part", &parts))
        };
        let key = about(place.number)?;
        let plain = encode(part)?;
        let mark = Mark { key, at: now, until: now.plus(PARTS_WITHIN), sealed: self.seal("part", &key.0, &plain) };
        // A part that is there already has come twice; what it completes may still be missing.
        self.once(Commit { marks: vec![mark], ..Commit::default() }, "part").await?;
        let keys = (1..=place.total).map(about).collect::<Result<Vec<KeyedHash>, _>>()?;
        let found = self.store.marks(keys, now).await?;
        let open = |mark: &Mark| {
            let plain = self.unseal("part", &mark.key.0, &mark.sealed).map_err(TurnError::Record)?;
            Ok(decode::<Part>(&plain)?)
        };
        let parts = found.iter().map(open).collect::<Result<Vec<Part>, TurnError>>()?;
        let text = Parts::of(&parts).ok().flatten().and_then(|parts| parts.text());
        let first = found.iter().map(|mark| mark.at).min().unwrap_or(now);
        let whole = self.mark_once("parts", &[&about(0)?.0, &first.0.to_le_bytes()], now, REMEMBERED_FOR);
        Ok(text.map(|text| (text, whole)))
    }
}

/// A message whose parts are together, and who wrote it.
#[derive(Clone, Copy)]
struct Whole<'a> {
    gateway: &'a str,
    /// As the gateway told it; of several parts, the last that came.
    message: &'a Inbound,
    caller: &'a Msisdn,
    is_foreign: bool,
    text: &'a str,
    reply: Option<&'a Reply<'a>>,
    arrived: Timestamp,
}

/// A command, and who gave it.
struct Asked<'a> {
    caller: &'a Msisdn,
    command: Command,
    /// The header that it is about; all where none is named.
    header: Option<&'a str>,
    reply: Option<&'a Reply<'a>>,
}

/// All headers under which these menus send: what STOP stops.
fn headers(program: &Program) -> Vec<String> {
    let mut headers: Vec<String> = program.messages.iter().map(|message| message.header.clone()).collect();
    headers.sort();
    headers.dedup();
    headers
}

/// A message's answer, once.
fn answering(answer: Option<MessageChange>, mark: Mark) -> Commit {
    Commit { messages: answer.into_iter().collect(), marks: vec![mark], ..Commit::default() }
}
