//! The house of a running server, from settings and menus.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::ambient::{SystemChance, SystemClock};
use crate::bridge::KeysError;
use crate::department::envelope::{self, UnfitError};
use crate::department::{Address, Envelope, Http, Policies, Policy, TransportError};
use crate::gateway::Profile;
use crate::house::Plan;
use crate::house::load::Loaded;
use crate::http::{Bounds, Gateway, GatewayError, Rate, Rates, Site};
use crate::menu::Program;
use crate::meters::Meters;
use crate::settings::{self, Settings};
use crate::source::suggest;
use crate::store::seal::{KeyError, Keyring};
use crate::store::{self, Database, DatabaseError, StoreError};
use crate::types::Clock;

#[derive(Debug, thiserror::Error)]
pub(super) enum AssembleError {
    #[error("the settings have no `[keys]`; draw two with `openssl rand -base64 32` and keep them safe")]
    NoKeys,
    #[error("the keys of the settings do not fit: {0}")]
    Keys(#[from] KeyError),
    #[error("no gateway is open; name at least one under `[gateways.…]` with its secrets")]
    NoGateway,
    #[error("there is no profile for the gateway `{0}`; {1}")]
    UnknownGateway(String, String),
    #[error("`public_url` is `{0}`; write how gateways reach us from outside, like `https://ussd.example.gov.in`")]
    PublicUrl(String),
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    #[error("the menus call the department `{0}`, which the settings do not name; {1}")]
    NoDepartment(String, String),
    #[error(transparent)]
    Unfit(#[from] UnfitError),
    #[error("departments cannot be called: {0}")]
    Transport(#[from] TransportError),
    #[error(transparent)]
    Address(#[from] DatabaseError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Database(#[from] KeysError),
}

/// The house of a running server.
pub(super) async fn server(settings: &Settings, loaded: Loaded, program: Program) -> Result<Arc<Site>, AssembleError> {
    let keys = settings.keys.as_ref().ok_or(AssembleError::NoKeys)?;
    let keyring = keyring(keys)?;
    let gateways = gateways(settings, loaded.profiles)?;
    let (addresses, policies) = departments(settings, &program)?;
    let transport = Http::new(addresses, settings.limits.largest_answer)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let meters = Arc::new(Meters::default());
    let options = store::Options { queue: settings.limits.queue, ..store::Options::default() };
    let database: Database = settings.database.parse()?;
    let store = store::open(&database, options, clock.now()).await?;
    let limits = &settings.limits;
    let plan = Plan {
        program: Arc::new(program),
        gateways,
        store,
        transport: Arc::new(transport),
        policies,
        keyring,
        clock,
        chance: Arc::new(SystemChance),
        meters,
        rates: Rates::new(
            Rate { burst: limits.number_burst, per_second: limits.number_per_second },
            Rate { burst: limits.gateway_burst, per_second: limits.gateway_per_second },
        ),
        trusted_proxies: settings.trusted_proxies.clone(),
        public_url: public_url(settings)?,
        largest_body: limits.largest_body,
    };
    let site = plan.site();
    site.bridge.prove_keys().await?;
    Ok(site)
}

pub(super) fn keyring(keys: &settings::Keys) -> Result<Keyring, AssembleError> {
    let sealing: Vec<_> = keys.seal.iter().map(|key| (key.id, key.key.clone())).collect();
    Ok(Keyring::new(&keys.hash, &sealing)?)
}

pub(super) fn bounds(settings: &Settings) -> Bounds {
    Bounds {
        connections: settings.limits.connections,
        drain_within: Duration::from_secs(settings.limits.drain),
        ..Bounds::default()
    }
}

fn gateways(settings: &Settings, profiles: Vec<Profile>) -> Result<Vec<Gateway>, AssembleError> {
    let known: BTreeMap<String, Arc<Profile>> =
        profiles.into_iter().map(|profile| (profile.name.clone(), Arc::new(profile))).collect();
    let remedy = |name: &str| suggest::remedy(name, known.keys().map(String::as_str), "name one of the profiles");
    let open = settings.gateways.iter().map(|(name, gateway)| {
        let profile = known.get(name).ok_or_else(|| AssembleError::UnknownGateway(name.clone(), remedy(name)))?;
        Ok(Gateway::new(Arc::clone(profile), gateway.secrets.clone(), gateway.sources.clone())?)
    });
    let open: Vec<Gateway> = open.collect::<Result<_, AssembleError>>()?;
    if open.is_empty() { Err(AssembleError::NoGateway) } else { Ok(open) }
}

/// An address with a host, perhaps with the path below which a proxy puts us, without a slash at the end.
fn public_url(settings: &Settings) -> Result<Option<String>, AssembleError> {
    let Some(url) = &settings.public_url else { return Ok(None) };
    let is_address = url.parse::<axum::http::Uri>().is_ok_and(|parsed| {
        matches!(parsed.scheme_str(), Some("http" | "https")) && parsed.host().is_some() && parsed.query().is_none()
    });
    if is_address { Ok(Some(url.trim_end_matches('/').to_owned())) } else { Err(AssembleError::PublicUrl(url.clone())) }
}

type Reached = (Vec<(String, Address)>, Policies);

fn departments(settings: &Settings, program: &Program) -> Result<Reached, AssembleError> {
    let mut reached: Reached = (Vec::new(), Vec::new());
    for department in &program.departments {
        let name = &department.name;
        let known = settings.departments.get(name).ok_or_else(|| {
            // A department that the menus do not call may be this one, misspelt.
            let called = |other: &&str| program.departments.iter().any(|department| department.name == **other);
            let others = settings.departments.keys().map(String::as_str).filter(|other| !called(other));
            let remedy = match suggest::nearest(name, others) {
                Some(near) => format!("is it the one that they name `{near}`?"),
                None => format!("add `[departments.{name}]` with its `url`"),
            };
            AssembleError::NoDepartment(name.clone(), remedy)
        })?;
        let headers = known.headers.iter().map(|(header, value)| (header.clone(), value.clone())).collect();
        reached.0.push((name.clone(), Address { url: known.url.trim_end_matches('/').to_owned(), headers }));
        reached.1.push((name.clone(), policy(known)));
    }
    let enveloped = |name: &str| settings.departments.get(name).is_some_and(|known| known.envelope.is_some());
    envelope::suit(program, enveloped)?;
    Ok(reached)
}

fn policy(known: &settings::Department) -> Policy {
    let usual = Policy::default();
    Policy {
        at_once: known.at_once.unwrap_or(usual.at_once),
        breaks_after: known.breaks_after.unwrap_or(usual.breaks_after),
        mends_after: known.mends_after.map_or(usual.mends_after, Duration::from_secs),
        retries: known.retries.unwrap_or(usual.retries),
        envelope: known.envelope.as_ref().map(addressed),
        ..usual
    }
}

/// UMANG's, the only form there is.
fn addressed(known: &settings::Envelope) -> Envelope {
    let settings::EnvelopeForm::Umang = known.form;
    let usual = Envelope::default();
    let or = |known: &Option<String>, usual: String| known.clone().unwrap_or(usual);
    Envelope {
        deptid: known.deptid.clone(),
        srvid: known.srvid.clone(),
        subsid: or(&known.subsid, usual.subsid),
        subsid2: or(&known.subsid2, usual.subsid2),
        formtrkr: or(&known.formtrkr, usual.formtrkr),
        tenantid: or(&known.tenantid, usual.tenantid),
        tkn: known.tkn.clone().unwrap_or(usual.tkn),
        usrid: known.usrid.clone().unwrap_or(usual.usrid),
        did: known.did.clone().unwrap_or(usual.did),
        lang: or(&known.lang, usual.lang),
        mode: or(&known.mode, usual.mode),
        pltfrm: or(&known.pltfrm, usual.pltfrm),
        usag: or(&known.usag, usual.usag),
        lac: or(&known.lac, usual.lac),
        ..usual
    }
}
