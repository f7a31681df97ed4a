use super::{profile, replied, told};

fn body(text: &str, new: &str) -> String {
    format!(
        r#"{{"sessionId":"1324520","serviceCode":"*123*100#","phoneNumber":"250780000111","text":"{text}","response":"",
            "action":"CON","transactionId":null,"requestTime":"2026-11-21 02:10:10","newRequest":{new},"charge":"N","amount":0.5}}"#
    )
}

#[test]
fn the_text_is_the_last_answer_and_nothing_says_which_is_the_first() {
    let post = |text: &str, new: &str| told(&profile("oltranz"), "POST", "", "", &body(text, new));
    assert_eq!(post("", "1"), "turn of 1324520 by 250780000111 at *123*100#: Last(\"\")");
    assert_eq!(post("2", "0"), "turn of 1324520 by 250780000111 at *123*100#: Last(\"2\")");
    assert_eq!(post("a*b", "0"), "turn of 1324520 by 250780000111 at *123*100#: Last(\"a*b\")");
}

#[test]
fn the_callback_s_object_goes_back_with_numbers_as_numbers() {
    let object = |action: &str, response: &str| {
        format!(
            r#"{{"action":"{action}","amount":0.5,"charge":"N","newRequest":1,"phoneNumber":"250780000111","requestTime":"2026-11-21 02:10:10","response":"{response}","serviceCode":"*123*100#","sessionId":"1324520","text":"1 \"x\"","transactionId":null}}"#
        )
    };
    let expected =
        [object("CON", r#"Menu\n1. \"A&B\" | <C>"#), object("END", r"Thanks | 1\n2"), object("END", "Sorry")];
    assert_eq!(replied(&profile("oltranz"), "POST", "", &body(r#"1 \"x\""#, "1")), expected);
}

#[test]
fn the_last_answer_of_the_service_is_not_what_is_read() {
    let echoed = r#"{"sessionId":"1","phoneNumber":"250780000111","response":"2","serviceCode":"*123#"}"#;
    assert_eq!(told(&profile("oltranz"), "POST", "", "", echoed), "missing: the field `text` is missing");
}
