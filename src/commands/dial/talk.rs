//! The conversation between a person at the terminal and the phone.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use super::super::{CommandError, out};
use super::frame::{self, Page};
use super::messages::{self, Messages, Prompt, Watching};
use crate::dialogue::{self, Action, PlayError, Player, Record, Stage};
use crate::handset::Shown;
use crate::menu::Keys;

/// A phone, what it shows, and the file in which its conversation is written down.
pub(super) struct Talk<'a> {
    player: Player<'a>,
    keys: Option<&'a Keys>,
    shown: Shown,
    page: Page,
    record_to: Option<&'a Path>,
    record: Option<Recording>,
    /// On a running server.
    messages: Option<Messages>,
    prompt: Arc<Prompt>,
    /// Whose messages are shown, and who shows them.
    watching: Option<(String, Option<Watching>)>,
}

struct Recording {
    path: PathBuf,
    file: File,
    record: Record,
}

impl Recording {
    /// Behind what the file holds already, which must be dialogues: a menu that is named by a slip stays whole.
    fn begin(path: &Path, title: &str, gateway: &str) -> Result<Self, CommandError> {
        let what = || format!("recording into `{}`", path.display());
        let mut options = OpenOptions::new();
        let mut file = options.create(true).append(true).read(true).open(path).map_err(CommandError::io(what()))?;
        if file.metadata().is_ok_and(|about| about.is_file()) {
            let mut held = String::new();
            file.read_to_string(&mut held).map_err(CommandError::io(what()))?;
            dialogue::parse(&held).map_err(|error| {
                CommandError::Usage(format!(
                    "`{}` holds something else than dialogues, and nothing is written behind it: {error}",
                    path.display()
                ))
            })?;
        }
        let holds_some = file.metadata().map_err(CommandError::io(what()))?.len() > 0;
        let mut own = Self { path: path.to_owned(), file, record: Record::new(title, gateway) };
        own.write(if holds_some { "\n---\n" } else { "" })?;
        Ok(own)
    }

    fn add(&mut self, action: &Action, shown: Option<&Shown>) -> Result<(), CommandError> {
        self.record.add(action, shown);
        self.write("")
    }

    fn write(&mut self, before: &str) -> Result<(), CommandError> {
        let text = format!("{before}{}", self.record.take());
        let what = format!("recording into `{}`", self.path.display());
        self.file.write_all(text.as_bytes()).map_err(CommandError::io(what))
    }
}

impl<'a> Talk<'a> {
    pub(super) fn new(
        stage: &'a Stage,
        keys: Option<&'a Keys>,
        record_to: Option<&'a Path>,
        messages: Option<Messages>,
    ) -> Self {
        Self {
            player: Player::new(stage),
            keys,
            shown: Shown::default(),
            page: Page::FIRST,
            record_to,
            record: None,
            messages,
            prompt: Arc::default(),
            watching: None,
        }
    }

    /// Dials. What cannot even be dialled ends the program.
    pub(super) async fn begin(&mut self, dialled: &str, from: &str, gateway: &str) -> Result<(), CommandError> {
        let failed = |error: PlayError| CommandError::Usage(error.to_string());
        self.player.perform(&Action::Gateway(gateway.to_owned())).await.map_err(failed)?;
        self.watch(from).await;
        let dial = Action::Dial { dialled: dialled.to_owned(), from: Some(from.to_owned()) };
        let shown = self.player.perform(&dial).await.map_err(failed)?;
        // Nothing is written down of a call that never came about.
        if let Some(path) = self.record_to {
            let title = format!("A call of {dialled} over {gateway}");
            self.record.insert(Recording::begin(path, &title, gateway)?).add(&dial, shown.as_ref())?;
        }
        self.shows_now(Page::FIRST)?;
        self.show_arrived()
    }

    /// Shows and asks until nothing more is typed; once the call has ended, until something else than a line for the phone is.
    pub(super) async fn go_on(&mut self) -> Result<ExitCode, CommandError> {
        loop {
            self.prompt()?;
            let mut line = Vec::new();
            let read = std::io::stdin().lock().read_until(b'\n', &mut line);
            self.prompt.answered();
            if read.map_err(CommandError::io("reading from the terminal"))? == 0 {
                if self.shown.more {
                    say("(hung up)")?;
                    self.perform(Action::HangUp).await?;
                }
                return Ok(ExitCode::SUCCESS);
            }
            // A terminal that is not set to UTF-8 sends other bytes for letters: an answer that is not understood.
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\r', '\n']);
            if let Some(action) = messages::typed(line) {
                self.text_or_ring(action).await?;
                continue;
            }
            match line.strip_prefix('/') {
                Some(rest) if !rest.starts_with('/') => match dialogue::action(rest) {
                    Ok(action) => self.perform(action).await?,
                    Err(why) => say(&format!("({why})"))?,
                },
                answer if self.shown.more => self.perform(Action::Answer(answer.unwrap_or(line).to_owned())).await?,
                _ => return Ok(ExitCode::SUCCESS),
            }
        }
    }

