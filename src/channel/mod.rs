//! How a screen is laid out for a phone and an answer read back: one file per channel.

pub mod ussd;
