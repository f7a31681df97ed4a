use super::*;

fn kannel() -> MessageProfile {
    profile("kannel")
}

#[test]
fn a_message_is_a_query_whose_callback_keeps_its_escapes() {
    let request = written(&kannel(), &message("919812345670", "Your claim is 100% paid"));
    assert_eq!(
        shown(&request),
        "GET http://gateway.example:8080/cgi-bin/sendsms\n  username = <username>\n  password = <password>\n  from = EPFOHO\n  \
         to = +919812345670\n  text = Your claim is 100% paid\n  coding = 0\n  smsc = <smsc>\n  priority = 2\n  dlr-mask = 31\n  \
         dlr-url = https://bridge.example/hooks/x/s3cret/receipt?id=m-1&status=%d&foreign=%F&answer=%A\n  \
         meta-data = ?smpp?PE_ID=1101000000000000001&TEMPLATE_ID=1107000000000000002"
    );
    let undeclared = OutMessage { entity: None, ..message("919812345670", "x") };
    assert!(!shown(&written(&kannel(), &undeclared)).contains("meta-data"));
}

#[test]
fn letters_beyond_gsm_go_as_bytes_of_utf_16() {
    let request = written(&kannel(), &message("919812345670", "क1 "));
    assert!(request.url.contains("&text=%09%15%001%00%20&coding=2&"), "{}", request.url);
}

#[test]
fn answers_are_texts() {
    let told = |status, body: &str| answered(&kannel(), status, body);
    assert_eq!(told(202, "0: Accepted for delivery"), "accepted as nothing");
    assert_eq!(told(202, "3: Queued for later delivery"), "accepted as nothing");
    assert_eq!(told(503, "Temporal failure, try again later."), "refused, Later(None): Temporal failure");
    assert_eq!(told(403, "Not routable. Do not try again."), "refused, ElsewhereOnly: Not routable");
    assert_eq!(told(403, "Authorization failed for sendsms"), "refused, ElsewhereOnly: Authorization failed");
    assert_eq!(told(400, "Charset or body misformed, rejected"), "refused, Never: Charset or body");
    assert_eq!(told(400, "Something else, rejected"), "unclear: http_400");
    assert_eq!(told(503, "upstream unavailable"), "unclear: http_503");
    assert_eq!(told(500, "0: Accepted for delivery"), "unclear: 0");
}

#[test]
fn messages_come_with_the_header_of_their_part_however_it_is_spelt() {
    let with =
        |udh: &str| wrote(&kannel(), "GET", &format!("from=%2B919812345670&to=51969&text=PNR+12&id=u-1&udh={udh}"), "");
    let whole = "u-1: 919812345670 to 51969: \"PNR 12\"";
    assert_eq!(with(""), whole);
    for udh in ["050003c70201", "050003C70201", "%05%00%03%c7%02%01", "0b05040b8423f0%00"] {
        let part = if udh.starts_with("0b") { String::new() } else { " (1/2 of Eight(199))".to_owned() };
        assert_eq!(with(udh), format!("{whole}{part}"), "{udh}");
    }
    assert_eq!(with("060804c0de0302"), format!("{whole} (2/3 of Sixteen(49374))"));
    // With a shift table beside it, in any order.
    assert_eq!(with("082501060003c70202"), format!("{whole} (2/2 of Eight(199))"));
    for broken in ["050003c702", "050003c70203", "050003c70200", "050003c70101", "0500", "zz", "%ff%ff"] {
        assert_eq!(with(broken), whole, "{broken}");
    }
}

/// As smsbox 1.4.5 fills in `text=%b&coding=%c&udh=%u&at=%T`.
#[test]
fn letters_beyond_gsm_come_as_bytes() {
    let with = |rest: &str| {
        wrote(&kannel(), "GET", &format!("from=%2B919812345670&to=51969&id=62b7&at=1795348791&{rest}"), "")
    };
    let there = "62b7: 919812345670 to 51969 at 1795348791000:";
    assert_eq!(with("text=%09%15%001%D8%3D%DE%00&coding=2&udh="), format!("{there} \"क1😀\""));
    assert_eq!(with("text=EPFOHO++UAN+HIN&coding=0&udh="), format!("{there} \"EPFOHO  UAN HIN\""));
    assert_eq!(with("text=%E0%A4%95%E0%A4%96+1&coding=0&udh="), format!("{there} \"कख 1\""));
    assert_eq!(with("text=PNR+12&coding=0&udh=%05%00%03%C7%02%01"), format!("{there} \"PNR 12\" (1/2 of Eight(199))"));
    assert_eq!(with("text=%09%15%00&coding=2"), "value: the field `text` does not hold UTF-16 text");
    // Half an emoji, which the other part goes on with, or nobody.
    assert_eq!(with("text=%00B%D8%3D&coding=2"), format!("{there} \"B\u{fffd}\""));
    assert_eq!(with("text=%D8%3D&coding=2&udh=050003c70201"), format!("{there} \"\u{fffd}\" (1/2 of Eight(199))"));
    assert_eq!(with("text=%09%15%ff&coding=1"), "value: the field `text` does not hold UTF-8 text");
    assert_eq!(with("coding=2"), "missing: the field `text` is missing");
    let long = "a".repeat(4097);
    assert_eq!(with(&format!("text={long}")), "too_long: the field `text` is longer than 4096 bytes");
}

#[test]
fn receipts_tell_the_bit_and_never_the_text() {
    let with = |rest: &str| told(&kannel(), "GET", &format!("id=m-1&{rest}"), "");
    assert_eq!(with("status=1&foreign=0x004A2F&answer=id%3A1+stat%3ADELIVRD+err%3A000"), "4a2f m-1 Delivered");
    // As smsbox 1.4.5 calls it for its fake SMSC.
    assert_eq!(with("status=8&foreign=&answer=ACK%2F"), "- m-1 Underway for ACK/");
    assert_eq!(
        with("status=1&foreign=22a901f9-e2ee-44a9-b3e2-3329a4cefca8&answer="),
        "22a901f9-e2ee-44a9-b3e2-3329a4cefca8 m-1 Delivered"
    );
    assert_eq!(with("status=16&answer=NACK%2F0x0000000b%2FInvalid+Destination"), "- m-1 Failed for NACK/0x0000000b");
    assert_eq!(
        with("status=2&answer=stat%3AUNDELIV+err%3A011+text%3AYour+code+is+123456"),
        "- m-1 Failed for UNDELIV/011"
    );
    assert_eq!(with("status=0"), "- m-1 Unknown(\"0\")");
    assert_eq!(told(&kannel(), "GET", "status=1", ""), "missing: the field `foreign` is missing");
}
