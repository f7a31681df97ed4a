//! One-time passwords, on programs that the compiler made: it marks what stands behind them.

use insta::assert_snapshot;

use super::*;
use crate::menu::compile;
use crate::source::{Files, render};

const OFFICE: &str = "department: office
operations:
  person:
    get: '/persons/{{ number }}'
    answer: {name: {from: /name, text: 20, personal: yes}, office: {from: /office, text: 20}}
";

const MESSAGES: &str = "header: GRAMST\nkind: service\nmessages: {bridge.otp: {texts: {en: '{{ code }}'}}}\n";

const BRIDGE: &str = "languages: {en: English}\nussd: {\"*1#\": home}\n";

/// What `check` finds about the menus of these screens, and which screens stand behind a one-time password.
fn found_in(menus: &[(&str, &str)]) -> String {
    let mut files = Files::default();
    files.add("bridge.yaml", BRIDGE);
    files.add("departments/office.yaml", OFFICE);
    files.add("messages/bridge.yaml", MESSAGES);
    for (name, screens) in menus {
        files.add(format!("{name}.yaml"), format!("menu: {name}\nscreens:\n{screens}"));
    }
    let (program, findings) = compile(&files);
    let program = program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)));
    let mut lines = found(&program);
    let menus = program.menus.iter().flat_map(|menu| menu.screens.iter().map(move |screen| (menu, screen)));
    let verified = menus.filter(|(_, screen)| screen.verified);
    let names: Vec<String> = verified.map(|(menu, screen)| format!("{}/{}", menu.name, screen.name)).collect();
    lines.push(format!("behind: {}", names.join(" ")));
    lines.join("\n")
}

#[test]
fn what_is_personal_may_be_shown_behind_a_one_time_password() {
    let home = "  otp: {verify: otp, next: person, fails: {wrong: locked}}
  person: {call: office.person, give: {number: caller}, into: person, next: shown}
  shown: {end: '{{ person.name }}'}
  locked: {end: Locked}
";
    assert_snapshot!(found_in(&[("home", home)]), @"behind: home/person home/shown");
}

