//! Texts with slots, `Bearer $token`, of which requests are made.
//!
//! A slot that has nothing to fill it makes the whole text nothing, so that a field is left out and not sent empty.

/// A text with slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Template {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Slot(Slot),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    To,
    Text,
    /// The sender that the phone shows.
    Header,
    /// Our id of the message.
    Id,
    /// The address for receipts.
    Receipts,
    Entity,
    Template,
    Coding,
    Priority,
    Kind,
    PasswordHash,
    Key,
    /// A credential of the route.
    Credential(String),
}

/// The slots that are no credentials.
pub(super) const SLOTS: [(&str, Slot); 12] = [
    ("to", Slot::To),
    ("text", Slot::Text),
    ("header", Slot::Header),
    ("id", Slot::Id),
    ("receipts", Slot::Receipts),
    ("entity", Slot::Entity),
    ("template", Slot::Template),
    ("coding", Slot::Coding),
    ("priority", Slot::Priority),
    ("kind", Slot::Kind),
    ("password_hash", Slot::PasswordHash),
    ("key", Slot::Key),
];

impl Template {
    /// `$` and small letters are a slot; any other `$` stands for itself.
    pub(super) fn read(text: &str) -> Self {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut literal = String::new();
        let mut parts = text.split('$');
        literal.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let length = part.bytes().take_while(|byte| byte.is_ascii_lowercase() || *byte == b'_').count();
            let (word, rest) = part.split_at(length);
            if word.is_empty() {
                literal.push('$');
            } else {
                if !literal.is_empty() {
                    pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                let known = SLOTS.iter().find(|(known, _)| *known == word).map(|(_, slot)| slot.clone());
                pieces.push(Piece::Slot(known.unwrap_or_else(|| Slot::Credential(word.to_owned()))));
            }
            literal.push_str(rest);
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Self { pieces }
    }

    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Slot(slot) => Some(slot),
            Piece::Literal(_) => None,
        })
    }

    /// The text; `None` where a slot has nothing in it.
    pub(super) fn fill<E>(
        &self,
        mut value: impl FnMut(&Slot) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<Option<Vec<u8>>, E> {
        let mut text = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(literal) => text.extend_from_slice(literal.as_bytes()),
                Piece::Slot(slot) => match value(slot)? {
                    Some(value) => text.extend(value),
                    None => return Ok(None),
                },
            }
        }
        Ok(Some(text))
    }

    /// What the slots hold in a text that was filled in from it; `None` when it is another text.
    pub(super) fn read_back<'t>(&self, text: &'t [u8]) -> Option<Vec<(&Slot, &'t [u8])>> {
        let mut rest = text;
        let mut found = Vec::new();
        for (at, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Literal(literal) => rest = rest.strip_prefix(literal.as_bytes())?,
                Piece::Slot(slot) => {
                    let end = match self.pieces.get(at + 1) {
                        Some(Piece::Literal(next)) => find(rest, next.as_bytes())?,
                        _ => rest.len(),
                    };
                    let (value, after) = rest.split_at_checked(end)?;
                    found.push((slot, value));
                    rest = after;
                }
            }
        }
        rest.is_empty().then_some(found)
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, text: Option<&str>) -> Option<String> {
        let value = |slot: &Slot| {
            Ok::<_, ()>(match slot {
                Slot::Text => text.map(|text| text.as_bytes().to_vec()),
                Slot::Credential(name) => Some(format!("<{name}>").into_bytes()),
                _ => Some(b"7".to_vec()),
            })
        };
        Template::read(template).fill(value).expect("no error").map(|bytes| String::from_utf8(bytes).expect("UTF-8"))
    }

    #[test]
    fn slots_are_filled_and_what_lacks_one_is_nothing() {
        assert_eq!(filled("$5 $Text $text.$to$id", Some("a$to")).as_deref(), Some("$5 $Text a$to.77"));
        assert_eq!(filled("Bearer $token", None).as_deref(), Some("Bearer <token>"));
        assert_eq!(filled("a $text", None), None);
        assert_eq!(filled("", None).as_deref(), Some(""));
    }

    #[test]
    fn what_was_filled_in_is_read_back() {
        let template = Template::read("/a/$account/m?id=$id");
        let found = template.read_back(b"/a/AC1/m?id=7");
        assert_eq!(found, Some(vec![(&Slot::Credential("account".to_owned()), &b"AC1"[..]), (&Slot::Id, b"7")]));
        assert_eq!(template.read_back(b"/b/AC1/m?id=7"), None);
        assert_eq!(template.read_back(b"/a/AC1"), None);
    }
}
