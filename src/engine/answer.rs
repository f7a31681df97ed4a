//! What an answer means on the screen that is shown.
//!
//! Nothing moves here: the result says what would, and `walk` does it.

use super::accept;
use super::frame::Sorry;
use super::labels::{self, Near, nearest};
use super::render::in_all_languages;
use super::rows::{List, Shown};
use super::scope::Scope;
use super::seen::Seen;
use super::session::Notice;
use super::step::AnswerClass;
use crate::menu::{Among, Ask, ChoiceOption, RowSource, Rows, Screen, SlotId, Target, Value, Verb};
use crate::text::{fold, folds_to};

/// More letters than any name has.
const LETTERS_TO_FIND: usize = 40;

/// What is to happen after an answer.
#[derive(Debug)]
pub(super) enum Meaning {
    /// It was expected, and the screen is left.
    Leaves(Leaving),
    /// The list is narrowed to rows that begin with these letters.
    Finds(String),
    /// Nothing that was expected.
    Nothing(Notice),
}

/// How a screen is left.
#[derive(Debug)]
pub(super) struct Leaving {
    pub(super) class: AnswerClass,
    pub(super) fill: Option<(SlotId, Value)>,
    pub(super) to: Target,
    /// Reaches a call that changes something before a person is asked again.
    pub(super) changes: bool,
}

const UNEXPECTED: Meaning = Meaning::Nothing(Notice::Unexpected);

/// Reads an answer to the present screen, which is one with a person.
pub(super) fn read(scope: Scope<'_>, screen: &Screen, typed: &str) -> Result<Meaning, Sorry> {
    let leaving = match &screen.verb {
        Verb::Choose(choose) => match &choose.among {
            Among::Options(options) => {
                let id = |option: &ChoiceOption| choose.into.map(|slot| (slot, Value::Text(option.id.clone())));
                option(scope, options, typed).map(|(number, option)| by_option(number, option, id(option)))
            }
            Among::List { .. } => return Ok(row(scope, &choose.among, typed)),
        },
        Verb::Ask(ask) => value(scope, ask, typed),
        Verb::Show(show) if show.options.is_empty() => {
            // A screen that says nothing of where to go on has come to its end, though not the dialogue.
            Some(Leaving {
                class: AnswerClass::GoOn,
                fill: None,
                to: show.next.unwrap_or(Target::Home),
                changes: false,
            })
        }
        Verb::Show(show) => option(scope, &show.options, typed).map(|(number, option)| by_option(number, option, None)),
        Verb::End(_)
        | Verb::Call(_)
        | Verb::Send(_)
        | Verb::Verify(_)
        | Verb::Branch(_)
        | Verb::Set(_)
        | Verb::Run(_) => {
            return Err(Sorry);
        }
    };
    Ok(leaving.map_or(UNEXPECTED, Meaning::Leaves))
}

/// The row that is chosen without asking, where a screen lists the languages: the present one.
pub(super) fn present_language(scope: Scope<'_>, screen: &Screen) -> Option<Leaving> {
    let Verb::Choose(choose) = &screen.verb else { return None };
    match &choose.among {
        Among::List { list, next, changes, .. } if matches!(list.source, RowSource::Languages) => {
            Some(by_row(list, Seen::Language(scope.session.language), *next, *changes))
        }
        _ => None,
    }
}

fn by_option(number: u16, option: &ChoiceOption, fill: Option<(SlotId, Value)>) -> Leaving {
    Leaving { class: AnswerClass::Option(number), fill, to: option.go, changes: option.changes }
}

fn by_row(list: &Rows, row: Seen<'_>, to: Target, changes: bool) -> Leaving {
    Leaving { class: AnswerClass::Row, fill: Some((list.each, row.to_value())), to, changes }
}

/// The options that are offered now, each with its number. A hidden one leaves a hole.
pub(super) fn offered<'a>(
    scope: Scope<'a>,
    options: &'a [ChoiceOption],
) -> impl Iterator<Item = (u16, &'a ChoiceOption)> {
    (1..=u16::MAX)
        .zip(options)
        .filter(move |(_, option)| option.when.as_ref().is_none_or(|when| scope.holds(when)))
        .map(|(place, option)| (option.key.unwrap_or(place), option))
}

fn option<'a>(scope: Scope<'a>, options: &'a [ChoiceOption], typed: &str) -> Option<(u16, &'a ChoiceOption)> {
    if let Some(number) = labels::number(typed)
        && let Some(found) = offered(scope, options).find(|(n, _)| *n == number)
    {
        return Some(found);
    }
    let typed = fold(typed);
    if typed.is_empty() {
        return None;
    }
    let meant = numbers_meant(scope, &typed);
    let mut folded = String::new();
    let mut near = |(number, option): (u16, &ChoiceOption)| {
        nearest(&typed, in_all_languages(scope, &option.label), &mut folded).max(meant_as(&meant, number))
    };
    let (found, how_near) = the_one_nearest(offered(scope, options).map(|found| (found, near(found))))?;
    (how_near != Near::OneSlip || !found.1.changes).then_some(found)
}

