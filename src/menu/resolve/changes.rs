//! Which answers lead to something that cannot be undone: no slip of the finger is forgiven there, and no dial path goes there
//! by itself.

use std::collections::HashSet;

use super::world::index;
use crate::menu::ids::{MenuId, ScreenId};
use crate::menu::program::{Position, Program};
use crate::menu::verb::{Among, Target, Verb};

/// Marks every answer that reaches a changing call before a person is asked again.
pub(super) fn mark(program: &mut Program) {
    let silence = Silence::of(program);
    let run = |run: MenuId| silence.meets(run, Target::Menu(run), false).changes;
    let keywords: Vec<bool> = program.keywords.iter().map(|keyword| run(keyword.run)).collect();
    let changing: Vec<(Position, Vec<bool>)> = positions(program)
        .map(|at| (at, answers(&program.screen(at).verb).map(|to| silence.changes(at.menu, to)).collect()))
        .collect();
    program.keywords.iter_mut().zip(keywords).for_each(|(keyword, changes)| keyword.changes = changes);
    for (at, changes) in changing {
        let screen = &mut program.menus[at.menu.index()].screens[at.screen.index()];
        marks(&mut screen.verb).zip(changes).for_each(|(mark, changes)| *mark = changes);
    }
}

fn positions(program: &Program) -> impl Iterator<Item = Position> {
    let menus = program.menus.iter().enumerate();
    menus.flat_map(|(menu, m)| {
        let at = move |screen| Position { menu: MenuId(index(menu)), screen: ScreenId(index(screen)) };
        (0..m.screens.len()).map(at)
    })
}

/// Where the answers to a screen lead.
fn answers(verb: &Verb) -> impl Iterator<Item = Target> {
    let next = match verb {
        Verb::Ask(ask) => Some(ask.next),
        Verb::Choose(choose) => match &choose.among {
            Among::List { next, .. } => Some(*next),
            Among::Options(_) => None,
        },
        _ => None,
    };
    next.into_iter().chain(verb.options().iter().map(|option| option.go))
}

/// Their marks, in the same order.
fn marks(verb: &mut Verb) -> impl Iterator<Item = &mut bool> {
    let (next, options) = match verb {
        Verb::Ask(ask) => (Some(&mut ask.changes), &mut [][..]),
        Verb::Show(show) => (None, &mut show.options[..]),
        Verb::Choose(choose) => match &mut choose.among {
            Among::List { changes, .. } => (Some(changes), &mut [][..]),
            Among::Options(options) => (None, &mut options[..]),
        },
        _ => (None, &mut [][..]),
    };
    next.into_iter().chain(options.iter_mut().map(|option| &mut option.changes))
}

/// The ways on which nobody is asked or shown anything.
struct Silence<'p> {
    program: &'p Program,
    /// By menu: whether it can return without having asked anybody.
    returning: Vec<bool>,
    /// By menu: what stands after each `run` of it, in the menu that runs it.
    after: Vec<Vec<(MenuId, Target)>>,
}

impl<'p> Silence<'p> {
    fn of(program: &'p Program) -> Self {
        let none = vec![Vec::new(); program.menus.len()];
        let mut silence = Self { program, returning: vec![false; program.menus.len()], after: none };
        for at in positions(program) {
            if let Verb::Run(run) = &program.screen(at).verb {
                silence.after[run.menu.index()].push((at.menu, run.next));
            }
        }
        // One that returns may let those return that run it: there are never more rounds than menus.
        let mut grows = true;
        while grows {
            let returns = |menu: usize| {
                let menu = MenuId(index(menu));
                silence.meets(menu, Target::Menu(menu), false).returned.contains(&menu)
            };
            let returning: Vec<bool> = (0..program.menus.len()).map(returns).collect();
            grows = returning != silence.returning;
            silence.returning = returning;
        }
        silence
    }

    fn changes(&self, menu: MenuId, target: Target) -> bool {
        self.meets(menu, target, true).changes
    }

    /// What stands on all silent ways from a target on; `beyond` the `return` of a menu as well, behind every `run` of it.
    fn meets(&self, menu: MenuId, target: Target, beyond: bool) -> Met {
        let mut met = Met::default();
        let mut seen: HashSet<Position> = HashSet::new();
        let mut open = vec![(menu, target)];
        while let Some((menu, target)) = open.pop() {
            let at = match target {
                Target::Screen(screen) => Position { menu, screen },
                Target::Menu(menu) => self.start(menu),
                // Behind what cannot be undone there is nothing to go back to but home.
                Target::Home | Target::Back => self.start(self.program.home),
                Target::Return => {
                    if met.returned.insert(menu) && beyond {
                        open.extend(&self.after[menu.index()]);
                    }
                    continue;
                }
                Target::Sorry => continue,
            };
            if seen.insert(at) {
                let verb = &self.program.screen(at).verb;
                met.changes |= match verb {
                    Verb::Call(call) => self.program.operation(call.operation).changes,
                    // Somebody else gets a message.
                    Verb::Send(send) => send.to.is_some(),
                    _ => false,
                };
                open.extend(self.silent_ways(verb).into_iter().map(|target| (at.menu, target)));
            }
        }
        met
    }

    fn silent_ways(&self, verb: &Verb) -> Vec<Target> {
        match verb {
            Verb::Call(call) => {
                std::iter::once(call.next).chain(call.fails.iter().map(|(_, target)| *target)).collect()
            }
            // Who has been verified is not asked again, and whose number is locked not at all.
            Verb::Verify(verify) => vec![verify.next, verify.wrong, verify.unsent],
            Verb::Branch(arms) => arms.iter().map(|arm| arm.go).collect(),
            Verb::Set(set) => vec![set.next],
            Verb::Send(send) => vec![send.next],
            Verb::Run(run) => {
                let next = self.returning[run.menu.index()].then_some(run.next);
                std::iter::once(Target::Menu(run.menu)).chain(next).collect()
            }
            // An empty list is not shown.
            Verb::Choose(_) | Verb::Show(_) => verb.rows().and_then(|rows| rows.none).into_iter().collect(),
            Verb::Ask(_) | Verb::End(_) => Vec::new(),
        }
    }

    fn start(&self, menu: MenuId) -> Position {
        Position { menu, screen: self.program.menu(menu).start }
    }
}

#[derive(Default)]
struct Met {
    changes: bool,
    /// Menus whose `return` was met.
    returned: HashSet<MenuId>,
}
