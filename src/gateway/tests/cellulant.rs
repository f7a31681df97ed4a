use super::{acknowledged, profile, replied, told};

fn query(operation: &str, abort: &str, input: &str) -> String {
    format!("MSISDN=254711000111&INPUT={input}&opCode={operation}&ABORT={abort}&sessionID=77")
}

fn get(operation: &str, abort: &str, input: &str) -> String {
    told(&profile("cellulant"), "GET", "", &query(operation, abort, input), "")
}

const WHO: &str = "of 254711000111/77 by 254711000111";

#[test]
fn beg_brings_what_was_dialled() {
    assert_eq!(get("BEG", "0", "*120*1%23"), format!("first {WHO}: Dialled(\"*120*1#\")"));
    assert_eq!(get("beg", "null", "*120%23"), format!("first {WHO}: Dialled(\"*120#\")"));
}

#[test]
fn no_operation_is_an_answer() {
    assert_eq!(get("", "0", "2"), format!("later {WHO}: Last(\"2\")"));
    assert_eq!(get("null", "null", "a|b"), format!("later {WHO}: Last(\"a|b\")"));
    let without = "MSISDN=254711000111&INPUT=2&sessionID=77";
    assert_eq!(told(&profile("cellulant"), "GET", "", without, ""), format!("later {WHO}: Last(\"2\")"));
}

#[test]
fn an_abort_is_told_in_either_field() {
    assert_eq!(get("ABO", "0", ""), format!("aborted {WHO}"));
    assert_eq!(get("", "1", "2"), format!("aborted {WHO}"));
    assert_eq!(get("BEG", "timeout", "*120%23"), format!("aborted {WHO}"));
    assert_eq!(acknowledged(&profile("cellulant"), "GET", &query("ABO", "1", ""), ""), "");
}

#[test]
fn a_reply_is_one_line_of_six_parts_whatever_its_text_holds() {
    let replies = replied(&profile("cellulant"), "GET", &query("", "0", "1"), "");
    let expected = [
        "1|Menu\n1. \"A&B\" / <C>|null|null|null|null",
        "1|Thanks / 1\n2|null|null|end|null",
        "1|Sorry|null|null|end|null",
    ];
    assert_eq!(replies, expected);
}
