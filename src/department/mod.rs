//! Calling departments: requests from operations, deadlines, retries of reading calls, breaker and bulkhead per department,
//! cache, answers read into typed values. And the sandbox departments that `demo` and dialogues call.

mod answer;
mod calls;
mod request;
pub mod sandbox;
mod transport;

pub use answer::read_answer;
pub use calls::{Budget, Departments, Policy, Settings};
pub use request::build;
pub use transport::{Http, HttpAnswer, HttpRequest, Transport, TransportError};
