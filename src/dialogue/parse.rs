//! Reading transcripts, and writing their lines.

use std::fmt;
use std::time::Duration;

use super::payment::Payment;
use crate::text;

/// One transcript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialogue {
    pub title: String,
    pub lines: Vec<Line>,
}

/// A line that does something, with its number in the file, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub number: usize,
    pub action: Action,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// `dial *123# from +919812345670`; without a number, the one before.
    Dial { dialled: String, from: Option<String> },
    /// `redial`: what was dialled last, on a new leg.
    Redial,
    /// `> 1`
    Answer(String),
    /// `< Welcome`: appears in what the phone shows, after what the line before found.
    Shown(String),
    /// `end`: the dialogue is over.
    End,
    /// `wait 40s`, in virtual time.
    Wait(Duration),
    /// `hang up`
    HangUp,
    /// `time out`: the network gives up waiting for an answer, and says so where it can.
    TimeOut,
    /// `repeat`: the gateway sends its last callback again, and the phone shows the same.
    Repeat,
    /// `language hi`: what whoever dials next chose some other day.
    Language(String),
    /// `gateway flares`: for what is dialled from here on.
    Gateway(String),
    /// `department epfo answers in 9s`
    Department { name: String, does: String },
    /// `sms PNR 1234567890 to 139 from +919812345670`; without a number, from the one before.
    Sms { text: String, to: String, from: Option<String> },
    /// `missed call to 9718397183`, perhaps from another number, or `from withheld`.
    MissedCall { to: String, from: Option<String> },
    /// `sms: Your OTP is {otp}`: the next message that arrived says this.
    Message(String),
    /// `no sms`: none has arrived that no line before has read.
    NoMessage,
    /// `payment paid 450.00 to UP Power for 1234567890 as CC016325BA6AAAIN11HM`: a payment system's notice for this phone.
    Payment(Payment),
    /// `aggregator loses the answer`: the one of messages.
    Aggregator(String),
    /// `aggregator takes any text`, or `registered texts`: those that a template stands for, and no pages of menus.
    FreeText(bool),
}

/// What a line could not be read as.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {number}: {reason}")]
pub struct ParseError {
    pub number: usize,
    pub reason: String,
}

const KNOWN: &str = "a line begins with `dial`, `redial`, `>`, `<`, `wait`, `hang up`, `time out`, `repeat`, `language`, \
                     `gateway`, `department`, `sms`, `sms:`, `no sms`, `missed call`, `payment`, `aggregator`, `end`, or is `---` between two dialogues";

/// What a line about a message that arrived begins with.
pub(super) const MESSAGE: &str = "sms:";

const ANY_TEXT: &str = "takes any text";
const REGISTERED_TEXTS: &str = "takes registered texts";

/// Reads a file. The first line of each dialogue that is not blank is its title.
pub fn parse(text: &str) -> Result<Vec<Dialogue>, ParseError> {
    let mut dialogues = Vec::new();
    let mut present: Option<Dialogue> = None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_end();
        if line == "---" {
            dialogues.extend(present.take());
        } else if line.is_empty() {
        } else if let Some(dialogue) = &mut present {
            let action = action(line).map_err(|reason| ParseError { number, reason })?;
            dialogue.lines.push(Line { number, action });
        } else {
            present = Some(Dialogue { title: line.to_owned(), lines: Vec::new() });
        }
    }
    dialogues.extend(present);
    Ok(dialogues)
}

