//! A message as it is kept: sealed, with what must be known of it without opening it beside.

use std::time::Duration;

use crate::packed;
use crate::store::seal::Keyring;
use crate::store::{KeyedHash, Message, MessageId};
use crate::types::{Msisdn, OutMessage, Timestamp};

/// The encoding of what is sealed; a change counts it up and keeps reading the older.
const VERSION: u8 = 1;

/// Why what was kept of a message cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    #[error("{0}")]
    Sealed(String),
    #[error("the message's encoding has version {0}, which this version of gramsetu does not read")]
    Version(u8),
    #[error("the message is damaged: {0}")]
    Damaged(#[from] postcard::Error),
}

/// The place in which a message is sealed: moved elsewhere it does not open.
fn place(id: MessageId) -> Vec<u8> {
    [b"message/".as_slice(), &id.0.to_le_bytes()].concat()
}

/// A message that is to go out from now on.
pub(super) fn queued(
    keyring: &Keyring,
    id: MessageId,
    message: &OutMessage,
    now: Timestamp,
    lives: Duration,
) -> Result<Message, RecordError> {
    let plain = packed::pack(VERSION, message, 512)?;
    let (recipient, expires) = (recipient(keyring, &message.to), now.plus(lives));
    let sealed = keyring.seal(&place(id), &plain);
    let (priority, repeat) = (message.priority, message.repeat);
    Ok(Message { priority, repeat, ..Message::queued(id, recipient, now, expires, sealed) })
}

/// The message itself, by the keys with which it was sealed.
pub fn open(keyring: &Keyring, message: &Message) -> Result<OutMessage, RecordError> {
    let sealed = keyring.open(&place(message.id), &message.sealed);
    let plain = sealed.map_err(|error| RecordError::Sealed(error.to_string()))?;
    let end = RecordError::Damaged(postcard::Error::DeserializeUnexpectedEnd);
    let plain = packed::unpack(VERSION, &plain).map_err(|other| other.map_or(end, RecordError::Version))?;
    Ok(postcard::from_bytes(plain)?)
}

/// Under what a number's messages are found: as its conversations are.
fn recipient(keyring: &Keyring, number: &Msisdn) -> KeyedHash {
    keyring.hash("msisdn", &[number.digits().as_bytes()])
}

/// Under what a message is found by its id at a gateway.
pub(super) fn foreign(keyring: &Keyring, gateway: &str, id: &str) -> KeyedHash {
    keyring.hash("message at a gateway", &[gateway.as_bytes(), id.as_bytes()])
}
