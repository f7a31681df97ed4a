//! Which answers lead to something that cannot be undone: no slip of the fingers is forgiven there, and no dial path goes there
//! by itself.

use std::collections::HashSet;

use crate::menu::ids::MenuId;
use crate::menu::program::{Among, ChoiceOption, Position, Program, Target, Verb};

/// Marks every answer that reaches a changing call before a person is asked again.
pub(super) fn mark(program: &mut Program) {
    let mut marked = Vec::new();
    for (menu, at) in positions(program) {
        if let Verb::Ask(ask) = &program.menus[menu].screens[at].verb {
            let changes = changes(program, menu, ask.next);
            if let Verb::Ask(ask) = &mut program.menus[menu].screens[at].verb {
                ask.changes = changes;
            }
            continue;
        }
        for (i, option) in options(&program.menus[menu].screens[at].verb).iter().enumerate() {
            if changes(program, menu, option.go) {
                marked.push((menu, at, i));
            }
        }
    }
    for (menu, at, i) in marked {
        let options = match &mut program.menus[menu].screens[at].verb {
            Verb::Choose(choose) => match &mut choose.among {
                Among::Options(options) => options,
                Among::List { .. } => continue,
            },
            Verb::Show(show) => &mut show.options,
            _ => continue,
        };
        options[i].changes = true;
    }
}

fn positions(program: &Program) -> Vec<(usize, usize)> {
    let menus = program.menus.iter().enumerate();
    menus.flat_map(|(menu, m)| (0..m.screens.len()).map(move |screen| (menu, screen))).collect()
}

fn options(verb: &Verb) -> &[ChoiceOption] {
    match verb {
        Verb::Choose(choose) => match &choose.among {
            Among::Options(options) => options,
            Among::List { .. } => &[],
        },
        Verb::Show(show) => &show.options,
        _ => &[],
    }
}

/// Whether a target leads to a changing call through screens without a person.
fn changes(program: &Program, menu: usize, target: Target) -> bool {
    let mut seen: HashSet<Position> = HashSet::new();
    let mut open: Vec<Position> = Vec::new();
    let menu = MenuId(super::world::index(menu));
    open.extend(position(program, menu, target));
    while let Some(at) = open.pop() {
        if !seen.insert(at) {
            continue;
        }
        let mut follow = |target: Target| open.extend(position(program, at.menu, target));
        match &program.screen(at).verb {
            Verb::Choose(_) | Verb::Ask(_) | Verb::Show(_) | Verb::End(_) => {}
            Verb::Call(call) if program.operation(call.operation).changes => return true,
            Verb::Call(call) => {
                follow(call.next);
                call.fails.iter().for_each(|(_, target)| follow(*target));
            }
            Verb::Branch(arms) => arms.iter().for_each(|arm| follow(arm.go)),
            Verb::Set(set) => follow(set.next),
            Verb::Run(run) => {
                follow(Target::Menu(run.menu));
                // The menu may return without having asked anybody.
                follow(run.next);
            }
        }
    }
    false
}

/// The screen that a target leads to; `None` where the citizen's way decides, or where the dialogue ends.
fn position(program: &Program, menu: MenuId, target: Target) -> Option<Position> {
    let start = |menu: MenuId| Position { menu, screen: program.menu(menu).start };
    match target {
        Target::Screen(screen) => Some(Position { menu, screen }),
        Target::Menu(menu) => Some(start(menu)),
        Target::Home => Some(start(program.home)),
        Target::Back | Target::Return | Target::Sorry => None,
    }
}
