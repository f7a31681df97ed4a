//! The length proof.

use std::time::Duration;

use insta::assert_snapshot;

use super::build::*;
use super::*;
use crate::check::lengths::{Alike, rows_at_most, table};
use crate::gateway::shipped;
use crate::menu::{
    Accept, Cell, Column, Comparison, Condition, Filter, Letters, Operand, Path, Piece, Root, RowSource, SlotId, Table,
    TableId, Target, Type, Value, Verb, compile, stamp,
};
use crate::source::Files;
use crate::types::Limits;

/// A gateway with these septets and units, on which a dialogue may last long.
fn gateway(septets: u16, units: Option<u16>) -> Profile {
    let mut profile = shipped().remove(0);
    profile.name = format!("gateway{septets}");
    profile.limits = Limits { septets, units };
    profile.lasts = Duration::from_secs(100_000);
    profile
}

/// A gateway that allows so many exchanges.
fn capped(steps: u16) -> Profile {
    let mut profile = gateway(160, None);
    profile.name = format!("capped{steps}");
    profile.steps = Some(steps);
    profile
}

fn found_on(program: &Program, profiles: &[Profile]) -> String {
    let findings = check(program, profiles).findings;
    findings.iter().map(|f| format!("{} {}", f.code, f.message)).collect::<Vec<_>>().join("\n")
}

/// An end that shows the slot `found`, of this type.
fn shows(ty: Type, filter: Filter) -> Program {
    let path = Path { root: Root::Slot(SlotId(0)), fields: Vec::new(), ty: ty.clone() };
    let end = Verb::End(pieces(vec![Piece::Text("It is ".into()), Piece::Slot(path, filter)]));
    let mut program = program(vec![vec![end]]);
    program.menus[0].slots[0].ty = ty;
    program
}

fn size(ty: Type, filter: Filter) -> String {
    let report = check(&shows(ty, filter), &[]);
    let Length { size, .. } = report.lengths.first().expect("one screen in one language");
    format!("{} {:?}", size.size, size.alphabet)
}

#[test]
fn a_value_counts_as_long_as_its_type_allows() {
    let text = |max, letters| Type::Text { max, letters };
    // "It is " takes six.
    assert_eq!(size(text(30, Letters::Latin), Filter::None), "36 Gsm7");
    assert_eq!(size(text(12, Letters::Digits), Filter::None), "18 Gsm7");
    assert_eq!(size(text(12, Letters::Digits), Filter::Mask), "12 Gsm7");
    assert_eq!(size(text(12, Letters::Digits), Filter::Spoken), "29 Gsm7");
    assert_eq!(size(Type::Date, Filter::None), "16 Gsm7");
    assert_eq!(size(Type::Number { min: -5, max: 120 }, Filter::None), "9 Gsm7");
    assert_eq!(size(Type::Number { min: -1_000, max: 120 }, Filter::None), "11 Gsm7");
    assert_eq!(size(Type::Number { min: 0, max: 100_000 }, Filter::Amount), "17 Gsm7");
    // -1,23,456.70
    assert_eq!(size(Type::Amount { max: 12_345_670 }, Filter::None), "18 Gsm7");
    // Ten letters are a word of eight, a space and a word of one: two units a letter.
    assert_eq!(size(text(10, Letters::Any), Filter::None), "25 Ucs2");
    assert_eq!(size(Type::YesNo, Filter::None), "10 Gsm7");
    assert_eq!(size(Type::Language, Filter::None), "13 Gsm7");
}

#[test]
fn a_screen_of_more_than_three_pages_is_refused() {
    let long = |max| shows(Type::Text { max, letters: Letters::Latin }, Filter::None);
    let profiles = [gateway(160, Some(70)), gateway(100, None)];
    assert_snapshot!(found_on(&long(250), &profiles), @"");
    assert_snapshot!(found_on(&long(300), &profiles), @"L001 `0` may take more than 3 pages in en: 4 on gateway100");
    // In other letters it takes twice the units, of which a page has fewer.
    assert_snapshot!(found_on(&shows(Type::Text { max: 110, letters: Letters::Any }, Filter::None), &profiles), @"L001 `0` may take more than 3 pages in en: 4 on gateway160");
}

