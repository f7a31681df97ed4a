//! The program that new sessions begin on, and the programs of those that began earlier.
//!
//! A session goes on with the program that it began with, wherever it is served: that is found by its version, in memory or
//! as the store keeps it, compiled once and kept in memory, those that were used last. Which program is published, and
//! whether this node can serve it, is decided in `house`.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use lru::LruCache;
use tokio::sync::OnceCell;

use crate::menu::{self, Program, Version};
use crate::meters::Meters;
use crate::store::{KeptProgram, Store, StoreError};
use crate::sync::{Shared, lock};

/// Programs in memory beside the present one. A session lives for a day, in which few are published.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(16).expect("it is not zero");

#[derive(Debug)]
pub(super) struct Programs {
    present: Shared<Program>,
    known: Mutex<LruCache<Version, Arc<Place>>>,
    meters: Arc<Meters>,
}

/// A program that is looked for by one turn while others that want it wait; `None` where it cannot be had.
type Place = OnceCell<Option<Arc<Program>>>;

impl Programs {
    pub(super) fn new(present: Arc<Program>, meters: Arc<Meters>) -> Self {
        Self { present: Shared::new(present), known: Mutex::new(LruCache::new(REMEMBERED)), meters }
    }

    pub(super) fn present(&self) -> Arc<Program> {
        self.present.get()
    }

    /// New sessions begin on this one from now on.
    pub(super) fn replace(&self, next: Arc<Program>) {
        // Known first, so that whoever goes on with the former finds it in memory.
        let former = self.present.get();
        let place = Arc::new(Place::new_with(Some(Some(Arc::clone(&former)))));
        lock(&self.known).put(former.version, place);
        self.present.replace(next);
        self.count();
    }

    /// The program with this version; `None` where nobody has it, or it is not the same here. What the store cannot tell at
    /// the moment is an error: a session is not to be lost by it.
    pub(super) async fn find(&self, version: Version, store: &dyn Store) -> Result<Option<Arc<Program>>, StoreError> {
        let present = self.present.get();
        if present.version == version {
            return Ok(Some(present));
        }
        let place = Arc::clone(lock(&self.known).get_or_insert(version, Arc::default));
        let found = place.get_or_try_init(|| fetch(version, store)).await?.clone();
        self.count();
        Ok(found)
    }

    fn count(&self) {
        let present = self.present.get().version;
        let known = lock(&self.known);
        let others =
            known.iter().filter(|(version, place)| **version != present && matches!(place.get(), Some(Some(_))));
        self.meters.programs_in_memory(1 + others.count());
    }
}

/// Out of the store; why there is none is said once, since also that is remembered.
async fn fetch(version: Version, store: &dyn Store) -> Result<Option<Arc<Program>>, StoreError> {
    let Some(kept) = store.programs().program(version).await? else {
        tracing::error!(program = %version, "A program that sessions began with is not kept: they begin anew");
        return Ok(None);
    };
    // Some hundred milliseconds of work, during which other turns go on.
    let compiled = tokio::task::spawn_blocking(move || compile(&kept)).await;
    let compiled = compiled.unwrap_or_else(|_| Err("a defect ended its compilation".to_owned()));
    match compiled {
        Ok(program) => {
            tracing::info!(program = %version, "Sessions go on with the program they began with");
            Ok(Some(Arc::new(program)))
        }
        Err(error) => {
            tracing::error!(program = %version, %error,
                "A program that sessions began with cannot be served here: they begin anew");
            Ok(None)
        }
    }
}

/// The same program out of its files, or why it is not the same.
fn compile(kept: &KeptProgram) -> Result<Program, String> {
    let files = menu::unpack(&kept.files).map_err(|error| error.to_string())?;
    let (program, _) = menu::compile(&files);
    let program = program.ok_or("this version of gramsetu refuses its menus")?;
    if program.version == kept.version {
        Ok(program)
    } else {
        Err("this version of gramsetu numbers its menus and screens otherwise".to_owned())
    }
}
