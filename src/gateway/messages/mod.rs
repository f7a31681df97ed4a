//! How gateways speak SMS and missed calls: requests out, their answers, and what comes in. Pure: no I/O, no clock.
//!
//! A message profile is a YAML file like those of USSD, told apart by its key `speaks: messages`; a gateway may have one of
//! each under one name. It picks from closed enums and names fields; what only one gateway does is a named [`profile::Codec`].
//!
//! ```text
//! profile      what a profile says, as types             read_profile   a YAML file as a profile
//! write        the request that hands a message over     template       its fields, with slots
//! answer       what the gateway's answer means           fields         the fields of what comes in
//! inbound      messages of citizens                      receipts       what became of messages
//! missed       missed calls                              caller         who wrote or called
//! signature    who sent it                               aggregator     the other end, for trying it out
//! ```

mod types;

pub use types::{
    Again, Answer, Caller, Capabilities, Hook, Inbound, MissedCall, OutRequest, PartOf, RawAnswer, RawRequest, Receipt,
    ReceiptStatus, RouteFacts, Unverified, WriteError,
};
