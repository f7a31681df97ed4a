//! `gramsetu messages`: what waits to be sent, what is in doubt, what was given up and what was not delivered, and having it sent again.
//! Numbers are masked, and texts are not shown.

mod again;
mod told;

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use self::again::Which;
use super::{CommandError, Where, assemble, out};
use crate::ambient::SystemClock;
use crate::store::seal::Keyring;
use crate::store::{
    self, CommitError, Database, DatabaseError, Mail, MessageFilter, MessageId, NoMessageId, StoreError,
};
use crate::text;
use crate::types::{Clock as _, Timestamp};

/// See messages that wait, are in doubt, were given up or not delivered, and have them sent again
///
/// Without a word more: how many of each there are, by route and reason. It works beside servers that have the database open; they look for
/// what they are to send twice a second. Numbers are masked (for that it needs the keys of the settings), texts are never shown.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit status:
  0  It was shown, or done.
  1  Some of the messages that were named do not go out again: it says which, and why.
  2  It could not be done.

Examples:
  gramsetu messages
  gramsetu messages dead --limit 20
  gramsetu messages show 0198a3c5d1e2f30415263748596a7b8c
  gramsetu messages requeue 0198a3c5d1e2f30415263748596a7b8c
  gramsetu messages requeue --dead --reason no_connection --since 2h
  gramsetu messages requeue --undelivered --reason absent --since 1h
  gramsetu messages requeue --doubtful --may-repeat --since '2026-01-15 03:00'")]
pub(super) struct Messages {
    #[command(subcommand)]
    what: Option<What>,
    /// How it is written
    #[arg(long, value_enum, default_value_t = Format::Text, global = true)]
    format: Format,
    /// The SQLite file, or the address of a PostgreSQL
    #[arg(long, value_name = "DATABASE", value_hint = ValueHint::FilePath, global = true)]
    database: Option<String>,
    /// The settings file [default: gramsetu.toml where there is one]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, env = "GRAMSETU_SETTINGS", global = true)]
    settings: Option<std::path::PathBuf>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List those that were refused for good or came too late, the newest first
    Dead(Listed),
    /// List those of which nobody knows whether they went out, the newest first
    Doubtful(Listed),
    /// List those of which a receipt said that they were not delivered, the newest first
    Undelivered(Listed),
    /// List those that are to be sent or are being sent, in the order in which they go out
    Waiting(Listed),
    /// Show what is known of one message
    Show {
        /// Its id, of 32 hexadecimal digits
        #[arg(value_parser = id)]
        id: MessageId,
    },
    /// Have messages sent again, which are then tried as often as new ones
    ///
    /// By their ids, or all dead letters, doubtful or undelivered ones that fit. A code (OTP) does not outlive the time in which it is valid.
    Requeue(Again),
}

#[derive(Debug, Args)]
struct Listed {
    /// At most so many
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    limit: u32,
}

#[derive(Debug, Args)]
struct Again {
    /// Ids of messages
    #[arg(value_name = "ID", value_parser = id, required_unless_present = "all",
          conflicts_with_all = ["all", "reason", "route", "since"])]
    ids: Vec<MessageId>,
    #[command(flatten)]
    all: All,
    /// Of these, only those with this reason, as the lists show it
    #[arg(long, value_name = "WORD", conflicts_with = "doubtful")]
    reason: Option<String>,
    /// Of these, only those that were last sent on this route
    #[arg(long, value_name = "NAME")]
    route: Option<String>,
    /// Of these, only those that were queued since then: `2h`, `2026-01-15`, `2026-01-15 03:30` (IST)
    #[arg(long, value_name = "TIME", value_parser = since)]
    since: Option<Since>,
    /// Accept that citizens get a message that is in doubt for the second time
    #[arg(long)]
    may_repeat: bool,
    /// They are of no use later than so long from now
    #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = duration)]
    within: Duration,
}

/// Instead of ids.
#[derive(Debug, Args)]
#[group(id = "all", multiple = false)]
struct All {
    /// All dead letters
    #[arg(long)]
    dead: bool,
    /// All that are in doubt and are not sent again by themselves
    #[arg(long)]
    doubtful: bool,
    /// All of which a receipt said that they were not delivered
    #[arg(long)]
    undelivered: bool,
}

impl All {
    fn filter(&self) -> Option<MessageFilter> {
        let flags = [
            (self.dead, MessageFilter::DeadLetters),
            (self.doubtful, MessageFilter::Doubtful),
            (self.undelivered, MessageFilter::Undelivered),
        ];
        flags.into_iter().find_map(|(is_meant, filter)| is_meant.then_some(filter))
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For scripts: JSON
    Json,
}

/// From when on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Since {
    Ago(Duration),
    At(Timestamp),
}

#[derive(Debug, thiserror::Error)]
pub(super) enum MessagesError {
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("messages could not be queued again: {0}; look at them before you try again, some may be")]
    Commit(#[from] CommitError),
    #[error(
        "there is no database `{0}`; name that of the servers with `--database`, or their settings with `--settings`"
    )]
    NoDatabase(Database),
    #[error("there is no message {0}; one that is done with is forgotten after the days that `limits.messages` says")]
    NoMessage(MessageId),
    #[error(
        "{0} in doubt: the gateway may have sent them and only its answer was lost, and then citizens get them twice. Ask the gateway \
         first, where it can tell. Where getting nothing is worse than getting it twice, add `--may-repeat`"
    )]
    MayRepeat(String),
}

