use super::{profile, replied, told};

const CALLER: &str = "ussdSessionId=12345678&msisdn=27820000111&provider=Vodacom";

#[test]
fn nothing_says_which_callback_is_the_first() {
    let get = |request: &str| told(&profile("vodacom"), "GET", "", &format!("{CALLER}&request={request}"), "");
    assert_eq!(get("*120*7%23"), "turn of 12345678 by 27820000111: Last(\"*120*7#\")");
    assert_eq!(get("2"), "turn of 12345678 by 27820000111: Last(\"2\")");
    assert_eq!(get(""), "turn of 12345678 by 27820000111: Last(\"\")");
}

#[test]
fn what_is_missing_is_named() {
    let get = |query: &str| told(&profile("vodacom"), "GET", "", query, "");
    assert_eq!(get(CALLER), "missing: the field `request` is missing");
    assert_eq!(get("msisdn=27820000111&request=1"), "missing: the field `ussdsessionid` is missing");
}

/// Where there are no options, none can be taken.
#[test]
fn a_page_with_more_to_come_names_our_address() {
    let expected = [
        "<request><headertext>Menu\n1. &quot;A&amp;B&quot; | &lt;C&gt;</headertext><options><option command=\"1\" order=\"1\" \
         callback=\"https://bridge.example/hooks/x/secret/ussd\" display=\"False\"></option></options></request>",
        "<request><headertext>Thanks | 1\n2</headertext></request>",
        "<request><headertext>Sorry</headertext></request>",
    ];
    assert_eq!(replied(&profile("vodacom"), "GET", &format!("{CALLER}&request=1"), ""), expected);
}
