//! Lists from answers, tables and the languages.

use std::time::Duration;

use super::phone::{PROGRAM, Phone};
use crate::engine::{Effect, present};
use crate::menu::LanguageId;

#[test]
fn only_what_the_condition_lets_through_is_listed_and_numbered() {
    let mut phone = Phone::dial(&["2"]);
    assert_eq!(phone.members(&["ASHA", "GONE-", "BINA"]), "Members / 1 ASHA / 2 BINA / ? Or type first letters");
    assert_eq!(phone.answer("2"), "BINA 1,234.50 / - ASHA / - GONE / 1 Others / 2 Home");
}

#[test]
fn an_empty_list_leads_elsewhere() {
    let mut phone = Phone::dial(&["2"]);
    assert_eq!(phone.members(&["GONE-"]), "Nobody is active. / 1 Continue");
    assert!(phone.answer("whatever").starts_with("Services"));
}

#[test]
fn an_empty_list_without_an_elsewhere_says_so() {
    let mut phone = Phone::dial(&["2"]);
    phone.members(&["ASHA"]);
    assert_eq!(phone.answer("1"), "! Nothing found. / ASHA 1,234.50 / 1 Others / 2 Home");
}

#[test]
fn first_letters_narrow_a_list_until_back() {
    let mut phone = Phone::dial(&["4"]);
    assert_eq!(phone.shows(), "State / 1 Maharashtra / 2 Goa / 3 Andaman");
    let all = "Districts of Maharashtra / 1 Pune / 2 Palghar / 3 Nagpur / ? Or type first letters";
    assert_eq!(phone.answer("1"), all);
    let narrowed = "Districts of Maharashtra / 1 Pune / 2 Palghar / ? Or type first letters";
    assert_eq!(phone.answer("P"), narrowed);
    assert_eq!(phone.answer("pal"), "Districts of Maharashtra / 1 Palghar / ? Or type first letters");
    assert_eq!(
        phone.answer("पु"),
        "Districts of Maharashtra / 1 Pune / ? Or type first letters",
        "another language, another find"
    );
    assert_eq!(phone.back(), all, "back removes the letters first");
    assert_eq!(phone.back(), "State / 1 Maharashtra / 2 Goa / 3 Andaman");

    phone.answers(&["1", "p"]);
    assert_eq!(phone.answer("2"), "Palghar (2990116) / 1 Continue", "the number is that of the narrowed list");
    assert_eq!(phone.back(), narrowed, "back shows the list as it was");
}

#[test]
fn letters_that_begin_nothing_leave_the_list_as_it_was() {
    let mut phone = Phone::dial(&["4"]);
    phone.answers(&["1", "p"]);
    assert_eq!(
        phone.answer("xyz"),
        "! None begins so. / Districts of Maharashtra / 1 Pune / 2 Palghar / ? Or type first letters"
    );
}

#[test]
fn a_row_is_chosen_by_its_label_in_any_language() {
    for typed in ["Nagpur", "NAGPUR", "नागपुर", "Nagpurr"] {
        let mut phone = Phone::dial(&["4"]);
        phone.answer("1");
        assert_eq!(phone.answer(typed), "Nagpur (4653171) / 1 Continue", "{typed}");
    }
    let mut phone = Phone::dial(&["4"]);
    assert!(phone.answer("गोवा").starts_with("Districts of Goa"));
}

#[test]
fn an_answer_in_no_list_shows_it_again() {
    let mut phone = Phone::dial(&["4"]);
    assert_eq!(phone.answer("4"), "! Answer 1-3. / State / 1 Maharashtra / 2 Goa / 3 Andaman");
    assert_eq!(phone.answer("0"), "! Answer 1-3. / State / 1 Maharashtra / 2 Goa / 3 Andaman");
}

#[test]
fn a_chosen_language_is_kept_and_used() {
    let mut phone = Phone::dial(&["9"]);
    assert!(phone.answer("2").starts_with("सेवाएँ / 1 मूल्य / 2 मेरे सदस्य"));
    assert!(phone.last.effects.contains(&Effect::SetLanguage(LanguageId(1))));
    assert_eq!(phone.screen().language, LanguageId(1));
    assert_eq!(phone.answer("4"), "State / 1 महाराष्ट्र / 2 गोवा / 3 अंडमान", "falls back, but rows are translated");

    phone.now.plain = true;
    let plain = present(&PROGRAM, &phone.session, phone.now).whole();
    assert_eq!(plain.language, LanguageId(2));
    assert_eq!(plain.options[0].label, "Maharashtra");
}

#[test]
fn what_is_set_for_the_subscriber_is_used_and_told() {
    let mut phone = Phone::dial(&["4"]);
    phone.answers(&["1", "1"]);
    assert!(matches!(phone.last.effects.as_slice(), [Effect::SetProfile(_, Some(_)), Effect::Record(_)]));
    phone.home();
    assert!(phone.shows().contains(" / 7 Only again / "), "{}", phone.shows());
    assert_eq!(phone.answer("7"), "Pune 18-11-2026 / 1 Continue");
    phone.wait(Duration::from_hours(24));
    assert_eq!(
        present(&PROGRAM, &phone.session, phone.now).whole().text,
        "Pune 18-11-2026",
        "the day when it was shown"
    );
}
