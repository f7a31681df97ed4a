//! `gramsetu new menu`: a menu with its department, the department's sandbox and a conversation, and the option that leads to
//! it. (`new folder` is in `folder`.)
//!
//! The templates lie in `new/`, and are what somebody who has never written a menu reads first. In them `office` stands for
//! the department, `thing` for what is asked of it, `office.some.thing` for the menu's name, and `*1#` for what is dialled.

pub mod folder;
mod insert;

use std::collections::{BTreeSet, VecDeque};

use crate::menu::{self, MenuId, Position, Program, ScreenId, Target, Verb};
use crate::source::Files;

const MENU: &str = include_str!("new/menu.yaml");
const DIALOGUE: &str = include_str!("new/menu.dialogue");
const DEPARTMENT: &str = include_str!("new/department.yaml");
const SANDBOX: &str = include_str!("new/sandbox.yaml");
/// For a department that is there already.
const ALONE: &str = include_str!("new/alone.yaml");
const ALONE_DIALOGUE: &str = include_str!("new/alone.dialogue");

/// Folders whose files are no menus.
const NO_MENUS: [&str; 3] = ["departments", "tables", "gateways"];

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NewError {
    #[error(
        "`{0}` cannot name a new menu: write the department, a dot, and what is asked of it, like `pds.card`, in small letters, \
         digits and `_`, each part beginning with a letter"
    )]
    Name(String),
    #[error("`{0}` would be written into the folder `{1}`, which is not for menus: give the department another name")]
    Folder(String, String),
    #[error("there is a menu `{name}` already, in `{path}`: choose another name")]
    Menu { name: String, path: String },
    #[error("`{0}` is there already, and nothing is written over: choose another name, or move it away")]
    Exists(String),
    #[error(
        "the folder `{0}` is not empty: name one that is not there yet (`gramsetu new menu` adds a menu to a folder)"
    )]
    NotEmpty(String),
    #[error("`{0}` is no screen with options: name a menu and its screen, like `{1}`, in which people choose")]
    Into(String, String),
    #[error("the menu `{0}`, which callers see first, has no options: name a screen that has some with `--into`")]
    NoOptions(String),
}

/// What is to be written. Paths are relative to the folder of menus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Paths and texts of files that are not there yet.
    pub files: Vec<(String, String)>,
    /// The file of the department, where it was there already.
    pub department: Option<String>,
    /// The screen in which an option leads to the menu: `home.services`.
    pub screen: String,
    /// The option, as a line of that screen's `options`.
    pub option: String,
    /// The screen that callers see first, where it has no room.
    pub full: Option<String>,
    /// The path and the new text of the file with that screen; `None` when the line must be added by hand.
    pub edited: Option<(String, String)>,
    /// What a caller dials to come to the menu.
    pub dial: Option<String>,
}

/// Plans a menu in a folder that compiles to this program. `into` is the screen that is to lead to it, `home.services`;
/// without it, it is the first of the first menu's screens that has room for an option more. `passes` is asked whether a folder
/// would be served: what compiles may still be too long for a phone.
pub fn menu(
    files: &Files,
    program: &Program,
    name: &str,
    into: Option<&str>,
    passes: impl Fn(Files) -> bool,
) -> Result<Plan, NewError> {
    let (department, thing) = parts(name)?;
    if let Some(known) = program.menu_by_name(name) {
        let path = files.get(program.menu(known).span.file).path.clone();
        return Err(NewError::Menu { name: name.to_owned(), path });
    }
    let ways = ways(program);
    let screens = match into {
        Some(into) => vec![screen(program, into)?],
        None => ways.iter().map(|(at, _)| *at).filter(|at| at.menu == program.home).collect(),
    };
    let names = Names { menu: name, department, thing };
    let mut first: Option<Plan> = None;
    for at in screens {
        let way = ways.iter().find(|(to, _)| *to == at).map(|(_, way)| way.as_slice());
        let plan = plan(files, program, &names, at, way)?;
        if plan.edited.is_some() && passes(with(files, &plan.files, plan.edited.as_ref())) {
            return Ok(Plan { full: first.map(|first| first.screen), ..plan });
        }
        first.get_or_insert(plan);
    }
    let first = first.ok_or_else(|| NewError::NoOptions(program.menu(program.home).name.clone()))?;
    Ok(Plan { edited: None, ..first })
}

fn plan(
    files: &Files,
    program: &Program,
    names: &Names<'_>,
    at: Position,
    way: Option<&[usize]>,
) -> Result<Plan, NewError> {
    let Names { menu: name, department, .. } = *names;
    let dial = way.and_then(|way| dial(program, at, way));
    let known = program.departments.iter().position(|known| known.name == department);
    let operation = program.operations.iter().find(|operation| Some(operation.department.index()) == known);
    let kept = operation.map(|operation| files.get(operation.span.file).path.clone());
    let path = name.replace('.', "/");
    let (menu, conversation) = if kept.is_some() { (ALONE, ALONE_DIALOGUE) } else { (MENU, DIALOGUE) };
    let mut new = vec![(format!("{path}.yaml"), names.put_into(menu))];
    if let Some(dial) = &dial {
        new.push((format!("{path}.dialogue"), names.put_into(conversation).replace("*1#", dial)));
    }
    if kept.is_none() {
        new.push((format!("departments/{department}.yaml"), names.put_into(DEPARTMENT)));
        new.push((format!("departments/{department}.sandbox.yaml"), names.put_into(SANDBOX)));
    }
    let taken = new.iter().find(|(path, _)| files.iter().any(|(_, file)| file.path == *path));
    if let Some((path, _)) = taken {
        return Err(NewError::Exists(path.clone()));
    }
    let option = format!("{}: {{label: {}, go: {name}}}", name.replace('.', "_"), names.title());
    let edited = insert::option(files, program, at, &option).filter(|edited| leads(files, &new, edited, program, at));
    Ok(Plan { files: new, department: kept, screen: shown(program, at), option, full: None, edited, dial })
}

