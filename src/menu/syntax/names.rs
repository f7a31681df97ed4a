//! How names are written, and which are taken.

use crate::menu::codes;
use crate::menu::context::Context;
use crate::source::Spanned;

use super::expression::is_keyword;

/// Values that every menu has; no slot may take their names.
pub(in crate::menu) const BUILT_IN: &[&str] =
    &["caller", "language", "channel", "today", "profile", "operator", "receipt"];

/// Targets that no screen may be named.
const TARGETS: &[&str] = &["home", "back", "return"];

/// Targets that no menu may be named.
const TARGETS_OF_MENUS: &[&str] = &["back", "return"];

/// A plain name: a lower-case letter, then lower-case letters, digits and underscores.
fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Plain names with dots between them: `epfo.balance`.
fn is_dotted(name: &str) -> bool {
    name.split('.').all(is_plain)
}

/// Whether a menu may have this name.
pub(in crate::menu) fn is_menu(name: &str) -> bool {
    is_dotted(name) && !TARGETS_OF_MENUS.contains(&name)
}

const REMEDY: &str = "names begin with a small letter and have small letters, digits and `_` only";

/// Checks the name of a field, an operation, a department, a value that is given.
pub(in crate::menu) fn plain(name: &Spanned<String>, cx: &mut Context<'_>) -> bool {
    let good = is_plain(&name.value);
    if !good {
        cx.error(codes::BAD_NAME, name.span, format!("`{}` is not a name", name.value), REMEDY);
    }
    good
}

/// Checks the name of a menu or of an option, which may have dots.
pub(in crate::menu) fn dotted(name: &Spanned<String>, cx: &mut Context<'_>) -> bool {
    let good = is_dotted(&name.value);
    if !good {
        cx.error(codes::BAD_NAME, name.span, format!("`{}` is not a name", name.value), REMEDY);
    }
    good
}

/// Checks the name of a screen.
pub(in crate::menu) fn screen(name: &Spanned<String>, cx: &mut Context<'_>) -> bool {
    plain(name, cx) && unreserved(name, TARGETS.contains(&name.value.as_str()), cx)
}

/// Checks the name of a menu. `home` may be one: it is the menu that the first code leads to.
pub(in crate::menu) fn menu(name: &Spanned<String>, cx: &mut Context<'_>) -> bool {
    dotted(name, cx) && unreserved(name, TARGETS_OF_MENUS.contains(&name.value.as_str()), cx)
}

/// Checks the name of a value that a menu holds.
pub(in crate::menu) fn slot(name: &Spanned<String>, cx: &mut Context<'_>) -> bool {
    let taken = BUILT_IN.contains(&name.value.as_str()) || is_keyword(&name.value);
    plain(name, cx) && unreserved(name, taken, cx)
}

fn unreserved(name: &Spanned<String>, taken: bool, cx: &mut Context<'_>) -> bool {
    if taken {
        let message = format!("`{}` has a meaning of its own and names nothing else", name.value);
        cx.error(codes::BAD_NAME, name.span, message, "choose another name");
    }
    !taken
}
