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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Files;
    use crate::store::{Options, sqlite};
    use crate::types::Timestamp;

    const NOW: Timestamp = Timestamp(1_768_453_200_000);

    fn kept(n: usize) -> KeptProgram {
        let mut files = Files::default();
        files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");
        files.add("home.yaml", format!("menu: home\nscreens: {{top: {{end: Bye {n}}}}}\n"));
        KeptProgram { version: menu::version(&files), files: menu::pack(&files) }
    }

    /// A store with so many programs.
    async fn store(folder: &tempfile::TempDir, programs: usize) -> Arc<dyn Store> {
        let store = sqlite::open(&folder.path().join("db"), Options::default(), NOW).await.expect("a store");
        for (n, after) in (1..=programs).zip(0..) {
            store.programs().publish(kept(n), after, NOW).await.expect("nothing came in between");
        }
        store
    }

    #[tokio::test]
    async fn turns_that_want_the_same_program_compile_it_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder, 2).await;
        let present = Arc::new(compile(&kept(1)).expect("it compiles"));
        let programs = Programs::new(Arc::clone(&present), Arc::default());
        let find = || async { programs.find(kept(2).version, &*store).await.expect("readable").expect("it is kept") };
        let (one, two, three) = tokio::join!(find(), find(), find());
        assert!(Arc::ptr_eq(&one, &two) && Arc::ptr_eq(&two, &three));
        assert!(Arc::ptr_eq(&find().await, &one), "and it stays");
        programs.replace(one);
        let former = programs.find(present.version, &*store).await.expect("readable").expect("it was present");
        assert!(Arc::ptr_eq(&former, &present), "what new sessions began on a moment ago is at hand");
    }

    #[tokio::test]
    async fn only_so_many_stay_in_memory_and_those_used_last_are_among_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let most = REMEMBERED.get();
        let store = store(&folder, most + 3).await;
        let programs = Programs::new(Arc::new(compile(&kept(0)).expect("it compiles")), Arc::default());
        let find = async |n| programs.find(kept(n).version, &*store).await.expect("readable").expect("it is kept");
        let hot = find(1).await;
        for n in 2..=most + 3 {
            find(n).await;
            assert!(Arc::ptr_eq(&find(1).await, &hot), "it is used all the time");
        }
        assert_eq!(lock(&programs.known).len(), most);
    }

    #[tokio::test]
    async fn what_is_kept_nowhere_is_nobodys_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(&folder, 1).await;
        let programs = Programs::new(Arc::new(compile(&kept(1)).expect("it compiles")), Arc::default());
        assert!(programs.find(kept(5).version, &*store).await.expect("readable").is_none());
    }
}
