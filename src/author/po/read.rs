//! Reading a PO file.

use super::{Entry, Po};

/// Why a file is no PO file that can be taken. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PoError {
    #[error("line {0}: neither a comment nor a keyword with a text in quotes, such as `msgid \"…\"`")]
    Line(usize),
    #[error("line {0}: a text begins or ends without its quote, or has an escape that is not known")]
    Quotes(usize),
    #[error("line {line}: `{keyword}` is not expected here; an entry is `msgctxt`, `msgid`, `msgstr`, in this order")]
    Order { line: usize, keyword: String },
    #[error("the entry that begins in line {0} has no `msgstr`")]
    Unfinished(usize),
    #[error("its charset is `{0}`; save it as UTF-8")]
    Charset(String),
}

/// Which text of an entry is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Nothing,
    Context,
    Source,
    Plural,
    Translation,
    /// `msgstr[1]` and on, which are of no use here.
    OtherForm,
}

struct Reader {
    po: Po,
    entry: Entry,
    at: Part,
}

/// Reads a file; its header is taken apart, and all other entries are kept in their order, obsolete ones too.
pub fn read(text: &str) -> Result<Po, PoError> {
    let mut reader = Reader { po: Po::default(), entry: Entry::default(), at: Part::Nothing };
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        reader.line(number, line.trim())?;
    }
    reader.close()?;
    let content = reader.po.header("Content-Type").unwrap_or_default();
    match content.split_once("charset=") {
        // A template that nobody has filled in says CHARSET.
        Some((_, charset))
            if !["UTF-8", "UTF8", "ASCII", "US-ASCII", "CHARSET"].contains(&charset.to_uppercase().as_str()) =>
        {
            Err(PoError::Charset(charset.to_owned()))
        }
        _ => Ok(reader.po),
    }
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Result<(), PoError> {
        if line.is_empty() {
            return Ok(());
        }
        let Some(comment) = line.strip_prefix('#') else { return self.string(number, line, false) };
        match comment.strip_prefix('~') {
            // `#~|` is the former source of what is itself gone.
            Some(old) if !old.trim_start().is_empty() && !old.starts_with('|') => {
                self.string(number, old.trim_start(), true)
            }
            Some(_) => Ok(()),
            None => {
                // Comments stand before their entry: one behind a finished entry begins the next.
                if self.at >= Part::Translation {
                    self.close()?;
                }
                if let Some(flags) = comment.strip_prefix(',') {
                    self.entry.fuzzy |= flags.split(',').any(|flag| flag.trim() == "fuzzy");
                }
                Ok(())
            }
        }
    }

    /// A keyword with a text, or a text that goes on.
    fn string(&mut self, number: usize, line: &str, obsolete: bool) -> Result<(), PoError> {
        let keyword = line.split(['"', ' ', '\t']).next().unwrap_or_default();
        let text = line.get(keyword.len()..).unwrap_or_default().trim_start();
        if !text.starts_with('"') {
            return Err(PoError::Line(number));
        }
        let text = unquoted(text).ok_or(PoError::Quotes(number))?;
        let part = match keyword {
            "" if self.at == Part::Nothing => return Err(PoError::Line(number)),
            "" => self.at,
            "msgctxt" => Part::Context,
            "msgid" => Part::Source,
            "msgid_plural" => Part::Plural,
            "msgstr" | "msgstr[0]" => Part::Translation,
            _ if keyword.starts_with("msgstr[") => Part::OtherForm,
            _ => return Err(PoError::Line(number)),
        };
        if !keyword.is_empty() {
            self.begin(number, keyword, part, obsolete)?;
        }
        match part {
            Part::Context => self.entry.context.get_or_insert_default().push_str(&text),
            Part::Source => self.entry.source.push_str(&text),
            Part::Translation => self.entry.translation.push_str(&text),
            Part::Nothing | Part::Plural | Part::OtherForm => {}
        }
        Ok(())
    }

    fn begin(&mut self, number: usize, keyword: &str, part: Part, obsolete: bool) -> Result<(), PoError> {
        if part <= Part::Source && self.at >= Part::Translation {
            self.close()?;
        }
        let fits = match part {
            Part::Nothing => false,
            Part::Context => self.at == Part::Nothing,
            Part::Source => self.at <= Part::Context,
            Part::Plural => self.at == Part::Source,
            Part::Translation => matches!(self.at, Part::Source | Part::Plural),
            Part::OtherForm => self.at >= Part::Translation,
        };
        if !fits {
            return Err(PoError::Order { line: number, keyword: keyword.to_owned() });
        }
        if self.at == Part::Nothing {
            self.entry.line = number;
        }
        self.entry.obsolete |= obsolete;
        self.entry.plural |= part == Part::Plural;
        self.at = part;
        Ok(())
    }

    /// Takes what was read as an entry, or as the header: the entry of the empty text.
    fn close(&mut self) -> Result<(), PoError> {
        let entry = std::mem::take(&mut self.entry);
        match std::mem::replace(&mut self.at, Part::Nothing) {
            // Comments at the end of a file belong to nothing.
            Part::Nothing => Ok(()),
            Part::Context | Part::Source | Part::Plural => Err(PoError::Unfinished(entry.line)),
            Part::Translation | Part::OtherForm => {
                if entry.source.is_empty() && entry.context.is_none() && !entry.obsolete {
                    let lines = entry.translation.lines().filter_map(|line| line.split_once(':'));
                    self.po.header = lines.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
                } else {
                    self.po.entries.push(entry);
                }
                Ok(())
            }
        }
    }
}

/// What stands in a text's quotes; `None` when they are not right, or something stands behind them.
fn unquoted(quoted: &str) -> Option<String> {
    let inside = quoted.strip_prefix('"')?.strip_suffix('"')?;
    // Octal and hexadecimal escapes name bytes, of which several may make one character.
    let mut out: Vec<u8> = Vec::with_capacity(inside.len());
    let mut rest = inside.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '"' => return None,
            '\\' => match rest.next()? {
                'n' => out.push(b'\n'),
                't' => out.push(b'\t'),
                'r' => out.push(b'\r'),
                'a' => out.push(0x07),
                'b' => out.push(0x08),
                'v' => out.push(0x0b),
                'f' => out.push(0x0c),
                same @ ('"' | '\\' | '\'' | '?') => out.push(u8::try_from(same).ok()?),
                'x' => out.push(number(16, 2, None, &mut rest)?),
                digit @ '0'..='7' => out.push(number(8, 3, Some(digit), &mut rest)?),
                _ => return None,
            },
            c => out.extend(c.encode_utf8(&mut [0; 4]).bytes()),
        }
    }
    String::from_utf8(out).ok()
}

/// A byte written in at least one and at most `most` digits, of which `first` is read already.
fn number(
    radix: u32,
    most: usize,
    first: Option<char>,
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
) -> Option<u8> {
    let mut digits: String = first.into_iter().collect();
    while let Some(digit) = rest.next_if(|c| digits.len() < most && c.is_digit(radix)) {
        digits.push(digit);
    }
    u8::from_str_radix(&digits, radix).ok()
}
