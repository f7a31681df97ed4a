//! The routes of the settings, as the outbox takes them.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::AssembleError;
use crate::gateway::messages::{Hook, MessageProfile};
use crate::outbox::RouteSettings;
use crate::settings::{Route, Settings};
use crate::source::suggest;
use crate::text::sms::{Allowed, ReferenceWidth};

/// What a gateway takes that says nothing of it.
const SEGMENTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(30).expect("it is not zero");
const AT_ONCE: u16 = 16;
const WITHIN: u16 = 10;
const RANK: u16 = 100;

/// The routes, the preferred ones first. Every one has a profile that sends, an address and its credentials.
pub(super) fn routes(settings: &Settings, profiles: &[MessageProfile]) -> Result<Vec<RouteSettings>, AssembleError> {
    let mut routes: Vec<(&String, &Route)> = settings.routes.iter().collect();
    routes.sort_by_key(|(name, route)| (route.rank.unwrap_or(RANK), *name));
    routes.into_iter().map(|(name, route)| one(settings, profiles, name, route)).collect()
}

fn one(
    settings: &Settings,
    profiles: &[MessageProfile],
    name: &str,
    route: &Route,
) -> Result<RouteSettings, AssembleError> {
    let wrong = |why: String| AssembleError::Route(name.to_owned(), why);
    let gateway = route.gateway.as_deref().unwrap_or(name);
    let sending = profiles.iter().filter(|profile| profile.sends());
    let profile = sending.clone().find(|profile| profile.name == gateway).ok_or_else(|| {
        let names = sending.clone().map(|profile| profile.name.as_str());
        wrong(format!(
            "there is no profile `{gateway}` that sends messages; {}",
            suggest::remedy(gateway, names, "name one under `gateway`")
        ))
    })?;
    if profile.needs_address() && route.url.is_none() {
        return Err(wrong(format!("give it the `url` of the gateway `{gateway}`, which is not the same everywhere")));
    }
    if let Some(missing) = profile.credentials().iter().find(|name| !route.credentials.contains_key(*name)) {
        return Err(wrong(format!("`credentials` lacks `{missing}`")));
    }
    let known = |name: &String| profile.credentials().contains(name) || profile.options().contains(name);
    if let Some(odd) = route.credentials.keys().find(|name| !known(name)) {
        let names = profile.credentials().iter().chain(profile.options()).map(String::as_str);
        return Err(wrong(format!(
            "`credentials` has `{odd}`, which the gateway does not know; {}",
            suggest::remedy(odd, names, "delete it")
        )));
    }
    let can = profile.can();
    if route.national && !can.national {
        return Err(wrong(format!(
            "`national` is set, but no request to the gateway `{gateway}` can say which national table a text is in; leave it out"
        )));
    }
    Ok(RouteSettings {
        name: name.to_owned(),
        profile: Arc::new(profile.clone()),
        url: route.url.as_ref().map(|url| url.trim_end_matches('/').to_owned()),
        credentials: route.credentials.clone(),
        receipts: receipts(settings, profile),
        sender: route.sender.clone(),
        headers: route.headers.clone(),
        free_text: route.free_text,
        allowed: Allowed {
            national: route.national,
            ucs2: route.unicode && can.ucs2,
            reference: ReferenceWidth::Eight,
        },
        substitutes: route.substitutes,
        segments_per_second: route.segments_per_second.unwrap_or(SEGMENTS_PER_SECOND),
        at_once: usize::from(route.at_once.map_or(AT_ONCE, std::num::NonZeroU16::get)),
        within: Duration::from_secs(u64::from(route.within.map_or(WITHIN, std::num::NonZeroU16::get))),
    })
}

/// Our hook for receipts, where the gateway is open and we know how it reaches us.
fn receipts(settings: &Settings, profile: &MessageProfile) -> Option<String> {
    let open = settings.gateways.get(&profile.name).filter(|_| profile.calls(Hook::Receipt))?;
    let secret = open.secrets.first()?.reveal();
    let base = settings.public_url.as_deref()?.trim_end_matches('/');
    Some(format!("{base}/hooks/{}/{secret}/receipt", profile.name))
}