/// Reads one line; gives what to do about it where it cannot be read.
pub fn action(line: &str) -> Result<Action, String> {
    if let Some(answer) = line.strip_prefix('>') {
        return Ok(Action::Answer(answer.trim().to_owned()));
    }
    if let Some(shown) = line.strip_prefix('<') {
        return Ok(Action::Shown(shown.trim().to_owned()));
    }
    if let Some(message) = line.strip_prefix(MESSAGE) {
        return Ok(Action::Message(message.trim().to_owned()));
    }
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim();
    match word {
        "dial" => match rest.split_once(" from ") {
            Some((dialled, from)) => Ok(dial(dialled, Some(from.trim().to_owned()))),
            None if !rest.is_empty() => Ok(dial(rest, None)),
            None => Err("`dial` is followed by what is dialled: `dial *123# from +919812345670`".to_owned()),
        },
        "redial" if rest.is_empty() => Ok(Action::Redial),
        "end" if rest.is_empty() => Ok(Action::End),
        "hang" if rest == "up" => Ok(Action::HangUp),
        "time" if rest == "out" => Ok(Action::TimeOut),
        "repeat" if rest.is_empty() => Ok(Action::Repeat),
        "wait" => {
            let wrong = || format!("`{rest}` is not a time; write `40s`, `5m`, `24h` or `2d`");
            text::duration(rest).map(Action::Wait).ok_or_else(wrong)
        }
        "language" if !rest.is_empty() => Ok(Action::Language(rest.to_owned())),
        "gateway" if !rest.is_empty() => Ok(Action::Gateway(rest.to_owned())),
        "department" => match rest.split_once(' ') {
            Some((name, does)) => Ok(Action::Department { name: name.to_owned(), does: does.trim().to_owned() }),
            None => {
                Err("`department` is followed by its name and what it does: `department epfo answers in 9s`".to_owned())
            }
        },
        "sms" => {
            let sms = rest.rsplit_once(" to ").filter(|(text, _)| !text.trim().is_empty());
            let sms = sms.and_then(|(text, to)| Some((text.trim().to_owned(), number_from(to)?)));
            let (text, (to, from)) = sms.ok_or(
                "`sms` is followed by a text and where it goes: `sms PNR 1234567890 to 139`; what arrives is `sms: text`",
            )?;
            Ok(Action::Sms { text, to, from })
        }
        "no" if rest == "sms" => Ok(Action::NoMessage),
        "missed" => {
            let (to, from) = rest
                .strip_prefix("call to ")
                .and_then(number_from)
                .ok_or("write `missed call to` and the number that rings: `missed call to 9718397183`")?;
            Ok(Action::MissedCall { to, from })
        }
        "payment" => rest.parse().map(Action::Payment).map_err(str::to_owned),
        "aggregator" => match rest {
            "" => Err("`aggregator` is followed by what it does: `aggregator loses the answer`".to_owned()),
            ANY_TEXT => Ok(Action::FreeText(true)),
            REGISTERED_TEXTS => Ok(Action::FreeText(false)),
            does => Ok(Action::Aggregator(does.to_owned())),
        },
        _ => Err(format!("`{line}` is not understood; {KNOWN}")),
    }
}

impl Action {
    /// Whether it does something that a phone may show something for, or after which a message may come.
    pub(super) fn does_something(&self) -> bool {
        match self {
            Self::Dial { .. }
            | Self::Redial
            | Self::Answer(_)
            | Self::Wait(_)
            | Self::HangUp
            | Self::TimeOut
            | Self::Repeat
            | Self::Sms { .. }
            | Self::MissedCall { .. }
            | Self::Payment(_) => true,
            Self::Shown(_)
            | Self::End
            | Self::Language(_)
            | Self::Gateway(_)
            | Self::Department { .. }
            | Self::Message(_)
            | Self::NoMessage
            | Self::Aggregator(_)
            | Self::FreeText(_) => false,
        }
    }
}

/// As it stands in a file, so that [`action`] reads it back.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dial { dialled, from: Some(from) } => write!(f, "dial {dialled} from {from}"),
            Self::Dial { dialled, from: None } => write!(f, "dial {dialled}"),
            Self::Redial => f.write_str("redial"),
            Self::Answer(answer) if answer.is_empty() => f.write_str(">"),
            Self::Answer(answer) => write!(f, "> {answer}"),
            Self::Shown(text) => write!(f, "< {text}"),
            Self::End => f.write_str("end"),
            Self::Wait(time) => write!(f, "wait {}", text::in_units(*time)),
            Self::HangUp => f.write_str("hang up"),
            Self::TimeOut => f.write_str("time out"),
            Self::Repeat => f.write_str("repeat"),
            Self::Language(code) => write!(f, "language {code}"),
            Self::Gateway(name) => write!(f, "gateway {name}"),
            Self::Department { name, does } => write!(f, "department {name} {does}"),
            Self::Sms { text, to, from: Some(from) } => write!(f, "sms {text} to {to} from {from}"),
            Self::Sms { text, to, from: None } => write!(f, "sms {text} to {to}"),
            Self::MissedCall { to, from: Some(from) } => write!(f, "missed call to {to} from {from}"),
            Self::MissedCall { to, from: None } => write!(f, "missed call to {to}"),
            Self::Message(text) if text.is_empty() => f.write_str(MESSAGE),
            Self::Message(text) => write!(f, "{MESSAGE} {text}"),
            Self::NoMessage => f.write_str("no sms"),
            Self::Payment(payment) => write!(f, "payment {payment}"),
            Self::Aggregator(does) => write!(f, "aggregator {does}"),
            Self::FreeText(any) => write!(f, "aggregator {}", if *any { ANY_TEXT } else { REGISTERED_TEXTS }),
        }
    }
}

/// `139 from +919812345670`
fn number_from(text: &str) -> Option<(String, Option<String>)> {
    let (number, from) = match text.split_once(" from ") {
        Some((number, from)) => (number, Some(from.trim().to_owned())),
        None => (text, None),
    };
    let number = number.trim().to_owned();
    (!number.is_empty()).then_some((number, from))
}

fn dial(dialled: &str, from: Option<String>) -> Action {
    Action::Dial { dialled: dialled.trim().to_owned(), from }
}

#[cfg(test)]
mod tests;
