//! `/sms`, `/receipt`, `/missed-call` and `/payment`: what is told of messages, calls and payments.
//!
//! What is told is durable before it is acknowledged. What cannot be kept at the moment is answered 503, so that the gateway tells it again;
//! what cannot be read is acknowledged, since it would only come again as it is.

use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use tokio::time::sleep_until;

use super::Site;
use super::access::Gateway;
use super::hooks::{BODY_WITHIN, Heard, here, read_body, within};
use crate::bridge::{NoticeError, SignedNotice, Took, TurnError};
use crate::gateway::messages::{Caller, Hook, Inbound, MessageProfile, MissedCall, RawRequest, Receipt};
use crate::gateway::{DecodeError, HttpReply};
use crate::store::KeyedHash;
use crate::sync::Defect;
use crate::types::{Channel, Timestamp};

/// Longer than any gateway waits until it tells what it told once more.
const ANSWERED_WITHIN: Duration = Duration::from_mins(1);

/// Answers what a gateway tells at one of its hooks.
pub(super) async fn hook(site: &Arc<Site>, heard: Heard<'_>, profile: &Arc<MessageProfile>, hook: Hook) -> HttpReply {
    let Heard { gateway, parts, body, began, arrived } = heard;
    let meters = site.bridge.meters();
    let body = match whole(site, gateway, body, began).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let headers = headers(&parts.headers);
    let query = parts.uri.query().unwrap_or_default();
    let request = RawRequest { method: parts.method.as_str(), query, headers: &headers, body: &body };
    if profile.is_signed() {
        let address = here(parts, site.public_url.as_deref());
        if let Err(why) = profile.verify(&gateway.signing, &address, &request) {
            meters.refused(gateway.name(), "signature");
            tracing::warn!(gateway = %gateway.name(), %why, "A callback is not signed as it should be");
            return bare(403);
        }
    }
    let told = match hook {
        Hook::Sms => profile.inbound(&request).map(Told::Messages),
        Hook::Receipt => profile.receipts(&request).map(Told::Receipts),
        Hook::MissedCall => profile.missed_call(&request).map(Told::Call),
    };
    let told = match told {
        Ok(told) => told,
        Err(error) => {
            refuse_undecoded(site, gateway.name(), &error);
            return profile.acknowledge(hook);
        }
    };
    // Receipts cost little, and are told once.
    if hook != Hook::Receipt
        && let Some(refusal) = turned_away(site, gateway)
    {
        return refusal;
    }
    let callback = site.bridge.fingerprint(&[parts.method.as_str().as_bytes(), query.as_bytes(), &body]);
    let task = {
        let (site, profile) = (Arc::clone(site), Arc::clone(profile));
        async move { take(&site, &profile, told, callback, arrived).await }
    };
    match carried(site, began, task).await {
        Some(Ok(Ok(reply))) => {
            let acknowledged = profile.acknowledge(hook);
            reply.map_or(acknowledged.clone(), |text| HttpReply { body: text.into_bytes(), ..acknowledged })
        }
        Some(Ok(Err(error))) => {
            tracing::error!(gateway = %gateway.name(), %error, "What a gateway told could not be kept, it is asked to tell it again");
            bare(503)
        }
        Some(Err(_)) => {
            tracing::error!(gateway = %gateway.name(), "What a gateway told ended in a defect");
            profile.acknowledge(hook)
        }
        None => bare(503),
    }
}

/// What a gateway told.
enum Told {
    Messages(Vec<Inbound>),
    Receipts(Vec<Receipt>),
    Call(Option<MissedCall>),
}

/// Takes what was told; the reply, where the gateway sends that on to the citizen.
async fn take(
    site: &Site,
    profile: &MessageProfile,
    told: Told,
    callback: KeyedHash,
    arrived: Timestamp,
) -> Result<Option<String>, TurnError> {
    let (bridge, gateway) = (&site.bridge, profile.name.as_str());
    match told {
        Told::Receipts(receipts) => {
            bridge.outbox().receipts(gateway, receipts).await?;
            Ok(None)
        }
        Told::Messages(messages) => {
            // One reply is one message: of several, only the first has it.
            let (mut in_reply, mut answer) = (profile.answers_in_reply(), None);
            for message in messages {
                let refusal = too_many(site, &message.from).or_else(|| unanswered(site, &message));
                let took = match refusal.filter(|_| !bridge.is_stop(&message, arrived)) {
                    Some(kind) => {
                        bridge.meters().refused(gateway, kind);
                        Took { outcome: "too_many", reply: None }
                    }
                    None => bridge.message(gateway, &message, (callback, in_reply), arrived).await?,
                };
                bridge.meters().told(gateway, Channel::Sms.name(), took.outcome);
                answer = answer.or(took.reply);
                in_reply = false;
            }
            Ok(answer)
        }
        Told::Call(None) => Ok(None),
        Told::Call(Some(call)) => {
            let outcome = match too_many(site, &call.from) {
                Some(kind) => {
                    bridge.meters().refused(gateway, kind);
                    "too_many"
                }
                None => bridge.missed_call(gateway, &call, callback, arrived).await?,
            };
            bridge.meters().told(gateway, "missed_call", outcome);
            Ok(None)
        }
    }
}

