//! What the files say, with places, before any name is looked up: one reader per kind of file.
//!
//! A tree holds what could be read: where something required is missing or wrong the finding is made here, and the tree
//! has `None`, so that the rest of the file is checked all the same.

mod accept;
mod answer;
mod bridge;
mod department;
mod entry;
pub(super) mod expression;
mod list;
mod menu;
mod message;
pub(super) mod names;
mod operation;
mod outgoing;
mod pattern;
mod place;
mod screen;
mod short_link;
pub(super) mod text;
mod translation;
mod tree;
pub(super) mod values;
mod xml;

pub(super) use bridge::{Bridge, bridge};
pub(super) use department::{DepartmentFile, OperationTree, department};
pub(super) use entry::{ArgumentTakes, ArgumentTree, KeywordTree, MissedCallTree, MissedCallVerb};
pub(super) use expression::{ConditionTree, Expression, Literal, PathName};
pub(super) use menu::menu;
pub(super) use message::{MessageText, MessageTree, messages};
pub(super) use text::{Part, Words};
pub(super) use translation::{SystemFile, Translated, Translation, of_block, system, translation};
pub(super) use tree::{
    AskTree, Assignment, CallTree, ChooseTree, Declared, Gift, LateTree, MenuTree, OptionTree, RowsTree, RunTree,
    ScreenTree, SendOfTree, SendTree, ShowTree, VerbTree, VerifyTree,
};
