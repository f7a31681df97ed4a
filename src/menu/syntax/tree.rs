//! A menu file as a tree of names that are not looked up yet.

use std::time::Duration;

use super::{ConditionTree, Expression, PathName, Words};
use crate::menu::verb::Accept;
use crate::source::Spanned;

/// Something required is `None` only where a finding has been made about it.
#[derive(Debug)]
pub(in crate::menu) struct MenuTree {
    pub name: Spanned<String>,
    pub title: Option<Words>,
    pub takes: Vec<Declared>,
    pub gives: Vec<Declared>,
    /// The first screen where the file does not say.
    pub start: Option<Spanned<String>>,
    pub screens: Vec<ScreenTree>,
}

/// A name with a type phrase: `about: text 30`.
#[derive(Clone, Debug)]
pub(in crate::menu) struct Declared {
    pub name: Spanned<String>,
    /// `None` when it is not even a text.
    pub ty: Option<Spanned<String>>,
}

#[derive(Debug)]
pub(in crate::menu) struct ScreenTree {
    pub name: Spanned<String>,
    pub verb: Option<VerbTree>,
    pub save: bool,
}

#[derive(Debug)]
pub(in crate::menu) enum VerbTree {
    Choose(ChooseTree),
    Ask(AskTree),
    Show(ShowTree),
    End(Option<Words>),
    Call(CallTree),
    Send(SendTree),
    Verify(VerifyTree),
    Branch(Vec<(Option<ConditionTree>, Option<Spanned<String>>)>),
    Set { assign: Vec<Assignment>, next: Option<Spanned<String>> },
    Run(RunTree),
}

#[derive(Debug)]
pub(in crate::menu) struct ChooseTree {
    pub text: Option<Words>,
    pub options: Vec<OptionTree>,
    pub rows: Option<RowsTree>,
    pub find: Vec<PathName>,
    pub into: Option<Spanned<String>>,
    pub next: Option<Spanned<String>>,
}

#[derive(Debug)]
pub(in crate::menu) struct OptionTree {
    pub id: Spanned<String>,
    pub label: Option<Words>,
    pub go: Option<Spanned<String>>,
    pub key: Option<u16>,
    pub when: Option<ConditionTree>,
}

#[derive(Debug)]
pub(in crate::menu) struct RowsTree {
    /// A path, a table or `languages`.
    pub source: Option<PathName>,
    pub each: Option<Spanned<String>>,
    pub row: Option<Words>,
    pub only: Option<ConditionTree>,
    pub none: Option<Spanned<String>>,
}

#[derive(Debug)]
pub(in crate::menu) struct AskTree {
    pub text: Option<Words>,
    pub into: Option<Spanned<String>>,
    pub accept: Option<Accept>,
    pub wrong: Option<Words>,
    pub tries: Option<u8>,
    pub on_wrong: Option<Spanned<String>>,
    pub secret: bool,
    pub next: Option<Spanned<String>>,
}

#[derive(Debug)]
pub(in crate::menu) struct ShowTree {
    pub text: Option<Words>,
    pub rows: Option<RowsTree>,
    pub options: Vec<OptionTree>,
    pub next: Option<Spanned<String>>,
}

#[derive(Debug)]
pub(in crate::menu) struct CallTree {
    pub operation: Option<Spanned<String>>,
    pub give: Vec<Gift>,
    pub into: Option<Spanned<String>>,
    pub within: Option<Duration>,
    pub next: Option<Spanned<String>>,
    pub fails: Vec<(Spanned<String>, Spanned<String>)>,
    pub late: Option<LateTree>,
}

#[derive(Debug)]
pub(in crate::menu) struct LateTree {
    pub answer: Option<SendOfTree>,
    pub failed: Option<SendOfTree>,
}

#[derive(Debug)]
pub(in crate::menu) struct SendOfTree {
    pub message: Spanned<String>,
    /// `None` where the values are those of the same names.
    pub give: Option<Vec<Gift>>,
}

#[derive(Debug)]
pub(in crate::menu) struct SendTree {
    pub message: Option<Spanned<String>>,
    pub to: Option<Expression>,
    pub give: Vec<Gift>,
    pub next: Option<Spanned<String>>,
}

#[derive(Debug)]
pub(in crate::menu) struct VerifyTree {
    pub prompt: Option<Words>,
    pub tries: Option<u8>,
    pub lock: Option<Duration>,
    pub next: Option<Spanned<String>>,
    pub on_wrong: Option<Spanned<String>>,
    pub on_expired: Option<Spanned<String>>,
    pub on_unsent: Option<Spanned<String>>,
}

/// One entry of a `give`.
#[derive(Debug)]
pub(in crate::menu) struct Gift {
    pub name: Spanned<String>,
    pub value: Option<Expression>,
}

/// One entry of a `set`.
#[derive(Debug)]
pub(in crate::menu) struct Assignment {
    pub place: PathName,
    pub value: Option<Expression>,
}

#[derive(Debug)]
pub(in crate::menu) struct RunTree {
    pub menu: Option<Spanned<String>>,
    pub give: Vec<Gift>,
    pub into: Option<Spanned<String>>,
    pub next: Option<Spanned<String>>,
}

impl MenuTree {
    /// Every text with its id, in the order of the file.
    pub(in crate::menu) fn texts(&self) -> Vec<(String, &Words)> {
        let mut all = Vec::new();
        if let Some(title) = &self.title {
            all.push(("title".to_owned(), title));
        }
        for screen in &self.screens {
            if let Some(verb) = &screen.verb {
                verb.texts(&screen.name.value, &mut all);
            }
        }
        all
    }
}

impl VerbTree {
    fn texts<'a>(&'a self, screen: &str, all: &mut Vec<(String, &'a Words)>) {
        let mut add =
            |id: &str, words: Option<&'a Words>| all.extend(words.map(|words| (format!("{screen}.{id}"), words)));
        let (rows, options): (Option<&RowsTree>, &[OptionTree]) = match self {
            Self::Choose(choose) => {
                add("choose", choose.text.as_ref());
                (choose.rows.as_ref(), &choose.options)
            }
            Self::Show(show) => {
                add("show", show.text.as_ref());
                (show.rows.as_ref(), &show.options)
            }
            Self::Ask(ask) => {
                add("ask", ask.text.as_ref());
                add("wrong", ask.wrong.as_ref());
                return;
            }
            Self::End(text) => return add("end", text.as_ref()),
            Self::Verify(verify) => return add("prompt", verify.prompt.as_ref()),
            Self::Call(_) | Self::Send(_) | Self::Branch(_) | Self::Set { .. } | Self::Run(_) => return,
        };
        add("row", rows.and_then(|rows| rows.row.as_ref()));
        for option in options {
            add(&format!("options.{}", option.id.value), option.label.as_ref());
        }
    }
}
