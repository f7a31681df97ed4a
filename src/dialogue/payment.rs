//! A payment as a transcript tells it, and the notice that a payment system would send of it.

use std::fmt;
use std::str::FromStr;

use serde_json::json;

use crate::bridge::PaymentState;
use crate::types::{Msisdn, Timestamp};

/// What became of a bill: `paid 450.00 to UP Power for 1234567890 as CC016325BA6AAAIN11HM`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    pub state: PaymentState,
    /// In paise.
    pub amount: i64,
    pub biller: String,
    /// The consumer's number there.
    pub account: String,
    pub transaction: String,
}

const FORM: &str = "write `payment paid 450.00 to UP Power for 1234567890 as CC016325BA6AAAIN11HM`: `paid`, `failed` or `reversed`, \
                    rupees, the biller, the account there, and the transaction's id";

impl FromStr for Payment {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or(FORM)
    }
}

fn read(text: &str) -> Option<Payment> {
    let (state, rest) = text.split_once(' ')?;
    let states = [PaymentState::Paid, PaymentState::Failed, PaymentState::Reversed];
    let state = states.into_iter().find(|known| known.word() == state)?;
    let (amount, rest) = rest.split_once(" to ")?;
    let (rest, transaction) = rest.rsplit_once(" as ")?;
    let (biller, account) = rest.rsplit_once(" for ")?;
    let [biller, account, transaction] = [biller, account, transaction].map(|text| text.trim().to_owned());
    let is_whole = [&biller, &account, &transaction].iter().all(|text| !text.is_empty());
    is_whole.then_some(Payment { state, amount: paise(amount.trim())?, biller, account, transaction })
}

/// `450` or `450.00`, more than nothing.
fn paise(text: &str) -> Option<i64> {
    let (rupees, paise) = text.split_once('.').unwrap_or((text, "00"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(rupees) || !are_digits(paise) || paise.len() != 2 {
        return None;
    }
    let amount = rupees.parse::<i64>().ok()?.checked_mul(100)?.checked_add(paise.parse().ok()?)?;
    (amount > 0).then_some(amount)
}

impl fmt::Display for Payment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { state, amount, biller, account, transaction } = self;
        let (state, rupees, paise) = (state.word(), amount / 100, amount % 100);
        write!(f, "{state} {rupees}.{paise:02} to {biller} for {account} as {transaction}")
    }
}

impl Payment {
    /// The notice's body: it came about at this moment, and whose it is can be reached at this number.
    pub(super) fn notice(&self, mobile: &Msisdn, at: Timestamp) -> Vec<u8> {
        let notice = json!({
            "transaction": self.transaction,
            "state": self.state,
            "amount": self.amount,
            "biller": self.biller,
            "account": self.account,
            "mobile": mobile.digits(),
            "at": at.in_india().to_rfc3339(),
        });
        notice.to_string().into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bridge::{SignedNotice, signature};
    use crate::phone::{self, Country};
    use crate::types::Secret;

    const LINE: &str = "paid 450.00 to UP Power for 1234567890 as CC016325BA6AAAIN11HM";

    #[test]
    fn a_payment_reads_as_it_is_said() {
        let payment: Payment = LINE.parse().expect("it reads");
        assert_eq!((payment.state, payment.amount), (PaymentState::Paid, 45_000));
        assert_eq!((payment.biller.as_str(), payment.account.as_str()), ("UP Power", "1234567890"));
        assert_eq!(payment.to_string(), LINE);
        assert_eq!("paid 450 to UP Power for 1234567890 as CC016325BA6AAAIN11HM".parse(), Ok(payment));
        let biller = "failed 0.01 to Water for All as One for 7 as B1".parse::<Payment>().map(|payment| payment.biller);
        assert_eq!(biller.as_deref(), Ok("Water for All as One"));
    }

    #[test]
    fn what_is_no_payment_is_told_the_form() {
        for (from, to) in [
            ("paid", "pending"),
            ("450.00", "450.0"),
            ("450.00", "0.00"),
            ("450.00", "-5"),
            ("450.00", "99999999999999999999"),
            (" to UP Power", ""),
            ("UP Power", ""),
            (" as CC016325BA6AAAIN11HM", ""),
        ] {
            assert_eq!(LINE.replacen(from, to, 1).parse::<Payment>(), Err(FORM), "{to}");
        }
    }

    #[test]
    fn its_notice_is_believed() {
        let payment: Payment = LINE.parse().expect("it reads");
        let now = Timestamp(1_768_453_200_000);
        let mobile = phone::parse("9812345670", Country::by_iso("IN").expect("India")).expect("a number");
        let body = payment.notice(&mobile, now);
        let keys = [Secret::from("key")];
        let signature = signature(&keys[0], "1768453200", &body);
        let notice = SignedNotice { timestamp: "1768453200", signature: &signature, body: &body }.read(&keys, now);
        let notice = notice.expect("it is signed");
        assert_eq!((notice.amount, notice.mobile, notice.at), (45_000, mobile, now));
        assert_eq!(
            (notice.biller, notice.account, notice.transaction),
            (payment.biller, payment.account, payment.transaction)
        );
    }
}
