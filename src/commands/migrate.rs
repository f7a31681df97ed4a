//! `gramsetu migrate`: a database's schema, and whether it is whole.

use std::process::ExitCode;

use clap::Args;

use super::{CommandError, Where, counted, out};
use crate::bridge::{self, KeysError};
use crate::settings::Settings;
use crate::store::{self, Database, Examined};

/// Bring the database to this version's schema, or look whether it is there and whole
///
/// `serve` does the same at its start. A file that is missing is created.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit status:
  0  The database has this version's schema; with --check: and is whole, and the keys open it.
  1  With --check: there is something to do, or something is wrong.
  2  It could not be done, or not be looked at.

Examples:
  gramsetu migrate --settings /etc/gramsetu/gramsetu.toml
  gramsetu migrate --check --database /var/lib/gramsetu/gramsetu.db")]
pub(super) struct Migrate {
    #[command(flatten)]
    place: Where,
    /// Change nothing: say which schema it has, whether it is whole, and whether the keys of the settings open it
    #[arg(long)]
    check: bool,
}

impl Migrate {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let settings = self.place.settings()?;
        let database: Database = settings.database.parse()?;
        super::block_on(async move {
            if self.check {
                let examined = store::examine(&database, bridge::WITNESS).await?;
                let keys = keys(&settings, &examined)?;
                let (said, is_well) = report(&database, &examined, keys);
                out::print(said, "what was found")?;
                return Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE });
            }
            store::migrate(&database).await?;
            out::print(format!("{database} has this version's schema\n"), "what was done")?;
            Ok(ExitCode::SUCCESS)
        })
    }
}

/// Whether the settings' keys open it; `None` where the settings have none.
fn keys(settings: &Settings, examined: &Examined) -> Result<Option<Result<(), KeysError>>, CommandError> {
    let keyring = settings.keys.as_ref().map(super::assemble::keyring).transpose()?;
    Ok(keyring.map(|keyring| bridge::fit(&keyring, examined.record.as_ref())))
}

/// What was found, a line each, and whether all is well.
fn report(database: &Database, examined: &Examined, keys: Option<Result<(), KeysError>>) -> (String, bool) {
    let Examined { exists, in_use, applied, missing, wrong, record, holdings } = examined;
    let mut lines = vec![format!("database  {database}")];
    let mut is_well = *exists && missing.is_empty() && wrong.is_empty();
    if !exists {
        lines.push("          there is none yet: `gramsetu migrate` and `serve` make it".to_owned());
    } else if *in_use {
        lines.push("          a server has it open".to_owned());
    }
    if let Some(last) = applied.last() {
        lines.push(format!("schema    {last}"));
    }
    if !missing.is_empty() {
        lines.push(format!("missing   {}: run `gramsetu migrate`", missing.join(", ")));
    }
    lines.extend(wrong.iter().map(|wrong| format!("wrong     {wrong}")));
    if wrong.is_empty() && !applied.is_empty() {
        lines.push("whole     yes".to_owned());
        lines.push(format!("holds     {}", held(*holdings)));
    }
    match keys {
        Some(Err(error)) => {
            is_well = false;
            lines.push(format!("keys      {error}"));
        }
        Some(Ok(())) if record.is_some() => lines.push("keys      those of the settings open it".to_owned()),
        Some(Ok(())) if wrong.is_empty() => lines.push("keys      it has seen none yet".to_owned()),
        Some(Ok(())) => lines.push("keys      not looked at".to_owned()),
        None => lines.push("keys      the settings have none, so that was not looked at".to_owned()),
    }
    (lines.join("\n") + "\n", is_well)
}

/// `2 conversations, 1 subscriber, 0 intents, 14 journeys, 1 message`
pub(super) fn held(holdings: store::Holdings) -> String {
    let store::Holdings { conversations, subscribers, intents, journeys, messages } = holdings;
    let counts = [
        (conversations, "conversation"),
        (subscribers, "subscriber"),
        (intents, "intent"),
        (journeys, "journey"),
        (messages, "message"),
    ];
    counts.map(|(count, what)| counted(usize::try_from(count).unwrap_or(usize::MAX), what)).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Holdings;

    fn said(examined: &Examined, keys: Option<Result<(), KeysError>>) -> (String, bool) {
        report(&Database::Sqlite("gramsetu.db".into()), examined, keys)
    }

    #[test]
    fn each_thing_that_is_not_well_is_said_and_counts() {
        let holdings = Holdings { conversations: 1, subscribers: 0, intents: 2, journeys: 3, messages: 4 };
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let whole = Examined { exists: true, applied: names(&["0001 store"]), holdings, ..Examined::default() };
        let (text, is_well) = said(&whole, None);
        assert!(is_well);
        assert_eq!(
            text,
            "database  gramsetu.db\nschema    0001 store\nwhole     yes\nholds     1 conversation, 0 subscribers, 2 intents, \
             3 journeys, 4 messages\nkeys      the settings have none, so that was not looked at\n"
        );
        let behind = Examined { missing: names(&["0002 programs"]), ..whole.clone() };
        let broken = Examined { wrong: names(&["it is damaged"]), ..whole.clone() };
        for (examined, keys, part) in [
            (&behind, None, "missing   0002 programs"),
            (&broken, None, "wrong     it is damaged"),
            (&Examined::default(), None, "there is none yet"),
            (&whole, Some(Err(KeysError::Hash)), "made with another hash key"),
        ] {
            let (text, is_well) = said(examined, keys);
            assert!(!is_well && text.contains(part), "{text}");
        }
    }
}
