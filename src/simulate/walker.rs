//! A citizen who walks through the menus: what they answer to the page that they see, by chance or as a dialogue says.
//!
//! Mostly they press one of the keys that are shown, each as likely as the others, so that all of a program is walked. Now and
//! then they press what is not there, type a name or a word, begin to type what they look for, or answer nothing.

use fastrand::Rng;

use super::model::Shown;
use super::values::Values;
use super::world::World;
use crate::engine::{self, Numbered, ScreenKind, Session};
use crate::menu::{Accept, Among, Verb, Verify};

/// One answer in so many is not one of those that are shown.
const ODD: u64 = 12;

/// What people answer who have not understood.
const NONSENSE: [&str; 8] = ["", "77", "HELP", "*", "#", "1*1", "hello?", "नहीं पता"];

/// What to dial: the code, with answers behind it now and then.
pub(super) fn dials(world: &World, rng: &mut Rng) -> String {
    let code = world.codes.get(rng.usize(..world.codes.len().max(1))).map_or("123", |code| code.bare());
    let mut dialled = format!("*{code}");
    if rng.u8(..8) == 0 {
        for _ in 0..rng.usize(1..=3) {
            dialled.push('*');
            dialled.push(char::from(rng.u8(b'1'..=b'9')));
        }
    }
    dialled.push('#');
    dialled
}

/// What is answered to a page.
pub(super) fn answers(world: &World, values: &Values, rng: &mut Rng, shown: &Shown, session: &Session) -> String {
    let odd = rng.u64(..ODD) == 0;
    let keys = keys(world, shown);
    let navigates = |rng: &mut Rng| {
        let keys: Vec<&String> = keys.iter().filter(|key| !key.is_option).map(|key| &key.press).collect();
        rng.choice(keys).cloned()
    };
    match shown.head.kind {
        _ if odd && rng.bool() => NONSENSE[rng.usize(..NONSENSE.len())].to_owned(),
        ScreenKind::Value { .. } if odd => navigates(rng).unwrap_or_default(),
        ScreenKind::Value { .. } => value(world, values, rng, session).unwrap_or_else(|| "1".to_owned()),
        ScreenKind::Choice if odd => in_words(world, rng, session),
        ScreenKind::Choice if finds(world, session) && rng.bool() => first_letters(world, rng, session),
        ScreenKind::Choice | ScreenKind::Text | ScreenKind::End => {
            rng.choice(&keys).map_or_else(|| "1".to_owned(), |key| key.press.clone())
        }
    }
}

/// A key that the page shows.
struct Key {
    press: String,
    is_option: bool,
}

/// Options stand as `1. Balance`, keys of navigation as `0 Back`.
fn keys(world: &World, shown: &Shown) -> Vec<Key> {
    let labels = world.labels(shown.head.language);
    let navigation = [&labels.back_key, &labels.home_key, &labels.more_key];
    let key = |line: &str| {
        let (first, rest) = line.split_once(' ')?;
        let number = first.strip_suffix('.').filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        let is_navigation = !rest.is_empty() && navigation.iter().any(|key| **key == *first);
        let press = number.or(is_navigation.then_some(first))?;
        Some(Key { press: press.to_owned(), is_option: number.is_some() })
    };
    shown.text.lines().filter_map(key).collect()
}

/// The label of an option instead of its number, perhaps with a slip of the finger.
fn in_words(world: &World, rng: &mut Rng, session: &Session) -> String {
    let Some(option) = rng.choice(options(world, session)) else { return "1".to_owned() };
    let mut letters: Vec<char> = option.label.chars().collect();
    if rng.bool() && !letters.is_empty() {
        letters.remove(rng.usize(..letters.len()));
    }
    letters.into_iter().collect()
}

/// The first letters of a row, also of one on another page.
fn first_letters(world: &World, rng: &mut Rng, session: &Session) -> String {
    let Some(option) = rng.choice(options(world, session)) else { return "a".to_owned() };
    option.label.chars().take(rng.usize(1..=4)).collect()
}

/// All options of the present screen, on whichever page.
fn options(world: &World, session: &Session) -> Vec<Numbered> {
    engine::present(&world.program, session, world.now(world.clock().now())).whole().options
}

/// Whether first letters may be typed on the present screen.
fn finds(world: &World, session: &Session) -> bool {
    let among = match verb(world, session) {
        Some(Verb::Choose(choose)) => &choose.among,
        _ => return false,
    };
    matches!(among, Among::List { find, .. } if !find.is_empty())
}

/// A value that the present screen asks for.
fn value(world: &World, values: &Values, rng: &mut Rng, session: &Session) -> Option<String> {
    match verb(world, session)? {
        Verb::Ask(ask) => Some(values.of(rng, &ask.accept)),
        // Nobody here reads what was sent.
        Verb::Verify(_) => Some(values.of(rng, &Accept::Digits { min: Verify::DIGITS, max: Verify::DIGITS })),
        _ => None,
    }
}

fn verb<'w>(world: &'w World, session: &Session) -> Option<&'w Verb> {
    let at = session.positions().last()?;
    Some(&world.program.menus.get(at.menu.index())?.screens.get(at.screen.index())?.verb)
}

#[cfg(test)]
mod tests;
