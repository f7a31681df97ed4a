//! How aggregators speak: callbacks in, replies out; messages and missed calls. Knows nothing about menus.
//!
//! A family of protocols is Rust; a profile of it is a YAML file that picks from closed enums and names fields. Shipped
//! profiles are in `src/gateway/profiles/`, an operator's own in the menus folder under `gateways/`;
//! `docs/gateways.md` explains every key.
//!
//! ```text
//! profile      what a profile says, as types          read_profile   a YAML file as a profile
//! fields       query, form, JSON, XML as flat fields  codes          what can be wrong with a profile
//! decode       a callback's bytes as a turn           skeleton       JSON and XML replies with slots
//! shapes       which keys a profile's maps have
//! encode       a reply's bytes                        aggregator     the other end, for trying it out
//! shipped      the profiles of the program
//! messages     SMS and missed calls                  any            a profile of either kind
//! ```
//!
//! Nothing here keeps state, and nothing here knows whether a dialogue is known: where a gateway does not say that a
//! callback is a dialogue's first one, the turn does not say it either (`begins: None`) and the bridge asks its store.

mod aggregator;
mod any;
mod codes;
mod decode;
mod encode;
mod fields;
pub mod messages;
mod profile;
mod read_profile;
pub mod shapes;
mod shipped;
mod skeleton;

pub use aggregator::{Aggregator, Doing, Outbound, ReadError, WireReply};
pub use any::{AnyProfile, read_any};
pub use codes::ALL as CODES;
pub use decode::{Callback, DecodeError, Echoed, Input, Received, Request, Turn, decode};
pub use encode::{HttpReply, Reply, encode};
pub use profile::{FirstInput, Profile, SameHistory};
pub use read_profile::read_profile;
pub use shipped::{shipped, shipped_names};

#[cfg(test)]
mod tests;
