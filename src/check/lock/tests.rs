use proptest::prelude::*;

use super::*;
use crate::menu::compile;
use crate::source::{Files, render};

const BRIDGE: &str = "languages: {en: English, hi: हिन्दी}\nussd: {\"*123#\": home}\n";

fn compiled(files: &Files) -> Program {
    let (program, findings) = compile(files);
    program.unwrap_or_else(|| panic!("{}", render(&findings, files, false)))
}

/// A home menu with these screens.
fn menus(bridge: &str, screens: &str) -> Program {
    let mut files = Files::default();
    files.add("bridge.yaml", bridge);
    files.add("home.yaml", format!("menu: home\nscreens:\n{screens}"));
    compiled(&files)
}

fn program(screens: &str) -> Program {
    menus(BRIDGE, screens)
}

/// The lines of a lock but the first.
fn lines(lock: &Lock) -> Vec<String> {
    lock.to_string().lines().skip(1).map(str::to_owned).collect()
}

fn dialled(text: &str) -> Dialled {
    Dialled::parse(text).expect("a dial path")
}

#[test]
fn dial_paths_have_one_form_and_are_ordered_as_people_count() {
    for text in ["*123#", "*123*4*1#", "*384*1234*10#", "*00*01#"] {
        assert_eq!(Dialled::parse(text).map(|path| path.to_string()).as_deref(), Some(text));
    }
    for text in ["", "*", "#", "*#", "123", "*123", "123#", "*123*#", "**123#", "*12a#", "*123# ", "*१२३#"] {
        assert_eq!(Dialled::parse(text), None, "{text}");
    }
    let mut all = ["*123*10#", "*123*2#", "*99#", "*123*2*1#", "*123#"].map(dialled);
    all.sort();
    assert_eq!(all.map(|path| path.to_string()), ["*99#", "*123#", "*123*2#", "*123*2*1#", "*123*10#"]);
}

#[test]
fn options_are_followed_by_their_numbers_to_where_an_answer_is_wanted() {
    let lock = of(&program(
        "
  top: {choose: What?, options: {news: News, far: {label: Far, go: ask, key: 90}, again: {label: Again, go: top}}}
  news: {show: News, options: {more: More, up: {label: Up, go: back}}}
  more: {show: More, next: bye}
  ask: {ask: How many?, accept: {number: 1-9}, into: people, next: bye}
  bye: {end: Bye}
",
    ));
    let expected =
        ["*123# home/top", "*123*1# home/news", "*123*1*1# home/more", "*123*3# home/top", "*123*90# home/ask"];
    assert_eq!(lines(&lock), expected);
}

#[test]
fn a_branch_leads_to_each_of_its_ways_and_a_menu_that_is_run_comes_back() {
    let mut files = Files::default();
    files.add("bridge.yaml", "languages: {en: English}\nussd: {\"*123#\": home}\nprofile: {town: text 9}\n");
    files.add(
        "home.yaml",
        "menu: home\nscreens:\n  \
         top: {choose: What?, options: {known: Known, ask: {label: Ask, go: sub}}}\n  \
         known: {branch: [{if: profile.town is set, go: yours}, {go: bye}]}\n  \
         yours: {choose: Yours?, options: {one: {label: One, go: bye}}}\n  \
         sub: {run: rate, next: thanks}\n  thanks: {show: Thanks, options: {bye: Bye}}\n  bye: {end: Bye}\n",
    );
    files.add(
        "rate.yaml",
        "menu: rate\nscreens:\n  stars: {choose: Stars?, options: {good: {label: Good, go: return}, bad: Bad}}\n  \
         bad: {set: {profile.town: \"\\\"none\\\"\"}, next: return}\n",
    );
    let expected = [
        "*123# home/top",
        "*123*1# home/bye",
        "*123*1# home/yours",
        "*123*1*1# home/bye",
        "*123*2# home/sub > rate/stars",
        "*123*2*1# home/thanks",
        "*123*2*1*1# home/bye",
        "*123*2*2# home/thanks",
    ];
    assert_eq!(lines(&of(&compiled(&files))), expected);
}

