//! `gramsetu serve`: serves menus to the gateways of the settings.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Router;
use clap::Args;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use super::{CommandError, Overrides, assemble, first, logging, out};
use crate::ambient::{SystemChance, SystemClock};
use crate::house::load::{self, Loaded};
use crate::house::{self, Fit, Following};
use crate::http::{self, Bounds, Listening, Shutdown, Site};
use crate::settings::Settings;
use crate::store::Database;
use crate::types::Clock;

/// Its requests are answered at once.
const ADMIN_DRAIN: Duration = Duration::from_secs(1);

/// Serve menus to the gateways of the settings
///
/// Serves what was published last (`gramsetu publish`), and what is published while it runs. Where nothing was published yet
/// it publishes the folder of menus, and refuses to start where `check` would refuse it. SIGTERM or Ctrl-C finishes what is
/// under way and stops; a second one stops at once.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit status:
  0  It was told to stop, and finished what was under way.
  1  It was told twice, and stopped at once.
  2  It could not serve: settings, menus or a port.

Examples:
  gramsetu serve --settings /etc/gramsetu/gramsetu.toml
  gramsetu serve --print-settings")]
pub(super) struct Serve {
    #[command(flatten)]
    overrides: Overrides,
    /// Publish the folder of menus before serving, where it is not what is published
    #[arg(long)]
    publish: bool,
    /// Print the settings that hold, each with where it came from, and stop
    #[arg(long)]
    print_settings: bool,
}

impl Serve {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let read = self.overrides.read()?;
        if self.print_settings {
            out::print(read.print(), "the settings")?;
            return Ok(ExitCode::SUCCESS);
        }
        logging::begin(read.settings.log);
        let settings = read.settings;
        super::block_on(async move {
            let mut signals = Signals::listen().map_err(CommandError::io("listening for signals"))?;
            let publishes = self.publish.then(|| menus(&settings.menus)).transpose()?;
            let running = start(&settings, publishes, None).await?;
            let admin = running.admin.as_ref().map(|admin| tracing::field::display(admin.address));
            tracing::info!(address = %running.hooks.address, admin, "Serving");
            Ok(running.until_told(&mut signals).await)
        })
    }
}

/// A server that runs.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) site: Arc<Site>,
    pub(super) following: Arc<Following>,
    pub(super) hooks: Listening,
    pub(super) admin: Option<Listening>,
    shutdown: Shutdown,
    /// Begun last, so that operators can see how a stop goes on.
    admin_shutdown: Shutdown,
    /// How long what is under way may take to finish.
    drain_within: Duration,
    background: Vec<JoinHandle<()>>,
}

/// The menus that a setting names, with all that is found about them.
pub(super) fn menus(folder: &Path) -> Result<Loaded, CommandError> {
    Ok(load::load(load::read(load::folder(folder).as_deref())?))
}

/// What a demo has that a service has not.
#[derive(Debug)]
pub(super) struct Demonstrating {
    /// Judges what is published later; otherwise the settings do.
    pub(super) fit: Box<dyn Fit>,
    /// Beside the hooks.
    pub(super) beside: Router,
}

