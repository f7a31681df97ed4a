//! Of whom nothing is kept, known without a read: of nearly everybody who dials for the first time.
//!
//! A Bloom filter in blocks of one cache line (Putze, Sanders, Singler: "Cache-, Hash- and Space-Efficient Bloom Filters", 2007) holds
//! everybody of whom something is kept, and of the others one in some fifty at most: for those the file is asked in vain. It is filled from
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
use tokio::time::interval;

use super::{rows, sql};
use crate::store::KeyedHash;
use crate::sync;

/// Subscribers that are read from the file at once, and how often: for twenty-five million a quarter of one core, for half a minute.
const PAGE: i64 = 16_384;
const EVERY: Duration = Duration::from_millis(20);

/// Subscribers for whom there is room at first, in 128 KiB.
const FIRST: usize = 65_536;

/// For how many more there is room in the next filter, as soon as there are too many for one.
const GROWS: usize = 4;

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
    pub(super) fn start(known: Arc<Known>, pool: SqlitePool) -> Self {
        let filling = tokio::spawn(fill(Arc::clone(&known), pool));
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
}

/// Reads the file into a filter, and into a larger one whenever it is full.
async fn fill(known: Arc<Known>, pool: SqlitePool) {
    let mut room = FIRST;
    loop {
        match filled(&known, &pool, room).await {
            Ok(true) => known.full.notified().await,
            Ok(false) => {}
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => {
                let error = rows::failed(error);
                tracing::warn!(%error, "Of whom something is kept cannot be read: the file is asked for everybody");
                return;
            }
        }
        room *= GROWS;
    }
}

/// Reads the file into a filter with so much room, which then takes the place of the one before; `false` where it became too full.
async fn filled(known: &Known, pool: &SqlitePool, room: usize) -> Result<bool, sqlx::Error> {
    sync::write(&known.filters).next = Some(Filter::with_room(room));
    let mut ticks = interval(EVERY);
    let mut after = Vec::new();
    loop {
        ticks.tick().await;
        let query = sqlx::query_scalar(sql::SUBSCRIBERS_AFTER).bind(&after).bind(PAGE);
        let page: String = query.fetch_one(pool).await?;
        let page = HEXUPPER.decode(page.as_bytes()).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let (page, _) = page.as_chunks();
        let mut filters = sync::write(&known.filters);
        let Filters { whole, next } = &mut *filters;
        let Some(filter) = next else { return Ok(false) };
        for subscriber in page {
            filter.add(KeyedHash(*subscriber));
        }
        if filter.is_full() {
            *next = None;
            return Ok(false);
        }
        let Some(last) = page.iter().max() else {
            *whole = next.take();
            return Ok(true);
        };
        after = last.to_vec();
    }
}

/// Seven bits of one block for each subscriber, taken from the hash itself: it is as good as random.
struct Filter {
    blocks: Box<[Block]>,
    /// Those who changed a bit.
    held: usize,
    room: usize,
}

/// As long as a line of the processor's cache, and as one begins.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Block([u64; 8]);

impl Filter {
    /// Two bytes for each: of a thousand others one or two seem to be held, and one in some fifty once there are twice as many.
    fn with_room(room: usize) -> Self {
        Self { blocks: vec![Block::default(); room.div_ceil(32)].into(), held: 0, room }
    }

    fn is_full(&self) -> bool {
        self.held > 2 * self.room
    }

    fn add(&mut self, subscriber: KeyedHash) {
        let (at, bits) = (self.block(subscriber), bits(subscriber));
        let Some(Block(words)) = self.blocks.get_mut(at) else { return };
        let is_new = words.iter().zip(bits).any(|(word, bits)| word & bits != bits);
        words.iter_mut().zip(bits).for_each(|(word, bits)| *word |= bits);
        self.held += usize::from(is_new);
    }

