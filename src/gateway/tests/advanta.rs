use super::{profile, replied, told};

const CALLER: &str = "SESSIONID=233001&USSDCODE=*415%23&MSISDN=254711000111";

fn get(input: &str) -> String {
    told(&profile("advanta"), "GET", "", &format!("{CALLER}&INPUT={input}"), "")
}

fn history(answers: &str) -> String {
    format!("turn of 233001 by 254711000111 at *415#: History({answers:?})")
}

#[test]
fn the_input_is_the_code_and_all_answers() {
    assert_eq!(get("*415%23"), history(""));
    assert_eq!(get("*415*1%23"), history("1"));
    assert_eq!(get("*415*1*Dan%20O%27X%23"), history("1*Dan O'X"));
    // What was typed may end in the network's own mark, of which one is the network's.
    assert_eq!(get("*415*1*5%23%23"), history("1*5#"));
}

#[test]
fn the_extension_of_a_shared_code_is_the_first_answer() {
    assert_eq!(get("*415*33%23"), history("33"));
    assert_eq!(get("*415*33*1%23"), history("33*1"));
}

#[test]
fn the_older_guide_leaves_the_code_out() {
    assert_eq!(get(""), history(""));
    assert_eq!(get("33"), history("33"));
    assert_eq!(get("33*2*Dan"), history("33*2*Dan"));
}

#[test]
fn another_code_or_none_is_refused() {
    let wrong = "value: the field `input` does not hold the service code and the answers after it";
    assert_eq!(get("*416*1%23"), wrong);
    let profile = profile("advanta");
    assert_eq!(
        told(&profile, "GET", "", "SESSIONID=1&MSISDN=254711000111&INPUT=*415%23", ""),
        "missing: the field `ussdcode` is missing"
    );
    // A number sign that is not escaped ends the query before the number.
    assert_eq!(told(&profile, "GET", "", "SESSIONID=1&USSDCODE=*415", ""), "missing: the field `msisdn` is missing");
}

#[test]
fn replies_say_con_or_end() {
    let expected = ["CON Menu\n1. \"A&B\" | <C>", "END Thanks | 1\n2", "END Sorry"];
    assert_eq!(replied(&profile("advanta"), "GET", &format!("{CALLER}&INPUT=*415%23"), ""), expected);
}
