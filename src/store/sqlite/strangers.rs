//! Of whom nothing is kept, known without a read: of nearly everybody who dials for the first time.
//!
//! A Bloom filter in blocks of one cache line (Putze, Sanders, Singler: "Cache-, Hash- and Space-Efficient Bloom Filters", 2007) holds
//! everybody of whom something is kept, and of the others one in some forty at most: for those the file is asked in vain. It is filled from
//! the file behind the first turns, and until then the file is asked for everybody.
//!
//! That a file is damaged is noticed where it is read. So strangers are asked after, too, but where somebody was a moment ago: at the speed
//! of a nation that spares nine reads of ten, and where few dial none.

use std::fmt;
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use data_encoding::HEXUPPER;
use sqlx::SqlitePool;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep_until};

use super::read::Troubles;
use super::sql;
use crate::store::{KeyedHash, StoreError};
use crate::sync;

/// Subscribers that are read from the file at once, and how often: for twenty-five million a quarter of one core, for half a minute.
const PAGE: i64 = 16_384;
const EVERY: Duration = Duration::from_millis(20);

/// Subscribers for whom there is room at first, in 128 KiB.
const FIRST: usize = 65_536;

/// When the file is read again after it could not be.
const AGAIN: Duration = Duration::from_mins(1);

/// How long a read speaks for the file.
const MOMENT: Duration = Duration::from_millis(5);

/// Whether anybody is a stranger; the filter is filled, and grows, while this lives.
pub(super) struct Strangers {
    known: Arc<Known>,
    filling: JoinHandle<()>,
}

/// Of whom something is kept.
#[derive(Default)]
pub(super) struct Known {
    filters: RwLock<Filters>,
    /// There are too many for the filter.
    full: Notify,
    /// When somebody was last read, and all was well.
    read: Mutex<Option<Instant>>,
}

#[derive(Default)]
struct Filters {
    /// Holds everybody; none until the file was read.
    whole: Option<Filter>,
    /// Is being filled.
    next: Option<Filter>,
}

impl Strangers {
    /// Begins to read the file.
    pub(super) fn start(known: Arc<Known>, pool: SqlitePool, troubles: Arc<Troubles>) -> Self {
        let filling = tokio::spawn(fill(Arc::clone(&known), pool, troubles));
        Self { known, filling }
    }

    /// That nothing is kept of this subscriber, and the file need not be looked at; `false` does not say that something is.
    pub(super) fn include(&self, subscriber: KeyedHash) -> bool {
        self.are_told_at(Instant::now()) && self.are_without(subscriber)
    }

    fn are_told_at(&self, now: Instant) -> bool {
        sync::lock(&self.known.read).is_some_and(|read| now.saturating_duration_since(read) < MOMENT)
    }

    fn are_without(&self, subscriber: KeyedHash) -> bool {
        sync::read(&self.known.filters).whole.as_ref().is_some_and(|whole| !whole.may_hold(subscriber))
    }
}

impl Drop for Strangers {
    fn drop(&mut self) {
        self.filling.abort();
    }
}

impl fmt::Debug for Strangers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Strangers").finish_non_exhaustive()
    }
}

impl Known {
    /// Somebody was read from the file at this moment, or could not be.
    pub(super) fn was_read(&self, is_well: bool) {
        *sync::lock(&self.read) = is_well.then(Instant::now);
    }

    /// They are strangers no more. Told before the file has them and once more behind it, whatever came of it: a filter that was begun in
    /// between may have passed the place where they stand now.
    pub(super) fn add(&self, subscribers: &[KeyedHash]) {
        if subscribers.is_empty() {
            return;
        }
        let mut filters = sync::write(&self.filters);
        let Filters { whole, next } = &mut *filters;
        for filter in [whole.as_mut(), next.as_mut()].into_iter().flatten() {
            for subscriber in subscribers {
                filter.add(*subscriber);
            }
        }
        if whole.as_ref().is_some_and(Filter::is_full) {
            self.full.notify_one();
        }
    }

    /// Waits until there are too many for the filter. It is told so with each that comes, also while a larger one is filled.
    async fn has_filled_up(&self) {
        while !sync::read(&self.filters).whole.as_ref().is_some_and(Filter::is_full) {
            self.full.notified().await;
        }
    }
}

