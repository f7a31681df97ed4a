//! What a callback means for its leg: a first one, a next one, a repeat, or one whose turn has passed.
//!
//! Pure, so that each rule of promise 2 (the same callback twice is one turn) is tested by itself.

use std::time::Duration;

use super::record::Leg;
use crate::gateway::{Input, SameHistory};
use crate::types::Timestamp;

/// What is known of the callback before its leg is looked at.
#[derive(Clone, Debug)]
pub(super) struct Arrived<'a> {
    pub(super) at: Timestamp,
    /// Keyed hash of its bytes.
    pub(super) callback: [u8; 16],
    /// The turn's number, where the gateway numbers them.
    pub(super) number: Option<u32>,
    pub(super) begins: Option<bool>,
    pub(super) input: &'a Input,
}

/// What the callback is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Opens a dialogue.
    First,
    /// The next turn; the answer alone.
    Next(String),
    /// The last turn again: it gets the last reply.
    Repeat,
    /// A turn before the last: it gets the present screen.
    Passed,
    /// Belongs to a dialogue that is over or was never known.
    Unknown,
}

/// How the gateway repeats and forgets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manners {
    /// How long identical bytes are a repeat where turns are not numbered.
    pub(super) repeat_within: Duration,
    /// How long a dialogue may last, so that an id that comes back after it names another.
    pub(super) lasts: Duration,
    /// What the same history once more is.
    pub(super) same_history: SameHistory,
    /// Dialogues have ids of their own; else the number alone names them, and dialling again looks like the same callback.
    pub(super) has_ids: bool,
}

/// Judges a callback. `known` is the leg of the same id, when there is one; `hash` is the keyed hash of a history.
pub(super) fn judge(
    arrived: &Arrived<'_>,
    known: Option<&Leg>,
    manners: Manners,
    hash: impl Fn(&str) -> [u8; 16],
) -> Verdict {
    let Some(leg) = known else {
        return if arrived.begins == Some(false) { Verdict::Unknown } else { Verdict::First };
    };
    if let Some(verdict) = repeat(arrived, leg, manners, &hash) {
        return verdict;
    }
    let is_over = leg.over || is_stale(arrived, leg, manners);
    if arrived.begins == Some(true) && manners.has_ids && !is_over {
        // No dialogue with an id of its own begins twice, however late the second callback that says so.
        return if arrived.callback == leg.callback { Verdict::Repeat } else { Verdict::Passed };
    }
    // A history that holds answers belongs to a dialogue that went on, and walking it again could do something twice.
    let may_begin = !matches!(arrived.input, Input::History(history) if !history.is_empty());
    match arrived.begins {
        Some(true) => return Verdict::First,
        None if is_over && may_begin => return Verdict::First,
        _ if is_over => return Verdict::Unknown,
        _ => {}
    }
    match arrived.input {
        Input::Last(answer) | Input::Dialled(answer) => Verdict::Next(answer.clone()),
        Input::History(history) => Verdict::Next(last_of(history, leg.history, hash).to_owned()),
    }
}

/// Whether the callback repeats a turn: by its number, by its history, or else by its bytes and the time.
fn repeat(arrived: &Arrived<'_>, leg: &Leg, manners: Manners, hash: &impl Fn(&str) -> [u8; 16]) -> Option<Verdict> {
    if let (Some(number), Some(last)) = (arrived.number, leg.number) {
        // A dialogue that is over may have left its id to another, which counts from the start.
        let may_be_another = arrived.begins == Some(true) && (leg.over || is_stale(arrived, leg, manners));
        if number == last && (!may_be_another || arrived.callback == leg.callback) {
            return Some(Verdict::Repeat);
        }
        return (number < last && !may_be_another).then_some(Verdict::Passed);
    }
    let stale = is_stale(arrived, leg, manners);
    let soon = arrived.at.since(leg.replied_at) <= manners.repeat_within;
    if let (Input::History(history), Some((length, last))) = (arrived.input, leg.history) {
        if history.len() == length as usize && hash(history) == last {
            // Where an empty answer leaves the history as it was, only the time tells it from a repeat.
            let is_repeat = match manners.same_history {
                SameHistory::Repeat => !stale,
                // Nobody answers a last page.
                SameHistory::Empty => (leg.over && !stale) || (arrived.callback == leg.callback && soon),
            };
            return is_repeat.then_some(Verdict::Repeat);
        }
        return (history.len() < length as usize && !stale).then_some(Verdict::Passed);
    }
    (arrived.callback == leg.callback && soon).then_some(Verdict::Repeat)
}

