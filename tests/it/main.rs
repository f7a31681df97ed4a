//! Everything that is tested from outside, in one binary.

mod demo;
mod diagnostics;
mod durability;
mod envelope;
mod floors;
mod folder;
mod guide;
mod hooks;
mod metrics;
mod midst;
mod phones;
mod privacy;
mod server;
mod settings;
mod spoilt_menus;
mod stage;
mod store_contract;
mod store_sqlite;