/// Two hundred letters of English are long beside Hindi keys, and short once they are Hindi.
#[test]
fn what_is_not_translated_yet_is_no_matter_of_length() {
    let said = |hindi: Option<&str>| {
        let text = "Word ".repeat(40);
        let mut files = Files::default();
        files.add("bridge.yaml", "languages: {en: English, hi: हिन्दी}\nussd: {\"*1#\": home}\n");
        files.add("system.hi.yaml", "language: hi\nsystem: {back: वापस, home: मुख्य, more: आगे}\n");
        files.add(
            "home.yaml",
            format!("menu: home\nscreens:\n  top: {{show: {text}, options: {{bye: Bye}}}}\n  bye: {{end: Bye}}\n"),
        );
        if let Some(hindi) = hindi {
            let translation = format!(
                "menu: home\nlanguage: hi\nscreens:\n  top: {{show: {hindi}, options: {{bye: अलविदा}}}}\n  bye: {{end: अलविदा}}\n"
            );
            let id = files.add("home.hi.yaml", translation);
            let stamped = stamp(&files, id, false).expect("it can be stamped").text;
            let mut again = Files::default();
            files
                .iter()
                .filter(|(other, _)| *other != id)
                .for_each(|(_, file)| _ = again.add(&*file.path, &*file.text));
            again.add("home.hi.yaml", stamped);
            files = again;
        }
        let (program, _) = compile(&files);
        found_on(&program.expect("it compiles"), &[gateway(160, Some(70))])
    };
    assert_eq!(said(None), "");
    assert_eq!(said(Some("शब्द")), "");
    assert!(said(Some(&"शब्द ".repeat(60))).starts_with("L001 "));
}

#[test]
fn a_list_may_have_many_pages_but_no_row_may_be_longer_than_one() {
    let listing = |words: &str| {
        let mut program = program(vec![vec![list(to(1), to(1)), end()]]);
        if let Verb::Choose(choose) = &mut program.menus[0].screens[0].verb
            && let crate::menu::Among::List { list, .. } = &mut choose.among
        {
            list.row = text(words);
        }
        program
    };
    let profiles = [gateway(60, None)];
    let program = listing("A row of thirty-one characters.");
    assert_eq!(found_on(&program, &profiles), "");
    assert_eq!(check(&program, &profiles).lengths[0].pages[0].pages, 9);
    assert_snapshot!(found_on(&listing(&"A row as long as a page. ".repeat(3)), &profiles), @"L002 a row of `0` may not fit on a page in en on gateway60");
}

#[test]
fn an_option_is_not_broken() {
    let mut program = program(vec![vec![choose(&[to(1)]), end()]]);
    let Verb::Choose(choose) = &mut program.menus[0].screens[0].verb else { panic!("built as a choose") };
    let crate::menu::Among::Options(options) = &mut choose.among else { panic!("built with options") };
    options[0].label = text(&"Words ".repeat(15));
    assert_snapshot!(found_on(&program, &[gateway(80, None), gateway(160, None)]), @"L002 the option `option1` may not fit on a page in en on gateway80");
}

#[test]
fn a_latin_text_stays_in_its_alphabet() {
    assert_snapshot!(found(&program(vec![vec![Verb::End(text("It costs ₹ 20"))]])).join("\n"), @"L003 `₹` (U+20B9) turns this en page into UCS-2, which holds less than half as much");
    let typed = shows(Type::Text { max: 9, letters: Letters::Any }, Filter::None);
    assert!(found(&typed).is_empty(), "what a citizen types is in the letters of that citizen's phone");
}

