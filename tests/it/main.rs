mod floors;
mod store_contract;
mod store_sqlite;
