//! Writing texts into a YAML file that somebody else wrote: what is not named stays as it is, byte for byte.
//!
//! One text after the other is put where the reader finds its place, and at the end the file is read again: unless exactly
//! the wanted texts have changed, nothing is handed out.

use std::collections::BTreeMap;

use crate::source::{self, Entry, Files, Node, Span};

/// The keys that lead to a text: `screens`, `top`, `show`.
pub(super) type Keys = Vec<String>;

/// Puts texts into a file of maps: in the place of those that are there, else as new entries. `order` has the keys of all
/// texts in the order in which they should stand. `None` where the file cannot take one of them as it is laid out.
pub(super) fn put(text: &str, texts: &[(Keys, String)], order: &[Keys]) -> Option<String> {
    let mut wanted = leaves(text)?;
    let mut edited = text.to_owned();
    for (keys, value) in texts {
        edited = put_one(&edited, keys, value, order)?;
        wanted.insert(keys.clone(), value.trim().to_owned());
    }
    (leaves(&edited)? == wanted).then_some(edited)
}

fn parsed(text: &str) -> Option<Node> {
    let mut files = Files::default();
    let file = files.add("edited", text);
    source::read(&files, file).ok()
}

/// Every text of a file of maps, without white space around it.
fn leaves(text: &str) -> Option<BTreeMap<Keys, String>> {
    fn collect(node: &Node, at: &mut Keys, all: &mut BTreeMap<Keys, String>) -> Option<()> {
        match node {
            Node::Text(text) => {
                all.insert(at.clone(), text.value.trim().to_owned());
            }
            Node::List(..) => return None,
            Node::Map(entries, _) => {
                for entry in entries {
                    at.push(entry.key.value.clone());
                    collect(&entry.value, at, all)?;
                    at.pop();
                }
            }
        }
        Some(())
    }
    let mut all = BTreeMap::new();
    collect(&parsed(text)?, &mut Vec::new(), &mut all)?;
    Some(all)
}

fn put_one(text: &str, keys: &[String], value: &str, order: &[Keys]) -> Option<String> {
    let root = parsed(text)?;
    let file = Layout { text, eol: if text.contains("\r\n") { "\r\n" } else { "\n" } };
    let Node::Map(mut entries, mut span) = root else { return None };
    let mut in_braces = false;
    let mut at = 0;
    loop {
        in_braces |= file.slice(span.start, span.end)?.starts_with('{');
        let Some(found) = entries.iter().position(|entry| Some(&entry.key.value) == keys.get(at)) else {
            return file.insert(&entries, span, in_braces, keys.split_at_checked(at)?, value, order);
        };
        let entry = entries.swap_remove(found);
        at += 1;
        if at == keys.len() {
            return file.replace(&entry, in_braces, value);
        }
        match entry.value {
            Node::Map(inner, inner_span) => (entries, span) = (inner, inner_span),
            Node::Text(_) | Node::List(..) => return None,
        }
    }
}

/// A file's text, and how its lines end.
struct Layout<'a> {
    text: &'a str,
    eol: &'static str,
}

