//! Who is let in: gateway, secret and source; and the tests of dashboards.

use std::net::SocketAddr;

use super::hook;
use crate::server::{FORMER_SECRET, GATEWAYS, Heard, House, SECRET, get, send};

const DIALLED: &str = "?SessionID=1&MSISDN=919812345670&input=123";

async fn bare_404(hooks: SocketAddr, target: &str, headers: &[(&str, &str)]) -> Heard {
    let heard = send(hooks, "GET", target, headers, b"").await.expect("a reply");
    assert_eq!((heard.status, heard.body.len()), (404, 0), "{target} {headers:?}: {heard:?}");
    heard
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_let_in_learns_nothing() {
    let house = House::new("gateways.flares.sources = [\"192.0.2.0/24\"]\n").await;
    let server = house.start().await;
    let unknown = bare_404(server.hooks, "/nothing", &[]).await;
    let long = "x".repeat(4000);
    for target in [
        format!("/hooks/crossgate/{SECRET}/ussd{DIALLED}"),
        format!("/hooks/imimobile/wrong/ussd{DIALLED}"),
        format!("/hooks/imimobile/{}/ussd{DIALLED}", SECRET.to_uppercase()),
        format!("/hooks/imimobile/{SECRET}{FORMER_SECRET}/ussd{DIALLED}"),
        format!("/hooks/imimobile/{long}/ussd"),
        format!("/hooks/imimobile//ussd{DIALLED}"),
        format!("/hooks/%2e%2e/{SECRET}/ussd"),
        format!("/hooks/imimobile/{SECRET}"),
        format!("/hooks/imimobile/{SECRET}/ussdx"),
        format!("/hooks/imimobile/%FF/ussd{DIALLED}"),
        format!("/hooks/%FF/{SECRET}/ussd{DIALLED}"),
        format!("/hooks/flares/{SECRET}/ussd{DIALLED}"), // a network that is not the gateway's
    ] {
        let heard = bare_404(server.hooks, &target, &[]).await;
        assert_eq!(heard.undated(), unknown.undated(), "{target}");
    }
    // Nobody is trusted to say where a request comes from.
    let forwarded = [("x-forwarded-for", "192.0.2.7")];
    bare_404(server.hooks, &hook("flares", DIALLED), &forwarded).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trusted_proxy_says_where_a_callback_comes_from() {
    let settings = "gateways.flares.sources = [\"192.0.2.0/24\"]\ntrusted_proxies = [\"127.0.0.1/32\"]\n";
    let house = House::new(settings).await;
    let server = house.start().await;
    let target = hook("flares", DIALLED);
    for wrong in ["198.51.100.4", "192.0.2.7, 198.51.100.4", "192.0.2.7, nonsense", ""] {
        bare_404(server.hooks, &target, &[("x-forwarded-for", wrong)]).await;
    }
    let spoofed = [("x-forwarded-for", "192.0.2.7"), ("x-forwarded-for", "198.51.100.4")];
    bare_404(server.hooks, &target, &spoofed).await;
    for right in ["192.0.2.7", "198.51.100.4, 192.0.2.7", "192.0.2.7, 127.0.0.1"] {
        let heard = send(server.hooks, "GET", &target, &[("x-forwarded-for", right)], b"").await.expect("a reply");
        assert_eq!((heard.status, heard.header("freeflow")), (200, Some("FC")), "{right}: {heard:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_secrets_open_and_an_empty_request_is_answered() {
    let house = House::new("").await;
    let server = house.start().await;
    for secret in [SECRET, FORMER_SECRET] {
        for slash in ["", "/"] {
            let target = format!("/hooks/imimobile/{secret}/ussd{slash}?msisdn=919812345670&msg=x");
            let heard = get(server.hooks, &target).await.expect("a reply");
            assert_eq!((heard.status, heard.header("x-ussd-session")), (200, Some("1")), "{heard:?}");
        }
        for gateway in GATEWAYS {
            for method in ["GET", "POST", "HEAD"] {
                let target = format!("/hooks/{gateway}/{secret}/ussd");
                let heard = send(server.hooks, method, &target, &[], b"").await.expect("a reply");
                let text = heard.text();
                assert!(heard.status == 200 && !text.contains("Sorry"), "{gateway}: {heard:?}");
            }
        }
    }
    let page = get(server.admin, "/metrics").await.expect("metrics").text();
    assert!(!page.contains("gramsetu_refused_callbacks_total{"), "{page}");
}
