//! A payment system's notice, from its bytes: signed, of these minutes, and whole.
//!
//! `X-Gramsetu-Timestamp` holds seconds since 1970, `X-Gramsetu-Signature` the hexadecimal HMAC-SHA256 (RFC 2104, FIPS 180-4) over that text, a
//! full stop and the body as it came. Two keys may hold at once, so that they can be changed without losing a notice.

use std::time::Duration;

use chrono::DateTime;
use data_encoding::HEXLOWER_PERMISSIVE;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::phone;
use crate::types::{Msisdn, Secret, Timestamp};

/// How far a notice's time may be from ours: one that was overheard is worth nothing after it.
const WINDOW: Duration = Duration::from_mins(5);
/// The longest transaction id, in characters; Bharat Connect's have 20.
const LONGEST_TRANSACTION: usize = 40;
/// The longest name or account.
const LONGEST: usize = 200;

/// A notice as it came.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "nobody is to see one")]
pub struct SignedNotice<'a> {
    pub timestamp: &'a str,
    pub signature: &'a str,
    pub body: &'a [u8],
}

/// What became of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PaymentState {
    Failed,
    Paid,
    /// The money is given back.
    Reversed,
}

impl PaymentState {
    pub fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Paid => "paid",
            Self::Reversed => "reversed",
        }
    }
}

/// A notice that is believed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    pub transaction: String,
    pub state: PaymentState,
    /// In paise.
    pub amount: i64,
    pub biller: String,
    /// The consumer's number at the biller; only its end is ever told.
    pub account: String,
    pub mobile: Msisdn,
    /// When it was paid, failed or given back.
    pub at: Timestamp,
}

/// Shows neither whose it is nor what was paid.
impl std::fmt::Debug for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Notice").field("state", &self.state).finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    #[error("its signature is not by any of the keys")]
    Signature,
    #[error("its time is more than five minutes away from ours, or is none; look at both clocks")]
    Window,
    #[error("{0}")]
    Unreadable(String),
}

impl NoticeError {
    /// For the meters.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Window => "window",
            Self::Unreadable(_) => "notice",
        }
    }
}

/// The body's JSON. Fields that are not named here are passed over: payment systems add some.
#[derive(Deserialize)]
struct Body {
    transaction: String,
    state: PaymentState,
    amount: i64,
    biller: String,
    account: String,
    mobile: String,
    at: String,
}

impl SignedNotice<'_> {
    /// Believes it, or says why not. The signature is looked at first, so that nobody without the key learns anything else.
    pub fn read(self, keys: &[Secret], now: Timestamp) -> Result<Notice, NoticeError> {
        if !self.is_signed(keys) {
            return Err(NoticeError::Signature);
        }
        let seconds = self.timestamp.parse::<i64>().map_err(|_| NoticeError::Window)?;
        let told = Timestamp(seconds.checked_mul(1000).ok_or(NoticeError::Window)?);
        if told.since(now) > WINDOW || now.since(told) > WINDOW {
            return Err(NoticeError::Window);
        }
        let wrong = |why: &str| NoticeError::Unreadable(why.to_owned());
        let body: Body = serde_json::from_slice(self.body).map_err(|error| {
            NoticeError::Unreadable(format!("the body is not a notice: {}", without_values(&error)))
        })?;
        let is_id = |id: &str| {
            !id.is_empty() && id.len() <= LONGEST_TRANSACTION && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        if !is_id(&body.transaction) {
            return Err(wrong("`transaction` must have 1 to 40 letters and digits"));
        }
        if body.amount <= 0 {
            return Err(wrong("`amount` must be whole paise, more than none"));
        }
        if [&body.biller, &body.account].iter().any(|text| text.trim().is_empty() || text.chars().count() > LONGEST) {
            return Err(wrong("`biller` and `account` must be there, with at most 200 letters"));
        }
        let mobile = phone::parse(&body.mobile, phone::home()).map_err(|_| wrong("`mobile` is no telephone number"))?;
        let at = DateTime::parse_from_rfc3339(&body.at)
            .map_err(|_| wrong("`at` must be a time like 2026-11-22T10:15:00+05:30"))?;
        let Body { transaction, state, amount, biller, account, .. } = body;
        Ok(Notice { transaction, state, amount, biller, account, mobile, at: Timestamp(at.timestamp_millis()) })
    }

    fn is_signed(self, keys: &[Secret]) -> bool {
        let Ok(signature) = HEXLOWER_PERMISSIVE.decode(self.signature.as_bytes()) else { return false };
        // All keys in any case, so that the time does not tell which.
        let proved = keys
            .iter()
            .map(|key| mac(key, self.timestamp, self.body).is_some_and(|mac| mac.verify_slice(&signature).is_ok()));
        proved.fold(false, |any, one| any | one)
    }
}

