//! Every statement, each from its file. A test prepares them all.

pub(super) const BARRIER: &str = include_str!("barrier.sql");
pub(super) const EARLY_MATCHED: &str = include_str!("early_matched.sql");
pub(super) const EARLY_RECEIPTS: &str = include_str!("early_receipts.sql");
pub(super) const FORGET_CONVERSATIONS: &str = include_str!("forget_conversations.sql");
pub(super) const FORGET_EARLY_RECEIPTS: &str = include_str!("forget_early_receipts.sql");
pub(super) const FORGET_INTENTS: &str = include_str!("forget_intents.sql");
pub(super) const FORGET_JOURNEYS: &str = include_str!("forget_journeys.sql");
pub(super) const FORGET_MARKS: &str = include_str!("forget_marks.sql");
pub(super) const FORGET_MESSAGES: &str = include_str!("forget_messages.sql");
pub(super) const HOLDINGS: &str = include_str!("holdings.sql");
pub(super) const INTENT: &str = include_str!("intent.sql");
pub(super) const INTENTS_OF: &str = include_str!("intents_of.sql");
pub(super) const INTENTS_TOUCHED: &str = include_str!("intents_touched.sql");
pub(super) const INTENT_OPEN: &str = include_str!("intent_open.sql");
pub(super) const LEASE_DUE: &str = include_str!("lease_due.sql");
pub(super) const LEASE_MESSAGES: &str = include_str!("lease_messages.sql");
pub(super) const LIVE: &str = include_str!("live.sql");
pub(super) const MARKS: &str = include_str!("marks.sql");
pub(super) const MESSAGE: &str = include_str!("message.sql");
pub(super) const MESSAGES: &str = include_str!("messages.sql");
pub(super) const MESSAGES_GROUPED: &str = include_str!("messages_grouped.sql");
pub(super) const MESSAGES_TOUCHED: &str = include_str!("messages_touched.sql");
pub(super) const MESSAGES_TROUBLED: &str = include_str!("messages_troubled.sql");
pub(super) const MESSAGES_WAITING: &str = include_str!("messages_waiting.sql");
pub(super) const MESSAGE_COUNTS: &str = include_str!("message_counts.sql");
pub(super) const PARTITIONS: &str = include_str!("partitions.sql");
pub(super) const PARTITION_DROP: &str = include_str!("partition_drop.sql");
pub(super) const PARTITION_MAKE: &str = include_str!("partition_make.sql");
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
pub(super) const WRITE_MESSAGES: &str = include_str!("write_messages.sql");

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
        let records =
            all.split(" -- Where").next().and_then(|all| all.split(") SELECT 1 / (").next()).expect("all of it");
        let most = words(WRITE_MESSAGES);
        assert!(most.starts_with(records), "{most}");
    }

    #[test]
    fn messages_are_written_alike_whatever_comes_with_them() {
        /// From the first table of messages to the last count, without the numbers of parameters.
        fn messages(text: &str) -> String {
            let (_, tables) = text.split_once("queued AS (").expect("messages");
            let (tables, _) = tables.split_once("SELECT 1 / (").expect("counts");
            let pieces = tables.split('$').enumerate();
            pieces.map(|(place, piece)| piece.trim_start_matches(|c: char| place > 0 && c.is_ascii_digit())).collect()
        }
        assert_eq!(messages(&words(MESSAGES)), messages(&words(WRITE_MESSAGES)));
    }
}
