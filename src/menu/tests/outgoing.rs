//! Verbs by which an SMS goes out, and what the bridge itself can be asked.

use super::*;

const MESSAGES: (&str, &str) = (
    "messages/shop.yaml",
    "header: SHOPPP
kind: service
messages:
  bridge.otp: {texts: {en: '{{ code }}', hi: '{{ code }}', ta: '{{ code }}'}}
  bridge.late_failed: {texts: {en: '{{ receipt }}', hi: '{{ receipt }}', ta: '{{ receipt }}'}}
  told: {takes: {town: alphanumeric 20, name: alphanumeric 20}, texts: {en: '{{ name }} {{ town }}', hi: '{{ name }} {{ town }}', ta: '{{ name }} {{ town }}'}}
  number: {takes: {number: numeric 6, under: alphanumeric 12}, texts: {en: '{{ number }} {{ under }}', hi: '{{ number }} {{ under }}', ta: '{{ number }} {{ under }}'}}
",
);

const MEMBER: &str = "  top: {call: shop.member, give: {mobile: caller}, into: member, next: next}\n";

fn with(screens: &str) -> Program {
    let home = format!("menu: home\nscreens:\n{screens}");
    program(&[("home.yaml", &home), ("departments/shop.yaml", SHOP), MESSAGES])
}

/// Codes and messages of the errors.
fn errors(screens: &str) -> Vec<String> {
    let home = format!("menu: home\nscreens:\n{screens}");
    let (_, findings) = compile(&folder(&[("home.yaml", &home), ("departments/shop.yaml", SHOP), MESSAGES]));
    let errors = findings.into_iter().filter(Diagnostic::is_error);
    errors.map(|finding| format!("{} {}", finding.code, finding.message)).collect()
}

#[test]
fn a_message_gets_its_values_in_its_own_order() {
    let program = with(&format!(
        "{MEMBER}  next: {{send: told, give: {{name: member.name, town: member.town}}, next: bye}}\n  bye: {{end: '1'}}\n"
    ));
    let Verb::Send(send) = &screen(&program, "home", "next").verb else { panic!("a send") };
    assert_eq!(program.message(send.what.message).name, "told");
    let fields = |give: &Operand| if let Operand::Path(path) = give { path.fields.clone() } else { Vec::new() };
    let taken: Vec<Vec<u16>> = send.what.give.iter().map(fields).collect();
    assert_eq!(taken, [[1], [0]], "town is the second field");
    assert!(send.to.is_none());
}

#[test]
fn what_a_message_cannot_take_is_refused() {
    let send = |send: &str| errors(&format!("{MEMBER}  next: {{{send}, next: bye}}\n  bye: {{end: '1'}}\n"));
    assert_eq!(send("send: tolt, give: {}"), ["M038 there is no message `tolt`", "M004 `give` is empty"]);
    assert_eq!(send("send: told"), ["M046 `told` needs `town`, `name`"]);
    let given = "send: told, give: {name: member.name, town: member.town";
    assert_eq!(send(&format!("{given}, extra: caller}}")), ["M046 `told` takes no `extra`"]);
    assert_eq!(
        send("send: told, give: {name: member.name, town: member.orders}"),
        ["M042 a value of at most 20 Latin letters is wanted here; a list may not fit"]
    );
    assert_eq!(
        send("send: number, give: {number: member.name, under: receipt}"),
        [
            "M042 a number, an amount or digits, of at most 6 characters is wanted here; a text of at most 20 Latin letters may not fit"
        ]
    );
    assert_eq!(
        send(&format!("{given}}}, to: member.name")),
        ["M042 a text of at most 15 digits is wanted here; a text of at most 20 Latin letters may not fit"]
    );
    assert_eq!(
        send("send: told, give: {name: '{{ member.name }}', town: member.town}"),
        ["M020 `{{ member.name }}` would be taken as it stands: only texts have braces"]
    );
    let call =
        "  top: {call: shop.member, give: {mobile: '\"{{ caller }}\"'}, into: member, next: bye}\n  bye: {end: '1'}\n";
    assert_eq!(errors(call), ["M020 `\"{{ caller }}\"` would be taken as it stands: only texts have braces"]);
    assert_eq!(send("send: bridge.otp, give: {code: caller}"), ["M008 `bridge.otp` is sent by the bridge itself"]);
    let secret = "  top: {ask: PIN, accept: {digits: 4}, secret: yes, into: pin, next: next}\n";
    let screens = format!(
        "{secret}  next: {{send: number, give: {{number: pin, under: receipt}}, next: bye}}\n  bye: {{end: '1'}}\n"
    );
    assert_eq!(errors(&screens), ["M049 `pin` is a secret"]);
}

#[test]
fn what_tells_an_answer_later_is_filled_by_name_or_as_it_says() {
    let late = |into: &str, late: &str| {
        format!(
            "  top: {{call: shop.member, give: {{mobile: caller}}, {into}next: bye, late: {late}}}\n  bye: {{end: '1'}}\n"
        )
    };
    let program = with(&late("into: member, ", "{answer: told, failed: bridge.late_failed}"));
    let Verb::Call(call) = &screen(&program, "home", "top").verb else { panic!("a call") };
    let late_of = call.late.as_ref().expect("it is told later");
    let names = [&late_of.answer, &late_of.failed].map(|of| program.message(of.message).name.as_str());
    assert_eq!(names, ["told", "bridge.late_failed"]);
    assert!(matches!(&late_of.answer.give[0], Operand::Path(path) if path.fields == [1]), "town");
    assert!(matches!(&late_of.failed.give[0], Operand::Path(path) if path.root == Root::Receipt));

    let said = "{answer: {send: told, give: {name: member.town, town: '\"x\"'}}, failed: {send: bridge.late_failed, give: {receipt: receipt}}}";
    let program = with(&late("into: member, ", said));
    let Verb::Call(call) = &screen(&program, "home", "top").verb else { panic!("a call") };
    assert!(matches!(&call.late.as_ref().expect("late").answer.give[0], Operand::Literal(_)));

    assert_eq!(
        errors(&late("", "{answer: told, failed: bridge.late_failed}")),
        ["M046 `told` needs `town`", "M046 `told` needs `name`"]
    );
    assert_eq!(
        errors(&late("into: member, ", "{answer: number, failed: told}")),
        [
            "M046 `number` needs `number`",
            "M046 `number` needs `under`",
            "M046 `told` needs `town`",
            "M046 `told` needs `name`"
        ]
    );
    assert_eq!(errors(&late("", "{answer: bridge.late_failed, failed: bridge.late_failed}")).len(), 1);
    assert_eq!(errors(&late("into: member, ", "{answer: told}")), ["M002 `late` needs `failed`"]);
    assert_eq!(errors(&late("into: member, ", "told")), ["M003 `late` names two messages, not one"]);
}

