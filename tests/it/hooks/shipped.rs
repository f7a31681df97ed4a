//! One dialogue on every profile that comes with the program, as its aggregator would lead it.

use std::sync::Arc;

use gramsetu::gateway::{Aggregator, Doing, shipped};
use gramsetu::handset::Wire as _;
use gramsetu::phone::{self, Country, ServiceCode};

use super::hook;
use crate::phones::undated;
use crate::server::send_raw;
use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dialogue_goes_its_way_on_every_shipped_profile() {
    let stage = Stage::new().await;
    let wire = stage.wire();
    let india = Country::by_iso("IN").expect("a country");
    for (n, profile) in (0..).zip(shipped()) {
        let name = profile.name.clone();
        let msisdn = phone::parse(&format!("+9198123{n:05}"), india).expect("a number");
        let code = ServiceCode::parse("*123#").expect("a code");
        let profile = Arc::new(profile);
        let dialogue = |leg| Aggregator::new(Arc::clone(&profile), msisdn.clone(), leg, vec![code.clone()]);
        let mut first = dialogue(n + 1);
        let mut shown = String::new();
        for doing in [Doing::Dial("*123#"), Doing::Answer("8"), Doing::Answer("1"), Doing::Answer("haryana")] {
            let request = first.request(doing).expect("it can be said");
            let reply = wire.send(&name, request.clone()).await.expect("it is served");
            let (text, more) = first.read(&reply).expect("a page");
            assert!(more, "{name}: {text}");
            let again = wire.send(&name, request).await.expect("it is served");
            assert_eq!(undated(&again), undated(&reply), "the same callback once more on {name}");
            shown = text;
        }
        assert!(shown.starts_with("Your district"), "{name}: {shown}");
        if let Some(end) = first.request(Doing::HangUp) {
            assert_eq!(wire.send(&name, end).await.expect("it is served").status, 200, "{name}");
        }
        let mut second = dialogue(1000 + n);
        let request = second.request(Doing::Dial("*123#")).expect("it can be said");
        let reply = wire.send(&name, request).await.expect("it is served");
        let (text, _) = second.read(&reply).expect("a page");
        assert!(text.starts_with("You had not finished last time."), "{name}: {text}");
    }
}

/// Only Vodacom's pages have it.
#[tokio::test]
async fn a_page_names_the_address_at_which_it_was_asked_for() {
    let stage = Stage::new().await;
    let target = hook("vodacom", "?ussdSessionId=1&msisdn=27820000111&request=*123%23");
    let request = format!("GET {target} HTTP/1.1\r\nhost: ussd.example.in\r\nconnection: close\r\n\r\n");
    let heard = send_raw(stage.hooks, request.as_bytes()).await.expect("a reply");
    let body = String::from_utf8(heard.body).expect("UTF-8");
    let address = format!("callback=\"https://ussd.example.in{}\"", hook("vodacom", ""));
    assert!(body.contains(&address), "{body}");
}
