//! The conductor: read → step, performing each request until there is something to show → commit → reply.
//!
//! One file per origin of work (a turn; a dialogue's end; what was left in doubt) and one performer per kind of request.
//! `order` lets a subscriber's callbacks in one after the other, `rivals` is for those that come to other nodes, `programs` holds
//! what sessions began with and begin on, `otp` says which one-time passwords are right, `languages` what somebody last heard. Nothing else lives here: what a screen says is the engine's, how it fits a phone the
//! channel's, how it is spelt the gateway's.

mod begin;
mod change;
mod commit;
mod ends;
mod event;
mod ground;
mod keys;
mod languages;
mod late;
mod leg;
mod links;
mod message;
mod missed_call;
mod notice;
mod order;
mod otp;
mod outgoing;
mod own;
mod payment;
mod perform;
mod programs;
mod record;
mod reply;
mod rivals;
mod settle;
mod turn;
mod verify;
mod waits;
mod walk;

use std::sync::Arc;

use crate::channel::ussd::{self, KeyLabels};
use crate::department::Departments;
use crate::engine::{Screen, ScreenKind};
use crate::gateway::{Profile, Turn};
use crate::menu::{LanguageId, Program, SystemText};
use crate::meters::Meters;
use crate::outbox::{self, Outbox};
use crate::store::seal::Keyring;
use crate::store::{CommitError, KeyedHash, Store, StoreError, Trouble};
use crate::sync::Shared;
use crate::types::{Chance, Clock, Msisdn};

pub use begin::PreferError;
pub use keys::{KeysError, WITNESS, fit};
pub use links::{Followed, LinkToken};
pub use message::Took;
pub use notice::{Notice, NoticeError, PaymentState, SignedNotice, signature};
pub use otp::{OtpRecord, OtpRules, ToSend, otp_code};
pub use record::Page;
pub use settle::Settled;
pub use turn::Answered;

/// Everything a turn needs.
#[derive(Debug)]
pub struct Bridge {
    programs: programs::Programs,
    store: Arc<dyn Store>,
    departments: Shared<Departments>,
    keyring: Arc<Keyring>,
    outbox: Arc<Outbox>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    meters: Arc<Meters>,
    order: order::Order,
    /// By subscriber, and by leg where callbacks do not bring the number.
    languages: languages::Languages,
    /// With reading what is kept.
    reading: Trouble,
    waits: waits::Waits,
}

/// What a bridge is built from.
#[derive(Debug)]
pub struct Parts {
    pub program: Arc<Program>,
    pub store: Arc<dyn Store>,
    pub departments: Departments,
    pub keyring: Arc<Keyring>,
    pub outbox: Arc<Outbox>,
    pub clock: Arc<dyn Clock>,
    pub chance: Arc<dyn Chance>,
    pub meters: Arc<Meters>,
}

/// Why a turn could not be served. The citizen hears "sorry" in their language; this is for the log.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the turn could not be committed: {0}")]
    Commit(#[from] CommitError),
    #[error("what is to be kept cannot be written: {0}")]
    Record(String),
    #[error("the menus do not write the message `{0}`; write it in a file of the folder `messages`")]
    NotWritten(&'static str),
    #[error("the same was told before and is still under way")]
    UnderWay,
}

impl From<record::RecordError> for TurnError {
    fn from(error: record::RecordError) -> Self {
        Self::Record(error.to_string())
    }
}

impl From<outbox::RecordError> for TurnError {
    fn from(error: outbox::RecordError) -> Self {
        Self::Record(error.to_string())
    }
}

impl Bridge {
    pub fn new(parts: Parts) -> Self {
        let Parts { program, store, departments, keyring, outbox, clock, chance, meters } = parts;
        meters.serves(program.version, clock.now());
        Self {
            programs: programs::Programs::new(program, Arc::clone(&meters)),
            store,
            departments: Shared::new(departments),
            keyring,
            outbox,
            clock,
            chance,
            meters,
            order: order::Order::default(),
            languages: languages::Languages::default(),
            reading: Trouble::default(),
            waits: waits::Waits::default(),
        }
    }

    /// What new sessions begin on.
    pub fn program(&self) -> Arc<Program> {
        self.programs.present()
    }

    /// New sessions begin on this program from now on. Turns under way, and sessions that began earlier, keep theirs.
    pub fn begin_on(&self, program: Arc<Program>) {
        self.meters.serves(program.version, self.clock.now());
        self.programs.replace(program);
    }

    /// Departments are called so from now on. Breakers and caches begin anew with them.
    pub fn call_through(&self, departments: Departments) {
        self.departments.replace(departments);
    }

    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    pub fn outbox(&self) -> &Arc<Outbox> {
        &self.outbox
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    pub fn meters(&self) -> &Arc<Meters> {
        &self.meters
    }

    /// A keyed hash of a callback's bytes, by which a repeat is known.
    pub fn fingerprint(&self, parts: &[&[u8]]) -> KeyedHash {
        self.keyring.hash("callback", parts)
    }

    /// What the bridge itself says to whoever sent this turn, as the gateway can carry it. Needs no store.
    pub fn say(&self, text: SystemText, turn: Option<&Turn>, profile: &Profile) -> String {
        self.say_of(&self.programs.present(), text, turn, profile)
    }

    fn say_of(&self, program: &Program, text: SystemText, turn: Option<&Turn>, profile: &Profile) -> String {
        let language = turn.and_then(|turn| {
            let whose = match &turn.msisdn {
                Some(caller) => self.subscriber(caller),
                None => self.leg(profile, &turn.leg),
            };
            self.remembered_language(program, whose)
        });
        said(program, text, language.unwrap_or(LanguageId(0)), profile)
    }

    fn subscriber(&self, caller: &Msisdn) -> KeyedHash {
        self.keyring.hash("msisdn", &[caller.digits().as_bytes()])
    }

    fn leg(&self, profile: &Profile, leg: &str) -> KeyedHash {
        self.keyring.hash("leg", &[profile.name.as_bytes(), leg.as_bytes()])
    }

    fn remembered_language(&self, program: &Program, whose: KeyedHash) -> Option<LanguageId> {
        program.language_by_code(&self.languages.of(whose)?)
    }

    /// Seals for one kind of record and one row of it: a record that is moved elsewhere does not open.
    fn seal(&self, kind: &str, row: &[u8], plain: &[u8]) -> Vec<u8> {
        self.keyring.seal(&place(kind, row), plain)
    }

    fn unseal(&self, kind: &str, row: &[u8], sealed: &[u8]) -> Result<Vec<u8>, String> {
        self.keyring.open(&place(kind, row), sealed).map_err(|error| error.to_string())
    }
}

fn place(kind: &str, row: &[u8]) -> Vec<u8> {
    [kind.as_bytes(), b"/", row].concat()
}

/// A system text without values as one page that ends a dialogue, in a language as the gateway can carry it.
fn said(program: &Program, text: SystemText, language: LanguageId, profile: &Profile) -> String {
    let language = if profile.limits.units.is_none() { program.language(language).plain } else { language };
    let screen = Screen::bare(ScreenKind::End, program.system(text).of(language).literal().into_owned(), language);
    let layout = ussd::lay_out(&screen, profile.limits, &KeyLabels::of(program, language));
    layout.pages.into_iter().next().unwrap_or_default()
}
