use super::*;

fn seva() -> MessageProfile {
    profile("mobileseva")
}

fn fields(text: &str, priority: Priority) -> String {
    let of = |name: &str, value: &str| (name.to_owned(), Secret::from(value));
    let credentials =
        BTreeMap::from([of("username", "DEPT-TEST"), of("password", "p@ss word"), of("secure_key", " 0f0f-key ")]);
    let facts = RouteFacts { url: None, ..route(&credentials) };
    let message = OutMessage { priority, ..message("919812345670", text) };
    shown(&seva().write(&facts, &message, "m-1").expect("a request"))
}

/// The hashes were computed with the `hashlib` module of Python.
#[test]
fn a_message_is_signed_with_two_hashes() {
    assert_eq!(
        fields("Your code is 123456. -EPFO ", Priority::Otp),
        "POST https://msdgweb.mgov.gov.in/esms/sendsmsrequestDLT\ncontent-type: application/x-www-form-urlencoded\n  \
         username = DEPT-TEST\n  password = b012a4265dfed3f6499539d9c95e877b466332ad\n  senderid = EPFOHO\n  \
         mobileno = 9812345670\n  content = Your code is 123456. -EPFO\n  smsservicetype = otpmsg\n  \
         key = 35495a8ab7ab8fcd355b912a439a372b56976e7a2b6ff55b1e1d741470470b2f37eea9db2e9e452ebf3085ecfdec713af0a9c8f2b601a919d9af9adcbd777fc7\n  \
         templateid = 1107000000000000002"
    );
}

#[test]
fn letters_beyond_gsm_go_as_numbers_and_are_hashed_so() {
    let sent = fields("नमस्ते A", Priority::Notice);
    assert!(sent.contains("\n  content = &#2344;&#2350;&#2360;&#2381;&#2340;&#2375;&#32;&#65;\n"), "{sent}");
    assert!(sent.contains("\n  smsservicetype = unicodemsg\n"), "{sent}");
    let key = "d85a52c9a9598ce5e64641819cdf3c7d34a6926d0d5a807fff37b33dae6f17159956190fe75a4d61376fbd53669ca1fc80e156cbd5afd6bf22f758c35a22284a";
    assert!(sent.contains(&format!("\n  key = {key}\n")), "{sent}");
    assert!(fields("कोड 1", Priority::Otp).contains("smsservicetype = unicodeotpmsg"));
    assert!(fields("Paid", Priority::Receipt).contains("smsservicetype = singlemsg"));
}

#[test]
fn answers_begin_with_a_code() {
    let told = |status, body: &str| answered(&seva(), status, body);
    assert_eq!(told(200, "402,MsgID = 150620161466003974245msdgsms"), "accepted as 150620161466003974245msdgsms");
    assert_eq!(told(200, "402,MsgID = 150620161466003974245msdgsms\r\n"), "accepted as 150620161466003974245msdgsms");
    assert_eq!(told(200, "402"), "accepted as nothing");
    assert_eq!(told(200, "401"), "refused, ElsewhereOnly: 401");
    assert_eq!(told(200, " 406 : Invalid or Duplicate numbers"), "refused, Never: 406");
    assert_eq!(told(200, "409"), "unclear: 409");
    assert_eq!(told(200, "407,Network Error on SMSC"), "unclear: 407");
    assert_eq!(told(200, "499"), "unclear: 499");
    assert_eq!(told(500, "402,MsgID = 1"), "unclear: 402");
}

#[test]
fn pulled_messages_have_neither_id_nor_number_and_unescaped_spaces() {
    let query = "mobileNumber=9812345670&timeStamp=2017-05-03 11:34:45&operatorName=&areaCode=&message=PDS 101";
    assert_eq!(wrote(&seva(), "GET", query, ""), "919812345670 to  at 1493791485000: \"PDS 101\"");
    let body = "mobileNumber=919812345670&timeStamp=&operatorName=&areaCode=&message=ECI+ABC1234567";
    assert_eq!(wrote(&seva(), "POST", "", body), "919812345670 to : \"ECI ABC1234567\"");
    assert!(!seva().calls(Hook::Receipt) && !seva().calls(Hook::MissedCall));
}
