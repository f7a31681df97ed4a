//! How an aggregator can be told to misbehave, and how that is written: `loses the answer, sends no receipts`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::text;

/// What it does with messages, and afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mischief {
    pub answers: Answers,
    pub receipts: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Answers {
    #[default]
    Works,
    /// Takes no message, now or later.
    Refuses,
    /// Takes no message now.
    IsBusy,
    /// Takes it at once, and says so after this time.
    AnswersIn(Duration),
    /// Takes it, and closes the connection.
    LosesTheAnswer,
}

impl Default for Mischief {
    fn default() -> Self {
        Self { answers: Answers::Works, receipts: true }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not known of an aggregator: write `works`, `refuses`, `is busy`, `answers in 9s`, `loses the answer` or `sends no \
     receipts`; this one also behind another and a comma"
)]
pub struct MischiefError(String);

impl FromStr for Mischief {
    type Err = MischiefError;

    fn from_str(text: &str) -> Result<Self, MischiefError> {
        let wrong = || MischiefError(text.to_owned());
        let mut own = Self::default();
        let mut answers = None;
        for part in text.split(',') {
            let words: Vec<&str> = part.split_whitespace().collect();
            let read = match words.as_slice() {
                ["sends", "no", "receipts"] if own.receipts => {
                    own.receipts = false;
                    continue;
                }
                ["works"] => Answers::Works,
                ["refuses"] => Answers::Refuses,
                ["is", "busy"] => Answers::IsBusy,
                ["answers", "in", time] => Answers::AnswersIn(text::duration(time).ok_or_else(wrong)?),
                ["loses", "the", "answer"] => Answers::LosesTheAnswer,
                _ => return Err(wrong()),
            };
            if answers.replace(read).is_some() {
                return Err(wrong());
            }
        }
        Ok(Self { answers: answers.unwrap_or_default(), ..own })
    }
}

impl fmt::Display for Mischief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.answers {
            Answers::Works => f.write_str("works")?,
            Answers::Refuses => f.write_str("refuses")?,
            Answers::IsBusy => f.write_str("is busy")?,
            Answers::AnswersIn(time) => write!(f, "answers in {}ms", time.as_millis())?,
            Answers::LosesTheAnswer => f.write_str("loses the answer")?,
        }
        if self.receipts { Ok(()) } else { f.write_str(", sends no receipts") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for text in [
            "works",
            "refuses",
            "is busy",
            "answers in 500ms",
            "loses the answer",
            "loses the answer, sends no receipts",
        ] {
            assert_eq!(text.parse::<Mischief>().map(|mischief| mischief.to_string()).as_deref(), Ok(text));
        }
        assert_eq!(" sends no  receipts".parse(), Ok(Mischief { answers: Answers::Works, receipts: false }));
    }

    #[test]
    fn what_says_nothing_or_two_things_is_refused() {
        for wrong in
            ["", "answers in", "answers in 9", "is", "works, refuses", "sends no receipts, sends no receipts", "works,"]
        {
            assert_eq!(wrong.parse::<Mischief>(), Err(MischiefError(wrong.to_owned())), "{wrong}");
        }
    }
}
