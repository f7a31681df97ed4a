//! `/hooks/{gateway}/{secret}/ussd`: a turn of a dialogue, or what a gateway tells of one.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Instant;

use tokio::time::{Sleep, sleep_until};
use tracing::Instrument as _;

use super::Site;
use super::hooks::{BODY_WITHIN, Heard, here, read_body, within};
use super::rate::TooMany;
use crate::bridge::{Answered, Page};
use crate::gateway::{self, Callback, DecodeError, Echoed, HttpReply, Profile, Received, Reply, Turn};
use crate::menu::SystemText;
use crate::store::KeyedHash;
use crate::sync::Defect;
use crate::types::{Channel, Timestamp};

/// Answers a callback; `rest` is what follows `/ussd` in its path.
pub(super) async fn hook(site: &Arc<Site>, heard: Heard<'_>, profile: &Arc<Profile>, rest: &str) -> HttpReply {
    let Heard { parts, body, began, arrived, .. } = heard;
    let method = parts.method.as_str();
    let query = parts.uri.query().unwrap_or_default();
    let mut patience = pin!(sleep_until((began + profile.for_reply().min(BODY_WITHIN)).into()));
    match read_body(body, site.largest_body, patience.as_mut()).await {
        Err(kind) => refuse(site, profile, kind, "the body is too large, broken off or too slow"),
        Ok(body) => {
            if profile.for_reply() > BODY_WITHIN {
                patience.as_mut().reset((began + profile.for_reply()).into());
            }
            let here = if profile.names_us() { here(parts, site.public_url.as_deref()) } else { String::new() };
            let request = gateway::Request { method, rest, query, here: &here, body: &body };
            match gateway::decode(profile, &request) {
                Err(error) => refuse_undecoded(site, profile, &error),
                Ok(received) => {
                    let callback =
                        site.bridge.fingerprint(&[method.as_bytes(), rest.as_bytes(), query.as_bytes(), &body]);
                    serve(site, profile, received, callback, (began, arrived), patience).await
                }
            }
        }
    }
}

async fn serve(
    site: &Arc<Site>,
    profile: &Arc<Profile>,
    received: Received,
    callback: KeyedHash,
    (began, arrived): (Instant, Timestamp),
    patience: Pin<&mut Sleep>,
) -> HttpReply {
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
            // Carried: what was told is not undone where nobody waits for an answer any more.
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

/// One turn: it goes on to its commit when nobody waits for it any more, and a defect in it ends this turn alone.
async fn answer(
    site: &Arc<Site>,
    profile: &Arc<Profile>,
    turn: Turn,
    callback: KeyedHash,
    arrived: Timestamp,
    patience: Pin<&mut Sleep>,
) -> Answered {
    let turn = Arc::new(turn);
    let span = tracing::debug_span!("turn", gateway = %profile.name, outcome = tracing::field::Empty);
    let task = {
        let (site, profile, turn) = (Arc::clone(site), Arc::clone(profile), Arc::clone(&turn));
        let span = span.clone();
        async move { site.bridge.turn(&profile, &turn, callback, arrived).instrument(span).await }
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
    span.record("outcome", answered.outcome);
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
