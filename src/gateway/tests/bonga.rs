use super::{profile, replied, told};

const CALLER: &str = "network=Safaricom&mobile_number=254711000111&service_code=*789*3%23&session_id=70381";

fn get(input: &str) -> String {
    told(&profile("bonga"), "GET", "", &format!("{CALLER}&message={input}"), "")
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
    let profile = profile("bonga");
    let get = |query: &str| told(&profile, "GET", "", query, "");
    assert_eq!(get("session_id=1&message=1"), "missing: the field `mobile_number` is missing");
    assert_eq!(get("mobile_number=254711000111&message=1"), "missing: the field `session_id` is missing");
    assert_eq!(get("mobile_number=254711000111&session_id=1"), "missing: the field `message` is missing");
}

#[test]
fn replies_say_con_or_end() {
    let expected = ["CON Menu\n1. \"A&B\" | <C>", "END Thanks | 1\n2", "END Sorry"];
    assert_eq!(replied(&profile("bonga"), "GET", &format!("{CALLER}&message="), ""), expected);
}
