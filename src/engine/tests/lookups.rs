//! What a program has worked out of its tables changes nothing but the time it takes: the same answers show the same screens on
//! a program that has worked out nothing.

use std::sync::LazyLock;

use proptest::collection::vec;
use proptest::prelude::*;

use super::phone::Phone;
use crate::menu::{Lookups, Program, compile};
use crate::source::{Files, render};

const BRIDGE: &str = "languages: {en: English, hi: हिन्दी}\nussd: {\"*123#\": m}\n";
const MENU: &str = "
menu: m
start: top
screens:
  top: {choose: Top, options: {states: States, ends: Ends}}
  states:
    choose: State
    from: states
    as: state
    row: \"{{ state.name }}\"
    find: [state.name, state.code]
    next: towns
  towns:
    choose: Town
    from: towns
    as: town
    only: town.state = state.code
    row: \"{{ town.name }}\"
    find: town.name
    none: ends
    next: twins
  twins:
    choose: Twins
    from: towns
    as: twin
    only: state.code = twin.state and twin.name != town.name
    row: \"{{ twin.name }} ({{ twin.state }})\"
    find: twin.name
    next: ends
  ends: {end: \"{{ state.name }} {{ town.name }} {{ twin.name }}\"}
";
const STATES: &str = "code,name,name.hi\nUP,Uttar Pradesh,उत्तर प्रदेश\nUK,Uttarakhand,उत्तराखंड\nCG,Chhattisgarh,छत्तीसगढ़\nCH,Chandigarh,चंडीगढ़\n\
                      GA,Goa,गोवा\nGN,Goa North,नॉर्थ गोवा\nX1,Twin,जुड़वाँ\nX2,Twin,जुड़वाँ\n";
const TOWNS: &str = "state,name,name.hi\nUP,Agra,आगरा\nCG,Raipur,रायपुर\nUP,Aligarh,अलीगढ़\nUK,Almora,अल्मोड़ा\nUP,Raipur,रायपुर\nUP,Unnao,उन्नाव\n\
                     UK,Raipur Rani,रायपुर रानी\nX1,Goa,गोवा\n";

fn program() -> Program {
    let mut files = Files::default();
    files.add("bridge.yaml", BRIDGE);
    files.add("m.yaml", MENU);
    files.add("tables/states.csv", STATES);
    files.add("tables/towns.csv", TOWNS);
    let (program, findings) = compile(&files);
    program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)))
}

static FAST: LazyLock<Program> = LazyLock::new(program);
static SLOW: LazyLock<Program> = LazyLock::new(|| Program { lookups: Lookups::default(), ..program() });

fn typed() -> impl Strategy<Value = String> {
    let name = "Uttar Pradesh|Uttarakhand|Chhattisgarh|Chandigarh|Goa|Agra|Aligarh|Almora|Raipur|Twin|उत्तर प्रदेश|अल्मोड़ा|गोवा|जुड़वाँ|UP|UK|CH|X1";
    let name = name.split('|').map(str::to_owned).collect::<Vec<_>>();
    let slipped =
        (prop::sample::select(name.clone()), any::<prop::sample::Index>(), "[a-zक-ह]?").prop_map(|(name, at, with)| {
            let at = at.index(name.chars().count());
            name.chars().enumerate().map(|(index, c)| if index == at { with.clone() } else { c.to_string() }).collect()
        });
    let begins =
        (prop::sample::select(name.clone()), 1..9_usize).prop_map(|(name, length)| name.chars().take(length).collect());
    prop_oneof![3 => "[1-8]", 3 => prop::sample::select(name), 2 => slipped, 4 => begins, 1 => "[a-zA-Z ]{0,3}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn answers_show_the_same(answers in vec(typed(), 0..8)) {
        let (mut fast, mut slow) = (Phone::on(&FAST, "m", &["1"]), Phone::on(&SLOW, "m", &["1"]));
        for answer in &answers {
            prop_assert_eq!(fast.answer(answer), slow.answer(answer), "after {:?} of {:?}", answer, answers);
        }
    }
}
