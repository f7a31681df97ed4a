//! Short links: an address of its own for each message, kept until it is over, and where it leads.
//!
//! What stands in an address is drawn, and tells nothing of the number that it went to; nothing of that is kept with it either. The row is a mark
//! like any other that must be there once, so that it is written with the message and forgotten in time. Where a link leads is what the menus
//! of today say, so that an address that moved can be mended after messages have gone out.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::record::{decode, encode};
use super::{Bridge, TurnError};
use crate::menu::{Device, LanguageId, Program, ShortLink, SystemText, TOKEN_LETTERS};
use crate::store::{KeyedHash, Mark};
use crate::types::Timestamp;

/// Letters and digits that are not mistaken for one another, and make no words: an address is sometimes copied by hand.
const ALPHABET: &[u8; 28] = b"23456789bcdfghjkmnpqrstvwxyz";

/// How long an address that is over is still known to have been one.
const KNOWN_FOR: Duration = Duration::from_hours(30 * 24);

/// Drawing one that is taken, so often in a row, has other reasons than chance.
const DRAWS: u32 = 4;

/// What stands behind `/l/`: one of 3.8 × 10¹¹.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LinkToken([u8; TOKEN_LETTERS]);

impl LinkToken {
    fn draw(mut drawn: u128) -> Self {
        let base = ALPHABET.len() as u128;
        Self(std::array::from_fn(|_| {
            let letter = ALPHABET[(drawn % base) as usize];
            drawn /= base;
            letter
        }))
    }

    /// As somebody may write it: in capitals, or with the end of a sentence behind it.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim_end_matches(['.', ',', ';', ':', '!', '?', ')']).to_ascii_lowercase();
        let letters: [u8; TOKEN_LETTERS] = text.as_bytes().try_into().ok()?;
        letters.iter().all(|letter| ALPHABET.contains(letter)).then_some(Self(letters))
    }
}

impl fmt::Display for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|letter| write!(f, "{}", char::from(*letter)))
    }
}

/// It opens the link for whoever has it: no log shows it.
impl fmt::Debug for LinkToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkToken")
    }
}

/// What is kept of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    /// The link, by its name in the menus.
    name: String,
    good_until: Timestamp,
}

/// Where an address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    To {
        name: String,
        target: String,
    },
    /// It was one, and is no longer.
    Over,
    /// There is none, or it is long over.
    Unknown,
}

impl Bridge {
    /// A new short address, and the mark with which it is kept: for the commit of the message in which it stands. `None` where the menus
    /// have no address under which short ones are served.
    pub(super) async fn new_link(
        &self,
        program: &Program,
        link: &ShortLink,
    ) -> Result<Option<(String, Mark)>, TurnError> {
        let Some(base) = program.allowed.short_base() else {
            tracing::error!(link = %link.name, "No registered link ends in `/l/`, a short one cannot be made");
            return Ok(None);
        };
        let now = self.clock.now();
        let kept = Kept { name: link.name.clone(), good_until: now.plus(link.lives) };
        let plain = encode(&kept)?;
        for _ in 0..DRAWS {
            let token = LinkToken::draw(self.chance.draw());
            let key = self.link_key(token);
            let until = kept.good_until.plus(KNOWN_FOR);
            let mark = Mark { key, at: now, until, sealed: self.seal("link", &key.0, &plain) };
            if !self.has_happened(&[&mark]).await? {
                return Ok(Some((format!("{base}{token}"), mark)));
            }
        }
        Err(TurnError::Record("every address that was drawn for a link is taken".to_owned()))
    }

    /// Where an address leads on such a phone. Nothing is written.
    pub async fn follow(&self, token: LinkToken, device: Device) -> Result<Followed, TurnError> {
        let (key, now) = (self.link_key(token), self.clock.now());
        let Some(mark) = self.store.marks(vec![key], now).await?.into_iter().next() else {
            return Ok(Followed::Unknown);
        };
        let plain = self.unseal("link", &key.0, &mark.sealed).map_err(TurnError::Record)?;
        let kept: Kept = decode(&plain)?;
        let program = self.program();
        Ok(match program.short_link_by_name(&kept.name) {
            Some(link) if now < kept.good_until => {
                Followed::To { name: kept.name, target: link.target(device).to_owned() }
            }
            _ => Followed::Over,
        })
    }

    /// What is said of an address that leads nowhere, in each language that has its own words for it, with the language's code.
    pub fn said_of_links(&self) -> Vec<(String, String)> {
        let program = self.program();
        let text = program.system(SystemText::LinkOver);
        let own = (0..).map(LanguageId).zip(&text.languages).filter(|(id, template)| template.language == *id);
        own.map(|(id, template)| (program.language(id).code.clone(), template.literal().into_owned())).collect()
    }

    fn link_key(&self, token: LinkToken) -> KeyedHash {
        self.keyring.hash("link", &[&token.0])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_was_drawn_is_read_again(drawn: u128, capitals: bool, behind in "[.,;:!?)]{0,2}") {
            let token = LinkToken::draw(drawn);
            let written = token.to_string();
            prop_assert_eq!(written.len(), TOKEN_LETTERS);
            prop_assert!(!written.contains(['0', 'o', '1', 'l', 'i']), "{written}");
            let typed = if capitals { written.to_ascii_uppercase() } else { written };
            prop_assert_eq!(LinkToken::read(&format!("{typed}{behind}")), Some(token));
        }

        #[test]
        fn any_text_is_read_or_refused(text: String) {
            if let Some(token) = LinkToken::read(&text) {
                prop_assert!(text.to_ascii_lowercase().starts_with(&token.to_string()));
            }
        }

        #[test]
        fn each_letter_is_drawn_by_itself(drawn in 0..28_u128.pow(8), other in 0..28_u128.pow(8)) {
            prop_assert_eq!(LinkToken::draw(drawn) == LinkToken::draw(other), drawn == other);
        }
    }

    #[test]
    fn what_is_no_token_is_none() {
        for wrong in ["", "2345678", "23456789b", "2345678o", "2345678é", "../../et", "2345 678"] {
            assert_eq!(LinkToken::read(wrong), None, "{wrong}");
        }
    }
}
