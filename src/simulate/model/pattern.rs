//! Pages that follow on an answer which is not known here, since it is a real department's: one of the screens to which the call
//! may lead must have written them. Values are wild; the words between them are not.

use std::collections::BTreeSet;

use crate::bridge::Page;
use crate::menu::{LanguageId, MenuId, Piece, Position, Program, SystemText, Target, Verb};
use crate::simulate::world::World;
use crate::text::to_gsm;

/// More ways than lead away from any call.
const WAYS: usize = 2000;
/// So many letters of a text are on the first page of it in any case.
const FIRST_LETTERS: usize = 8;

/// Menus under way, each run by the one before, by the screens on which they stand.
type Stack = Vec<Position>;

/// Whether a page may be what follows on the call on which these menus stand.
pub(super) fn may_follow(world: &World, stack: &[Position], language: LanguageId, page: &Page) -> bool {
    screens_after(&world.program, stack).into_iter().any(|at| fits(world, at, language, page))
}

/// The screens with a person that may be shown next, whatever is answered.
fn screens_after(program: &Program, stack: &[Position]) -> BTreeSet<Position> {
    let (mut found, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let mut ways = vec![stack.to_vec()];
    while let Some(stack) = ways.pop() {
        if seen.len() > WAYS || !seen.insert(stack.clone()) {
            continue;
        }
        let Some(verb) = stack.last().and_then(|at| verb_at(program, *at)) else { continue };
        let to = |target: Target| leads(program, stack.clone(), target);
        match verb {
            Verb::Choose(_) | Verb::Ask(_) | Verb::Show(_) | Verb::End(_) | Verb::Verify(_) => {
                found.extend(stack.last());
                ways.extend(verb.rows().and_then(|rows| rows.none).and_then(to));
                // Who is verified is not asked, nor whose number is locked or gets none.
                if let Verb::Verify(verify) = verb {
                    ways.extend([verify.next, verify.wrong, verify.unsent].into_iter().filter_map(to));
                }
            }
            Verb::Call(call) => {
                ways.extend(std::iter::once(call.next).chain(call.fails.iter().map(|(_, go)| *go)).filter_map(to));
            }
            Verb::Branch(arms) => ways.extend(arms.iter().filter_map(|arm| to(arm.go))),
            Verb::Set(set) => ways.extend(to(set.next)),
            Verb::Send(send) => ways.extend(to(send.next)),
            Verb::Run(run) => {
                let mut deeper = stack.clone();
                deeper.extend(start(program, run.menu));
                ways.push(deeper);
            }
        }
    }
    found
}

fn verb_at(program: &Program, at: Position) -> Option<&Verb> {
    Some(&program.menus.get(at.menu.index())?.screens.get(at.screen.index())?.verb)
}

fn start(program: &Program, menu: MenuId) -> Option<Position> {
    program.menus.get(menu.index()).map(|found| Position { menu, screen: found.start })
}

/// Where a target leads from the last of these menus. `None` is back to what was shown before, and the bridge's own ending.
fn leads(program: &Program, mut stack: Stack, target: Target) -> Option<Stack> {
    match target {
        Target::Screen(screen) => stack.last_mut()?.screen = screen,
        Target::Menu(menu) => stack = vec![start(program, menu)?],
        Target::Home => stack = vec![start(program, program.home)?],
        Target::Return if stack.len() < 2 => stack = vec![start(program, program.home)?],
        Target::Return => {
            stack.pop();
            let Verb::Run(run) = verb_at(program, *stack.last()?)? else { return None };
            return leads(program, stack, run.next);
        }
        Target::Back | Target::Sorry => return None,
    }
    Some(stack)
}

/// Whether a page may be the first of this screen.
fn fits(world: &World, at: Position, language: LanguageId, page: &Page) -> bool {
    let Some(verb) = verb_at(&world.program, at) else { return false };
    let language = world.shown_in(language);
    let labels = world.labels(language);
    let turns = page.text.lines().next_back().and_then(|line| line.split_once(' '));
    let goes_on = turns.is_some_and(|(key, _)| key == labels.more_key);
    if page.more == (matches!(verb, Verb::End(_)) && !goes_on) {
        return false;
    }
    let own = matches!(verb, Verb::Verify(_)).then(|| world.program.system(SystemText::OtpPrompt));
    let Some(text) = verb.texts().first().copied().or(own) else { return false };
    let literals = text.of(language).pieces.iter().filter_map(|piece| match piece {
        Piece::Text(literal) => Some(world.carried(literal)),
        Piece::Slot(..) => None,
    });
    let lines: Vec<String> = literals.flat_map(|literal| lines(&literal)).collect();
    if goes_on {
        // Where the page breaks is not known.
        let first: String = lines.first().map(|line| line.chars().take(FIRST_LETTERS).collect()).unwrap_or_default();
        return page.text.contains(&first);
    }
    let mut rest = page.text.as_str();
    lines.iter().all(|line| match rest.split_once(line.as_str()) {
        Some((_, behind)) => {
            rest = behind;
            true
        }
        None => false,
    })
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

impl World {
    /// A text in characters that the gateway carries.
    fn carried(&self, text: &str) -> String {
        if self.profile.limits.units.is_none() { to_gsm(text) } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::gateway::shipped;
    use crate::house::load;

    fn world() -> World {
        let loaded = load::load(load::read(None).expect("they are in the program"));
        let program = Arc::new(loaded.program.expect("the shipped menus compile"));
        let profile = shipped().into_iter().find(|profile| profile.name == "flares").expect("it is shipped");
        World::new(&program, Arc::new(profile), &loaded.sandboxes)
    }

    /// The first call of a menu.
    fn call(world: &World, menu: &str) -> Position {
        let menu = world.program.menu_by_name(menu).expect("a menu");
        let screens = &world.program.menu(menu).screens;
        let at = screens.iter().position(|screen| matches!(screen.verb, Verb::Call(_))).expect("a call");
        Position { menu, screen: crate::menu::ScreenId(u16::try_from(at).expect("few screens")) }
    }

    #[test]
    fn what_follows_on_a_call_is_one_of_its_screens_whatever_their_values() {
        let world = world();
        let after = screens_after(&world.program, &[call(&world, "lpg.refill")]);
        let names: Vec<&str> = after.iter().map(|at| world.program.screen(*at).name.as_str()).collect();
        assert!(names.len() > 2 && names.len() < 20, "{names:?}");
        let may = |text: &str, more| {
            let page = Page { text: text.to_owned(), more };
            may_follow(&world, &[call(&world, "lpg.refill")], LanguageId(0), &page)
        };
        let asks = "Gas no. XX4242, any agency whatever\n1. Book 1 cylinder";
        assert!(may(asks, true), "another's values, on the screen that shows them");
        assert!(may("Gas no. XX1\n98 More", true), "its first page, wherever that breaks");
        assert!(may("The gas company is not answering now. Please try again later.", false), "it may be down");
        assert!(may("The gas company is not\n98 More", true), "an end of two pages");
        assert!(
            !may("Cylinder booked.\nBooking no. BK1\nRs 900 to pay\nComes by 1 Jan", false),
            "that is two calls on"
        );
        assert!(!may("Welcome. What do you need?\n1. PF balance", true), "the home screen does not follow");
        assert!(!may(asks, false), "no dialogue ends there");
    }
}
