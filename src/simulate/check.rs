//! Is what came what had to come? A reply is compared with what the model foresees; where that is not one page alone (a
//! department may fail, a receipt is drawn by chance), with all that there may be.

use super::client::Got;
use super::meter::{Compared, Trouble};
use super::model::{Foreseen, Hearing, Memory, Sent, with_receipt_of};
use super::world::World;
use crate::bridge::Page;
use crate::gateway::{Aggregator, Reply, WireReply, encode};
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

/// Compares. `memories` are how the server may remember the citizen, the likeliest first.
pub(super) async fn check(
    world: &World,
    memories: &[&Memory],
    asked: Asked<'_>,
    reader: &Aggregator,
    got: Got<'_>,
) -> Finding {
    let mut first = None;
    let mut page = None;
    let mut may_be = false;
    for memory in memories {
        for asked in asked.ways() {
            let mut hearing = Hearing::default();
            let foreseen = memory.foresee(world, asked.sent, asked.at, asked.soon, &mut hearing).await;
            let expected = encode(
                &world.profile,
                &asked.sent.echo,
                Reply::Page { text: &foreseen.page.text, more: foreseen.page.more },
            );
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
            let spelt = spelt(reader, expected.status, expected.headers, expected.body);
            if spelt.as_ref() == Some(page) {
                return right(foreseen, Compared::Exactly, false);
            }
            if let Some(found) = otherwise(world, memory, asked, &hearing, page, reader).await {
                return found;
            }
            may_be |= !world.knows_departments && hearing.may_be_followed_by(world, page);
            first.get_or_insert(spelt.unwrap_or(foreseen.page));
        }
    }
    let (Some(expected), Some(got)) = (first, page) else { return Finding::NoReply("nothing was compared".to_owned()) };
    match world.excuse(&got.text) {
        Some(text) if !got.more => Finding::Excused(Trouble::of_excuse(text)),
        _ if may_be => Finding::Possible,
        _ => Finding::Wrong { expected, got },
    }
}

/// The page if a call has failed.
async fn otherwise(
    world: &World,
    memory: &Memory,
    asked: Asked<'_>,
    hearing: &Hearing,
    page: &Page,
    reader: &Aggregator,
) -> Option<Finding> {
    for mut failing in hearing.failing(world) {
        let foreseen = memory.foresee(world, asked.sent, asked.at, asked.soon, &mut failing).await;
        let is = |foreseen: &Foreseen| as_spelt(world, asked.sent, reader, &foreseen.page).as_ref() == Some(page);
        if is(&foreseen) {
            return Some(right(foreseen, Compared::Exactly, true));
        }
        if let Some(receipt) = with_receipt_of(&foreseen.page.text, &page.text) {
            let mut known = failing.with_receipt(&receipt);
            let foreseen = memory.foresee(world, asked.sent, asked.at, asked.soon, &mut known).await;
            if is(&foreseen) {
                return Some(right(foreseen, Compared::ButReceipt, true));
            }
        }
    }
    None
}

impl Finding {
    pub(super) fn right(foreseen: Foreseen, how: Compared) -> Self {
        right(foreseen, how, false)
    }
}

fn right(foreseen: Foreseen, how: Compared, call_failed: bool) -> Finding {
    Finding::Right { more: foreseen.page.more, after: Box::new(foreseen.after), how, call_failed }
}

/// A page as a phone on this gateway shows it: some gateways cannot carry every character.
fn as_spelt(world: &World, sent: &Sent, reader: &Aggregator, page: &Page) -> Option<Page> {
    let reply = encode(&world.profile, &sent.echo, Reply::Page { text: &page.text, more: page.more });
    spelt(reader, reply.status, reply.headers, reply.body)
}

fn spelt(reader: &Aggregator, status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Option<Page> {
    let (text, more) = reader.read(&WireReply { status, headers, body }).ok()?;
    Some(Page { text, more })
}

fn body(got: Got<'_>) -> String {
    const SHOWN: usize = 300;
    let text = String::from_utf8_lossy(got.body);
    let text: String = text.chars().take(SHOWN).collect();
    format!("status {}, {text:?}", got.status)
}