/// Why this number is not listened to, where it asks too often. It is not told so: that would cost a message each time.
fn too_many(site: &Site, from: &Caller) -> Option<&'static str> {
    from.number().filter(|number| !site.rates.has_room_for_number(number)).map(|_| "rate_number")
}

/// Why this text is not answered, where its number has been answered enough for a day. The parts of a long text are one.
fn unanswered(site: &Site, message: &Inbound) -> Option<&'static str> {
    let place = message.part.as_ref().and_then(|part| part.concatenation);
    let number = message.from.number().filter(|_| place.is_none_or(|place| place.number == 1));
    number.filter(|number| !site.rates.has_room_for_text(number)).map(|_| "rate_texts")
}

/// The answer where the gateway tells more than it may, or more is under way than can be served in time: it is to tell it again, since
/// nothing of it was kept.
fn turned_away(site: &Site, gateway: &Gateway) -> Option<HttpReply> {
    let kind = if !site.rates.has_room_for_gateway(gateway.name()) {
        "rate_gateway"
    } else if !site.turns.has_room(true, site.bridge.waiting()) {
        "shed"
    } else {
        return None;
    };
    site.bridge.meters().refused(gateway.name(), kind);
    Some(bare(503))
}

/// A payment system's notice: signed, taken once, and confirmed to whoever paid.
pub(super) async fn payment(site: &Arc<Site>, heard: Heard<'_>) -> HttpReply {
    let Heard { gateway, parts, body, began, arrived } = heard;
    let meters = site.bridge.meters();
    let body = match whole(site, gateway, body, began).await {
        Ok(body) => body,
        Err(refusal) => return refusal,
    };
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let notice = SignedNotice {
        timestamp: header("x-gramsetu-timestamp"),
        signature: header("x-gramsetu-signature"),
        body: &body,
    };
    let notice = match notice.read(&gateway.payments, arrived) {
        Ok(notice) => notice,
        Err(error) => {
            meters.refused(gateway.name(), error.word());
            tracing::warn!(gateway = %gateway.name(), %error, "A notice of a payment was refused");
            // A wrong signature is told nothing; who knows the key is told what to mend.
            return match error {
                NoticeError::Signature | NoticeError::Window => bare(403),
                NoticeError::Unreadable(why) => {
                    HttpReply { status: 422, headers: plain(), body: format!("{why}\n").into_bytes() }
                }
            };
        }
    };
    if let Some(refusal) = turned_away(site, gateway) {
        return refusal;
    }
    let task = {
        let site = Arc::clone(site);
        let name = gateway.name().to_owned();
        async move { (site.bridge.payment(&notice).await, name) }
    };
    match carried(site, began, task).await {
        Some(Ok((Ok(outcome), name))) => {
            site.bridge.meters().told(&name, "payment", outcome);
            HttpReply { status: 200, headers: plain(), body: Vec::new() }
        }
        Some(Ok((Err(error), name))) => {
            tracing::error!(gateway = %name, %error, "A notice of a payment could not be kept, it is asked for again");
            bare(503)
        }
        Some(Err(_)) => {
            tracing::error!("A notice of a payment ended in a defect");
            bare(500)
        }
        None => bare(503),
    }
}

/// Carries what was told to its end; `None` where nobody waits for that any more, be it that they have gone: their connection is not held.
async fn carried<T>(
    site: &Site,
    began: Instant,
    task: impl Future<Output = T> + Send + 'static,
) -> Option<Result<T, Defect>>
where
    T: Send + 'static,
{
    within(pin!(sleep_until((began + ANSWERED_WITHIN).into())), site.turns.carry(task)).await
}

/// The body, or what is answered where it is too large, broken off or too slow.
async fn whole(site: &Site, gateway: &Gateway, body: Body, began: Instant) -> Result<Bytes, HttpReply> {
    let patience = pin!(sleep_until((began + BODY_WITHIN).into()));
    read_body(body, site.largest_body, patience).await.map_err(|kind| {
        site.bridge.meters().refused(gateway.name(), kind);
        bare(400)
    })
}

fn refuse_undecoded(site: &Site, gateway: &str, error: &DecodeError) {
    // The error names fields, never what they held.
    tracing::warn!(gateway, %error, "A callback could not be read");
    site.bridge.meters().refused(gateway, error.kind());
}

fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn plain() -> Vec<(String, String)> {
    vec![("content-type".to_owned(), "text/plain".to_owned())]
}

/// A status, and nothing that could go on to a phone as a message.
fn bare(status: u16) -> HttpReply {
    HttpReply { status, headers: plain(), body: Vec::new() }
}