#[test]
fn languages_where_a_code_begins_take_no_key_and_longer_codes_go_first() {
    let screens = "
  first: {choose: Language, from: languages, as: chosen, row: \"{{ chosen.name }}\", next: keep}
  keep: {set: {language: chosen.code}, next: top}
  top: {choose: What?, options: {a: {label: A, go: bye}, b: {label: B, go: bye}}}
  bye: {end: Bye}
";
    let expected = ["*123# home/first", "*123*1# home/bye", "*123*2# home/bye"];
    assert_eq!(lines(&of(&program(screens))), expected);
    let bridge = BRIDGE.replace('}', ", \"*123*2#\": home}").replacen(", \"*123*2#\": home}", "}", 1);
    let lock = lines(&of(&menus(&bridge, screens)));
    let expected =
        ["*123# home/first", "*123*1# home/bye", "*123*2# home/first", "*123*2*1# home/bye", "*123*2*2# home/bye"];
    assert_eq!(lock, expected);
}

const TOP: &str = "  top: {choose: What?, options: {news: News, about: About}}\n";
const REST: &str = "  news: {show: News, options: {bye: Bye}}\n  about: {end: About}\n  bye: {end: Bye}\n";

/// What is said about these screens beside the lock of the menus above.
fn said(screens: &str) -> Vec<String> {
    said_beside(&of(&program(&format!("{TOP}{REST}"))).to_string(), screens)
}

fn said_beside(lock: &str, screens: &str) -> Vec<String> {
    let mut files = Files::default();
    files.add(FILE, lock);
    let findings = check(&program(screens), &files).into_iter();
    findings.map(|finding| format!("{} {}", finding.code, finding.message)).collect()
}

#[test]
fn the_same_menus_and_new_options_break_nothing() {
    assert_eq!(said(&format!("{TOP}{REST}")), [""; 0]);
    let added = TOP.replace("about: About", "about: About, new: {label: New, go: bye}");
    assert_eq!(said(&format!("{added}{REST}")), [""; 0]);
}

#[test]
fn a_moved_path_is_one_finding_with_those_behind_it() {
    let swapped = TOP.replace("news: News, about: About", "about: About, news: News");
    let expected = [
        "P051 `*123*1#` led to `home/news`, and leads to `home/about` now, and one path behind it has changed as well",
        "P051 `*123*2#` led to `home/about`, and leads to `home/news` now",
    ];
    assert_eq!(said(&format!("{swapped}{REST}")), expected);
}

#[test]
fn who_runs_a_menu_is_part_of_what_a_path_means() {
    let rain = "rain: {run: place, next: bye}";
    let prices = "prices: {run: place, next: thanks}";
    let menus = |options: &str| {
        let mut files = Files::default();
        files.add("bridge.yaml", BRIDGE);
        let home = format!(
            "menu: home\nscreens:\n  top: {{choose: What?, options: {{{options}}}}}\n  {rain}\n  {prices}\n  \
             bye: {{end: Bye}}\n  thanks: {{end: Thanks}}\n"
        );
        files.add("home.yaml", home);
        files.add(
            "place.yaml",
            "menu: place\nscreens:\n  where: {choose: Where?, options: {here: {label: Here, go: return}}}\n",
        );
        compiled(&files)
    };
    let lock = of(&menus("rain: Rain, prices: Prices"));
    let expected = [
        "*123# home/top",
        "*123*1# home/rain > place/where",
        "*123*1*1# home/bye",
        "*123*2# home/prices > place/where",
        "*123*2*1# home/thanks",
    ];
    assert_eq!(lines(&lock), expected);
    let mut files = Files::default();
    files.add(FILE, lock.to_string());
    let swapped = menus("prices: Prices, rain: Rain");
    let findings = check(&swapped, &files);
    let said: Vec<_> = findings.iter().map(|finding| format!("{} {}", finding.code, finding.message)).collect();
    let expected = [
        "P051 `*123*1#` led to `home/rain > place/where`, and leads to `home/prices > place/where` now, and one path behind \
         it has changed as well",
        "P051 `*123*2#` led to `home/prices > place/where`, and leads to `home/rain > place/where` now, and one path behind \
         it has changed as well",
    ];
    assert_eq!(said, expected);
}

#[test]
fn an_option_in_front_of_others_is_one_finding() {
    let screens = |options: &str| {
        let ends = ["a", "b", "c", "d", "new"].map(|end| format!("  {end}: {{show: End, options: {{bye: Bye}}}}\n"));
        format!("  top: {{choose: What?, options: {{{options}}}}}\n{}  bye: {{end: Bye}}\n", ends.concat())
    };
    let all = "a: A, b: B, c: C, d: D, new: New";
    let lock = of(&program(&screens(all))).to_string();
    let lock = lock.lines().filter(|line| !line.contains("*5")).fold(String::new(), |lock, line| lock + line + "\n");
    assert_eq!(said_beside(&lock, &screens(all)), [""; 0]);
    let expected = "P051 `*123*1#` led to `home/a`, and leads to `home/new` now; the paths beside it, up to `*123*4#`, each \
                    lead where the one before led";
    assert_eq!(said_beside(&lock, &screens("new: New, a: A, b: B, c: C, d: D")), [expected]);
    let other = "P051 `*123*3#` led to `home/c`, and leads to `home/new` now";
    let said = said_beside(&lock, &screens("a: A, b: B, new: New, c: C, d: D"));
    assert_eq!(said.len(), 2, "two are told one by one: {said:?}");
    assert_eq!(said.first().map(String::as_str), Some(other));
}

#[test]
fn of_many_screens_to_which_a_path_led_three_are_named() {
    let arms = |names: &str| {
        names.split(' ').map(|name| format!("{{if: profile.n is set, go: {name}}}, ")).collect::<Vec<_>>().concat()
    };
    let screens = |option: &str| {
        format!(
            "  top: {{choose: What?, options: {{{option}: Go, bye: Bye}}}}\n  way: {{branch: [{}{{go: e}}]}}\n  \
             a: {{end: A}}\n  b: {{end: B}}\n  c: {{end: C}}\n  d: {{end: D}}\n  e: {{end: E}}\n  bye: {{end: Bye}}\n  \
         ",
            arms("a b c d")
        )
    };
    let bridge = format!("{BRIDGE}profile: {{n: text 9}}\n");
    let lock = of(&menus(&bridge, &screens("way")));
    let now = menus(&bridge, &screens("bye2: {label: Bye, go: bye}, way"));
    let mut files = Files::default();
    files.add(FILE, lock.to_string());
    let said: Vec<_> = check(&now, &files).into_iter().map(|finding| finding.message).collect();
    let expected = "`*123*1#` led to `home/a`, `home/b`, `home/c` and 2 more, and leads to `home/bye` now";
    assert_eq!(said.first().map(String::as_str), Some(expected));
}

#[test]
fn a_renamed_screen_and_a_path_that_is_gone_are_refused() {
    let renamed = REST.replace("  bye:", "  goodbye:").replace("{bye: Bye}", "{goodbye: Bye}");
    assert_eq!(
        said(&format!("{TOP}{renamed}")),
        ["P051 `*123*1*1#` led to `home/bye`, and leads to `home/goodbye` now"]
    );
    let shorter = TOP.replace(", about: About", "");
    let rest = REST.replace("  about: {end: About}\n", "");
    assert_eq!(said(&format!("{shorter}{rest}")), ["P052 `*123*2#` led to `home/about`, and leads nowhere any more"]);
    let other_code = menus("languages: {en: English}\nussd: {\"*124#\": home}\n", &format!("{TOP}{REST}"));
    let mut files = Files::default();
    files.add(FILE, of(&program(&format!("{TOP}{REST}"))).to_string());
    let findings = check(&other_code, &files);
    assert_eq!(findings.len(), 1, "the code alone is told");
    assert_eq!(findings[0].code, "P052");
}

#[test]
fn what_is_accepted_is_refused_no_more_and_nothing_else_is() {
    let old = of(&program(&format!("{TOP}{REST}")));
    let swapped = format!("{}{REST}", TOP.replace("news: News, about: About", "about: About, news: News"));
    let now = program(&swapped);
    let mut lock = old.clone();
    assert_eq!(lock.accept(&now, &dialled("*123*3#")), None);
    let accepted = lock.accept(&now, &dialled("*123*1#")).expect("it was promised");
    assert_eq!(
        accepted.to_string(),
        "moved: *123*1# led to home/news, and leads to home/about\ngone: *123*1*1# led to home/bye\n"
    );
    assert_eq!(
        said_beside(&lock.to_string(), &swapped),
        ["P051 `*123*2#` led to `home/about`, and leads to `home/news` now"]
    );
    lock.accept(&now, &dialled("*123*2#")).expect("it was promised");
    assert_eq!(said_beside(&lock.to_string(), &swapped), [""; 0]);
    let news = changes(&lock, &lock.renewed(&now));
    assert_eq!(news.to_string(), "new: *123*2*1# leads to home/bye\n", "what is new is for whoever publishes");
}

#[test]
fn what_was_promised_stays_so_when_another_way_is_shorter() {
    let far = "  top: {choose: What?, options: {a: A}}\n  a: {choose: A, options: {b: B}}\n  \
               b: {choose: B, options: {bye: Bye}}\n  bye: {end: Bye}\n";
    let near = far.replace("{a: A}", "{a: A, b: B}");
    let old = of(&program(far));
    let now = program(&near);
    assert!(!lines(&of(&now)).contains(&"*123*1*1*1# home/bye".to_owned()));
    let renewed = old.renewed(&now);
    assert!(old.paths().all(|(path, screens)| renewed.paths.get(path) == Some(screens)));
    assert_eq!(changes(&old, &renewed).to_string(), "new: *123*2# leads to home/b\nnew: *123*2*1# leads to home/bye\n");
}

#[test]
fn what_is_no_lock_is_said() {
    let whole = of(&program(&format!("{TOP}{REST}"))).to_string();
    let said = |text: String| {
        let mut files = Files::default();
        files.add(FILE, text);
        let findings = read(&files).err().unwrap_or_default();
        findings.into_iter().map(|finding| format!("{} {}", finding.span.start, finding.message)).collect::<Vec<_>>()
    };
    assert_eq!(said(whole.clone()), [""; 0]);
    assert_eq!(said(whole.replace('\n', "\r\n")), [""; 0], "as it comes out of some checkouts");
    let first = |text: &str| said(text.to_owned()).concat();
    assert_eq!(first(""), "0 the file does not begin as the lock of dial paths does");
    assert_eq!(first("*123# home/top\n"), "0 the file does not begin as the lock of dial paths does");
    let later = whole.replacen("version 1", "version 2", 1);
    assert_eq!(first(&later), "0 this version of the lock is not known here");
    let head = whole.lines().next().map_or(0, str::len) + 1;
    for line in [
        "*123*1 home/news",
        "*123# home",
        "*123# home/a/b",
        "*123#  home/a",
        "*123# home/A",
        "",
        "<<<<<<< HEAD",
        "*123# home/a >",
        "*123# home/a > b",
        "*123# home/a >  home/b",
        "*123# > home/a",
        "*123# home/a>home/b",
    ] {
        let text = whole.replacen('\n', &format!("\n{line}\n"), 1);
        let expected = format!("{head} this is not a dial path and the screen that it leads to");
        assert_eq!(said(text), [expected], "{line}");
    }
    let twice = whole.replacen("*123*1#", "*123*2# home/about\n*123*1#", 1);
    assert_eq!(said(twice).len(), 3, "all that stand too late");
}

#[test]
fn menus_that_go_round_and_run_each_other_come_to_an_end() {
    let mut files = Files::default();
    files.add("bridge.yaml", BRIDGE);
    let round = |name: &str, other: &str| {
        format!(
            "menu: {name}\nscreens:\n  top: {{choose: What?, options: {{in: {{label: In, go: inside}}, out: {{label: Out, go: \
             {other}}}, up: {{label: Up, go: return}}}}}}\n  inside: {{run: {other}, next: again}}\n  \
             again: {{run: {other}, next: top}}\n"
        )
    };
    files.add("home.yaml", round("home", "other"));
    files.add("other.yaml", round("other", "home"));
    let lock = of(&compiled(&files));
    assert!(lock.paths.keys().all(|path| path.to_string().matches('*').count() <= 13));
    assert!(lock.paths.contains_key(&dialled("*123*1*1*1#")));
}

proptest! {
    #[test]
    fn the_text_of_a_lock_reads_back_equal(
        paths in prop::collection::btree_map(
            prop::collection::vec("[0-9]{1,4}", 1..6),
            prop::collection::btree_set("[a-z][a-z0-9_]{0,3}(\\.[a-z]{1,3})?/[a-z][a-z0-9_]{0,3}( > [a-z]{1,3}/[a-z]{1,3}){0,2}", 1..3),
            0..20,
        ),
    ) {
        // A menu may not be named so.
        prop_assume!(!paths.values().flatten().any(|name| name.contains("back") || name.contains("return")));
        let paths = paths.into_iter().map(|(groups, screens)| (dialled(&format!("*{}#", groups.join("*"))), screens));
        let lock = Lock { paths: paths.collect() };
        let mut files = Files::default();
        files.add(FILE, lock.to_string());
        prop_assert_eq!(read(&files).expect("it reads back"), Some(lock));
    }

    #[test]
    fn anything_is_a_lock_or_refused(text in "(# What dial paths mean, version 1; written by gramsetu publish; commit it\n)?(\\PC|\n|\\*|#){0,80}") {
        let mut files = Files::default();
        files.add(FILE, text);
        if let Ok(Some(lock)) = read(&files) {
            prop_assert_eq!(files.iter().next().map(|(_, file)| file.text.trim_end().replace('\r', "")), Some(lock.to_string().trim_end().to_owned()));
        }
    }
}
