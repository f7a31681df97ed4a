//! Every kind of reply of every shipped profile, and what no reply may do.

use std::fmt::Write as _;

use proptest::prelude::*;

use crate::gateway::profile::Newlines;
use crate::gateway::{Echoed, HttpReply, Profile, Reply, encode, shipped};

/// Two lines and what each syntax must escape.
const PAGE: &str = "\nPrices < Rs 10 & \"more\":\n1 Wheat\r\n2 गेहूं";

const KINDS: [(&str, Reply<'static>); 7] = [
    ("page with more to come", Reply::Page { text: PAGE, more: true }),
    ("last page", Reply::Page { text: "Booked.\nReceipt 4711", more: false }),
    ("acknowledgement", Reply::Acknowledge),
    ("status of a dialogue that lives", Reply::Status { alive: true }),
    ("status of a dialogue that is over", Reply::Status { alive: false }),
    ("refusal", Reply::Refusal { text: "Please dial again.", why: "the field `msisdn`\r\nis \"missing\"" }),
    ("page that is empty", Reply::Page { text: "", more: true }),
];

fn echo() -> Vec<Echoed> {
    vec![Echoed { word: "id".to_owned(), value: "a4f1<&\n>".to_owned(), literal: false }]
}

fn shown(reply: &HttpReply) -> String {
    let mut shown = format!("{}\n", reply.status);
    for (name, value) in &reply.headers {
        let _ = writeln!(shown, "{name}: {value}");
    }
    let _ = writeln!(shown, "{:?}", String::from_utf8_lossy(&reply.body));
    shown
}

fn all_of(profile: &Profile) -> String {
    let replies = KINDS.iter().map(|(kind, reply)| format!("--- {kind}\n{}", shown(&encode(profile, &echo(), *reply))));
    replies.collect()
}

#[test]
fn every_kind_of_reply() {
    for profile in shipped() {
        insta::assert_snapshot!(format!("replies-{}", profile.name), all_of(&profile));
    }
}

proptest! {
    /// Whatever a department's answer brings into a text: no header grows, JSON and XML stay what they are and give the
    /// text back, and nothing comes before it.
    #[test]
    fn no_text_breaks_a_reply(text in any::<String>(), id in any::<String>(), more: bool) {
        let echoed = |word: &str| Echoed { word: word.to_owned(), value: id.clone(), literal: false };
        let echo = ["id", "msisdn", "code", "answer", "here", "request"].map(echoed);
        for profile in shipped() {
            let reply = encode(&profile, &echo, Reply::Page { text: &text, more });
            prop_assert_eq!(reply.status, 200);
            for (name, value) in &reply.headers {
                prop_assert!(value.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{} {:?}", name, value);
            }
            let body = String::from_utf8(reply.body).expect("UTF-8");
            match reply.headers[0].1.split(';').next() {
                Some("application/json") => {
                    serde_json::from_str::<serde_json::Value>(&body).expect("JSON");
                }
                Some("text/xml") => {
                    prop_assert!(profile.replies.newlines == Newlines::Keep || !body.contains(['\n', '\r']));
                    let mut reader = quick_xml::Reader::from_str(&body);
                    reader.config_mut().check_end_names = true;
                    while reader.read_event().expect("XML") != quick_xml::events::Event::Eof {}
                }
                _ => prop_assert!(!body.starts_with('\n')),
            }
        }
    }
}
