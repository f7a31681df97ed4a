//! Everything that is tested from outside, in one binary.

mod demo;
mod diagnostics;
mod durability;
mod envelope;
mod explained;
mod floors;
mod folder;
mod graph;
mod guide;
mod hooks;
mod keys;
mod metrics;
mod midst;
mod misspelt;
mod new;
mod phones;
mod privacy;
mod server;
mod settings;
mod shells;
mod spoilt_menus;
mod stage;
mod store_contract;
mod store_sqlite;
mod translate;
mod watch;
