//! What goes out comes back: the laws of export and import, and what a report says.

use proptest::prelude::*;

use super::*;
use crate::author::po::{self, Po};
use crate::menu::{catalogue, codes, compile, values};
use crate::source::{Files, render};

fn folder(added: &[(&str, &str)]) -> Files {
    let mut files = Files::default();
    for (path, text) in added {
        files.add(*path, *text);
    }
    files
}

/// The fixture: one menu that is translated in part, two that are not, the bridge's own texts built in.
fn fixture() -> Files {
    folder(&[
        ("bridge.yaml", include_str!("../../../tests/fixtures/menus/bridge.yaml")),
        ("departments/shop.yaml", include_str!("../../../tests/fixtures/menus/departments/shop.yaml")),
        ("home.hi.yaml", include_str!("../../../tests/fixtures/menus/home.hi.yaml")),
        ("home.yaml", include_str!("../../../tests/fixtures/menus/home.yaml")),
        ("shop/order.yaml", include_str!("../../../tests/fixtures/menus/shop/order.yaml")),
        ("shop/rating.yaml", include_str!("../../../tests/fixtures/menus/shop/rating.yaml")),
        ("tables/districts.csv", include_str!("../../../tests/fixtures/menus/tables/districts.csv")),
    ])
}

const BRIDGE: (&str, &str) =
    ("bridge.yaml", "languages: {en: English, hi: हिन्दी}\nussd: {\"*1#\": home}\nprofile: {note: text 40}\n");
const HOME: (&str, &str) = (
    "a/home.yaml",
    "menu: home\nscreens:\n  top: {show: Welcome, options: {end: Good bye}}\n  end: {end: \"Note: {{ profile.note | upper }}\"}\n",
);

fn read(files: &Files) -> Catalogue {
    catalogue(files).unwrap_or_else(|findings| panic!("{}", render(&findings, files, false)))
}

fn exported(files: &Files, language: usize) -> Po {
    po::read(&po::write(&export(&read(files), files, language, None))).expect("it was written here")
}

fn imported(files: &Files, po: &Po) -> Imported {
    import(&read(files), files, po).expect("the language is known")
}

/// The folder after an import.
fn with(files: &Files, imported: &Imported) -> Files {
    let mut all = Files::default();
    for (_, file) in files.iter() {
        let new = imported.files.iter().find(|written| written.path == file.path);
        all.add(file.path.clone(), new.map_or_else(|| file.text.to_string(), |written| written.text.clone()));
    }
    for written in &imported.files {
        if !files.iter().any(|(_, file)| file.path == written.path) {
            all.add(written.path.clone(), written.text.clone());
        }
    }
    all
}

fn entry<'a>(po: &'a mut Po, context: &str) -> &'a mut po::Entry {
    po.entries.iter_mut().find(|entry| entry.context.as_deref() == Some(context)).expect("the entry is there")
}

fn fates(imported: &Imported) -> Vec<(&str, &Fate)> {
    imported.notes.iter().map(|note| (note.name.as_str(), &note.fate)).collect()
}

#[test]
fn what_comes_back_as_it_went_changes_nothing() {
    let files = fixture();
    for language in [1, 2] {
        let back = imported(&files, &exported(&files, language));
        assert!(back.files.is_empty() && back.notes.is_empty(), "{back:?}");
        assert_eq!(back.same > 0, language == 1);
    }
}

#[test]
fn an_export_says_all_that_a_translator_needs() {
    let files = fixture();
    insta::assert_snapshot!(po::write(&export(&read(&files), &files, 1, Some("home"))));
}

#[test]
fn a_new_translation_is_a_file_of_its_own() {
    let files = folder(&[BRIDGE, HOME]);
    let mut po = exported(&files, 1);
    entry(&mut po, "home/end.end").translation = "टिप्पणी:\n{{ profile.note | upper }}".to_owned();
    entry(&mut po, "home/top.show").translation = "नमस्ते".to_owned();
    entry(&mut po, "system.back").translation = "पीछे".to_owned();
    let back = imported(&files, &po);
    let texts: Vec<_> = back.files.iter().map(|file| format!("--- {}\n{}", file.path, file.text)).collect();
    insta::assert_snapshot!(texts.concat());
}

