//! Findings explained: what a code means, why it matters, an example that gives it, and the example mended.
//!
//! The explanations are the files of `docs/diagnostics/`, one a code, which read well by themselves and are in the binary.
//! Each begins with `# CODE: meaning`. Its blocks of the kind `diff` are the files of the example, each with its path: lines
//! that begin with `-` stand in the wrong one only, with `+` in the mended one only. A block of the kind `text` is what
//! `check` prints about the wrong one. `tests/it/explained.rs` proves of every code that both are true.

use include_dir::{Dir, include_dir};

use crate::source::suggest;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/docs/diagnostics");

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExplainError {
    #[error("there is no finding with the code `{code}`; {remedy}")]
    UnknownCode { code: String, remedy: String },
}

/// Which form of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Wrong,
    Mended,
}

/// A file of an example.
#[derive(Clone, Copy, Debug)]
pub struct Example<'a> {
    pub path: &'a str,
    diff: &'a str,
}

impl Example<'_> {
    /// What stands in it; `None` where there is no such file in this form.
    pub fn text(&self, form: Form) -> Option<String> {
        let other = if form == Form::Wrong { '+' } else { '-' };
        let lines = self.diff.lines().filter(|line| !line.starts_with(other));
        let text: String = lines.flat_map(|line| [line.get(1..).unwrap_or_default(), "\n"]).collect();
        (!text.is_empty()).then_some(text)
    }

    /// Whether mending changes it.
    fn is_mended(&self) -> bool {
        self.diff.lines().any(|line| line.starts_with(['-', '+']))
    }
}

/// A piece of an explanation, in the order of the file.
#[derive(Clone, Copy, Debug)]
enum Piece<'a> {
    Words(&'a str),
    File(Example<'a>),
    Said(&'a str),
}

/// All that is told about one code.
#[derive(Clone, Copy, Debug)]
pub struct Explanation<'a> {
    pub code: &'a str,
    text: &'a str,
}

/// Every explanation, by code.
pub fn all() -> Vec<Explanation<'static>> {
    let files = FILES.files().filter_map(|file| Some((file.path().file_stem()?.to_str()?, file.contents_utf8()?)));
    let mut all: Vec<_> = files.map(|(code, text)| Explanation { code, text }).collect();
    all.sort_by_key(|one| one.code);
    all
}

/// What is told about a code, in capital or small letters.
pub fn explanation(code: &str) -> Result<Explanation<'static>, ExplainError> {
    let code = code.trim().to_uppercase();
    let all = all();
    let found = all.iter().find(|one| one.code == code).copied();
    found.ok_or_else(|| {
        let otherwise = "`docs/diagnostics.md` lists all";
        let remedy = suggest::remedy(&code, all.iter().map(|one| one.code), otherwise);
        ExplainError::UnknownCode { code, remedy }
    })
}

impl<'a> Explanation<'a> {
    pub fn new(code: &'a str, text: &'a str) -> Self {
        Self { code, text }
    }

    /// The first line, without its mark: `M032: A target that is no screen and no menu.`
    pub fn title(&self) -> &'a str {
        self.text.lines().next().unwrap_or_default().trim_start_matches('#').trim()
    }

    /// The files of its example.
    pub fn example(&self) -> Vec<Example<'a>> {
        let file = |piece| if let Piece::File(example) = piece { Some(example) } else { None };
        self.pieces().into_iter().filter_map(file).collect()
    }

    /// What is printed about the wrong example.
    pub fn said(&self) -> Option<&'a str> {
        self.pieces().into_iter().find_map(|piece| if let Piece::Said(said) = piece { Some(said) } else { None })
    }

    /// As a terminal shows it: why, the example, what is said about it, and what of it changes.
    pub fn page(&self) -> String {
        let show =
            |example: &Example<'_>, form| Some(format!("\n  {}\n\n{}", example.path, indented(&example.text(form)?)));
        let pieces = self.pieces().into_iter().filter_map(|piece| match piece {
            Piece::Words(words) => Some(format!("\n{words}\n")),
            Piece::File(example) => show(&example, Form::Wrong),
            Piece::Said(said) => {
                let mended = self.example().into_iter().filter(Example::is_mended);
                let mended: String = mended.filter_map(|example| show(&example, Form::Mended)).collect();
                Some(format!("\n`check` says:\n\n{}\nMended:\n{mended}", indented(said)))
            }
        });
        std::iter::once(format!("{}\n", self.title())).chain(pieces).collect()
    }

    fn pieces(&self) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let after_title = self.text.split_once('\n').map_or("", |(_, rest)| rest);
        // Every other part is inside a block, whose first line says of what kind it is.
        for (at, part) in after_title.split("```").enumerate() {
            if at % 2 == 0 {
                pieces.extend((!part.trim().is_empty()).then(|| Piece::Words(part.trim())));
                continue;
            }
            let (kind, inside) = part.split_once('\n').unwrap_or((part, ""));
            pieces.push(match kind.split_once(' ') {
                Some((_, path)) => Piece::File(Example { path: path.trim(), diff: inside }),
                None => Piece::Said(inside),
            });
        }
        pieces
    }
}

/// Each line behind four blanks, which an empty one does not need.
fn indented(text: &str) -> String {
    text.lines().flat_map(|line| [if line.is_empty() { "" } else { "    " }, line, "\n"]).collect()
}

#[cfg(test)]
mod tests;
