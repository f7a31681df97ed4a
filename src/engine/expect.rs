//! What an answer may be, and should have been, in words of the bridge.

use crate::menu::{Accept, SystemText, Value, Verb};

/// The options that the bridge itself draws on a screen, numbered from 1, so that nobody has to guess how to answer it.
/// Reading the answer does not need them: yes and no are known by more words, and any answer goes on from a `show`.
pub(crate) fn own_options(verb: &Verb) -> &'static [SystemText] {
    match verb {
        Verb::Ask(ask) if matches!(ask.accept, Accept::YesNo) => &[SystemText::Yes, SystemText::No],
        Verb::Show(show) if show.options.is_empty() => &[SystemText::Continue],
        Verb::Verify(_) => &[SystemText::OtpAgain],
        _ => &[],
    }
}

/// The bridge's text for a kind of `accept`, and the values of its names in their order.
pub(crate) fn of(accept: &Accept) -> (SystemText, Vec<Value>) {
    let count = |count: u16| Value::Number(count.into());
    match accept {
        Accept::Digits { min, max } if min == max => (SystemText::ExpectDigits, vec![count(*max)]),
        Accept::Digits { min, max } => (SystemText::ExpectDigitsBetween, vec![count(*min), count(*max)]),
        Accept::Number { min, max } => (SystemText::ExpectNumber, vec![Value::Number(*min), Value::Number(*max)]),
        Accept::Amount { min, max } => (SystemText::ExpectAmount, vec![Value::Amount(*min), Value::Amount(*max)]),
        Accept::Text { max } => (SystemText::ExpectText, vec![count(*max)]),
        Accept::Date => (SystemText::ExpectDate, Vec::new()),
        Accept::Phone => (SystemText::ExpectPhone, Vec::new()),
        Accept::Pattern { .. } => (SystemText::ExpectPattern, Vec::new()),
        Accept::OneOf(values) => (SystemText::ExpectOneOf, vec![Value::Text(values.join(", "))]),
        // Both stand below the question as options.
        Accept::YesNo => (SystemText::WrongOption, vec![numbers([1, 2].into_iter())]),
    }
}

/// Ascending numbers, those in a row together: `1-4, 9`.
pub(crate) fn numbers(numbers: impl Iterator<Item = u16>) -> Value {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let run = |(first, last): (u16, u16)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first}-{last}"),
    };
    Value::Text(runs.into_iter().map(run).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_a_row_are_one_range() {
        let written = |all: &[u16]| numbers(all.iter().copied());
        assert_eq!(written(&[1, 2, 3, 4]), Value::Text("1-4".into()));
        assert_eq!(written(&[1, 2, 4, 5, 6, 90]), Value::Text("1, 2, 4-6, 90".into()));
        assert_eq!(written(&[]), Value::Text(String::new()));
    }
}