    fn prompt(&self) -> Result<(), CommandError> {
        let ends = "(the call has ended: Enter puts the phone away, /redial dials again)\n> ";
        self.prompt.show(if self.shown.more { "> " } else { ends })
    }

    /// Whether or not a call is open. Menus in this process take it as dialogues do.
    async fn text_or_ring(&mut self, action: Action) -> Result<(), CommandError> {
        let Some(messages) = &self.messages else { return self.perform(action).await };
        let (Action::Sms { from, .. } | Action::MissedCall { from, .. }) = &action else { return Ok(()) };
        let number = from.as_deref().unwrap_or(self.player.number());
        let gateway = self.player.profile().map_or("", |profile| &profile.name);
        match messages.perform(&action, number, gateway).await {
            Ok(()) if matches!(action, Action::Sms { .. }) => say("(sent)"),
            Ok(()) => say("(it rang once)"),
            Err(error) => say(&format!("({error})")),
        }
    }

    /// What has come to the phone in this process since the last time, which a transcript reads as well.
    fn show_arrived(&mut self) -> Result<(), CommandError> {
        for arrived in self.player.arrived() {
            say(messages::line(&arrived).trim_end())?;
            let Some(record) = &mut self.record else { continue };
            let mut lines = arrived.text.lines().map(str::trim).filter(|line| !line.is_empty());
            let first = lines.next().unwrap_or_default();
            record.add(&Action::Message(first.to_owned()), None)?;
            for line in lines {
                record.add(&Action::Shown(line.to_owned()), None)?;
            }
        }
        Ok(())
    }

    /// Shows what arrives for a number from now on, where messages arrive at all.
    async fn watch(&mut self, number: &str) {
        if self.watching.as_ref().is_some_and(|(watched, _)| watched == number) {
            return;
        }
        let Some(messages) = &self.messages else { return };
        self.watching = Some((number.to_owned(), messages.watch(number, &self.prompt).await));
    }

    async fn perform(&mut self, action: Action) -> Result<(), CommandError> {
        if let Action::Dial { from: Some(from), .. } = &action {
            self.watch(from).await;
        }
        self.act(action).await?;
        self.show_arrived()
    }

    async fn act(&mut self, action: Action) -> Result<(), CommandError> {
        let done = self.player.perform(&action).await;
        let page = match &action {
            Action::Answer(answer) => self.page.after(&self.shown, answer, self.keys),
            Action::Repeat => self.page,
            _ => Page::FIRST,
        };
        let shown = match done {
            Ok(shown) => shown,
            Err(error) => {
                // The phone stays in the hand: somebody wants to try something else.
                say(&format!("({error})"))?;
                return if matches!(error, PlayError::NotRepeated) { self.shows_now(page) } else { Ok(()) };
            }
        };
        // What only compares is not done by the phone.
        if !matches!(action, Action::Shown(_) | Action::Message(_) | Action::NoMessage | Action::End)
            && let Some(record) = &mut self.record
        {
            record.add(&action, shown.as_ref())?;
        }
        if shown.is_some() {
            return self.shows_now(page);
        }
        let was_open = std::mem::replace(&mut self.shown, self.player.shown().clone()).more;
        match action {
            Action::Wait(_) if was_open && !self.shown.more => say("(the network has dropped the call)"),
            _ => Ok(()),
        }
    }

    /// Draws the page that the phone shows.
    fn shows_now(&mut self, page: Page) -> Result<(), CommandError> {
        self.shown = self.player.shown().clone();
        self.page = page;
        let Some(profile) = self.player.profile() else { return Ok(()) };
        let framed = frame::draw(&self.shown, page, profile, self.player.number(), self.keys);
        say(&format!("\n{}", framed.trim_end()))
    }
}

fn say(text: &str) -> Result<(), CommandError> {
    out::tell(format!("{text}\n"), "to the terminal")
}
