//! Every statement, each from its file. A test prepares them all.

pub(super) const APPEND: &str = include_str!("append.sql");
pub(super) const APPEND_ALL: &str = include_str!("append_all.sql");
pub(super) const BLOCKS: &str = include_str!("blocks.sql");
pub(super) const BLOCKS_ASTRAY: &str = include_str!("blocks_astray.sql");
pub(super) const BLOCKS_BACK: &str = include_str!("blocks_back.sql");
pub(super) const ENDS: &str = include_str!("ends.sql");
pub(super) const FORGET_BLOCKS: &str = include_str!("forget_blocks.sql");
pub(super) const FORGET_INTENTS: &str = include_str!("forget_intents.sql");
pub(super) const FORGET_JOURNEYS: &str = include_str!("forget_journeys.sql");
pub(super) const HOLDINGS: &str = include_str!("holdings.sql");
pub(super) const INTENT: &str = include_str!("intent.sql");
pub(super) const INTENT_OPEN: &str = include_str!("intent_open.sql");
pub(super) const INTENTS_DOUBT: &str = include_str!("intents_doubt.sql");
pub(super) const INTENTS_DUE: &str = include_str!("intents_due.sql");
pub(super) const INTENTS_TOUCHED: &str = include_str!("intents_touched.sql");
pub(super) const JOURNAL_BACK: &str = include_str!("journal_back.sql");
pub(super) const PROGRAM: &str = include_str!("program.sql");
pub(super) const PROGRAM_KEEP: &str = include_str!("program_keep.sql");
pub(super) const PUBLISH: &str = include_str!("publish.sql");
pub(super) const PUBLISHED: &str = include_str!("published.sql");
pub(super) const RUN_KEEP: &str = include_str!("run_keep.sql");
pub(super) const RUNS: &str = include_str!("runs.sql");
pub(super) const RUNS_FORGET: &str = include_str!("runs_forget.sql");
pub(super) const SUBSCRIBER: &str = include_str!("subscriber.sql");
pub(super) const SUBSCRIBERS: &str = include_str!("subscribers.sql");
pub(super) const TRIM: &str = include_str!("trim.sql");
