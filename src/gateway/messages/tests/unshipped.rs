//! Gateways that are not shipped, as an operator would write them: what the closed enums must carry.

use super::*;
use crate::gateway::{AnyProfile, read_any};
use crate::source::{Files, render};

const HEAD: &str = "speaks: messages\ngateway: test\ntitle: Test\nverified: yes\ncountry: IN\n";

fn profile(rest: &str) -> MessageProfile {
    let mut files = Files::default();
    let file = files.add("gateways/test.yaml", format!("{HEAD}{rest}"));
    read_message_profile(&files, file).unwrap_or_else(|findings| panic!("{}", render(&findings, &files, false)))
}

/// Infobip's reports: several in one request, ids in lists.
#[test]
fn several_receipts_in_one_request() {
    let infobip = profile(
        "receipts:
  format: json
  each: results
  fields: {foreign: messageId, status: status.groupName, reason: status.name}
  statuses: {DELIVERED: delivered, PENDING: underway, EXPIRED: failed, REJECTED: failed, UNDELIVERABLE: failed}\n",
    );
    let body = r#"{"results":[{"messageId":"a","status":{"groupName":"DELIVERED","name":"DELIVERED_TO_HANDSET"}},
        {"messageId":"b","status":{"groupName":"REJECTED","name":"REJECTED_DLT"}}]}"#;
    assert_eq!(told(&infobip, "POST", "", body), "a - Delivered\nb - Failed for REJECTED_DLT");
    assert_eq!(told(&infobip, "POST", "", r#"{"results":[],"messageCount":0}"#), "");
    assert_eq!(told(&infobip, "POST", "", "[1"), "body: the body is not JSON");
    let many = format!("{{\"results\":[{}0]}}", "0,".repeat(2000));
    assert_eq!(told(&infobip, "POST", "", &many), "too_long: the field `results` is longer than 1000 bytes");
}

/// Plivo's: the parts of a long message have ids of their own, and a parent.
#[test]
fn parts_of_a_message_are_its_own() {
    let plivo = profile(
        "receipts:
  format: form
  fields: {foreign: [ParentMessageUUID, MessageUUID], status: Status, reason: ErrorCode}
  statuses: {queued: underway, sent: underway, delivered: delivered, undelivered: failed, rejected: failed, failed: failed}\n",
    );
    let with = |parent: &str| told(&plivo, "POST", "", &format!("Status=delivered&MessageUUID=p2&{parent}"));
    assert_eq!(with("ParentMessageUUID=p1"), "p1 - Delivered");
    assert_eq!(with("ParentMessageUUID="), "p2 - Delivered");
    assert_eq!(with("x=y"), "p2 - Delivered");
}

/// An SMPP link: hexadecimal on one side, with zeros in front, in capitals on the other.
#[test]
fn ids_are_equal_on_both_sides() {
    let link = profile(
        "send: {as: form, url: 'https://api.example.com', path: /send, fields: {to: $to, text: $text}, numbers: digits, characters: 160, unicode: none}
answers: {as: json, id: id, statuses: {200: accepted}}
receipts: {format: query, fields: {foreign: id, status: stat}, statuses: {DELIVRD: delivered}, ids: [any_case, no_zeros]}\n",
    );
    for id in ["0x00004A2F", "4a2f", "004A2f"] {
        assert_eq!(answered(&link, 200, &format!(r#"{{"id":"{id}"}}"#)), "accepted as 4a2f");
        assert_eq!(told(&link, "GET", &format!("id={id}&stat=DELIVRD"), ""), "4a2f - Delivered");
    }
    assert_eq!(told(&link, "GET", "id=0000&stat=DELIVRD", ""), "0 - Delivered");
    let credentials = BTreeMap::new();
    let refused = link.write(&route(&credentials), &message("919812345670", "नमस्ते"), "m-1");
    assert_eq!(refused.expect_err("it has letters").to_string(), "the text has letters that the gateway cannot carry");
    assert!(!link.can().ucs2);
}

#[test]
fn the_two_kinds_are_told_apart_by_a_key() {
    let mut files = Files::default();
    let messages = files.add("gateways/a.yaml", FILES[0].1);
    let ussd = files.add("gateways/b.yaml", include_str!("../../profiles/africastalking.yaml"));
    assert!(
        matches!(read_any(&files, messages), Ok(AnyProfile::Messages(profile)) if profile.name == "africastalking")
    );
    assert!(matches!(read_any(&files, ussd), Ok(AnyProfile::Ussd(profile)) if profile.name == "africastalking"));
}
