//! The messages of a database, as whoever operates it sees them and has them sent again. Used beside a running server, too: nothing here
//! rests on what a process remembers, and a server looks for what it is to send twice a second.

use std::fmt::Debug;

use super::{CommitError, Message, MessageChange, MessageFilter, MessageGroup, MessageId, StoreError};
use crate::types::Later;

pub trait Mail: Send + Sync + Debug {
    /// What waits and what is in trouble, counted. Reads each of them: for people, not for metrics.
    fn groups(&self) -> Later<'_, Result<Vec<MessageGroup>, StoreError>>;
    fn message(&self, id: MessageId) -> Later<'_, Result<Option<Message>, StoreError>>;
    fn messages(&self, filter: MessageFilter, at_most: u32) -> Later<'_, Result<Vec<Message>, StoreError>>;
    /// Durable when it returns; all of it or nothing.
    fn change(&self, changes: Vec<MessageChange>) -> Later<'_, Result<(), CommitError>>;
    /// Gives the database back in order.
    fn close(&self) -> Later<'_, Result<(), StoreError>>;
}
