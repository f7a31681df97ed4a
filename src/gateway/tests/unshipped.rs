//! Protocols that are not shipped, as an operator would write them: what the closed enums must carry.

use super::told;
use crate::gateway::{Profile, Reply, encode, read_profile};
use crate::source::{Files, render};

const HEAD: &str = "title: Test\nverified: yes\ncountry: KE\nlimits: {septets: 160, units: none}\n\
                    times: {budget: 5s, idle: 30s, lasts: 3m}\n";

fn profile(rest: &str) -> Profile {
    let mut files = Files::default();
    let file = files.add("gateways/test.yaml", format!("gateway: test\n{HEAD}{rest}"));
    read_profile(&files, file).unwrap_or_else(|findings| panic!("{}", render(&findings, &files, false)))
}

#[test]
fn a_history_that_begins_with_the_code() {
    let advanta = profile(
        "receives:
  format: query
  paths: {GET: turn, POST: turn}
  leg: id
  input: history_after_code
  fields: {id: SESSIONID, msisdn: MSISDN, code: USSDCODE, text: INPUT}
replies: {as: prefix, content_type: text/plain, more: 'CON ', end: 'END '}
",
    );
    let get = |input: &str| {
        told(&advanta, "GET", "", &format!("SESSIONID=s&USSDCODE=*415%23&MSISDN=254711000111&INPUT={input}"), "")
    };
    let history = |answers: &str| format!("turn of s by 254711000111 at *415#: History({answers:?})");
    assert_eq!(get("*415%23"), history(""));
    assert_eq!(get("*415*33%23"), history("33"));
    assert_eq!(get("*415*33*1%23"), history("33*1"));
    // The number sign that a URL took for a fragment is gone.
    assert_eq!(get("*415*33*1"), history("33*1"));
    let wrong = "value: the field `input` does not hold the service code and the answers after it";
    assert_eq!(get("*4155*1%23"), wrong);
    // The code may be left out.
    assert_eq!(get("1"), history("1"));
    assert_eq!(get("33*2"), history("33*2"));
    assert_eq!(get(""), history(""));
}

#[test]
fn fields_within_fields_and_values_to_give_back() {
    let beem = profile(
        r#"receives:
  format: json
  paths: {POST: turn}
  leg: id
  input: last
  fields: {id: session_id, msisdn: msisdn, text: payload.response, request: payload.request_id}
  kind:
    command: {initiate: begin, continue: answer, terminate: ended}
replies:
  as: json
  content_type: application/json
  more: '{"session_id": "$id", "command": "continue", "payload": {"request_id": "$request", "request": "$text"}}'
  end: '{"session_id": "$id", "command": "terminate", "payload": {"request_id": "$request", "request": "$text"}}'
"#,
    );
    let body =
        r#"{"msisdn":"254711000111","session_id":"s","command":"continue","payload":{"request_id":7,"response":"2"}}"#;
    assert_eq!(told(&beem, "POST", "", "", body), "later of s by 254711000111: Last(\"2\")");
    let received = super::receive(&beem, "POST", "", "", body.as_bytes()).expect("a turn");
    let reply = encode(&beem, &received.echo, Reply::Page { text: "Hi", more: true });
    insta::assert_snapshot!(
        String::from_utf8_lossy(&reply.body),
        @r#"{"command":"continue","payload":{"request":"Hi","request_id":7},"session_id":"s"}"#
    );
}

#[test]
fn a_kind_for_the_field_that_is_not_there_and_attributes() {
    let xml = profile(
        "receives:
  format: xml
  paths: {POST: turn}
  leg: msisdn
  input: last
  fields: {msisdn: 'who@msisdn', text: msg}
  kind:
    op: {BEG: begin, empty: answer, ABO: aborted}
replies:
  as: xml
  content_type: text/xml
  more: <ussd><type>2</type><msg>$text</msg></ussd>
  end: <ussd><type>3</type><msg>$text</msg></ussd>
",
    );
    let post =
        |op: &str| told(&xml, "POST", "", "", &format!("<ussd><who msisdn='+254711000111'/>{op}<msg>2</msg></ussd>"));
    assert_eq!(post("<op>beg</op>"), "first of 254711000111 by 254711000111: Last(\"2\")");
    assert_eq!(post("<op/>"), "later of 254711000111 by 254711000111: Last(\"2\")");
    assert_eq!(post(""), "later of 254711000111 by 254711000111: Last(\"2\")");
    assert_eq!(post("<op>ABO</op>"), "aborted of 254711000111 by 254711000111");
}
