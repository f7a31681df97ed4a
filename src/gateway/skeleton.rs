//! The body of a reply with slots: JSON, XML or plain text as the vendor's page shows it, where `$text` and its like stand
//! for what is filled in. Checked when the profile is read, so filling one can neither fail nor make the document malformed.

mod xml;

use quick_xml::escape::escape;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::decode::Echoed;
use super::encode::replaced;

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
    /// Nothing is escaped: what separates the parts must be among the signs that the profile replaces.
    Plain,
}

#[derive(Clone, Debug)]
enum Piece {
    Literal(String),
    Slot {
        slot: Slot,
        /// Within the value of an XML attribute, where a bare line break would be read as a space.
        in_attribute: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// `$text`: the page.
    Text,
    /// `$why`: what was wrong with the callback.
    Why,
    /// `$alive`: whether the dialogue that was asked for lives.
    Alive,
    /// `$coding`: the alphabet that the page needs, in the gateway's word for it.
    Coding,
    /// `$name`: what the callback had in the field that the profile calls so.
    Echo(String),
}

impl Slot {
    fn of(word: &str) -> Self {
        match word {
            "text" => Self::Text,
            "why" => Self::Why,
            "alive" => Self::Alive,
            "coding" => Self::Coding,
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
    pub(super) coding: &'a str,
    pub(super) echo: &'a [Echoed],
    /// Signs that may not be given back, and what stands for them; in the texts they are replaced already.
    pub(super) replace: &'a [(char, char)],
    /// What stands for a line break between two XML tags, as markup.
    pub(super) line_break: &'a str,
}

impl Skeleton {
    /// Reads a skeleton; what is wrong with it in the words of its syntax otherwise.
    pub(super) fn read(syntax: Syntax, source: &str) -> Result<Self, String> {
        let mut skeleton = Self { pieces: Vec::new(), syntax };
        match syntax {
            Syntax::Json => skeleton.value(&serde_json::from_str(source).map_err(|error| error.to_string())?),
            Syntax::Xml => {
                xml::well_formed(source)?;
                skeleton.slots_within(&xml::tight(source));
            }
            Syntax::Plain => skeleton.slots_within(source.trim()),
        }
        Ok(skeleton)
    }

    /// The words after `$`, in their order; some may come twice.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Slot { slot, .. } => Some(slot),
            Piece::Literal(_) => None,
        })
    }

    pub(super) fn fill(&self, filling: Filling<'_>) -> String {
        let mut body = String::new();
        for piece in &self.pieces {
            let (slot, in_attribute) = match piece {
                Piece::Literal(literal) => {
                    body.push_str(literal);
                    continue;
                }
                Piece::Slot { slot, in_attribute } => (slot, *in_attribute),
            };
            match slot {
                Slot::Alive => body.push_str(if filling.alive { "true" } else { "false" }),
                Slot::Text if in_attribute => self.text(filling.text, "&#10;", &mut body),
                Slot::Text => self.text(filling.text, filling.line_break, &mut body),
                Slot::Why => self.text(filling.why, " ", &mut body),
                Slot::Coding => self.text(filling.coding, " ", &mut body),
                Slot::Echo(word) => self.echo(filling, word, &mut body),
            }
        }
        body
    }

    fn echo(&self, filling: Filling<'_>, word: &str, body: &mut String) {
        let Some(echoed) = filling.echo.iter().find(|echoed| echoed.word == word) else {
            return self.text("", " ", body);
        };
        match (self.syntax, echoed.literal) {
            (Syntax::Json, true) if echoed.value.is_empty() => body.push_str("null"),
            (Syntax::Json, true) => body.push_str(&echoed.value),
            _ => {
                let value: String = echoed.value.chars().map(|sign| replaced(sign, filling.replace)).collect();
                self.text(&value, " ", body);
            }
        }
    }

