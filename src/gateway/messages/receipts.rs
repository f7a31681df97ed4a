//! What became of messages.

use super::answer::{normal, word};
use super::fields::{Read, bodies, is_probe};
use super::profile::{Fate, MessageProfile, Reasons};
use super::types::{RawRequest, Receipt, ReceiptStatus};
use crate::gateway::DecodeError;

impl MessageProfile {
    /// The receipts of a request to the hook `/receipt`; none in one that only tries the address.
    pub fn receipts(&self, request: &RawRequest<'_>) -> Result<Vec<Receipt>, DecodeError> {
        let rule = self.receipts.as_ref().ok_or(DecodeError::Path)?;
        if is_probe(request) {
            return Ok(Vec::new());
        }
        let (format, bodies) = bodies(&rule.incoming, request)?;
        let receipt = |body: &[u8]| {
            let read = Read::of(&rule.incoming, request, format, body)?;
            let said = read.some("status")?.ok_or_else(|| read.missing("status"))?.trim();
            let known = rule.statuses.iter().find(|(status, _)| status.eq_ignore_ascii_case(said));
            let status = match known.map(|(_, fate)| *fate) {
                Some(Fate::Underway) => ReceiptStatus::Underway,
                Some(Fate::Delivered) => ReceiptStatus::Delivered,
                Some(Fate::Failed) => ReceiptStatus::Failed,
                None => ReceiptStatus::Unknown(word(said).unwrap_or_default()),
            };
            let reason = read.some("reason")?.and_then(|reason| match rule.reasons {
                Reasons::Word => word(reason),
                Reasons::Smpp => smpp(reason),
            });
            let wanted = matches!(status, ReceiptStatus::Failed | ReceiptStatus::Underway);
            let receipt = Receipt {
                foreign: read.id("foreign")?.map(|id| normal(&id, rule.ids)),
                id: read.id("id")?,
                reason: reason.or_else(|| word(said)).filter(|_| wanted),
                status,
            };
            if receipt.foreign.is_none() && receipt.id.is_none() {
                return Err(read.missing(if rule.incoming.names("foreign").is_empty() { "id" } else { "foreign" }));
            }
            Ok(receipt)
        };
        bodies.iter().map(|body| receipt(body)).collect()
    }
}

/// `UNDELIV/011` of `id:… stat:UNDELIV err:011 text:…` (SMPP 3.4 appendix B), `NACK/0x0000000b` of Kannel's
/// `NACK/0x0000000b/Invalid Destination Address`. What stands behind `text:` is the message.
fn smpp(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let receipt = lower.split("text:").next().unwrap_or_default();
    let value = |name: &str| {
        let (_, rest) = receipt.split_once(name)?;
        rest.split_whitespace().next().map(str::to_ascii_uppercase)
    };
    let said = match (value("stat:"), value("err:")) {
        (Some(stat), Some(err)) => format!("{stat}/{err}"),
        (Some(stat), None) => stat,
        (None, _) => text.trim().split('/').take(2).collect::<Vec<_>>().join("/"),
    };
    let is_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_');
    (said.len() <= 32 && !said.is_empty() && said.chars().all(is_code)).then_some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_smpp_receipt_only_its_codes_are_kept() {
        let receipt =
            "id:4a2 sub:001 dlvrd:000 submit date:2611031210 done date:2611031211 stat:UNDELIV err:011 text:Your PF";
        assert_eq!(smpp(receipt).as_deref(), Some("UNDELIV/011"));
        assert_eq!(smpp("stat:EXPIRED text:stat:X err:9").as_deref(), Some("EXPIRED"));
        assert_eq!(smpp("NACK/0x0000000b/Invalid Destination Address").as_deref(), Some("NACK/0x0000000b"));
        assert_eq!(smpp("ACK/").as_deref(), Some("ACK/"));
        assert_eq!(smpp("text:stat:UNDELIV"), None);
        assert_eq!(smpp("Your claim is paid"), None);
    }
}
