//! The other end of the protocol: what an aggregator sends for a phone, and how it reads what comes back.
//!
//! For `dial`, dialogues and load: with it every profile can be spoken to as it speaks, through the same bytes. It is written
//! from the profile alone, so that an operator's own profile can be tried the same way.

mod write;

pub(super) use write::json;

use std::sync::Arc;

use self::write::write;
use super::Profile;
use super::profile::{Ends, InputRule, Kind, Meaning, NumberIn, RouteKind, Segment, Skeletons};
use crate::phone::{DialString, ServiceCode};
use crate::types::Msisdn;

/// What the phone does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing<'a> {
    /// `*123#`, `*123*4*1#`
    Dial(&'a str),
    Answer(&'a str),
    HangUp,
    /// The network waited long enough.
    TimeOut,
}

/// A request to a hook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbound {
    pub method: String,
    /// What follows `/ussd` in the path.
    pub rest: String,
    /// Without `?`; empty where there is none.
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A hook's reply as it came over the wire; names in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireReply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Why an aggregator would show its own words for a broken server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("its status is {0}")]
    Status(u16),
    #[error("its body is not UTF-8")]
    Encoding,
    #[error("it says neither more nor end")]
    Shape,
}

/// One dialogue, from the aggregator's side.
#[derive(Clone, Debug)]
pub struct Aggregator {
    profile: Arc<Profile>,
    msisdn: Msisdn,
    id: String,
    /// Codes under which the bridge is reached: what is dialled behind the longest of them is a path.
    codes: Vec<ServiceCode>,
    dialled: String,
    /// Of what was dialled.
    code: Option<ServiceCode>,
    /// Answers so far, those that were dialled included.
    answers: Vec<String>,
    turn: u32,
}

impl Aggregator {
    /// A dialogue that is about to be opened; `leg` is drawn at random and names it.
    pub fn new(profile: Arc<Profile>, msisdn: Msisdn, leg: u128, codes: Vec<ServiceCode>) -> Self {
        let id = format!("{leg:032x}").split_off(12);
        Self { profile, msisdn, id, codes, dialled: String::new(), code: None, answers: Vec::new(), turn: 0 }
    }

    /// What is sent; `None` where this gateway never tells of such a thing.
    pub fn request(&mut self, doing: Doing<'_>) -> Option<Outbound> {
        let (kinds, text): (&[Kind], &str) = match doing {
            Doing::Dial(dialled) => {
                self.open(dialled);
                (&[Kind::Begin], "")
            }
            Doing::Answer(answer) => {
                self.answers.push(answer.to_owned());
                (&[Kind::Answer], answer)
            }
            Doing::HangUp => (&[Kind::Aborted, Kind::Ended, Kind::Failed], ""),
            Doing::TimeOut => (&[Kind::TimedOut, Kind::Aborted, Kind::Ended], ""),
        };
        self.turn += 1;
        kinds.iter().find_map(|kind| self.spell(*kind, text))
    }

    fn open(&mut self, dialled: &str) {
        dialled.clone_into(&mut self.dialled);
        let found = DialString::parse(dialled, self.codes.iter());
        (self.code, self.answers) = found.map(|found| (Some(found.code), found.path)).unwrap_or_default();
    }

