//! Twilio's signature against Twilio's own library (npm `twilio`, pinned in `tests/peers/`), both ways.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use gramsetu::gateway::messages::{
    Caller, Carrier, Inbound, MessageProfile, MissedCall, RawRequest, Receipt, ReceiptStatus, Sent, Unverified,
    shipped_messages,
};
use gramsetu::text::percent;
use gramsetu::types::Secret;
use serde_json::{Value, json};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// What the library says to each question, in their order.
fn library(questions: &[Value]) -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let peers = root.join("target/peers");
    assert!(
        peers.join("node_modules/twilio/package.json").is_file(),
        "Twilio's library is not there: run ./test, or\n  mkdir -p target/peers && cp tests/peers/package*.json target/peers && \
         npm ci --prefix target/peers --ignore-scripts"
    );
    let mut node = Command::new("node")
        .arg(root.join("tests/peers/twilio.cjs"))
        .arg(&peers)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is there: ./test installs it");
    let mut input = node.stdin.take().expect("its input is ours");
    for question in questions {
        writeln!(input, "{question}").expect("node reads");
    }
    drop(input);
    let output = node.wait_with_output().expect("node ends");
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8(output.stdout).expect("it prints text");
    let said: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect("an answer")).collect();
    assert_eq!(said.len(), questions.len());
    said
}

fn twilio() -> MessageProfile {
    shipped_messages().into_iter().find(|profile| profile.name == "twilio").expect("it is shipped")
}

/// The fields of a form, as a web framework would hand them to the library.
fn fields(body: &[u8]) -> BTreeMap<String, String> {
    let body = std::str::from_utf8(body).expect("a form");
    let read = |text: &str| percent::read(text, true).expect("it is escaped").into_owned();
    let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (read(name), read(value))).collect()
}

/// Requests to each hook, as our end of Twilio sends them.
fn sent() -> Vec<Sent> {
    let carrier = Carrier::new(Arc::new(twilio()), Some(Secret::from(TOKEN)));
    let number = "919812345670".to_owned().try_into().expect("a number");
    let inbound = Inbound {
        id: Some("SM1".to_owned()),
        from: Caller::Number(number),
        to: "15005550006".to_owned(),
        text: "PNR 12+34 & ₹ नमस्ते 😀\n\"=%\"".to_owned(),
        part: None,
        at: None,
        circle: None,
    };
    let receipt = Receipt {
        foreign: Some("SM1".to_owned()),
        id: None,
        status: ReceiptStatus::Failed,
        reason: Some("30005".to_owned()),
    };
    let call = MissedCall { id: Some("CA1".to_owned()), from: Caller::Withheld, to: "919718397183".to_owned() };
    [
        carrier.inbound("https://bridge.example/hooks/twilio/s3cret/sms", &inbound),
        carrier.receipt("https://bridge.example:8443/hooks/twilio/s3cret/receipt?id=m-1&x=%C3%A9", None, &receipt),
        carrier.missed_call("http://bridge.example/hooks/twilio/s3cret/missed-call", &call),
    ]
    .into_iter()
    .flatten()
    .collect()
}

#[test]
fn the_library_believes_what_our_end_signs_and_nothing_else() {
    let mut questions = Vec::new();
    for sent in sent() {
        let signature = &sent.headers.iter().find(|(name, _)| name == "x-twilio-signature").expect("it is signed").1;
        let honest = fields(&sent.body);
        let mut other = honest.clone();
        other.insert("From".to_owned(), "+919800000000".to_owned());
        for (token, url, fields) in [
            (TOKEN, sent.url.clone(), &honest),
            (TOKEN, sent.url.clone(), &other),
            ("another", sent.url.clone(), &honest),
            (TOKEN, format!("{}x", sent.url), &honest),
        ] {
            questions
                .push(json!({"ask": "believes", "token": token, "signature": signature, "url": url, "fields": fields}));
        }
    }
    let expected = [true, false, false, false].repeat(3);
    assert_eq!(library(&questions), expected);
}

#[test]
fn what_the_library_signs_is_believed_here_with_and_without_port_and_nothing_else() {
    let (mut questions, mut requests) = (Vec::new(), Vec::new());
    let hook = "https://bridge.example/hooks/twilio/s3cret/sms";
    let with_port = hook.replace(".example/", ".example:443/");
    for (address, query) in
        [(hook, ""), (hook, "?id=m-1"), (with_port.as_str(), ""), (with_port.as_str(), "?a=b&c=%20d")]
    {
        for body in [
            "MessageSid=SM1&From=%2B919812345670&To=%2B15005550006&Body=PNR+1234567890+%26+%E0%A4%95&NumMedia=0",
            "Body=&From=%2B266696687&AccountSid=AC1&CallStatus=ringing",
        ] {
            let url = format!("{address}{query}");
            questions.push(json!({"ask": "sign", "token": TOKEN, "url": url, "fields": fields(body.as_bytes())}));
            requests.push((query.trim_start_matches('?'), body));
        }
    }
    for (signature, (query, body)) in library(&questions).into_iter().zip(requests) {
        let signature = signature.as_str().expect("a signature").to_owned();
        let headers = [
            ("X-Twilio-Signature".to_owned(), signature),
            ("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
        ];
        let verify = |keys: &[&str], query: &str, body: &str| {
            let keys: Vec<Secret> = keys.iter().map(|key| Secret::from(*key)).collect();
            twilio().verify(
                &keys,
                hook,
                &RawRequest { method: "POST", query, headers: &headers, body: body.as_bytes() },
            )
        };
        assert_eq!(verify(&["the next", TOKEN], query, body), Ok(()), "{query} {body}");
        assert_eq!(verify(&["the next"], query, body), Err(Unverified::Wrong));
        assert_eq!(verify(&[TOKEN], "id=m-2", body), Err(Unverified::Wrong));
        assert_eq!(verify(&[TOKEN], query, &format!("{body}&To=1")), Err(Unverified::Wrong));
    }
}

#[test]
fn json_is_believed_by_the_hash_in_the_address() {
    let (body, hook) = (r#"{"text":"नमस्ते"}"#, "https://bridge.example/hooks/twilio/s3cret/sms");
    let hash = library(&[json!({"ask": "hash", "body": body})]).remove(0);
    let query = format!("bodySHA256={}", hash.as_str().expect("a hash"));
    let url = format!("{hook}?{query}");
    let signature = library(&[json!({"ask": "sign", "token": TOKEN, "url": url, "fields": {}})]).remove(0);
    let believes = json!({"ask": "believesBody", "token": TOKEN, "signature": signature, "url": url, "body": body});
    assert_eq!(library(&[believes]), [true], "the library believes itself");
    let headers = [
        ("x-twilio-signature".to_owned(), signature.as_str().expect("a signature").to_owned()),
        ("content-type".to_owned(), "application/json".to_owned()),
    ];
    let verify = |body: &str| {
        let request = RawRequest { method: "POST", query: &query, headers: &headers, body: body.as_bytes() };
        twilio().verify(&[Secret::from(TOKEN)], hook, &request)
    };
    assert_eq!(verify(body), Ok(()));
    assert_eq!(verify("{}"), Err(Unverified::Body));
}
