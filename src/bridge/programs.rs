//! The programs being served: new sessions begin with the present one, live ones finish on theirs.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::menu::{Program, Version};

#[derive(Debug)]
pub struct Programs {
    held: RwLock<Held>,
}

#[derive(Debug)]
struct Held {
    present: Arc<Program>,
    by_version: HashMap<Version, Arc<Program>>,
}

impl Programs {
    pub fn new(program: Arc<Program>) -> Self {
        let by_version = HashMap::from([(program.version, Arc::clone(&program))]);
        Self { held: RwLock::new(Held { present: program, by_version }) }
    }

    /// The program that new sessions begin with.
    pub fn present(&self) -> Arc<Program> {
        Arc::clone(&self.held.read().unwrap_or_else(PoisonError::into_inner).present)
    }

    /// The program of this version, if it is being served.
    pub fn version(&self, version: Version) -> Option<Arc<Program>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).by_version.get(&version).cloned()
    }

    /// New sessions begin with this one from now on; others stay for the sessions that began with them.
    pub fn publish(&self, program: Arc<Program>) {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.by_version.insert(program.version, Arc::clone(&program));
        held.present = program;
    }
}
