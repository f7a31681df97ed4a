//! Which of the hosts is the primary now. When a connection fails it is looked for again, by one task for all of the store;
//! whoever needs it waits here, as long as patience lasts.
//!
//! The primary is a host that is not in recovery, whose timeline is not older than one that was seen before (an old primary
//! that nobody has stopped), and that takes a commit: what was committed before is then replicated as well.

use std::pin::pin;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Row as _};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use super::address::host_and_port;
use super::fault::{Fault, words};
use super::notices::Notices;
use super::{Address, sql};

/// How long one host may take to take a connection and say what it is.
const KNOCK: Duration = Duration::from_secs(1);

/// Between two looks at the same host.
const PAUSE: Duration = Duration::from_millis(100);

/// By how much the host that was the primary last is asked before the others.
const AHEAD: Duration = Duration::from_millis(20);

/// How long a commit may wait for its replication before another connection is tried. Long, since a backend that waits does
/// so until a standby comes, whether or not we still do.
const BARRIER: Duration = Duration::from_mins(1);

/// How long that commit may take before it is told as the reason.
const MOMENT: Duration = Duration::from_millis(500);

/// The reason of a primary whose commit has taken longer than a moment.
const WAITS: &str = "it is the primary, and waits for a standby to take a commit (synchronous_standby_names)";

#[derive(Debug)]
pub(super) struct Primary {
    address: Address,
    patience: Duration,
    state: watch::Sender<State>,
    /// The highest timeline seen.
    timeline: AtomicU32,
    /// The host that was the primary last.
    last: AtomicUsize,
    /// Counts how often nobody knew what became of a commit: a primary counts as found only by a commit made since.
    doubts: AtomicU64,
}

#[derive(Debug)]
pub(super) enum State {
    /// Connections of an earlier epoch are not used any more.
    Here {
        host: usize,
        epoch: u64,
    },
    Away {
        since: Instant,
        epoch: u64,
        /// What was last wrong with each host, in the order of the address; `None` before it has answered.
        reasons: Vec<Option<String>>,
    },
    Closed,
}

impl Primary {
    /// Begins to look for it.
    pub(super) fn find(address: Address, patience: Duration) -> Arc<Self> {
        let reasons = vec![None; address.hosts().len()];
        let (state, _) = watch::channel(State::Away { since: Instant::now(), epoch: 0, reasons });
        let (timeline, last) = (AtomicU32::new(0), AtomicUsize::new(0));
        let primary = Arc::new(Self { address, patience, state, timeline, last, doubts: AtomicU64::new(0) });
        tokio::spawn(look(Arc::downgrade(&primary)));
        primary
    }

    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    /// Until when a piece of work that begins now may take.
    pub(super) fn deadline(&self) -> Instant {
        Instant::now() + self.patience
    }