    fn may_hold(&self, subscriber: KeyedHash) -> bool {
        let Some(Block(words)) = self.blocks.get(self.block(subscriber)) else { return true };
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

    use super::super::open::connect;
    use super::*;

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

    /// A file with so many subscribers.
    async fn file(subscribers: u64) -> (tempfile::TempDir, SqlitePool) {
        let folder = tempfile::tempdir().expect("a folder");
        let options = connect(&folder.path().join("a.db")).create_if_missing(true);
        let pool = SqlitePool::connect_with(options).await.expect("it opens");
        let all = (0..subscribers).map(|number| format!("(x'{}', 0, x'')", HEXUPPER.encode(&somebody(number).0)));
        let values = all.collect::<Vec<_>>().join(",");
        let statements = format!(
            "CREATE TABLE subscribers (subscriber BLOB NOT NULL PRIMARY KEY, at INTEGER, sealed BLOB); \
             INSERT INTO subscribers VALUES {values}"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(statements)).execute(&pool).await.expect("a table");
        (folder, pool)
    }

    fn strangers(known: &Arc<Known>) -> Strangers {
        Strangers { known: Arc::clone(known), filling: tokio::spawn(async {}) }
    }

    #[tokio::test]
    async fn nobody_is_a_stranger_until_the_file_was_read() {
        let (_folder, pool) = file(40_000).await;
        let known = Arc::<Known>::default();
        let strangers = strangers(&known);
        let (inside, outside) = (somebody(7), somebody(50_000));
        assert!(!strangers.are_without(outside));
        assert!(!filled(&known, &pool, 100).await.expect("it is read"), "there are too many");
        assert!(!strangers.are_without(outside));
        assert!(filled(&known, &pool, 40_000).await.expect("it is read"), "more than a page");
        assert!(strangers.are_without(outside) && !strangers.are_without(inside));
        assert!((0..40_000).all(|number| !strangers.are_without(somebody(number))));
        known.add(&[outside]);
        assert!(!strangers.are_without(outside));
    }

    #[tokio::test]
    async fn a_read_speaks_for_the_file_for_a_moment() {
        let (_folder, pool) = file(1).await;
        let known = Arc::<Known>::default();
        let strangers = strangers(&known);
        assert!(filled(&known, &pool, 100).await.expect("it is read"));
        let before = Instant::now();
        assert!(!strangers.are_told_at(before), "nobody was read");
        known.was_read(true);
        assert!(strangers.are_told_at(before));
        assert!(!strangers.are_told_at(Instant::now() + MOMENT));
        known.was_read(false);
        assert!(!strangers.are_told_at(before), "it is damaged");
    }

    #[tokio::test]
    async fn who_is_added_while_the_file_is_read_is_in_what_was_read() {
        let (_folder, pool) = file(1).await;
        let known = Arc::<Known>::default();
        assert!(filled(&known, &pool, 100).await.expect("it is read"));
        sync::write(&known.filters).next = Some(Filter::with_room(100));
        let late = somebody(2);
        known.add(&[late]);
        let mut filters = sync::write(&known.filters);
        assert!(filters.next.take().is_some_and(|next| next.may_hold(late)));
        assert!(filters.whole.as_ref().is_some_and(|whole| whole.may_hold(late)));
    }

    #[tokio::test]
    async fn a_filter_that_is_full_gives_way_to_a_larger_one() {
        let (_folder, pool) = file(1).await;
        let known = Arc::<Known>::default();
        let strangers = Strangers::start(Arc::clone(&known), pool);
        let is_whole = |room| sync::read(&known.filters).whole.as_ref().is_some_and(|whole| whole.room >= room);
        while !is_whole(FIRST) {
            tokio::task::yield_now().await;
        }
        let many = u64::try_from(2 * FIRST + FIRST / 2).expect("some hundred thousand");
        known.add(&(0..many).map(somebody).collect::<Vec<_>>());
        while !is_whole(GROWS * FIRST) {
            tokio::task::yield_now().await;
        }
        assert!(!strangers.are_without(somebody(0)), "it is in the file");
    }
}
