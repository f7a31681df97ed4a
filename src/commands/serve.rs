//! `gramsetu serve`: serves menus to the gateways of the settings.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use clap::Args;

use super::{CommandError, Overrides, assemble, logging};
use crate::house::{self, load};
use crate::http::{self, Listening, Shutdown, Site};
use crate::settings::Settings;
use crate::source;

#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    overrides: Overrides,
    /// Print the settings that hold, each with where it came from, and stop
    #[arg(long)]
    print_settings: bool,
}

impl Serve {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let read = self.overrides.read()?;
        if self.print_settings {
            print!("{}", read.print());
            return Ok(ExitCode::SUCCESS);
        }
        logging::begin(read.settings.log);
        let settings = read.settings;
        super::runtime()?.block_on(async move {
            let running = start(&settings).await?;
            let admin = running.admin.as_ref().map(|admin| tracing::field::display(admin.address));
            tracing::info!(address = %running.hooks.address, admin, "Serving");
            running.until_told().await;
            Ok(ExitCode::SUCCESS)
        })
    }
}

/// A server that runs.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) site: Arc<Site>,
    pub(super) hooks: Listening,
    pub(super) admin: Option<Listening>,
    shutdown: Shutdown,
    background: Vec<tokio::task::JoinHandle<()>>,
}

/// Refuses what `check` refuses, then listens.
pub(super) async fn start(settings: &Settings) -> Result<Running, CommandError> {
    let mut loaded = load::load(load::read(load::folder(&settings.menus).as_deref())?);
    if loaded.has_errors() {
        eprint!("{}", source::render(&loaded.findings, &loaded.files, false));
        return Err(CommandError::Refused);
    }
    let program = loaded.program.take().ok_or(CommandError::Refused)?;
    tracing::info!(program = %program.version, menus = program.menus.len(), "The menus passed all checks");
    let site = assemble::server(settings, loaded, program).await?;
    let shutdown = Shutdown::default();
    let bounds = assemble::bounds(settings);
    let cannot = |address| CommandError::io(format!("listening on {address}"));
    let hooks = http::listen(settings.listen, http::public(&site), bounds, shutdown.clone()).await;
    let hooks = hooks.map_err(cannot(settings.listen))?;
    let admin = match settings.admin {
        Some(address) => {
            let listening = http::listen(address, http::admin(&site), bounds, shutdown.clone()).await;
            Some(listening.map_err(cannot(address))?)
        }
        None => None,
    };
    let background = house::background(&site, &shutdown);
    Ok(Running { site, hooks, admin, shutdown, background })
}

impl Running {
    /// Serves until a signal (SIGINT or SIGTERM), then finishes what is under way.
    pub(super) async fn until_told(self) {
        told_to_stop().await;
        tracing::info!("Stopping: turns under way are finished");
        self.stop().await;
    }

    async fn stop(self) {
        self.site.ready.store(false, Ordering::Release);
        self.shutdown.begin();
        self.hooks.finished().await;
        if let Some(admin) = self.admin {
            admin.finished().await;
        }
        for task in self.background {
            // A task that ended in a defect has said so; nothing else is lost with it.
            drop(task.await);
        }
        if let Err(error) = self.site.bridge.store().close().await {
            tracing::error!(%error, "The store could not be closed in order; the journal holds everything answered");
        }
    }
}

#[cfg(unix)]
async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() {
    drop(tokio::signal::ctrl_c().await);
}