/// Reads the file into a filter, and into a larger one whenever it is full.
async fn fill(known: Arc<Known>, pool: SqlitePool, troubles: Arc<Troubles>) {
    loop {
        match filled(&known, &pool, &troubles).await {
            Ok(()) => known.has_filled_up().await,
            Err(StoreError::Closed) => return,
            Err(error) => {
                tracing::warn!(%error, "Of whom something is kept cannot be read; the file is asked for them, and this is tried again");
                sync::write(&known.filters).next = None;
                sleep_until(tokio::time::Instant::now() + AGAIN).await;
            }
        }
    }
}

/// Reads the file into a filter, which then takes the place of the one before.
async fn filled(known: &Known, pool: &SqlitePool, troubles: &Troubles) -> Result<(), StoreError> {
    let held: i64 = troubles.noted(sqlx::query_scalar(sql::SUBSCRIBERS_HELD).fetch_one(pool).await)?;
    let next = Filter::with_room(usize::try_from(held).unwrap_or_default().max(FIRST));
    sync::write(&known.filters).next = Some(next);
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut after = Vec::new();
    loop {
        ticks.tick().await;
        let query = sqlx::query_scalar(sql::SUBSCRIBERS_AFTER).bind(&after).bind(PAGE);
        let page: String = troubles.noted(query.fetch_one(pool).await)?;
        let page = HEXUPPER.decode(page.as_bytes()).map_err(|error| StoreError::Database(error.to_string()))?;
        let (page, _) = page.as_chunks();
        // Bit by bit: whoever looks meanwhile does not wait for all of it.
        for part in page.chunks(512) {
            if let Some(next) = &mut sync::write(&known.filters).next {
                for subscriber in part {
                    next.add(KeyedHash(*subscriber));
                }
            }
        }
        let Some(last) = page.iter().max() else {
            let mut filters = sync::write(&known.filters);
            filters.whole = filters.next.take();
            return Ok(());
        };
        after = last.to_vec();
    }
}

/// Seven bits of one block for each subscriber, taken from the hash itself: it is as good as random.
struct Filter {
    /// Each as long as a line of the processor's cache.
    blocks: Box<[[u64; 8]]>,
    /// Those who changed a bit.
    held: usize,
    room: usize,
}

impl Filter {
    /// Two bytes for each: of a thousand others one or two seem to be held, and one in some forty once there are twice as many.
    fn with_room(room: usize) -> Self {
        Self { blocks: vec![[0; 8]; room.div_ceil(32)].into(), held: 0, room }
    }

    fn is_full(&self) -> bool {
        self.held > 2 * self.room
    }

    fn add(&mut self, subscriber: KeyedHash) {
        let (at, bits) = (self.block(subscriber), bits(subscriber));
        let Some(words) = self.blocks.get_mut(at) else { return };
        let is_new = words.iter().zip(bits).any(|(word, bits)| word & bits != bits);
        words.iter_mut().zip(bits).for_each(|(word, bits)| *word |= bits);
        self.held += usize::from(is_new);
    }

    fn may_hold(&self, subscriber: KeyedHash) -> bool {
        let Some(words) = self.blocks.get(self.block(subscriber)) else { return true };
        words.iter().zip(bits(subscriber)).all(|(word, bits)| word & bits == bits)
    }

    /// Told by the first half of the hash, as the bits are by the other.
    fn block(&self, subscriber: KeyedHash) -> usize {
        let blocks = self.blocks.len() as u128;
        usize::try_from((u128::from(halves(subscriber).0) * blocks) >> 64).unwrap_or(usize::MAX)
    }
}

/// What a subscriber sets in each of a block's words.
fn bits(subscriber: KeyedHash) -> [u64; 8] {
    let (_, hash) = halves(subscriber);
    let mut words = [0; 8];
    for place in 0..7 {
        let bit = (hash >> (9 * place)) % 512;
        if let Some(word) = words.get_mut((bit / 64) as usize) {
            *word |= 1 << (bit % 64);
        }
    }
    words
}

