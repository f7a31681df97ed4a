//! Every statement, each from its file, or put together from several: a batch is one text, so that it is one trip to the connection's thread;
//! after an error the caller rolls back. A test prepares them all.
//!
//! Parameters of such a text have no numbers: sqlx counts them on through its statements, but numbered ones anew in each, and leaves those
//! unbound (NULL) that it cannot place.

macro_rules! begin {
    () => {
        "BEGIN IMMEDIATE;\n\n"
    };
}

macro_rules! commit {
    () => {
        "COMMIT;\n"
    };
}

pub(super) const APPEND: &str = include_str!("append.sql");
/// A batch with whatever else it holds.
pub(super) const APPEND_ALL: &str = concat!(begin!(), include_str!("rows.sql"), commit!());
/// A batch with messages, too.
pub(super) const APPEND_MESSAGES: &str =
    concat!(begin!(), include_str!("rows.sql"), include_str!("message_rows.sql"), commit!());
pub(super) const BLOCKS: &str = include_str!("blocks.sql");
pub(super) const BLOCKS_ASTRAY: &str = include_str!("blocks_astray.sql");
pub(super) const BLOCKS_BACK: &str = include_str!("blocks_back.sql");
pub(super) const EARLY_RECEIPTS: &str = include_str!("early_receipts.sql");
pub(super) const ENDS: &str = include_str!("ends.sql");
pub(super) const FORGET_BLOCKS: &str = include_str!("forget_blocks.sql");
pub(super) const FORGET_INTENTS: &str = include_str!("forget_intents.sql");
pub(super) const FORGET_JOURNEYS: &str = include_str!("forget_journeys.sql");
pub(super) const FORGET_MESSAGES: &str = include_str!("forget_messages.sql");
pub(super) const HOLDINGS: &str = include_str!("holdings.sql");
pub(super) const INTENT: &str = include_str!("intent.sql");
pub(super) const INTENTS_DOUBT: &str = include_str!("intents_doubt.sql");
pub(super) const INTENTS_DUE: &str = include_str!("intents_due.sql");
pub(super) const INTENTS_OF: &str = include_str!("intents_of.sql");
pub(super) const INTENTS_TOUCHED: &str = include_str!("intents_touched.sql");
pub(super) const INTENT_OPEN: &str = include_str!("intent_open.sql");
pub(super) const JOURNAL_BACK: &str = include_str!("journal_back.sql");
pub(super) const MARKS: &str = include_str!("marks.sql");
pub(super) const MESSAGE: &str = include_str!("message.sql");
/// A batch that holds nothing but messages, receipts of messages and marks, as those of the outbox do.
pub(super) const MESSAGES: &str = concat!(begin!(), include_str!("message_rows.sql"), commit!());
pub(super) const MESSAGES_DUE: &str = include_str!("messages_due.sql");
pub(super) const MESSAGES_LEFT: &str = include_str!("messages_left.sql");
pub(super) const MESSAGES_RESTORED: &str = include_str!("messages_restored.sql");
pub(super) const MESSAGES_GROUPED: &str = include_str!("messages_grouped.sql");
pub(super) const MESSAGES_TOUCHED: &str = include_str!("messages_touched.sql");
pub(super) const MESSAGES_TROUBLED: &str = include_str!("messages_troubled.sql");
pub(super) const MESSAGES_WAITING: &str = include_str!("messages_waiting.sql");
/// The same within a transaction of somebody else.
pub(super) const MESSAGE_ROWS: &str = include_str!("message_rows.sql");
pub(super) const MESSAGE_COUNTS: &str = include_str!("message_counts.sql");
pub(super) const PROGRAM: &str = include_str!("program.sql");
pub(super) const PROGRAM_KEEP: &str = include_str!("program_keep.sql");
pub(super) const PUBLISH: &str = include_str!("publish.sql");
pub(super) const PUBLISHED: &str = include_str!("published.sql");
pub(super) const RUNS: &str = include_str!("runs.sql");
pub(super) const RUNS_FORGET: &str = include_str!("runs_forget.sql");
pub(super) const RUN_KEEP: &str = include_str!("run_keep.sql");
pub(super) const SUBSCRIBER: &str = include_str!("subscriber.sql");
pub(super) const SUBSCRIBERS: &str = include_str!("subscribers.sql");
pub(super) const SUBSCRIBERS_AFTER: &str = include_str!("subscribers_after.sql");
pub(super) const SUBSCRIBERS_HELD: &str = include_str!("subscribers_held.sql");
pub(super) const TRIM: &str = include_str!("trim.sql");