    fn spell<'s>(&'s self, kind: Kind, text: &str) -> Option<Outbound> {
        let receives = &self.profile.receives;
        let says = |what: RouteKind| matches!(what, RouteKind::Says(said) if said == kind);
        let own = receives.routes.iter().find(|route| says(route.what));
        let route = own.or_else(|| receives.routes.iter().find(|route| route.what == RouteKind::Turn))?;
        let mut fields = Vec::new();
        let mut said = own.is_some() || kind.over().is_none();
        let names = &receives.names;
        let mut text_name = names.text.first();
        for rule in &receives.kinds {
            let says = |meant: Meaning| meant == Meaning::Says(kind);
            let word = rule.values.iter().find(|(_, meant)| says(*meant)).map(|(word, _)| word.as_str());
            match word.or(rule.any.is_some_and(says).then_some("other")) {
                // That the text comes under this name says it.
                Some(_) if names.text.contains(&rule.field) => text_name = Some(&rule.field),
                Some(word) => fields.push((rule.field.as_str(), word.to_owned())),
                None => continue,
            }
            said = true;
        }
        let mut text = self.text(kind, text);
        if !said {
            // The last way to tell: a text that begins as the network's own report does.
            text = receives.abort_text.clone().filter(|_| kind == Kind::Aborted)?;
        }
        let mut add =
            |names: &'s [String], value: String| fields.extend(names.first().map(|name| (name.as_str(), value)));
        if !route.segments.contains(&Segment::Id) {
            add(&names.id, self.id.clone());
        }
        if kind == Kind::Begin || receives.msisdn_in == NumberIn::Every {
            add(&names.msisdn, self.msisdn.digits().to_owned());
        }
        if kind.over().is_none() || receives.abort_text.is_some() {
            add(text_name.map(std::slice::from_ref).unwrap_or_default(), text);
        }
        if let Some(code) = &self.code {
            add(&names.code, code.to_string());
        }
        add(&names.number, self.turn.to_string());
        let rest = route.segments.iter().fold(String::new(), |mut rest, segment| {
            rest.push('/');
            rest.push_str(if let Segment::Literal(literal) = segment { literal } else { &self.id });
            rest
        });
        Some(write(&route.method, rest, receives.format, &fields))
    }

    fn text(&self, kind: Kind, answer: &str) -> String {
        match self.profile.receives.input {
            InputRule::Dialled if kind == Kind::Begin => self.dialled.clone(),
            InputRule::Last | InputRule::Dialled => answer.to_owned(),
            InputRule::History => self.answers.join("*"),
            InputRule::HistoryAfterCode => {
                let code = self.code.as_ref().map_or("", ServiceCode::bare);
                std::iter::once(code).chain(self.answers.iter().map(String::as_str)).fold(
                    String::new(),
                    |mut all, part| {
                        all.push('*');
                        all.push_str(part);
                        all
                    },
                ) + "#"
            }
        }
    }

    /// What the phone shows, and whether an answer is expected.
    pub fn read(&self, reply: &WireReply) -> Result<(String, bool), ReadError> {
        if reply.status != 200 {
            return Err(ReadError::Status(reply.status));
        }
        let body = std::str::from_utf8(&reply.body).map_err(|_| ReadError::Encoding)?;
        let page = match &self.profile.replies.ends {
            Ends::Prefix { more, end } => after(body, more, true).or_else(|| after(body, end, false)),
            Ends::Header { name, more, end } => {
                let value = reply.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
                let says = |word: &String| value.is_some_and(|(_, value)| value == word);
                says(more).then(|| (body.to_owned(), true)).or_else(|| says(end).then(|| (body.to_owned(), false)))
            }
            Ends::Bodies(skeletons) => from_skeleton(skeletons, body),
        };
        page.ok_or(ReadError::Shape)
    }
}

fn after(body: &str, prefix: &str, more: bool) -> Option<(String, bool)> {
    body.strip_prefix(prefix).map(|text| (text.to_owned(), more))
}

