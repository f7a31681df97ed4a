//! Everything that is tested from outside, in one binary.

mod diagnostics;
mod durability;
mod floors;
mod folder;
mod phones;
mod server;
mod store_contract;
mod store_sqlite;
