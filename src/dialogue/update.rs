//! Writing what the phone shows back into a transcript, so that a change of menus is reviewed as a diff.

use std::collections::BTreeMap;

use super::parse::MESSAGE;
use super::played::Exchange;

/// The file's text with the shown lines behind each of `exchanges` replaced by the whole of what the phone showed and by the messages
/// that came. What lines had captured keeps its name. Everything else stays byte for byte.
pub fn update(text: &str, exchanges: &[Exchange]) -> String {
    let by_line: BTreeMap<usize, &Exchange> = exchanges.iter().map(|exchange| (exchange.number, exchange)).collect();
    let mut out = String::with_capacity(text.len());
    let mut lines = (1..).zip(text.split_inclusive('\n')).peekable();
    while let Some((number, line)) = lines.next() {
        out.push_str(line);
        let Some(exchange) = by_line.get(&number) else { continue };
        let mut shown = Vec::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| line.starts_with('<') || line.starts_with(MESSAGE)) {
            shown.push(line);
        }
        // Without a page of its own, lines about the one before stay.
        let kept =
            if exchange.page.is_some() { 0 } else { shown.iter().take_while(|line| line.starts_with('<')).count() };
        shown.iter().take(kept).for_each(|line| out.push_str(line));
        if !out.ends_with('\n') {
            out.push('\n');
        }
        for line in written(exchange) {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

/// The lines that say what came of an exchange.
fn written(exchange: &Exchange) -> Vec<String> {
    let lines_of = |text: &str| -> Vec<String> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    };
    let page = exchange.page.as_deref().map(lines_of).unwrap_or_default();
    let mut lines: Vec<String> = page.iter().map(|line| format!("< {line}")).collect();
    for message in &exchange.messages {
        let begins = std::iter::once(MESSAGE).chain(std::iter::repeat("<"));
        lines.extend(lines_of(&message.text).iter().zip(begins).map(|(line, begin)| format!("{begin} {line}")));
    }
    for (name, word) in &exchange.names {
        if let Some((line, at)) = lines.iter_mut().find_map(|line| at_word(line, word).map(|at| (line, at))) {
            line.replace_range(at..at + word.len(), &format!("{{{name}}}"));
        }
    }
    lines
}

/// Where a word stands in a line by itself.
fn at_word(line: &str, word: &str) -> Option<usize> {
    let is_apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    line.match_indices(word).map(|(at, _)| at).find(|at| {
        is_apart(line.get(..*at).and_then(|before| before.chars().next_back()))
            && is_apart(line.get(at + word.len()..).and_then(|behind| behind.chars().next()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handset::aggregator::Arrived;

    fn messages(texts: &[&str]) -> Vec<Arrived> {
        let text = |text: &&str| Arrived {
            number: 1,
            id: String::new(),
            from: String::new(),
            text: (*text).to_owned(),
            at: String::new(),
        };
        texts.iter().map(text).collect()
    }

    fn page(number: usize, page: &str) -> Exchange {
        Exchange { number, page: Some(page.to_owned()), ..Exchange::default() }
    }

    #[test]
    fn shown_lines_are_replaced_and_nothing_else() {
        let text = "Title\n\ndial *123#\n< Old\n< Lines\n> 1\nwait 2s\n> 2\n< Kept\nend\n";
        let exchanges = [page(3, "New\n\n1. One\n"), page(6, "Page")];
        let expected = "Title\n\ndial *123#\n< New\n< 1. One\n> 1\n< Page\nwait 2s\n> 2\n< Kept\nend\n";
        assert_eq!(update(text, &exchanges), expected);
    }

    #[test]
    fn messages_are_written_behind_the_page_and_keep_what_was_captured() {
        let text =
            "T\n> 1\n< Enter the OTP\nsms: OTP {otp}\n> {otp}\n< Yes\nwait 1m\n< Yes\nsms: Old\n< more\nno sms\n";
        let names = vec![("otp".to_owned(), "012345".to_owned())];
        let otp =
            Exchange { messages: messages(&["012345 is your OTP.\nTell nobody."]), names, ..page(2, "Now the OTP") };
        let later = Exchange { number: 7, page: None, messages: messages(&["One", "Two"]), names: Vec::new() };
        let expected = "T\n> 1\n< Now the OTP\nsms: {otp} is your OTP.\n< Tell nobody.\n> {otp}\n< Yes\nwait 1m\n< Yes\nsms: One\n\
                        sms: Two\nno sms\n";
        assert_eq!(update(text, &[otp, page(5, "Yes"), later]), expected);
        let nothing = Exchange { number: 2, ..Exchange::default() };
        assert_eq!(update("T\nsms A to 1\nsms: Old\n< more\n", &[nothing]), "T\nsms A to 1\n");
    }

    #[test]
    fn only_whole_words_are_given_their_name_back() {
        assert_eq!(at_word("< 112 12", "12"), Some(6));
        assert_eq!(at_word("< 112", "12"), None);
        assert_eq!(at_word("< no. 12.", "12"), Some(6));
    }

    #[test]
    fn an_update_of_an_update_changes_nothing() {
        let exchanges = [Exchange { messages: messages(&["One\nTwo"]), ..page(2, "Menu\n1. One") }];
        let once = update("T\ndial *1#", &exchanges);
        assert_eq!(update(&once, &exchanges), once);
    }
}
