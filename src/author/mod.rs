//! Tools for those who write menus, beside `check`: what they change or make is text, planned here and written by the
//! commands. Nothing here serves anybody.

pub mod new;
pub mod schema;