/// What the names of the templates become.
struct Names<'a> {
    menu: &'a str,
    department: &'a str,
    thing: &'a str,
}

impl Names<'_> {
    /// By way of marks that stand in no name: a department may be called `clothing`.
    fn put_into(&self, template: &str) -> String {
        let marked = [("office.some.thing", "\0"), ("office", "\u{1}"), ("thing", "\u{2}"), ("Thing", "\u{3}")]
            .iter()
            .fold(template.to_owned(), |text, (word, mark)| text.replace(word, mark));
        let title = self.title();
        [("\0", self.menu), ("\u{1}", self.department), ("\u{2}", self.thing), ("\u{3}", &title)]
            .iter()
            .fold(marked, |text, (mark, name)| text.replace(mark, name))
    }

    /// `Ration card` of `ration_card`.
    fn title(&self) -> String {
        let words = self.thing.replace('_', " ");
        let mut letters = words.trim_end().chars();
        letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    }
}

/// The department and what is asked of it: the first and the last part of a menu's name.
fn parts(name: &str) -> Result<(&str, &str), NewError> {
    let wrong = || NewError::Name(name.to_owned());
    let (department, _) = name.split_once('.').filter(|_| menu::is_menu_name(name)).ok_or_else(wrong)?;
    let (_, thing) = name.rsplit_once('.').ok_or_else(wrong)?;
    if NO_MENUS.contains(&department) {
        return Err(NewError::Folder(name.to_owned(), department.to_owned()));
    }
    Ok((department, thing))
}

/// Whether people choose here among options of the menu's own.
fn has_options(program: &Program, at: Position) -> bool {
    let verb = &program.screen(at).verb;
    matches!(verb, Verb::Choose(_)) && !verb.options().is_empty()
}

/// The screen named, where people must be able to choose.
fn screen(program: &Program, into: &str) -> Result<Position, NewError> {
    let found = into.rsplit_once('.').and_then(|(menu, screen)| {
        let menu = program.menu_by_name(menu)?;
        let at = program.menu(menu).screens.iter().position(|known| known.name == screen)?;
        Some(Position { menu, screen: ScreenId(u16::try_from(at).ok()?) })
    });
    found.filter(|at| has_options(program, *at)).ok_or_else(|| {
        let mut known = ways(program).into_iter().map(|(at, _)| shown(program, at));
        NewError::Into(into.to_owned(), known.next().unwrap_or_else(|| "home.services".to_owned()))
    })
}

/// `home.services`
fn shown(program: &Program, at: Position) -> String {
    format!("{}.{}", program.menu(at.menu).name, program.screen(at).name)
}

/// The screens to which options alone lead from the first one, the nearest first, with the answers that lead there.
fn ways(program: &Program) -> Vec<(Position, Vec<usize>)> {
    let start = |menu: MenuId| Position { menu, screen: program.menu(menu).start };
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    let mut next = VecDeque::from([(start(program.home), Vec::new())]);
    while let Some((at, way)) = next.pop_front() {
        if !has_options(program, at) || !seen.insert(at) {
            continue;
        }
        for (index, option) in program.screen(at).verb.options().iter().enumerate() {
            let target = match option.go {
                Target::Screen(screen) => Position { screen, ..at },
                Target::Menu(menu) => start(menu),
                _ => continue,
            };
            let number = option.key.map_or(index + 1, usize::from);
            next.push_back((target, way.iter().copied().chain([number]).collect()));
        }
        found.push((at, way));
    }
    found
}

/// What is dialled to choose a further option of a screen.
fn dial(program: &Program, at: Position, way: &[usize]) -> Option<String> {
    let code = program.ussd.iter().find(|entry| entry.menu == program.home)?.code.bare();
    let last = program.screen(at).verb.options().len() + 1;
    let answers = way.iter().chain([&last]).map(usize::to_string).collect::<Vec<_>>().join("*");
    Some(format!("*{code}*{answers}#"))
}

/// Whether the folder still compiles with the option in it, and that screen has just one more.
fn leads(files: &Files, new: &[(String, String)], edited: &(String, String), before: &Program, at: Position) -> bool {
    let after = with(files, new, Some(edited));
    let (Some(after), _) = menu::compile(&after) else { return false };
    let old = before.screen(at);
    let options = after.menu_by_name(&before.menu(at.menu).name).and_then(|menu| {
        let screens = &after.menu(menu).screens;
        Some(screens.iter().find(|screen| screen.name == old.name)?.verb.options().len())
    });
    options == Some(old.verb.options().len() + 1)
}

/// The folder as it will be.
fn with(files: &Files, new: &[(String, String)], edited: Option<&(String, String)>) -> Files {
    let mut all = Files::default();
    for (_, file) in files.iter() {
        let text = edited.filter(|(path, _)| *path == file.path).map_or(&*file.text, |(_, text)| text.as_str());
        all.add(file.path.clone(), text);
    }
    for (path, text) in new {
        all.add(path.clone(), text.as_str());
    }
    all
}

#[cfg(test)]
mod tests;
