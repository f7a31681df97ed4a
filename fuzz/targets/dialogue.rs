//! A transcript: read or refused with a line that is there; what is shown is written back the same way twice.
#![no_main]

use gramsetu::dialogue::{Action, Exchange, parse, update};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let dialogues = match parse(text) {
        Ok(dialogues) => dialogues,
        Err(error) => {
            assert!((1..=text.lines().count()).contains(&error.number));
            return;
        }
    };
    let exchanges: Vec<_> = dialogues
        .iter()
        .flat_map(|dialogue| &dialogue.lines)
        .filter(|line| matches!(line.action, Action::Dial { .. } | Action::Answer(_) | Action::Redial))
        .map(|line| Exchange {
            number: line.number,
            page: Some("Welcome\n\n1. One".to_owned()),
            messages: Vec::new(),
            names: Vec::new(),
        })
        .collect();
    let once = update(text, &exchanges);
    let again = parse(&once).expect("what was updated can be read");
    assert_eq!(again.len(), dialogues.len());
});
