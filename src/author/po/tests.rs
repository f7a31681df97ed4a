//! Reading what was written, and what other tools write.

use proptest::prelude::*;

use super::*;

fn entry(line: usize, context: &str, source: &str, translation: &str) -> Entry {
    Entry {
        line,
        context: Some(context.to_owned()),
        source: source.to_owned(),
        translation: translation.to_owned(),
        ..Entry::default()
    }
}

#[test]
fn what_other_tools_write_is_read() {
    let text = "\u{feff}# Hindi\n#, fuzzy\nmsgid \"\"\nmsgstr \"\"\n\"Language: hi\\n\"\n\
                \"Content-Type: text/plain; charset=UTF-8\\n\"\n\n#. note\n#: a.yaml:1\n#, fuzzy, no-wrap\n\
                #| msgid \"Old\"\nmsgctxt \"a/b.end\"\nmsgid \"One \"\n\"and two\"\nmsgstr \"\"\n\"\\340\\244\\205 \\\"x\\\"\\n\"\n\
                \"\\\\ \\t\\x41\"\nmsgctxt \"c\"\nmsgid \"d\"\nmsgstr \"\"\n\n#~| msgid \"older\"\n#~ msgid \"gone\"\n\
                #~ msgstr \"weg\"\n\nmsgid \"one\"\nmsgid_plural \"many\"\nmsgstr[0] \"eins\"\nmsgstr[1] \"viele\"\n\n# end\n";
    let po = read(text).expect("it is PO");
    assert_eq!(po.header("language"), Some("hi"));
    let gone = Entry { context: None, obsolete: true, ..entry(23, "", "gone", "weg") };
    let plural = Entry { context: None, plural: true, ..entry(26, "", "one", "eins") };
    let first = Entry { fuzzy: true, ..entry(12, "a/b.end", "One and two", "अ \"x\"\n\\ \tA") };
    assert_eq!(po.entries, [first, entry(18, "c", "d", ""), gone, plural]);
}

#[test]
fn what_is_no_po_is_refused_with_its_line() {
    let refused = |text: &str| read(text).expect_err("it is no PO");
    assert_eq!(refused("msgid \"a\"\nmsgstr b\n"), PoError::Line(2));
    assert_eq!(refused("\n\"a\"\n"), PoError::Line(2));
    assert_eq!(refused("msgid \"a\nmsgstr \"b\"\n"), PoError::Quotes(1));
    assert_eq!(refused("msgid \"a\"b\"\n"), PoError::Quotes(1));
    assert_eq!(refused("msgid \"\\q\"\n"), PoError::Quotes(1));
    assert_eq!(refused("msgid \"\\377\"\n"), PoError::Quotes(1));
    assert_eq!(refused("msgid \"a\"\nmsgid \"b\"\n"), PoError::Order { line: 2, keyword: "msgid".to_owned() });
    assert_eq!(refused("msgstr \"a\"\n"), PoError::Order { line: 1, keyword: "msgstr".to_owned() });
    assert_eq!(refused("\nmsgid \"a\"\n"), PoError::Unfinished(2));
    let latin = "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=ISO-8859-1\\n\"\n";
    assert_eq!(refused(latin), PoError::Charset("ISO-8859-1".to_owned()));
}

fn any_entry() -> impl Strategy<Value = Entry> {
    (any::<String>(), "[^\r]{0,20}", "(?s).{0,20}", any::<bool>())
        .prop_map(|(context, source, translation, fuzzy)| Entry { fuzzy, ..entry(0, &context, &source, &translation) })
}

proptest! {
    #[test]
    fn what_is_written_is_read(entries in prop::collection::vec(any_entry(), 0..6)) {
        let po = Po { header: vec![("Language".into(), "hi".into())], entries };
        let mut back = read(&write(&po)).expect("it was written here");
        back.entries.iter_mut().for_each(|entry| entry.line = 0);
        prop_assert_eq!(back, po);
    }

    #[test]
    fn nothing_makes_the_reader_panic(lines in prop::collection::vec("(#[~,|.]? ?)?(msg(id|str|ctxt|str\\[[0-9]\\]|id_plural))? ?\"?\\PC{0,8}\\\\?\"?", 0..12)) {
        let _ = read(&lines.join("\n"));
    }
}
