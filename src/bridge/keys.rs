//! That a database and the keys of the settings belong together, before anything is served: with another hash key nobody's
//! record would be found, with another sealing key none could be read, and both would pass for strangers calling.

use super::{Bridge, TurnError, place};
use crate::store::seal::Keyring;
use crate::store::{Commit, KeyedHash, StoreError, SubscriberRecord};

/// Stands among the subscribers under a name that is no keyed hash of any number: it must be found with any key.
pub const WITNESS: KeyedHash = KeyedHash([0; 16]);

#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    #[error(
        "the sealing keys of the settings do not open this database ({0}); put back the key that sealed it, behind the new one"
    )]
    Sealing(String),
    #[error("this database was made with another hash key: with this one no citizen would be found; put that key back")]
    Hash,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Turn(#[from] TurnError),
}

/// Compares keys with the witness of a database; without one it has seen no keys yet.
pub fn fit(keyring: &Keyring, witness: Option<&SubscriberRecord>) -> Result<(), KeysError> {
    let Some(witness) = witness else { return Ok(()) };
    let found = keyring.open(&place("witness", &WITNESS.0), &witness.sealed);
    let found = found.map_err(|error| KeysError::Sealing(error.to_string()))?;
    if found == keyring.hash("witness", &[]).0 { Ok(()) } else { Err(KeysError::Hash) }
}

impl Bridge {
    /// Leaves a witness of the keys in a new database; in one that has a witness, compares. The witness is sealed anew each
    /// time, so that a key that was changed can go once nothing else needs it.
    pub async fn prove_keys(&self) -> Result<(), KeysError> {
        let expected = self.keyring.hash("witness", &[]).0;
        fit(&self.keyring, self.store.subscriber(WITNESS).await?.as_ref())?;
        let sealed = self.seal("witness", &WITNESS.0, &expected);
        let record = SubscriberRecord { subscriber: WITNESS, at: self.clock.now(), sealed };
        let commit = Commit { subscriber: Some(record), ..Commit::default() };
        Ok(self.store.commit(commit).await.map_err(TurnError::from)?)
    }
}
