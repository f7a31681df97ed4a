//! A demo serves each state of its folder that is saved and passes, sandbox files included.

use std::path::Path;
use std::sync::Arc;

use super::DemoNode;
use crate::commands::out;
use crate::commands::serve::Running;
use crate::commands::watching::Watching;
use crate::house::load::{self, Loaded};
use crate::house::{Following, Servable};
use crate::http::Site;
use crate::menu;
use crate::source;
use crate::store::{KeptProgram, PublishError};

#[derive(Debug)]
pub(super) struct Watched {
    site: Arc<Site>,
    following: Arc<Following>,
    node: DemoNode,
}

impl Watched {
    pub(super) fn new(running: &Running, node: DemoNode) -> Self {
        Self { site: Arc::clone(&running.site), following: Arc::clone(&running.following), node }
    }

    /// Looks at the folder for as long as it is waited for.
    pub(super) async fn watch(&self, folder: &Path) {
        let mut watching = Watching::new(folder);
        // The first reading is what is served already, unless something was saved while the demo started.
        let mut served = Some(self.site.bridge.program().version);
        loop {
            match watching.next().await {
                Ok(files) if served.take() == Some(menu::version(&files)) => {}
                Ok(files) => {
                    // Proving takes a processor for a while; turns go on beside it.
                    let Ok(loaded) = tokio::task::spawn_blocking(move || load::load(files)).await else { continue };
                    self.saved(loaded).await;
                }
                Err(error) => out::remark(format!("gramsetu: {error}; what was saved before is served on\n")),
            }
        }
    }

    async fn saved(&self, mut loaded: Loaded) {
        let findings = source::render(&loaded.findings, &loaded.files, false);
        if loaded.has_errors() {
            out::remark(format!("{findings}What was saved has errors; what was saved before is served on.\n"));
            return;
        }
        let Some(program) = loaded.program.take() else { return };
        self.node.take_over(&program, &loaded.sandboxes);
        let (servable, kept) = Servable::of(program, loaded);
        let said = match self.publish(&servable, kept).await {
            Ok(()) => "What was saved is served.".to_owned(),
            Err(why) => format!("What was saved is not served: {why}"),
        };
        out::remark(format!("{findings}{said}\n"));
    }

    /// Published first, so that sessions find what they began with after a restart.
    async fn publish(&self, servable: &Servable, kept: KeptProgram) -> Result<(), String> {
        let programs = self.site.bridge.store().programs();
        let last = programs.published().await.map_err(|error| error.to_string())?;
        let published = if let Some(same) = last.filter(|last| last.version == kept.version) {
            same
        } else {
            let after = last.map_or(0, |last| last.number);
            let published = programs.publish(kept, after, self.site.bridge.clock().now()).await;
            published.map_err(|error: PublishError| error.to_string())?
        };
        // Also where only sandbox files were saved: departments are called anew.
        self.following.serve(servable, published.number).await
    }
}
