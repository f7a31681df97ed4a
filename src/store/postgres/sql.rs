//! Every statement, each from its file. A test prepares them all.

pub(super) const BARRIER: &str = include_str!("barrier.sql");
pub(super) const CONVERSATIONS: &str = include_str!("conversations.sql");
pub(super) const FORGET_CONVERSATIONS: &str = include_str!("forget_conversations.sql");
pub(super) const FORGET_INTENTS: &str = include_str!("forget_intents.sql");
pub(super) const FORGET_JOURNEYS: &str = include_str!("forget_journeys.sql");
pub(super) const HOLDINGS: &str = include_str!("holdings.sql");
pub(super) const INTENT: &str = include_str!("intent.sql");
pub(super) const INTENT_OPEN: &str = include_str!("intent_open.sql");
pub(super) const INTENTS_TOUCHED: &str = include_str!("intents_touched.sql");
pub(super) const LEASE_DUE: &str = include_str!("lease_due.sql");
pub(super) const LIVE: &str = include_str!("live.sql");
pub(super) const PARTITION_DROP: &str = include_str!("partition_drop.sql");
pub(super) const PARTITION_MAKE: &str = include_str!("partition_make.sql");
pub(super) const PARTITIONS: &str = include_str!("partitions.sql");
pub(super) const PROBE: &str = include_str!("probe.sql");
pub(super) const PROGRAM: &str = include_str!("program.sql");
pub(super) const PUBLISH: &str = include_str!("publish.sql");
pub(super) const PUBLISHED: &str = include_str!("published.sql");
pub(super) const RECOGNISE: &str = include_str!("recognise.sql");
pub(super) const SUBSCRIBERS: &str = include_str!("subscribers.sql");
pub(super) const TURNS_OF: &str = include_str!("turns_of.sql");
pub(super) const UPKEEP_LEASE: &str = include_str!("upkeep_lease.sql");
pub(super) const WRITE: &str = include_str!("write.sql");