/// A table of districts, two in the first state and one in the second, the longest name in Devanagari.
fn districts() -> Table {
    let text = |max, letters| Type::Text { max, letters };
    let row = |state: &str, name: &str| vec![Cell::Same(state.to_owned()), Cell::Same(name.to_owned())];
    Table {
        name: "districts".to_owned(),
        columns: vec![
            Column { name: "state".to_owned(), ty: text(2, Letters::Latin) },
            Column { name: "name".to_owned(), ty: text(12, Letters::Any) },
        ],
        rows: vec![row("AB", "Adilpur"), row("AB", "आदिलपुर नगर"), row("CD", "Chandpur")],
    }
}

#[test]
fn a_column_counts_as_its_longest_cell() {
    let path = Path { root: Root::Slot(SlotId(0)), fields: vec![1], ty: Type::Text { max: 12, letters: Letters::Any } };
    let mut program = program(vec![vec![Verb::End(pieces(vec![Piece::Slot(path, Filter::None)]))]]);
    program.menus[0].slots[0].ty = Type::Row(TableId(0));
    program.tables.push(districts());
    let report = check(&program, &[]);
    assert_eq!(report.lengths[0].size.size, "आदिलपुर नगर".encode_utf16().count());
    assert_snapshot!(found(&program).join("\n"), @"L004 `found.name` may have letters outside GSM-7, which turn this en page into UCS-2");
}

#[test]
fn a_list_of_a_table_is_as_long_as_its_largest_group() {
    let column = |field| Path { root: Root::Slot(SlotId(1)), fields: vec![field], ty: Type::Date };
    let mut program = program(vec![vec![list(to(1), to(1)), end()]]);
    program.tables.push(districts());
    let Verb::Choose(choose) = &program.menus[0].screens[0].verb else { panic!("built as a choose") };
    let crate::menu::Among::List { list, .. } = &choose.among else { panic!("built as a list") };
    let most = |only: Option<Condition>| {
        let list = crate::menu::Rows {
            source: RowSource::Table(TableId(0)),
            each: list.each,
            row: list.row.clone(),
            only,
            none: list.none,
            span: list.span,
        };
        rows_at_most(&program, &list, &mut Alike::default())
    };
    let same = |left, right| Condition::Compare(left, Comparison::Equal, right);
    let state = || Operand::Path(column(0));
    let literal = || Operand::Literal(Value::Text("AB".to_owned()));
    assert_eq!(most(None), 3);
    assert_eq!(most(Some(same(state(), literal()))), 2);
    assert_eq!(most(Some(same(literal(), Operand::Path(column(1))))), 1);
    assert_eq!(
        most(Some(Condition::And(vec![same(state(), literal()), same(Operand::Path(column(1)), literal())]))),
        1
    );
    let name = |name: &str| same(Operand::Path(column(1)), Operand::Literal(Value::Text(name.to_owned())));
    assert_eq!(most(Some(Condition::Or(vec![name("Adilpur"), name("Chandpur")]))), 2, "a name stands once");
    assert_eq!(
        most(Some(Condition::Or(vec![same(state(), literal()), same(state(), literal())]))),
        3,
        "not four of three"
    );
    let either = Condition::Or(vec![name("Adilpur"), Condition::Not(Box::new(name("Chandpur")))]);
    assert_eq!(most(Some(either.clone())), 3);
    assert_eq!(most(Some(Condition::And(vec![either, same(state(), literal())]))), 2);
    // Whether two columns of one row are the same says nothing about how many rows there are.
    assert_eq!(most(Some(same(state(), Operand::Path(column(1))))), 3);
    assert_eq!(most(Some(Condition::Not(Box::new(same(state(), literal()))))), 3);
}

fn questions(count: u16) -> Program {
    let asks = (1..=count).map(|next| ask(Accept::Digits { min: 4, max: 4 }, to(next)));
    program(vec![asks.chain([end()]).collect()])
}

