//! What comes out of small folders of menus.

mod any_text;
mod entries;
mod messages;
mod outgoing;
mod slots;
mod translations;

use super::*;
use crate::source::{Files, render};

/// A program of these files beside a bridge in English, Hindi and romanised Hindi; panics with the findings otherwise.
fn program(files: &[(&str, &str)]) -> Program {
    let files = folder(files);
    let (program, findings) = compile(&files);
    program.unwrap_or_else(|| panic!("{}", render(&findings, &files, false)))
}

fn folder(added: &[(&str, &str)]) -> Files {
    let mut files = Files::default();
    let bridge = "languages: {en: English, hi: हिन्दी, hi-Latn: Hindi, ta: தமிழ்}\nussd: {\"*1#\": home}\n\
                  profile: {note: text 40}\n";
    files.add("bridge.yaml", bridge);
    for (path, text) in added {
        files.add(*path, *text);
    }
    files
}

/// The codes of what is said about these files, warnings included.
fn codes_of(files: &[(&str, &str)]) -> Vec<&'static str> {
    compile(&folder(files)).1.into_iter().map(|finding| finding.code).collect()
}

fn menu<'a>(program: &'a Program, name: &str) -> &'a Menu {
    program.menu(program.menu_by_name(name).expect("the menu is there"))
}

fn screen<'a>(program: &'a Program, menu: &str, name: &str) -> &'a Screen {
    let screens = &self::menu(program, menu).screens;
    screens.iter().find(|screen| screen.name == name).expect("the screen is there")
}

const SHOP: &str = r#"
department: shop
operations:
  member:
    get: /members/{{ mobile }}
    answer:
      name: {from: /name, text: 20, personal: yes}
      town: {from: /town, text: 20}
      orders: {list: /orders, at_most: 5, personal: yes, of: {number: {from: /number, digits: 6}}}
  order:
    post: /orders
    changes: yes
    settled_by: told
    json: {mobile: "{{ mobile }}", key: "{{ intent }}", again: ["{{ mobile }}"]}
  told: {get: "/orders/{{ intent }}"}
"#;

#[test]
fn the_same_files_give_the_same_version_in_any_order() {
    let menu = "menu: home\nscreens:\n  top: {end: \"1\"}\n";
    let one = program(&[("a.yaml", menu), ("departments/shop.yaml", SHOP), ("notes.txt", "a")]);
    let two = program(&[("notes.txt", "b"), ("departments/shop.yaml", SHOP), ("a.yaml", menu)]);
    assert_eq!(one.version, two.version);
    let three = program(&[("b.yaml", menu), ("departments/shop.yaml", SHOP)]);
    assert_ne!(one.version, three.version);
}

#[test]
fn what_is_given_stands_in_the_order_in_which_it_is_taken() {
    let home =
        "menu: home\nscreens:\n  top: {call: shop.order, give: {mobile: caller}, next: end}\n  end: {end: \"1\"}\n";
    let program = program(&[("home.yaml", home), ("departments/shop.yaml", SHOP)]);
    let order = program.operations.iter().find(|operation| operation.name == "shop.order").expect("it is there");
    assert_eq!(order.takes, ["mobile", "intent"]);
    let Verb::Call(call) = &screen(&program, "home", "top").verb else { panic!("a call") };
    assert!(matches!(&call.give[0], Operand::Path(Path { root: Root::Caller, .. })));
    // The request fills it.
    assert!(matches!(&call.give[1], Operand::Literal(Value::Text(text)) if text.is_empty()));
    assert!(order.settled_by.is_some_and(|id| program.operation(id).name == "shop.told"));
}