#[test]
fn it_must_be_asked_for_on_every_way() {
    let home = "  top: {choose: Top, options: {otp: Verify, person: Go}}
  otp: {verify: otp, next: person, fails: {wrong: locked}}
  person: {call: office.person, give: {number: caller}, into: person, next: shown}
  shown: {end: '{{ person.name }}'}
  locked: {end: Locked}
";
    assert_snapshot!(found_in(&[("home", home)]), @r"
    P030 `person.name` is personal, and `office.person` does not say that it is about the caller
    behind:
    ");
    // Who was wrong, late or got none was not verified.
    for fails in ["{wrong: person}", "{wrong: locked, expired: person}", "{wrong: locked, unsent: person}"] {
        let home = home.replace(", person: Go", ", locked: No").replace("{wrong: locked}", fails);
        assert!(found_in(&[("home", &home)]).contains("P030"), "{fails}");
    }
}

#[test]
fn before_it_nothing_personal_is_shown() {
    let home = "  person: {call: office.person, give: {number: caller}, into: person, next: otp}
  otp: {verify: otp, prompt: 'OTP of {{ person.name }}', next: shown, fails: {wrong: locked}}
  shown: {end: '{{ person.name }}'}
  locked: {end: '{{ person.name }}'}
";
    assert_snapshot!(found_in(&[("home", home)]), @r"
    P030 `person.name` is personal, and `office.person` does not say that it is about the caller
    P030 `person.name` is personal, and `office.person` does not say that it is about the caller
    behind: home/shown
    ");
}

#[test]
fn a_menu_that_is_run_may_verify() {
    let home = "  run: {run: sure, next: person}
  person: {call: office.person, give: {number: caller}, into: person, next: shown}
  shown: {end: '{{ person.name }}'}
";
    let sure = "  otp: {verify: otp, next: return, fails: {wrong: locked}}\n  locked: {end: Locked}\n";
    assert_snapshot!(found_in(&[("home", home), ("sure", sure)]), @"behind: home/person home/shown");
    // One that can return otherwise verifies nobody, be it run first by somebody else.
    let perhaps = sure.replace("wrong: locked", "wrong: return").replace("  locked: {end: Locked}\n", "");
    let twice = home.replace("next: person}\n  person", "next: again}\n  again: {run: sure, next: person}\n  person");
    assert!(found_in(&[("home", home), ("sure", &perhaps)]).contains("P030"));
    assert!(found_in(&[("home", &twice), ("sure", &perhaps)]).contains("P030"));
}

#[test]
fn a_menu_that_only_verified_callers_come_to_may_show_it() {
    let home = "  top: {choose: Top, options: {otp: Verify, bye: Bye}}
  otp: {verify: otp, next: mine, fails: {wrong: bye}}
  bye: {end: Bye}
";
    let mine = "  person: {call: office.person, give: {number: caller}, into: person, next: shown}
  shown: {show: '{{ person.name }}', options: {home: Home}}
";
    assert_snapshot!(found_in(&[("home", home), ("mine", mine)]), @"behind: mine/person mine/shown");
    // What is written before it is offered is judged by how it is offered there.
    let later = home.replace("next: mine", "next: bye");
    let soon = "  otp: {verify: otp, next: mine, fails: {wrong: bye}}\n  bye: {end: Bye}\n";
    assert_snapshot!(found_in(&[("home", &later), ("mine", mine), ("soon", soon)]), @r"
    P002 no entry leads to the menu `mine`
    P002 no entry leads to the menu `soon`
    behind: mine/person mine/shown
    ");
    assert!(found_in(&[("home", &later), ("mine", mine)]).contains("P030"));
}

#[test]
fn nothing_loops_for_free() {
    let home = |fails: &str| {
        format!(
            "  top: {{choose: Top, options: {{otp: Verify, bye: Bye}}}}
  otp: {{verify: otp, next: person, fails: {fails}}}
  person: {{call: office.person, give: {{number: caller}}, into: person, next: bye, fails: {{down: otp}}}}
  bye: {{end: Bye}}
"
        )
    };
    assert_snapshot!(found_in(&[("home", &home("{wrong: otp}"))]), @r"
    P004 these screens lead round in a circle without a person: otp → otp
    behind: home/person
    ");
    assert!(found_in(&[("home", &home("{wrong: bye, unsent: otp}"))]).contains("otp → otp"));
    // Who is verified is not asked again: a department that is down would be called for ever.
    assert_snapshot!(found_in(&[("home", &home("{wrong: bye, expired: otp}"))]), @r"
    P004 these screens lead round in a circle without a person: otp → person → otp
    behind: home/person
    ");
    let mended = home("{wrong: bye, expired: otp}").replace("down: otp", "down: top");
    assert_snapshot!(found_in(&[("home", &mended)]), @"behind: home/person");
}

#[test]
fn nothing_is_saved_behind_it() {
    let home = "  top: {choose: Top, save: yes, options: {otp: Verify, form: Form}}
  otp: {verify: otp, next: behind, fails: {wrong: form}}
  behind: {choose: Behind, save: yes, options: {form: Form, inside: Inside}}
  inside: {run: rating, next: form}
  form: {ask: Form?, save: yes, accept: {digits: 4}, into: form, next: bye}
  bye: {end: Bye}
";
    let rating = "  stars: {choose: Stars?, save: yes, options: {one: {label: One, go: return}, two: {label: Two, go: return}}}\n";
    assert_snapshot!(found_in(&[("home", home), ("rating", rating)]), @r"
    P008 `save` does nothing at `behind`: it stands behind a one-time password, which is not kept for a day
    P008 `save` does nothing at `stars`: it stands behind a one-time password, which is not kept for a day
    behind: home/behind home/inside rating/stars
    ");
}

#[test]
fn the_key_of_its_one_option_is_free() {
    let home = "  top: {choose: Top, options: {otp: Verify, bye: Bye}}
  otp: {verify: otp, next: bye, fails: {wrong: bye}}
  bye: {end: Bye}
";
    let mut files = Files::default();
    files.add("bridge.yaml", format!("{BRIDGE}navigation: {{ussd: {{back: '1', home: '00', more: '98'}}}}\n"));
    files.add("messages/bridge.yaml", MESSAGES);
    files.add("home.yaml", format!("menu: home\nscreens:\n{home}"));
    let lines = found(&compile(&files).0.expect("it compiles"));
    let of_otp: Vec<&String> = lines.iter().filter(|line| line.starts_with("P012")).collect();
    assert_eq!(of_otp, ["P012 1 is an answer that `otp` takes, but the key 1 goes back on this screen"]);
}

#[test]
fn a_long_question_and_what_is_said_above_it_are_found() {
    let long = |what: &str, text: &str| {
        let mut files = Files::default();
        files.add("bridge.yaml", BRIDGE);
        files.add("messages/bridge.yaml", MESSAGES);
        files.add("system.yaml", format!("system: {{{what}: \"{text}\"}}\n"));
        files.add(
            "home.yaml",
            "menu: home\nscreens:\n  otp: {verify: otp, next: bye, fails: {wrong: bye}}\n  bye: {end: Bye}\n",
        );
        let program = compile(&files).0.expect("it compiles");
        let profiles = crate::gateway::shipped();
        let findings = check(&program, &profiles).findings;
        findings.into_iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    let five_hundred = "Many words. ".repeat(60);
    assert!(long("otp_prompt", "{{ number | mask }}").is_empty());
    assert_eq!(long("otp_prompt", &five_hundred), ["L001", "L011"]);
    assert_eq!(long("late_receipt", &five_hundred), ["L005"]);
}
