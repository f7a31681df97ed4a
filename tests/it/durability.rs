//! What was answered stays answered: through kills, through stops, and on the disk before the reply leaves.

mod bookings;
pub(crate) mod kills;
mod stops;
#[cfg(target_os = "linux")]
mod traced;
