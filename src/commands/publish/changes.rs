//! What changes between two programs, for whoever publishes: menus, and the ways into them that can be dialled.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::menu::Program;

/// Menus and dialled codes that come, go, or lead elsewhere; one line where there are none.
pub(super) fn told(before: &Program, after: &Program) -> String {
    let mut page = String::new();
    let names = |program: &Program| program.menus.iter().map(|menu| (menu.name.clone(), String::new())).collect();
    tell(&mut page, "menu", &names(before), &names(after));
    tell(&mut page, "dialled", &codes(before), &codes(after));
    if page.is_empty() {
        page.push_str("Changes:    only within menus; the menus and what is dialled for them stay\n");
    }
    page
}

/// Where each code leads.
fn codes(program: &Program) -> BTreeMap<String, String> {
    let entries = program.ussd.iter();
    entries.map(|entry| (entry.code.to_string(), format!(" to {}", program.menu(entry.menu).name))).collect()
}

fn tell(page: &mut String, what: &str, before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    let gone = before.iter().filter(|(name, leads)| after.get(*name) != Some(leads)).map(|entry| ('-', entry));
    let come = after.iter().filter(|(name, leads)| before.get(*name) != Some(leads)).map(|entry| ('+', entry));
    for (sign, (name, leads)) in gone.chain(come) {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "  {sign} {what} {name}{leads}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::menu::compile;
    use crate::source::Files;

    fn program(ussd: &str, menus: &[&str]) -> Program {
        let mut files = Files::default();
        files.add("bridge.yaml", format!("languages: {{en: English}}\nussd: {{{ussd}}}\n"));
        for menu in menus {
            files.add(format!("{menu}.yaml"), format!("menu: {menu}\nscreens: {{top: {{end: Bye}}}}\n"));
        }
        let (program, findings) = compile(&files);
        program.unwrap_or_else(|| panic!("{findings:?}"))
    }

    #[test]
    fn what_comes_goes_and_leads_elsewhere_is_told() {
        let before = program("\"*1#\": home, \"*2#\": home", &["home", "old"]);
        let after = program("\"*1#\": home, \"*2#\": new", &["home", "new"]);
        insta::assert_snapshot!(told(&before, &after), @r"
          - menu old
          + menu new
          - dialled *2# to home
          + dialled *2# to new
        ");
        insta::assert_snapshot!(told(&before, &before), @"Changes:    only within menus; the menus and what is dialled for them stay");
    }
}
