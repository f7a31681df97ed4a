//! `gramsetu demo`: the shipped menus with sandbox departments, on this machine only.

mod banner;
mod watched;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use clap::Args;

use super::serve::{Demonstrating, Signals, menus, start};
use super::{CommandError, Overrides, assemble, logging, out};
use crate::ambient::{SystemChance, SystemClock};
use crate::department::envelope::SANDBOX;
use crate::department::sandbox::{self, Sandbox};
use crate::gateway;
use crate::gateway::messages::{Carrier, MessageProfile, shipped_messages};
use crate::handset::aggregator::{self, SandboxAggregator};
use crate::house::{Fit, Fitted, Servable, load};
use crate::http::{self, Bounds, Shutdown};
use crate::menu::{Program, SandboxFile, SystemMessage};
use crate::settings::{self, Layer, Origin, Settings};
use crate::store::Database;
use crate::store::seal::Keyring;
use crate::sync::lock;
use banner::Banner;
use watched::Watched;

/// The one secret of every hook, with which gateways that sign do so as well.
const SECRET: &str = "demo";
/// With which a payment system signs its notices.
const PAYMENTS: &str = "payments-of-the-demo";
/// The gateway of the aggregator that takes the messages.
const AGGREGATOR: &str = "sandbox";
const DATABASE: &str = "gramsetu-demo.db";

/// Serve the shipped menus with sandbox departments on this machine only, and say what to try first
///
/// A folder of menus is watched: what is saved in it and passes is served at once. Every gateway is open under the secret
/// `demo`. Nothing outside of this machine is reached or can reach it.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  gramsetu demo
  gramsetu demo --menus menus --listen 127.0.0.1:9000")]
pub(super) struct Demo {
    #[command(flatten)]
    overrides: Overrides,
}

impl Demo {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        super::block_on(async move {
            let mut signals = Signals::listen().map_err(CommandError::io("listening for signals"))?;
            let shutdown = Shutdown::default();
            let setting = settings::menus(self.overrides.layers()?)?;
            let loaded = menus(&setting)?;
            let sandbox = Arc::new(Sandbox::default());
            let aggregator = aggregator_of(&loaded.messages)?;
            let loopback = ([127, 0, 0, 1], 0).into();
            let router = sandbox::router(Arc::clone(&sandbox), Arc::new(SystemClock));
            let messages = aggregator::router(Arc::clone(&aggregator));
            let router = router.merge(messages.map_err(|error| CommandError::Usage(error.to_string()))?);
            let departments = http::listen(loopback, router, Bounds::default(), shutdown.clone()).await;
            let departments = departments.map_err(CommandError::io("listening for the sandbox departments"))?;
            let port = departments.address.port();
            let node = DemoNode { overrides: self.overrides, port, sandbox, enveloped: Arc::default() };
            if let Some(program) = &loaded.program {
                node.take_over(program, &loaded.sandboxes);
            }
            // `start` refuses menus without a program, and says why.
            let settings = node.settings(loaded.program.as_ref(), &loaded.messages)?.settings;
            this_machine_only(&settings)?;
            logging::begin(settings.log);
            // Where phones look for what has arrived: they know no other address.
            let beside = aggregator::arrivals(Arc::clone(&aggregator));
            let demonstrating = Demonstrating { fit: Box::new(node.clone()), beside };
            let running = start(&settings, Some(loaded), Some(demonstrating)).await?;
            let hooks = running.hooks.address;
            aggregator.tell_receipts_to(format!("http://{hooks}/hooks/{AGGREGATOR}/{SECRET}/receipt"));
            let folder = load::folder(&setting);
            // It was opened, so it has an address, which is shown without its password.
            let database = settings.database.parse::<Database>();
            let database = database.map(|database| database.to_string()).unwrap_or_default();
            let banner = Banner {
                hooks,
                admin: running.admin.as_ref().map(|admin| admin.address),
                sandbox: port,
                departments: &node.sandbox.names(),
                database: &database,
                folder: folder.as_deref(),
                program: &running.site.bridge.program(),
            };
            let banner = banner.write();
            // Serving goes on whether or not it can be written.
            drop(out::print(format!("{banner}\n"), "what is served"));
            let watching = folder.map(|folder| {
                let watched = Watched::new(&running, node);
                tokio::spawn(async move { watched.watch(&folder).await })
            });
            let ended = running.until_told(&mut signals).await;
            if let Some(watching) = watching {
                watching.abort();
            }
            // The sandbox keeps nothing: it is not waited for.
            shutdown.begin();
            Ok(ended)
        })
    }
}

/// What a demo knows of departments: all of them are made of sand, also such as come with a later program.
#[derive(Clone, Debug)]
struct DemoNode {
    overrides: Overrides,
    /// Of the sandbox departments.
    port: u16,
    sandbox: Arc<Sandbox>,
    /// The departments whose sandboxes speak an envelope.
    enveloped: Arc<Mutex<BTreeSet<String>>>,
}

impl Fit for DemoNode {
    fn fit(&self, servable: &Servable) -> Result<Fitted, String> {
        let read = self.settings(Some(&servable.program), &servable.messages);
        let settings = read.map_err(|error| error.to_string())?.settings;
        let node = assemble::Node::new(settings);
        let access = node.access(servable).map_err(|error| error.to_string())?;
        let (transport, policies) = node.transport().map_err(|error| error.to_string())?;
        Ok(Fitted { access, departments: Some((Arc::new(transport), policies)) })
    }
}

