//! The body of a reply with slots: JSON or XML as the vendor's page shows it, where `$text` and its like stand for what is
//! filled in. Checked when the profile is read, so filling one can neither fail nor make the document malformed.

use quick_xml::Reader;
use quick_xml::escape::{escape, resolve_predefined_entity};
use quick_xml::events::Event;
use serde::de::IgnoredAny;
use serde_json::Value;

/// A body as literal pieces and slots.
#[derive(Clone, Debug)]
pub(super) struct Skeleton {
    pieces: Vec<Piece>,
    syntax: Syntax,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    Json,
    Xml,
}

#[derive(Clone, Debug)]
enum Piece {
    Literal(String),
    Slot(Slot),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// `$text`: the page.
    Text,
    /// `$why`: what was wrong with the callback.
    Why,
    /// `$alive`: whether the dialogue that was asked for lives.
    Alive,
    /// `$name`: what the callback had in the field that the profile calls so.
    Echo(String),
}

impl Slot {
    fn of(word: &str) -> Self {
        match word {
            "text" => Self::Text,
            "why" => Self::Why,
            "alive" => Self::Alive,
            other => Self::Echo(other.to_owned()),
        }
    }
}

/// What the slots hold in one reply.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filling<'a> {
    pub(super) text: &'a str,
    pub(super) why: &'a str,
    pub(super) alive: bool,
    pub(super) echo: &'a [(String, String)],
    /// What stands for a line break in an XML text, as markup.
    pub(super) line_break: &'a str,
}

impl Skeleton {
    /// Reads a skeleton; what is wrong with it in the words of its syntax otherwise.
    pub(super) fn read(syntax: Syntax, source: &str) -> Result<Self, String> {
        let mut skeleton = Self { pieces: Vec::new(), syntax };
        match syntax {
            Syntax::Json => skeleton.value(&serde_json::from_str(source).map_err(|error| error.to_string())?),
            Syntax::Xml => {
                well_formed(source)?;
                skeleton.xml(source);
            }
        }
        Ok(skeleton)
    }

    /// The words after `$`, in their order; some may come twice.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Slot(slot) => Some(slot),
            Piece::Literal(_) => None,
        })
    }

    pub(super) fn fill(&self, filling: Filling<'_>) -> String {
        let mut body = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) => body.push_str(literal),
                Piece::Slot(Slot::Alive) => body.push_str(if filling.alive { "true" } else { "false" }),
                Piece::Slot(Slot::Text) => self.text(filling.text, filling.line_break, &mut body),
                Piece::Slot(Slot::Why) => self.text(filling.why, " ", &mut body),
                Piece::Slot(Slot::Echo(name)) => {
                    let value = filling.echo.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value);
                    self.text(value, " ", &mut body);
                }
            }
        }
        body
    }

    /// The text that a body, filled in from this skeleton, holds in its first `$text`; `None` when it is another body.
    pub(super) fn text_of(&self, body: &str) -> Option<String> {
        let mut rest = body;
        let mut pieces = self.pieces.iter().peekable();
        let mut text = None;
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Literal(literal) => rest = rest.strip_prefix(literal.as_str())?,
                Piece::Slot(slot) => {
                    let end = match (self.syntax, pieces.peek()) {
                        // A text may hold what comes after it, as a brace: only JSON itself tells where it ends.
                        (Syntax::Json, _) => value_length(rest)?,
                        (Syntax::Xml, Some(Piece::Literal(literal))) => rest.find(literal.as_str())?,
                        (Syntax::Xml, _) => rest.len(),
                    };
                    let (filled, after) = rest.split_at(end);
                    rest = after;
                    if *slot == Slot::Text && text.is_none() {
                        text = Some(self.unspell(filled)?);
                    }
                }
            }
        }
        rest.is_empty().then_some(text).flatten()
    }

    fn unspell(&self, filled: &str) -> Option<String> {
        match self.syntax {
            Syntax::Json => serde_json::from_str(filled).ok(),
            Syntax::Xml => {
                let lines = filled.replace("<br/>", "\n");
                quick_xml::escape::unescape(&lines).ok().map(std::borrow::Cow::into_owned)
            }
        }
    }

    /// A text in the spelling of the syntax. JSON says a line break in its own way, whatever `line_break` is.
    fn text(&self, text: &str, line_break: &str, body: &mut String) {
        match self.syntax {
            Syntax::Json => body.push_str(&Value::from(text).to_string()),
            Syntax::Xml => {
                for (at, line) in text.split('\n').enumerate() {
                    if at > 0 {
                        body.push_str(line_break);
                    }
                    body.push_str(&escape(line));
                }
            }
        }
    }

    fn literal(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Literal(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Literal(text.to_owned())),
        }
    }

    /// JSON: a text that is a slot and nothing else becomes one.
    fn value(&mut self, value: &Value) {
        match value {
            Value::Object(map) => {
                for (at, (key, value)) in map.iter().enumerate() {
                    self.literal(if at == 0 { "{" } else { "," });
                    self.literal(&Value::from(key.as_str()).to_string());
                    self.literal(":");
                    self.value(value);
                }
                self.literal(if map.is_empty() { "{}" } else { "}" });
            }
            Value::Array(list) => {
                for (at, value) in list.iter().enumerate() {
                    self.literal(if at == 0 { "[" } else { "," });
                    self.value(value);
                }
                self.literal(if list.is_empty() { "[]" } else { "]" });
            }
            Value::String(text) => match text.strip_prefix('$').map(|word| (word, word_length(word))) {
                Some((word, length)) if length > 0 && length == word.len() => {
                    self.pieces.push(Piece::Slot(Slot::of(word)));
                }
                _ => self.literal(&value.to_string()),
            },
            _ => self.literal(&value.to_string()),
        }
    }

    /// XML: slots may stand anywhere in texts. White space between two tags is for the reader of the file.
    fn xml(&mut self, source: &str) {
        let mut tight = String::with_capacity(source.len());
        for word in source.split_whitespace() {
            if !(tight.is_empty() || tight.ends_with('>') && word.starts_with('<')) {
                tight.push(' ');
            }
            tight.push_str(word);
        }
        let mut pieces = tight.split('$');
        self.literal(pieces.next().unwrap_or_default());
        for piece in pieces {
            let (word, rest) = piece.split_at(word_length(piece));
            if word.is_empty() {
                self.literal("$");
            } else {
                self.pieces.push(Piece::Slot(Slot::of(word)));
            }
            self.literal(rest);
        }
    }
}

