//! Fresh and stale translations, falling back, stamping.

use super::*;
use crate::menu::translate::fingerprint;

const HOME: &str =
    "menu: home\nscreens:\n  top: {show: Welcome, options: {end: Good bye}}\n  end: {end: \"{{ today }}\"}\n";

fn hindi(end: &str) -> String {
    format!("menu: home\nlanguage: hi\n# by hand\nscreens:\n  top: {{show: नमस्ते, options: {{end: विदा}}}}\n{end}")
}

/// The text of the first screen in each language.
fn shown(program: &Program) -> Vec<String> {
    let Verb::Show(show) = &screen(program, "home", "top").verb else { panic!("a show") };
    show.text.languages.iter().map(|template| template.literal().into_owned()).collect()
}

#[test]
fn a_fresh_text_is_shown_and_others_fall_back() {
    let of = format!("of:\n  top.show: {}\n", fingerprint("Welcome"));
    let latin = hindi(&of).replace("language: hi", "language: hi-Latn").replace("नमस्ते", "Namaste");
    let both = program(&[("home.yaml", HOME), ("home.hi.yaml", &hindi(&of)), ("home.hi-Latn.yaml", &latin)]);
    assert_eq!(shown(&both), ["Welcome", "नमस्ते", "Namaste", "Welcome"]);
    let romanised = program(&[("home.yaml", HOME), ("home.hi-Latn.yaml", &latin)]);
    assert_eq!(shown(&romanised), ["Welcome", "Namaste", "Namaste", "Welcome"]);
}

#[test]
fn stale_and_unstamped_texts_count_as_missing() {
    let stale = program(&[("home.yaml", HOME), ("home.hi.yaml", &hindi("of: {top.show: 00000000}\n"))]);
    assert_eq!(shown(&stale)[1], "Welcome");
    let unstamped = program(&[("home.yaml", HOME), ("home.hi.yaml", &hindi(""))]);
    assert_eq!(shown(&unstamped)[1], "Welcome");
}

#[test]
fn plain_phones_get_the_romanised_form_of_a_language_in_another_script() {
    let of = format!("of:\n  top.show: {}\n", fingerprint("Welcome"));
    let program = program(&[("home.yaml", HOME), ("home.hi.yaml", &hindi(&of))]);
    let plain: Vec<u16> = program.languages.iter().map(|language| language.plain.0).collect();
    // Tamil has no texts of its own here: what falls back is GSM 7-bit as it is.
    assert_eq!(plain, [0, 2, 2, 3]);
}

/// Stamps the Hindi file beside [`HOME`]: its text, and the ids that are newly stamped.
fn stamped(hindi: &str, stale: bool) -> Option<(String, Vec<String>)> {
    let mut files = folder(&[("home.yaml", HOME)]);
    let file = files.add("home.hi.yaml", hindi);
    stamp(&files, file, stale).map(|stamped| (stamped.text, stamped.fresh))
}

#[test]
fn stamping_writes_the_last_block_and_touches_nothing_above() {
    let of = format!("of:\n  top.show: {}\n  top.options.end: {}\n", fingerprint("Welcome"), fingerprint("Good bye"));
    let (without, fresh) = stamped(&hindi(""), false).expect("it was not stamped");
    assert_eq!(without, hindi(&format!("\n{of}")));
    assert_eq!(fresh, ["top.show", "top.options.end"]);
    let (stale, _) = stamped(&hindi("of: {top.show: 00000000}"), true).expect("it was stale");
    assert_eq!(stale, hindi(&of));
    let before = hindi("\n# what it is of\nof:\n  top.show: 00000000\n  gone: 11111111\n");
    let (commented, _) = stamped(&before, true).expect("stale");
    assert_eq!(commented, hindi(&format!("\n# what it is of\n{of}")));
    assert_eq!(stamped(&commented, true), None, "it is up to date");
    let of_windows = |text: &str| text.replace('\n', "\r\n");
    for before in [hindi(""), before] {
        let (wanted, _) = stamped(&before, true).expect("there is something to stamp");
        assert_eq!(stamped(&of_windows(&before), true).map(|(text, _)| text), Some(of_windows(&wanted)));
    }
}

#[test]
fn nobody_must_translate_a_title() {
    let files = [("home.yaml", "menu: home\ntitle: For us\nscreens:\n  top: {end: \"1\"}\n")];
    let (_, findings) = compile(&folder(&files));
    let about_menus = findings.iter().filter(|finding| finding.message.contains("the menu `home`"));
    assert_eq!(about_menus.count(), 0);
}

/// Nobody may bless what nobody has read again.
#[test]
fn a_stale_text_stays_stale_until_it_is_asked_for() {
    let before = hindi("of:\n  top.show: 00000000\n");
    let of = format!("of:\n  top.show: 00000000\n  top.options.end: {}\n", fingerprint("Good bye"));
    assert_eq!(stamped(&before, false), Some((hindi(&of), vec!["top.options.end".to_owned()])));
    assert_eq!(stamped(&hindi(&of), false), None);
    let (_, fresh) = stamped(&hindi(&of), true).expect("it is stale");
    assert_eq!(fresh, ["top.show"]);
}

#[test]
fn only_translations_are_stamped() {
    let mut files = folder(&[]);
    let home = files.add("home.yaml", HOME);
    let lost = files.add("other.hi.yaml", "menu: other\nlanguage: hi\nscreens: {top: {end: नमस्ते}}\n");
    let broken = files.add("home.ta.yaml", "menu: [\n");
    let flow = files.add("home.hi.yaml", "{menu: home, language: hi, screens: {top: {show: नमस्ते}}, of: {a: b}}\n");
    assert_eq!([home, lost, broken, flow].map(|file| stamp(&files, file, true)), [None, None, None, None]);
}

#[test]
fn texts_of_the_bridge_itself_have_english_defaults() {
    let of = format!("of: {{system.back: {}}}\n", fingerprint("Back"));
    let hindi = format!("language: hi\nsystem: {{back: पीछे}}\n{of}");
    let program =
        program(&[("home.yaml", HOME), ("system.yaml", "system: {home: Start}\n"), ("system.hi.yaml", &hindi)]);
    let said = |text: SystemText, language| program.system(text).of(LanguageId(language)).literal();
    assert_eq!([said(SystemText::Back, 0), said(SystemText::Back, 1)], ["Back", "पीछे"]);
    assert_eq!([said(SystemText::Home, 0), said(SystemText::Home, 3)], ["Start", "Start"]);
    assert_eq!(program.system.len(), SystemText::ALL.len());
    let pieces = &program.system(SystemText::ExpectNumber).of(LanguageId(0)).pieces;
    let slots = pieces.iter().filter_map(|piece| match piece {
        Piece::Slot(path, _) => Some(path.root),
        Piece::Text(_) => None,
    });
    assert_eq!(slots.collect::<Vec<_>>(), [Root::Slot(SlotId(0)), Root::Slot(SlotId(1))]);
}
