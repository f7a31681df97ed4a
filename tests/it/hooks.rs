//! The hooks, over sockets: whatever is sent to them, the answer is one that the gateway's protocol has.

mod access;
mod crowds;
#[cfg(target_os = "linux")]
mod descriptors;
mod ends;
mod failures;
mod hostile;
mod rates;
mod repeats;
mod shipped;

use crate::server::{Heard, SECRET};

const SORRY: &str = "Sorry, this service is not working now. Please try again later.";

/// The address of a gateway's hook.
fn hook(gateway: &str, rest: &str) -> String {
    format!("/hooks/{gateway}/{SECRET}/ussd{rest}")
}

/// What a phone would show of a reply that ends the dialogue because the callback could not be served. Written from the
/// vendors' words and not with the code that encodes.
fn refused(gateway: &str, heard: &Heard) -> String {
    assert_eq!(heard.status, 200, "{gateway}: {heard:?}");
    let body = String::from_utf8(heard.body.clone()).expect("replies are UTF-8");
    let json = |body: &str| serde_json::from_str::<serde_json::Value>(body).unwrap_or_else(|_| panic!("{heard:?}"));
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    let is = |content_type: &str| assert_eq!(heard.header("content-type"), Some(content_type), "{gateway}");
    match gateway {
        "africastalking" => {
            is("text/plain");
            body.strip_prefix("END ").unwrap_or_else(|| panic!("{body}")).to_owned()
        }
        "flares" => {
            assert_eq!(heard.header("freeflow"), Some("FB"));
            body
        }
        "imimobile" => {
            assert_eq!(heard.header("x-ussd-session"), Some("0"));
            body
        }
        "hubtel" => {
            is("application/json");
            assert_eq!(json(&body)["Type"], "Release");
            text(&json(&body)["Message"])
        }
        "infobip" => {
            is("application/json");
            assert_eq!(json(&body)["shouldClose"], true);
            text(&json(&body)["ussdMenu"])
        }
        "mtech" => {
            assert!(body.starts_with("<?xml") && !body.contains("<navigation"), "{body}");
            let (_, rest) = body.split_once("<div>").expect("a page");
            rest.split_once("</div>").expect("a page").0.to_owned()
        }
        other => panic!("{other}"),
    }
}
