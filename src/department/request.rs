//! A request from an operation and the values given to it, escaped for where they go.

use super::HttpRequest;
use crate::engine::CallRequest;
use crate::menu::Program;

/// `intent` fills the value of that name in operations that others are settled by.
pub fn build(_program: &Program, _call: &CallRequest, _idempotency_key: Option<&str>) -> HttpRequest {
    unimplemented!()
}
