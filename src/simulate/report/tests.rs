use std::time::Duration;

use super::*;
use crate::simulate::faults::Fault;
use crate::simulate::meter::Trouble;

fn counted() -> Counted {
    let mut counted = Counted { citizens: 1200, served: 10_000, ..Counted::default() };
    for turn in 1..=10_000_u64 {
        counted.latencies.saturating_record(turn * 2);
    }
    counted.compared.extend([(Compared::Exactly, 9_980), (Compared::ByShape, 17)]);
    counted.faults.extend([(Fault::Twice, 100), (Fault::Cut, 1)]);
    counted
}

#[test]
fn a_run_that_went_well_is_told_in_few_lines() {
    let counted = counted();
    insta::assert_snapshot!(text(&counted, Duration::from_secs(10)), @r"
    turns     10,000 of 1,200 citizens in 10.0 s: 1,000/s
    latency   p50 10.01 ms  p90 18.02 ms  p99 19.81 ms  p99.9 19.98 ms  max 20.02 ms
    pages     9,980 to the byte, 0 but for a receipt, 0 by pattern, 17 by the protocol's shape
    faults    twice 100, cut 1
    errors    none
    wrong     none
    ");
    assert_eq!(wrongs(&counted, 7), "");
}

#[test]
fn what_went_wrong_is_told_in_full() {
    let mut counted = counted();
    counted.troubles.extend([(Trouble::Busy, 2000), (Trouble::NoReply, 3)]);
    (counted.never_sent, counted.calls_failed, counted.wrong, counted.misspelt) = (40, 4, 1, 2);
    counted.told.push(Wrong {
        citizen: 7,
        journey: vec!["dial *123# from +916000000017".to_owned(), "> 1".to_owned(), "(twice)".to_owned()],
        expected: "PF balance\n1. Mine".to_owned(),
        got: "Welcome\n1. PF balance".to_owned(),
    });
    let told = text(&counted, Duration::from_secs(10));
    insta::assert_snapshot!(format!("{told}{}", wrongs(&counted, 4417)), @r#"
    turns     10,000 of 1,200 citizens in 10.0 s: 1,000/s
    latency   p50 10.01 ms  p90 18.02 ms  p99 19.81 ms  p99.9 19.98 ms  max 20.02 ms
    never sent 40, which were due before the end; they count into the latency until then
    pages     9,980 to the byte, 0 but for a receipt, 0 by pattern, 17 by the protocol's shape
    faults    twice 100, cut 1
    failing   4 turns in which a department failed
    turned away 2,000: 200/s (2,000 "busy" pages)
    errors    3 no reply in time
    wrong     1 page, 2 pages in a reply that is not right to the byte

    Citizen 7 got a wrong page:
      dial *123# from +916000000017
      > 1
      (twice)
      It should be:
        | PF balance
        | 1. Mine
      It is:
        | Welcome
        | 1. PF balance

    The server does not answer as its program says. Does it serve the menus that this command has? Does it remember the
    citizens of this seed, from a run of the last day? Else it is a defect; --seed 4417 sends every citizen's requests again.
    "#);
}

#[test]
fn machines_read_the_same() {
    insta::assert_snapshot!(format!("{:#}", json(&counted(), Duration::from_secs(10), 7)), @r#"
    {
      "citizens": 1200,
      "departments_failed": 0,
      "errors": {},
      "faults": {
        "cut": 1,
        "twice": 100
      },
      "latency_us": {
        "max": 20015,
        "p50": 10007,
        "p90": 18015,
        "p99": 19807,
        "p99.9": 19983
      },
      "misspelt_replies": 0,
      "never_sent": 0,
      "pages": {
        "but_address": 0,
        "but_receipt": 0,
        "by_pattern": 0,
        "by_shape": 17,
        "to_the_byte": 9980
      },
      "seconds": 10.0,
      "seed": 7,
      "turned_away": 0,
      "turned_away_per_second": 0.0,
      "turns": 10000,
      "turns_per_second": 1000.0,
      "wrong": [],
      "wrong_pages": 0
    }
    "#);
}
