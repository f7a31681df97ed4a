use super::{profile, replied, told};

const CALLER: &str = "network_code=2541&msisdn=254711000111&service_code=*789*3%23&session_id=70381";

fn get(input: &str) -> String {
    told(&profile("crossgate"), "GET", "", &format!("{CALLER}&ussd_string={input}"), "")
}

fn history(answers: &str) -> String {
    format!("turn of 70381 by 254711000111 at *789*3#: History({answers:?})")
}

#[test]
fn the_input_is_empty_at_first_and_then_all_answers() {
    assert_eq!(get(""), history(""));
    assert_eq!(get("1"), history("1"));
    assert_eq!(get("1*A+b*2"), history("1*A b*2"));
}

#[test]
fn the_same_callback_reads_the_same() {
    assert_eq!(get("1*2"), get("1*2"));
}

#[test]
fn what_is_missing_is_named() {
    let profile = profile("crossgate");
    let get = |query: &str| told(&profile, "GET", "", query, "");
    assert_eq!(get("session_id=1&ussd_string=1"), "missing: the field `msisdn` is missing");
    assert_eq!(get("msisdn=254711000111&ussd_string=1"), "missing: the field `session_id` is missing");
    assert_eq!(get("msisdn=254711000111&session_id=1"), "missing: the field `ussd_string` is missing");
}

#[test]
fn replies_say_con_or_end() {
    let expected = ["CON Menu\n1. \"A&B\" | <C>", "END Thanks | 1\n2", "END Sorry"];
    assert_eq!(replied(&profile("crossgate"), "GET", &format!("{CALLER}&ussd_string="), ""), expected);
}