    /// How to reach it, and in which epoch that is; fails at once where it has been away longer than patience lasts.
    pub(super) async fn here(&self, deadline: Instant) -> Result<(&PgConnectOptions, u64), Fault> {
        let mut state = self.state.subscribe();
        loop {
            let end = match &*state.borrow_and_update() {
                State::Here { host, epoch } => {
                    let host = self.address.hosts().get(*host).ok_or(Fault::Closed)?;
                    return Ok((host, *epoch));
                }
                State::Away { since, .. } => deadline.min(*since + self.patience),
                State::Closed => return Err(Fault::Closed),
            };
            match timeout_at(end, state.changed()).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Err(Fault::Closed),
                Err(_) => return Err(Fault::Away(self.why_away())),
            }
        }
    }

    /// What is wrong with each host: one that is dead for good must not hide what can be mended at another.
    fn why_away(&self) -> String {
        let state = self.state.borrow();
        let State::Away { reasons, .. } = &*state else { return "it came too late".to_owned() };
        let told = self.address.hosts().iter().zip(reasons).map(|(host, reason)| {
            format!("{}: {}", host_and_port(host), reason.as_deref().unwrap_or("it has not answered yet"))
        });
        told.collect::<Vec<_>>().join("; ")
    }

    /// Connects to the host that is the primary, and looks that it still is.
    pub(super) async fn connect(self: &Arc<Self>, deadline: Instant) -> Result<(PgConnection, u64), Fault> {
        loop {
            let (host, epoch) = self.here(deadline).await?;
            let why = match timeout_at(deadline, knock(host)).await {
                Ok(Ok((connection, timeline))) if timeline >= self.timeline.load(Ordering::Relaxed) => {
                    return Ok((connection, epoch));
                }
                Ok(Ok(_)) => "it has been replaced by another primary".to_owned(),
                Ok(Err(why)) => why,
                Err(_) => return Err(Fault::Away("connecting took too long".to_owned())),
            };
            self.lost(epoch, &why);
        }
    }

    /// Tells when it is lost, found or needed no more.
    pub(super) fn changes(&self) -> watch::Receiver<State> {
        self.state.subscribe()
    }

    pub(super) fn is_closed(&self) -> bool {
        matches!(*self.state.borrow(), State::Closed)
    }

    /// A connection of this epoch failed: have it looked for again. Said once in the log.
    pub(super) fn lost(self: &Arc<Self>, epoch: u64, why: &str) {
        self.lose(why, |now| now == epoch);
    }

    /// Nobody knows what became of a commit: have the primary found by another one, whichever connection it was.
    pub(super) fn doubt(self: &Arc<Self>, why: &str) {
        self.doubts.fetch_add(1, Ordering::SeqCst);
        self.lose(why, |_| true);
    }

    fn lose(self: &Arc<Self>, why: &str, concerns: impl Fn(u64) -> bool) {
        let mut from = None;
        self.state.send_if_modified(|state| match state {
            State::Here { host, epoch } if concerns(*epoch) => {
                from = self.address.hosts().get(*host);
                let of = |place: usize| (place == *host).then(|| why.to_owned());
                let reasons = (0..self.address.hosts().len()).map(of).collect();
                *state = State::Away { since: Instant::now(), epoch: *epoch, reasons };
                true
            }
            _ => false,
        });
        if let Some(host) = from {
            tracing::warn!(host = %host_and_port(host), reason = why, "The database's primary is lost; looking for it");
            tokio::spawn(look(Arc::downgrade(self)));
        }
    }

    /// Nothing waits for it any more, and it is looked for no more.
    pub(super) fn close(&self) {
        self.state.send_replace(State::Closed);
    }

    /// Whether it has been found, so that nobody has to look on.
    fn found(&self, host: usize, timeline: u32, doubts: u64) -> bool {
        if self.timeline.fetch_max(timeline, Ordering::Relaxed) > timeline {
            self.not_yet(host, "it has been replaced by another primary, yet goes on by itself; stop it");
            return false;
        }
        self.last.store(host, Ordering::Relaxed);
        self.state.send_if_modified(|state| match state {
            State::Away { epoch, .. } if self.doubts.load(Ordering::SeqCst) == doubts => {
                let epoch = *epoch + 1;
                if epoch > 1
                    && let Some(host) = self.address.hosts().get(host)
                {
                    tracing::warn!(host = %host_and_port(host), "The database's primary is found");
                }
                *state = State::Here { host, epoch };
                true
            }
            _ => false,
        })
    }

    /// Notes why a host cannot be used. Nobody is woken by it.
    fn not_yet(&self, host: usize, why: &str) {
        self.state.send_if_modified(|state| {
            if let State::Away { reasons, .. } = state
                && let Some(reason) = reasons.get_mut(host)
            {
                *reason = Some(why.to_owned());
            }
            false
        });
    }
}

