//! Tools for those who write menus, beside `check`. Nothing here serves anybody.

pub mod schema;
