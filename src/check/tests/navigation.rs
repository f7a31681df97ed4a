//! Reach, ends, returns, loops and keys.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::build::*;
use super::*;
use crate::check::graph::Graph;
use crate::menu::{Accept, Among, Letters, Show, Target, Verb};

#[test]
fn a_whole_program_has_no_findings() {
    let home = vec![choose(&[to(1), to(2)]), run(1, to(2)), end()];
    let rating = vec![choose(&[Target::Return, Target::Home])];
    assert!(found(&program(vec![home, rating])).is_empty());
}

#[test]
fn a_screen_is_reached_by_every_kind_of_way() {
    let list = list(to(1), to(2));
    let home = vec![list, branch(&[to(3), to(4)]), set(to(4)), ask(Accept::Date, to(4)), end()];
    assert!(found(&program(vec![home])).is_empty());
}

#[test]
fn what_nothing_leads_to_is_told_once() {
    let home = vec![end(), show(to(2)), end()];
    assert_snapshot!(found_lines(&program(vec![home, vec![show(to(1)), end()]])), @r#"
        P001 nothing leads to the screen `1`
        P001 nothing leads to the screen `2`
        P002 no entry leads to the menu `b`
    "#);
}

#[test]
fn screens_that_lead_round_have_no_end() {
    // 1, 2 and 3 lead round; 4 leads into the circle and is not what must be mended.
    let home = vec![choose(&[to(4), to(5)]), show(to(2)), show(to(3)), show(to(1)), show(to(1)), end()];
    assert_snapshot!(found_lines(&program(vec![home])), @"P003 the dialogue cannot end from `a/1`, `a/2`, `a/3`");
}

#[test]
fn back_ends_where_the_screen_before_does() {
    let details = show(Target::Back);
    assert!(found(&program(vec![vec![choose(&[to(1), to(2)]), details, end()]])).is_empty());
}

#[test]
fn a_return_ends_where_one_of_its_callers_does() {
    let rating = || vec![show(Target::Return)];
    assert!(found(&program(vec![vec![run(1, to(1)), end()], rating()])).is_empty());
    assert_snapshot!(found_lines(&program(vec![vec![run(1, to(1)), show(to(0))], rating()])), @"P003 the dialogue cannot end from `a/0`, `a/1`, `b/0`");
}

#[test]
fn a_menu_that_returns_through_another_returns() {
    let middle = vec![run(2, Target::Return)];
    assert!(found(&program(vec![vec![run(1, to(1)), end()], middle, vec![show(Target::Return)]])).is_empty());
}

#[test]
fn a_menu_that_runs_itself_without_end_does_not_return() {
    let again = vec![run(1, Target::Return)];
    assert_snapshot!(found_lines(&program(vec![vec![run(1, to(1)), end()], again])), @r#"
        P006 `b` never returns, so what stands after this `run` is never reached
        P004 these screens lead round in a circle without a person: 0 → 0
        P006 `b` never returns, so what stands after this `run` is never reached
        P007 these menus run each other in a circle: b → b
    "#);
}

#[test]
fn a_notice_makes_no_page_on_which_the_more_key_would_work() {
    let mut program = program(vec![vec![ask(Accept::Number { min: 1, max: 120 }, to(1)), end()]]);
    program.system[crate::menu::SystemText::Help as usize] = text(&"Type your age in digits and send it. ".repeat(5));
    let codes: Vec<_> = check(&program, &crate::gateway::shipped()).findings.into_iter().map(|f| f.code).collect();
    assert!(codes.is_empty(), "{codes:?}");
}

#[test]
fn a_return_needs_a_menu_that_is_only_run() {
    let rating = || vec![show(Target::Return)];
    let jumped_to = vec![choose(&[to(1), Target::Menu(crate::menu::MenuId(1))]), run(1, to(2)), end()];
    assert_snapshot!(found_lines(&program(vec![jumped_to, rating()])), @"P005 `return` has nothing to return to: `b` is not only run, `a/0` jumps to it");
}

#[test]
fn loops_without_a_person_are_shown_with_their_way() {
    let home = vec![show(to(1)), set(to(2)), branch(&[to(3), to(1)]), end()];
    assert_snapshot!(found_lines(&program(vec![home])), @"P004 these screens lead round in a circle without a person: 1 → 2 → 1");
}

#[test]
fn an_empty_list_has_no_person() {
    let home = vec![show(to(1)), list(to(2), to(1)), end()];
    assert_snapshot!(found_lines(&program(vec![home])), @"P004 these screens lead round in a circle without a person: 1 → 1");
}

#[test]
fn a_loop_goes_through_menus_that_are_run() {
    let silent = vec![set(Target::Return)];
    assert_snapshot!(found_lines(&program(vec![vec![show(to(1)), run(1, to(1))], silent])), @"P004 these screens lead round in a circle without a person: 1 → 1");
    // The same with a person in the menu that is run is no such loop, though it has no end either.
    let asks = vec![show(Target::Return)];
    assert_snapshot!(found_lines(&program(vec![vec![show(to(1)), run(1, to(1))], asks])), @"P003 the dialogue cannot end from `a/1`, `b/0`");
}

#[test]
fn numbers_of_options_are_theirs_alone() {
    let mut options = options(&[to(1), to(1), to(1), to(1)]);
    options[1].key = Some(3);
    options[3].key = Some(0);
    let cards = Show { text: text("Which?"), rows: None, options, next: None };
    // 0 goes back here, for another screen stands before it.
    let home = vec![show(to(2)), end(), Verb::Show(cards)];
    assert_snapshot!(found_lines(&program(vec![home])), @r#"
        P011 `option3` has the number 3, which `option2` has already
        P010 `option4` has the number 0, but the key 0 goes back on this screen
    "#);
}

#[test]
fn answers_collide_only_with_keys_that_work() {
    // The key that an answer collides with, which the message names first.
    let collides = |accept: Accept| -> Option<String> {
        let home = vec![show(to(1)), ask(accept, to(2)), end()];
        let findings = check(&program(vec![home]), &[]).findings;
        assert!(findings.iter().all(|finding| finding.code == codes::P_ANSWER_IS_KEY));
        findings.first().and_then(|finding| finding.message.split(' ').next()).map(str::to_owned)
    };
    let none = None;
    let key = |key: &str| Some(key.to_owned());
    assert_eq!(collides(Accept::Number { min: 0, max: 10 }), key("0"));
    assert_eq!(collides(Accept::Number { min: 1, max: 200 }), none, "98 works on no page of a short screen");
    assert_eq!(collides(Accept::Digits { min: 1, max: 4 }), key("0"));
    assert_eq!(collides(Accept::Digits { min: 2, max: 2 }), key("00"));
    assert_eq!(collides(Accept::Digits { min: 4, max: 12 }), none);
    assert_eq!(collides(Accept::Amount { min: 0, max: 100 }), key("0"));
    assert_eq!(collides(Accept::Amount { min: 100, max: 100_000 }), none);
    assert_eq!(collides(Accept::OneOf(vec!["00".into(), "1".into()])), key("00"));
    assert_eq!(collides(Accept::Text { max: 40 }), none, "no name is a key");
    assert_eq!(collides(Accept::YesNo), none);
    let pattern = |pattern: &str| Accept::Pattern {
        pattern: regex::Regex::new(pattern).expect("a pattern"),
        max: 9,
        letters: Letters::Any,
    };
    assert_eq!(collides(pattern("[0-9]{1,3}")), key("0"));
    assert_eq!(collides(pattern("[A-Z]+0")), none);
}

#[test]
fn a_sign_behind_a_letter_makes_another_label() {
    let clash = |first: &str, second: &str| {
        let mut program = program(vec![vec![choose(&[to(1), to(1)]), end()]]);
        let Verb::Choose(choose) = &mut program.menus[0].screens[0].verb else { panic!("built as a choose") };
        let Among::Options(options) = &mut choose.among else { panic!("built with options") };
        (options[0].label, options[1].label) = (text(first), text(second));
        check(&program, &[]).findings.iter().any(|finding| finding.code == codes::P_SAME_LABEL)
    };
    assert!(!clash("A+", "A-"));
    assert!(clash("A.", "a") && clash("Kinds of", "Kinds-of"));
}

#[test]
fn nothing_works_at_home_but_what_its_options_say() {
    let rate = ask(Accept::Number { min: 0, max: 10 }, to(1));
    assert!(found(&program(vec![vec![rate, end()]])).is_empty());
}

#[test]
fn a_long_list_needs_letters_to_find_rows() {
    let long = |find: bool| {
        let mut program = program(vec![vec![list(to(1), to(1)), end()]]);
        program.menus[0].slots[0].ty = list_type(120);
        let Verb::Choose(choose) = &mut program.menus[0].screens[0].verb else { panic!("a list is a choose") };
        let Among::List { list, find: letters, .. } = &mut choose.among else { panic!("a list has rows") };
        let crate::menu::RowSource::Answer(path) = &mut list.source else { panic!("rows of an answer") };
        path.ty = list_type(120);
        *letters = find.then(|| path.clone()).into_iter().collect();
        let findings = check(&program, &crate::gateway::shipped()).findings;
        findings.iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert!(long(false).contains(&codes::P_ROW_IS_KEY));
    assert!(!long(true).contains(&codes::P_ROW_IS_KEY));
}

/// Five thousand screens, each leading to the next, to one half way to the end and back to the first: many ways, one great
/// loop. That every proof comes to an end on it is what is tested.
#[test]
fn a_program_of_five_thousand_screens_is_proved() {
    let screens = 5_000_u16;
    let home = (0..screens - 1).map(|at| match at % 5 {
        0 => choose(&[to(at + 1), to(at / 2 + screens / 2), to(0), Target::Back]),
        1 => ask(Accept::Digits { min: 4, max: 4 }, to(at + 1)),
        2 => branch(&[to(at + 1), to(screens - 1)]),
        3 => list(to(at + 1), to(screens - 1)),
        _ => show(to(at + 1)),
    });
    let program = program(vec![home.chain([end()]).collect()]);
    let report = check(&program, &crate::gateway::shipped());
    assert!(report.findings.iter().all(|finding| [codes::L_STEPS, codes::L_SECONDS].contains(&finding.code)));
    let lengths = report.lengths.iter().filter(|length| length.menu != "system").count();
    assert_eq!(lengths, 4_000);
}

proptest! {
    /// What is worked out once for all screens is what a walk back from each of them finds.
    #[test]
    fn somebody_stands_before_whatever_a_person_leads_to(ways in prop::collection::vec((0..5_u8, 0..9_u16, 0..9_u16), 1..9)) {
        let screens = u16::try_from(ways.len()).expect("few");
        let verb = |(kind, one, other): (u8, u16, u16)| {
            let (one, other) = (to(one % screens), to(other % screens));
            match kind {
                0 => show(one),
                1 => set(one),
                2 => list(one, other),
                3 => branch(&[one, other]),
                _ => branch(&[one, Target::Home]),
            }
        };
        let program = program(vec![ways.into_iter().map(verb).collect()]);
        let graph = Graph::new(&program);
        for node in graph.nodes() {
            prop_assert_eq!(graph.has_people_before(node), !graph.people_before(node).is_empty(), "screen {}", node);
        }
    }
}