impl Layout<'_> {
    fn slice(&self, start: u32, end: u32) -> Option<&str> {
        self.text.get(start as usize..end as usize)
    }

    fn with(&self, start: u32, end: u32, new: &str) -> Option<String> {
        let (before, after) = (self.text.get(..start as usize)?, self.text.get(end as usize..)?);
        Some(format!("{before}{}{after}", new.replace('\n', self.eol)))
    }

    /// How far a place is indented; `None` where something else than spaces stands before it.
    fn indent(&self, at: u32) -> Option<usize> {
        let before = self.text.get(..at as usize)?.rsplit('\n').next()?.trim_start_matches('\u{feff}');
        before.bytes().all(|byte| byte == b' ').then_some(before.len())
    }

    /// Puts another value in the place of one, in the same style where that can hold it.
    fn replace(&self, entry: &Entry, in_braces: bool, value: &str) -> Option<String> {
        let Node::Text(old) = &entry.value else { return None };
        let (key_end, span) = (entry.key.span.end, old.span);
        let between = self.slice(key_end, span.start)?;
        let head = between.trim_start_matches([':', ' ']);
        if head.starts_with(['|', '>']) && between.contains('\n') {
            let mark = head.split_whitespace().next()?;
            return match (mark, self.indent(span.start)) {
                ("|" | "|-" | "|+", Some(indent)) => {
                    self.with(span.start, span.end, block(value, indent).trim_start_matches(' '))
                }
                // Folded lines would lose their ends.
                _ => self.with(
                    key_end,
                    span.end,
                    &format!(": |\n{}", block(value, self.indent(entry.key.span.start)? + 2)),
                ),
            };
        }
        let quoted = self.slice(span.start, span.end)?.starts_with(['"', '\'']);
        let rest_of_line = self.text.get(span.end as usize..)?.lines().next().unwrap_or_default();
        if value.contains('\n') && !in_braces && rest_of_line.trim().is_empty() {
            let indent = self.indent(entry.key.span.start)? + 2;
            return self.with(key_end, span.end, &format!(": |\n{}", block(value, indent)));
        }
        self.with(span.start, span.end, &if quoted { in_quotes(value) } else { on_a_line(value, in_braces) })
    }

    /// Puts in an entry that is not there, behind the one that should stand before it. `keys` are those that lead to this
    /// map, and those that are missing.
    fn insert(
        &self,
        entries: &[Entry],
        map: Span,
        in_braces: bool,
        (above, missing): (&[String], &[String]),
        value: &str,
        order: &[Keys],
    ) -> Option<String> {
        let rank = |key: &str| {
            let is_here = |keys: &&Keys| keys.starts_with(above) && keys.get(above.len()).is_some_and(|k| k == key);
            order.iter().position(|keys| is_here(&keys))
        };
        let own = rank(missing.first()?)?;
        let ranked = entries.iter().filter_map(|entry| Some((rank(&entry.key.value)?, entry)));
        let before = ranked.filter(|(rank, _)| *rank < own).max_by_key(|(rank, _)| *rank).map(|(_, entry)| entry);
        if in_braces {
            let new = missing
                .iter()
                .rev()
                .skip(1)
                .fold(format!("{}: {}", missing.last()?, on_a_line(value, true)), |inner, key| {
                    format!("{key}: {{{inner}}}")
                });
            return match (before, entries.first()) {
                (Some(entry), _) => self.with(end(entry), end(entry), &format!(", {new}")),
                (None, Some(first)) => self.with(first.key.span.start, first.key.span.start, &format!("{new}, ")),
                (None, None) => self.with(map.start + 1, map.start + 1, &new),
            };
        }
        let indent = self.indent(entries.first()?.key.span.start)?;
        let new = lines(missing, value, indent)?;
        let Some(entry) = before else {
            let start = entries.first()?.key.span.start - u32::try_from(indent).ok()?;
            return self.with(start, start, &new);
        };
        let after = self.text.get(end(entry) as usize..)?;
        let line_end = end(entry) + u32::try_from(after.find('\n').unwrap_or(after.len())).ok()?;
        let cr = u32::from(self.text.get(..line_end as usize)?.ends_with('\r'));
        // Blocks of their own stand apart.
        let gap = if above.is_empty() && missing.len() > 1 { "\n" } else { "" };
        self.with(line_end - cr, line_end - cr, &format!("\n{gap}{}", new.trim_end_matches('\n')))
    }
}

/// Where an entry ends. The reader puts the empty value of `key:` at whatever follows it.
fn end(entry: &Entry) -> u32 {
    match &entry.value {
        Node::Text(text) if text.value.is_empty() && text.span.start == text.span.end => entry.key.span.end,
        value => value.span().end.max(entry.key.span.end),
    }
}

/// Keys below each other, the last with its value.
fn lines(keys: &[String], value: &str, indent: usize) -> Option<String> {
    let (last, above) = keys.split_last()?;
    let step = |(depth, key): (usize, &String)| format!("{:1$}{key}:\n", "", indent + 2 * depth);
    let above_all: Vec<String> = above.iter().enumerate().map(step).collect();
    let indent = indent + 2 * above.len();
    let value = if value.contains('\n') { format!("|\n{}", block(value, indent + 2)) } else { on_a_line(value, false) };
    Some(format!("{}{:indent$}{last}: {value}\n", above_all.concat(), ""))
}

