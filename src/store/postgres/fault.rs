//! What can go wrong between us and a PostgreSQL, by what is to be done about it. None of it shows a password, a parameter
//! or a value.

use std::io::ErrorKind;

use crate::store::gathered::Failed;
use crate::store::{CommitError, StoreError};

/// Why a statement gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No primary was found in time; nothing was sent.
    Away(String),
    /// The connection broke, the answer did not come in time, or a warning came with it: nobody knows whether it was done,
    /// or whether that outlives the primary.
    Doubt(String),
    /// Somebody else was first; nothing was done.
    Raced,
    /// A journey was on its way to the default partition while the one it belongs to was made; nothing was done.
    Misplaced,
    /// The database refused; nothing was done.
    Refused(String),
    Closed,
}

impl Fault {
    /// By the error codes of PostgreSQL 15, appendix A.
    pub(super) fn of(error: &sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return match error {
                sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) | sqlx::Error::Encode(_) => {
                    Self::Refused("a column does not hold what it should".to_owned())
                }
                _ => Self::Doubt(words(error)),
            };
        };
        let code = database.code().unwrap_or_default();
        match code.as_ref() {
            // Unique violation; serialization failure; deadlock; what our own statements divide by zero for.
            "23505" | "40001" | "40P01" | "22012" => Self::Raced,
            // A connection exception; a shutdown; a standby, or what has become one; a name of a statement that a pooler
            // gave to another connection.
            "57P01" | "57P02" | "57P03" | "57P05" | "25006" | "26000" => Self::Doubt(words(error)),
            code if code.starts_with("08") => Self::Doubt(words(error)),
            // A check violation without a check's name: by the bounds of a partition.
            "23514" if database.constraint().is_none() && database.table() == Some("journeys_default") => {
                Self::Misplaced
            }
            _ => Self::Refused(words(error)),
        }
    }
}

/// In words, for logs and errors. The messages of some classes quote values or users: these are told by their code.
pub(super) fn words(error: &sqlx::Error) -> String {
    let Some(database) = error.as_database_error() else {
        return match error {
            sqlx::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => "connection refused".to_owned(),
            sqlx::Error::Io(error) => error.to_string(),
            sqlx::Error::Tls(error) => format!("no TLS connection: {error}"),
            sqlx::Error::Protocol(_) => "what answers there does not speak the protocol".to_owned(),
            _ => "the connection is of no use".to_owned(),
        };
    };
    let code = database.code().unwrap_or_default();
    match code.get(..2) {
        Some("28") => format!("user or password are not accepted (code {code})"),
        Some("08" | "25" | "42" | "53" | "54" | "55" | "57" | "58" | "3D" | "XX") => {
            format!("{} (code {code})", database.message())
        }
        _ => match database.constraint().or(database.table()) {
            Some(what) => format!("code {code} at `{what}`"),
            None => format!("code {code}"),
        },
    }
}

/// Of a row that cannot be read or written: nothing was done.
impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Closed => Self::Closed,
            StoreError::Database(reason) => Self::Refused(reason),
            error @ StoreError::Open { .. } => Self::Refused(error.to_string()),
        }
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        Self::Database(match fault {
            Fault::Closed => return Self::Closed,
            Fault::Away(reason) => format!("no host can be used as the primary: {reason}"),
            Fault::Doubt(reason) => format!("it is not known whether it was done: {reason}"),
            Fault::Raced => "others changed the same again and again".to_owned(),
            Fault::Misplaced => "journeys came while their partition was made".to_owned(),
            Fault::Refused(reason) => reason,
        })
    }
}

/// Only what the database refused may be because of a single key; all else lasts for as long as we are patient.
impl From<Fault> for Failed {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Refused(reason) => Self::Some(StoreError::Database(reason)),
            fault => Self::All(fault.into()),
        }
    }
}

impl From<Fault> for CommitError {
    fn from(fault: Fault) -> Self {
        Self::Store(fault.into())
    }
}
