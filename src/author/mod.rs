//! Tools for those who write menus, beside `check`: what they explain, draw, change or make is text, planned here and written by the
//! commands. Nothing here serves anybody.

pub mod dlt;
mod edit;
pub mod explain;
pub mod graph;
pub mod new;
pub mod po;
pub mod schema;
pub mod translate;
