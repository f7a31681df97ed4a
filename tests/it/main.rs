//! Everything that is tested from outside, in one binary.

mod diagnostics;
mod floors;
mod folder;
mod guide;
mod spoilt_menus;
mod store_contract;
mod store_sqlite;
