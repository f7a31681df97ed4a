//! What was answered stays answered, and citizens are spoken to, while nodes and the PostgreSQL under them die.

mod cancelled;
mod claims;
mod killed;
mod load;
mod nodes;
mod promoted;
mod rivals;
mod upkeep;
