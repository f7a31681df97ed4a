use super::{profile, told};

fn get(query: &str) -> String {
    told(&profile("imimobile"), "GET", "", query, "")
}

#[test]
fn the_number_names_the_dialogue() {
    let query = "msisdn=919810000001&msg=2&tid=8801&dcs=15&code=JANSEVA";
    assert_eq!(get(query), "turn of 919810000001 by 919810000001: Last(\"2\")");
    assert_eq!(
        get("msisdn=9810000001&msg=&tid=8802&dcs=15&code=X"),
        "turn of 919810000001 by 919810000001: Last(\"\")"
    );
}

#[test]
fn a_hang_up_is_told_as_text() {
    let query = "msisdn=919810000001&tid=1&dcs=15&code=X&msg=";
    let abort = get(&format!("{query}Map+Dialog+User+Abort+User+Reason%3A+User+specific+reason"));
    assert_eq!(abort, "aborted of 919810000001 by 919810000001");
    assert_eq!(get(&format!("{query}%20map%20dialog%20user%20abort%20user%20reason")), abort);
    assert!(get(&format!("{query}Map+Dialog")).starts_with("turn"));
    assert!(get(&format!("{query}Map+Dialog+User+Abort+User+Reaso%E0%A4%95")).starts_with("turn"));
}

#[test]
fn without_a_number_there_is_no_dialogue() {
    assert_eq!(get("msg=1"), "missing: the field `msisdn` is missing");
    assert_eq!(get("msg=1&msisdn=unknown"), "missing: the field `msisdn` is missing");
    assert_eq!(get("msisdn=919810000001"), "missing: the field `msg` is missing");
}
