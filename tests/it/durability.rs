//! What was answered stays answered: through kills, through stops, and on the disk before the reply leaves.

mod bookings;
mod kills;
mod stops;
#[cfg(target_os = "linux")]
mod traced;
pub(crate) mod walk;

pub(crate) use kills::patient_menus;