#[test]
fn what_cannot_be_taken_is_told_and_the_rest_is_taken() {
    let files = folder(&[BRIDGE, HOME]);
    let mut po = exported(&files, 1);
    entry(&mut po, "home/top.show").translation = "नमस्ते".to_owned();
    entry(&mut po, "home/top.options.end").translation = "वि\tदा".to_owned();
    entry(&mut po, "home/end.end").translation = "{{ profile.note }}".to_owned();
    entry(&mut po, "system.back").translation = "{{ पीछे".to_owned();
    entry(&mut po, "system.home").fuzzy = true;
    entry(&mut po, "system.home").translation = "शुरू".to_owned();
    let mut gone = entry(&mut po, "home/top.show").clone();
    po.entries.push(gone.clone());
    gone.context = Some("home/gone.show".to_owned());
    po.entries.push(gone.clone());
    po.entries.push(po::Entry { obsolete: true, ..gone.clone() });
    po.entries.push(po::Entry { plural: true, ..gone.clone() });
    po.entries.push(po::Entry { context: None, ..gone });
    let back = imported(&files, &po);
    let unclosed = values("{{ पीछे").expect_err("it is not closed");
    let mut told = fates(&back);
    told.sort_by_key(|(name, _)| *name);
    let upper = Fate::Values("`profile.note | upper`".to_owned());
    let wanted = [
        ("Welcome", &Fate::Unknown),
        ("home/end.end", &upper),
        ("home/gone.show", &Fate::Unknown),
        ("home/gone.show", &Fate::Obsolete),
        ("home/gone.show", &Fate::Plural),
        ("home/top.options.end", &Fate::Unseen),
        ("home/top.show", &Fate::Twice),
        ("system.back", &Fate::Braces(unclosed)),
    ];
    assert_eq!(told, wanted);
    assert_eq!(back.files.iter().map(|file| file.texts.as_slice()).collect::<Vec<_>>(), [["top.show".to_owned()]]);
    assert_eq!(back.fuzzy, 1);
}

/// The translator saw the old text: what arrives is stale, and says so.
#[test]
fn a_text_that_changed_since_the_export_is_stale() {
    let before = folder(&[BRIDGE, HOME]);
    let mut po = exported(&before, 1);
    entry(&mut po, "home/top.show").translation = "नमस्ते".to_owned();
    let changed = HOME.1.replace("Welcome", "Good morning");
    let after = folder(&[BRIDGE, (HOME.0, &changed)]);
    let back = imported(&after, &po);
    assert_eq!(fates(&back), [("home/top.show", &Fate::Stale)]);
    let after = with(&after, &back);
    let home = status(&read(&after)).into_iter().find(|row| row.menu == "home").expect("a row");
    assert_eq!((home.translated, home.stale), (0, vec!["top.show".to_owned()]));
    // It goes out to be looked at again, and taking the mark away says that somebody did.
    let mut again = exported(&after, 1);
    assert!(entry(&mut again, "home/top.show").fuzzy);
    entry(&mut again, "home/top.show").fuzzy = false;
    let read_again = with(&after, &imported(&after, &again));
    assert!(status(&read(&read_again)).iter().all(|row| row.stale.is_empty()));
    // A translation of the text as it is now is not lost to one of an older text.
    entry(&mut po, "home/top.show").translation = "स्वागत".to_owned();
    let back = imported(&read_again, &po);
    assert!(back.files.is_empty(), "{back:?}");
    assert_eq!(fates(&back), [("home/top.show", &Fate::Older)]);
}

#[test]
fn the_language_must_be_one_of_the_folder() {
    let files = folder(&[BRIDGE, HOME]);
    let language = |name: &str, code: &str| {
        let po = Po { header: vec![(name.to_owned(), code.to_owned())], entries: Vec::new() };
        import(&read(&files), &files, &po).err()
    };
    assert_eq!(language("X-Gramsetu-Language", "hi"), None);
    assert_eq!(language("Language", "HI"), None);
    assert_eq!(language("Language", ""), Some(ImportError::NoLanguage));
    for code in ["ta", "en"] {
        assert!(matches!(language("Language", code), Some(ImportError::Language { known, .. }) if known == "hi"));
    }
}

