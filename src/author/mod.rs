//! Tools for people who write menus, beside proving them.

pub mod explain;
