//! The house of a running server, from settings and a program.

mod routes;

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use crate::ambient::SystemChance;
use crate::bridge::KeysError;
use crate::department::envelope::{self, UnfitError};
use crate::department::{Address, Envelope, Http, Policies, Policy};
use crate::house::{Fit, Fitted, Plan, Sending, Servable};
use crate::http::{Access, Bounds, Gateway, GatewayError, Rate, Rates, Site, Turns};
use crate::menu::{Program, SystemMessage};
use crate::meters::Meters;
use crate::outbox::{self, RouteSettings};
use crate::outward::TransportError;
use crate::settings::{self, Settings};
use crate::source::suggest;
use crate::store::seal::{KeyError, Keyring};
use crate::store::{self, Database, DatabaseError, Store, StoreError};
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
    #[error(
        "the gateway `{0}` takes notices of payments, and the menus do not write `{1}`, which tells of them; write it in a file of the \
         folder `messages`, or take `payments` out of the settings"
    )]
    NoConfirmation(String, &'static str),
    #[error("[routes.{0}] {1}")]
    Route(String, String),
    #[error("departments cannot be called: {0}")]
    Transport(#[from] TransportError),
    #[error(transparent)]
    Address(#[from] DatabaseError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Database(#[from] KeysError),
}

/// A server without its store and its program: all that settings alone say.
#[derive(Debug)]
pub(super) struct Prepared {
    node: Node,
    keyring: Keyring,
    transport: Http,
    policies: Policies,
    database: Database,
    public_url: Option<String>,
}

/// Refuses settings with which no program could be served.
pub(super) fn prepare(settings: &Settings) -> Result<Prepared, AssembleError> {
    let keys = settings.keys.as_ref().ok_or(AssembleError::NoKeys)?;
    if settings.gateways.is_empty() {
        return Err(AssembleError::NoGateway);
    }
    let (addresses, policies) = reached(settings);
    Ok(Prepared {
        node: Node(settings.clone()),
        keyring: keyring(keys)?,
        transport: Http::new(addresses, settings.limits.largest_answer)?,
        policies,
        database: settings.database.parse()?,
        public_url: public_url(settings)?,
    })
}

impl Prepared {
    pub(super) async fn store(&self, clock: &dyn Clock) -> Result<Arc<dyn Store>, AssembleError> {
        let limits = &self.node.0.limits;
        let days = |days: NonZeroU32| Duration::from_hours(24 * u64::from(days.get()));
        let (journeys, messages) = (days(limits.journeys), days(limits.messages));
        let options = store::Options { queue: limits.queue, journeys, messages, ..store::Options::default() };
        Ok(store::open(&self.database, options, clock.now()).await?)
    }

    /// The house of a running server, and what it knows of programs. The keys belong to the store.
    pub(super) async fn site(
        self,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        servable: &Servable,
    ) -> Result<(Arc<Site>, Node), AssembleError> {
        let settings = &self.node.0;
        let limits = &settings.limits;
        let gateways = gateways(settings, servable)?;
        let routes = routes::routes(settings, &servable.messages)?;
        warn_of_messages(&servable.program, &routes);
        warn_of_receipts(settings, &routes);
        prove_departments(settings, &servable.program)?;
        let plan = Plan {
            program: Arc::clone(&servable.program),
            gateways,
            store,
            transport: Arc::new(self.transport),
            policies: self.policies,
            sending: Sending { transport: Arc::new(sender(settings)?), routes },
            keyring: self.keyring,
            clock,
            chance: Arc::new(SystemChance),
            meters: Arc::new(Meters::default()),
            rates: Rates::new(
                Rate { burst: limits.number_burst, per_second: limits.number_per_second },
                Rate { burst: limits.gateway_burst, per_second: limits.gateway_per_second },
            )
            .answering_at_most(limits.texts_per_day),
            trusted_proxies: settings.trusted_proxies.clone(),
            public_url: self.public_url,
            largest_body: limits.largest_body,
            turns: Turns::at_most(limits.turns.get()),
        };
        let site = plan.site();
        site.bridge.prove_keys().await?;
        Ok((site, self.node))
    }
}

/// What a node's settings say about programs that come later.
#[derive(Clone, Debug)]
pub(super) struct Node(Settings);

impl Node {
    pub(super) fn new(settings: Settings) -> Self {
        Self(settings)
    }

    /// Proves a program against settings that may be those of a service only in part: what they do not speak of is not
    /// asked of them.
    pub(super) fn prove(&self, servable: &Servable) -> Result<(), AssembleError> {
        if !self.0.departments.is_empty() {
            prove_departments(&self.0, &servable.program)?;
        }
        gateways(&self.0, servable).map(drop)
    }

    /// As departments are reached from here.
    pub(super) fn transport(&self) -> Result<(Http, Policies), AssembleError> {
        let (addresses, policies) = reached(&self.0);
        Ok((Http::new(addresses, self.0.limits.largest_answer)?, policies))
    }

    pub(super) fn access(&self, servable: &Servable) -> Result<Access, AssembleError> {
        prove_departments(&self.0, &servable.program)?;
        Ok(Access::new(gateways(&self.0, servable)?, self.0.trusted_proxies.clone()))
    }
}

impl Fit for Node {
    fn fit(&self, servable: &Servable) -> Result<Fitted, String> {
        let access = self.access(servable).map_err(|error| error.to_string())?;
        Ok(Fitted { access, departments: None })
    }
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

/// Those that the settings open, as the profiles of a program speak.
fn gateways(settings: &Settings, servable: &Servable) -> Result<Vec<Gateway>, AssembleError> {
    let Servable { program, profiles, messages } = servable;
    prove_payments(settings, program)?;
    let names = profiles.iter().map(|profile| &profile.name).chain(messages.iter().map(|profile| &profile.name));
    let known: BTreeSet<&str> = names.map(String::as_str).collect();
    let open = settings.gateways.iter().map(|(name, open)| {
        if !known.contains(name.as_str()) {
            let remedy = suggest::remedy(name, known.iter().copied(), "name one of the profiles");
            return Err(AssembleError::UnknownGateway(name.clone(), remedy));
        }
        let mut gateway = Gateway::named(name, open.secrets.clone(), open.sources.clone())?;
        if let Some(profile) = profiles.iter().find(|profile| profile.name == *name) {
            gateway = gateway.with_ussd(Arc::new(profile.clone()));
        }
        if let Some(profile) = messages.iter().find(|profile| profile.name == *name) {
            gateway = gateway.with_messages(Arc::new(profile.clone()), open.signing.clone())?;
        } else if !open.signing.is_empty() {
            return Err(GatewayError::Unsigned(name.clone()).into());
        }
        Ok(gateway.with_payments(open.payments.clone())?)
    });
    open.collect()
}

/// Whoever paid is told what became of it: without that message a notice could not be taken.
fn prove_payments(settings: &Settings, program: &Program) -> Result<(), AssembleError> {
    let Some((name, _)) = settings.gateways.iter().find(|(_, open)| !open.payments.is_empty()) else { return Ok(()) };
    let is_missing = |message: &SystemMessage| program.system_message(*message).is_none();
    match SystemMessage::OF_PAYMENTS.into_iter().find(is_missing) {
        Some(missing) => Err(AssembleError::NoConfirmation(name.clone(), missing.name())),
        None => Ok(()),
    }
}

/// What carries messages to the gateways of the routes.
fn sender(settings: &Settings) -> Result<outbox::Http, AssembleError> {
    // Gateways whose profile has their address are reached by HTTPS.
    let addresses = settings.routes.values().map(|route| route.url.as_deref().unwrap_or("https://"));
    Ok(outbox::Http::new(addresses)?)
}

/// Menus that send messages, and nothing to send them on: each would become a dead letter.
fn warn_of_messages(program: &Program, routes: &[RouteSettings]) {
    if routes.is_empty() && !program.messages.is_empty() {
        tracing::warn!(
            "The menus have messages and the settings no `[routes.…]`: what they send waits, unless another server has some"
        );
    }
}

/// Routes that could ask for receipts and do not: nobody would hear that messages do not arrive.
fn warn_of_receipts(settings: &Settings, routes: &[RouteSettings]) {
    for route in routes.iter().filter(|route| route.receipts.is_none() && route.profile.asks_for_receipts()) {
        let gateway = &route.profile.name;
        let is_open = settings.gateways.contains_key(gateway);
        let open = (!is_open).then(|| format!("open its gateway (`[gateways.{gateway}]`)"));
        let known = settings.public_url.is_none().then(|| "set `public_url`".to_owned());
        let mend = open.into_iter().chain(known).collect::<Vec<_>>().join(" and ");
        tracing::warn!(
            route = route.name,
            "A route asks for no receipts: {mend}, or nobody hears whether its messages arrive"
        );
    }
}

/// An address with a host, perhaps with the path below which a proxy puts us, without a slash at the end.
fn public_url(settings: &Settings) -> Result<Option<String>, AssembleError> {
    let Some(url) = &settings.public_url else { return Ok(None) };
    let is_address = url.parse::<axum::http::Uri>().is_ok_and(|parsed| {
        matches!(parsed.scheme_str(), Some("http" | "https")) && parsed.host().is_some() && parsed.query().is_none()
    });
    if is_address { Ok(Some(url.trim_end_matches('/').to_owned())) } else { Err(AssembleError::PublicUrl(url.clone())) }
}

/// Where all departments of the settings are, also such as no menu calls yet, and how they are treated.
fn reached(settings: &Settings) -> (Vec<(String, Address)>, Policies) {
    let reach = |(name, known): (&String, &settings::Department)| {
        let headers = known.headers.iter().map(|(header, value)| (header.clone(), value.clone())).collect();
        let address = Address { url: known.url.trim_end_matches('/').to_owned(), headers };
        ((name.clone(), address), (name.clone(), policy(known)))
    };
    settings.departments.iter().map(reach).unzip()
}

/// Every department that the menus call has its address, and such operations as its envelope can carry.
fn prove_departments(settings: &Settings, program: &Program) -> Result<(), AssembleError> {
    for department in program.called_departments() {
        let name = &department.name;
        if settings.departments.contains_key(name) {
            continue;
        }
        // A department that the menus do not call may be this one, misspelt.
        let called = |other: &&str| program.departments.iter().any(|department| department.name == **other);
        let others = settings.departments.keys().map(String::as_str).filter(|other| !called(other));
        let remedy = match suggest::nearest(name, others) {
            Some(near) => format!("is it the one that they name `{near}`?"),
            None => format!("add `[departments.{name}]` with its `url`"),
        };
        return Err(AssembleError::NoDepartment(name.clone(), remedy));
    }
    let enveloped = |name: &str| settings.departments.get(name).is_some_and(|known| known.envelope.is_some());
    Ok(envelope::suit(program, enveloped)?)
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
