//! `gramsetu play`: plays the dialogues of a folder of menus.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueHint};

use super::scratch::Scratch;
use super::{CommandError, assemble::AssembleError, counted, out};
use crate::ambient::{SeededChance, VirtualClock};
use crate::department::sandbox::{self, Sandbox};
use crate::dialogue::{self, Backstage, Exchange, Messages, Stage};
use crate::gateway::Profile;
use crate::handset::InProcess;
use crate::house::Plan;
use crate::house::load::{self, Loaded};
use crate::http::{self, Gateway, Rate, Rates, Turns};
use crate::menu::{Program, SandboxFile};
use crate::meters::Meters;
use crate::store::seal::Keyring;
use crate::store::{self, Database, Options, Store};
use crate::types::{Chance, Clock, Secret, Timestamp};

/// When every dialogue begins: Thursday, 15 January 2026, half past ten in the morning in India.
const BEGINS: Timestamp = Timestamp(1_768_453_200_000);
/// The secret of the hooks inside a stage; nobody outside the process can reach them.
const SECRET: &str = "stage";

/// Play the dialogues of a folder of menus and say where the phone shows something else
///
/// A dialogue (`*.dialogue`) is a conversation written down; docs/menus.md says how. Departments are sandboxes, and time is
/// virtual: nobody waits.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit status:
  0  Every dialogue showed what it says.
  1  One showed something else.
  2  The menus have errors, or could not be read.

Examples:
  gramsetu play menus
  gramsetu play menus --only epfo
  gramsetu play --update menus
  gramsetu play menus --database postgres://user:password@localhost/test")]
pub(super) struct Play {
    /// The folder of menus; without it, `menus` here, or the menus that come with the program
    #[arg(value_hint = ValueHint::DirPath)]
    folder: Option<PathBuf>,
    /// Rewrite what the phone shows in the transcripts, for review as a diff
    #[arg(long)]
    update: bool,
    /// Play only files whose path holds this
    #[arg(long, value_name = "WORD")]
    only: Option<String>,
    /// Where sessions are kept meanwhile: a new SQLite file, or `postgres://user:password@host/name`, in which each dialogue has
    /// a schema of its own [default: a temporary file]
    #[arg(long, value_name = "FILE|ADDRESS", value_hint = ValueHint::FilePath)]
    database: Option<String>,
}

