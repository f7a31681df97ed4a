//! The short links of `bridge.yaml`.

use std::time::Duration;

use super::{names, values};
use crate::menu::codes;
use crate::menu::context::Context;
use crate::menu::fields::Fields;
use crate::menu::shapes;
use crate::menu::short_link::{ShortLink, is_address};
use crate::source::{Entry, Spanned};

/// Each is a label of the meters.
const MOST_LINKS: usize = 100;

/// Bytes of an address: what every browser and proxy takes.
const LONGEST: usize = 1000;

const LIVES: Duration = Duration::from_hours(30 * 24);
const LONGEST_LIFE: Duration = Duration::from_hours(366 * 24);

pub(super) fn short_links(entries: &[Entry], cx: &mut Context<'_>) -> Vec<ShortLink> {
    if let Some(more) = entries.get(MOST_LINKS) {
        let message = format!("{} short links, more than {MOST_LINKS}", entries.len());
        cx.error(codes::TOO_MANY, more.key.span, message, "leave out those that no message takes");
    }
    entries.iter().filter_map(|entry| short_link(entry, cx)).collect()
}

fn short_link(entry: &Entry, cx: &mut Context<'_>) -> Option<ShortLink> {
    names::plain(&entry.key, cx);
    let mut fields = Fields::of(&entry.value, &shapes::SHORT_LINK, entry.key.span, cx)?;
    let other = fields.required_text("else", cx).and_then(|text| address(text, cx));
    let kaios = fields.text("kaios", cx).and_then(|text| address(text, cx));
    let lives = fields.text("lives", cx).and_then(|text| values::duration(text, LONGEST_LIFE, cx));
    fields.finish(cx);
    let (name, span) = (entry.key.value.clone(), entry.key.span);
    Some(ShortLink { name, kaios, other: other?, lives: lives.unwrap_or(LIVES), span })
}

fn address(text: &Spanned<String>, cx: &mut Context<'_>) -> Option<String> {
    let address = text.value.trim();
    if address.len() > LONGEST || !is_address(address) {
        let message = format!("a browser cannot be sent to `{address}`");
        let remedy = format!(
            "write an address of at most {LONGEST} letters like https://store.example/app, with other letters than those of ASCII escaped (`%20`)"
        );
        cx.error(codes::BAD_VALUE, text.span, message, remedy);
        return None;
    }
    Some(address.to_owned())
}
