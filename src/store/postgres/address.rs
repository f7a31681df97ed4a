//! Where a PostgreSQL is: one or more hosts, of which one is the primary.

use std::fmt;
use std::str::FromStr;

use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;

use crate::store::database::DatabaseError;

/// How each of the hosts is reached; all have the same database, user and password.
#[derive(Clone)]
pub struct Address {
    hosts: Vec<PgConnectOptions>,
}

impl Address {
    /// In the order in which they were named; never empty.
    pub fn hosts(&self) -> &[PgConnectOptions] {
        &self.hosts
    }

    /// The same hosts, where unqualified names are those of one schema, and no commit waits for a disk.
    pub(super) fn within(&self, schema: &str) -> Self {
        let options = [("search_path", schema), ("synchronous_commit", "off")];
        let hosts = self.hosts.iter().map(|host| host.clone().options(options));
        Self { hosts: hosts.collect() }
    }
}

/// As libpq writes several hosts (PostgreSQL 15, section 34.1.1.2), which the address of a single one lacks:
/// `postgres://user:password@host1:5432,host2/name?sslmode=verify-full`.
impl FromStr for Address {
    type Err = DatabaseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |what: &str| DatabaseError::Address(what.to_owned());
        let (_, rest) = text.split_once("://").ok_or_else(|| wrong("it has no `://`"))?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        // Else a part of the password would pass for a port and a name, which are shown.
        if path.contains(['@', '#']) {
            return Err(wrong("a `/`, `?`, `#` or `@` is not where it may stand"));
        }
        let (login, hosts) = match authority.rsplit_once('@') {
            Some((login, hosts)) => (format!("{login}@"), hosts),
            None => (String::new(), authority),
        };
        let host = |host: &str| {
            let one = format!("postgres://{login}{host}{path}").parse::<PgConnectOptions>();
            // Its own words may quote what stands in the address.
            let one = one.map_err(|_| wrong("a host, port or option is not written as one"))?;
            // An address of IPv6 stands in brackets in an URL, and nowhere else.
            let bare = one.get_host().trim_matches(['[', ']']).to_owned();
            let one = one.host(&bare);
            // Statements are constant, and their parameters nobody's business.
            Ok(one.application_name("gramsetu").disable_statement_logging())
        };
        Ok(Self { hosts: hosts.split(',').map(host).collect::<Result<_, _>>()? })
    }
}

/// `db1:5432`, `[::1]:5432`
pub(super) fn host_and_port(host: &PgConnectOptions) -> String {
    match (host.get_host(), host.get_port()) {
        (address, port) if address.contains(':') => format!("[{address}]:{port}"),
        (name, port) => format!("{name}:{port}"),
    }
}

/// The hosts and the database, without user and password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        for (place, host) in self.hosts.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{}", host_and_port(host))?;
        }
        let name = self.hosts.first().and_then(PgConnectOptions::get_database);
        write!(f, "/{}", name.unwrap_or_default())
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_hosts_have_their_ports_and_one_login() {
        let address: Address =
            "postgres://u:p%40ss@db1:6432,db2,[::1]:7000/state?sslmode=require".parse().expect("hosts");
        assert_eq!(address.to_string(), "postgres://db1:6432,db2:5432,[::1]:7000/state");
        let bare: Vec<&str> = address.hosts().iter().map(PgConnectOptions::get_host).collect();
        assert_eq!(bare, ["db1", "db2", "::1"]);
        assert!(address.hosts().iter().all(|host| host.get_username() == "u"));
    }

    #[test]
    fn nothing_of_a_wrong_address_is_told() {
        for wrong in ["postgres://u:secret@host:port/x", "postgres://u:secret@host/x?sslmode=perhaps"] {
            let error = wrong.parse::<Address>().expect_err("it cannot be reached").to_string();
            assert!(!error.contains("secret"), "{error}");
        }
        for cut in ["postgres://u:12/secret@host/x", "postgres://u:12?secret@host/x", "postgres://u:12#secret@host/x"] {
            let error = cut.parse::<Address>().expect_err("the password is cut").to_string();
            assert!(!error.contains("secret") && !error.contains("12"), "{error}");
        }
        let address: Address = "postgres://u:secret@host/x".parse().expect("a host");
        assert!(!format!("{address:?}").contains("secret"));
    }
}
