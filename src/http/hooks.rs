//! The hooks: `/hooks/{gateway}/{secret}/ussd` and what a protocol wants after it.
//!
//! Whatever goes wrong behind the secret is answered in the protocol's own shape; before it, with a bare 404 that does not
//! tell which of gateway, secret and source was wrong.

use std::borrow::Cow;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Extension, Request, State};
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::time::{Sleep, sleep_until};

use super::Site;
use super::access::Gateway;
use super::rate::TooMany;
use super::serve::Peer;
use crate::bridge::{Answered, Page};
use crate::gateway::{self, Callback, DecodeError, Echoed, HttpReply, Profile, Received, Reply, Turn};
use crate::menu::SystemText;
use crate::store::KeyedHash;
use crate::sync::Defect;
use crate::text::percent;
use crate::types::{Channel, Timestamp};

/// A callback is one small packet; who sends it drop by drop only wants to hold a connection.
const BODY_WITHIN: Duration = Duration::from_secs(10);

pub(super) fn routes(site: &Arc<Site>) -> Router {
    // Whatever has no route of its own: a hook takes its address apart itself, and knows which is none.
    Router::new().fallback(hook).with_state(Arc::clone(site))
}

/// Where a callback goes. Its parts are told apart before they are unescaped, and by us: a router would answer a path that
/// is no UTF-8 in its own words.
struct Address<'a> {
    gateway: Cow<'a, str>,
    secret: Cow<'a, str>,
    /// What follows `/ussd`, as it came; empty or from the slash on.
    rest: &'a str,
}

impl<'a> Address<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let (gateway, path) = path.strip_prefix("/hooks/")?.split_once('/')?;
        let (secret, path) = path.split_once('/')?;
        let rest = path.strip_prefix("ussd").filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
        Some(Self { gateway: percent::read(gateway, false)?, secret: percent::read(secret, false)?, rest })
    }
}

async fn hook(State(site): State<Arc<Site>>, Extension(Peer(peer)): Extension<Peer>, request: Request) -> Response {
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
    let rest = address.rest;
    let profile = Arc::clone(&gateway.profile);
    let method = parts.method.as_str();
    let query = parts.uri.query().unwrap_or_default();
    let mut patience = pin!(sleep_until((began + profile.for_reply().min(BODY_WITHIN)).into()));
    let reply = match read_body(body, site.largest_body, patience.as_mut()).await {
        Err(kind) => refuse(&site, &profile, kind, "the body is too large, broken off or too slow"),
        Ok(body) => {
            if profile.for_reply() > BODY_WITHIN {
                patience.as_mut().reset((began + profile.for_reply()).into());
            }
            let here = if profile.names_us() { here(&parts, site.public_url.as_deref()) } else { String::new() };
            let request = gateway::Request { method, rest, query, here: &here, body: &body };
            match gateway::decode(&profile, &request) {
                Err(error) => refuse_undecoded(&site, &profile, &error),
                Ok(received) => {
                    let callback =
                        site.bridge.fingerprint(&[method.as_bytes(), rest.as_bytes(), query.as_bytes(), &body]);
                    serve(&site, gateway, received, callback, (began, arrived), patience).await
                }
            }
        }
    };
    respond(reply)
}

