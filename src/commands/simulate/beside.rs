//! `--baseline`: rounds of a bare handler, of the floor and of the server, one after the other.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::watched;
use crate::commands::CommandError;
use crate::menu::SandboxFile;
use crate::simulate::baseline::{Beside, Floor, Rounds, Stretch, bare};
use crate::simulate::client::Address;
use crate::simulate::meter::{Counted, Meter};
use crate::simulate::plan::{Plan, Rhythm};
use crate::simulate::server::{self, Own};
use crate::simulate::world::World;
use crate::simulate::{Run, Values};
use crate::store::Database;

/// How long a server of its own writes to see how many bytes a turn leaves.
const SIZED: Duration = Duration::from_secs(1);

/// Who simulates, and where files may lie.
pub(super) struct Comparison<'a> {
    pub(super) plan: Plan,
    pub(super) world: Arc<World>,
    pub(super) values: Arc<Values>,
    pub(super) folder: &'a Path,
}

/// What a stretch is of.
enum Of<'a> {
    /// Any page is taken.
    Handler(&'a Address),
    Server(&'a Address),
}

impl Comparison<'_> {
    /// The rounds, all that was counted of the server, and for how long.
    pub(super) async fn rounds(
        &self,
        server: &Address,
        sandboxes: &[SandboxFile],
        rounds: usize,
    ) -> Result<(Rounds, Counted, Duration), CommandError> {
        let (bytes, mut citizens) = self.bytes_per_turn(sandboxes).await?;
        let (mut all, mut counted, mut took) = (Rounds::default(), Counted::default(), Duration::ZERO);
        let cannot = |what: &str| CommandError::io(format!("measuring {what}"));
        let profile = &self.world.profile;
        for _ in 0..rounds {
            let beside = Beside::start(bare(profile, None), profile).await.map_err(cannot("a bare handler"))?;
            let (bare_did, for_so_long) = self.stretch(&Of::Handler(&beside.address), &mut citizens).await;
            beside.stop().await;
            all.bare.push(Stretch::new(&bare_did, for_so_long));

            let (floor, thread) = Floor::start(&self.folder.join("floor"), bytes).map_err(cannot("the floor"))?;
            let beside = Beside::start(bare(profile, Some(floor)), profile).await.map_err(cannot("the floor"))?;
            let (floor_did, for_so_long) = self.stretch(&Of::Handler(&beside.address), &mut citizens).await;
            beside.stop().await;
            if let Ok(synced) = thread.join() {
                synced.map_err(cannot("the floor"))?;
            }
            all.floor.push(Stretch::new(&floor_did, for_so_long));

            let (server_did, for_so_long) = self.stretch(&Of::Server(server), &mut citizens).await;
            all.server.push(Stretch::new(&server_did, for_so_long));
            counted.add(&server_did);
            took += for_so_long;
        }
        Ok((all, counted, took))
    }

    /// What citizens of their own do meanwhile, whom nobody has met before.
    async fn stretch(&self, of: &Of<'_>, citizens: &mut u64) -> (Counted, Duration) {
        let meter = Arc::new(Meter::default());
        let (world, values) = (Arc::clone(&self.world), Arc::clone(&self.values));
        let run = Run::new(self.plan.clone(), world, values, Arc::clone(&meter)).from_citizen(*citizens);
        let (run, address) = match of {
            Of::Handler(address) => (run.trusting(), address),
            Of::Server(address) => (run, address),
        };
        let run = Arc::new(run);
        watched(&run, address, &meter).await;
        *citizens = run.citizens();
        (meter.look(Clone::clone), run.took())
    }

    /// How many bytes a turn leaves in a file, its part of pages included; and how many citizens have been met.
    async fn bytes_per_turn(&self, sandboxes: &[SandboxFile]) -> Result<(usize, u64), CommandError> {
        let path = self.folder.join("size.db");
        let (program, profile) = (Arc::clone(&self.world.program), Arc::clone(&self.world.profile));
        let site = server::site(program, profile, sandboxes, &Database::Sqlite(path.clone())).await?;
        let own = Own::start(site, &self.world.profile).await?;
        let plan = Plan {
            duration: SIZED,
            rhythm: Rhythm::Closed { think: Duration::ZERO..Duration::ZERO },
            ..self.plan.clone()
        };
        let sized = Comparison { plan, world: Arc::clone(&self.world), values: Arc::clone(&self.values), ..*self };
        let mut citizens = 0;
        let (counted, _) = sized.stretch(&Of::Server(&own.address), &mut citizens).await;
        own.stop().await?;
        let bytes = std::fs::metadata(&path).map_err(CommandError::io("reading the size of a database"))?.len();
        Ok((usize::try_from(bytes / counted.turns().max(1)).unwrap_or(usize::MAX).max(1), citizens))
    }
}