/// So long ago that the dialogue cannot live any more.
fn is_stale(arrived: &Arrived<'_>, leg: &Leg, manners: Manners) -> bool {
    arrived.at.since(leg.replied_at) > manners.lasts
}

/// What a history says beyond the one before. Citizens type `*` themselves, so that splitting at stars would lose part
/// of an answer: the known beginning is cut off instead. Only where the gateway has rewritten the beginning is what
/// follows the last star taken.
fn last_of(history: &str, before: Option<(u32, [u8; 16])>, hash: impl Fn(&str) -> [u8; 16]) -> &str {
    match before {
        None | Some((0, _)) => history,
        Some((length, last)) => match history.split_at_checked(length as usize) {
            Some((beginning, rest)) if hash(beginning) == last => rest.strip_prefix('*').unwrap_or(rest),
            _ => history.rsplit('*').next().unwrap_or(history),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::Page;
    use super::*;

    const MANNERS: Manners = Manners {
        repeat_within: Duration::from_secs(2),
        lasts: Duration::from_mins(3),
        same_history: SameHistory::Repeat,
        has_ids: true,
    };

    fn hash(text: &str) -> [u8; 16] {
        let mut out = [0_u8; 16];
        for (i, byte) in text.bytes().enumerate() {
            out[i % 16] = out[i % 16].wrapping_mul(31).wrapping_add(byte).wrapping_add(1);
        }
        out
    }

    fn leg() -> Leg {
        Leg {
            gateway: "g".to_owned(),
            number: None,
            history: None,
            callback: [1; 16],
            replied_at: Timestamp(10_000),
            reply: Page { text: "Menu".to_owned(), more: true },
            over: false,
        }
    }

    fn arrived(at: i64, callback: u8, input: &Input) -> Arrived<'_> {
        Arrived { at: Timestamp(at), callback: [callback; 16], number: None, begins: None, input }
    }

    fn verdict(arrived: &Arrived<'_>, leg: Option<&Leg>) -> Verdict {
        judge(arrived, leg, MANNERS, hash)
    }

    #[test]
    fn a_leg_that_nobody_knows_begins_unless_the_gateway_says_otherwise() {
        let input = Input::Last("1".to_owned());
        assert_eq!(verdict(&arrived(0, 1, &input), None), Verdict::First);
        let later = Arrived { begins: Some(false), ..arrived(0, 1, &input) };
        assert_eq!(verdict(&later, None), Verdict::Unknown);
    }

    #[test]
    fn identical_bytes_are_a_repeat_for_a_while_and_an_answer_afterwards() {
        let input = Input::Last("1".to_owned());
        assert_eq!(
            verdict(&arrived(9_000, 1, &input), Some(&leg())),
            Verdict::Repeat,
            "it came while the first was in flight"
        );
        assert_eq!(verdict(&arrived(12_000, 1, &input), Some(&leg())), Verdict::Repeat);
        assert_eq!(verdict(&arrived(12_001, 1, &input), Some(&leg())), Verdict::Next("1".to_owned()));
        assert_eq!(verdict(&arrived(10_001, 2, &input), Some(&leg())), Verdict::Next("1".to_owned()));
    }

    #[test]
    fn a_number_tells_the_turn_whenever_it_comes() {
        let input = Input::Last("1".to_owned());
        let numbered = Leg { number: Some(3), ..leg() };
        let at = |number| Arrived { number: Some(number), ..arrived(60_000, 9, &input) };
        assert_eq!(verdict(&at(3), Some(&numbered)), Verdict::Repeat);
        assert_eq!(verdict(&at(2), Some(&numbered)), Verdict::Passed);
        assert_eq!(verdict(&at(4), Some(&numbered)), Verdict::Next("1".to_owned()));
    }

    #[test]
    fn a_history_gives_what_it_grew_by_even_where_an_answer_holds_stars() {
        let before = Leg { history: Some((4, hash("1**2"))), ..leg() };
        for (history, expected) in [
            ("1**2*5", Verdict::Next("5".to_owned())),
            ("1**2**7*", Verdict::Next("*7*".to_owned())),
            ("1**2", Verdict::Repeat),
            ("1*", Verdict::Passed),
            ("9**9*4", Verdict::Next("4".to_owned())),
        ] {
            let input = Input::History(history.to_owned());
            assert_eq!(verdict(&arrived(70_000, 9, &input), Some(&before)), expected, "{history}");
        }
        let first = Leg { history: Some((0, hash(""))), ..leg() };
        let input = Input::History("2".to_owned());
        assert_eq!(verdict(&arrived(70_000, 9, &input), Some(&first)), Verdict::Next("2".to_owned()));
    }

    #[test]
    fn the_same_history_once_more_may_be_an_empty_answer() {
        let before = Leg { history: Some((3, hash("1*2"))), ..leg() };
        let input = Input::History("1*2".to_owned());
        let empties = Manners { same_history: SameHistory::Empty, ..MANNERS };
        let judged = |at, callback, leg: &Leg| judge(&arrived(at, callback, &input), Some(leg), empties, hash);
        assert_eq!(judged(12_000, 1, &before), Verdict::Repeat, "identical bytes at once");
        assert_eq!(judged(12_001, 1, &before), Verdict::Next(String::new()));
        assert_eq!(judged(11_000, 2, &before), Verdict::Next(String::new()), "other bytes");
        let over = Leg { over: true, ..before };
        assert_eq!(judged(70_000, 1, &over), Verdict::Repeat, "nobody answers a last page");
    }

    #[test]
    fn an_id_that_comes_back_after_its_end_opens_another_dialogue() {
        let input = Input::Last("*123#".to_owned());
        let over = Leg { over: true, ..leg() };
        assert_eq!(verdict(&arrived(20_000, 9, &input), Some(&over)), Verdict::First);
        assert_eq!(verdict(&arrived(200_000, 9, &input), Some(&leg())), Verdict::First);
        let answers = Arrived { begins: Some(false), ..arrived(20_000, 9, &input) };
        assert_eq!(verdict(&answers, Some(&over)), Verdict::Unknown);
        let again = Arrived { begins: Some(true), ..arrived(20_000, 9, &input) };
        assert_eq!(verdict(&again, Some(&over)), Verdict::First);
    }

    #[test]
    fn a_beginning_that_is_told_twice_is_one_unless_the_number_alone_names_the_dialogue() {
        let input = Input::Dialled("*123#".to_owned());
        let told = Arrived { begins: Some(true), ..arrived(70_000, 1, &input) };
        assert_eq!(verdict(&told, Some(&leg())), Verdict::Repeat);
        let late = Arrived { begins: Some(true), ..arrived(70_000, 9, &input) };
        assert_eq!(verdict(&late, Some(&leg())), Verdict::Passed, "the dialogue has gone on since");
        let numbered = Leg { number: Some(2), ..leg() };
        assert_eq!(verdict(&Arrived { number: Some(1), ..late }, Some(&numbered)), Verdict::Passed);
        let by_number = Manners { has_ids: false, ..MANNERS };
        assert_eq!(judge(&told, Some(&leg()), by_number, hash), Verdict::First);
    }

    #[test]
    fn a_history_that_goes_on_after_the_end_is_not_walked_again() {
        let over = Leg { over: true, history: Some((3, hash("1*2"))), ..leg() };
        let input = Input::History("1*2*1".to_owned());
        assert_eq!(verdict(&arrived(20_000, 9, &input), Some(&over)), Verdict::Unknown);
    }

    #[test]
    fn the_last_reply_of_a_dialogue_that_is_over_is_repeated_too() {
        let input = Input::History("1*2".to_owned());
        let over = Leg { over: true, history: Some((3, hash("1*2"))), ..leg() };
        assert_eq!(verdict(&arrived(60_000, 9, &input), Some(&over)), Verdict::Repeat);
    }
}
