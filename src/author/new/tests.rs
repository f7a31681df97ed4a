use super::{NewError, Plan, menu};
use crate::menu::compile;
use crate::source::{Files, render};

const HOME: &str = "menu: home
screens:
  top:
    choose: What?
    options:
      pds: {label: Ration, go: ration}  # the shop
      more: More
  ration:
    choose: Which?
    options: {a: {label: A, go: bye}, b: {label: B, go: bye}}
  more:
    choose: What else?
    options:
      a: {label: A, go: bye}
  bye: {end: Bye}
";

fn folder(more: &[(&str, &str)]) -> Files {
    let mut files = Files::default();
    files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*1#\": home}\n");
    files.add("home.yaml", HOME);
    for (path, text) in more {
        files.add(*path, *text);
    }
    files
}

fn plan(files: &Files, name: &str, into: Option<&str>) -> Result<Plan, NewError> {
    let (program, findings) = compile(files);
    let program = program.unwrap_or_else(|| panic!("{}", render(&findings, files, false)));
    menu(files, &program, name, into, |_| true)
}

#[test]
fn an_option_is_added_below_the_others() {
    let plan = plan(&folder(&[]), "pds.card", None).expect("it can be made");
    let (path, text) = plan.edited.expect("the options stand one below the other");
    assert_eq!(path, "home.yaml");
    let added = "      more: More\n      pds_card: {label: Card, go: pds.card}\n  ration:";
    assert_eq!(text, HOME.replace("      more: More\n  ration:", added));
    assert_eq!(plan.dial.as_deref(), Some("*1*3#"));
    let paths: Vec<&str> = plan.files.iter().map(|(path, _)| path.as_str()).collect();
    let wanted = ["pds/card.yaml", "pds/card.dialogue", "departments/pds.yaml", "departments/pds.sandbox.yaml"];
    assert_eq!(paths, wanted);
}

#[test]
fn another_screen_can_lead_there() {
    let deeper = plan(&folder(&[]), "pds.old_card.lost", Some("home.more")).expect("it can be made");
    assert_eq!(deeper.dial.as_deref(), Some("*1*2*2#"));
    assert!(deeper.edited.is_some());
    let (path, text) = &deeper.files[0];
    assert_eq!(path, "pds/old_card/lost.yaml");
    assert!(text.contains("menu: pds.old_card.lost\ntitle: Lost\n") && text.contains("call: pds.lost\n"), "{text}");
    let by_hand = plan(&folder(&[]), "pds.card", Some("home.ration")).expect("it can be made");
    assert_eq!((by_hand.edited, by_hand.option.as_str()), (None, "pds_card: {label: Card, go: pds.card}"));
}

/// The words of the templates are words of names, too.
#[test]
fn names_in_which_words_of_the_templates_stand_stay_whole() {
    for (name, call) in
        [("clothing.office", "clothing.office"), ("office.thing", "office.thing"), ("thing.a.b", "thing.b")]
    {
        let plan = plan(&folder(&[]), name, None).expect("it can be made");
        let text = |path: &str| plan.files.iter().find(|(known, _)| known == path).map_or("", |(_, text)| text);
        let (department, thing) = call.split_once('.').expect("two parts");
        let menu = text(&format!("{}.yaml", name.replace('.', "/")));
        assert!(menu.contains(&format!("menu: {name}\n")) && menu.contains(&format!("call: {call}\n")), "{menu}");
        let written = text(&format!("departments/{department}.yaml"));
        assert!(written.contains(&format!("department: {department}\n")), "{written}");
        assert!(written.contains(&format!("\n  {thing}:\n")), "{written}");
    }
}

#[test]
fn screens_further_on_can_lead_there_when_the_first_is_full() {
    let files = folder(&[]);
    let (program, _) = compile(&files);
    let program = program.expect("it compiles");
    let is_long = |files: &Files| files.iter().any(|(_, file)| file.text.contains("More\n      pds_card"));
    let plan = menu(&files, &program, "pds.card", None, |files| !is_long(&files)).expect("it can be made");
    assert_eq!((plan.screen.as_str(), plan.full.as_deref()), ("home.more", Some("home.top")));
    assert_eq!(plan.dial.as_deref(), Some("*1*2*2#"));
    let plan = menu(&files, &program, "pds.card", None, |_| false).expect("it can be made");
    assert_eq!((plan.screen.as_str(), plan.edited), ("home.top", None));
}

#[test]
fn a_department_that_is_there_stays_as_it_is() {
    let files = folder(&[("departments/food.yaml", "department: pds\noperations: {shop: {get: /shop}}\n")]);
    let plan = plan(&files, "pds.card", None).expect("it can be made");
    assert_eq!(plan.department.as_deref(), Some("departments/food.yaml"));
    assert_eq!(plan.files.len(), 2);
}

#[test]
fn what_cannot_be_is_said() {
    let files =
        folder(&[("pds/card.dialogue", "x"), ("departments/epfo.yaml", "department: pf\noperations: {a: {get: /}}\n")]);
    let said = |name: &str, into: Option<&str>| plan(&files, name, into).map_err(|error| error.to_string());
    for name in
        ["", "card", "Pds.card", "pds.", ".card", "pds..card", "../pds.card", "pds/a.card", "pds.1", "पीडीएस.card"]
    {
        assert!(said(name, None).is_err_and(|error| error.contains("like `pds.card`")), "{name}");
    }
    assert!(said("tables.card", None).is_err_and(|error| error.contains("the folder `tables`")));
    assert_eq!(plan(&files, "pds.card", None), Err(NewError::Exists("pds/card.dialogue".to_owned())));
    assert_eq!(plan(&files, "epfo.card", None), Err(NewError::Exists("departments/epfo.yaml".to_owned())));
    for into in ["home", "home.bye", "home.nowhere", "nobody.top", ""] {
        assert!(said("pds.shop", Some(into)).is_err_and(|error| error.contains("no screen with options")), "{into}");
    }
    let there = folder(&[("x.yaml", "menu: pds.card\nscreens: {top: {end: Bye}}\n")]);
    let taken = NewError::Menu { name: "pds.card".to_owned(), path: "x.yaml".to_owned() };
    assert_eq!(plan(&there, "pds.card", None), Err(taken));
}
