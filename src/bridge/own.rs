//! What menus ask the bridge itself: what this number has asked for and will be told later, and what became of its payments.
//!
//! Nothing here is anybody's but the caller's: requests are those of the number that calls, and a payment of another number is not found.

use super::change::Wish;
use super::ground::Ground;
use super::notice::{Notice, PaymentState};
use super::record::decode;
use super::{Bridge, TurnError};
use crate::engine::{CallRequest, Failure, Outcome};
use crate::menu::{Own, Value};
use crate::store::Intent;
use crate::text::{mask, to_gsm};

/// How many of what a number has asked for and ordered are looked through for its requests.
const LOOKED_THROUGH: u32 = 50;

impl Bridge {
    pub(super) async fn ask_own(
        &self,
        ground: &Ground<'_>,
        own: Own,
        call: &CallRequest,
    ) -> Result<Outcome, TurnError> {
        let given = match call.give.first() {
            Some(Some(Value::Text(text))) => text.as_str(),
            _ => "",
        };
        let answer = match own {
            Own::Requests => {
                let intents = self.store.intents_of(ground.subscriber(), LOOKED_THROUGH).await?;
                let told = intents.iter().filter_map(|intent| self.told_of(intent));
                // What was answered at once, by what might have been late, was never promised.
                let promised = told.filter(|request| request.is_open || request.answer.is_some());
                let fields = promised.map(|request| request.fields);
                Some(listed(fields.take(usize::from(Own::MOST_REQUESTS)).collect()))
            }
            Own::Request => {
                let intents = self.store.intents_of(ground.subscriber(), LOOKED_THROUGH).await?;
                let asked = letters(given);
                let found = intents.iter().find(|intent| letters(&intent.receipt) == asked);
                found.and_then(|intent| self.told_of(intent)).map(|Told { fields, answer, .. }| {
                    fields.into_iter().chain([answer.map(|answer| latin(&answer, Own::ANSWER))]).collect()
                })
            }
            Own::Payment => self.paid(given, &call.caller).await?,
        };
        Ok(match answer {
            Some(fields) => Outcome::Answered(Value::Record(fields)),
            None => Outcome::Failed(Failure::Named("not_found".to_owned())),
        })
    }

    /// A request, as it stands; `None` of what nobody is told later.
    fn told_of(&self, intent: &Intent) -> Option<Told> {
        let Wish { outcome, later, .. } = self
            .open_wish(intent)
            .inspect_err(|error| tracing::error!(receipt = %intent.receipt, %error, "A request cannot be read"))
            .ok()?;
        let later = later?;
        let state = match outcome {
            None | Some(Outcome::Failed(Failure::Unknown { .. })) => "open",
            Some(Outcome::Answered(_)) => "done",
            Some(_) => "failed",
        };
        let fields = vec![
            Some(Value::Text(intent.receipt.clone())),
            Some(latin(&later.title, Own::TITLE)),
            Some(Value::Text(state.to_owned())),
            Some(Value::Date(intent.at.day_in_india())),
        ];
        Some(Told { fields, is_open: state == "open", answer: later.told })
    }

    /// What became of a payment of this number, as far as it was told.
    async fn paid(&self, transaction: &str, caller: &str) -> Result<Option<Vec<Option<Value>>>, TurnError> {
        let states = [PaymentState::Reversed, PaymentState::Paid, PaymentState::Failed];
        let keys: Vec<_> = states.iter().map(|state| self.payment_key(transaction, *state)).collect();
        let marks = self.store.marks(keys.clone(), self.clock.now()).await?;
        // The end that counts more, in whichever order they were told.
        let Some(mark) = keys.iter().find_map(|key| marks.iter().find(|mark| mark.key == *key)) else {
            return Ok(None);
        };
        let plain = self.unseal("payment", &mark.key.0, &mark.sealed).map_err(TurnError::Record)?;
        let notice: Notice = decode(&plain)?;
        if notice.mobile.digits() != caller {
            return Ok(None);
        }
        let at = notice.at.in_india();
        Ok(Some(vec![
            Some(Value::Amount(notice.amount)),
            Some(latin(&notice.biller, Own::BILLER)),
            Some(Value::Text(mask(&notice.account))),
            Some(Value::Text(notice.state.word().to_owned())),
            Some(Value::Date(at.date_naive())),
            Some(Value::Text(at.format("%H:%M").to_string())),
        ]))
    }
}

/// What is told of a request.
struct Told {
    /// Receipt, title, state and day.
    fields: Vec<Option<Value>>,
    is_open: bool,
    /// What its message said.
    answer: Option<String>,
}

/// Requests as [`Own::Requests`] answers them, the newest first: all, then the newest by itself, then receipt, title and day of the one before.
fn listed(requests: Vec<Vec<Option<Value>>>) -> Vec<Option<Value>> {
    let [newest, before] = [0, 1].map(|at| requests.get(at).cloned().unwrap_or_else(|| vec![None; 4]));
    let [receipt, title, _, at] = <[_; 4]>::try_from(before).unwrap_or_default();
    let all = Value::List(requests.into_iter().map(Value::Record).collect());
    [Some(all)].into_iter().chain(newest).chain([receipt, title, at]).collect()
}

/// A text as menus are promised it: in Latin letters, and no longer than that.
fn latin(text: &str, most: u16) -> Value {
    Value::Text(to_gsm(text).chars().take(usize::from(most)).collect())
}

/// A receipt number as people write it: small letters, without its dash, with spaces.
fn letters(receipt: &str) -> String {
    receipt.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}
