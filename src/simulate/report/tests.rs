use std::time::Duration;

use super::*;
use crate::simulate::faults::Fault;
use crate::simulate::meter::Trouble;

fn counted() -> Counted {
    let mut counted = Counted { citizens: 1200, ..Counted::default() };
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
    insta::assert_snapshot!(text(&counted, Duration::from_secs(10)), @"");
    assert_eq!(wrongs(&counted, 7), "");
}

#[test]
fn what_went_wrong_is_told_in_full() {
    let mut counted = counted();
    counted.troubles.extend([(Trouble::Busy, 2)]);
    counted.wrong = 1;
    counted.told.push(Wrong {
        citizen: 7,
        journey: vec!["dial *123# from +916000000017".to_owned(), "> 1".to_owned(), "(twice)".to_owned()],
        expected: "PF balance\n1. Mine".to_owned(),
        got: "Welcome\n1. PF balance".to_owned(),
    });
    let told = text(&counted, Duration::from_secs(10));
    insta::assert_snapshot!(format!("{told}{}", wrongs(&counted, 4417)), @"");
}

#[test]
fn machines_read_the_same() {
    insta::assert_snapshot!(format!("{:#}", json(&counted(), Duration::from_secs(10), 7)), @"");
}
