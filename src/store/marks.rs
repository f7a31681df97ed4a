//! What happened once, apart from any database: whether a commit is the first that says so.

use super::hashed::ByHash;
use super::{CommitError, Mark};

/// The marks that a batch can meet, and those that it sets.
#[derive(Debug, Default)]
pub(super) struct Marks {
    found: ByHash<Mark>,
    set: ByHash<Mark>,
}

impl Marks {
    /// From what the database holds.
    pub(super) fn new(found: Vec<Mark>) -> Self {
        Self { found: found.into_iter().map(|mark| (mark.key, mark)).collect(), set: ByHash::default() }
    }

    /// Whether a commit may set these.
    pub(super) fn admit(&self, marks: &[Mark]) -> Result<(), CommitError> {
        for (place, mark) in marks.iter().enumerate() {
            let before = marks.iter().take(place).rfind(|before| before.key == mark.key);
            let rival = before.or_else(|| self.set.get(&mark.key)).or_else(|| self.found.get(&mark.key));
            if rival.is_some_and(|rival| rival.until >= mark.at) {
                return Err(CommitError::Seen(mark.key));
            }
        }
        Ok(())
    }

    pub(super) fn set(&mut self, marks: &[Mark]) {
        self.set.extend(marks.iter().map(|mark| (mark.key, mark.clone())));
    }

    /// What is to be written, in the order of the keys.
    pub(super) fn changed(&self) -> Vec<&Mark> {
        let mut set: Vec<&Mark> = self.set.values().collect();
        set.sort_by_key(|mark| mark.key);
        set
    }

    /// Whether the database held exactly this one.
    pub(super) fn has_found(&self, mark: &Mark) -> bool {
        self.found.get(&mark.key) == Some(mark)
    }
}
