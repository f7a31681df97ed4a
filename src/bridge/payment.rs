//! What a payment system tells becomes one message for each end of a payment.

use std::time::Duration;

use super::begin::language_of;
use super::notice::{Notice, PaymentState};
use super::record::{Known, encode};
use super::{Bridge, TurnError};
use crate::menu::{SystemMessage, Value};
use crate::store::{Commit, KeyedHash, Mark};
use crate::text::{mask, write_date};

/// How long the end of a payment is remembered: the same notice later than this would be told again.
const REMEMBERED_FOR: Duration = Duration::from_hours(400 * 24);

impl Bridge {
    /// Confirms the end of a payment to whoever paid: once, however often, and in whatever order, the notices come.
    pub async fn payment(&self, notice: &Notice) -> Result<&'static str, TurnError> {
        let program = self.program();
        let subscriber = self.subscriber(&notice.mobile);
        let known = self.known(subscriber).await?;
        let language = language_of(&program, &known, None, None);
        let message = match notice.state {
            PaymentState::Paid => SystemMessage::Paid,
            PaymentState::Failed => SystemMessage::PayFailed,
            PaymentState::Reversed => SystemMessage::Reversed,
        };
        if program.system_message(message).is_none() {
            // Not marked: once it is written, the notice is taken when it comes again.
            return Err(TurnError::NotWritten(message.name()));
        }
        // What became of their money they must know, whatever they stopped.
        let consent = Known::asking();
        let told = self.own_message(&program, message, &values(notice), language, &notice.mobile, &consent)?;
        let key = self.payment_key(&notice.transaction, notice.state);
        let plain = encode(notice)?;
        let now = self.clock.now();
        let mark = Mark { key, at: now, until: now.plus(REMEMBERED_FOR), sealed: self.seal("payment", &key.0, &plain) };
        let commit = Commit { messages: told.into_iter().collect(), marks: vec![mark], ..Commit::default() };
        self.once(commit, notice.state.word()).await
    }

    pub(super) fn payment_key(&self, transaction: &str, state: PaymentState) -> KeyedHash {
        let transaction = transaction.to_ascii_uppercase();
        self.keyring.hash("payment", &[transaction.as_bytes(), state.word().as_bytes()])
    }
}

/// What a confirmation shows: amount, biller, account, transaction, date and time in India.
fn values(notice: &Notice) -> Vec<Option<Value>> {
    let at = notice.at.in_india();
    let mut date = String::new();
    write_date(at.date_naive(), &mut date);
    vec![
        Some(Value::Amount(notice.amount)),
        Some(Value::Text(notice.biller.clone())),
        Some(Value::Text(mask(&notice.account))),
        Some(Value::Text(notice.transaction.clone())),
        Some(Value::Text(date)),
        Some(Value::Text(at.format("%H:%M").to_string())),
    ]
}
