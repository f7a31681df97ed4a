use proptest::prelude::*;

use super::*;
use crate::engine::{Numbered, Screen};
use crate::text::{fits, is_basic};
use crate::types::Limits;

const WIDE: Limits = Limits { septets: 182, units: Some(80) };
const NARROW: Limits = Limits { septets: 160, units: Some(70) };
const PLAIN: Limits = Limits { septets: 160, units: None };

fn labels(back: &'static str, home: &'static str, more: &'static str) -> KeyLabels<'static> {
    let [back, home, more] = [back, home, more].map(Cow::Borrowed);
    KeyLabels { back_key: "0".into(), home_key: "00".into(), more_key: "98".into(), back, home, more }
}

fn english() -> KeyLabels<'static> {
    labels("Back", "Home", "More")
}

fn hindi() -> KeyLabels<'static> {
    labels("पीछे", "मुख्य", "और")
}

fn screen(kind: ScreenKind, text: &str) -> Screen {
    Screen {
        kind,
        notice: None,
        text: text.to_owned(),
        rows: Vec::new(),
        options: Vec::new(),
        hint: None,
        back: kind != ScreenKind::End,
        home: kind != ScreenKind::End,
        language: LanguageId(0),
    }
}

fn choice(text: &str, labels: &[&str]) -> Screen {
    let options = (1..).zip(labels).map(|(number, label)| Numbered { number, label: (*label).to_owned() }).collect();
    Screen { options, ..screen(ScreenKind::Choice, text) }
}

/// The pages as a phone shows them, with the alphabet and size of each.
fn shown(screen: &Screen, limits: Limits, labels: &KeyLabels<'_>) -> String {
    let pages = lay_out(screen, limits, labels).pages;
    let page = |(number, text): (usize, &String)| {
        let size = crate::text::measure(text);
        format!("--- page {number}: {:?}, {}\n{text}\n", size.alphabet, size.size)
    };
    (1..).zip(&pages).map(page).collect()
}

const DISTRICTS: [&str; 12] = [
    "Ajmer",
    "Alwar",
    "Banswara",
    "Baran",
    "Barmer",
    "Bharatpur",
    "Bhilwara",
    "Bikaner",
    "Chittorgarh",
    "Dausa",
    "Sri Ganganagar",
    "Jaisalmer",
];

#[test]
fn a_menu_that_fits_is_one_page() {
    let mut home = choice("Welcome", &["EPFO balance", "Mandi prices", "Book a gas refill", "Language"]);
    (home.back, home.home) = (false, false);
    insta::assert_snapshot!("menu_narrow", shown(&home, NARROW, &english()));
}

#[test]
fn a_long_list_turns_pages() {
    let districts = Screen { hint: Some("Or type the first letters".into()), ..choice("Your district", &DISTRICTS) };
    insta::assert_snapshot!("list_wide", shown(&districts, WIDE, &english()));
    insta::assert_snapshot!("list_narrow", shown(&districts, NARROW, &english()));
}

#[test]
fn a_hindi_list_turns_more_pages() {
    let districts = ["अजमेर", "अलवर", "बांसवाड़ा", "बारां", "बाड़मेर", "भरतपुर", "भीलवाड़ा", "बीकानेर"];
    let districts = Screen {
        hint: Some("या पहले अक्षर लिखें".into()), ..choice("आपका जिला", &districts)
    };
    insta::assert_snapshot!("hindi_list_wide", shown(&districts, WIDE, &hindi()));
    insta::assert_snapshot!("hindi_list_narrow", shown(&districts, NARROW, &hindi()));
    insta::assert_snapshot!("hindi_list_plain", shown(&districts, PLAIN, &hindi()));
}

#[test]
fn prices_are_rows_that_are_not_broken() {
    let rows = [
        "Wheat Rs 2,275.00",
        "Mustard Rs 5,650.00",
        "Gram Rs 5,440.00",
        "Barley Rs 1,850.00",
        "Cumin Rs 24,100.00",
        "Moong Rs 7,755.00",
    ];
    let prices = Screen {
        rows: rows.map(str::to_owned).to_vec(),
        ..screen(ScreenKind::Text, "Prices per quintal at Jaipur (Grain) on 05-11-2026\n")
    };
    insta::assert_snapshot!("prices_narrow", shown(&prices, NARROW, &english()));
    insta::assert_snapshot!("prices_wide", shown(&prices, WIDE, &english()));
}