#[test]
fn a_verify_has_tries_a_lock_and_ways_to_fail() {
    let program = with("  top: {verify: otp, next: bye, fails: {wrong: bye}}\n  bye: {end: '1'}\n");
    let Verb::Verify(verify) = &screen(&program, "home", "top").verb else { panic!("a verify") };
    assert_eq!((verify.tries, verify.lock.as_secs()), (3, 24 * 3600));
    assert_eq!((verify.expired, verify.unsent), (Target::Sorry, Target::Sorry));
    let program = with(
        "  top: {verify: otp, tries: 5, lock: 1h, next: bye, fails: {wrong: bye, expired: top, unsent: bye}}\n  bye: {end: '1'}\n",
    );
    let Verb::Verify(verify) = &screen(&program, "home", "top").verb else { panic!("a verify") };
    assert_eq!((verify.tries, verify.lock.as_secs()), (5, 3600));
    assert_eq!((verify.expired, verify.unsent), (Target::Screen(ScreenId(0)), Target::Screen(ScreenId(1))));
    let verify = |with: &str| errors(&format!("  top: {{{with}}}\n  bye: {{end: '1'}}\n"));
    assert_eq!(verify("verify: otp, next: bye"), ["M002 a screen needs `fails`"]);
    assert_eq!(
        verify("verify: otp, next: bye, fails: {expired: bye}"),
        ["M002 a `verify` needs a screen for the last wrong try"]
    );
    assert_eq!(
        verify("verify: otp, next: bye, fails: {wrong: bye, late: bye}"),
        ["M035 a `verify` cannot fail by `late`"]
    );
    assert_eq!(verify("verify: pin, next: bye, fails: {wrong: bye}"), ["M005 `pin` is not known in this version"]);
    assert_eq!(verify("verify: face, next: bye, fails: {wrong: bye}"), ["M008 nobody is verified by `face`"]);
    assert_eq!(verify("verify: otp, save: yes, next: bye, fails: {wrong: bye}").len(), 1);
    assert_eq!(verify("verify: otp, lock: 8d, tries: 0, next: bye, fails: {wrong: bye}").len(), 2);
}

#[test]
fn one_time_passwords_need_a_message() {
    let home = "menu: home\nscreens:\n  top: {verify: otp, next: bye, fails: {wrong: bye}}\n  bye: {end: '1'}\n";
    let findings = compile(&folder(&[("home.yaml", home)])).1;
    let errors: Vec<&str> = findings.iter().filter(|finding| finding.is_error()).map(|finding| finding.code).collect();
    assert_eq!(errors, ["M038"], "{findings:?}");
}

#[test]
fn the_bridge_is_asked_like_a_department() {
    let requests = "  top: {call: gramsetu.requests, into: mine, next: list}
  list: {choose: Yours, from: mine.requests, as: one, row: '{{ one.title }} {{ one.at | date }}', none: bye, next: one}
  one: {call: gramsetu.request, give: {receipt: one.receipt}, into: told, next: bye, fails: {not_found: bye}}
  bye: {end: '{{ told.state }}'}
";
    let program = with(requests);
    let asked: Vec<Option<Own>> = ["top", "one"]
        .iter()
        .map(|name| match &screen(&program, "home", name).verb {
            Verb::Call(call) => Own::of(&program, call.operation),
            _ => None,
        })
        .collect();
    assert_eq!(asked, [Some(Own::Requests), Some(Own::Request)]);
    let names: Vec<&str> = program.called_departments().map(|department| department.name.as_str()).collect();
    assert_eq!(names, ["shop"], "nobody else is asked");
    assert_eq!(program.departments.len(), 2);
    assert_eq!(Own::of(&program, OperationId(0)), None);
    // Where no menu asks it, it is not there, and no number of an operation depends on it.
    let without = with("  top: {end: '1'}\n");
    assert_eq!(without.departments.len(), 1);

    let called = |call: &str| errors(&format!("  top: {{call: {call}, next: bye}}\n  bye: {{end: '1'}}\n"));
    assert_eq!(called("gramsetu.request"), ["M046 `gramsetu.request` needs `receipt`"]);
    assert_eq!(called("gramsetu.reqests"), ["M033 there is no operation `gramsetu.reqests`"]);
    assert_eq!(
        called("gramsetu.requests, into: all, late: {answer: bridge.late_failed, failed: bridge.late_failed}"),
        ["M010 the bridge itself is not late"]
    );
    let own = ("departments/gramsetu.yaml", "department: gramsetu\noperations: {requests: {get: /requests}}\n");
    let home = ("home.yaml", "menu: home\nscreens: {top: {end: '1'}}\n");
    assert!(codes_of(&[home, own]).contains(&"M006"));
}
