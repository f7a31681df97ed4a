//! `gramsetu dial`: a phone in the terminal.

use std::io::{BufRead as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::{CommandError, play};
use crate::ambient::{SystemChance, VirtualClock};
use crate::dialogue::{THINKS, USUAL_GATEWAY};
use crate::gateway::Profile;
use crate::handset::{Handset, OverHttp, Shown};
use crate::house::load;
use crate::phone::{self, Country};
use crate::source;
use crate::types::{Msisdn, Secret};

#[derive(Debug, Args)]
pub(super) struct Dial {
    /// What to dial: '*123#', or '*123*2*1#' with answers (in quotes, so that the shell leaves it alone)
    dialled: String,
    /// The number that calls
    #[arg(long, default_value = "+919812345670", value_name = "NUMBER")]
    from: String,
    /// Dial a running server instead of menus in this process: `http://127.0.0.1:8080`
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The gateway through which the call comes
    #[arg(long, default_value = USUAL_GATEWAY, value_name = "NAME")]
    gateway: String,
    /// The hook's secret on the running server
    #[arg(long, default_value = "demo", env = "GRAMSETU_SECRET", hide_env_values = true, value_name = "SECRET")]
    secret: Secret,
    /// The folder of menus; without one, `menus` here, or the menus that come with the program
    #[arg(long, value_name = "FOLDER")]
    menus: Option<PathBuf>,
}

impl Dial {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        super::block_on(self.talk())
    }

    async fn talk(self) -> Result<ExitCode, CommandError> {
        let home = Country::by_iso("IN")
            .ok_or_else(|| CommandError::Usage("the table of countries has no India".to_owned()))?;
        let number = phone::parse(&self.from, home)
            .map_err(|error| CommandError::Usage(format!("--from `{}`: {error}", self.from)))?;
        match &self.url {
            Some(url) => {
                let folder = self.menus.clone().or_else(|| load::folder(Path::new("menus")));
                let loaded = load::load(load::read(folder.as_deref())?);
                let profile = self.profile(loaded.profiles)?;
                let wire = OverHttp::new(url, self.secret.clone())
                    .map_err(|error| CommandError::Usage(format!("--url `{url}`: {error}")))?;
                let codes = loaded.program.map_or_else(Vec::new, |program| program.codes());
                let handset = Handset::new(Box::new(wire), Arc::new(SystemChance), profile, number, codes);
                self.converse(handset, None).await
            }
            None => self.in_process(number).await,
        }
    }

    async fn in_process(&self, number: Msisdn) -> Result<ExitCode, CommandError> {
        let folder = self.menus.clone().or_else(|| load::folder(Path::new("menus")));
        let mut loaded = load::load(load::read(folder.as_deref())?);
        if loaded.has_errors() {
            eprint!("{}", source::render(&loaded.findings, &loaded.files, false));
            return Err(CommandError::Refused);
        }
        let program = Arc::new(loaded.program.take().ok_or(CommandError::Refused)?);
        let profile = self.profile(loaded.profiles)?;
        let own = play::stage(&program, &[Arc::clone(&profile)]).await?;
        let handset =
            Handset::new(Box::new(own.stage.wire.clone()), Arc::new(SystemChance), profile, number, program.codes());
        self.converse(handset, Some(&own.stage.clock)).await
    }

    fn profile(&self, profiles: Vec<Profile>) -> Result<Arc<Profile>, CommandError> {
        let names: Vec<String> = profiles.iter().map(|profile| profile.name.clone()).collect();
        let found = profiles.into_iter().find(|profile| profile.name == self.gateway);
        found.map(Arc::new).ok_or_else(|| CommandError::no_gateway(&self.gateway, &names))
    }

    /// Shows and asks until the dialogue is over or nothing more is typed. A virtual clock is moved by what people take to
    /// answer, or the same key pressed twice would be a repeat.
    async fn converse(&self, mut handset: Handset, clock: Option<&VirtualClock>) -> Result<ExitCode, CommandError> {
        let failed = |error: crate::handset::HandsetError| CommandError::Usage(error.to_string());
        let mut shown = handset.dial(&self.dialled).await.map_err(failed)?;
        loop {
            print(&shown).map_err(CommandError::io("writing to the terminal"))?;
            if !shown.more {
                return Ok(ExitCode::SUCCESS);
            }
            let mut line = String::new();
            let read = std::io::stdin().lock().read_line(&mut line);
            if read.map_err(CommandError::io("reading from the terminal"))? == 0 {
                println!("(hung up)");
                handset.hang_up().await.map_err(failed)?;
                return Ok(ExitCode::SUCCESS);
            }
            if let Some(clock) = clock {
                clock.advance(THINKS);
            }
            shown = handset.answer(line.trim_end_matches(['\r', '\n'])).await.map_err(failed)?;
        }
    }
}

fn print(shown: &Shown) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n{}", shown.text)?;
    let after = if shown.more { "\n> " } else { "\n(the call has ended)\n" };
    write!(out, "{after}")?;
    out.flush()
}