/// The signature of a notice, as a payment system makes it.
pub fn signature(key: &Secret, timestamp: &str, body: &[u8]) -> String {
    mac(key, timestamp, body).map(|mac| HEXLOWER_PERMISSIVE.encode(&mac.finalize().into_bytes())).unwrap_or_default()
}

fn mac(key: &Secret, timestamp: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.reveal().as_bytes()).ok()?;
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac)
}

/// Where JSON is wrong, without what stands there: that may be somebody's account.
fn without_values(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Data => {
            format!("a field is missing or of another kind, at line {}, column {}", error.line(), error.column())
        }
        _ => format!("it is no JSON at line {}, column {}", error.line(), error.column()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &str = r#"{"transaction": "CC016325BA6AAAIN11HM", "state": "paid", "amount": 45000, "biller": "UP Power",
        "account": "1234567890", "mobile": "9812345670", "at": "2026-11-22T10:15:00+05:30", "mode": "UPI"}"#;
    const NOW: Timestamp = Timestamp(1_795_323_000_000);

    fn keys() -> [Secret; 2] {
        ["new-key".into(), "old-key".into()]
    }

    fn read(body: &str, key: &Secret, at: Timestamp) -> Result<Notice, NoticeError> {
        let timestamp = (at.0 / 1000).to_string();
        let signature = signature(key, &timestamp, body.as_bytes());
        SignedNotice { timestamp: &timestamp, signature: &signature, body: body.as_bytes() }.read(&keys(), NOW)
    }

    #[test]
    fn a_notice_by_either_key_is_believed() {
        for key in &keys() {
            let notice = read(BODY, key, NOW).expect("it is signed");
            assert_eq!(
                (notice.state, notice.amount, notice.mobile.digits()),
                (PaymentState::Paid, 45_000, "919812345670")
            );
            assert_eq!(notice.at.in_india().to_rfc3339(), "2026-11-22T10:15:00+05:30");
        }
    }

    #[test]
    fn who_does_not_know_the_key_learns_nothing() {
        let stranger = Secret::from("other");
        assert_eq!(read(BODY, &stranger, NOW), Err(NoticeError::Signature));
        assert_eq!(read("{", &stranger, NOW), Err(NoticeError::Signature));
        assert_eq!(read(BODY, &stranger, Timestamp(0)), Err(NoticeError::Signature));
        let unsigned = SignedNotice { timestamp: "1795323000", signature: "", body: BODY.as_bytes() };
        assert_eq!(unsigned.read(&keys(), NOW), Err(NoticeError::Signature));
        assert_eq!(unsigned.read(&[], NOW), Err(NoticeError::Signature));
    }

    #[test]
    fn a_notice_of_another_hour_is_refused() {
        let key = &keys()[0];
        let minutes = |minutes: i64| Timestamp(NOW.0 + minutes * 60_000);
        for near in [-5, 0, 5] {
            assert!(read(BODY, key, minutes(near)).is_ok(), "{near}");
        }
        for far in [-6, 6, 60] {
            assert_eq!(read(BODY, key, minutes(far)), Err(NoticeError::Window), "{far}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_notice_is_named_without_what_it_holds() {
        for (from, to, says) in [
            ("CC016325BA6AAAIN11HM", "", "transaction"),
            ("CC016325BA6AAAIN11HM", "CC 01", "transaction"),
            ("45000", "0", "amount"),
            ("45000", "\"450.00\"", "of another kind"),
            ("\"paid\"", "\"pending\"", "of another kind"),
            ("UP Power", " ", "biller"),
            ("9812345670\", \"at", "12\", \"at", "mobile"),
            ("2026-11-22T10:15:00+05:30", "today", "`at`"),
            ("{", "[", "no JSON"),
        ] {
            let spoilt = BODY.replacen(from, to, 1);
            let Err(NoticeError::Unreadable(told)) = read(&spoilt, &keys()[0], NOW) else { panic!("{spoilt}") };
            assert!(told.contains(says) && !told.contains("1234567890"), "{told}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body: Vec<u8>, timestamp: String, signature in "[0-9a-fA-F]{0,70}", sign: bool) {
            let made = super::signature(&keys()[1], &timestamp, &body);
            let signature = if sign { &made } else { &signature };
            let notice = SignedNotice { timestamp: &timestamp, signature, body: &body };
            prop_assert!(notice.read(&keys(), NOW).is_err());
        }
    }
}