/// How many bytes of `text` are a slot's word: small letters and underscores.
fn word_length(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_lowercase() || *byte == b'_').count()
}

/// How many bytes the JSON value is long with which a text begins.
fn value_length(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

/// Whether this is one XML element of tags and texts that stays well-formed whatever its slots hold. Slots within tags are
/// refused: what is safe in a text is not safe there.
fn well_formed(source: &str) -> Result<(), String> {
    let mut reader = Reader::from_str(source);
    let (mut depth, mut roots) = (0_usize, 0_usize);
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                if let Some(error) = tag.attributes().find_map(Result::err) {
                    return Err(error.to_string());
                }
                if tag.contains('$') {
                    return Err("a slot within a tag".to_owned());
                }
                roots += usize::from(depth == 0);
                depth += usize::from(matches!(event, Event::Start(_)));
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(text) if depth == 0 && !text.xml10_content().trim().is_empty() => {
                return Err("a text outside of the element".to_owned());
            }
            Event::DocType(_) => return Err("a document type".to_owned()),
            Event::CData(_) | Event::Comment(_) | Event::PI(_) => {
                return Err("something else than tags and texts".to_owned());
            }
            Event::GeneralRef(reference)
                if !reference.is_char_ref() && resolve_predefined_entity(reference).is_none() =>
            {
                return Err(format!("an unknown entity, `&{};`", &**reference));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    match (depth, roots) {
        (0, 1) => Ok(()),
        (0, 0) => Err("no element".to_owned()),
        (0, _) => Err("more than one element".to_owned()),
        _ => Err("an element that is not closed".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(syntax: Syntax, source: &str) -> String {
        let echo = [("id".to_owned(), "\"<7>\"".to_owned())];
        let filling = Filling { text: "a & b\nc", why: "", alive: true, echo: &echo, line_break: "<br/>" };
        Skeleton::read(syntax, source).expect("a skeleton").fill(filling)
    }

    #[test]
    fn slots_are_escaped_and_the_rest_stays() {
        let json =
            r#"{"a": ["$text", {}, []], "b": {"c": "$id", "d": 1.5, "e": null}, "f": "$alive", "g": "$5, $Text $id"}"#;
        let filled_json =
            r#"{"a":["a & b\nc",{},[]],"b":{"c":"\"<7>\"","d":1.5,"e":null},"f":true,"g":"$5, $Text $id"}"#;
        assert_eq!(filled(Syntax::Json, json), filled_json);
        let xml = "<p v=\"1\"\n  w='2'>\n  <id>$id</id> <t>Say: $text\n now</t><u>$ 5 &amp; $nobody</u>\n</p>\n";
        let filled_xml = "<p v=\"1\" w='2'><id>&quot;&lt;7&gt;&quot;</id>\
                          <t>Say: a &amp; b<br/>c now</t><u>$ 5 &amp; </u></p>";
        assert_eq!(filled(Syntax::Xml, xml), filled_xml);
    }

    #[test]
    fn what_could_become_malformed_is_refused() {
        let refused = |source: &str| Skeleton::read(Syntax::Xml, source).expect_err(source);
        assert_eq!(refused("<p><q a=\"$id\"/></p>"), "a slot within a tag");
        assert_eq!(refused("<p><$id/></p>"), "a slot within a tag");
        assert_eq!(refused("<p><![CDATA[$text]]></p>"), "something else than tags and texts");
        assert_eq!(refused("<p><!-- $text --></p>"), "something else than tags and texts");
        assert_eq!(refused("<p>&nbsp;</p>"), "an unknown entity, `&nbsp;`");
        assert_eq!(refused("<!DOCTYPE p><p/>"), "a document type");
        assert_eq!(refused("<p/><p/>"), "more than one element");
        assert_eq!(refused("<p>"), "an element that is not closed");
        assert_eq!(refused("$text"), "a text outside of the element");
        assert_eq!(refused(""), "no element");
        assert!(Skeleton::read(Syntax::Json, "{'a': 1}").is_err());
    }
}