fn halves(KeyedHash(hash): KeyedHash) -> (u64, u64) {
    let half = |first| hash.iter().skip(first).take(8).fold(0, |half, byte| half << 8 | u64::from(*byte));
    (half(0), half(8))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::open::{connect, open};
    use super::*;
    use crate::store::writer::Engine as _;
    use crate::store::{Commit, Options, SubscriberRecord};
    use crate::types::Timestamp;

    /// Longer than anything here takes.
    const PATIENCE: Duration = Duration::from_secs(30);

    /// As good as random, and another for each number.
    fn somebody(number: u64) -> KeyedHash {
        let mut random = fastrand::Rng::with_seed(number);
        KeyedHash(random.u128(..).to_be_bytes())
    }

    proptest! {
        #[test]
        fn whoever_was_added_is_held(room in 1..200_usize, added: Vec<[u8; 16]>) {
            let mut filter = Filter::with_room(room);
            for subscriber in &added {
                filter.add(KeyedHash(*subscriber));
            }
            prop_assert!(added.iter().all(|subscriber| filter.may_hold(KeyedHash(*subscriber))));
            prop_assert!(filter.held <= added.len());
        }
    }

    #[test]
    fn few_others_seem_to_be_held() {
        let (room, others) = (10_000, 100_000);
        let mut filter = Filter::with_room(room);
        let seem = |filter: &Filter| (0..others).filter(|other| filter.may_hold(somebody(1_000_000 + other))).count();
        assert_eq!(seem(&filter), 0);
        (0..10_000).for_each(|number| filter.add(somebody(number)));
        let seeming = seem(&filter);
        assert!((1..400).contains(&seeming), "{seeming} of {others}");
        (10_000..20_000).for_each(|number| filter.add(somebody(number)));
        let seeming = seem(&filter);
        assert!((400..4000).contains(&seeming), "{seeming} of {others}");
        assert!(!filter.is_full());
        (20_000..20_500).for_each(|number| filter.add(somebody(number)));
        assert!(filter.is_full());
    }

    /// A file with so many subscribers, and one whose key is none.
    async fn file(subscribers: u64) -> (tempfile::TempDir, SqlitePool) {
        let folder = tempfile::tempdir().expect("a folder");
        let options = connect(&folder.path().join("a.db")).create_if_missing(true);
        let pool = SqlitePool::connect_with(options).await.expect("it opens");
        let all = (0..subscribers).map(|number| format!("(x'{}', 0, x'')", HEXUPPER.encode(&somebody(number).0)));
        let values = all.collect::<Vec<_>>().join(",");
        let statements = format!(
            "CREATE TABLE subscribers (subscriber BLOB NOT NULL PRIMARY KEY, at INTEGER, sealed BLOB); \
             INSERT INTO subscribers VALUES {values}, (x'0102030405', 0, x'')"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(statements)).execute(&pool).await.expect("a table");
        (folder, pool)
    }

    fn strangers(known: &Arc<Known>) -> Strangers {
        Strangers { known: Arc::clone(known), filling: tokio::spawn(async {}) }
    }

    /// As if somebody were read all the time.
    fn speak_for_long(known: &Known) {
        *sync::lock(&known.read) = Some(Instant::now() + PATIENCE);
    }

    async fn until(is: impl Fn() -> bool) {
        let waits = async {
            while !is() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, waits).await.expect("it comes to that");
    }

    async fn fill_once(known: &Known, pool: &SqlitePool) {
        filled(known, pool, &Troubles::default()).await.expect("it is read");
    }

    #[tokio::test]
    async fn nobody_is_a_stranger_until_the_file_was_read() {
        let (_folder, pool) = file(40_000).await;
        let known = Arc::<Known>::default();
        let strangers = strangers(&known);
        let (late, outside) = (somebody(50_000), somebody(60_000));
        assert!(!strangers.are_without(outside));
        // While the second of three pages is read.
        let adds = async {
            until(|| sync::read(&known.filters).next.as_ref().is_some_and(|next| next.held > 0)).await;
            assert!(!strangers.are_without(outside), "it is not whole");
            known.add(&[late]);
        };
        tokio::join!(fill_once(&known, &pool), adds);
        assert!(strangers.are_without(outside) && !strangers.are_without(late));
        assert!((0..40_000).all(|number| !strangers.are_without(somebody(number))));
        known.add(&[outside]);
        assert!(!strangers.are_without(outside));
    }

    #[tokio::test]
    async fn a_read_speaks_for_the_file_for_a_moment() {
        let (_folder, pool) = file(1).await;
        let known = Arc::<Known>::default();
        let strangers = strangers(&known);
        fill_once(&known, &pool).await;
        let before = Instant::now();
        assert!(!strangers.are_told_at(before), "nobody was read");
        known.was_read(true);
        assert!(strangers.are_told_at(before));
        assert!(!strangers.are_told_at(Instant::now() + MOMENT));
        known.was_read(false);
        assert!(!strangers.are_told_at(before), "it is damaged");
    }

    #[tokio::test]
    async fn a_filter_that_is_full_gives_way_to_a_larger_one_and_that_stays() {
        let (_folder, pool) = file(1).await;
        let known = Arc::<Known>::default();
        fill_once(&known, &pool).await;
        let room = || sync::read(&known.filters).whole.as_ref().map(|whole| whole.room);
        assert_eq!(room(), Some(FIRST));
        let many = 2 * FIRST + FIRST / 2;
        known.add(&(0..u64::try_from(many).expect("some hundred thousand")).map(somebody).collect::<Vec<_>>());
        // Told of it twice, as by two batches.
        known.add(&[somebody(0)]);
        tokio::time::timeout(PATIENCE, known.has_filled_up()).await.expect("it is full");
        let more = format!("INSERT INTO subscribers (rowid, subscriber) VALUES ({many}, x'00')");
        sqlx::raw_sql(sqlx::AssertSqlSafe(more)).execute(&pool).await.expect("as many");
        fill_once(&known, &pool).await;
        assert_eq!(room(), Some(many));
        let waits = tokio::time::timeout(Duration::from_millis(50), known.has_filled_up()).await;
        assert!(waits.is_err(), "it is not full any more");
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_read_leaves_the_filter_that_is_there() {
        let (_folder, pool) = file(1).await;
        let known = Arc::<Known>::default();
        let strangers = strangers(&known);
        fill_once(&known, &pool).await;
        sqlx::raw_sql("DROP TABLE subscribers").execute(&pool).await.expect("gone");
        let troubles = Troubles::default();
        assert!(matches!(filled(&known, &pool, &troubles).await, Err(StoreError::Database(_))));
        assert!(strangers.are_without(somebody(7)) && !strangers.are_without(somebody(0)));
        pool.close().await;
        assert_eq!(filled(&known, &pool, &troubles).await, Err(StoreError::Closed));
    }

    #[tokio::test]
    async fn whoever_was_written_is_found_in_the_file_and_whoever_was_not_is_not_looked_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let opened = open(&folder.path().join("a.db"), Options::default(), Timestamp(0)).await;
        let (mut engine, reader) = opened.expect("it opens");
        let known = Arc::clone(&engine.known);
        until(|| sync::read(&known.filters).whole.is_some()).await;
        let kept = |number| SubscriberRecord { subscriber: somebody(number), at: Timestamp(0), sealed: vec![7] };
        let commit = |number| Commit { subscriber: Some(kept(number)), ..Commit::default() };
        assert!(engine.write(vec![commit(1)]).await.iter().all(Result::is_ok));
        speak_for_long(&known);
        assert_eq!(reader.subscriber(somebody(1)).await, Ok(Some(kept(1))));
        // From now on whoever is looked for cannot be read, and nothing can be written.
        sqlx::raw_sql("DROP TABLE subscribers").execute(&mut engine.connection).await.expect("gone");
        speak_for_long(&known);
        assert_eq!(reader.subscriber(somebody(2)).await, Ok(None), "a stranger");
        assert!(reader.subscriber(somebody(1)).await.is_err(), "not of memory");
        assert!(engine.write(vec![commit(2)]).await.iter().all(Result::is_err));
        speak_for_long(&known);
        assert!(reader.subscriber(somebody(2)).await.is_err(), "perhaps it was written after all");
        engine.close().await.expect("closed");
        speak_for_long(&known);
        assert_eq!(reader.subscriber(somebody(3)).await, Err(StoreError::Closed), "closed, to strangers too");
    }
}
