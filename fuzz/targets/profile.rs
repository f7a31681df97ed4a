//! An operator's own profile, above a line `=== `, and what it makes of the callback below: `=== method path`, query in the
//! first line, then body.
#![no_main]

use gramsetu::gateway::{Reply, Request, decode, encode, read_profile};
use gramsetu::source::{Files, render};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (yaml, callback) = text.split_once("\n=== ").unwrap_or((text, ""));
    let mut files = Files::default();
    let file = files.add("gateways/own.yaml", yaml);
    let profile = match read_profile(&files, file) {
        Ok(profile) => profile,
        Err(findings) => {
            assert!(!findings.is_empty());
            render(&findings, &files, false);
            return;
        }
    };
    let (first, body) = callback.split_once('\n').unwrap_or((callback, ""));
    let (query, body) = body.split_once('\n').unwrap_or((body, ""));
    let (method, rest) = first.split_once(' ').unwrap_or((first, ""));
    let request = Request { method, rest, query, here: "", body: body.as_bytes() };
    let echo = decode(&profile, &request).map(|received| received.echo).unwrap_or_default();
    for reply in [Reply::Page { text: body, more: true }, Reply::Acknowledge, Reply::Refusal { text: body, why: query }]
    {
        assert_eq!(encode(&profile, &echo, reply).status, 200);
    }
});