fn from_skeleton(skeletons: &Skeletons, body: &str) -> Option<(String, bool)> {
    let ends = [Some(&skeletons.end), skeletons.refusal.as_ref()];
    let more = skeletons.more.text_of(body).map(|text| (text, true));
    more.or_else(|| ends.into_iter().flatten().find_map(|skeleton| skeleton.text_of(body)).map(|text| (text, false)))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::super::{Callback, Echoed, Input, Reply, Request, decode, encode, shipped};
    use super::*;

    fn aggregator(profile: &Profile) -> Aggregator {
        let code = ServiceCode::parse("*123#").expect("a code");
        let msisdn = crate::phone::parse("+919812345670", profile.home).expect("a number");
        Aggregator::new(Arc::new(profile.clone()), msisdn, 0xabcd_ef01_2345_6789, vec![code])
    }

    fn echo() -> Vec<Echoed> {
        vec![Echoed { word: "id".to_owned(), value: "abc".to_owned(), literal: false }]
    }

    fn received(profile: &Profile, outbound: &Outbound) -> Callback {
        let Outbound { method, rest, query, body, .. } = outbound;
        let request = Request { method, rest, query, here: "", body };
        decode(profile, &request).unwrap_or_else(|error| panic!("{}: {error}", profile.name)).callback
    }

    #[test]
    fn what_is_sent_is_what_the_bridge_reads_in_every_profile() {
        for profile in &shipped() {
            let mut phone = aggregator(profile);
            let dialled = phone.request(Doing::Dial("*123*2#")).expect("every gateway can be dialled");
            let Callback::Turn(first) = received(profile, &dialled) else { panic!("{}: no turn", profile.name) };
            assert_eq!(first.msisdn.expect("the first has the number").digits(), "919812345670", "{}", profile.name);
            assert_ne!(first.begins, Some(false), "{}", profile.name);
            let answered = phone.request(Doing::Answer("5*7 &<ü")).expect("every gateway answers");
            let Callback::Turn(next) = received(profile, &answered) else { panic!("{}: no turn", profile.name) };
            assert_eq!(next.leg, first.leg, "{}", profile.name);
            match next.input {
                Input::Last(text) => assert_eq!(text, "5*7 &<ü", "{}", profile.name),
                Input::History(text) => assert_eq!(text, "2*5*7 &<ü", "{}", profile.name),
                Input::Dialled(_) => panic!("{}: an answer is not dialled", profile.name),
            }
            for end in [Doing::HangUp, Doing::TimeOut] {
                let told = phone.clone().request(end).map(|request| received(profile, &request));
                assert!(matches!(told, None | Some(Callback::Ended { .. })), "{}: {told:?}", profile.name);
            }
        }
    }

    #[test]
    fn what_the_bridge_writes_is_what_the_phone_shows_in_every_profile() {
        for profile in &shipped() {
            let phone = aggregator(profile);
            for more in [true, false] {
                let text = "Rs 5 & <more>\n1. \"One\"}, \"\\";
                let echo = echo();
                let reply = encode(profile, &echo, Reply::Page { text, more });
                let reply = WireReply { status: reply.status, headers: reply.headers, body: reply.body };
                assert_eq!(phone.read(&reply), Ok((text.to_owned(), more)), "{}", profile.name);
            }
        }
    }

    #[test]
    fn what_a_gateway_cannot_carry_is_replaced_before_it_is_sent() {
        for profile in &shipped() {
            let reply = encode(profile, &echo(), Reply::Page { text: "a|b|null|end\nc", more: true });
            let reply = WireReply { status: reply.status, headers: reply.headers, body: reply.body };
            let bar = if profile.name == "cellulant" { "/" } else { "|" };
            let shown = "a|b|null|end\nc".replace('|', bar);
            assert_eq!(aggregator(profile).read(&reply), Ok((shown, true)), "{}", profile.name);
        }
    }

    proptest! {
        /// What a hook answers is read or refused, whatever it is.
        #[test]
        fn any_reply_is_read_or_refused(
            status in prop_oneof![4 => Just(200_u16), 1 => any::<u16>()],
            body in prop::collection::vec(any::<u8>(), 0..200),
            honest in "(CON |END )?\\PC{0,40}",
            at in any::<prop::sample::Index>(),
            cut in 0..4_usize,
            header in "[ -~]{0,12}|FC|FB",
        ) {
            static SHIPPED: LazyLock<Vec<Profile>> = LazyLock::new(shipped);
            for profile in &*SHIPPED {
                let phone = aggregator(profile);
                let echo = echo();
                let mut spoilt = encode(profile, &echo, Reply::Page { text: &honest, more: true });
                let from = at.index(spoilt.body.len() + 1);
                let to = (from + cut).min(spoilt.body.len());
                spoilt.body.splice(from..to, body.iter().take(cut).copied());
                let headers = spoilt.headers.iter().map(|(name, _)| (name.clone(), header.clone())).collect();
                for (headers, body) in [(spoilt.headers, spoilt.body), (headers, body.clone())] {
                    let _ = phone.read(&WireReply { status, headers, body });
                }
            }
        }
    }
}
