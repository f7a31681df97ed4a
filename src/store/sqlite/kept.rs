//! What a batch can meet beside turns, before it is judged and after.

use sqlx::query::Query;
use sqlx::sqlite::SqliteRow;

use super::write::Sqlite;
use super::{rows, sql};
use crate::store::columns::{Hex, json};
use crate::store::judge::{Books, Kept};
use crate::store::{Commit, StoreError, intents, messages};

impl Sqlite {
    /// What is stored of what the batch's changes can meet.
    pub(super) async fn kept(&mut self, batch: &[Commit]) -> Result<Kept, StoreError> {
        let mut kept = Kept::default();
        let (ids, wishes) = intents::wanted(batch.iter().flat_map(|commit| &commit.intents));
        if !ids.is_empty() {
            let wishes = wishes.iter().map(|(subscriber, request)| (Hex(&subscriber.0), Hex(&request.0)));
            let found = self.found(sql::INTENTS_TOUCHED, [json(ids.iter().map(|id| number(id.0)))?, json(wishes)?]);
            kept.intents = found.await?.iter().map(rows::intent_from).collect::<Result<_, _>>()?;
        }
        let (ids, foreigns) = messages::wanted(batch.iter().flat_map(|commit| &commit.messages));
        if !ids.is_empty() || !foreigns.is_empty() {
            let keys = [json(ids.iter().map(|id| number(id.0)))?, json(foreigns.iter().map(|key| Hex(&key.0)))?];
            let found = self.found(sql::MESSAGES_TOUCHED, keys).await?;
            kept.messages.messages = found.iter().map(rows::message_from).collect::<Result<_, _>>()?;
        }
        if !foreigns.is_empty() {
            let keys = [json(foreigns.iter().map(|key| Hex(&key.0)))?];
            let found = self.found(sql::EARLY_RECEIPTS, keys).await?;
            kept.messages.early = found.iter().map(rows::early_from).collect::<Result<_, _>>()?;
        }
        let marks: Vec<_> = batch.iter().flat_map(|commit| &commit.marks).map(|mark| Hex(&mark.key.0)).collect();
        if !marks.is_empty() {
            let query = sqlx::query(sql::MARKS).bind(json(marks)?).bind(i64::MIN);
            let found = query.fetch_all(&mut self.connection).await.map_err(rows::failed)?;
            kept.marks = found.iter().map(rows::mark_from).collect::<Result<_, _>>()?;
        }
        Ok(kept)
    }

    async fn found<const N: usize>(
        &mut self,
        statement: &'static str,
        given: [String; N],
    ) -> Result<Vec<SqliteRow>, StoreError> {
        let query = given.into_iter().fold(sqlx::query(statement), Query::bind);
        query.fetch_all(&mut self.connection).await.map_err(rows::failed)
    }
}

/// An id in hexadecimal.
fn number(id: u128) -> String {
    data_encoding::HEXLOWER.encode(&id.to_be_bytes())
}

/// Messages, receipts and marks as columns of `messages.sql`, where there are any.
pub(super) fn beside(books: &Books) -> Result<Option<[String; 5]>, StoreError> {
    let (queued, changed) = (books.messages.queued(), books.messages.changed());
    let (kept, matched, marks) = (books.messages.kept(), books.messages.matched(), books.marks.changed());
    if queued.is_empty() && changed.is_empty() && kept.is_empty() && matched.is_empty() && marks.is_empty() {
        return Ok(None);
    }
    Ok(Some([
        json(queued.into_iter().map(rows::new_message))?,
        json(changed.into_iter().map(|(message, _)| rows::changed_message(message)))?,
        json(kept.into_iter().map(rows::early))?,
        json(matched.into_iter().map(|early| Hex(&early.foreign.0)))?,
        json(marks.into_iter().map(rows::mark))?,
    ]))
}
