//! Characters that cost much and mean little.

use std::borrow::Cow;

use super::Allowed;

/// What may stand for a character wherever it stands, without a change of meaning.
pub const SUBSTITUTIONS: &[(char, &str)] = &[];

/// What may stand for a character where national tables are used, which lack it: the joiners of Indic scripts, and the
/// danda, which only some of them have.
pub const FOR_NATIONAL: &[(char, &str)] = &[];

/// The text with all of [`SUBSTITUTIONS`] made.
pub fn substitute(_text: &str) -> Cow<'_, str> {
    todo!()
}

/// The text itself, or with substitutions where these spare a segment or make it fit the route at all: those of [`SUBSTITUTIONS`] first,
/// and those [`FOR_NATIONAL`] too only where the route allows such tables and one more segment is spared.
pub fn fit(_text: &str, _allowed: Allowed) -> Cow<'_, str> {
    todo!()
}
