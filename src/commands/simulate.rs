//! `gramsetu simulate`: many citizens and a misbehaving operator, against a server of its own or one that runs.

mod beside;

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueHint};

use super::dial::GatewayNames;
use super::scratch::Scratch;
use super::{CommandError, out};
use crate::ambient::SystemChance;
use crate::dialogue::{self, USUAL_GATEWAY};
use crate::gateway::Profile;
use crate::house::load::{self, Loaded};
use crate::menu::SandboxFile;
use crate::simulate::client::Address;
use crate::simulate::meter::Meter;
use crate::simulate::plan::{self, Faults, Mix, Plan, PlanError, Rhythm, Script};
use crate::simulate::server::{self, Own};
use crate::simulate::world::World;
use crate::simulate::{Run, Values, report};
use crate::store::Database;
use crate::types::{Chance as _, Clock as _, Secret};
use beside::Comparison;

/// How often the live line is written.
const LIVE: Duration = Duration::from_secs(1);
const DURATION: Duration = Duration::from_secs(10);
/// Of one server in one round of a comparison.
const STRETCH: Duration = Duration::from_secs(4);

/// Simulate many citizens and a misbehaving operator, and compare every page with what the menus say
///
/// Without --url it starts a server of its own in this process, with sandbox departments and a temporary database here on this
/// disk. Each citizen has a number of their own, walks through the menus by chance or as a dialogue says, and knows what every
/// page must be. docs/simulate.md says how to read what it prints.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Faults: twice, late, reordered, cut, no-end, history, stripped, case. `all` is all of them, each in 1 of 100 turns, cut in 1 of
1000. Citizens do not think unless told to: 64 of them are as many as fit into the server's time.

Exit status:
  0  Every page was what the menus say. \"Busy\" and \"too many\" are none, and fail no run: a server with more load than it
     holds should say so.
  1  A page or a reply was wrong; or somebody got \"sorry\", no reply, no reply of the gateway's protocol, or a connection that
     was refused or broke; or a department of the own server failed.
  2  It could not be done.

Examples:
  gramsetu simulate
  gramsetu simulate menus --gateway africastalking --faults all --duration 5m
  gramsetu simulate --rate 2000 --ramp 30s --duration 5m
  gramsetu simulate --baseline
  gramsetu simulate --url http://127.0.0.1:8080 --gateway mtech --connections 500 --think 2s..8s")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct Simulate {
    /// The folder of menus that the server serves; without it, `menus` here, or the menus that come with the program
    #[arg(value_hint = ValueHint::DirPath)]
    folder: Option<PathBuf>,
    /// A running server instead of one of its own: `http://127.0.0.1:8080`
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    url: Option<String>,
    /// Allow a server that is not on this machine
    #[arg(long, requires = "url")]
    beyond_loopback: bool,
    /// The running server's departments are the sandboxes that `demo` has: what they answer is known
    #[arg(long, requires = "url")]
    sandbox: bool,
    /// The gateway through which citizens come
    #[arg(long, default_value = USUAL_GATEWAY, value_name = "NAME", value_parser = GatewayNames, hide_possible_values = true)]
    gateway: String,
    /// The hook's secret on the running server
    #[arg(long, default_value = "demo", env = "GRAMSETU_SECRET", hide_env_values = true, value_name = "SECRET")]
    secret: Secret,
    /// The database of the own server: a new SQLite file, or `postgres://user:password@host/name`, in which it has a schema of its
    /// own [default: a temporary file here]
    #[arg(long, value_name = "FILE|ADDRESS", value_hint = ValueHint::FilePath, conflicts_with = "url")]
    database: Option<String>,
    /// Citizens at once, each on a connection of its own
    #[arg(long, default_value_t = 64, value_name = "COUNT")]
    connections: usize,
    /// Turns a second at times of their own, whether or not the last ones were answered; without it, each citizen's next turn
    /// follows on the last answer
    #[arg(long, value_name = "TURNS", conflicts_with = "think")]
    rate: Option<f64>,
    /// Citizens a second who begin at times of their own, whether or not those before them are served; their next turns follow on the
    /// last answer
    #[arg(long, value_name = "CITIZENS", conflicts_with = "rate")]
    arrivals: Option<f64>,
    /// How long a citizen reads and types: `2s..8s` [default: no time]
    #[arg(long, value_name = "TIME", value_parser = plan::span)]
    think: Option<std::ops::Range<Duration>>,
    /// Over this time connections are opened, or the rate rises
    #[arg(long, default_value = "0s", value_name = "TIME", value_parser = plan::time)]
    ramp: Duration,
    /// How long new turns begin; with --baseline, in each round and at each server [default: 10s, with --baseline 4s]
    #[arg(long, value_name = "TIME", value_parser = plan::time)]
    duration: Option<Duration>,
    /// End after so many citizens, if that comes first
    #[arg(long, value_name = "COUNT")]
    citizens: Option<u64>,
    /// How citizens walk, with weights: by chance, as the folder's dialogues say, as a dialogue file says
    #[arg(long, default_value = "random=3,dialogues=1", value_name = "WALK=WEIGHT,…")]
    mix: String,
    /// What befalls which part of the turns: `all`, or `twice=0.01,late=0.005`
    #[arg(long, default_value = "", hide_default_value = true, value_name = "FAULT=PART,…", value_parser = Faults::parse)]
    faults: Faults,
    /// When connections of the fault `cut` are cut
    #[arg(long, default_value = "10s,15s,30s", value_name = "TIMES", value_parser = Cuts::parse)]
    cut: Cuts,
    /// Repeat the run with this seed [default: drawn, and told]
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Print the account as JSON
    #[arg(long, conflicts_with = "baseline")]
    json: bool,
    /// Compare with what this machine gives at best: a bare HTTP handler, and one that syncs as many bytes as a turn writes
    #[arg(long, conflicts_with_all = ["faults", "ramp", "citizens"])]
    baseline: bool,
    /// Rounds of the comparison
    #[arg(long, default_value_t = 3, value_name = "COUNT", requires = "baseline")]
    rounds: usize,
}

