//! Which screens are reached only by who has typed a one-time password: what is shown there may be about a person, and a call that
//! dropped there is not taken up again without another one.
//!
//! The others are those that some way leads to on which nobody is verified. Of a menu that is run it matters whether it can return
//! so; what stands behind the `run` then follows.

use std::collections::HashSet;

use super::world::index;
use crate::menu::ids::{MenuId, ScreenId};
use crate::menu::program::{Position, Program};
use crate::menu::verb::{Target, Verb};

/// Marks the screens.
pub(super) fn mark(program: &mut Program) {
    if !program.menus.iter().flat_map(|menu| &menu.screens).any(|screen| matches!(screen.verb, Verb::Verify(_))) {
        return;
    }
    let mut unverified = Walk::of(program, false);
    for menu in seeds(program) {
        unverified.enter(menu);
    }
    let reached = unverified.reached;
    for (menu, m) in program.menus.iter_mut().enumerate() {
        for (screen, s) in m.screens.iter_mut().enumerate() {
            let at = Position { menu: MenuId(index(menu)), screen: ScreenId(index(screen)) };
            s.verified = !reached.contains(&at);
        }
    }
}

/// The menus with which a dialogue begins: the entries, and of what no entry leads to (it may be offered later) what nothing else
/// leads to either.
fn seeds(program: &Program) -> Vec<MenuId> {
    let mut seeds: Vec<MenuId> = program.entered().collect();
    let mut any = Walk::of(program, true);
    for menu in &seeds {
        any.enter(*menu);
    }
    let led_to = led_to_by_others(program);
    let menus = || (0..program.menus.len()).map(|menu| MenuId(index(menu)));
    for menu in menus().filter(|menu| !led_to.contains(menu)).chain(menus()) {
        if !any.reached.contains(&start(program, menu)) {
            any.enter(menu);
            seeds.push(menu);
        }
    }
    seeds
}

fn led_to_by_others(program: &Program) -> HashSet<MenuId> {
    let mut led_to = HashSet::new();
    for (menu, m) in program.menus.iter().enumerate() {
        for verb in m.screens.iter().map(|screen| &screen.verb) {
            let jumps = verb.targets().into_iter().filter_map(|target| match target {
                Target::Menu(to) => Some(to),
                _ => None,
            });
            let runs = if let Verb::Run(run) = verb { Some(run.menu) } else { None };
            led_to.extend(jumps.chain(runs).filter(|to| to.index() != menu));
        }
    }
    led_to
}

fn start(program: &Program, menu: MenuId) -> Position {
    Position { menu, screen: program.menu(menu).start }
}

/// Follows all ways from the menus that are entered, or those on which nobody is verified.
struct Walk<'p> {
    program: &'p Program,
    by_verify: bool,
    reached: HashSet<Position>,
    /// Menus that are known to return.
    returning: HashSet<MenuId>,
    /// By menu that is run: what follows once it returns.
    waiting: Vec<Vec<(MenuId, Target)>>,
}

impl<'p> Walk<'p> {
    fn of(program: &'p Program, by_verify: bool) -> Self {
        let waiting = vec![Vec::new(); program.menus.len()];
        Self { program, by_verify, reached: HashSet::new(), returning: HashSet::new(), waiting }
    }

    fn enter(&mut self, menu: MenuId) {
        let mut open = vec![(menu, Target::Menu(menu))];
        while let Some((menu, target)) = open.pop() {
            let at = match target {
                Target::Screen(screen) => Position { menu, screen },
                Target::Menu(menu) => start(self.program, menu),
                Target::Home => start(self.program, self.program.home),
                Target::Return => {
                    if self.returning.insert(menu) {
                        open.append(&mut self.waiting[menu.index()]);
                    }
                    continue;
                }
                // Back is where the dialogue has been.
                Target::Back | Target::Sorry => continue,
            };
            if !self.reached.insert(at) {
                continue;
            }
            match &self.program.screen(at).verb {
                Verb::Run(run) => {
                    open.push((run.menu, Target::Menu(run.menu)));
                    let after = (at.menu, run.next);
                    let returns = self.returning.contains(&run.menu);
                    (if returns { &mut open } else { &mut self.waiting[run.menu.index()] }).push(after);
                }
                Verb::Verify(verify) if !self.by_verify => {
                    open.extend([verify.wrong, verify.expired, verify.unsent].map(|target| (at.menu, target)));
                }
                verb => open.extend(verb.targets().into_iter().map(|target| (at.menu, target))),
            }
        }
    }
}