    /// The text that a body, filled in from this skeleton, holds in its first `$text`; `None` when it is another body.
    pub(super) fn text_of(&self, body: &str) -> Option<String> {
        let mut rest = body;
        let mut text = None;
        for (at, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Literal(literal) => rest = rest.strip_prefix(literal.as_str())?,
                Piece::Slot { slot, .. } => {
                    let end = match (self.syntax, self.pieces.get(at + 1..).unwrap_or_default()) {
                        // A text may hold what comes after it, as a brace: only JSON itself tells where it ends.
                        (Syntax::Json, _) => value_length(rest)?,
                        (_, [Piece::Literal(last)]) => rest.strip_suffix(last.as_str())?.len(),
                        (_, [Piece::Literal(next), ..]) => rest.find(next.as_str())?,
                        _ => rest.len(),
                    };
                    let (filled, after) = rest.split_at_checked(end)?;
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
            Syntax::Plain => Some(filled.to_owned()),
        }
    }

    /// A text in the spelling of the syntax. Only XML spells a line break in the way that `line_break` says.
    fn text(&self, text: &str, line_break: &str, body: &mut String) {
        match self.syntax {
            Syntax::Json => body.push_str(&Value::from(text).to_string()),
            Syntax::Plain => body.push_str(text),
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
                    self.pieces.push(Piece::Slot { slot: Slot::of(word), in_attribute: false });
                }
                _ => self.literal(&value.to_string()),
            },
            _ => self.literal(&value.to_string()),
        }
    }

    /// XML and plain text: slots may stand anywhere that reading the skeleton allows.
    fn slots_within(&mut self, source: &str) {
        let mut place = xml::Place::Text;
        let mut pieces = source.split('$');
        let literal = |skeleton: &mut Self, text: &str, place: &mut xml::Place| {
            if !text.is_empty() {
                skeleton.literal(text);
            }
            *place = place.after(text);
        };
        literal(self, pieces.next().unwrap_or_default(), &mut place);
        for piece in pieces {
            let (word, rest) = piece.split_at(word_length(piece));
            if word.is_empty() {
                self.literal("$");
            } else {
                let in_attribute = self.syntax == Syntax::Xml && place != xml::Place::Text;
                self.pieces.push(Piece::Slot { slot: Slot::of(word), in_attribute });
            }
            literal(self, rest, &mut place);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(syntax: Syntax, source: &str) -> String {
        let echoed =
            |word: &str, value: &str, literal| Echoed { word: word.to_owned(), value: value.to_owned(), literal };
        let echo = [echoed("id", "\"<7|>\"", false), echoed("cost", "0.5", true), echoed("ref", "", true)];
        let filling = Filling {
            text: "a & b\nc",
            why: "",
            alive: true,
            coding: "15",
            echo: &echo,
            replace: &[('|', '/')],
            line_break: "<br/>",
        };
        Skeleton::read(syntax, source).expect("a skeleton").fill(filling)
    }

    #[test]
    fn slots_are_escaped_and_the_rest_stays() {
        let json = r#"{"a": ["$text", {}, []], "b": {"c": "$id", "d": "$cost", "e": "$ref"}, "f": "$alive", "g": "$5, $Text $id"}"#;
        let filled_json =
            r#"{"a":["a & b\nc",{},[]],"b":{"c":"\"<7/>\"","d":0.5,"e":null},"f":true,"g":"$5, $Text $id"}"#;
        assert_eq!(filled(Syntax::Json, json), filled_json);
        let xml = "<p v=\"1\"\n  w='2'>\n  <id>$id</id> <t>Say: $text\n now</t><u>$ 5 &amp; $nobody</u>\n</p>\n";
        let filled_xml = "<p v=\"1\" w='2'><id>&quot;&lt;7/&gt;&quot;</id>\
                          <t>Say: a &amp; b<br/>c now</t><u>$ 5 &amp; </u></p>";
        assert_eq!(filled(Syntax::Xml, xml), filled_xml);
        assert_eq!(filled(Syntax::Plain, "1|$text|$id|$cost|5 $"), "1|a & b\nc|\"<7/>\"|0.5|5 $");
    }

    #[test]
    fn slots_within_attributes_keep_to_their_quotes() {
        let xml = "<p>\n <q v='> $text' w=\"$coding\"\n x=\"$id\"/>$text</p>";
        let filled_xml = "<p> <q v='> a &amp; b&#10;c' w=\"15\" x=\"&quot;&lt;7/&gt;&quot;\"/>a &amp; b<br/>c</p>";
        assert_eq!(filled(Syntax::Xml, xml), filled_xml.replace("<p> <q", "<p><q"));
        let skeleton = Skeleton::read(Syntax::Xml, xml).expect("a skeleton");
        assert_eq!(skeleton.text_of(&filled(Syntax::Xml, xml)).as_deref(), Some("a & b\nc"));
    }

    #[test]
    fn what_could_become_malformed_is_refused() {
        let refused = |source: &str| Skeleton::read(Syntax::Xml, source).expect_err(source);
        assert_eq!(refused("<p><q $id=\"a\"/></p>"), "a slot in the name of a tag or an attribute");
        assert_eq!(refused("<p><$id/></p>"), "a slot in the name of a tag or an attribute");
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
