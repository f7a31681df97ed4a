//! How gateways speak SMS and missed calls: requests out, their answers, and what comes in. Pure: no I/O, no clock.
//!
//! A message profile is a YAML file like those of USSD, told apart by its key `speaks: messages`; a gateway may have one of
//! each under one name. It picks from closed enums and names fields; what only one gateway does is a named codec in Rust.
//!
//! ```text
//! profile      what a profile says, as types             read_profile   a YAML file as a profile
//! write        the request that hands a message over     template       its fields, with slots
//! answer       what the gateway's answer means           fields         the fields of what comes in
//! inbound      messages of citizens                      receipts       what became of messages
//! missed       missed calls                              caller, times  who wrote or called, and when
//! signature    who sent it                               acknowledge    what it is answered
//! mobileseva   what only that gateway does               carrier        the other end, for trying it out
//! ```

mod acknowledge;
mod answer;
mod caller;
mod carrier;
mod fields;
mod inbound;
mod missed;
mod mobileseva;
mod profile;
mod read_profile;
mod receipts;
mod shipped;
mod signature;
mod template;
mod times;
mod types;
mod write;

pub use caller::callee;
pub use carrier::{Carrier, Sent, TakeError, Taken};
pub use profile::MessageProfile;
pub use read_profile::read_message_profile;
pub use shipped::{shipped_messages, shipped_messages_names};
pub use types::{
    Again, Answer, Caller, Capabilities, Hook, Inbound, MissedCall, OutRequest, RawAnswer, RawRequest, Receipt,
    ReceiptStatus, RouteFacts, Unverified, WriteError,
};

pub(super) use read_profile::{CHARACTERS, SPEAKS, choices, read, speaks};

#[cfg(test)]
mod tests;
