//! Many phones that walk on over whatever breaks: every callback goes to another node than the one before, and is sent again
//! until its page comes.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use gramsetu::handset::{OverHttp, WireError};
use tokio::task::JoinSet;

use crate::phones::wire;
use crate::server::{House, Server, pause, until};
use crate::walk::{Crowd, Reference, Walker};

const PHONES: usize = 24;

/// What phones have heard.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Turns whose page came, which is the one that follows the page before.
    answered: AtomicUsize,
    /// Apologies, in the gateway's own protocol.
    apologies: AtomicUsize,
    /// Callbacks that met nobody, or a node that died over them.
    silences: AtomicUsize,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |counter: &AtomicUsize| counter.load(Ordering::SeqCst);
        let Self { answered, apologies, silences } = self;
        write!(
            f,
            "{} turns answered, {} apologies, {} without a reply",
            count(answered),
            count(apologies),
            count(silences)
        )
    }
}

/// Phones under way.
#[derive(Debug)]
pub(super) struct Load {
    walking: JoinSet<(Walker, Arc<Reference>)>,
    tally: Arc<Tally>,
    over: Arc<AtomicBool>,
    wires: Vec<OverHttp>,
}

impl Load {
    /// On all of these nodes, which work so far.
    pub(super) async fn begin(nodes: &[Server]) -> Self {
        let wires: Vec<OverHttp> = nodes.iter().map(wire).collect();
        let crowd = Crowd::gather(PHONES, &wires[0]).await;
        let (tally, over) = (Arc::new(Tally::default()), Arc::new(AtomicBool::new(false)));
        let mut walking = JoinSet::new();
        for (first, (walker, reference)) in crowd.walkers.into_iter().enumerate() {
            let (tally, over, wires) = (Arc::clone(&tally), Arc::clone(&over), wires.clone());
            walking.spawn(async move {
                let walker =
                    walk(walker, &reference, wires.iter().cycle().skip(first % wires.len()), &tally, &over).await;
                (walker, reference)
            });
        }
        Self { walking, tally, over, wires }
    }

    /// Waits for so many more pages.
    pub(super) async fn answered(&self, more: usize) {
        reaches("more turns are answered", &self.tally.answered, more).await;
    }

    /// Waits for so many more apologies.
    pub(super) async fn apologies(&self, more: usize) {
        reaches("citizens hear that it does not work", &self.tally.apologies, more).await;
    }

    /// Stops, and takes each phone through what it may have left to do: its callback without a page, a repeat of it, and one
    /// more turn. From here on everything works.
    pub(super) async fn end(mut self) -> Arc<Tally> {
        self.over.store(true, Ordering::SeqCst);
        let last = self.wires.last().expect("there are nodes");
        while let Some(walked) = self.walking.join_next().await {
            let (mut walker, reference) = walked.expect("every page was the right one");
            if walker.phone.unanswered.is_some() {
                until("a page comes again", async || walker.attempt_as(&reference, last).await.expect("it is served"))
                    .await;
            }
            walker.phone.expect_repeat(last).await;
            walker.step_as(&reference, last).await.expect("it is served");
        }
        self.tally
    }
}

async fn reaches(what: &str, counter: &AtomicUsize, more: usize) {
    let goal = counter.load(Ordering::SeqCst) + more;
    until(what, async || counter.load(Ordering::SeqCst) >= goal).await;
}

async fn walk(
    mut walker: Walker,
    reference: &Reference,
    mut wires: impl Iterator<Item = &OverHttp>,
    tally: &Tally,
    over: &AtomicBool,
) -> Walker {
    while !over.load(Ordering::SeqCst) {
        let wire = wires.next().expect("they come round for ever");
        let counter = match walker.attempt_as(reference, wire).await {
            Ok(true) => &tally.answered,
            Ok(false) => &tally.apologies,
            Err(WireError::Unreachable(_)) => &tally.silences,
            Err(error @ WireError::Refused(_)) => panic!("an error page on {}: {error}", walker.phone.profile.name),
        };
        counter.fetch_add(1, Ordering::SeqCst);
        if walker.phone.unanswered.is_some() {
            pause().await;
        }
    }
    walker
}

/// Two nodes of a house.
pub(super) async fn two_nodes(house: &House) -> Vec<Server> {
    vec![house.start().await, house.start().await]
}

/// A number of the metrics of all nodes together.
pub(super) async fn metric(nodes: &[Server], name: &str) -> u64 {
    let mut sum = 0;
    for node in nodes {
        let Ok(page) = crate::server::get(node.admin, "/metrics").await else { continue };
        let text = page.text();
        let found = text.lines().filter_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
        sum += found.sum::<u64>();
    }
    sum
}
