//! `/l/{token}`: the short addresses that stand in messages.
//!
//! Whoever follows one is sent on, by the kind of phone; nothing is asked and nothing of them is kept but a count. Messengers that look at an
//! address before its owner does (`HEAD`, or by a name that says so) are sent on and not counted as visits.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderMap, LOCATION, REFERRER_POLICY, RETRY_AFTER, USER_AGENT, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;

use super::Site;
use super::serve::Peer;
use crate::bridge::{Followed, LinkToken};
use crate::menu::Device;

/// Parts of the names of programs that look at addresses for others.
const PREVIEWS: [&str; 9] =
    ["bot", "crawler", "spider", "preview", "facebookexternalhit", "whatsapp/", "slurp", "skypeuripreview", "vkshare"];

/// How many languages a page says what it says in.
const LANGUAGES: usize = 8;

pub(super) fn routes(site: &Arc<Site>) -> Router {
    Router::new().route("/l/{token}", any(follow)).with_state(Arc::clone(site))
}

async fn follow(State(site): State<Arc<Site>>, Extension(Peer(peer)): Extension<Peer>, request: Request) -> Response {
    let meters = site.bridge.meters();
    let is_look = match *request.method() {
        Method::GET => false,
        Method::HEAD => true,
        _ => return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response(),
    };
    let source = site.access.get().source(peer, request.headers());
    if !site.rates.has_room_for_source(source) {
        meters.link_refused("rate");
        return (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "1")]).into_response();
    }
    // A look-up takes a reader of the store from those who call.
    if !site.turns.has_room(true, site.bridge.waiting()) {
        meters.link_refused("shed");
        return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "10")]).into_response();
    }
    let agent = agent(request.headers());
    let device = device(&agent);
    // Taken apart here: a router would answer a path that is no UTF-8 in its own words.
    let token = request.uri().path().strip_prefix("/l/").and_then(LinkToken::read);
    let followed = match token {
        None => Ok(Followed::Unknown),
        Some(token) => site.bridge.follow(token, device).await,
    };
    match followed {
        Ok(Followed::To { name, target }) => {
            if !is_look && !is_preview(&agent) {
                meters.link(&name, device.name());
            }
            sent_on(&target)
        }
        Ok(Followed::Over) => {
            meters.link_refused("over");
            page(StatusCode::GONE, &site)
        }
        Ok(Followed::Unknown) => {
            meters.link_refused("unknown");
            page(StatusCode::NOT_FOUND, &site)
        }
        Err(error) => {
            tracing::error!(%error, "A link could not be looked up");
            (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "10")]).into_response()
        }
    }
}

/// The name that the browser gives itself, in small letters.
fn agent(headers: &HeaderMap) -> String {
    headers
        .get(USER_AGENT)
        .map(|name| String::from_utf8_lossy(name.as_bytes()).to_ascii_lowercase())
        .unwrap_or_default()
}

/// `Mozilla/5.0 (Mobile; LYF/F90M/LYF-F90M-000-02-28-130318; Android; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5` is a `JioPhone`.
fn device(agent: &str) -> Device {
    if agent.contains("kaios/") { Device::KaiOs } else { Device::Other }
}

fn is_preview(agent: &str) -> bool {
    // A maker of phones.
    let agent = agent.replace("cubot", "");
    PREVIEWS.iter().any(|name| agent.contains(name))
}

/// Nobody keeps where an address led, since it may lead elsewhere tomorrow, and nobody behind it is told where its visitor comes from.
const ALWAYS: [(HeaderName, &str); 4] = [
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (VARY, "user-agent"),
];

fn sent_on(target: &str) -> Response {
    match HeaderValue::from_str(target) {
        Ok(target) => (StatusCode::FOUND, ALWAYS, [(LOCATION, target)]).into_response(),
        // Compiling the menus excludes it.
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// A few hundred bytes that every browser shows.
fn page(status: StatusCode, site: &Site) -> Response {
    let mut body =
        "<!doctype html><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>gramsetu</title>"
            .to_owned();
    for (language, text) in site.bridge.said_of_links().into_iter().take(LANGUAGES) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        // Writing to a string cannot fail.
        let _ = write!(body, "<p lang={language}>{text}");
    }
    (status, ALWAYS, [(CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_told_apart_by_what_they_say_of_themselves() {
        let jio = "mozilla/5.0 (mobile; lyf/f90m/lyf-f90m-000-02-28-130318; android; rv:48.0) gecko/48.0 firefox/48.0 kaios/2.5";
        let android = "mozilla/5.0 (linux; android 10; k) applewebkit/537.36 (khtml, like gecko) chrome/142.0.0.0 mobile safari/537.36";
        assert_eq!((device(jio), device(android), device("")), (Device::KaiOs, Device::Other, Device::Other));
        assert!(!is_preview("mozilla/5.0 (linux; android 9; cubot x19) applewebkit/537.36"));
        assert!(!is_preview(jio) && !is_preview(android) && !is_preview(""));
        for preview in ["whatsapp/2.23.20.0", "telegrambot (like twitterbot)", "facebookexternalhit/1.1;line-poker/1.0"]
        {
            assert!(is_preview(preview), "{preview}");
        }
    }
}
