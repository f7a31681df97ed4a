//! What fills the slots of requests: the credentials that a profile names, and what gramsetu knows.

use crate::gateway::codes;
use crate::gateway::messages::profile::Codec;
use crate::gateway::messages::template::{SLOTS, Slot, Template};
use crate::gateway::read_profile::section::{Findings, is_word, texts};
use crate::source::suggest::{list, nearest};
use crate::source::{Node, Spanned};

/// What may stand behind a `$`.
pub(super) struct Known<'a> {
    pub(super) credentials: &'a [Spanned<String>],
    pub(super) options: &'a [Spanned<String>],
    pub(super) codec: Option<Codec>,
}

impl Known<'_> {
    fn names(&self) -> impl Iterator<Item = &str> {
        self.credentials.iter().chain(self.options).map(|name| name.value.as_str())
    }

    pub(super) fn check(&self, text: &Spanned<String>, findings: &mut Findings) {
        for slot in Template::read(&text.value).slots() {
            let of_codec = matches!(slot, Slot::PasswordHash | Slot::Key);
            let Slot::Credential(name) = slot else {
                if of_codec && self.codec.is_none() {
                    let message = "a slot that only a codec fills";
                    findings.error(
                        codes::UNKNOWN_REQUEST_SLOT,
                        text.span,
                        message,
                        "add `codec:`, or use another slot",
                    );
                }
                continue;
            };
            if self.names().any(|known| known == name) {
                continue;
            }
            let near = nearest(name, SLOTS.iter().map(|(word, _)| *word).chain(self.names()));
            let remedy = near.map_or_else(
                || format!("add `{name}` to `credentials`, or write one of {}", list(&SLOTS.map(|(word, _)| word))),
                |near| format!("did you mean `${near}`?"),
            );
            findings.error(codes::UNKNOWN_REQUEST_SLOT, text.span, format!("nothing fills `${name}`"), remedy);
        }
    }

    /// Reports credentials that nothing uses, and those that are used and not named.
    pub(super) fn are_used(
        &self,
        slots: &[Slot],
        basic: Option<&(Spanned<String>, Spanned<String>)>,
        findings: &mut Findings,
    ) {
        let takes = self.codec.map(Codec::takes).unwrap_or_default();
        for name in self.credentials.iter().chain(self.options) {
            let in_basic =
                basic.is_some_and(|(user, password)| [user, password].iter().any(|used| used.value == name.value));
            let in_slot = slots.contains(&Slot::Credential(name.value.clone()));
            if !in_basic && !in_slot && !takes.contains(&name.value.as_str()) {
                let message = format!("nothing uses the credential `{}`", name.value);
                findings.error(
                    codes::NOTHING_USES,
                    name.span,
                    message,
                    format!("delete it, or write `${}`", name.value),
                );
            }
        }
        let named = |name: &str| self.credentials.iter().any(|known| known.value == name);
        for used in basic.into_iter().flat_map(|(user, password)| [user, password]).filter(|used| !named(&used.value)) {
            let message = format!("`{}` is no credential", used.value);
            findings.error(codes::NEEDS, used.span, message, format!("add `{}` to `credentials`", used.value));
        }
        let place = self.credentials.first().or_else(|| self.options.first());
        for taken in takes.iter().filter(|taken| !named(taken)) {
            if let Some(place) = place {
                let message = format!("the codec needs the credential `{taken}`");
                findings.error(codes::NEEDS, place.span, message, format!("add `{taken}` to `credentials`"));
            }
        }
    }
}

/// Names of credentials: slots of the file's own.
pub(super) fn names(node: &Node, findings: &mut Findings) -> Vec<Spanned<String>> {
    let mut read = Vec::new();
    for name in texts(node, findings).unwrap_or_default() {
        if is_word(&name.value) && !SLOTS.iter().any(|(word, _)| *word == name.value) {
            read.push(name.clone());
            continue;
        }
        let message = format!("a credential cannot be called `{}`", name.value);
        let remedy = format!("use small letters and `_`, but none of {}", list(&SLOTS.map(|(word, _)| word)));
        findings.error(codes::BAD_NAME, name.span, message, remedy);
    }
    read
}
