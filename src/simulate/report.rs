//! What came of a run, in words and for machines.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value as Json, json};

use super::meter::{Compared, Counted, Meter, Wrong};

/// The percentiles that are told.
const PERCENTILES: [f64; 5] = [50.0, 90.0, 99.0, 99.9, 100.0];

/// One line for a terminal, while it runs: `12 s  3,912 turns/s  p99 14.20 ms  turned away 0  errors 0  wrong pages 0`. `before` is how many
/// turns there were when the last line was written, so much time ago.
pub fn live(meter: &Meter, before: u64, ago: Duration) -> (String, u64) {
    let elapsed = meter.elapsed().as_secs();
    meter.look(|counted| {
        let turns = counted.turns();
        let rate = per_second(turns.saturating_sub(before), ago);
        let (away, errors, wrong) = (counted.turned_away(), counted.errors(), counted.wrong + counted.misspelt);
        let p99 = millis(counted.percentile(99.0));
        let line =
            format!("{elapsed} s  {rate} turns/s  p99 {p99}  turned away {away}  errors {errors}  wrong pages {wrong}");
        (line, turns)
    })
}

/// The whole account.
pub fn text(counted: &Counted, took: Duration) -> String {
    let mut out = String::new();
    let mut line = |name: &str, what: String| {
        // Writing into memory does not fail.
        let _ = writeln!(out, "{name:<9} {what}");
    };
    let (turns, rate) = (grouped(counted.turns()), per_second(counted.turns(), took));
    line(
        "turns",
        format!("{turns} of {} citizens in {:.1} s: {rate}/s", grouped(counted.citizens), took.as_secs_f64()),
    );
    let told = PERCENTILES.map(|percent| format!("{} {}", named(percent), millis(counted.percentile(percent))));
    line("latency", told.join("  "));
    if counted.never_sent > 0 {
        let never = grouped(counted.never_sent);
        line("never sent", format!("{never}, which were due before the end; they count into the latency until then"));
    }
    let compared = |how| grouped(counted.compared.get(&how).copied().unwrap_or_default());
    let but_address = match counted.compared.get(&Compared::ButAddress) {
        Some(count) => format!(" {} but for the server's address,", grouped(*count)),
        None => String::new(),
    };
    line(
        "pages",
        format!(
            "{} to the byte,{} {} but for a receipt, {} by pattern, {} by the protocol's shape",
            compared(Compared::Exactly),
            but_address,
            compared(Compared::ButReceipt),
            compared(Compared::ByPattern),
            compared(Compared::ByShape),
        ),
    );
    if !counted.faults.is_empty() {
        let faults = counted.faults.iter().map(|(fault, count)| format!("{} {}", fault.name(), grouped(*count)));
        line("faults", faults.collect::<Vec<_>>().join(", "));
    }
    if counted.calls_failed > 0 {
        line("failing", format!("{} turns in which a department failed", grouped(counted.calls_failed)));
    }
    let troubles = |turned_away: bool| {
        let these = counted.troubles.iter().filter(|(trouble, _)| trouble.is_turned_away() == turned_away);
        let told = these.map(|(trouble, count)| format!("{} {}", grouped(*count), trouble.words()));
        told.collect::<Vec<_>>().join(", ")
    };
    let away = counted.turned_away();
    if away > 0 {
        line("turned away", format!("{}: {}/s ({})", grouped(away), per_second(away, took), troubles(true)));
    }
    line("errors", or_none(troubles(false)));
    let pages = |count: u64, what: &str| {
        (count > 0).then(|| format!("{} page{}{what}", grouped(count), if count == 1 { "" } else { "s" }))
    };
    let wrong = [pages(counted.wrong, ""), pages(counted.misspelt, " in a reply that is not right to the byte")];
    line("wrong", or_none(wrong.into_iter().flatten().collect::<Vec<_>>().join(", ")));
    out
}

fn or_none(told: String) -> String {
    if told.is_empty() { "none".to_owned() } else { told }
}

/// What went wrong in full, and what to look at; empty where nothing did.
pub fn wrongs(counted: &Counted, seed: u64) -> String {
    if !counted.is_wrong() {
        return String::new();
    }
    let mut out = String::new();
    for (what, wrong) in counted
        .told
        .iter()
        .map(|wrong| ("a wrong page", wrong))
        .chain(counted.protocol.iter().map(|wrong| ("no page of the protocol", wrong)))
    {
        let Wrong { citizen, journey, expected, got } = wrong;
        let _ = write!(
            out,
            "\nCitizen {citizen} got {what}:\n  {}\n  It should be:\n{}\n  It is:\n{}\n",
            journey.join("\n  "),
            barred(expected),
            barred(got)
        );
    }
    let _ = writeln!(
        out,
        "\nThe server does not answer as its program says. Does it serve the menus that this command has? Does it remember the\n\
         citizens of this seed, from a run of the last day? Else it is a defect; --seed {seed} sends every citizen's requests again."
    );
    out
}

fn barred(text: &str) -> String {
    text.lines().map(|line| format!("    | {line}")).collect::<Vec<_>>().join("\n")
}

/// The same for machines.
pub fn json(counted: &Counted, took: Duration, seed: u64) -> Json {
    let micros = |percent| json!(u64::try_from(counted.percentile(percent).as_micros()).unwrap_or(u64::MAX));
    let latency = PERCENTILES.map(|percent| (named(percent), micros(percent)));
    let compared = |how| counted.compared.get(&how).copied().unwrap_or_default();
    let wrong = |wrong: &Wrong| {
        json!({
            "citizen": wrong.citizen,
            "journey": wrong.journey,
            "expected": wrong.expected,
            "got": wrong.got,
        })
    };
    json!({
        "seed": seed,
        "seconds": took.as_secs_f64(),
        "turns": counted.turns(),
        "never_sent": counted.never_sent,
        "citizens": counted.citizens,
        "turns_per_second": per_second_exactly(counted.turns(), took),
        "latency_us": latency.into_iter().collect::<serde_json::Map<_, _>>(),
        "pages": {
            "to_the_byte": compared(Compared::Exactly),
            "but_address": compared(Compared::ButAddress),
            "but_receipt": compared(Compared::ButReceipt),
            "by_pattern": compared(Compared::ByPattern),
            "by_shape": compared(Compared::ByShape),
        },
        "faults": counted.faults.iter().map(|(fault, count)| (fault.name().to_owned(), json!(count))).collect::<serde_json::Map<_, _>>(),
        "departments_failed": counted.calls_failed,
        "turned_away": counted.turned_away(),
        "turned_away_per_second": per_second_exactly(counted.turned_away(), took),
        "errors": counted.troubles.iter().map(|(trouble, count)| (trouble.key().to_owned(), json!(count))).collect::<serde_json::Map<_, _>>(),
        "wrong_pages": counted.wrong,
        "misspelt_replies": counted.misspelt,
        "wrong": counted.told.iter().chain(&counted.protocol).map(wrong).collect::<Vec<_>>(),
    })
}

fn named(percent: f64) -> String {
    if percent < 100.0 { format!("p{percent}") } else { "max".to_owned() }
}

#[expect(clippy::cast_precision_loss, reason = "figures are shown with few digits")]
fn per_second_exactly(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64().max(0.001)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of at least nothing")]
fn per_second(count: u64, took: Duration) -> String {
    grouped(per_second_exactly(count, took).round() as u64)
}

/// `14.20 ms`
pub fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}

/// `39,120`
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests;