fn a_second(flag: &str, of: &str, rate: f64) -> Result<f64, CommandError> {
    let is_rate = rate.is_finite() && rate > 0.0;
    is_rate.then_some(rate).ok_or_else(|| CommandError::Usage(format!("{flag} {rate} is no number of {of} a second")))
}

/// Times when connections are cut.
#[derive(Clone, Debug)]
struct Cuts(Vec<Duration>);

impl Cuts {
    fn parse(text: &str) -> Result<Self, PlanError> {
        plan::times(text).map(Self)
    }
}

/// What is simulated against.
enum Target {
    Own(Box<Own>, Scratch),
    Running(Address),
}

impl Target {
    fn address(&self) -> &Address {
        match self {
            Self::Own(own, _) => &own.address,
            Self::Running(address) => address,
        }
    }
}

impl Simulate {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        super::block_on(self.go())
    }

    async fn go(self) -> Result<ExitCode, CommandError> {
        let folder = super::menus_folder(self.folder.clone());
        let mut loaded = load::load(load::read(folder.as_deref())?);
        let program = Arc::new(super::proved(&mut loaded)?);
        let profile = self.profile(&loaded)?;
        let plan = self.plan(&loaded)?;
        let seed = plan.seed;
        let world = World::new(&program, profile, &loaded.sandboxes);
        let is_known = self.url.is_none() || self.sandbox;
        let world = if is_known { world } else { world.with_other_departments() };
        let world = Arc::new(if self.url.is_some() { world.with_another_address() } else { world });
        let values = Arc::new(Values::of_dialogues(&loaded.files));
        let target = self.target(&world, &loaded.sandboxes).await?;
        if !self.json {
            out::remark(format!("Simulating with --seed {seed} on {}\n", self.gateway));
        }
        let (rounds, counted, took) = if self.baseline {
            let folder = tempfile::tempdir_in(".").map_err(CommandError::io("making a folder for files here"))?;
            let comparison = Comparison { plan, world, values, folder: folder.path() };
            let (rounds, counted, took) =
                comparison.rounds(target.address(), &loaded.sandboxes, self.rounds.max(1)).await?;
            (rounds.table() + "\n", counted, took)
        } else {
            let meter = Arc::new(Meter::default());
            let run = Arc::new(Run::new(plan, world, values, Arc::clone(&meter)));
            watched(&run, target.address(), &meter).await;
            (String::new(), meter.look(Clone::clone), run.took())
        };
        if let Target::Own(own, scratch) = target {
            own.stop().await?;
            scratch.remove().await?;
        }
        if self.json {
            out::print(format!("{:#}\n", report::json(&counted, took, seed)), "the account")?;
        } else {
            let account = report::text(&counted, took);
            out::print(format!("{rounds}{account}{}", report::wrongs(&counted, seed)), "the account")?;
        }
        if !counted.was_answered() {
            return Err(CommandError::Usage(
                "no turn was answered; is the server there, and the gateway open?".to_owned(),
            ));
        }
        // Departments of a server of its own do not fail.
        let has_failed = counted.is_failed() || (self.url.is_none() && counted.calls_failed > 0);
        Ok(if has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }

    fn profile(&self, loaded: &Loaded) -> Result<Arc<Profile>, CommandError> {
        let known = loaded.profiles.iter().find(|profile| profile.name == self.gateway);
        let names = loaded.profiles.iter().map(|profile| profile.name.as_str());
        known.cloned().map(Arc::new).ok_or_else(|| super::unknown("gateway", &self.gateway, names))
    }

    fn plan(&self, loaded: &Loaded) -> Result<Plan, CommandError> {
        let think = self.think.clone().unwrap_or_default();
        let rhythm = match (self.rate, self.arrivals) {
            (Some(rate), _) => Rhythm::Open { per_second: a_second("--rate", "turns", rate)? },
            (_, Some(rate)) => Rhythm::Arrivals { per_second: a_second("--arrivals", "citizens", rate)?, think },
            (None, None) => Rhythm::Closed { think },
        };
        let drawn = || u64::try_from(SystemChance.draw() % 1_000_000).unwrap_or_default();
        Ok(Plan {
            seed: self.seed.unwrap_or_else(drawn),
            connections: self.connections.max(1),
            rhythm,
            ramp: self.ramp,
            duration: self.duration.unwrap_or(if self.baseline { STRETCH } else { DURATION }),
            citizens: self.citizens,
            mix: mix(&self.mix, loaded)?,
            faults: self.faults.clone(),
            cuts: self.cut.0.clone(),
        })
    }

    async fn target(&self, world: &World, sandboxes: &[SandboxFile]) -> Result<Target, CommandError> {
        if let Some(url) = &self.url {
            let (socket, host) = reached(url).await?;
            if !self.beyond_loopback && !socket.ip().to_canonical().is_loopback() {
                return Err(CommandError::Usage(format!(
                    "`{url}` is not on this machine; --beyond-loopback allows that, where its operators know of it"
                )));
            }
            return Ok(Target::Running(Address::new(socket, host, &self.gateway, &self.secret)));
        }
        let database: Option<Database> = self.database.as_deref().map(str::parse).transpose()?;
        let scratch = Scratch::here(database.as_ref()).await?;
        let (program, profile) = (Arc::clone(&world.program), Arc::clone(&world.profile));
        let site = server::site(program, profile, sandboxes, &scratch.database()).await?;
        Ok(Target::Own(Box::new(Own::start(site, &world.profile).await?), scratch))
    }
}

