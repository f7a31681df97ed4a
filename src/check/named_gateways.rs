//! Gateways in findings. Those of which the same is to be said stand together, and of many only the first are named, so that a
//! finding stays a sentence however many profiles a program is proved on.

/// More names than this are cut short: nobody reads on.
const MOST: usize = 6;

/// `a, b, c`, or `a, b, c, d, e and 3 more`.
pub(super) fn names(names: &[&str]) -> String {
    match names.get(..MOST - 1) {
        Some(first) if names.len() > MOST => format!("{} and {} more", first.join(", "), names.len() - first.len()),
        _ => names.join(", "),
    }
}

/// What is said of each gateway, as one text: `show` puts what is the same before or after the names that share it.
pub(super) fn together<'n, K: PartialEq>(
    said: impl IntoIterator<Item = (K, &'n str)>,
    show: impl Fn(&K, String) -> String,
) -> String {
    let mut groups: Vec<(K, Vec<&str>)> = Vec::new();
    for (what, name) in said {
        match groups.iter_mut().find(|(same, _)| *same == what) {
            Some((_, names)) => names.push(name),
            None => groups.push((what, vec![name])),
        }
    }
    let shown: Vec<_> = groups.iter().map(|(what, group)| show(what, names(group))).collect();
    shown.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_the_same_stands_together_and_few_are_named() {
        let said = [(5, "a"), (4, "b"), (5, "c")];
        assert_eq!(together(said, |pages, names| format!("{pages} on {names}")), "5 on a, c; 4 on b");
        assert_eq!(names(&["a", "b", "c", "d", "e", "f"]), "a, b, c, d, e, f");
        assert_eq!(names(&["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d, e and 2 more");
        assert_eq!(names(&[]), "");
    }
}
