//! A screen drawn from bytes, laid out within limits drawn from bytes, and any key pressed on any of its pages.
#![no_main]

use gramsetu::channel::ussd::{Pressed, KeyLabels, lay_out, read};
use gramsetu::engine::{Numbered, Screen, ScreenKind};
use gramsetu::menu::LanguageId;
use gramsetu::text::{fits, is_basic};
use gramsetu::types::Limits;
use gramsetu_fuzz::{Draw, PROGRAM};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut draw = Draw(bytes);
    let flags = draw.byte();
    let is_set = |bit: u8| flags & (1 << bit) != 0;
    let kind = match draw.byte() % 4 {
        0 => ScreenKind::Choice,
        1 => ScreenKind::Value { secret: false },
        2 => ScreenKind::Text,
        _ => ScreenKind::End,
    };
    // As profiles may have them; the least leave room for the navigation lines and one grapheme.
    let units = 40 + draw.word() % 41;
    let septets = 2 * units + draw.word() % 23;
    let limits = Limits { septets, units: is_set(0).then_some(units) };
    let words = KeyLabels::of(&PROGRAM, LanguageId(u16::from(draw.byte()) % 3));
    let screen = Screen {
        kind,
        notice: is_set(1).then(|| draw.any_text(60)),
        text: draw.any_text(600),
        rows: (0..draw.byte() % 9).map(|_| draw.any_text(120)).collect(),
        options: (0..u16::from(draw.byte() % 20))
            .map(|number| Numbered { number, label: draw.any_text(120) })
            .collect(),
        hint: is_set(2).then(|| draw.any_text(40)),
        back: is_set(3),
        home: is_set(4),
        language: LanguageId(0),
    };
    let layout = lay_out(&screen, limits, &words);
    assert!(!layout.pages.is_empty());
    for page in &layout.pages {
        assert!(fits(page, limits), "{page:?} does not fit {limits:?}");
        assert!(limits.units.is_some() || page.chars().all(is_basic), "{page:?}");
    }
    let typed = String::from_utf8_lossy(draw.0);
    for page in (0..u16::try_from(layout.pages.len()).expect("few pages")).chain([u16::MAX]) {
        for key in ["0", "00", "98", "1", &*typed] {
            if let Pressed::Page(next) = read(key, screen.head(), page, &words, || layout.place(page)) {
                assert!(usize::from(next) < layout.pages.len());
            }
        }
    }
});