/// Decides what is served, refusing what `check` refuses, then listens. That is `publishes`, which is published unless it is
/// already; without it what is published, or the folder of the settings where nothing is.
pub(super) async fn start(
    settings: &Settings,
    publishes: Option<Loaded>,
    demonstrating: Option<Demonstrating>,
) -> Result<Running, CommandError> {
    let (fit, beside) = demonstrating.map(|demo| (demo.fit, demo.beside)).unzip();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let loaded = match publishes {
        Some(loaded) => Some(loaded),
        // Nothing is published in a database that is not there yet: menus that are refused leave it so.
        None if settings.database.parse::<Database>().is_ok_and(|database| database.is_missing()) => {
            Some(menus(&settings.menus)?)
        }
        None => None,
    };
    let passed = loaded.map(first::prove).transpose()?;
    let prepared = assemble::prepare(settings)?;
    let store = prepared.store(&*clock).await?;
    let first = match passed {
        Some(passed) => first::insisted(store.programs(), passed).await?,
        None => first::published_or(store.programs(), &settings.menus).await?,
    };
    let (site, node) = prepared.site(Arc::clone(&store), Arc::clone(&clock), &first.servable).await?;
    // What judges otherwise than the settings is a demo: nobody is promised its numbers.
    let promises = fit.is_none().then_some(settings.menus.as_path());
    let number = first.publish(store.programs(), promises, clock.now()).await?;
    let fit = fit.unwrap_or_else(|| Box::new(node));
    let following = Arc::new(Following::new(Arc::clone(&site), fit, Arc::new(SystemChance), number));
    // Something may have been published since.
    following.look().await;
    let (shutdown, admin_shutdown) = (Shutdown::default(), Shutdown::default());
    let bounds = assemble::bounds(settings);
    let cannot = |address| CommandError::io(format!("listening on {address}"));
    let public = http::public(&site).beside(beside.unwrap_or_default());
    let hooks = http::listen(settings.listen, public, bounds, shutdown.clone()).await;
    let hooks = hooks.map_err(cannot(settings.listen))?;
    let admin = match settings.admin {
        Some(address) => {
            let bounds = Bounds { drain_within: ADMIN_DRAIN, ..bounds };
            let listening = http::listen(address, http::admin(&site), bounds, admin_shutdown.clone()).await;
            Some(listening.map_err(cannot(address))?)
        }
        None => None,
    };
    let mut background = house::background(&site, &shutdown);
    background.push(house::follow(&site, Arc::clone(&following), &shutdown));
    Ok(Running {
        site,
        following,
        hooks,
        admin,
        shutdown,
        admin_shutdown,
        drain_within: bounds.drain_within,
        background,
    })
}

impl Running {
    /// Serves until a signal (SIGINT or SIGTERM), then finishes what is under way, unless a second one comes.
    pub(super) async fn until_told(self, signals: &mut Signals) -> ExitCode {
        signals.next().await;
        tracing::info!("Stopping: turns under way are finished");
        tokio::select! {
            () = self.stop() => ExitCode::SUCCESS,
            () = signals.next() => {
                tracing::warn!("Stopping at once, as told; the journal holds everything answered");
                ExitCode::FAILURE
            }
        }
    }

    async fn stop(self) {
        let deadline = Instant::now() + self.drain_within;
        self.site.ready.store(false, Ordering::Release);
        self.shutdown.begin();
        self.hooks.finished().await;
        // Turns whose callers have gone are nobody's request any more, and still to be committed.
        if timeout_at(deadline, self.site.turns.finished()).await.is_err() {
            let under_way = self.site.turns.under_way();
            tracing::warn!(under_way, "Turns were still under way when the time to finish them was over");
        }
        if timeout_at(deadline, finished(self.background)).await.is_err() {
            tracing::warn!("Work beside turns was still under way when the time to finish it was over");
        }
        if let Err(error) = self.site.bridge.store().close().await {
            tracing::error!(%error, "The store could not be closed in order; the journal holds everything answered");
        }
        self.admin_shutdown.begin();
        if let Some(admin) = self.admin {
            admin.finished().await;
        }
    }
}

async fn finished(background: Vec<JoinHandle<()>>) {
    for task in background {
        // A task that ended in a defect has said so; nothing else is lost with it.
        drop(task.await);
    }
}

/// What tells a server to stop. Listened for from the start: one that comes between two waits is not lost.
#[derive(Debug)]
pub(super) struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    pub(super) fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    pub(super) fn listen() -> std::io::Result<Self> {
        Ok(Self {})
    }

    pub(super) async fn next(&mut self) {
        drop(tokio::signal::ctrl_c().await);
    }
}