#[test]
fn a_way_is_as_long_as_a_gateway_allows() {
    assert_eq!(found_on(&questions(8), &[capped(9)]), "");
    assert_snapshot!(found_on(&questions(8), &[capped(8), capped(7)]), @"L010 from `a/0` a way without a `save` screen takes up to 9 exchanges in en, more than allowed on capped8 (9 of 8); capped7 (9 of 7): a/0 → a/1 → a/2 → a/3 → … → a/5 → a/6 → a/7 → a/8");
    // A save screen begins another stretch.
    let mut saved = questions(8);
    saved.menus[0].screens[4].save = true;
    assert_eq!(found_on(&saved, &[capped(5)]), "");
    assert_snapshot!(found_on(&saved, &[capped(4)]), @"L010 from `a/4` a way without a `save` screen takes up to 5 exchanges in en, more than allowed on capped4 (5 of 4): a/4 → a/5 → a/6 → a/7 → a/8");
}

#[test]
fn what_is_passed_inside_a_menu_that_is_run_is_named() {
    let digits = || Accept::Digits { min: 4, max: 4 };
    let inner = |next| ask(digits(), next);
    let mut program = program(vec![
        vec![show(to(1)), run(1, to(2)), ask(digits(), to(3)), end()],
        vec![inner(to(1)), run(2, to(2)), inner(Target::Return)],
        vec![inner(Target::Return)],
    ]);
    assert_snapshot!(found_on(&program, &[capped(5)]), @"L010 from `a/0` a way without a `save` screen takes up to 6 exchanges in en, more than allowed on capped5 (6 of 5): a/0 → b › 0 → c › 0 → b › 2 → a/2 → a/3");
    // A save screen within ends the stretch within.
    program.menus[1].screens[2].save = true;
    assert_snapshot!(found_on(&program, &[capped(2)]), @"L010 from `a/0` a way without a `save` screen takes up to 3 exchanges in en, more than allowed on capped2 (3 of 2): a/0 → b › 0 → c › 0");
}

#[test]
fn a_slow_typist_needs_seconds() {
    let mut profile = gateway(160, None);
    profile.lasts = Duration::from_mins(1);
    assert_snapshot!(found_on(&questions(8), &[profile]), @"L011 from `a/0` a way without a `save` screen takes up to 131 seconds of a slow typist in en, more than allowed on gateway160 (131 of 60): a/0 → a/1 → a/2 → a/3 → … → a/5 → a/6 → a/7 → a/8");
}

#[test]
fn a_way_through_a_menu_that_is_run_counts_all_of_it() {
    let rating = vec![show(to(1)), choose(&[to(2), Target::Return]), show(Target::Return)];
    let program = program(vec![vec![show(to(1)), run(1, to(2)), show(to(3)), end()], rating]);
    assert_eq!(found_on(&program, &[capped(6)]), "");
    assert_snapshot!(found_on(&program, &[capped(5)]), @"L010 from `a/0` a way without a `save` screen takes up to 6 exchanges in en, more than allowed on capped5 (6 of 5): a/0 → b › 0 → b › 1 → b › 2 → a/2 → a/3");
}

#[test]
fn a_way_back_is_not_followed() {
    let program = program(vec![vec![choose(&[to(1), to(2)]), show(to(0)), end()]]);
    assert_eq!(found_on(&program, &[capped(2)]), "");
}

#[test]
fn an_empty_list_takes_no_time() {
    let program = program(vec![vec![show(to(1)), list(to(3), to(2)), show(to(3)), end()]]);
    assert_eq!(found_on(&program, &[capped(3)]), "");
}