/// The address as the gateway called it, which a protocol may want back; empty without a host. Where the settings do not say how
/// we are reached, it is the host by which we were called, and `https`, whatever the proxy before us speaks with us.
fn here(parts: &Parts, public_url: Option<&str>) -> String {
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

async fn serve(
    site: &Arc<Site>,
    gateway: &Gateway,
    received: Received,
    callback: KeyedHash,
    (began, arrived): (Instant, Timestamp),
    patience: Pin<&mut Sleep>,
) -> HttpReply {
    let profile = &gateway.profile;
    let echo = received.echo;
    if let Err(too_many) = site.rates.count(&profile.name, &received.callback) {
        return refuse_rate(site, profile, &echo, &received.callback, too_many);
    }
    match received.callback {
        Callback::Probe => gateway::encode(profile, &echo, Reply::Acknowledge),
        Callback::Status { leg } => {
            let alive = site.bridge.is_alive(profile, &leg).await;
            gateway::encode(profile, &echo, Reply::Status { alive })
        }
        Callback::Ended { leg, msisdn: _, why } => {
            let profile = Arc::clone(profile);
            let at = Arc::clone(&profile);
            // Carried: a caller that hangs up does not undo what was told.
            let bridge = Arc::clone(&site.bridge);
            let done = site.turns.carry(async move { bridge.ended(&profile, &leg, why).await }).await;
            if done.is_err() {
                tracing::error!(gateway = %at.name, "Recording the end of a dialogue ended in a defect");
            }
            gateway::encode(&at, &echo, Reply::Acknowledge)
        }
        Callback::Turn(turn) if is_shed(site, profile, &turn) => {
            let text = site.bridge.say(SystemText::Busy, Some(&turn), profile);
            site.bridge.meters().turn(&profile.name, Channel::Ussd.name(), "shed", began.elapsed());
            gateway::encode(profile, &echo, Reply::Page { text: &text, more: false })
        }
        Callback::Turn(turn) => {
            let answered = answer(site, profile, turn, callback, arrived, patience).await;
            site.bridge.meters().turn(&profile.name, Channel::Ussd.name(), answered.outcome, began.elapsed());
            let page = Reply::Page { text: &answered.page.text, more: answered.page.more };
            gateway::encode(profile, &echo, page)
        }
    }
}

/// Whether there is no room for a turn. Where only the number names a dialogue, what goes on with one is never turned away: the phone
/// would take the dialogue for over, and what is dialled next would be taken for an answer in it.
fn is_shed(site: &Site, profile: &Profile, turn: &Turn) -> bool {
    let opens = site.bridge.opens(profile, turn);
    (opens || profile.has_ids()) && !site.turns.has_room(opens, site.bridge.waiting())
}

/// One turn: it goes on to its commit when the caller hangs up, and a defect in it ends this turn alone.
#[tracing::instrument(name = "turn", level = "debug", skip_all, fields(gateway = %profile.name, outcome))]
async fn answer(
    site: &Arc<Site>,
    profile: &Arc<Profile>,
    turn: Turn,
    callback: KeyedHash,
    arrived: Timestamp,
    patience: Pin<&mut Sleep>,
) -> Answered {
    let turn = Arc::new(turn);
    let task = {
        let (site, profile, turn) = (Arc::clone(site), Arc::clone(profile), Arc::clone(&turn));
        let span = tracing::Span::current();
        let turn = async move { site.bridge.turn(&profile, &turn, callback, arrived).await };
        tracing::Instrument::instrument(turn, span)
    };
    let say = |text, outcome| {
        let text = site.bridge.say(text, Some(&turn), profile);
        Answered { page: Page { text, more: false }, outcome }
    };
    let answered = match within(patience, site.turns.carry(task)).await {
        Some(Ok(answered)) => answered,
        Some(Err(Defect)) => {
            tracing::error!(gateway = %profile.name, "A turn ended in a defect, the citizen was told sorry");
            say(SystemText::Sorry, "defect")
        }
        // The store is slow: the turn is still written, and dialling again goes on from it.
        None => say(SystemText::Busy, "late"),
    };
    tracing::Span::current().record("outcome", answered.outcome);
    answered
}

fn refuse_rate(site: &Site, profile: &Profile, echo: &[Echoed], callback: &Callback, too_many: TooMany) -> HttpReply {
    let (kind, text) = match too_many {
        TooMany::Number => ("rate_number", SystemText::TooMany),
        TooMany::Gateway => ("rate_gateway", SystemText::Busy),
    };
    site.bridge.meters().refused(&profile.name, kind);
    let turn = match callback {
        Callback::Turn(turn) => Some(turn),
        _ => None,
    };
    let text = site.bridge.say(text, turn, profile);
    gateway::encode(profile, echo, Reply::Refusal { text: &text, why: "too many requests" })
}

fn refuse_undecoded(site: &Site, profile: &Profile, error: &DecodeError) -> HttpReply {
    // The error names fields, never what they held.
    tracing::warn!(gateway = %profile.name, %error, "A callback could not be read");
    refuse(site, profile, error.kind(), &error.to_string())
}

fn refuse(site: &Site, profile: &Profile, kind: &'static str, why: &str) -> HttpReply {
    site.bridge.meters().refused(&profile.name, kind);
    let text = site.bridge.say(SystemText::Sorry, None, profile);
    gateway::encode(profile, &[], Reply::Refusal { text: &text, why })
}

async fn read_body(body: Body, largest: usize, patience: Pin<&mut Sleep>) -> Result<Bytes, &'static str> {
    match within(patience, Limited::new(body, largest).collect()).await {
        Some(Ok(collected)) => Ok(collected.to_bytes()),
        Some(Err(error)) if error.is::<LengthLimitError>() => Err("body_too_large"),
        Some(Err(_)) => Err("body_broken"),
        None => Err("body_late"),
    }
}

/// `None` where patience ends first. One timer for a whole request, since each is an entry in a list that all threads share.
async fn within<T>(patience: Pin<&mut Sleep>, work: impl Future<Output = T>) -> Option<T> {
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
