//! The PostgreSQL store: any number of nodes over one database.

mod address;
mod scratch;

pub use address::Address;
pub use scratch::Scratch;