#[test]
fn the_status_of_every_menu_and_language() {
    let rows = status(&read(&fixture()));
    insta::assert_snapshot!(table(&rows));
    let json: serde_json::Value = serde_json::from_str(&to_json(&rows)).expect("it is JSON");
    assert_eq!(json[1]["menu"], "shop.order");
    assert_eq!(json[1]["missing"][0], "pin.ask");
}

#[test]
fn a_folder_that_cannot_be_read_is_not_exported() {
    let broken = [
        ("b.yaml", "menu: [\n"),
        ("b.hi.yaml", "menu: gone\nlanguage: hi\n"),
        ("home.ta.yaml", "menu: home\nlanguage: ta\n"),
    ];
    for file in broken {
        assert!(catalogue(&folder(&[BRIDGE, HOME, file])).is_err(), "{file:?}");
    }
    assert!(catalogue(&folder(&[HOME])).is_err());
    let two = ("menu: home\nlanguage: hi\n", "menu: home\nlanguage: hi\n");
    assert!(catalogue(&folder(&[BRIDGE, HOME, ("a.hi.yaml", two.0), ("b.hi.yaml", two.1)])).is_err());
}

/// Words as translators write them, braces apart.
fn words() -> impl Strategy<Value = String> {
    let letters = prop_oneof![
        "[ -z|~]{1,12}",
        "[\u{900}-\u{97f}\u{200d} ]{1,12}",
        "\\PC{1,8}",
        prop::sample::select(vec![
            "हाँ",
            "\"",
            "'",
            "- ",
            ": ",
            " #",
            "#",
            "|",
            ">",
            "%",
            "&a",
            "*b",
            "!c",
            "@",
            "`",
            "\n",
            "\n\n  ",
            "?"
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(letters, 1..5)
        .prop_map(|parts| parts.concat().replace(['{', '}', '\u{feff}'], ""))
        .prop_filter("something is said", |text| {
            !text.trim().is_empty() && !text.contains(|c: char| c != '\n' && crate::text::is_unseen(c))
        })
}

/// Translates every text, imports that, and holds to: nothing is missing or stale, and what comes out is what went in.
fn arrives_and_comes_out_again(said: Vec<String>, language: usize) {
    let files = fixture();
    let mut po = exported(&files, language);
    assert!(po.entries.len() <= said.len(), "{} entries", po.entries.len());
    for (entry, words) in po.entries.iter_mut().zip(said) {
        let shown = values(&entry.source).expect("the source is right");
        // These are no sentence.
        let are_numbers = entry.context.as_ref().is_some_and(|context| context.ends_with("number_words"));
        let words = if are_numbers { "ek, do, teen / tin".to_owned() } else { words };
        let text = shown.iter().fold(words, |text, value| format!("{text} {{{{ {value} }}}}"));
        text.trim().clone_into(&mut entry.translation);
    }
    let back = imported(&files, &po);
    assert_eq!(&back.notes, &[]);
    let after = with(&files, &back);
    let code = &read(&files).languages[language];
    for row in status(&read(&after)).iter().filter(|row| row.language == *code) {
        assert!(row.missing.is_empty() && row.stale.is_empty(), "{row:?}");
    }
    // `check` says the same.
    let (ending, quoted) = (format!(".{code}.yaml"), format!("`{code}`"));
    for finding in compile(&after).1 {
        assert!(!after.get(finding.span.file).path.ends_with(&ending), "{finding:?}");
        assert!(finding.code != codes::UNTRANSLATED || !finding.message.contains(&quoted), "{finding:?}");
    }
    let again = exported(&after, language);
    let texts = |po: &Po| -> Vec<_> {
        po.entries.iter().map(|entry| (entry.context.clone(), entry.translation.clone())).collect()
    };
    assert_eq!(texts(&again), texts(&po));
    assert!(imported(&after, &again).files.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn all_that_is_translated_arrives(said in prop::collection::vec(words(), 100), language in 1_usize..3) {
        arrives_and_comes_out_again(said, language);
    }
}
