//! What a callback is to a dialogue: promise 2 (the same callback twice is one turn) as an aggregator is told of it in
//! `docs/gateways.md`, for as long as a dialogue lives.

use super::{Leg, Sent};
use crate::gateway::{Input, Profile, SameHistory};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    First,
    /// The answer alone.
    Next(String),
    /// The last turn again.
    Repeat,
    /// An earlier turn again.
    Passed,
    /// Of a dialogue that nobody knows.
    Unknown,
}

/// `leg` is the dialogue of the callback's id, where there is one.
pub(super) fn judge(profile: &Profile, sent: &Sent, leg: Option<&Leg>, soon: bool) -> Verdict {
    let turn = &sent.turn;
    let begins = turn.begins;
    let Some(leg) = leg else {
        return if begins == Some(false) { Verdict::Unknown } else { Verdict::First };
    };
    let is_same = sent.outbound == leg.callback;
    let anew = leg.over && begins == Some(true) && !is_same;
    match (turn.number, leg.number, &turn.input, &leg.history) {
        (Some(number), Some(last), ..) if number == last && !anew => return Verdict::Repeat,
        (Some(number), Some(last), ..) if number < last && !anew => return Verdict::Passed,
        (Some(_), Some(_), ..) => {}
        (.., Input::History(history), Some(last)) if history == last => match profile.same_history {
            SameHistory::Repeat => return Verdict::Repeat,
            SameHistory::Empty if leg.over || (is_same && soon) => return Verdict::Repeat,
            SameHistory::Empty => {}
        },
        (.., Input::History(history), Some(last)) if history.len() < last.len() => return Verdict::Passed,
        (.., Input::History(_), Some(_)) => {}
        _ if is_same && soon => return Verdict::Repeat,
        _ => {}
    }
    match begins {
        Some(true) if profile.has_ids() && !leg.over => return if is_same { Verdict::Repeat } else { Verdict::Passed },
        Some(true) => return Verdict::First,
        None if leg.over && !matches!(&turn.input, Input::History(history) if !history.is_empty()) => {
            return Verdict::First;
        }
        _ if leg.over => return Verdict::Unknown,
        _ => {}
    }
    Verdict::Next(match &turn.input {
        Input::Last(answer) | Input::Dialled(answer) => answer.clone(),
        Input::History(history) => grown_by(history, leg.history.as_deref()).to_owned(),
    })
}

/// What a history says beyond the one before.
fn grown_by<'h>(history: &'h str, before: Option<&str>) -> &'h str {
    match before {
        None | Some("") => history,
        Some(before) => match history.strip_prefix(before) {
            Some(rest) => rest.strip_prefix('*').unwrap_or(rest),
            None => history.rsplit('*').next().unwrap_or(history),
        },
    }
}
