//! Playing a whole dialogue, and what came of it.

use super::names;
use super::parse::{Action, Dialogue};
use super::play::{Player, Stage};
use crate::handset::aggregator::Arrived;

/// Something that is not as the transcript says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Line of the file.
    pub number: usize,
    pub what: String,
    /// What the phone showed at that moment; all that it had got, where messages are meant.
    pub shown: String,
}

/// What came of a line that did something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    /// Line of the file.
    pub number: usize,
    /// The whole of what the phone showed; `None` where it is not about a call.
    pub page: Option<String>,
    /// The messages that lines behind it have read, and those that came to the phone with it and nobody has read.
    pub messages: Vec<Arrived>,
    /// Names that the lines behind it use, each time with what they stood for.
    pub names: Vec<(String, String)>,
}

/// What came of one dialogue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Played {
    pub mismatches: Vec<Mismatch>,
    pub exchanges: Vec<Exchange>,
}

/// Performs one dialogue to its end; a line that cannot be performed ends it.
pub async fn play(stage: &Stage, dialogue: &Dialogue) -> Played {
    let mut player = Player::new(stage);
    let mut result = Played::default();
    for line in &dialogue.lines {
        let read_before = player.read_last();
        let performed = player.perform(&line.action).await;
        if let Action::Shown(text) | Action::Message(text) = &line.action
            && let Some(exchange) = result.exchanges.last_mut()
        {
            let named = names::mentioned(text).into_iter();
            exchange.names.extend(named.filter_map(|name| Some((name.clone(), player.captured(&name)?.to_owned()))));
        }
        if let Action::Message(_) = &line.action
            && let Some(read) = player.read_last().filter(|read| read_before != Some(*read))
        {
            move_to_last(&mut result.exchanges, read);
        }
        match performed {
            Ok(shown) if line.action.does_something() => {
                let messages = player.arrived();
                let page = shown.map(|shown| shown.text);
                result.exchanges.push(Exchange { number: line.number, page, messages, names: Vec::new() });
            }
            Ok(_) => {}
            Err(error) => {
                let shown = if error.is_of_messages() { player.got() } else { player.looked_at().to_owned() };
                result.mismatches.push(Mismatch { number: line.number, what: error.to_string(), shown });
                if !error.is_of_what_is_shown() {
                    break;
                }
            }
        }
    }
    result
}

/// A message belongs to the exchange behind which it is read: a citizen may hang up first.
fn move_to_last(exchanges: &mut [Exchange], number: u64) {
    let Some((last, before)) = exchanges.split_last_mut() else { return };
    for exchange in before {
        let at = exchange.messages.iter().position(|arrived| arrived.number == number);
        last.messages.extend(at.map(|at| exchange.messages.remove(at)));
    }
    last.messages.sort_by_key(|arrived| arrived.number);
}
