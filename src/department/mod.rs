//! Calling departments: requests from operations, deadlines, retries of reading calls, breaker and bulkhead per department,
//! cache, answers read into typed values. And the sandbox departments that `demo` and dialogues call.
//!
//! A call goes `calls` → `request` → `transport` → `answer`, both ways in an `envelope` where the department has one; `desk` holds what is kept about a department between calls
//! (with its breaker), `settle` fits an answer about a doubtful call to that call. Which receipt a citizen gets for such a
//! call, and when it is asked after, is not decided here (`bridge`).

mod answer;
mod calls;
mod desk;
pub mod envelope;
mod observer;
mod request;
pub mod sandbox;
mod settle;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod transport;

pub use answer::{read_answer, read_failure};
pub use calls::{Budget, Departments, Policies, Policy};
pub use envelope::Envelope;
pub use observer::{NoObserver, Observer};
pub use request::{RequestError, build};
pub use transport::{Address, Http, HttpRequest, Transport};
