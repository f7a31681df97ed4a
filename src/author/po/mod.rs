//! PO files of GNU gettext (gettext manual, "The Format of PO Files"), as far as menus need them: one text an entry, no
//! plurals, UTF-8.
//!
//! The reader keeps what a report needs and other readers drop: the line of each entry, and entries that are not taken.
//! Tools break lines, reorder and add comments as they like; none of that changes what is read.

mod read;

pub use read::{PoError, read};

use std::fmt::Write as _;

/// A file for one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Po {
    /// Names and values of the header's lines, in their order.
    pub header: Vec<(String, String)>,
    pub entries: Vec<Entry>,
}

/// One text and its translation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Where it begins, from 1; of no matter in what is written.
    pub line: usize,
    /// For translators: written as `#.` lines, not read.
    pub notes: Vec<String>,
    /// `lpg/refill.yaml:12`: written as a `#:` line, not read.
    pub reference: Option<String>,
    /// To be looked at again.
    pub fuzzy: bool,
    /// `#~`: kept by tools for a text that is gone.
    pub obsolete: bool,
    /// It has plural forms, which menus do not.
    pub plural: bool,
    /// `msgctxt`
    pub context: Option<String>,
    /// `msgid`
    pub source: String,
    /// `msgstr`; empty where there is no translation.
    pub translation: String,
}

impl Po {
    /// The value of a line of the header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.header.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// The file as gettext's own tools write it, but for their breaking of long lines.
pub fn write(po: &Po) -> String {
    let header: Vec<String> = po.header.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
    let mut out = String::new();
    string("msgid", "", &mut out);
    string("msgstr", &header.concat(), &mut out);
    for entry in &po.entries {
        out.push('\n');
        // Writing to a text never fails.
        for note in &entry.notes {
            let _ = writeln!(out, "#. {note}");
        }
        if let Some(reference) = &entry.reference {
            let _ = writeln!(out, "#: {reference}");
        }
        if entry.fuzzy {
            out.push_str("#, fuzzy\n");
        }
        if let Some(context) = &entry.context {
            string("msgctxt", context, &mut out);
        }
        string("msgid", &entry.source, &mut out);
        string("msgstr", &entry.translation, &mut out);
    }
    out
}

/// A keyword and its text; one of several lines begins on a line of its own.
fn string(keyword: &str, text: &str, out: &mut String) {
    out.push_str(keyword);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.len() > 1 {
        out.push_str(" \"\"\n");
        for line in lines {
            let _ = writeln!(out, "\"{}\"", escaped(line));
        }
    } else {
        let _ = writeln!(out, " \"{}\"", escaped(text));
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            // In octal, of which three digits are always all.
            c if c.is_ascii_control() => {
                let _ = write!(out, "\\{:03o}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
