use super::*;
use crate::source::Files;

/// A condition written back with all its parentheses, or the finding and what it points at.
fn read(text: &str) -> String {
    let mut files = Files::default();
    let file = files.add("a.yaml", text);
    let scalar =
        Spanned { value: text.to_owned(), span: Span { file, start: 0, end: u32::try_from(text.len()).unwrap_or(0) } };
    let mut cx = Context::new(&files);
    if let Some(tree) = condition(&scalar, &mut cx) {
        return written(&tree);
    }
    let finding = cx.findings.remove(0);
    format!("{} at {}..{}", finding.message, finding.span.start, finding.span.end)
}

fn written(tree: &ConditionTree) -> String {
    let value = |expression: &Expression| match expression {
        Expression::Path(path) => path.written(),
        Expression::Literal(literal) => format!("{:?}", literal.value),
    };
    let all = |parts: &[ConditionTree], word: &str| {
        format!("({})", parts.iter().map(written).collect::<Vec<_>>().join(&format!(" {word} ")))
    };
    match tree {
        ConditionTree::Compare(left, how, right) => format!("{} {how:?} {}", value(left), value(right)),
        ConditionTree::IsSet(path) => format!("{} is set", path.written()),
        ConditionTree::Holds(expression) => value(expression),
        ConditionTree::Not(inner) => format!("not {}", written(inner)),
        ConditionTree::And(parts) => all(parts, "and"),
        ConditionTree::Or(parts) => all(parts, "or"),
    }
}

#[test]
fn and_binds_tighter_than_or() {
    assert_eq!(read("a or b and not c"), "(a or (b and not c))");
    assert_eq!(read("(a or b) and c"), "((a or b) and c)");
}

#[test]
fn values_are_paths_texts_numbers_and_yes_or_no() {
    assert_eq!(read("claim.kind = \"Form 31\""), "claim.kind Equal Text(\"Form 31\")");
    assert_eq!(read("a<=-12.50"), "a AtMost Number(\"-12.50\")");
    assert_eq!(read("a != yes"), "a NotEqual YesNo(true)");
    assert_eq!(read("profile.district is set"), "profile.district is set");
}

#[test]
fn findings_point_at_the_word() {
    assert_eq!(read("a = "), "a name is missing at the end at 3..3");
    assert_eq!(read("a = = b"), "a name is expected here, not `=` at 4..5");
    assert_eq!(read("a == b"), "`==` is not known here at 2..4");
    assert_eq!(read("a = \"b"), "a text without its closing quote at 4..6");
    assert_eq!(read("a = 'b'"), "`'` is not known here at 4..5");
    assert_eq!(read("a b"), "the end is expected here, not `b` at 2..3");
    assert_eq!(read("a is not set"), "`set` is expected here, not `not` at 5..8");
}

#[test]
fn nesting_ends() {
    assert!(read(&"(".repeat(100_000)).starts_with("a condition that nests less"));
    assert!(read(&"not ".repeat(100_000)).starts_with("a condition that nests less"));
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".{0,60}") {
        read(&text);
    }
}
