//! A round: many telephones at once, for so long.

use std::time::{Duration, Instant};

use gramsetu::simulate::client::{Address, Client};

use super::talk::Talk;

/// Longer than any reply takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came of a round.
#[derive(Debug, Default)]
pub(crate) struct Round {
    pub(crate) took: Duration,
    pub(crate) latencies: Vec<Duration>,
}

impl Round {
    pub(crate) fn turns(&self) -> u64 {
        self.latencies.len() as u64
    }

    pub(crate) fn per_second(&self) -> u64 {
        self.turns() * 1_000_000 / u64::try_from(self.took.as_micros()).unwrap_or(u64::MAX).max(1)
    }
    /// Talks for so long over so many connections; sessions that are under way are finished.
    pub(crate) async fn talk(talk: &Talk, address: &Address, connections: usize, how_long: Duration) -> Self {
        let began = Instant::now();
        let telephones: Vec<_> = (0..connections)
            .map(|_| {
                let (talk, mut client) = (talk.clone(), Client::new(address.clone(), PATIENCE));
                tokio::spawn(async move {
                    let mut latencies = Vec::new();
                    while began.elapsed() < how_long {
                        talk.session(&mut client, &mut latencies).await.expect("the server answers");
                    }
                    latencies
                })
            })
            .collect();
        let mut round = Self::default();
        for telephone in telephones {
            round.latencies.extend(telephone.await.expect("every reply was the right page"));
        }
        round.took = began.elapsed();
        round
    }
}
