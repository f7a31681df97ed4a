//! One slip of the finger.

/// Whether two texts differ by one letter too many, missing, other or by two neighbours that changed places: a
/// Damerau-Levenshtein distance of one.
pub fn one_slip(left: &str, right: &str) -> bool {
    // Of most pairs one is far too long, however many bytes its letters have.
    if left.len().abs_diff(right.len()) > char::MAX_LEN_UTF8 {
        return false;
    }
    let (mut left, mut right) = (left.chars(), right.chars());
    // What is the same at both ends does not matter.
    while left.clone().next().is_some_and(|letter| right.clone().next() == Some(letter)) {
        left.next();
        right.next();
    }
    while left.clone().next_back().is_some_and(|letter| right.clone().next_back() == Some(letter)) {
        left.next_back();
        right.next_back();
    }
    // Two letters at most can be left of each.
    let first_of = |letters: &mut std::str::Chars<'_>| [letters.next(), letters.next(), letters.next()];
    match (first_of(&mut left), first_of(&mut right)) {
        ([_, None, None], [Some(_), None, None]) | ([Some(_), None, None], [None, ..]) => true,
        ([Some(first), second @ Some(_), None], [other_first, Some(other_second), None]) => {
            first == other_second && second == other_first
        }
        _ => false,
    }
}
