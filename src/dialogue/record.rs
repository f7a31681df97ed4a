//! Writing a transcript down while it happens.

use std::fmt::Write as _;

use super::parse::Action;
use super::play::USUAL_GATEWAY;
use crate::handset::Shown;

/// A transcript in the making; what was written is taken away piece by piece, so that nothing is lost when the phone is put
/// down in the middle.
#[derive(Debug)]
pub struct Record {
    text: String,
}

impl Record {
    /// Begins with its title and the gateway, where that is not the usual one. Titles are one line.
    pub fn new(title: &str, gateway: &str) -> Self {
        let mut text = format!("{}\n\n", title.split_whitespace().collect::<Vec<_>>().join(" "));
        if gateway != USUAL_GATEWAY {
            text.push_str(&Action::Gateway(gateway.to_owned()).to_string());
            text.push('\n');
        }
        Self { text }
    }

    /// What was done, and what the phone showed after it.
    pub fn add(&mut self, action: &Action, shown: Option<&Shown>) {
        let mut line = |action: &Action| {
            // A string takes everything that is written.
            let _ = writeln!(self.text, "{action}");
        };
        line(action);
        let Some(shown) = shown else { return };
        // That the same is shown again is what `repeat` says already.
        let lines = shown.text.lines().filter(|_| *action != Action::Repeat).map(str::trim);
        lines.filter(|text| !text.is_empty()).for_each(|text| line(&Action::Shown(text.to_owned())));
        if !shown.more {
            line(&Action::End);
        }
    }

    /// What was written since the last time.
    pub fn take(&mut self) -> String {
        std::mem::take(&mut self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogue::parse;

    #[test]
    fn what_was_done_reads_as_a_dialogue() {
        let mut record = Record::new("Asks\n  twice", "mtech");
        let from = Some("+919812345670".to_owned());
        let page = Shown { text: "Welcome\n\n1. PF balance".to_owned(), more: true };
        record.add(&Action::Dial { dialled: "*123#".to_owned(), from }, Some(&page));
        record.add(&Action::Repeat, Some(&page));
        record.add(&Action::Answer("1".to_owned()), Some(&Shown { text: "Bye".to_owned(), more: false }));
        record.add(&Action::TimeOut, None);
        let text = record.take();
        assert_eq!(
            text,
            "Asks twice\n\ngateway mtech\ndial *123# from +919812345670\n< Welcome\n< 1. PF balance\nrepeat\n> 1\n< Bye\nend\n\
             time out\n"
        );
        let read = parse(&text).expect("it reads");
        assert_eq!((read.len(), read[0].title.as_str()), (1, "Asks twice"));
        assert_eq!(record.take(), "");
    }
}