impl Play {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let folder = super::menus_folder(self.folder.clone());
        let mut loaded = load::load(load::read(folder.as_deref())?);
        let program = Arc::new(super::proved(&mut loaded)?);
        let database = self.database.as_deref().map(str::parse).transpose().map_err(AssembleError::from)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(CommandError::io("starting the runtime"))?;
        runtime.block_on(self.play_all(folder.as_deref(), &loaded, &program, database.as_ref()))
    }

    async fn play_all(
        &self,
        folder: Option<&Path>,
        loaded: &Loaded,
        program: &Arc<Program>,
        database: Option<&Database>,
    ) -> Result<ExitCode, CommandError> {
        let profiles: Vec<Arc<Profile>> = loaded.profiles.iter().cloned().map(Arc::new).collect();
        let (mut passed, mut failed) = (0, 0);
        let transcripts = loaded.files.iter().filter(|(_, file)| file.path.ends_with(".dialogue"));
        for (_, file) in transcripts.filter(|(_, file)| self.only.as_ref().is_none_or(|word| file.path.contains(word)))
        {
            let dialogues = match dialogue::parse(&file.text) {
                Ok(dialogues) => dialogues,
                Err(error) => {
                    say(&format!("FAILED  {}: {error}", file.path))?;
                    failed += 1;
                    continue;
                }
            };
            let mut exchanges = Vec::new();
            for dialogue in &dialogues {
                let own = stage(program, &loaded.sandboxes, &profiles, database).await?;
                let played = dialogue::play(&own.stage, dialogue).await;
                own.strike().await?;
                exchanges.extend(played.exchanges);
                if played.mismatches.is_empty() || self.update {
                    passed += 1;
                    say(&format!("ok      {}: {}", file.path, dialogue.title))?;
                    continue;
                }
                failed += 1;
                say(&format!("FAILED  {}: {}", file.path, dialogue.title))?;
                for mismatch in &played.mismatches {
                    say(&format!("  {}:{}: {}", file.path, mismatch.number, mismatch.what))?;
                    for line in mismatch.shown.lines() {
                        say(&format!("    | {line}"))?;
                    }
                }
            }
            if self.update {
                rewrite(folder, &file.path, &file.text, &exchanges)?;
            }
        }
        say(&format!("{} passed, {failed} failed", counted(passed, "dialogue")))?;
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// A line of the report. All dialogues are played, whether or not it is read: the exit status is about all of them.
fn say(line: &str) -> Result<(), CommandError> {
    out::print(format!("{line}\n"), "the report")
}

fn rewrite(folder: Option<&Path>, path: &str, text: &str, exchanges: &[Exchange]) -> Result<(), CommandError> {
    let folder =
        folder.ok_or_else(|| CommandError::Usage("--update writes into a folder of menus; name one".to_owned()))?;
    let updated = dialogue::update(text, exchanges);
    if updated != text {
        super::rewrite::rewrite(&folder.join(path), &updated)?;
    }
    Ok(())
}

/// A stage and where its sessions are kept, which is to go with it.
#[derive(Debug)]
pub(super) struct OwnStage {
    pub(super) stage: Stage,
    store: Arc<dyn Store>,
    scratch: Scratch,
}

impl OwnStage {
    /// The play is over: nothing of it is kept.
    async fn strike(self) -> Result<(), CommandError> {
        drop(self.stage);
        self.store.close().await.map_err(AssembleError::from)?;
        self.scratch.remove().await
    }
}

/// Every gateway of calls, and the one of messages and payments, which may have the name of one of those.
fn gateways(profiles: &[Arc<Profile>], messages: &Messages) -> Result<Vec<Gateway>, AssembleError> {
    let open = |name: &str| Gateway::named(name, vec![Secret::new(SECRET.to_owned())], Vec::new());
    let calls = |gateway: Gateway, profile: Option<&Arc<Profile>>| match profile {
        Some(profile) => gateway.with_ussd(Arc::clone(profile)),
        None => gateway,
    };
    let of_messages = messages.gateway();
    let (same, others): (Vec<_>, Vec<_>) = profiles.iter().partition(|profile| profile.name == of_messages);
    let mut gateways = vec![messages.open(calls(open(of_messages)?, same.first().copied()))?];
    for profile in others {
        gateways.push(calls(open(&profile.name)?, Some(profile)));
    }
    Ok(gateways)
}

/// A bridge of its own with virtual time, sandbox departments and a sandbox aggregator in-process and every gateway open. Without a database, its
/// sessions are in a temporary file.
pub(super) async fn stage(
    program: &Arc<Program>,
    sandboxes: &[SandboxFile],
    profiles: &[Arc<Profile>],
    database: Option<&Database>,
) -> Result<OwnStage, CommandError> {
    let scratch = Scratch::make(database).await?;
    let clock = Arc::new(VirtualClock::starting_at(BEGINS));
    let chance: Arc<dyn Chance> = Arc::new(SeededChance::new(1));
    let sandbox = Arc::new(Sandbox::new(program, sandboxes));
    let virtual_clock: Arc<dyn Clock> = Arc::<VirtualClock>::clone(&clock);
    let messages = Messages::new(SECRET, &virtual_clock, &chance);
    let gateways = gateways(profiles, &messages)?;
    let (hash, seal) = Keyring::draw();
    let keyring = Keyring::new(&hash, &[(1, seal)]).map_err(AssembleError::from)?;
    let options = Options::default();
    let store = match store::open(&scratch.database(), options, BEGINS).await {
        Ok(store) => store,
        Err(error) => {
            scratch.remove().await?;
            return Err(AssembleError::from(error).into());
        }
    };
    let site = Plan {
        program: Arc::clone(program),
        gateways,
        store: Arc::clone(&store),
        transport: Arc::new(sandbox::InProcess::new(Arc::clone(&sandbox), Arc::clone(&virtual_clock))),
        policies: sandbox::policies(program, sandboxes),
        sending: messages.sending(),
        keyring,
        clock: virtual_clock,
        chance: Arc::clone(&chance),
        meters: Arc::new(Meters::default()),
        // Virtual time stands still while a dialogue types: the rates of people do not apply.
        rates: Rates::new(Rate::GATEWAY, Rate::GATEWAY),
        trusted_proxies: Vec::new(),
        public_url: None,
        largest_body: 16 * 1024,
        turns: Turns::default(),
    }
    .site();
    let wire = Arc::new(InProcess::new(http::public(&site), SECRET));
    let behind = Some(Backstage { bridge: Arc::clone(&site.bridge), clock, sandbox, messages });
    let stage = Stage { wire, chance, profiles: profiles.to_vec(), codes: program.codes(), behind };
    Ok(OwnStage { stage, store, scratch })
}