#[test]
fn a_long_end_goes_on_until_its_last_page() {
    let text = "Your PF balance is Rs 1,23,456.70. Employee share Rs 61,728.35, employer share Rs 61,728.35. \
                Last contribution for October 2026. Passbook entries may take up to three days after your employer has paid.";
    insta::assert_snapshot!("end_narrow", shown(&screen(ScreenKind::End, text), NARROW, &english()));
    let text = "आपका पीएफ बैलेंस 1,23,456.70 रुपये है। कर्मचारी हिस्सा 61,728.35 रुपये, नियोक्ता हिस्सा 61,728.35 रुपये। \
                पिछला योगदान अक्टूबर 2026 का है।";
    insta::assert_snapshot!("hindi_end_wide", shown(&screen(ScreenKind::End, text), WIDE, &hindi()));
}

#[test]
fn a_notice_stands_on_the_first_page_only() {
    let again = Screen {
        notice: Some("That is not one of the options. Please type a number from the list.".into()),
        ..choice("Your district", &DISTRICTS)
    };
    insta::assert_snapshot!("notice_narrow", shown(&again, NARROW, &english()));
}

#[test]
fn a_notice_is_cut_to_what_fits_above_a_screen_of_one_page() {
    let ask =
        Screen { notice: Some("Please type a number from 1 to 120.".into()), ..screen(ScreenKind::Text, "Your age?") };
    let beside = |septets| {
        let pages = lay_out(&ask, Limits { septets, units: Some(70) }, &english()).pages;
        assert_eq!(pages.len(), 1);
        pages.concat().strip_suffix("Your age?\n0 Back\n00 Home").expect("all of the screen").to_owned()
    };
    assert_eq!(beside(60), "Please type a number from 1 to 120.\n");
    assert_eq!(beside(59), "Please type a number from 1 to...\n");
    assert_eq!(beside(40), "Please type...\n");
    assert_eq!(beside(30), "", "not one word fits");
    let hindi_notice = Screen {
        notice: Some("1 से 120 तक की संख्या लिखें।".into()),
        ..choice("आपकी उम्र क्या है? पूरे साल में लिखें", &["साल"])
    };
    let page = lay_out(&hindi_notice, NARROW, &hindi()).pages.concat();
    assert!(page.starts_with("1 से...\nआपकी"), "{page}");
}

#[test]
fn a_page_is_never_left_for_the_sake_of_the_more_line() {
    // Full to the last septet: without a next page there is no more line.
    let text = "x".repeat(usize::from(NARROW.septets) - "\n0 Back\n00 Home".len());
    assert_eq!(lay_out(&screen(ScreenKind::Text, &text), NARROW, &english()).pages.len(), 1);
    assert_eq!(lay_out(&screen(ScreenKind::Text, &(text + "x")), NARROW, &english()).pages.len(), 2);
}

#[test]
fn one_foreign_name_changes_only_its_own_page() {
    let mut labels = DISTRICTS.to_vec();
    labels[10] = "श्रीगंगानगर";
    let pages = lay_out(&choice("Your district", &labels), NARROW, &english()).pages;
    let foreign: Vec<_> = pages.iter().map(|page| page.contains("श्रीगंगानगर")).collect();
    assert_eq!(foreign, [false, true]);
    assert!(fits(&pages[1], NARROW));
}

#[test]
fn an_option_too_long_for_any_page_is_broken_on_a_page_of_its_own() {
    let long = "a very long label ".repeat(20);
    let pages = lay_out(&choice("Pick one", &["short", &long, "after"]), NARROW, &english()).pages;
    assert!(pages[0].starts_with("Pick one\n1. short\n0 Back"));
    assert!(pages[1].starts_with("2. a very long label"));
    assert!(pages.iter().all(|page| fits(page, NARROW)));
    assert!(pages[pages.len() - 1].contains("\n3. after\n"));
}

