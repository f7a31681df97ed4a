//! The promises about messages, kept by real processes that are killed: nothing goes out twice, nothing is lost unseen, what is told again
//! changes nothing.
//!
//! `nodes`: the processes, over a file or a PostgreSQL, and the way to those that live; `rows`: what their store holds; `aggregator`: the
//! gateways that take the messages and count.

mod aggregator;
mod nodes;
mod once;
mod payments;
mod rows;
mod signed;

use std::hash::{BuildHasher as _, Hash, Hasher as _, RandomState};

use fastrand::Rng;

/// What a run is drawn from: of the environment's `GRAMSETU_TEST_SEED`, else another one each time. It is printed, so that it can be given.
#[derive(Clone, Copy, Debug)]
struct Seed(u64);

impl Seed {
    fn new() -> Self {
        let given = std::env::var("GRAMSETU_TEST_SEED").ok();
        let seed = given.map_or_else(|| RandomState::new().hash_one(()), |seed| seed.parse().expect("a number"));
        println!("GRAMSETU_TEST_SEED={seed}");
        Self(seed)
    }

    /// What is drawn for one thing does not hang on when its turn comes.
    fn of(self, what: impl Hash) -> Rng {
        let mut hasher = std::hash::DefaultHasher::new();
        (self.0, what).hash(&mut hasher);
        Rng::with_seed(hasher.finish())
    }
}