/// Runs to its end; Ctrl-C lets nobody begin another turn, a second one waits for nobody. Tells once a second how it goes, where
/// somebody sees it.
async fn watched(run: &Arc<Run>, address: &Address, meter: &Meter) {
    let told = std::io::stderr().is_terminal();
    let (mut turns, mut stopped, mut running) = (0, false, std::pin::pin!(run.run(address)));
    loop {
        tokio::select! {
            () = &mut running => break,
            _ = tokio::signal::ctrl_c() => {
                run.stop();
                if std::mem::replace(&mut stopped, true) {
                    break;
                }
            }
            () = crate::ambient::SystemClock.sleep(LIVE), if told => {
                let (line, now) = report::live(meter, turns, LIVE);
                turns = now;
                out::remark(format!("\r\x1b[K{line}"));
            }
        }
    }
    if told {
        out::remark("\r\x1b[K");
    }
}

/// `random=3,dialogues=1,rush.dialogue=2`
fn mix(text: &str, loaded: &Loaded) -> Result<Mix, CommandError> {
    let mut mix = Mix::default();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (walk, weight) = part.rsplit_once('=').unwrap_or((part, "1"));
        let wrong = || CommandError::Usage(format!("`{part}` in --mix has no weight; write `{walk}=1`"));
        let weight =
            weight.parse().ok().filter(|weight: &f64| weight.is_finite() && *weight >= 0.0).ok_or_else(wrong)?;
        match walk {
            "random" => mix.random = weight,
            "dialogues" => {
                let files = loaded.files.iter().filter(|(_, file)| file.path.ends_with(".dialogue"));
                let scripts: Vec<Script> = files.flat_map(|(_, file)| scripts(&file.text)).collect();
                mix.add(scripts, weight);
            }
            path => {
                let text = std::fs::read_to_string(Path::new(path));
                let text = text.map_err(CommandError::io(format!("reading `{path}`")))?;
                dialogue::parse(&text).map_err(|error| CommandError::Usage(format!("`{path}`: {error}")))?;
                mix.add(scripts(&text).collect(), weight);
            }
        }
    }
    if mix.is_empty() {
        return Err(CommandError::Usage(format!("--mix `{text}` lets nobody walk; write random=1")));
    }
    Ok(mix)
}

/// What the dialogues of a file make a citizen do. What cannot be read is told by `play`.
fn scripts(text: &str) -> impl Iterator<Item = Script> {
    dialogue::parse(text).unwrap_or_default().into_iter().filter_map(|dialogue| Script::of(&dialogue))
}

/// Where a URL leads, and how the `Host` header names it.
async fn reached(url: &str) -> Result<(SocketAddr, String), CommandError> {
    let wrong = |why: &str| CommandError::Usage(format!("--url `{url}`: {why}"));
    let parsed: axum::http::Uri = url.parse().map_err(|_| wrong("is no address; write http://127.0.0.1:8080"))?;
    if parsed.scheme_str() != Some("http") {
        return Err(wrong("is spoken to without TLS; write http://, and name the server behind a proxy"));
    }
    if !matches!(parsed.path(), "" | "/") {
        return Err(wrong("has a path; name the server alone, and its gateway and secret with --gateway and --secret"));
    }
    let authority = parsed.authority().ok_or_else(|| wrong("names no host"))?;
    let port = authority.port_u16().unwrap_or(80);
    let host = authority.host().trim_matches(['[', ']']);
    let found = tokio::net::lookup_host((host, port)).await.map_err(|error| wrong(&error.to_string()))?.next();
    Ok((found.ok_or_else(|| wrong("leads nowhere"))?, authority.to_string()))
}
