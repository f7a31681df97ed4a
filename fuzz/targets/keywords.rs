//! A text that came in, against the keywords of the shipped program.
#![no_main]

use chrono::NaiveDate;
use gramsetu::channel::sms::{Heard, read};
use gramsetu::menu::ArgumentKind;
use gramsetu_fuzz::PROGRAM;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let today = NaiveDate::from_ymd_opt(2026, 11, 5).expect("a day");
    let heard = read(&PROGRAM, &text, today);
    // White space around it means nothing.
    assert_eq!(heard, read(&PROGRAM, &format!(" {text}\n"), today));
    match heard {
        Heard::Keyword(found) => {
            let keyword = PROGRAM.keyword(found.keyword);
            let menu = PROGRAM.menu(keyword.run);
            assert_eq!(found.values.len(), usize::from(menu.takes));
            for (slot, value) in menu.slots.iter().zip(&found.values) {
                assert!(value.as_ref().is_none_or(|value| slot.ty.admits(value)), "{value:?} is no {:?}", slot.ty);
            }
            for arg in keyword.args.iter().filter(|arg| !arg.optional) {
                match &arg.takes {
                    ArgumentKind::Value(_, slot) => assert!(found.values[slot.index()].is_some()),
                    ArgumentKind::Language => assert!(found.language.is_some()),
                }
            }
            assert!(found.language.is_none_or(|language| language.index() < PROGRAM.languages.len()));
        }
        Heard::WrongForm { keyword } => assert!(keyword.index() < PROGRAM.keywords.len()),
        Heard::Command { header, .. } => {
            assert!(header.is_none_or(|header| PROGRAM.messages.iter().any(|message| message.header == header)));
        }
        Heard::Nothing => {}
    }
});
