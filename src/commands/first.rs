//! What a server serves when it starts. The database is the truth: what is published is served, whatever lies in the folder;
//! where nothing is published yet, or it was told so, the folder is published.

use std::path::Path;

use super::{CommandError, proved};
use crate::check::lock;
use crate::house::load::{self, Loaded};
use crate::house::{Servable, UnservableError};
use crate::menu;
use crate::store::{KeptProgram, Programs, PublishError, Published, StoreError};
use crate::types::Timestamp;

#[derive(Debug)]
pub(super) struct First {
    pub(super) servable: Servable,
    /// The last entry of the list.
    published: Option<Published>,
    /// What is to be published before it is served.
    publishes: Option<KeptProgram>,
    insists: bool,
    /// The folder's lock does not note all that these menus promise.
    is_unnoted: bool,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum FirstError {
    #[error(
        "what is published as number {number} cannot be served: {reason}; put an earlier program back with `gramsetu publish \
         --list` and `--version`, or publish a folder with `gramsetu publish`"
    )]
    Unservable { number: u64, reason: UnservableError },
    #[error(transparent)]
    Store(StoreError),
    #[error(transparent)]
    Publish(#[from] PublishError),
}

/// Menus that passed, with what is to be kept of them.
#[derive(Debug)]
pub(super) struct Passed {
    servable: Servable,
    kept: KeptProgram,
    is_unnoted: bool,
}

/// Refuses what `check` refuses.
pub(super) fn prove(mut loaded: Loaded) -> Result<Passed, CommandError> {
    let program = proved(&mut loaded)?;
    // A lock that cannot be read is an error of the menus.
    let promised = lock::read(&loaded.files).ok().flatten().unwrap_or_default();
    let is_unnoted = promised.renewed(&program) != promised;
    let (servable, kept) = Servable::of(program, loaded);
    tracing::info!(program = %kept.version, menus = servable.program.menus.len(), "The menus passed all checks");
    Ok(Passed { servable, kept, is_unnoted })
}

/// What is published; the folder where nothing is.
pub(super) async fn published_or(programs: &dyn Programs, setting: &Path) -> Result<First, CommandError> {
    let Some(published) = programs.published().await.map_err(FirstError::Store)? else {
        let passed = prove(load::load(load::read(load::folder(setting).as_deref())?))?;
        return Ok(First::of(passed, None, false));
    };
    compare(setting, &published);
    let number = published.number;
    let servable = Servable::kept(programs, published.version).await;
    let servable = servable.map_err(|reason| FirstError::Unservable { number, reason })?;
    let menus = servable.program.menus.len();
    tracing::info!(number, program = %published.version, menus, "Serving what is published");
    Ok(First { servable, published: Some(published), publishes: None, insists: false, is_unnoted: false })
}

/// These menus, whatever is published.
pub(super) async fn insisted(programs: &dyn Programs, passed: Passed) -> Result<First, CommandError> {
    Ok(First::of(passed, programs.published().await.map_err(FirstError::Store)?, true))
}

/// Says when a folder is not what is served. One that is not there is nobody's who runs this node.
fn compare(setting: &Path, published: &Published) {
    let Some(folder) = load::folder(setting) else { return };
    let shown = folder.display();
    match load::read(Some(&folder)) {
        Err(error) => tracing::warn!(%error, "The folder of menus cannot be read; what is published is served"),
        Ok(files) if menu::version(&files) == published.version => {}
        Ok(_) => tracing::warn!(folder = %shown, number = published.number, program = %published.version,
            "The folder of menus is not what is published, and not served; to publish it: gramsetu publish {shown}"),
    }
}

/// Says that the lock of a folder is to be written.
fn tell_unnoted(folder: Option<&Path>) {
    let Some(shown) = folder.map(Path::display) else { return };
    tracing::warn!(folder = %shown, "`{}` does not note all that may be dialled from now on, and `check` protects only what \
        it notes; to write it: gramsetu publish {shown}", lock::FILE);
}

impl First {
    fn of(passed: Passed, published: Option<Published>, insists: bool) -> Self {
        let Passed { servable, kept, is_unnoted } = passed;
        let is_new = published.is_none_or(|published| published.version != kept.version);
        Self { servable, published, publishes: is_new.then_some(kept), insists, is_unnoted }
    }

    /// Publishes what is to be published, and gives the number under which it is served. Where another node came first with
    /// other menus, that is followed, unless these were insisted on.
    ///
    /// Nothing is written into the folder: it may be an image's, and what is written there nobody would commit. `folder` is
    /// where somebody is told to do so; `None` where nothing is promised to anybody.
    pub(super) async fn publish(
        self,
        programs: &dyn Programs,
        folder: Option<&Path>,
        now: Timestamp,
    ) -> Result<u64, FirstError> {
        let (version, last) = (self.servable.program.version, self.published.map_or(0, |published| published.number));
        let unnoted = folder.filter(|_| self.is_unnoted);
        let Some(kept) = self.publishes else {
            tell_unnoted(unnoted);
            return Ok(last);
        };
        match programs.publish(kept, last, now).await {
            Ok(published) => {
                tracing::info!(number = published.number, program = %version, "Published");
                tell_unnoted(unnoted);
                Ok(published.number)
            }
            Err(PublishError::Overtaken(Some(other))) if other.version == version => Ok(other.number),
            Err(PublishError::Overtaken(Some(_))) if !self.insists => Ok(last),
            Err(error) => Err(error.into()),
        }
    }
}