#[test]
fn the_table_is_aligned() {
    let mut program = shows(Type::Text { max: 500, letters: Letters::Latin }, Filter::None);
    program.menus[0].screens.push(crate::menu::Screen {
        name: "another".to_owned(),
        verb: show(to(0)),
        save: false,
        personal: false,
        guarded: false,
        verified: false,
        span: span(0, 1),
    });
    let report = check(&program, &shipped());
    assert_snapshot!(table(&report.lengths), @r"
    A: advanta, arkesel, beem, bonga, cellulant, crossgate, dmark, flares, hollatags, hubtel, imimobile, madapi, mtech, nalo, nsano, oltranz, safaricom, truroute, vodacom
    B: africastalking, infobip, restcomm
    screen                  language      longest   A  B  found
    a/0                     en        506 septets  !4  3  !L001 (80 septets too many)
    a/another               en         25 septets   1  1
    system/busy             en          4 septets   1  1
    system/too_many         en          4 septets   1  1
    system/unknown_code     en          4 septets   1  1
    system/expired          en          4 septets   1  1
    system/sorry            en          4 septets   1  1
    system/resume_question  en         20 septets   1  1
    system/late_receipt     en          4 septets   1  1
    ! is refused, ? is warned of
    ");
    assert_eq!(table(&[]), "");
}

#[test]
fn gateways_with_the_same_pages_share_a_column_and_warnings_are_marked() {
    let named = |name: &str, mut profile: Profile| {
        name.clone_into(&mut profile.name);
        profile
    };
    let profiles = [
        named("first", gateway(160, Some(70))),
        named("small", gateway(100, None)),
        named("second", gateway(160, Some(70))),
        named("capped", capped(2)),
    ];
    let mut program = program(vec![vec![ask(Accept::Date, to(1)), show(to(2)), ask(Accept::Date, to(3)), end()]]);
    let Verb::Show(show) = &mut program.menus[0].screens[1].verb else { panic!("built as a show") };
    show.text = text(&"Nobody reads all of this. ".repeat(12));
    assert_snapshot!(table(&check(&program, &profiles).lengths), @"
    A: first, second
    B: small
    C: capped
    screen                  language      longest  A   B   C  found
    a/0                     en          7 septets  1   1  ?1  ?L010
    a/1                     en        334 septets  3  !4   3  !L001 (65 septets too many)
    a/2                     en         22 septets  1   1   1
    a/3                     en          7 septets  1   1   1
    system/busy             en          4 septets  1   1   1
    system/too_many         en          4 septets  1   1   1
    system/unknown_code     en          4 septets  1   1   1
    system/expired          en          4 septets  1   1   1
    system/sorry            en          4 septets  1   1   1
    system/resume_question  en         20 septets  1   1   1
    system/late_receipt     en          4 septets  1   1   1
    ! is refused, ? is warned of
    ");
}

#[test]
fn a_column_counts_as_it_is_written() {
    let size = |ty: Type, cell: &str, filter| {
        let path = Path { root: Root::Slot(SlotId(0)), fields: vec![0], ty: ty.clone() };
        let mut program = program(vec![vec![Verb::End(pieces(vec![Piece::Slot(path, filter)]))]]);
        program.menus[0].slots[0].ty = Type::Row(TableId(0));
        program.tables.push(Table {
            name: "prices".to_owned(),
            columns: vec![Column { name: "price".to_owned(), ty }],
            rows: vec![vec![Cell::Same(cell.to_owned())], vec![Cell::Same(String::new())]],
        });
        check(&program, &[]).lengths[0].size.size
    };
    assert_eq!(size(Type::Amount { max: 999_999_950 }, "9999999.5", Filter::None), "99,99,999.50".len());
    assert_eq!(size(Type::Number { min: 0, max: 100_000 }, "100000", Filter::Amount), "1,00,000.00".len());
    assert_eq!(size(Type::Number { min: 0, max: 100_000 }, "100000", Filter::None), "100000".len());
    // All texts of the bridge read "More" in this program.
    assert_eq!(size(Type::YesNo, "no", Filter::None), "More".len());
    let text = Type::Text { max: 6, letters: Letters::Latin };
    assert_eq!(size(text, "AB1234", Filter::Spoken), "A B 1 2 3 4".len());
}
