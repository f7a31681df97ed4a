use super::{profile, replied, told};

fn body(data: &str) -> String {
    format!(
        r#"{{"network":"MTN","sessionID":"n-1","mode":"start","msisdn":"233544000111","userdata":"{data}","username":"rural","trafficid":"t9"}}"#
    )
}

#[test]
fn nothing_says_which_callback_is_the_first() {
    let post = |data: &str| told(&profile("nsano"), "POST", "", "", &body(data));
    assert_eq!(post("*718*5#"), "turn of n-1 by 233544000111: Last(\"*718*5#\")");
    assert_eq!(post("2"), "turn of n-1 by 233544000111: Last(\"2\")");
}

#[test]
fn what_is_missing_is_named() {
    let post = |body: &str| told(&profile("nsano"), "POST", "", "", body);
    assert_eq!(post(r#"{"msisdn":"233544000111","userdata":"1"}"#), "missing: the field `sessionid` is missing");
    assert_eq!(post(r#"{"sessionID":"n-1","userdata":"1"}"#), "missing: the field `msisdn` is missing");
    assert_eq!(post("sessionID=n-1"), "body: the body is not a JSON object");
}

#[test]
fn replies_are_inputs_or_prompts() {
    let expected = [
        r#"{"USSDResp":{"action":"input","menus":"","title":"Menu\n1. \"A&B\" | <C>"}}"#,
        r#"{"USSDResp":{"action":"prompt","menus":"","title":"Thanks | 1\n2"}}"#,
        r#"{"USSDResp":{"action":"prompt","menus":"","title":"Sorry"}}"#,
    ];
    assert_eq!(replied(&profile("nsano"), "POST", "", &body("1")), expected);
}
