//! Writing what the phone shows back into a transcript, so that a change of menus is reviewed as a diff.

use std::collections::BTreeMap;

/// The file's text with the shown lines behind each of `exchanges` (line number, what the phone showed) replaced by the
/// whole of what it showed. Everything else stays byte for byte.
pub fn update(text: &str, exchanges: &[(usize, String)]) -> String {
    let by_line: BTreeMap<usize, &str> = exchanges.iter().map(|(number, shown)| (*number, shown.as_str())).collect();
    let mut out = String::with_capacity(text.len());
    let mut replacing = false;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if replacing && line.starts_with('<') {
            continue;
        }
        replacing = false;
        out.push_str(line);
        if let Some(shown) = by_line.get(&number) {
            replacing = true;
            if !line.ends_with('\n') {
                out.push('\n');
            }
            for shown in shown.lines().filter(|line| !line.trim().is_empty()) {
                out.push_str("< ");
                out.push_str(shown.trim());
                out.push('\n');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_lines_are_replaced_and_nothing_else() {
        let text = "Title\n\ndial *123#\n< Old\n< Lines\n> 1\nwait 2s\n> 2\n< Kept\nend\n";
        let exchanges = [(3, "New\n\n1. One\n".to_owned()), (6, "Page".to_owned())];
        let expected = "Title\n\ndial *123#\n< New\n< 1. One\n> 1\n< Page\nwait 2s\n> 2\n< Kept\nend\n";
        assert_eq!(update(text, &exchanges), expected);
    }

    #[test]
    fn an_update_of_an_update_changes_nothing() {
        let exchanges = [(2, "Menu\n1. One".to_owned())];
        let once = update("T\ndial *1#", &exchanges);
        assert_eq!(update(&once, &exchanges), once);
    }
}
