//! Is what came what had to come? A reply is compared with what the model foresees; where that is not one page alone (a
//! department may fail, a receipt is drawn by chance), with all that there may be.

use super::client::Got;
use super::meter::{Compared, Trouble};
use super::model::{Foreseen, Heard, Hearing, Memory, Sent, with_receipt_of};
use super::world::World;
use crate::bridge::Page;
use crate::gateway::{Aggregator, HttpReply, Reply, WireReply, encode};
use crate::types::Timestamp;

/// What a reply turned out to be.
#[derive(Debug)]
pub(super) enum Finding {
    /// A page that was foreseen, and how the citizen is remembered after it.
    Right {
        after: Box<Memory>,
        /// An answer is expected.
        more: bool,
        how: Compared,
        call_failed: bool,
    },
    /// One of the screens that may follow on an answer of a department that is not known here. Nor is what comes after it.
    Possible,
    /// The bridge's own words for not serving the turn.
    Excused(Trouble),
    /// No reply of the gateway's protocol.
    NoReply(String),
    /// The right page in a reply that differs from what the gateway must get: another echo, another header.
    Misspelt {
        expected: String,
        got: String,
    },
    Wrong {
        expected: Page,
        got: Page,
    },
}

/// What was sent, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) sent: &'a Sent,
    pub(super) at: Timestamp,
    /// When it was answered: what a screen says may depend on the day.
    pub(super) until: Timestamp,
    /// So shortly after the last reply that the same bytes are likely the same turn.
    pub(super) soon: bool,
    /// The last callback was the same, so that it depends on a moment which only the server knows.
    pub(super) same: bool,
}

impl Asked<'_> {
    /// The likeliest first, then what else it may have been: only the server knows on which side of midnight it was, and on
    /// which side of the time within which the same bytes are a repeat.
    fn ways(self) -> impl Iterator<Item = Self> {
        let same_day = self.at.day_in_india() == self.until.day_in_india();
        let days = [self.at, self.until].into_iter().take(if same_day { 1 } else { 2 });
        days.flat_map(move |at| {
            let likely = Self { at, ..self };
            std::iter::once(likely).chain(self.same.then_some(Self { soon: !self.soon, ..likely }))
        })
    }
}

/// Compares. `memories` are how the server may remember the citizen, the likeliest first; `heard` is what departments answered
/// to them.
pub(super) async fn check(
    world: &World,
    memories: &[&Memory],
    heard: &Heard,
    asked: Asked<'_>,
    reader: &Aggregator,
    got: Got<'_>,
) -> Finding {
    let came = Came { world, reader, got };
    let (mut page, mut first, mut misspelt, mut may_be) = (None, None, None, false);
    let mut hypotheses: Vec<(&Memory, Asked<'_>)> = Vec::new();
    for memory in memories {
        hypotheses.extend(asked.ways().map(|asked| (*memory, asked)));
    }
    // What needs no change at a department first: else one is booked for what did not happen.
    for reads_only in [true, false] {
        let mut is_put_off = false;
        for (memory, asked) in &hypotheses {
            let asked = *asked;
            let mut hearing = Hearing::of(heard, reads_only);
            let foreseen = memory.foresee(world, asked.sent, asked.at, asked.soon, &mut hearing).await;
            if hearing.is_put_off() {
                is_put_off = true;
                continue;
            }
            let expected = came.expected(asked.sent, &foreseen.page);
            if got.is(&expected) {
                return right(foreseen, Compared::Exactly, false);
            }
            if page.is_none() {
                match reader.read(&got.to_wire()) {
                    Ok((text, more)) => page = Some(Page { text, more }),
                    Err(error) => return Finding::NoReply(format!("{error}: {}", body(got))),
                }
            }
            let Some(page) = &page else { continue };
            let spelt = came.spelt(&expected);
            if spelt.as_ref() == Some(page) {
                if world.names_itself_otherwise {
                    return right(foreseen, Compared::ButAddress, false);
                }
                misspelt.get_or_insert(expected);
                continue;
            }
            match came.otherwise(memory, asked, &hearing, page).await {
                Otherwise::Found(found) => return found,
                Otherwise::Nothing { put_off } => is_put_off |= put_off,
            }
            let is_unknown = !world.knows_departments || hearing.asks_the_server(world);
            may_be |= is_unknown && hearing.may_be_followed_by(world, page);
            first.get_or_insert(spelt.unwrap_or(foreseen.page));
        }
        if !is_put_off {
            break;
        }
    }
    if let Some(expected) = misspelt {
        return Finding::Misspelt { expected: reply(&expected), got: wire(got) };
    }
    let (Some(expected), Some(got)) = (first, page) else { return Finding::NoReply("nothing was compared".to_owned()) };
    match world.excuse(&got.text) {
        Some(text) if !got.more => Finding::Excused(Trouble::of_excuse(text)),
        _ if may_be => Finding::Possible,
        _ => Finding::Wrong { expected, got },
    }
}

/// A reply, and with what it is read.
#[derive(Clone, Copy)]
struct Came<'a> {
    world: &'a World,
    reader: &'a Aggregator,
    got: Got<'a>,
}

