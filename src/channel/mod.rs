//! How a screen is laid out for a phone and an answer read back, and what a text means that began no conversation: one file per
//! channel.

pub mod sms;
pub mod ussd;
