//! Messages and marks: reading them, claiming them for this node, and what two nodes missed.

use std::time::Duration;

use super::fault::Fault;
use super::line::Lines;
use super::upkeep::first_kept;
use super::{rows, sql};
use crate::store::columns;
use crate::store::writer::Writer;
use crate::store::{
    Commit, CommitError, Intent, KeyedHash, Mark, Message, MessageChange, MessageClaims, MessageCounts, MessageFilter,
    MessageGroup, MessageId, MessageState, ReceiptOf, StoreError, messages,
};
use crate::types::Timestamp;

/// How far back upkeep looks for receipts that have their message; far longer than two nodes are at one at once.
const MISSED: Duration = Duration::from_hours(1);

/// Such receipts of one round.
const AT_MOST: i64 = 1000;

/// Claims what is due; what was being sent for too long is in doubt from now on.
pub(super) async fn lease(lines: &Lines, writer: &Writer, claims: MessageClaims) -> Result<Vec<Message>, StoreError> {
    let now = claims.now;
    let (overdue, mut claimed) = messages::split(claim(lines, claims).await?, now);
    let left = claims.at_most.saturating_sub(u32::try_from(claimed.len()).unwrap_or(u32::MAX));
    if !overdue.is_empty() {
        match writer.commit(Commit { messages: overdue, ..Commit::default() }).await {
            Ok(()) => {}
            // Whoever claims next sees them, too. What is claimed is claimed.
            Err(error) => tracing::debug!(%error, "Messages whose attempt is over are not noted as in doubt"),
        }
        let again = if left > 0 { claim(lines, MessageClaims { at_most: left, ..claims }).await? } else { Vec::new() };
        claimed.extend(again.into_iter().filter(|message| message.state != MessageState::Sending));
        claimed.sort_by(Message::order);
    }
    Ok(claimed)
}

/// Those that are this node's now, and those whose attempt is over.
async fn claim(lines: &Lines, claims: MessageClaims) -> Result<Vec<Message>, StoreError> {
    let lease = sqlx::query(sql::LEASE_MESSAGES).bind(claims.now.0).bind(claims.until.0);
    let lease = lease.bind(i64::from(claims.at_most)).bind(claims.expires().0);
    match lines.write(lease).await {
        // Another node was given the same; there is another time.
        Err(Fault::Raced) => Ok(Vec::new()),
        claimed => claimed?.iter().map(rows::message_from).collect(),
    }
}

/// A receipt finds no message while another node writes that message's id, and that one finds no receipt: afterwards both are there.
pub(super) async fn match_receipts(lines: &Lines, writer: &Writer, now: Timestamp) -> Result<(), StoreError> {
    let since = first_kept(now, MISSED);
    let found = lines.read(|| sqlx::query(sql::EARLY_MATCHED).bind(since).bind(AT_MOST)).await?;
    let early = found.iter().map(rows::early_from).collect::<Result<Vec<_>, _>>()?;
    let receipt = |early: messages::Early| MessageChange::Receipt {
        by: ReceiptOf::Foreign(early.foreign),
        status: early.status,
        reason: early.reason,
        at: early.at,
    };
    let messages: Vec<_> = early.into_iter().map(receipt).collect();
    if messages.is_empty() {
        return Ok(());
    }
    match writer.commit(Commit { messages, ..Commit::default() }).await {
        Err(CommitError::Store(error)) => Err(error),
        // There is another round.
        _ => Ok(()),
    }
}

pub(super) async fn message(lines: &Lines, id: MessageId) -> Result<Option<Message>, StoreError> {
    let found = lines.read(|| sqlx::query(sql::MESSAGE).bind(id.0.to_be_bytes())).await?;
    found.first().map(rows::message_from).transpose()
}

pub(super) async fn messages(lines: &Lines, filter: MessageFilter, at_most: u32) -> Result<Vec<Message>, StoreError> {
    let query = || match columns::trouble_of(filter) {
        Some(trouble) => sqlx::query(sql::MESSAGES_TROUBLED).bind(i16::from(trouble)),
        None => sqlx::query(sql::MESSAGES_WAITING),
    };
    let found = lines.read(|| query().bind(i64::from(at_most))).await?;
    found.iter().map(rows::message_from).collect()
}

pub(super) async fn message_counts(lines: &Lines) -> Result<MessageCounts, StoreError> {
    let found = lines.read(|| sqlx::query(sql::MESSAGE_COUNTS)).await?;
    found.first().map_or_else(|| Ok(MessageCounts::default()), rows::counts_from)
}

pub(super) async fn message_groups(lines: &Lines) -> Result<Vec<MessageGroup>, StoreError> {
    let found = lines.read(|| sqlx::query(sql::MESSAGES_GROUPED)).await?;
    found.iter().map(rows::group_from).collect()
}

pub(super) async fn marks(lines: &Lines, keys: &[KeyedHash], now: Timestamp) -> Result<Vec<Mark>, StoreError> {
    let keys: Vec<[u8; 16]> = keys.iter().map(|key| key.0).collect();
    let found = lines.read(|| sqlx::query(sql::MARKS).bind(keys.clone()).bind(now.0)).await?;
    found.iter().map(rows::mark_from).collect()
}

pub(super) async fn intents_of(lines: &Lines, subscriber: KeyedHash, at_most: u32) -> Result<Vec<Intent>, StoreError> {
    let found = lines.read(|| sqlx::query(sql::INTENTS_OF).bind(subscriber.0).bind(i64::from(at_most))).await?;
    found.iter().map(rows::intent_from).collect()
}