#[test]
fn empty_screens_are_one_page() {
    assert_eq!(lay_out(&screen(ScreenKind::End, ""), NARROW, &english()).pages, [""]);
    assert_eq!(lay_out(&screen(ScreenKind::Text, " \n"), NARROW, &english()).pages, ["0 Back\n00 Home"]);
}

/// Three pages, of which the second is on the phone.
fn press(input: &str, screen: &Screen, page: u16) -> Pressed {
    let layout = Layout { pages: ["one", "two", "three"].map(str::to_owned).to_vec() };
    read(input, screen.head(), page, &english(), || layout.place(page))
}

fn text(answer: &str) -> Pressed {
    Pressed::Answer(Reading::Text(answer.to_owned()))
}

#[test]
fn keys_of_navigation_mean_what_the_page_shows() {
    let list = choice("Pick", &["a"]);
    assert_eq!(press("98", &list, 0), Pressed::Page(1));
    assert_eq!(press(" ९८ ", &list, 1), Pressed::Page(2));
    assert_eq!(press("98", &list, 2), text("98"), "there is no next page");
    assert_eq!(press("0", &list, 2), Pressed::Page(1));
    assert_eq!(press("0", &list, 0), Pressed::Answer(Reading::Back));
    assert_eq!(press("००", &list, 2), Pressed::Answer(Reading::Home));
    assert_eq!(press(" 1 ", &list, 1), text("1"));
    assert_eq!(press("१", &list, 1), text("१"), "an answer stays as it was typed");
    assert_eq!(press("", &list, 0), text(""));
}

#[test]
fn keys_that_are_not_shown_are_answers() {
    let start = Screen { back: false, home: false, ..choice("Pick", &["a"]) };
    assert_eq!(press("0", &start, 0), text("0"));
    assert_eq!(press("00", &start, 1), text("00"));
    assert_eq!(press("0", &start, 1), Pressed::Page(0), "the page before");
}

#[test]
fn any_key_turns_a_page_that_asks_nothing() {
    let reading = screen(ScreenKind::Text, "long");
    assert_eq!(press("1", &reading, 0), Pressed::Page(1));
    assert_eq!(press("", &reading, 1), Pressed::Page(2));
    assert_eq!(press("0", &reading, 1), Pressed::Page(0));
    assert_eq!(press("00", &reading, 1), Pressed::Answer(Reading::Home));
    assert_eq!(press("1", &reading, 2), text("1"));
    let end = screen(ScreenKind::End, "long");
    assert_eq!(press("0", &end, 1), Pressed::Page(2), "an end offers no way back");
    assert_eq!(press("98", &end, 2), text("98"));
    assert_eq!(press("1", &end, u16::MAX), text("1"), "a page that is not there is the last");
    assert_eq!(press("0", &reading, 7), Pressed::Page(1), "and back leads to the one before it");
}

fn label() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[A-Za-z][A-Za-z0-9 ]{0,18}[a-z]", 2 => "[क-ह][क-हा-ौ ]{0,10}[क-ह]", 1 => "[a-z€\\[]{1,60}"]
}

fn any_screen() -> impl Strategy<Value = Screen> {
    let kind = prop_oneof![
        Just(ScreenKind::Choice),
        Just(ScreenKind::Value { secret: false }),
        Just(ScreenKind::Text),
        Just(ScreenKind::End)
    ];
    let text = prop::collection::vec(label(), 0..25).prop_map(|words| words.join(" "));
    let rows = prop::collection::vec(label(), 0..12);
    let options = prop::collection::vec(label(), 0..30);
    // Told from labels by its stars.
    let hint = prop::option::of(label().prop_map(|words| format!("*{words}*")));
    (kind, text, rows, options, prop::option::of(label()), hint, any::<[bool; 2]>()).prop_map(
        |(kind, text, rows, labels, notice, hint, [back, home])| {
            let options = (1..).zip(labels).map(|(number, label)| Numbered { number, label }).collect();
            Screen { kind, notice, text, rows, options, hint, back, home, language: LanguageId(0) }
        },
    )
}

