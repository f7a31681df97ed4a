//! Reading transcripts, and writing their lines.

use std::fmt;
use std::time::Duration;

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
}

/// What a line could not be read as.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {number}: {reason}")]
pub struct ParseError {
    pub number: usize,
    pub reason: String,
}

const KNOWN: &str = "a line begins with `dial`, `redial`, `>`, `<`, `wait`, `hang up`, `time out`, `repeat`, `language`, \
                     `gateway`, `department`, `end`, or is `---` between two dialogues";

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
        _ => Err(format!("`{line}` is not understood; {KNOWN}")),
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
        }
    }
}

fn dial(dialled: &str, from: Option<String>) -> Action {
    Action::Dial { dialled: dialled.trim().to_owned(), from }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_file_holds_dialogues_with_titles() {
        let text = "A member asks\n\ndial *123# from +919812345670\n< Welcome\n> 1\nend\n---\nAnother\nredial\nwait 2m\nhang up\n";
        let dialogues = parse(text).expect("it reads");
        assert_eq!(dialogues.len(), 2);
        assert_eq!(dialogues[0].title, "A member asks");
        assert_eq!(dialogues[0].lines[0].number, 3);
        assert_eq!(dialogues[0].lines[2].action, Action::Answer("1".to_owned()));
        let second: Vec<_> = dialogues[1].lines.iter().map(|line| line.action.clone()).collect();
        assert_eq!(second, [Action::Redial, Action::Wait(Duration::from_mins(2)), Action::HangUp]);
    }

    #[test]
    fn an_answer_may_be_empty_and_a_department_do_anything() {
        let dialogues = parse("Title\n>\ndepartment lpg loses the answer\n").expect("it reads");
        assert_eq!(dialogues[0].lines[0].action, Action::Answer(String::new()));
        let does = "loses the answer".to_owned();
        assert_eq!(dialogues[0].lines[1].action, Action::Department { name: "lpg".to_owned(), does });
    }

    #[test]
    fn what_is_not_understood_is_named_with_its_line() {
        for (text, number) in
            [("T\n\npress 1\n", 3), ("T\nwait long\n", 2), ("T\ndial\n", 2), ("T\ndepartment epfo\n", 2)]
        {
            assert_eq!(parse(text).expect_err(text).number, number);
        }
    }

    /// Lines as they are written, with slips, among lines of anything.
    fn any_line() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec![
            "dial",
            "redial",
            ">",
            "<",
            "wait",
            "hang",
            "up",
            "language",
            "gateway",
            "department",
            "end",
            "---",
            "from",
            "*123#",
            "40s",
            "99999999999999999999d",
            "7m",
            "s",
            "hi",
            "epfo",
            "answers in 9s",
            "",
        ]);
        prop_oneof![3 => prop::collection::vec(word, 0..5).prop_map(|words| words.join(" ")), 1 => any::<String>()]
    }

    proptest! {
        #[test]
        fn anything_is_read_or_refused_with_its_line(lines in prop::collection::vec(any_line(), 0..12)) {
            let text = lines.join("\n");
            match parse(&text) {
                Ok(dialogues) => prop_assert!(dialogues.iter().all(|dialogue| !dialogue.title.is_empty())),
                Err(error) => prop_assert!((1..=text.lines().count()).contains(&error.number)),
            }
        }

        #[test]
        fn what_is_written_is_read_back(line in any_line()) {
            if let Ok(read) = action(line.trim_end()) {
                prop_assert_eq!(action(&read.to_string()), Ok(read));
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = parse(&String::from_utf8_lossy(&bytes));
        }
    }
}
