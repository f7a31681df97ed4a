//! How aggregators speak: callbacks in, replies out. Knows nothing about menus.
//!
//! A family of protocols is Rust; a profile of it is a YAML file that picks from closed enums and names fields. Shipped
//! profiles are in `src/gateway/profiles/`, an operator's own in the menus folder under `gateways/`.

mod decode;
mod encode;
mod profile;

pub use decode::{Callback, DecodeError, Input, Received, Request, Turn, decode};
pub use encode::{HttpReply, Reply, encode};
pub use profile::{Profile, read_profile, shipped};
