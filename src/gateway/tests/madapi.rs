use super::{acknowledged, profile, replied, told};

fn body(kind: &str, text: &str) -> String {
    format!(
        r#"{{"sessionId":"01235","messageType":{kind},"msisdn":"2348030000111","serviceCode":"321","ussdString":"{text}",
            "cellId":"62130","language":"en","imsi":"621300000000000"}}"#
    )
}

fn post(kind: &str, text: &str) -> String {
    told(&profile("madapi"), "POST", "", "", &body(kind, text))
}

const WHO: &str = "of 01235 by 2348030000111 at *321#";

#[test]
fn the_type_says_what_it_is_as_text_or_number() {
    assert_eq!(post("\"0\"", "*321*4#"), format!("first {WHO}: Dialled(\"*321*4#\")"));
    assert_eq!(post("0", ""), format!("first {WHO}: Dialled(\"*321#\")"));
    assert_eq!(post("\"1\"", "2"), format!("later {WHO}: Last(\"2\")"));
    assert_eq!(post("\"2\"", ""), "ended of 01235 by 2348030000111");
    assert_eq!(post("\"4\"", "user hung up"), "aborted of 01235 by 2348030000111");
    assert_eq!(post("5", ""), "timed_out of 01235 by 2348030000111");
    assert_eq!(post("3", "Offer"), "value: the field `messagetype` does not hold one of the protocol's words");
}

#[test]
fn both_paths_are_served() {
    let told = told(&profile("madapi"), "POST", "/messages/ussd/inbound", "", &body("1", "2"));
    assert_eq!(told, format!("later {WHO}: Last(\"2\")"));
}

#[test]
fn replies_say_whether_an_input_is_required() {
    let reply = |data: &str| {
        format!(
            r#"{{"_link":{{"self":{{"href":""}}}},"data":{data},"statusCode":"0000","statusMessage":"Success","transactionId":"01235"}}"#
        )
    };
    let data = |kind: u8, required: bool, text: &str| {
        reply(&format!(
            r#"{{"inboundResponse":"{text}","messageType":{kind},"msisdn":"2348030000111","serviceCode":"321","userInputRequired":{required}}}"#
        ))
    };
    let expected =
        [data(1, true, r#"Menu\n1. \"A&B\" | <C>"#), data(2, false, r"Thanks | 1\n2"), data(2, false, "Sorry")];
    assert_eq!(replied(&profile("madapi"), "POST", "", &body("1", "2")), expected);
    assert_eq!(acknowledged(&profile("madapi"), "POST", "", &body("5", "")), reply("{}"));
}