/// Asks all hosts at once, again and again, until one is the primary, or nobody needs it any more.
async fn look(primary: Weak<Primary>) {
    let unseen = primary.upgrade().filter(|primary| primary.timeline.load(Ordering::Relaxed) == 0);
    if let Some(hosts) = unseen.map(|primary| primary.address.hosts().to_vec()) {
        let newest = newest(hosts).await;
        primary.upgrade().inspect(|primary| _ = primary.timeline.fetch_max(newest, Ordering::Relaxed));
    }
    let mut asked = JoinSet::new();
    if let Some(primary) = primary.upgrade() {
        let (last, doubts) = (primary.last.load(Ordering::Relaxed), primary.doubts.load(Ordering::SeqCst));
        for (place, host) in primary.address.hosts().iter().enumerate() {
            let pause = if place == last { Duration::ZERO } else { AHEAD };
            asked.spawn(ask(Arc::downgrade(&primary), place, host.clone(), doubts, pause));
        }
    }
    while let Some(answer) = asked.join_next().await {
        let Some(primary) = primary.upgrade().filter(|primary| !primary.is_closed()) else { return };
        let Ok((place, doubts, answer)) = answer else { continue };
        match answer {
            Ok(timeline) if primary.found(place, timeline, doubts) => return,
            Ok(_) => {}
            Err(reason) => primary.not_yet(place, &reason),
        }
        if let Some(host) = primary.address.hosts().get(place) {
            let doubts = primary.doubts.load(Ordering::SeqCst);
            asked.spawn(ask(Arc::downgrade(&primary), place, host.clone(), doubts, PAUSE));
        }
    }
}

/// The newest timeline of all primaries, for a process that has seen none: it then knows an old one that nobody has stopped from
/// the start, wherever that stands in the list. A silent host is waited for as long as a knock takes, once.
async fn newest(hosts: Vec<PgConnectOptions>) -> u32 {
    // A single one is newer than no other.
    if hosts.len() < 2 {
        return 0;
    }
    let mut knocks = JoinSet::new();
    for host in hosts {
        knocks.spawn(async move { knock(&host).await.map_or(0, |(_, timeline)| timeline) });
    }
    let mut newest = 0;
    while let Some(timeline) = knocks.join_next().await {
        newest = newest.max(timeline.unwrap_or(0));
    }
    newest
}

/// The timeline of a host that is a primary and takes commits, or why it is none; `place` and `doubts` are given back.
async fn ask(
    primary: Weak<Primary>,
    place: usize,
    host: PgConnectOptions,
    doubts: u64,
    pause: Duration,
) -> (usize, u64, Result<u32, String>) {
    #[expect(clippy::disallowed_methods, reason = "a database does not live on our clock")]
    tokio::time::sleep(pause).await;
    let answer = async {
        let (mut connection, timeline) = knock(&host).await?;
        let notices = Notices::new();
        let mut barrier = pin!(notices.listen(sqlx::query(sql::BARRIER).execute(&mut connection)));
        let mut answer = timeout(MOMENT, &mut barrier).await;
        if answer.is_err() {
            primary.upgrade().inspect(|primary| primary.not_yet(place, WAITS));
            answer = timeout(BARRIER, barrier).await;
        }
        match answer {
            Ok((Ok(_), false)) => Ok(timeline),
            Ok((Err(error), _)) => Err(words(&error)),
            Ok((Ok(_), true)) | Err(_) => Err("what is written there is not replicated".to_owned()),
        }
    };
    (place, doubts, answer.await)
}

/// Connects, and looks that it is a primary; also gives its timeline.
pub(super) async fn knock(host: &PgConnectOptions) -> Result<(PgConnection, u32), String> {
    let knocked = async {
        let mut connection = host.connect().await?;
        let row = sqlx::query(sql::PROBE).fetch_one(&mut connection).await?;
        let (recovering, file): (bool, String) = (row.try_get(0)?, row.try_get(1)?);
        Ok((connection, recovering, file))
    };
    match timeout(KNOCK, knocked).await {
        Ok(Ok((_, true, _))) => Err("it is a standby".to_owned()),
        Ok(Ok((connection, false, file))) => {
            let timeline = file.get(..8).and_then(|timeline| u32::from_str_radix(timeline, 16).ok());
            Ok((connection, timeline.unwrap_or_default()))
        }
        Ok(Err(error)) => Err(words(&error)),
        Err(_) => Err("it does not answer".to_owned()),
    }
}
