//! Every statement, each from its file. A test prepares them all.

pub(super) const APPEND: &str = include_str!("append.sql");
pub(super) const CONVERSATION_OF_LEG: &str = include_str!("conversation_of_leg.sql");
pub(super) const CONVERSATION_OF_SUBSCRIBER: &str = include_str!("conversation_of_subscriber.sql");
pub(super) const FOLD: &str = include_str!("fold.sql");
pub(super) const FOLDED: &str = include_str!("folded.sql");
pub(super) const FORGET_CONVERSATIONS: &str = include_str!("forget_conversations.sql");
pub(super) const FORGET_INTENTS: &str = include_str!("forget_intents.sql");
pub(super) const FORGET_JOURNEYS: &str = include_str!("forget_journeys.sql");
pub(super) const HOLDINGS: &str = include_str!("holdings.sql");
pub(super) const INTENT: &str = include_str!("intent.sql");
pub(super) const INTENT_OPEN: &str = include_str!("intent_open.sql");
pub(super) const INTENTS_DOUBT: &str = include_str!("intents_doubt.sql");
pub(super) const INTENTS_DUE: &str = include_str!("intents_due.sql");
pub(super) const INTENTS_TOUCHED: &str = include_str!("intents_touched.sql");
pub(super) const LAST_TURNS: &str = include_str!("last_turns.sql");
pub(super) const PROGRAM: &str = include_str!("program.sql");
pub(super) const PROGRAM_KEEP: &str = include_str!("program_keep.sql");
pub(super) const PUBLISH: &str = include_str!("publish.sql");
pub(super) const PUBLISHED: &str = include_str!("published.sql");
pub(super) const SUBSCRIBER: &str = include_str!("subscriber.sql");
pub(super) const TAIL: &str = include_str!("tail.sql");
