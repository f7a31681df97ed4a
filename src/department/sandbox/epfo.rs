//! The provident fund: members by their mobile number, and what they have saved.
//!
//! | last digit of the mobile number | |
//! |---|---|
//! | 0 to 5 | a member |
//! | 6 | a member who has claimed nothing |
//! | 7 | a member whose balance is registered for another number |
//! | 8 | a member whose KYC is incomplete: no balance, and `result` is `N` |
//! | 9 | nobody |

use chrono::{Datelike, NaiveDate};
use serde_json::{Value as Json, json};

use super::SandboxAnswer;
use super::grain::{Mobile, draw, rupees};
use super::question::Question;
use crate::menu::Method;

/// Universal account numbers have twelve digits and begin with 10.
const UAN_PREFIX: &str = "10";

pub(super) fn answer(question: &Question) -> SandboxAnswer {
    let found = match (question.method, question.path().as_slice()) {
        (Method::Get, ["members", "by-mobile", mobile]) => Mobile::parse(mobile).and_then(member),
        (Method::Get, ["members", uan, "balance"]) => {
            uan.strip_prefix(UAN_PREFIX).and_then(Mobile::from_scrambled).and_then(|m| balance(m, question.today))
        }
        (Method::Get, ["members", uan, "claims"]) => {
            uan.strip_prefix(UAN_PREFIX).and_then(Mobile::from_scrambled).and_then(|m| claims(m, question.today))
        }
        _ => None,
    };
    found.map_or_else(SandboxAnswer::not_found, SandboxAnswer::ok)
}

fn uan(mobile: Mobile) -> String {
    format!("{UAN_PREFIX}{}", mobile.scrambled())
}

fn name(mobile: Mobile) -> String {
    format!("MEMBER {}", 1000 + draw(&["member", &mobile.to_string()], 9000))
}

fn member(mobile: Mobile) -> Option<Json> {
    if mobile.last_digit() == 9 {
        return None;
    }
    let number = 10 + draw(&["establishment", &mobile.to_string()], 90);
    let word = if number.is_multiple_of(3) { "प्रतिष्ठान" } else { "ESTABLISHMENT" };
    Some(json!({
        "result": "Y",
        "uan": uan(mobile),
        "name": name(mobile),
        "mobile": format!("91{mobile}"),
        "establishment": format!("{word} {number}"),
        "registered_mobile": mobile.to_string(),
    }))
}

fn balance(mobile: Mobile, today: NaiveDate) -> Option<Json> {
    let registered = match mobile.last_digit() {
        9 => return None,
        8 => {
            let registered = mobile.to_string();
            return Some(json!({"result": "N", "reason": "kyc_incomplete", "registered_mobile": registered}));
        }
        7 => "9000000000".to_owned(),
        _ => mobile.to_string(),
    };
    let paise = 500_000 + draw(&["balance", &mobile.to_string()], 89_500_000);
    let half_rupees = u32::try_from(2500 + draw(&["contribution", &mobile.to_string()], 12_000)).unwrap_or_default();
    let as_on = before_its_month(today);
    let month = before_its_month(as_on);
    Some(json!({
        "result": "Y",
        "uan": uan(mobile),
        "name": name(mobile),
        "balance": rupees(paise),
        "last_contribution": {
            "amount": f64::from(half_rupees) / 2.0,
            "month": month.format("%b %Y").to_string(),
            "credited_on": as_on.with_day(12).unwrap_or(as_on).to_string(),
        },
        "as_on": as_on.to_string(),
        "registered_mobile": registered,
    }))
}

/// Up to three, the newest first.
fn claims(mobile: Mobile, today: NaiveDate) -> Option<Json> {
    const KINDS: [&str; 3] = ["Form 31", "Form 19", "Form 10C"];
    const STATES: [&str; 3] = ["Under process", "Settled", "Rejected: name differs"];
    if matches!(mobile.last_digit(), 6 | 9) {
        return None;
    }
    let mut filed_on = before_its_month(today);
    let mut claims = Vec::new();
    for at in 0..=draw(&["claims", &mobile.to_string()], 3) {
        let drawn = |what: &str, below| draw(&[what, &at.to_string(), &mobile.to_string()], below);
        let one_of = |what: &str, words: [&'static str; 3]| words[usize::try_from(drawn(what, 3)).unwrap_or(0)];
        claims.push(json!({
            "type": one_of("kind", KINDS),
            "amount": rupees(1_000_000 + drawn("amount", 9_000_000)),
            "filed_on": filed_on.to_string(),
            "status": one_of("state", STATES),
        }));
        filed_on = before_its_month(before_its_month(filed_on));
    }
    Some(json!({"result": "Y", "claims": claims}))
}

/// The last day of the month before.
fn before_its_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).and_then(|first| first.pred_opt()).unwrap_or(day)
}
