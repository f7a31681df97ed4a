//! A dialogue without an end, of which each page is known beforehand: prices of one crop after another.

use std::sync::Arc;
use std::time::Duration;

use gramsetu::gateway::{Doing, Profile};
use gramsetu::handset::{OverHttp, Shown, WireError};
use tokio::sync::{OnceCell, Semaphore};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::phones::{Phone, apologises, profile};
use crate::server::GATEWAYS;

const OPENING: [&str; 4] = ["8", "1", "haryana", "karnal"];
/// Rows of the list of crops. Not 1, which asks for another crop: no two callbacks in a row are of the same bytes.
const CROPS: std::ops::RangeInclusive<usize> = 2..=9;
/// After the opening everything comes again after so many turns.
const ROUND: usize = 16;

/// Between two turns of a walker.
const THINKS: Duration = Duration::from_millis(30);

/// What is pressed in turn `n`; turn 0 dials.
fn pressed(n: usize) -> String {
    match n.checked_sub(1 + OPENING.len()) {
        None => OPENING[n - 1].to_owned(),
        Some(n) if n % 2 == 0 => (CROPS.start() + (n % ROUND) / 2).to_string(),
        Some(_) => "1".to_owned(),
    }
}

/// A phone that walks, and how far it has come.
#[derive(Debug)]
pub(crate) struct Walker {
    pub(crate) phone: Phone,
    /// The turn to be taken next, or the one to which no reply came.
    pub(crate) next: usize,
}

impl Walker {
    pub(crate) fn new(profile: &Arc<Profile>, number: &str, leg: u128) -> Self {
        Self { phone: Phone::new(profile, number, leg), next: 0 }
    }

    /// One turn further, unless there is an apology; a callback that was sent before is sent again as it was.
    pub(crate) async fn step(&mut self, wire: &OverHttp) -> Result<Shown, WireError> {
        self.prepare();
        let shown = self.phone.send_again(wire).await?;
        if self.phone.unanswered.is_none() {
            self.next += 1;
        }
        Ok(shown)
    }

    /// Makes the callback of the next turn, unless it was sent before.
    pub(crate) fn prepare(&mut self) {
        match (&self.phone.unanswered, self.next) {
            (Some(_), _) => {}
            (None, 0) => self.phone.prepare(Doing::Dial("*123#")),
            (None, n) => self.phone.prepare(Doing::Answer(&pressed(n))),
        }
    }

    /// One turn further, which shows what an uninterrupted dialogue shows.
    pub(crate) async fn step_as(&mut self, reference: &Reference, wire: &OverHttp) -> Result<(), WireError> {
        let came = self.attempt_as(reference, wire).await?;
        assert!(came, "an apology on {}", self.phone.profile.name);
        Ok(())
    }

    /// The same, where the service may be broken. Says whether the page came, and not an apology.
    pub(crate) async fn attempt_as(&mut self, reference: &Reference, wire: &OverHttp) -> Result<bool, WireError> {
        let n = self.next;
        let shown = self.step(wire).await?;
        if apologises(&shown) {
            return Ok(false);
        }
        assert_eq!(&shown, reference.page(n), "turn {n} of {} on {}", self.phone.number, self.phone.profile.name);
        Ok(true)
    }
}

/// The pages of a dialogue that nothing interrupts.
#[derive(Debug)]
pub(crate) struct Reference(Vec<Shown>);

impl Reference {
    pub(crate) async fn walk(profile: &Arc<Profile>, number: &str, wire: &OverHttp) -> Self {
        let mut walker = Walker::new(profile, number, 7);
        let mut pages = Vec::new();
        for _ in 0..=OPENING.len() + 2 * ROUND {
            pages.push(walker.step(wire).await.expect("nothing interrupts it"));
        }
        let (_, rounds) = pages.split_at(1 + OPENING.len());
        assert_eq!(rounds[..ROUND], rounds[ROUND..], "each round shows the same");
        assert!(rounds[..ROUND].iter().enumerate().all(|(n, page)| n % 2 == 1 || page != &rounds[(n + 2) % ROUND]));
        Self(pages)
    }

    fn page(&self, n: usize) -> &Shown {
        let opening = 1 + OPENING.len();
        let at = n.checked_sub(opening).map_or(n, |n| opening + n % ROUND);
        &self.0[at]
    }
}

/// Many walkers on all gateways.
#[derive(Debug)]
pub(crate) struct Crowd {
    pub(crate) walkers: Vec<(Walker, Arc<Reference>)>,
}

impl Crowd {
    pub(crate) async fn gather(size: usize, wire: &OverHttp) -> Self {
        // Walked on whichever server is the first to be asked: all show the same.
        static REFERENCES: OnceCell<Vec<(Arc<Profile>, Arc<Reference>)>> = OnceCell::const_new();
        let references = REFERENCES
            .get_or_init(|| async {
                let mut references = Vec::new();
                for (n, name) in GATEWAYS.iter().enumerate() {
                    let profile = profile(name);
                    let reference = Reference::walk(&profile, &format!("+9198000000{n:02}"), wire).await;
                    references.push((profile, Arc::new(reference)));
                }
                references
            })
            .await;
        let walkers = references.iter().cycle().take(size).enumerate().map(|(n, (profile, reference))| {
            let number = format!("+91981{n:07}");
            (Walker::new(profile, &number, 1000 + n as u128), Arc::clone(reference))
        });
        Self { walkers: walkers.collect() }
    }

    /// Everybody walks until the server does not answer any more; `answered` counts the replies.
    #[expect(clippy::disallowed_methods, reason = "people with phones live in the time of clocks on walls")]
    pub(crate) fn walk(&mut self, wire: &OverHttp, answered: &Arc<Semaphore>) -> JoinSet<(Walker, Arc<Reference>)> {
        let mut walking = JoinSet::new();
        for (mut walker, reference) in self.walkers.drain(..) {
            let (wire, answered) = (wire.clone(), Arc::clone(answered));
            walking.spawn(async move {
                while walker.step_as(&reference, &wire).await.is_ok() {
                    // Where a gateway sends all answers so far, a dialogue of thousands is longer than any callback may be.
                    sleep(THINKS).await;
                    answered.add_permits(1);
                }
                (walker, reference)
            });
        }
        walking
    }

    pub(crate) async fn come_back(&mut self, mut walking: JoinSet<(Walker, Arc<Reference>)>) {
        while let Some(back) = walking.join_next().await {
            self.walkers.push(back.expect("every page was the right one"));
        }
    }
}
