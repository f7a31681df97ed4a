//! Tools for those who write menus: what they change or make is text, planned here and written by the commands.

pub mod new;
