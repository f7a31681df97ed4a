//! Receipts: what a gateway tells later of a message.

use super::{Outbox, record};
use crate::gateway::messages::{Receipt, ReceiptStatus as Told};
use crate::store::{Commit, CommitError, MessageChange, ReceiptOf, ReceiptStatus, SentAs};

impl Outbox {
    /// Takes what a gateway tells of its messages. One about a message that nobody knows yet is kept: its sending may not have been written.
    pub async fn receipts(&self, gateway: &str, receipts: Vec<Receipt>) -> Result<(), CommitError> {
        let at = self.clock.now();
        let mut messages = Vec::with_capacity(receipts.len());
        for receipt in receipts {
            let (status, word) = match receipt.status {
                Told::Underway => (ReceiptStatus::Underway, "underway"),
                Told::Delivered => (ReceiptStatus::Delivered, "delivered"),
                Told::Failed => (ReceiptStatus::Failed, "failed"),
                Told::Unknown(word) => {
                    tracing::info!(gateway, word, "A receipt has a status that the profile does not know");
                    self.meters.receipt(gateway, "unknown");
                    continue;
                }
            };
            self.meters.receipt(gateway, word);
            // Our own id first: it was there before the gateway had one.
            let ours = receipt.id.as_deref().and_then(|id| id.parse::<SentAs>().ok());
            let ours = ours.map(|sent| ReceiptOf::Id(sent.id, sent.attempts));
            let theirs = receipt.foreign.map(|id| ReceiptOf::Foreign(record::foreign(&self.keyring, gateway, &id)));
            let Some(by) = ours.or(theirs) else {
                self.meters.receipt(gateway, "nobodys");
                continue;
            };
            messages.push(MessageChange::Receipt { by, status, reason: receipt.reason, at });
        }
        if messages.is_empty() {
            return Ok(());
        }
        self.store.commit(Commit { messages, ..Commit::default() }).await
    }
}