impl DemoNode {
    /// The sandbox departments answer from these files from now on.
    fn take_over(&self, program: &Program, files: &[SandboxFile]) {
        let enveloped = sandbox::policies(program, files).into_iter().map(|(name, _)| name);
        *lock(&self.enveloped) = enveloped.collect();
        self.sandbox.take_over(program, files);
    }

    /// What demo decides itself lies under what the person says. A `gramsetu.toml` that lies about is not read: it may be that
    /// of a service, with its database, and demo opens every gateway under a secret that everybody knows.
    fn settings(&self, program: Option<&Program>, speak: &[MessageProfile]) -> Result<settings::Read, CommandError> {
        // One that has no sandbox is `down`: its address leads to nobody.
        let called = program.into_iter().flat_map(Program::called_departments).map(|called| called.name.clone());
        let departments: BTreeSet<String> = called.chain(self.sandbox.names()).collect();
        let port = self.port;
        let said = self.overrides.layers()?;
        let own = |text: &str| Layer::toml(Origin::Demo, text);
        let mut layers = vec![own(&format!("database = \"{DATABASE}\""))?];
        for profile in gateway::shipped() {
            layers.push(own(&format!("gateways.{}.secrets = [\"{SECRET}\"]", profile.name))?);
        }
        for profile in shipped_messages() {
            layers.push(own(&format!("gateways.{}.secrets = [\"{SECRET}\"]", profile.name))?);
            // A folder may speak otherwise under the same name.
            if !speak.iter().any(|own| own.name == profile.name && own.is_signed()) {
                continue;
            }
            layers.push(own(&format!("gateways.{}.signing = [\"{SECRET}\"]", profile.name))?);
        }
        let confirms = |program: &Program| {
            SystemMessage::OF_PAYMENTS.into_iter().all(|message| program.system_message(message).is_some())
        };
        if program.is_some_and(confirms) {
            layers.push(own(&format!("gateways.{AGGREGATOR}.payments = [\"{PAYMENTS}\"]"))?);
        }
        layers.push(own(&format!("routes.{AGGREGATOR} = {{ url = \"http://127.0.0.1:{port}\", free_text = true }}"))?);
        for department in &departments {
            layers.push(own(&format!("departments.{department}.url = \"http://127.0.0.1:{port}/{department}\""))?);
        }
        for department in &*lock(&self.enveloped) {
            let ids = format!("deptid = \"{SANDBOX}\", srvid = \"{SANDBOX}\"");
            layers.push(own(&format!("departments.{department}.envelope = {{ form = \"umang\", {ids} }}"))?);
        }
        layers.extend(said.clone());
        let found = settings::read(layers.clone())?;
        let mut last = Vec::new();
        if found.settings.admin.is_none() {
            // The port after that of the hooks; where the system chooses that one, it chooses this one too.
            let port = match found.settings.listen.port() {
                0 => 0,
                port => port.checked_add(1).unwrap_or(0),
            };
            last.push(own(&format!("admin = \"127.0.0.1:{port}\""))?);
        }
        // Where the system chooses the port nobody knows it yet; the aggregator is told of the hook later.
        if found.settings.public_url.is_none() && found.settings.listen.port() != 0 {
            last.push(own(&format!("public_url = \"http://{}\"", found.settings.listen))?);
        }
        if found.settings.keys.is_none() {
            last.push(own(&keys(&beside(&found.settings.database))?)?);
        }
        layers.extend(last);
        Ok(settings::read(layers)?)
    }
}

/// Takes the messages of this demo, as its menus' folder says that the gateway speaks.
fn aggregator_of(profiles: &[MessageProfile]) -> Result<Arc<SandboxAggregator>, CommandError> {
    let profile = profiles.iter().find(|profile| profile.name == AGGREGATOR && profile.sends()).cloned();
    let profile = profile.ok_or_else(|| {
        CommandError::Usage(format!(
            "the profile `{AGGREGATOR}` of the menus sends no messages; demo sends by it, so delete it"
        ))
    })?;
    let carrier = Carrier::new(Arc::new(profile), Some(SECRET.into()));
    Ok(Arc::new(SandboxAggregator::new(carrier, Arc::new(SystemClock), Arc::new(SystemChance))))
}

/// Refuses addresses that others can reach.
fn this_machine_only(settings: &Settings) -> Result<(), CommandError> {
    let reached = [("listen", Some(settings.listen)), ("admin", settings.admin)];
    for (key, address) in reached {
        if let Some(address) = address.filter(|address| !address.ip().to_canonical().is_loopback()) {
            return Err(CommandError::NotLoopback { key, address });
        }
    }
    Ok(())
}

/// The file beside which keys are kept: that of the database, or of demo's own where it is none.
fn beside(database: &str) -> PathBuf {
    match database.parse() {
        Ok(Database::Sqlite(path)) => path,
        _ => PathBuf::from(DATABASE),
    }
}

/// The keys of this demo's database, beside it: made the first time, so that a second run reads what the first kept.
fn keys(database: &Path) -> Result<String, CommandError> {
    let path = PathBuf::from(format!("{}.keys", database.display()));
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let (hash, seal) = Keyring::draw();
            let text =
                format!("[keys]\nhash = \"{}\"\nseal = [{{ id = 1, key = \"{}\" }}]\n", hash.reveal(), seal.reveal());
            write_private(&path, &text).map_err(CommandError::io(format!("writing `{}`", path.display())))?;
            Ok(text)
        }
        Err(error) => Err(CommandError::io(format!("reading `{}`", path.display()))(error)),
    }
}

/// Readable by its owner only.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
