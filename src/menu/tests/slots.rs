//! Types that follow from what fills a slot.

use super::*;

/// The slots of the menu `home` with their types in words.
fn slots(screens: &str) -> Vec<String> {
    let home = format!("menu: home\nscreens:\n{screens}");
    let program = program(&[("home.yaml", &home), ("departments/shop.yaml", SHOP), ("tables/towns.csv", TOWNS)]);
    let described = |slot: &Slot| format!("{}: {}", slot.name, types::described(&slot.ty));
    menu(&program, "home").slots.iter().map(described).collect()
}

const TOWNS: &str = "code,name,name.hi,people:number\nA,Agra,आगरा,5\nB,Bhopal,भोपाल,70\n";

#[test]
fn a_slot_holds_the_smallest_type_of_all_that_fills_it() {
    let found = slots(
        "  a: {ask: A, accept: {digits: 4}, into: x, next: b}
  b: {ask: B, accept: {one_of: [small, large]}, into: x, next: c}
  c: {set: {x: \"\\\"somewhat longer\\\"\", y: x}, next: d}
  d: {end: \"{{ y }}\"}
",
    );
    assert_eq!(found, ["x: a text of at most 15 Latin letters", "y: a text of at most 15 Latin letters"]);
}

#[test]
fn literals_take_the_type_of_what_else_fills_the_slot() {
    let found = slots(
        "  a: {set: {x: 5, day: '\"05-11-2026\"', count: 7}, next: b}
  b: {ask: B, accept: {amount: 1-100}, into: x, next: c}
  c: {ask: C, accept: date, into: day, next: d}
  d: {end: \"{{ x }} {{ day }} {{ count }}\"}
",
    );
    assert_eq!(found, ["x: an amount of at most 100.00", "day: a date", "count: a number from 7 to 7"]);
}

#[test]
fn rows_have_the_type_of_their_list() {
    let found = slots(
        "  a: {choose: A, from: towns, as: town, row: \"{{ town.name }}\", find: town.name, next: b}
  b: {choose: B, from: languages, as: chosen, row: \"{{ chosen.name }}\", next: c}
  c: {call: shop.member, give: {mobile: town.people}, into: member, next: d}
  d: {show: D, each: member.orders, as: order, row: \"{{ order.number }}\", only: order.number != 12, next: e}
  e: {set: {n: order.number, t: town}, next: f}
  f: {end: \"{{ n }} {{ t.people }}\"}
",
    );
    assert_eq!(
        found,
        [
            "town: a row of a table",
            "chosen: a language",
            "member: a record",
            "order: a record",
            "n: a text of at most 6 digits",
            "t: a row of a table"
        ]
    );
}

#[test]
fn slots_of_different_kinds_that_fill_each_other_are_told() {
    let home = "
menu: home
screens:
  a: {ask: A, accept: date, into: x, next: b}
  b: {ask: B, accept: {number: 1-5}, into: y, next: c}
  c: {set: {x: y, y: x}, next: d}
  d: {end: \"1\"}
";
    assert_eq!(codes_of(&[("home.yaml", home)]).iter().filter(|code| **code == codes::TYPES_CLASH).count(), 2);
}

#[test]
fn what_clashes_is_told_apart() {
    let department = "
department: shop
operations:
  old: {get: /old, answer: {name: {from: /name, text: 9}, rows: {list: /rows, at_most: 2, of: {a: {from: /a, text: 9}}}}}
  new: {get: /new, answer: {name: {from: /name, date: yes}, rows: {list: /rows, at_most: 2, of: {b: {from: /b, text: 9}}}}}
  more: {get: /more, answer: {name: {from: /name, text: 9}, town: {from: /town, text: 9}}}
  less: {get: /less, answer: {name: {from: /name, text: 9}}}
";
    let menu = |screens: &str| format!("menu: home\nscreens:\n{screens}  end: {{end: Bye}}\n");
    let said = |screens: &str| {
        let files = [("home.yaml", menu(screens)), ("departments/shop.yaml", department.to_owned())];
        let files = files.each_ref().map(|(path, text)| (*path, text.as_str()));
        let found = compile(&folder(&files)).1.into_iter().filter(|finding| finding.code == codes::TYPES_CLASH);
        found.map(|finding| finding.message).collect::<Vec<_>>().join("; ")
    };
    let lists = "
  a: {call: shop.old, into: old, next: b}
  b: {call: shop.new, into: new, next: c}
  c: {choose: C, from: old.rows, as: one, row: \"{{ one.a }}\", next: d}
  d: {choose: D, from: new.rows, as: one, row: \"{{ one.b }}\", next: end}
";
    assert_eq!(said(lists), "`one` is filled with a row of `new.rows` here, and elsewhere with a row of `old.rows`");
    let calls = |one: &str, other: &str| {
        format!("  a: {{call: shop.{one}, into: got, next: b}}\n  b: {{call: shop.{other}, into: got, next: end}}\n")
    };
    let apart = |one: &str, other: &str| said(&calls(one, other)).replace("`got` is filled with ", "");
    assert_eq!(apart("more", "less"), "a record without `town` here, and elsewhere with a record with `town`");
    assert_eq!(apart("less", "more"), "a record with `town` here, and elsewhere with a record without `town`");
    assert_eq!(apart("old", "more"), "a record with `town` here, and elsewhere with a record with `rows`");
    let fields = "a record whose `name` is a date here, and elsewhere with a record whose `name` is a text of at most 9 Latin letters";
    assert_eq!(apart("old", "new"), fields);
}

#[test]
fn one_mistake_is_one_finding() {
    // What an operation that does not exist answers is not known, and neither is what is copied from it.
    let home = "
menu: home
screens:
  a: {call: shop.nothing, give: {mobile: caller}, into: x, next: b}
  b: {set: {y: x.name}, next: c}
  c: {show: \"{{ y }}\", each: x.list, as: z, row: \"{{ z.a }}\", next: d}
  d: {end: \"{{ z.b }}\"}
";
    let found = codes_of(&[("home.yaml", home), ("departments/shop.yaml", SHOP)]);
    let errors: Vec<_> = found.into_iter().filter(|code| *code != codes::UNTRANSLATED).collect();
    assert_eq!(errors, [codes::UNKNOWN_OPERATION]);
}

#[test]
fn columns_have_the_bounds_of_their_cells() {
    let program = program(&[("home.yaml", "menu: home\nscreens:\n  a: {end: A}\n"), ("tables/towns.csv", TOWNS)]);
    let table = &program.tables[0];
    let columns: Vec<_> = table.columns.iter().map(|column| (column.name.as_str(), column.ty.clone())).collect();
    let text = |max, letters| Type::Text { max, letters };
    assert_eq!(
        columns,
        [
            ("code", text(1, Letters::Latin)),
            ("name", text(6, Letters::Any)),
            ("people", Type::Number { min: 5, max: 70 })
        ]
    );
    assert_eq!(table.value(1, 2, LanguageId(0)), Some(Value::Number(70)));
    assert_eq!(table.value(1, 1, LanguageId(1)), Some(Value::Text("भोपाल".to_owned())));
    // Without its own text a language falls back to the first.
    assert_eq!(table.value(1, 1, LanguageId(3)), Some(Value::Text("Bhopal".to_owned())));
    assert_eq!(table.value(2, 1, LanguageId(0)), None);
}
