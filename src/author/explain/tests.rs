//! What is read out of an explanation.

use super::*;

const TEXT: &str = "# M099: It is wrong.\n\nWhy it matters.\n\n```diff home.yaml\n menu: home\n-a: 1\n+b: 2\n```\n\n\
                    ```diff new.yaml\n+menu: new\n```\n\n```text\nerror[M099]: no\n```\n";

#[test]
fn one_text_holds_the_wrong_and_the_mended_example() {
    let one = Explanation::new("M099", TEXT);
    let [home, new] = one.example()[..] else { panic!("two files") };
    assert_eq!(home.text(Form::Wrong).as_deref(), Some("menu: home\na: 1\n"));
    assert_eq!(home.text(Form::Mended).as_deref(), Some("menu: home\nb: 2\n"));
    assert_eq!((new.path, new.text(Form::Wrong)), ("new.yaml", None));
    assert_eq!(one.said(), Some("error[M099]: no\n"));
    insta::assert_snapshot!(one.page(), @r"
    M099: It is wrong.

    Why it matters.

      home.yaml

        menu: home
        a: 1

    `check` says:

        error[M099]: no

    Mended:

      home.yaml

        menu: home
        b: 2

      new.yaml

        menu: new
    ");
}

#[test]
fn codes_are_found_in_small_letters_and_unknown_ones_have_a_nearest() {
    assert_eq!(explanation(" m032").map(|found| found.code), Ok("M032"));
    let unknown = |code| explanation(code).map(|found| found.code).expect_err("there is no such code").to_string();
    assert_eq!(unknown("M132"), "there is no finding with the code `M132`; did you mean `M032`?");
    assert_eq!(unknown("E0001"), "there is no finding with the code `E0001`; `docs/diagnostics.md` lists all");
}
