//! `gramsetu dial`: a phone in the terminal.

mod frame;
mod messages;
mod talk;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Args, ValueHint};

use super::{CommandError, play};
use crate::ambient::SystemChance;
use crate::dialogue::{Stage, USUAL_GATEWAY, USUAL_NUMBER};
use crate::gateway::{self, Profile};
use crate::handset::{OverHttp, Wire};
use crate::house::load;
use crate::menu::{Keys, Program};
use crate::types::Secret;
use messages::Messages;
use talk::Talk;

/// A phone in the terminal, on menus in this process or on a running server
///
/// Shows what the phone shows and sends what is typed. The end of the input (Ctrl-D) hangs up.
#[derive(Debug, Args)]
#[command(after_long_help = "\
While the phone is in your hand, type an answer, or a line that begins with `/`:

  /repeat                        the gateway sends its last callback again
  /hang up                       you hang up, or the call drops
  /time out                      the network gives up waiting for you
  /redial                        you dial the same once more
  /dial *123*3# from +91…        you dial something else, or from another phone
  /gateway mtech                 what is dialled next goes over another gateway
  /wait 40s                      time passes; with --url it really does
  /language hi                   whoever dials next reads Hindi          (not with --url)
  /department epfo fails with 503                                        (not with --url)
  /aggregator loses the answer   it takes messages, and does not say so  (not with --url)

and whether or not a call is open, with the slash or without:

  sms PNR 1234567890 to 139      you send a message; what arrives is shown (with --url: where that is a demo)
  call 9718397183                you ring once and hang up: a missed call

These are the lines of dialogues (docs/menus.md), in which --record writes them down. An answer that begins with `/` is typed
`//`. With --url, most gateways' rule holds that the same answer twice within two seconds is a repeat.

Examples:
  gramsetu dial '*123#'
  gramsetu dial '*123*3#' --menus menus --gateway mtech
  gramsetu dial '*123#' --url http://127.0.0.1:8080")]
pub(super) struct Dial {
    /// What to dial: '*123#', or '*123*3*1#' with answers (in quotes, so that the shell leaves it alone)
    dialled: String,
    /// The number that calls
    #[arg(long, default_value = USUAL_NUMBER, value_name = "NUMBER")]
    from: String,
    /// Dial a running server instead of menus in this process: `http://127.0.0.1:8080`
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    url: Option<String>,
    /// The gateway through which the call comes
    #[arg(long, default_value = USUAL_GATEWAY, value_name = "NAME", value_parser = GatewayNames, hide_possible_values = true)]
    gateway: String,
    /// The hook's secret on the running server
    #[arg(long, default_value = "demo", env = "GRAMSETU_SECRET", hide_env_values = true, value_name = "SECRET")]
    secret: Secret,
    /// The folder of menus; without one, `menus` here, or the menus that come with the program
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    menus: Option<PathBuf>,
    /// Write what is done and shown as a dialogue, behind those that the file holds
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    record: Option<PathBuf>,
}

/// Any name, since folders of menus have gateways of their own; shells complete those that come with the program.
#[derive(Clone, Debug)]
pub(super) struct GatewayNames;

impl TypedValueParser for GatewayNames {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(gateway::shipped_names().map(PossibleValue::new)))
    }
}

impl Dial {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        super::block_on(self.go())
    }

    async fn go(self) -> Result<ExitCode, CommandError> {
        let folder = super::menus_folder(self.menus.clone());
        let mut loaded = load::load(load::read(folder.as_deref())?);
        let profiles: Vec<Arc<Profile>> = std::mem::take(&mut loaded.profiles).into_iter().map(Arc::new).collect();
        let Some(url) = &self.url else {
            let program = Arc::new(super::proved(&mut loaded)?);
            let own = play::stage(&program, &loaded.sandboxes, &profiles, None).await?;
            return self.talk(&own.stage, Some(&program.navigation.ussd), None).await;
        };
        let wire = OverHttp::new(url, self.secret.clone())
            .map_err(|error| CommandError::Usage(format!("--url `{url}`: {error}")))?;
        let wire: Arc<dyn Wire> = Arc::new(wire);
        let messages = Messages {
            base: url.clone(),
            wire: Arc::clone(&wire),
            profiles: std::mem::take(&mut loaded.messages).into_iter().map(Arc::new).collect(),
            secret: self.secret.clone(),
        };
        let codes = loaded.program.as_ref().map_or_else(Vec::new, Program::codes);
        let stage = Stage { wire, chance: Arc::new(SystemChance), profiles, codes, behind: None };
        self.talk(&stage, loaded.program.as_ref().map(|program| &program.navigation.ussd), Some(messages)).await
    }

    async fn talk(
        &self,
        stage: &Stage,
        keys: Option<&Keys>,
        messages: Option<Messages>,
    ) -> Result<ExitCode, CommandError> {
        let mut talk = Talk::new(stage, keys, self.record.as_deref(), messages);
        talk.begin(&self.dialled, &self.from, &self.gateway).await?;
        talk.go_on().await
    }
}