/// What else a reply may be.
enum Otherwise {
    Found(Finding),
    Nothing {
        /// It may yet be found by making changes at the twin departments.
        put_off: bool,
    },
}

impl Came<'_> {
    /// The reply that carries a page, with all that it echoes.
    fn expected(self, sent: &Sent, page: &Page) -> HttpReply {
        encode(&self.world.profile, &sent.echo, Reply::Page { text: &page.text, more: page.more })
    }

    /// A page as a phone on this gateway shows it: some gateways cannot carry every character.
    fn spelt(self, reply: &HttpReply) -> Option<Page> {
        let HttpReply { status, headers, body } = reply.clone();
        let (text, more) = self.reader.read(&WireReply { status, headers, body }).ok()?;
        Some(Page { text, more })
    }

    /// The page if a call has failed.
    async fn otherwise(self, memory: &Memory, asked: Asked<'_>, hearing: &Hearing, page: &Page) -> Otherwise {
        let world = self.world;
        let mut put_off = false;
        for mut failing in hearing.failing(world) {
            let foreseen = memory.foresee(world, asked.sent, asked.at, asked.soon, &mut failing).await;
            if failing.is_put_off() {
                put_off = true;
                continue;
            }
            if let Some(found) = self.failed(asked.sent, foreseen.clone(), page, Compared::Exactly) {
                return Otherwise::Found(found);
            }
            if let Some(receipt) = with_receipt_of(&foreseen.page.text, &page.text) {
                let mut known = failing.with_receipt(&receipt);
                let foreseen = memory.foresee(world, asked.sent, asked.at, asked.soon, &mut known).await;
                if let Some(found) = self.failed(asked.sent, foreseen, page, Compared::ButReceipt) {
                    return Otherwise::Found(found);
                }
            }
        }
        Otherwise::Nothing { put_off }
    }

    fn failed(self, sent: &Sent, foreseen: Foreseen, page: &Page, how: Compared) -> Option<Finding> {
        let expected = self.expected(sent, &foreseen.page);
        if self.got.is(&expected) {
            return Some(right(foreseen, how, true));
        }
        if self.spelt(&expected).as_ref() != Some(page) {
            return None;
        }
        Some(if self.world.names_itself_otherwise {
            right(foreseen, Compared::ButAddress, true)
        } else {
            Finding::Misspelt { expected: reply(&expected), got: wire(self.got) }
        })
    }
}

impl Finding {
    pub(super) fn right(foreseen: Foreseen, how: Compared) -> Self {
        right(foreseen, how, false)
    }
}

fn right(foreseen: Foreseen, how: Compared, call_failed: bool) -> Finding {
    Finding::Right { more: foreseen.page.more, after: Box::new(foreseen.after), how, call_failed }
}

/// A reply as it has to be.
fn reply(HttpReply { status, headers, body }: &HttpReply) -> String {
    let mut lines = vec![format!("status {status}")];
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {value}")));
    lines.push(String::from_utf8_lossy(body).into_owned());
    lines.join("\n")
}

/// A reply as it came.
fn wire(got: Got<'_>) -> String {
    let WireReply { status, headers, body } = got.to_wire();
    reply(&HttpReply { status, headers, body })
}

fn body(got: Got<'_>) -> String {
    const SHOWN: usize = 300;
    let text = String::from_utf8_lossy(got.body);
    let text: String = text.chars().take(SHOWN).collect();
    format!("status {}, {text:?}", got.status)
}
