use std::sync::Arc;

use super::*;
use crate::channel::ussd;
use crate::engine::{Numbered, Screen};
use crate::gateway::shipped;
use crate::house::load;
use crate::menu::LanguageId;
use crate::types::Limits;

fn world() -> World {
    let loaded = load::load(load::read(None).expect("they are in the program"));
    let program = Arc::new(loaded.program.expect("the shipped menus compile"));
    let profile = shipped().into_iter().find(|profile| profile.name == "flares").expect("it is shipped");
    World::new(&program, Arc::new(profile), &loaded.sandboxes)
}

#[test]
fn keys_are_those_that_stand_on_the_page() {
    let world = world();
    let option = |number: u16| Numbered { number, label: format!("A thing, the {number}. of many") };
    let screen = Screen {
        options: (1..=20).map(option).collect(),
        back: true,
        ..Screen::bare(ScreenKind::Choice, "Which?\n2026 is no key".to_owned(), LanguageId(0))
    };
    let layout = ussd::lay_out(&screen, Limits { septets: 120, units: None }, &world.labels(LanguageId(0)));
    let shown = Shown { head: screen.head(), text: layout.pages[0].clone(), place: layout.place(0) };
    let keys = keys(&world, &shown);
    let press: Vec<&str> = keys.iter().map(|key| key.press.as_str()).collect();
    let labels = world.labels(LanguageId(0));
    assert!(press.starts_with(&["1", "2"]) && press.len() < 8, "{press:?}\n{}", shown.text);
    assert!(press.contains(&&*labels.more_key) && press.contains(&&*labels.back_key), "{press:?}");
    assert!(!press.contains(&"2026") && !press.contains(&"20"), "{press:?}");
}

#[test]
fn what_is_dialled_follows_from_the_seed() {
    let world = world();
    let dialled = |seed| {
        let mut rng = Rng::with_seed(seed);
        (0..40).map(|_| dials(&world, &mut rng)).collect::<Vec<_>>()
    };
    assert_eq!(dialled(5), dialled(5));
    assert_ne!(dialled(5), dialled(6));
    let paths = dialled(5).iter().filter(|dialled| *dialled != "*123#").count();
    assert!((1..20).contains(&paths), "{paths}");
}
