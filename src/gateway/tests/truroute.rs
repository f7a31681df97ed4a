use super::{profile, receive, replied, told};

fn body(kind: &str, message: &str) -> String {
    format!(
        "<ussd><msisdn>265991000111</msisdn><sessionid>t-1</sessionid><type>{kind}</type><msg>{message}</msg></ussd>"
    )
}

fn post(kind: &str, message: &str) -> String {
    told(&profile("truroute"), "POST", "", "", &body(kind, message))
}

const WHO: &str = "of t-1 by 265991000111";

#[test]
fn the_first_message_is_what_was_dialled_or_a_filler() {
    assert_eq!(post("1", "*333*2#"), format!("first {WHO}: Dialled(\"*333*2#\")"));
    assert_eq!(post("1", "333"), format!("first {WHO}: Dialled(\"333\")"));
    for filler in ["0", " 0 ", ""] {
        assert_eq!(post("1", filler), format!("first {WHO}: Dialled(\"\")"), "{filler}");
    }
}

#[test]
fn the_other_types_answer_or_end() {
    assert_eq!(post("2", "0"), format!("later {WHO}: Last(\"0\")"));
    assert_eq!(post("3", ""), format!("aborted {WHO}"));
    assert_eq!(post("4", ""), format!("timed_out {WHO}"));
    assert_eq!(post("10", "no money"), format!("failed {WHO}"));
    assert_eq!(post("5", ""), "value: the field `type` does not hold one of the protocol's words");
}

#[test]
fn control_characters_and_latin_1_are_mended() {
    let latin_1: Vec<u8> =
        body("2", "caf\u{e9}\u{18}").chars().map(|c| u8::try_from(u32::from(c)).expect("latin-1")).collect();
    let received = receive(&profile("truroute"), "POST", "", "", &latin_1).expect("a turn");
    let told = format!("{:?}", received.callback);
    assert!(told.contains("Last(\"caf\u{e9}\")"), "{told}");
}

#[test]
fn replies_keep_open_or_release_and_charge_nothing() {
    let ussd = |kind: u8, text: &str| {
        format!("<ussd><type>{kind}</type><msg>{text}</msg><premium><cost>0</cost><ref>t-1</ref></premium></ussd>")
    };
    let expected = [ussd(2, "Menu\n1. &quot;A&amp;B&quot; | &lt;C&gt;"), ussd(3, "Thanks | 1\n2"), ussd(3, "Sorry")];
    assert_eq!(replied(&profile("truroute"), "POST", "", &body("2", "1")), expected);
}