/// The numbers that a folded answer says in words, or nearly says, in any language. One may be there more than once: it has
/// several spellings, and a slip may be as near to two of them.
fn numbers_meant(scope: Scope<'_>, typed: &str) -> Vec<(u16, Near)> {
    let words = scope.program.number_words.iter();
    let near = words.map(|(word, number)| (number, labels::nearness_of_folded(typed, word).of_a_number()));
    near.filter(|(_, near)| *near != Near::No).collect()
}

fn meant_as(meant: &[(u16, Near)], number: u16) -> Near {
    meant.iter().filter(|(meant, _)| *meant == number).map(|(_, near)| *near).max().unwrap_or(Near::No)
}

fn row(scope: Scope<'_>, among: &Among, typed: &str) -> Meaning {
    let Among::List { list, next, find, changes } = among else { return UNEXPECTED };
    let changes = *changes;
    let chosen = |row| Meaning::Leaves(by_row(list, row, *next, changes));
    let rows = List::of(scope, list);
    if let Some(number) = labels::number(typed)
        && let Some(row) = number.checked_sub(1).and_then(|before| rows.shown(find).nth(before.into()))
    {
        return chosen(row);
    }
    let letters = fold(typed);
    let labels = Shown::of(scope, list);
    let nearest = || {
        let meant = numbers_meant(scope, &letters);
        let near = |number, row| near_row(scope, labels, row, &letters).max(meant_as(&meant, number));
        the_one_nearest((1..=u16::MAX).zip(rows.shown(find)).map(|(number, row)| (row, near(number, row))))
    };
    if find.is_empty() || letters.is_empty() || typed.chars().count() > LETTERS_TO_FIND {
        return match nearest() {
            Some((row, near)) if near != Near::OneSlip || !changes => chosen(row),
            _ => UNEXPECTED,
        };
    }
    // Most of what is typed here are first letters: how near they are to a name is only asked where they are none.
    if labels.may_be(&letters) {
        let is = |row: &Seen<'_>| labels.is(*row, &letters) || is_language(scope, *row, &letters);
        let mut exactly = rows.shown(find).filter(is);
        if let (Some(row), None) = (exactly.next(), exactly.next()) {
            return chosen(row);
        }
    }
    // All rows are searched again, so that other letters can be tried without going back. `Char` may be the first
    // letters of a name, and four only where they are not.
    if let Some(row) = rows.whole(find, &letters) {
        return chosen(row);
    }
    if rows.beginning_with(find, &letters).next().is_some() {
        return Meaning::Finds(typed.to_owned());
    }
    match nearest() {
        Some((row, near)) if near != Near::OneSlip || !changes => chosen(row),
        _ => Meaning::Nothing(Notice::NoneBegin),
    }
}

/// A row is known by its text in any language; a language also by its code and the other words that mean it.
fn near_row<'a>(scope: Scope<'a>, labels: Shown<'a>, row: Seen<'a>, letters: &str) -> Near {
    if is_language(scope, row, letters) {
        Near::Exactly
    } else if letters.is_empty() {
        Near::No
    } else {
        labels.near(row, letters)
    }
}

fn is_language(scope: Scope<'_>, row: Seen<'_>, letters: &str) -> bool {
    let Seen::Language(id) = row else { return false };
    let language = scope.program.languages.get(id.index());
    language.is_some_and(|language| language.also.iter().chain([&language.code]).any(|word| folds_to(word, letters)))
}

fn value(scope: Scope<'_>, ask: &Ask, typed: &str) -> Option<Leaving> {
    let value = accept::read(scope.program, &ask.accept, typed, scope.today())?;
    Some(Leaving { class: AnswerClass::Value, fill: Some((ask.into, value)), to: ask.next, changes: ask.changes })
}

/// The only one that is met exactly, else the only one that is one slip away.
fn the_one_nearest<T>(candidates: impl Iterator<Item = (T, Near)>) -> Option<(T, Near)> {
    let mut nearest = None;
    let mut alone = true;
    for (candidate, near) in candidates.filter(|(_, near)| *near != Near::No) {
        match nearest.as_ref().map_or(std::cmp::Ordering::Greater, |(_, best)| near.cmp(best)) {
            std::cmp::Ordering::Greater => (nearest, alone) = (Some((candidate, near)), true),
            std::cmp::Ordering::Equal => alone = false,
            std::cmp::Ordering::Less => {}
        }
    }
    nearest.filter(|_| alone)
}