/// The lines of a block scalar, without the last line's end.
fn block(value: &str, indent: usize) -> String {
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{:indent$}{line}", "") };
    value.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Bare where it begins like a text and is read as what it is, otherwise in quotes.
fn on_a_line(value: &str, in_braces: bool) -> String {
    let bare = if in_braces { format!("{{key: {value}}}") } else { format!("key: {value}\n") };
    let is_read = || match parsed(&bare) {
        Some(Node::Map(entries, _)) => {
            matches!(entries.as_slice(), [entry] if matches!(&entry.value, Node::Text(text) if text.value == value))
        }
        _ => false,
    };
    let begins_as_text = value.chars().next().is_some_and(char::is_alphanumeric);
    if begins_as_text && is_read() { value.to_owned() } else { in_quotes(value) }
}

fn in_quotes(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn keys(path: &str) -> Keys {
        path.split('/').map(str::to_owned).collect()
    }

    fn order() -> Vec<Keys> {
        [
            "menu",
            "language",
            "title",
            "screens/a/show",
            "screens/a/options/x",
            "screens/a/options/y",
            "screens/b/end",
            "of/a",
            "of/b",
        ]
        .map(keys)
        .to_vec()
    }

    fn edited(text: &str, texts: &[(&str, &str)]) -> Option<String> {
        let texts: Vec<_> = texts.iter().map(|(path, value)| (keys(path), (*value).to_owned())).collect();
        put(text, &texts, &order())
    }

    const FILE: &str = "# by hand\nmenu: m  \nlanguage: hi\n\nscreens:\n  # first\n  a:\n    show: |  # seen\n      one\n      two\n    \
                        options: {y: 'Y'}\n\n# last\nof:\n  b: 12 \n";

    #[test]
    fn only_what_is_named_changes() {
        let new = edited(FILE, &[("screens/a/show", "eins\n\n  zwei"), ("screens/a/options/y", "It's \"Y\"")]);
        let wanted = FILE.replace("one\n      two", "eins\n\n        zwei").replace("'Y'", "\"It's \\\"Y\\\"\"");
        assert_eq!(new.as_deref(), Some(wanted.as_str()));
        assert_eq!(edited(FILE, &[]).as_deref(), Some(FILE));
    }

    #[test]
    fn what_yaml_would_take_for_a_mark_of_its_own_stands_in_quotes() {
        for value in ["a  -", "a, b", "a]"] {
            assert_eq!(on_a_line(value, true), format!("\"{value}\""));
            assert_eq!(on_a_line(value, false), value);
        }
        for value in ["- a", "a: b", "a #b", "@a", "~", ""] {
            assert_eq!(on_a_line(value, false), format!("\"{value}\""), "{value}");
        }
    }

    #[test]
    fn what_is_missing_comes_where_it_belongs() {
        let new = edited(
            FILE,
            &[("title", "T: t"), ("screens/a/options/x", "X, x"), ("screens/b/end", "one\ntwo"), ("of/a", "34")],
        );
        let wanted = "# by hand\nmenu: m  \nlanguage: hi\ntitle: \"T: t\"\n\nscreens:\n  # first\n  a:\n    show: |  # seen\n      \
                      one\n      two\n    options: {x: \"X, x\", y: 'Y'}\n  b:\n    end: |\n      one\n      two\n\n# last\nof:\n  \
                      a: 34\n  b: 12 \n";
        assert_eq!(new.as_deref(), Some(wanted));
    }

    #[test]
    fn a_file_grows_from_its_head() {
        let new = edited("menu: m\nlanguage: hi", &[("screens/b/end", "ब"), ("screens/a/show", "अ"), ("of/b", "1")]);
        let wanted = "menu: m\nlanguage: hi\n\nscreens:\n  a:\n    show: अ\n  b:\n    end: ब\n\nof:\n  b: 1";
        assert_eq!(new.as_deref(), Some(wanted));
    }

    #[test]
    fn every_style_takes_every_text() {
        let styles = [
            "plain",
            "\"in \\\"quotes\"  # why",
            "'in quotes'",
            ">\n      folded\n      lines",
            "|-\n      kept",
            "|2\n      wide",
        ];
        for style in styles {
            for ends in ["\n", "\r\n"] {
                let file = format!("menu: m\nscreens:\n  b:\n    end: {style}\n  c: {{end: c}}\n").replace('\n', ends);
                for value in ["short", "a: b", "one\ntwo", "- x", "{{ a }}", "# x", "हाँ?", "\"", "\\"] {
                    let new = edited(&file, &[("screens/b/end", value)]).unwrap_or_else(|| panic!("{file}{value}"));
                    assert!(new.ends_with(&format!("\n  c: {{end: c}}{ends}")), "{new}");
                    assert_eq!(new.contains("# why"), style.contains("# why"), "{new}");
                    assert_eq!(new.matches('\n').count() == new.matches("\r\n").count(), ends == "\r\n", "{new}");
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_laid_out_is_left_alone() {
        assert_eq!(edited("menu: [a]\n", &[("title", "t")]), None);
        assert_eq!(edited("menu: m\nscreens:\n", &[("screens/a/show", "t")]), None);
        assert_eq!(edited("{menu: m}", &[("title", "t\tt")]), None);
    }

    proptest! {
        #[test]
        fn any_text_is_put_in_or_refused(value in "\\PC{1,20}(\n\\PC{1,10})?", again in "\\PC{1,20}") {
            let value = value.trim().to_owned();
            prop_assume!(!value.is_empty() && !value.contains(|c: char| c != '\n' && crate::text::is_unseen(c)));
            for path in ["screens/a/show", "screens/a/options/y", "screens/a/options/x", "screens/b/end"] {
                let new = put(FILE, &[(keys(path), value.clone())], &order());
                let new = new.ok_or_else(|| TestCaseError::fail(format!("{path}: {value:?}")))?;
                // Whatever stands there now can be replaced as well.
                let _ = put(&new, &[(keys(path), again.clone())], &order());
            }
        }
    }
}
