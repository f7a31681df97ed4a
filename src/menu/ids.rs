//! What the parts of a program are known by: an index each, and a version for the whole.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u16);

        impl $name {
            pub fn index(self) -> usize {
                usize::from(self.0)
            }
        }
    )*};
}

index! {
    /// Index into [`super::Program::languages`]; 0 is the first language, in which menus are written.
    LanguageId,
    /// Index into [`super::Program::menus`].
    MenuId,
    /// Index into [`super::Menu::screens`] of one menu.
    ScreenId,
    /// Index into [`super::Menu::slots`] of one menu.
    SlotId,
    /// Index into [`super::Program::operations`].
    OperationId,
    /// Index into [`super::Program::departments`].
    DepartmentId,
    /// Index into [`super::Program::tables`].
    TableId,
    /// Index into [`super::Program::profile`].
    ProfileId,
    /// Index into [`super::Program::messages`].
    MessageId,
    /// Index into [`super::Program::keywords`].
    KeywordId,
    /// Index into [`super::Program::short_links`].
    ShortLinkId,
}

/// The hash of everything a program was compiled from: the same files give the same version.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Version(pub [u8; 16]);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
