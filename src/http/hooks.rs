//! The hooks: `/hooks/{gateway}/{secret}/` and then `ussd` with what a protocol wants after it, `sms`, `receipt`, `missed-call` or
//! `payment`.
//!
//! Here it is decided who may speak, and where what is said goes. Whatever goes wrong behind the secret is answered in the protocol's own
//! shape (`ussd`, `messages`); before it, with a bare 404 that does not tell which of gateway, secret and source was wrong.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::Sleep;

use super::access::Gateway;
use super::serve::Peer;
use super::{Site, messages, ussd};
use crate::gateway::HttpReply;
use crate::gateway::messages::Hook;
use crate::text::percent;
use crate::types::Timestamp;

const HOOKS: &str = "/hooks/";

/// A callback is one small packet; who sends it drop by drop only wants to hold a connection.
pub(super) const BODY_WITHIN: Duration = Duration::from_secs(10);

/// Whether [`hook`] answers a path: also one that is no hook's, with its bare 404.
pub(super) fn is_hook(path: &str) -> bool {
    path.starts_with(HOOKS)
}

/// Where a callback goes. Its parts are told apart before they are unescaped, and by us: a router would answer a path that
/// is no UTF-8 in its own words.
struct Address<'a> {
    gateway: Cow<'a, str>,
    secret: Cow<'a, str>,
    what: What<'a>,
}

/// What is told at an address.
#[derive(Clone, Copy)]
enum What<'a> {
    /// With what follows `/ussd`, as it came; empty or from the slash on.
    Ussd(&'a str),
    Messages(Hook),
    Payment,
}

impl<'a> Address<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let (gateway, path) = path.strip_prefix(HOOKS)?.split_once('/')?;
        let (secret, path) = path.split_once('/')?;
        let what = match path {
            "sms" => What::Messages(Hook::Sms),
            "receipt" => What::Messages(Hook::Receipt),
            "missed-call" => What::Messages(Hook::MissedCall),
            "payment" => What::Payment,
            _ => What::Ussd(path.strip_prefix("ussd").filter(|rest| rest.is_empty() || rest.starts_with('/'))?),
        };
        Some(Self { gateway: percent::read(gateway, false)?, secret: percent::read(secret, false)?, what })
    }
}

/// A callback that may speak, before its body is read.
pub(super) struct Heard<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) parts: &'a Parts,
    pub(super) body: Body,
    pub(super) began: Instant,
    pub(super) arrived: Timestamp,
}

pub(super) async fn hook(site: &Arc<Site>, Peer(peer): Peer, request: Request) -> Response {
    let began = Instant::now();
    let arrived = site.bridge.clock().now();
    let (parts, body) = request.into_parts();
    let access = site.access.get();
    let source = access.source(peer, &parts.headers);
    let Some(address) = Address::of(parts.uri.path()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let gateway = match access.admit(&address.gateway, &address.secret, source) {
        Ok(gateway) => gateway,
        Err((name, kind)) => {
            site.bridge.meters().refused(name, kind);
            return StatusCode::NOT_FOUND.into_response();
        }
    };
    let heard = Heard { gateway, parts: &parts, body, began, arrived };
    let reply = match (address.what, &gateway.ussd, &gateway.messages) {
        (What::Ussd(rest), Some(profile), _) => ussd::hook(site, heard, profile, rest).await,
        (What::Messages(hook), _, Some(profile)) if profile.calls(hook) => {
            messages::hook(site, heard, profile, hook).await
        }
        (What::Payment, ..) if !gateway.payments.is_empty() => messages::payment(site, heard).await,
        // It is open, but has no such hook.
        _ => {
            site.bridge.meters().refused(gateway.name(), "hook");
            return StatusCode::NOT_FOUND.into_response();
        }
    };
    respond(reply)
}

/// The address as the gateway called it, which a protocol may want back; empty without a host. Where the settings do not say how
/// we are reached, it is the host by which we were called, and `https`, whatever the proxy before us speaks with us.
pub(super) fn here(parts: &Parts, public_url: Option<&str>) -> String {
    if let Some(url) = public_url {
        return format!("{url}{}", parts.uri.path());
    }
    let named = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = named.or_else(|| parts.uri.authority().map(axum::http::uri::Authority::as_str)).unwrap_or_default();
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-.:[]".contains(&byte);
    if host.is_empty() || !host.bytes().all(is_host) {
        return String::new();
    }
    format!("https://{host}{}", parts.uri.path())
}

pub(super) async fn read_body(body: Body, largest: usize, patience: Pin<&mut Sleep>) -> Result<Bytes, &'static str> {
    match within(patience, Limited::new(body, largest).collect()).await {
        Some(Ok(collected)) => Ok(collected.to_bytes()),
        Some(Err(error)) if error.is::<LengthLimitError>() => Err("body_too_large"),
        Some(Err(_)) => Err("body_broken"),
        None => Err("body_late"),
    }
}

/// `None` where patience ends first. One timer for a whole request, since each is an entry in a list that all threads share.
pub(super) async fn within<T>(patience: Pin<&mut Sleep>, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        done = work => Some(done),
        () = patience => None,
    }
}

fn respond(reply: HttpReply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    for (name, value) in reply.headers {
        // Checked when the profile was read; one that HTTP cannot carry is left out rather than failing the turn.
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_address_is_made_of_a_host_and_nothing_else() {
        let at = |target: &str, host: Option<&str>| {
            let request = axum::http::Request::get(target);
            let request = host.into_iter().fold(request, |request, host| request.header(HOST, host));
            here(&request.body(()).expect("a request").into_parts().0, None)
        };
        let target = "/hooks/vodacom/s/ussd?msisdn=27820000111";
        let parts =
            axum::http::Request::get(target).header(HOST, "10.0.0.7").body(()).expect("a request").into_parts().0;
        assert_eq!(here(&parts, Some("http://a.example/x")), "http://a.example/x/hooks/vodacom/s/ussd");
        assert_eq!(at(target, Some("ussd.example.in:8443")), "https://ussd.example.in:8443/hooks/vodacom/s/ussd");
        assert_eq!(at(target, Some("[2001:db8::1]")), "https://[2001:db8::1]/hooks/vodacom/s/ussd");
        assert_eq!(at("http://ussd.example.in/hooks/a", None), "https://ussd.example.in/hooks/a", "as HTTP/2 names it");
        for odd in [None, Some(""), Some("ussd.example.in/x"), Some("a@b"), Some("a\" b=\""), Some("a?b")] {
            assert_eq!(at(target, odd), "", "{odd:?}");
        }
    }
}