/// What every part of the command needs.
struct Desk {
    mail: Box<dyn Mail>,
    database: Database,
    /// `None` where the settings have no keys: then numbers are not shown.
    keyring: Option<Keyring>,
    now: Timestamp,
    format: Format,
}

impl Messages {
    pub(super) fn run(self) -> Result<ExitCode, CommandError> {
        let Self { what, format, database, settings } = self;
        let settings = Where { database, settings }.settings()?;
        let keyring = settings.keys.as_ref().map(assemble::keyring).transpose()?;
        super::block_on(async move {
            let database: Database = settings.database.parse().map_err(MessagesError::from)?;
            // Looking makes no file: it may be looked for in the wrong place.
            if database.is_missing() {
                return Err(MessagesError::NoDatabase(database).into());
            }
            let now = SystemClock.now();
            let mail = store::open_mail(&database, now).await.map_err(MessagesError::from)?;
            let desk = Desk { mail, database, keyring, now, format };
            let done = desk.perform(what).await;
            // What was asked is done or not, whatever becomes of the connection.
            drop(desk.mail.close().await);
            done
        })
    }
}

impl Desk {
    async fn perform(&self, what: Option<What>) -> Result<ExitCode, CommandError> {
        match what {
            None => say(&told::summary(self, &self.mail.groups().await.map_err(MessagesError::from)?))?,
            Some(What::Dead(listed)) => self.list(MessageFilter::DeadLetters, listed.limit).await?,
            Some(What::Doubtful(listed)) => self.list(MessageFilter::Doubtful, listed.limit).await?,
            Some(What::Undelivered(listed)) => self.list(MessageFilter::Undelivered, listed.limit).await?,
            Some(What::Waiting(listed)) => self.list(MessageFilter::Waiting, listed.limit).await?,
            Some(What::Show { id }) => {
                let found = self.mail.message(id).await.map_err(MessagesError::from)?;
                say(&told::one(self, &found.ok_or(MessagesError::NoMessage(id))?))?;
            }
            Some(What::Requeue(again)) => return self.requeue(again).await,
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn list(&self, filter: MessageFilter, limit: u32) -> Result<(), CommandError> {
        // One more, to know whether there is more.
        let mut found = self.mail.messages(filter, limit.saturating_add(1)).await.map_err(MessagesError::from)?;
        let shown = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = found.len() > shown;
        found.truncate(shown);
        say(&told::list(self, filter, &found, has_more))
    }

    async fn requeue(&self, again: Again) -> Result<ExitCode, CommandError> {
        let Again { ids, all, reason, route, since, may_repeat, within } = again;
        let since = since.map(|since| match since {
            Since::Ago(ago) => Timestamp(self.now.0.saturating_sub(i64::try_from(ago.as_millis()).unwrap_or(i64::MAX))),
            Since::At(at) => at,
        });
        let which = all.filter().map_or(Which::Named(ids), |filter| Which::All { filter, reason, route, since });
        let outcome = again::requeue(&*self.mail, which, may_repeat, self.now, within).await?;
        say(&told::requeued(self, &outcome))?;
        Ok(if outcome.left.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn say(text: &str) -> Result<(), CommandError> {
    out::print(text, "what messages there are")
}

fn id(text: &str) -> Result<MessageId, NoMessageId> {
    text.to_lowercase().parse()
}

fn duration(text: &str) -> Result<Duration, String> {
    let found = text::duration(text).filter(|duration| !duration.is_zero());
    found.ok_or_else(|| format!("`{text}` is no duration; write it like `30m`, `2h` or `1d`"))
}

/// How long ago, or a day or minute of India.
fn since(text: &str) -> Result<Since, String> {
    if let Some(ago) = text::duration(text) {
        return Ok(Since::Ago(ago));
    }
    let day = || chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    let minute = || chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").ok();
    let found = day().or_else(minute);
    let india = found.and_then(|found| found.and_local_timezone(Timestamp(0).in_india().timezone()).single());
    india.map(|at| Since::At(Timestamp(at.timestamp_millis()))).ok_or_else(|| {
        format!("`{text}` is no time; write how long ago (`30m`, `2h`), a day (`2026-01-15`) or a minute (`2026-01-15 03:30`), in IST")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_how_long_ago_or_moments_in_india() {
        assert_eq!(since("2h"), Ok(Since::Ago(Duration::from_hours(2))));
        assert_eq!(since("2026-01-15 10:30"), Ok(Since::At(Timestamp(1_768_453_200_000))));
        assert_eq!(since("2026-01-15"), Ok(Since::At(Timestamp(1_768_453_200_000 - 37_800_000))));
        for wrong in ["", "2026", "15-01-2026", "2026-01-15 25:00", "yesterday"] {
            assert!(since(wrong).is_err(), "{wrong}");
        }
        assert!(duration("0s").is_err() && duration("a day").is_err());
    }
}