/// Room for the navigation lines and a grapheme at least, and as in real networks at least twice as many septets as units.
fn ucs2_limits() -> impl Strategy<Value = Limits> {
    (40..100_u16, 0..40_u16).prop_map(|(units, more)| Limits { septets: units * 2 + more, units: Some(units) })
}

fn any_limits() -> impl Strategy<Value = Limits> {
    let plain = ucs2_limits().prop_map(|limits| Limits { units: None, ..limits });
    prop_oneof![4 => ucs2_limits(), 1 => plain]
}

fn any_labels() -> impl Strategy<Value = KeyLabels<'static>> {
    prop_oneof![Just(english()), Just(hindi())]
}

/// The lines of all pages in order, without those of navigation.
fn body_lines(layout: &Layout, labels: &KeyLabels<'_>) -> Vec<String> {
    let navigation =
        [(&labels.back_key, &labels.back), (&labels.home_key, &labels.home), (&labels.more_key, &labels.more)]
            .map(|(key, label)| format!("{key} {label}"));
    let plain = navigation.clone().map(|line| crate::text::to_gsm(&line));
    let lines = layout.pages.iter().flat_map(|page| page.lines());
    lines.filter(|line| !navigation.iter().chain(&plain).any(|n| n == line)).map(str::to_owned).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_page_fits(screen in any_screen(), limits in any_limits(), labels in any_labels()) {
        let layout = lay_out(&screen, limits, &labels);
        prop_assert!(!layout.pages.is_empty());
        for page in &layout.pages {
            prop_assert!(fits(page, limits), "{page:?}");
            prop_assert!(limits.units.is_some() || page.chars().all(is_basic));
        }
    }

    /// However little of a screen is drawn.
    #[test]
    fn a_page_by_itself_is_as_among_all(screen in any_screen(), limits in any_limits(), page in 0..6_u16) {
        let whole = lay_out(&screen, limits, &hindi());
        let place = whole.place(page);
        let (text, at) = pages::page(screen.head(), |blocks| screen.draw(blocks), limits, &hindi(), page);
        prop_assert_eq!((&text, at), (&whole.pages[usize::from(place.page)], place));
    }

    #[test]
    fn a_page_by_itself_is_as_among_all_under_odd_limits(screen in any_screen(), septets in 60..120_u16, units in 40..300_u16, page in 0..4_u16) {
        let limits = Limits { septets, units: Some(units) };
        let whole = lay_out(&screen, limits, &hindi());
        let place = whole.place(page);
        let (text, at) = pages::page(screen.head(), |blocks| screen.draw(blocks), limits, &hindi(), page);
        prop_assert_eq!((&text, at), (&whole.pages[usize::from(place.page)], place));
    }

    /// Whatever the network counts, even where more units than septets go on a page.
    #[test]
    fn every_page_fits_under_odd_limits(screen in any_screen(), septets in 60..120_u16, units in 40..300_u16) {
        let limits = Limits { septets, units: Some(units) };
        for page in lay_out(&screen, limits, &hindi()).pages {
            prop_assert!(fits(&page, limits), "{page:?}");
        }
    }

    #[test]
    fn every_option_and_row_stands_once_in_order_and_whole(screen in any_screen(), limits in ucs2_limits(), labels in any_labels()) {
        let foot = format!("{} {}\n{} {}\n{} {}", labels.back_key, labels.back, labels.home_key, labels.home, labels.more_key, labels.more);
        let options = screen.options.iter().map(|option| format!("{}. {}", option.number, option.label));
        let whole: Vec<_> = screen.rows.iter().map(|row| row.trim().to_owned()).chain(options).collect();
        prop_assume!(whole.iter().all(|line| fits(&format!("{line}\n{foot}"), limits)));
        let lines = body_lines(&lay_out(&screen, limits, &labels), &labels);
        let mut rest = lines.iter();
        for line in &whole {
            prop_assert!(rest.any(|shown| shown == line), "{line:?} is missing in {lines:?}");
        }
        for option in screen.options.iter().map(|option| format!("{}. ", option.number)) {
            prop_assert_eq!(lines.iter().filter(|line| line.starts_with(&option)).count(), 1);
        }
    }

    /// What opens a page had no room on the page before it, asked of that whole page.
    #[test]
    fn no_page_is_left_too_early(screen in any_screen(), limits in ucs2_limits(), labels in any_labels()) {
        let screen = Screen { hint: None, ..screen };
        let options = screen.options.iter().map(|option| format!("{}. {}", option.number, option.label));
        let whole: Vec<_> = screen.rows.iter().cloned().chain(options).map(|line| line.trim().to_owned()).collect();
        for pages in lay_out(&screen, limits, &labels).pages.windows(2) {
            let opens = pages[1].lines().next().unwrap_or_default();
            if whole.iter().any(|line| line == opens) {
                let fuller = format!("{}\n{opens}", pages[0]);
                prop_assert!(!fits(&fuller, limits), "there was room for {opens:?} on {:?}", pages[0]);
            }
        }
    }

    #[test]
    fn no_notice_makes_a_second_page(screen in any_screen(), limits in any_limits(), labels in any_labels()) {
        let alone = lay_out(&Screen { notice: None, ..screen.clone() }, limits, &labels).pages;
        let pages = lay_out(&screen, limits, &labels).pages;
        prop_assert_eq!(pages.len() == 1, alone.len() == 1);
        prop_assert!(alone.len() > 1 || pages[0].ends_with(&alone[0]));
    }

    #[test]
    fn nothing_but_white_space_is_lost(screen in any_screen(), limits in ucs2_limits(), labels in any_labels()) {
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        // Of the notice above a single page, what does not fit is left out.
        let alone = Screen { notice: None, ..screen.clone() };
        let screen = if lay_out(&alone, limits, &labels).pages.len() == 1 { alone } else { screen };
        let mut shown = squeezed(&body_lines(&lay_out(&screen, limits, &labels), &labels).concat());
        if let Some(hint) = screen.hint.as_deref().map(squeezed) {
            let at = shown.rfind(&hint).expect("the hint is shown");
            shown.replace_range(at..at + hint.len(), "");
        }
        let options = screen.options.iter().map(|option| format!("{}.{}", option.number, option.label));
        let all: Vec<_> = screen.notice.iter().chain([&screen.text]).chain(&screen.rows).cloned().chain(options).collect();
        prop_assert_eq!(shown, squeezed(&all.concat()));
    }

    #[test]
    fn the_more_key_walks_to_the_last_page_and_back_returns(screen in any_screen(), limits in any_limits()) {
        let labels = english();
        let layout = lay_out(&screen, limits, &labels);
        let last = u16::try_from(layout.pages.len() - 1).expect("few pages");
        for page in 0..last {
            prop_assert!(layout.pages[usize::from(page)].ends_with("98 More"));
            prop_assert_eq!(read("98", screen.head(), page, &labels, || layout.place(page)), Pressed::Page(page + 1));
            if screen.kind != ScreenKind::End {
                prop_assert_eq!(read("0", screen.head(), page + 1, &labels, || layout.place(page + 1)), Pressed::Page(page));
            }
        }
        prop_assert!(!layout.pages[usize::from(last)].ends_with("98 More"));
        prop_assert_eq!(read("98", screen.head(), last, &labels, || layout.place(last)), text("98"));
    }

    #[test]
    fn the_last_page_holds_more_than_navigation(screen in any_screen(), limits in any_limits()) {
        let layout = lay_out(&screen, limits, &english());
        let last = Layout { pages: layout.pages[layout.pages.len() - 1..].to_vec() };
        prop_assert!(layout.pages.len() == 1 || !body_lines(&last, &english()).is_empty());
    }

    #[test]
    fn any_input_is_read(input in any::<String>(), screen in any_screen(), page in any::<prop::sample::Index>()) {
        let layout = lay_out(&screen, NARROW, &english());
        let page = u16::try_from(page.index(layout.pages.len())).expect("few pages");
        if let Pressed::Page(next) = read(&input, screen.head(), page, &english(), || layout.place(page)) {
            prop_assert!(usize::from(next) < layout.pages.len());
        }
    }
}
