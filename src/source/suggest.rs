//! "Did you mean …?": the nearest of the names that exist.

/// Words longer than this are no slip of a name.
const LONGEST: usize = 48;

/// The candidate that is nearest to `word`, if it is near enough to be a slip: one edit in three letters.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let word: Vec<char> = word.to_lowercase().chars().collect();
    let allowed = (word.len() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| (distance(&word, &candidate.to_lowercase().chars().collect::<Vec<_>>()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        // Of two as near the first by letters: candidates may come in no order.
        .min()
        .map(|(_, candidate)| candidate)
}

/// What to do about an unknown word: the nearest known one, or all of them where they are few, or `otherwise`.
pub fn remedy<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    const FEW: usize = 12;
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() || known.len() > FEW => otherwise.to_owned(),
        None => format!("{otherwise}; known here: {}", list(&known)),
    }
}

/// `` `a`, `b`, `c` ``
pub fn list<S: AsRef<str>>(words: &[S]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    quoted.join(", ")
}

/// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, cb) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(ca != cb);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *ca == b[j - 1] && a[i - 1] == *cb {
                let swapped: &Vec<usize> = &before;
                best = best.min(swapped[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        let known = ["options", "next", "choose"];
        assert_eq!(nearest("optoins", known), Some("options"));
        assert_eq!(nearest("Next", known), Some("next"));
        assert_eq!(nearest("chose", known), Some("choose"));
        assert_eq!(nearest("title", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest("bat", ["hat", "cat"]), Some("cat"), "the same whatever the order");
    }

    #[test]
    fn without_a_near_one_the_few_known_are_told() {
        assert_eq!(remedy("xyz", ["into", "next"], "delete it"), "delete it; known here: `into`, `next`");
        assert_eq!(remedy("nxt", ["into", "next"], "delete it"), "did you mean `next`?");
    }
}
