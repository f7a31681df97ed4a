//! The PostgreSQL store: any number of nodes over one database.

mod address;

pub use address::Address;
