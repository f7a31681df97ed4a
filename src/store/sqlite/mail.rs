//! The messages of a file, by a connection of its own, also while a server has the file open: of messages the server remembers nothing,
//! so that the lock on the file, which keeps memory and file together, does not concern them.
//!
//! What is changed here is read, judged and written in one transaction. The server reads before it writes: what it knows of a message at
//! that very moment (an answer or a receipt that came late, its claim) then stands over an operator's wish, as the wish would have been judged
//! after it.

use std::path::Path;

use sqlx::sqlite::{SqliteConnection, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::Mutex;

use super::messages::listed;
use super::{kept, open, rows, sql};
use crate::store::columns::json;
use crate::store::judge::{Books, Kept};
use crate::store::messages::Held;
use crate::store::{
    CommitError, Mail, Message, MessageChange, MessageFilter, MessageGroup, MessageId, StoreError, messages,
};
use crate::types::Later;

#[derive(Debug)]
pub(super) struct SqliteMail(Mutex<Option<SqliteConnection>>);

impl SqliteMail {
    pub(super) async fn beside(path: &Path) -> Result<Self, StoreError> {
        let options = open::connect(path).synchronous(SqliteSynchronous::Full).foreign_keys(true);
        let connection = options.pragma("wal_autocheckpoint", "0").connect().await.map_err(rows::failed)?;
        Ok(Self(Mutex::new(Some(connection))))
    }

    async fn groups(&self) -> Result<Vec<MessageGroup>, StoreError> {
        let mut place = self.0.lock().await;
        let connection = place.as_mut().ok_or(StoreError::Closed)?;
        let found = sqlx::query(sql::MESSAGES_GROUPED).fetch_all(connection).await.map_err(rows::failed)?;
        found.iter().map(rows::group_from).collect()
    }

    async fn message(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        let mut place = self.0.lock().await;
        let connection = place.as_mut().ok_or(StoreError::Closed)?;
        let query = sqlx::query(sql::MESSAGE).bind(id.0.to_be_bytes().to_vec());
        let row = query.fetch_optional(connection).await.map_err(rows::failed)?;
        row.map(|row| rows::message_from(&row)).transpose()
    }

    async fn messages(&self, filter: MessageFilter, at_most: u32) -> Result<Vec<Message>, StoreError> {
        let mut place = self.0.lock().await;
        let connection = place.as_mut().ok_or(StoreError::Closed)?;
        let found = listed(filter, at_most).fetch_all(connection).await.map_err(rows::failed)?;
        found.iter().map(rows::message_from).collect()
    }

    async fn change(&self, changes: &[MessageChange]) -> Result<(), CommitError> {
        let mut place = self.0.lock().await;
        let connection = place.as_mut().ok_or(StoreError::Closed)?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(rows::failed)?;
        let (ids, _) = messages::wanted(changes.iter());
        let ids = json(ids.iter().map(ToString::to_string))?;
        let found = sqlx::query(sql::MESSAGES_TOUCHED).bind(ids).bind("[]").fetch_all(&mut *transaction).await;
        let held: Result<Vec<Message>, StoreError> =
            found.map_err(rows::failed)?.iter().map(rows::message_from).collect();
        let messages = Held { messages: held?, early: Vec::new() };
        let mut books = Books::new(Kept { messages, ..Kept::default() });
        books.messages.change(changes)?;
        if let Some(columns) = kept::beside(&books)? {
            let query = columns.into_iter().fold(sqlx::query(sql::MESSAGE_ROWS), sqlx::query::Query::bind);
            query.execute(&mut *transaction).await.map_err(rows::failed)?;
        }
        Ok(transaction.commit().await.map_err(rows::failed)?)
    }

    async fn close(&self) -> Result<(), StoreError> {
        match self.0.lock().await.take() {
            Some(connection) => connection.close().await.map_err(rows::failed),
            None => Ok(()),
        }
    }
}

impl Mail for SqliteMail {
    fn groups(&self) -> Later<'_, Result<Vec<MessageGroup>, StoreError>> {
        Box::pin(self.groups())
    }

    fn message(&self, id: MessageId) -> Later<'_, Result<Option<Message>, StoreError>> {
        Box::pin(self.message(id))
    }

    fn messages(&self, filter: MessageFilter, at_most: u32) -> Later<'_, Result<Vec<Message>, StoreError>> {
        Box::pin(self.messages(filter, at_most))
    }

    fn change(&self, changes: Vec<MessageChange>) -> Later<'_, Result<(), CommitError>> {
        Box::pin(async move { self.change(&changes).await })
    }

    fn close(&self) -> Later<'_, Result<(), StoreError>> {
        Box::pin(self.close())
    }
}
