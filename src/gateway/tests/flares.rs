use super::{profile, told};
use crate::gateway::FirstInput;

fn get(query: &str) -> String {
    told(&profile("flares"), "GET", "", query, "")
}

#[test]
fn nothing_says_which_callback_is_the_first() {
    assert_eq!(profile("flares").first, FirstInput::Dialled);
    let dialled = get("MSISDN=919810000001&input=183*4&SessionID=4711&MSC=919800000000&userid=u&password=p");
    assert_eq!(dialled, "turn of 919810000001/4711 by 919810000001: Last(\"183*4\")");
    let answer = get("MSISDN=919810000001&input=****&SessionID=4711&MSC=919800000000");
    assert_eq!(answer, "turn of 919810000001/4711 by 919810000001: Last(\"****\")");
}

#[test]
fn sites_spell_the_fields_in_their_own_ways() {
    let told = "turn of 919810000001/4711 by 919810000001: Last(\"*183#\")";
    assert_eq!(get("msisdn=919810000001&INPUT=%2A183%23&SessionId=4711"), told);
    assert_eq!(get("mobileNo=9810000001&userData=%2A183%23&transId=4711"), told);
}

#[test]
fn a_clean_up_ends_the_dialogue() {
    let clean = get("SessionID=4711&msisdn=919810000001&clean=clean-session&error=522");
    assert_eq!(clean, "ended of 919810000001/4711 by 919810000001");
}

#[test]
fn one_field_in_two_spellings_must_hold_the_same() {
    let query = "MSISDN=919810000001&input=1&SessionID=4711";
    assert!(get(&format!("{query}&msisdn=919810000001")).starts_with("turn"));
    assert_eq!(
        get(&format!("{query}&mobileNo=919810000002")),
        "repeated: the field `mobileno` comes more than once with different values"
    );
}

#[test]
fn a_callback_without_id_number_or_input_is_refused() {
    assert_eq!(get("MSISDN=919810000001&input=1"), "missing: the field `sessionid` is missing");
    assert_eq!(get("SessionID=1&input=1"), "missing: the field `msisdn` is missing");
    assert_eq!(get("SessionID=1&MSISDN=919810000001"), "missing: the field `input` is missing");
    let id = "7".repeat(200);
    let told = get(&format!("SessionID={id}&MSISDN=919810000001&input=1"));
    assert_eq!(told, "too_long: the field `sessionid` is longer than 128 bytes");
}
