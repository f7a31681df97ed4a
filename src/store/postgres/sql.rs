//! Every statement, each from its file. A test prepares them all.

pub(super) const BARRIER: &str = include_str!("barrier.sql");
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
pub(super) const SESSION: &str = include_str!("session.sql");
pub(super) const SUBSCRIBERS: &str = include_str!("subscribers.sql");
pub(super) const TURNS_OF: &str = include_str!("turns_of.sql");
pub(super) const TURNS_ON: &str = include_str!("turns_on.sql");
pub(super) const UPKEEP_LEASE: &str = include_str!("upkeep_lease.sql");
pub(super) const WRITE: &str = include_str!("write.sql");
pub(super) const WRITE_ALL: &str = include_str!("write_all.sql");

#[cfg(test)]
mod tests {
    use super::*;

    /// Without comments and line breaks.
    fn words(text: &str) -> String {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("--"));
        lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn turns_are_written_alike_whatever_comes_with_them() {
        let (few, all) = (words(WRITE), words(WRITE_ALL));
        let (journeys, turns) = few.split_once(") INSERT INTO conversations").expect("journeys, then turns");
        assert!(all.starts_with(journeys), "{all}");
        assert!(all.contains(turns), "{all}");
    }
}
