//! How a department can be told to misbehave, and how that is written: `answers in 9s`, `fails with 503`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::text;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mischief {
    #[default]
    Works,
    /// Does the work at once, and says so after this time.
    AnswersIn(Duration),
    /// Does no work, and answers with this status.
    FailsWith(u16),
    /// Does the work, and closes the connection.
    LosesTheAnswer,
    /// Does the work, and answers 200 with a body that is no JSON.
    AnswersNonsense,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not known of a department: write `works`, `answers in 9s`, `fails with 503`, `loses the answer` or `answers nonsense`"
)]
pub struct MischiefError(String);

impl FromStr for Mischief {
    type Err = MischiefError;

    fn from_str(text: &str) -> Result<Self, MischiefError> {
        let words: Vec<_> = text.split_whitespace().collect();
        let mischief = match words.as_slice() {
            ["works"] => Some(Self::Works),
            ["answers", "in", time] => text::duration(time).map(Self::AnswersIn),
            ["fails", "with", status] => {
                status.parse().ok().filter(|status| (400..=599).contains(status)).map(Self::FailsWith)
            }
            ["loses", "the", "answer"] => Some(Self::LosesTheAnswer),
            ["answers", "nonsense"] => Some(Self::AnswersNonsense),
            _ => None,
        };
        mischief.ok_or_else(|| MischiefError(text.to_owned()))
    }
}

impl fmt::Display for Mischief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Works => f.write_str("works"),
            Self::AnswersIn(time) => write!(f, "answers in {}ms", time.as_millis()),
            Self::FailsWith(status) => write!(f, "fails with {status}"),
            Self::LosesTheAnswer => f.write_str("loses the answer"),
            Self::AnswersNonsense => f.write_str("answers nonsense"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_dialogues_say() {
        assert_eq!("answers in 9s".parse(), Ok(Mischief::AnswersIn(Duration::from_secs(9))));
        assert_eq!(" fails  with 503".parse(), Ok(Mischief::FailsWith(503)));
        for wrong in ["", "answers in", "answers in 9", "answers in -1s", "fails with 200", "fails with x", "sleeps"] {
            assert_eq!(wrong.parse::<Mischief>(), Err(MischiefError(wrong.to_owned())));
        }
    }

    #[test]
    fn writes_what_it_reads() {
        for text in ["works", "answers in 500ms", "fails with 404", "loses the answer", "answers nonsense"] {
            assert_eq!(text.parse::<Mischief>().map(|mischief| mischief.to_string()).as_deref(), Ok(text));
        }
    }
}