#[test]
fn an_option_changes_something_when_no_person_stands_before_the_call() {
    let home = "
menu: home
screens:
  top:
    choose: Order?
    options: {one: One, asked: Asked, other: {label: Other, go: shop}}
  one: {set: {a: 1}, next: fork}
  fork:
    branch:
      - {if: a = 2, go: end}
      - {go: order}
  asked: {choose: Sure?, options: {order: Yes, end: No}}
  order: {call: shop.order, give: {mobile: caller}, next: end}
  end: {end: \"1\"}
";
    let shop = "menu: shop\nscreens:\n  top: {run: ordered, next: home}\n";
    let ordered = "menu: ordered\nscreens:\n  top: {call: shop.order, give: {mobile: caller}, next: return}\n";
    let files = [("home.yaml", home), ("s.yaml", shop), ("o.yaml", ordered), ("departments/shop.yaml", SHOP)];
    let program = program(&files);
    let changes = |name: &str| {
        let Verb::Choose(Choose { among: Among::Options(options), .. }) = &screen(&program, "home", name).verb else {
            panic!("options")
        };
        options.iter().map(|option| option.changes).collect::<Vec<_>>()
    };
    assert_eq!(changes("top"), [true, false, true]);
    assert_eq!(changes("asked"), [true, false]);
}

#[test]
fn what_changes_something_is_found_behind_the_return_of_a_menu() {
    let home = "
menu: home
screens:
  top: {choose: Go?, options: {asks: Ask, silent: Silent}}
  asks: {run: sure, next: order}
  silent: {run: listed, next: order}
  order: {call: shop.order, give: {mobile: caller}, next: end}
  end: {end: \"1\"}
";
    let sure = "menu: sure\nscreens:\n  top: {choose: Sure?, options: {book: {label: Book it now, go: return}, end: No}}\n  end: {end: \"1\"}\n";
    let listed = "
menu: listed
screens:
  top: {choose: Which?, from: towns, as: town, row: \"{{ town.name }}\", none: return, next: return}
";
    let files = [
        ("home.yaml", home),
        ("sure.yaml", sure),
        ("listed.yaml", listed),
        ("tables/towns.csv", "name\nPune\n"),
        ("departments/shop.yaml", SHOP),
    ];
    let program = program(&files);
    let changes = |menu: &str| {
        let options = screen(&program, menu, "top").verb.options();
        options.iter().map(|option| option.changes).collect::<Vec<_>>()
    };
    // Somebody is asked before `sure` returns; an empty list would let `listed` return by itself.
    assert_eq!(changes("home"), [false, true]);
    assert_eq!(changes("sure"), [true, false]);
    let Verb::Choose(Choose { among: Among::List { changes, .. }, .. }) = &screen(&program, "listed", "top").verb
    else {
        panic!("a list")
    };
    assert!(changes);
}

#[test]
fn personal_values_are_followed_through_slots_lists_menus_and_the_profile() {
    let home = "
menu: home
screens:
  member: {call: shop.member, give: {mobile: caller}, into: member, next: copy}
  copy: {set: {name: member.name, town: member.town, profile.note: name}, next: name}
  name: {show: \"{{ name }}\", next: town}
  town: {show: \"{{ town }}\", next: orders}
  orders: {show: Orders, each: member.orders, as: order, row: \"{{ order.number }}\", next: kept}
  kept: {show: \"{{ profile.note }}\", next: run}
  run: {run: echo, give: {word: member.name}, into: echo, next: echoed}
  echoed: {end: \"{{ echo.word }}\"}
";
    let echo = "menu: echo\ntakes: {word: text 30}\ngives: {word: text 30}\nscreens:\n  top: {show: \"{{ word }}\", next: return}\n";
    let program = program(&[("home.yaml", home), ("echo.yaml", echo), ("departments/shop.yaml", SHOP)]);
    let personal: Vec<&str> = menu(&program, "home")
        .screens
        .iter()
        .filter(|screen| screen.personal)
        .map(|screen| screen.name.as_str())
        .collect();
    assert_eq!(personal, ["name", "orders", "kept", "echoed"]);
    assert!(screen(&program, "echo", "top").personal);
}

#[test]
fn what_was_answered_to_a_secret_is_followed_on_the_same_ways() {
    let office = r#"
department: office
operations:
  open:
    post: /open
    json: {pin: "{{ pin }}"}
    answer:
      word: {from: /word, text: 9}
      rows: {list: /rows, at_most: 3, of: {name: {from: /name, text: 9}}}
  look: {post: /look, json: {pin: "{{ pin }}"}, answer: {word: {from: /word, text: 9}}}
"#;
    let home = "
menu: home
screens:
  number: {ask: Number, accept: {digits: 4}, into: number, next: look}
  look: {call: office.look, give: {pin: number}, into: plain, next: plain}
  plain: {show: \"{{ plain.word }}\", next: pin}
  pin: {ask: PIN, accept: {digits: 4}, secret: yes, into: pin, next: open}
  open: {call: office.open, give: {pin: pin}, into: found, next: copy}
  copy: {set: {word: found.word, profile.note: found.word}, next: word}
  word: {show: \"{{ word }}\", next: rows}
  rows: {show: Rows, each: found.rows, as: row, row: \"{{ row.name }}\", next: run}
  run: {run: echo, give: {word: found.word}, into: echo, next: echoed}
  echoed: {show: \"{{ echo.word }}\", next: kept}
  kept: {show: \"{{ profile.note }}\", next: other}
  other: {end: \"{{ number }}\"}
";
    let echo = "menu: echo\ntakes: {word: text 30}\ngives: {word: text 30}\nscreens:\n  top: {show: \"{{ word }}\", next: return}\n";
    let program = program(&[("home.yaml", home), ("echo.yaml", echo), ("departments/office.yaml", office)]);
    let screens = &menu(&program, "home").screens;
    let guarded = screens.iter().filter(|screen| screen.guarded).map(|screen| screen.name.as_str());
    assert_eq!(guarded.collect::<Vec<_>>(), ["word", "rows", "echoed"]);
    assert!(screen(&program, "echo", "top").guarded);
    assert!(screens.iter().all(|screen| !screen.personal), "who may see it is another question");
}

#[test]
fn options_lead_to_their_own_go_then_to_next_then_to_their_id() {
    let home = "
menu: home
screens:
  one: {choose: One, options: {a: A, b: {label: B, go: b}}, into: kind, next: end}
  two: {choose: Two, options: {b: B, home: H, back: Z}}
  b: {show: \"{{ kind }}\", next: end}
  end: {end: \"1\"}
";
    let program = program(&[("home.yaml", home)]);
    let targets = |name: &str| {
        let Verb::Choose(Choose { among: Among::Options(options), .. }) = &screen(&program, "home", name).verb else {
            panic!("options")
        };
        options.iter().map(|option| option.go).collect::<Vec<_>>()
    };
    assert_eq!(targets("one"), [Target::Screen(ScreenId(3)), Target::Screen(ScreenId(2))]);
    assert_eq!(targets("two"), [Target::Screen(ScreenId(2)), Target::Home, Target::Back]);
    let kind = &menu(&program, "home").slots[0];
    assert_eq!((kind.name.as_str(), &kind.ty), ("kind", &Type::Text { max: 1, letters: Letters::Latin }));
}

#[test]
fn an_answer_may_be_a_list_and_an_item_a_value() {
    let shop = "department: shop\noperations:\n  towns:\n    get: /towns\n    answer:\n      all: {list: \"\", at_most: 5, \
                of: {name: {from: \"\", text: 20}}}\n";
    let home = "menu: home\nscreens:\n  top: {end: \"1\"}\n";
    let program = program(&[("home.yaml", home), ("departments/shop.yaml", shop)]);
    let all = &program.operations[0].answer[0];
    assert_eq!((all.from.0.len(), all.of[0].from.0.len()), (0, 0));
    // Nothing at all is still nothing.
    let nothing = shop.replace("list: \"\"", "list: ");
    assert!(codes_of(&[("home.yaml", home), ("departments/shop.yaml", &nothing)]).contains(&codes::EMPTY));
}

#[test]
fn an_empty_folder_is_neither_a_program_nor_a_finding() {
    let (program, findings) = compile(&Files::default());
    assert!(program.is_none() && findings.is_empty());
}
