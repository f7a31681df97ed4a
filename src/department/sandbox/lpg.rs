//! Cooking gas: consumers by their mobile number, and refills that they book.
//!
//! | last digit of the mobile number | |
//! |---|---|
//! | 0 to 7 | a consumer without an open booking (1: who never booked) |
//! | 8 | a consumer who booked yesterday |
//! | 9 | nobody |
//!
//! A booking is open until the day on which it is expected. Under one idempotency key there is never more than one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde_json::{Value as Json, json};

use super::SandboxAnswer;
use super::grain::{Mobile, draw, rupees};
use super::question::Question;
use crate::menu::Method;

/// Consumer ids have seventeen digits; these are the first seven of all of ours.
const CONSUMER_PREFIX: &str = "7500000";
const DELIVERY_DAYS: u64 = 3;
/// The most bookings of one answer.
const MOST_ROWS: usize = 10;

/// All that was ever booked.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// By consumer.
    accounts: BTreeMap<String, Account>,
    by_key: BTreeMap<String, Booking>,
}

#[derive(Clone, Debug)]
struct Booking {
    id: String,
    consumer: String,
    booked_on: NaiveDate,
}

/// What arrived for one consumer, and what was booked. Oldest first.
#[derive(Debug, Default)]
struct Account {
    bookings: Vec<Booking>,
    posts: u64,
    keys: BTreeSet<String>,
}

/// What was booked for one consumer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Booked {
    /// Bookings made.
    pub bookings: u64,
    /// Requests to book, those included that made none.
    pub posts: u64,
    /// Different idempotency keys among them.
    pub keys: u64,
}

impl Booking {
    fn expected_on(&self) -> NaiveDate {
        self.booked_on.checked_add_days(Days::new(DELIVERY_DAYS)).unwrap_or(self.booked_on)
    }

    fn is_open(&self, today: NaiveDate) -> bool {
        today < self.expected_on()
    }

    fn answer(&self, status: u16) -> SandboxAnswer {
        let json = json!({
            "booking": self.id,
            "consumer": self.consumer,
            "status": "booked",
            "amount": price(&self.consumer),
            "expected_on": self.expected_on().to_string(),
        });
        SandboxAnswer { status, json }
    }

    fn row(&self, today: NaiveDate) -> Json {
        json!({
            "booking": self.id,
            "status": if self.is_open(today) { "open" } else { "delivered" },
            "booked_on": self.booked_on.to_string(),
            "expected_on": self.expected_on().to_string(),
            "amount": price(&self.consumer),
        })
    }
}

impl Ledger {
    pub(super) fn answer(&mut self, question: &Question) -> SandboxAnswer {
        match (question.method, question.path().as_slice()) {
            (Method::Get, ["consumers", "by-mobile", mobile]) => {
                Mobile::parse(mobile).map_or_else(SandboxAnswer::not_found, |m| self.consumer(m, question.today))
            }
            (Method::Post, ["bookings"]) => self.book(question),
            (Method::Get, ["bookings"]) => self.bookings(question),
            (Method::Get, ["bookings", "by-key", key]) => match self.by_key.get(*key) {
                Some(booking) => booking.answer(200),
                None => SandboxAnswer::not_found(),
            },
            _ => SandboxAnswer::not_found(),
        }
    }

    pub(super) fn booked(&self) -> BTreeMap<String, Booked> {
        let count = |account: &Account| Booked {
            bookings: account.bookings.len() as u64,
            posts: account.posts,
            keys: account.keys.len() as u64,
        };
        self.accounts.iter().map(|(consumer, account)| (consumer.clone(), count(account))).collect()
    }

    fn consumer(&self, mobile: Mobile, today: NaiveDate) -> SandboxAnswer {
        if mobile.last_digit() == 9 {
            return SandboxAnswer::not_found();
        }
        let id = format!("{CONSUMER_PREFIX}{}", mobile.scrambled());
        let agency = 10 + draw(&["agency", &id], 90);
        let word = if agency.is_multiple_of(3) { "गैस एजेंसी" } else { "GAS AGENCY" };
        let history = self.history(&id, mobile, today);
        let long_ago = || {
            let days = Days::new(30 + draw(&["last booking", &id], 60));
            today.checked_sub_days(days).filter(|_| mobile.last_digit() != 1)
        };
        let last = history.first().map(|booking| booking.booked_on).or_else(long_ago);
        SandboxAnswer::ok(json!({
            "consumer": id,
            "name": format!("CONSUMER {}", 1000 + draw(&["consumer", &id], 9000)),
            "distributor": format!("{word} {agency}"),
            "registered_mobile": format!("+91{mobile}"),
            "open_booking": history.iter().any(|booking| booking.is_open(today)),
            "last_booking": last.map(|day| day.to_string()),
            "price": price(&id),
        }))
    }

    fn book(&mut self, question: &Question) -> SandboxAnswer {
        let consumer = question.body.get("consumer").and_then(Json::as_str).unwrap_or("");
        let Some(mobile) = known(consumer) else { return SandboxAnswer::not_found() };
        let account = self.accounts.entry(consumer.to_owned()).or_default();
        account.posts += 1;
        let Some(key) = &question.idempotency_key else { return SandboxAnswer::error(400, "no_key") };
        account.keys.insert(key.clone());
        if let Some(booking) = self.by_key.get(key) {
            let same = booking.consumer == consumer;
            return if same { booking.answer(201) } else { SandboxAnswer::error(422, "key_reused") };
        }
        let history = self.history(consumer, mobile, question.today);
        if let Some(open) = history.iter().find(|booking| booking.is_open(question.today)) {
            return SandboxAnswer { status: 409, json: json!({"error": "already_booked", "booking": open.id}) };
        }
        let booking = Booking {
            id: id(consumer, &history.len().to_string()),
            consumer: consumer.to_owned(),
            booked_on: question.today,
        };
        let answer = booking.answer(201);
        self.by_key.insert(key.clone(), booking.clone());
        self.accounts.entry(consumer.to_owned()).or_default().bookings.push(booking);
        answer
    }

    fn bookings(&self, question: &Question) -> SandboxAnswer {
        let consumer = question.query("consumer").unwrap_or("");
        let Some(mobile) = known(consumer) else { return SandboxAnswer::not_found() };
        let history = self.history(consumer, mobile, question.today);
        let rows: Vec<_> = history.iter().take(MOST_ROWS).map(|booking| booking.row(question.today)).collect();
        SandboxAnswer::ok(json!({"consumer": consumer, "bookings": rows}))
    }

    /// Newest first, with the booking of yesterday that some consumers come with.
    fn history(&self, consumer: &str, mobile: Mobile, today: NaiveDate) -> Vec<Booking> {
        let made = self.accounts.get(consumer).into_iter().flat_map(|account| account.bookings.iter().rev().cloned());
        let yesterday = today.pred_opt().filter(|_| mobile.last_digit() == 8).map(|booked_on| Booking {
            id: id(consumer, "yesterday"),
            consumer: consumer.to_owned(),
            booked_on,
        });
        made.chain(yesterday).collect()
    }
}

/// The mobile number behind a consumer's id, if there is such a consumer.
fn known(consumer: &str) -> Option<Mobile> {
    let mobile = consumer.strip_prefix(CONSUMER_PREFIX).and_then(Mobile::from_scrambled)?;
    (mobile.last_digit() != 9).then_some(mobile)
}

fn id(consumer: &str, which: &str) -> String {
    format!("BK{:08X}", draw(&["booking", consumer, which], 1 << 32))
}

fn price(consumer: &str) -> String {
    rupees(80_300 + 2475 * draw(&["price", consumer], 5))
}
