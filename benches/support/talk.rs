//! A telephone that talks: sessions of a script, one after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use gramsetu::gateway::{Aggregator, Doing, Profile};
use gramsetu::phone::{self, ServiceCode};
use gramsetu::simulate::client::{Client, ClientError};

use super::script::Exchange;

/// How and what the telephones talk.
#[derive(Clone, Debug)]
pub(crate) struct Talk {
    pub(crate) profile: Arc<Profile>,
    pub(crate) codes: Vec<ServiceCode>,
    pub(crate) script: &'static [Exchange],
    /// Counts sessions: each has a number of its own, as citizens have.
    pub(crate) sessions: Arc<AtomicU64>,
}

impl Talk {
    /// One session from its first page to its last; adds how long each reply took.
    ///
    /// # Panics
    /// When a reply is not the page that the script expects.
    pub(crate) async fn session(&self, client: &mut Client, latencies: &mut Vec<Duration>) -> Result<(), ClientError> {
        let session = self.sessions.fetch_add(1, Ordering::Relaxed);
        // The last digit decides what kind of citizen the sandbox departments see: 8 and 9 are special.
        let number = format!("+9198{:07}{}", session / 8, session % 8);
        let number = phone::parse(&number, self.profile.home).expect("a mobile number of India");
        let leg = u128::from(session).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        let mut dialogue = Aggregator::new(Arc::clone(&self.profile), number, leg, self.codes.clone());
        for (turn, (said, shows)) in self.script.iter().enumerate() {
            let doing = if turn == 0 { Doing::Dial(said) } else { Doing::Answer(said) };
            let outbound = dialogue.request(doing).expect("every gateway carries this");
            let began = Instant::now();
            let got = client.send(&outbound).await?;
            latencies.push(began.elapsed());
            let (status, page) = (got.status, std::str::from_utf8(got.body).unwrap_or("a body that is not UTF-8"));
            assert!(status == 200 && page.contains(shows), "`{shows}` was to be shown after `{said}`: {status} {page}");
        }
        Ok(())
    }
}
