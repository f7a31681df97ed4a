//! Structured logs, for people or as JSON. What is never logged stands in `docs/operations.md`.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::settings::LogFormat;

/// Our own at `info`, other crates' only when something is wrong: sqlx would log statements with what they hold.
const FILTER: &str = "warn,gramsetu=info,sqlx=error";

/// Begins to log to standard error. `RUST_LOG` changes what is logged; a second call changes nothing.
pub(super) fn begin(format: LogFormat) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(FILTER));
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_span_events(FmtSpan::CLOSE).with_writer(std::io::stderr);
    let begun = match format {
        LogFormat::Human => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    // Only tests that run several commands in one process come here twice.
    drop(begun);
}

/// From here on a defect is told by its place alone: its own words may quote what a citizen typed, or a secret.
pub(super) fn tell_defects_by_place() {
    std::panic::set_hook(Box::new(|defect| {
        let place = defect.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        // Before the log has begun, and where its own writer failed, this is all that is said.
        if tracing::enabled!(tracing::Level::ERROR) {
            tracing::error!(%place, "A defect");
        } else {
            super::out::remark(format!("gramsetu: a defect at {place}\n"));
        }
    }));
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// Run in a process of its own by the test below, since a panic hook is the whole process's.
    #[test]
    #[ignore = "fails on purpose"]
    fn a_defect_that_quotes() {
        tell_defects_by_place();
        panic!("{}", ["zq-", "typed"].concat());
    }

    #[test]
    fn defects_are_told_by_their_place_alone() {
        let test = "commands::logging::tests::a_defect_that_quotes";
        let own = std::env::current_exe().expect("this program");
        let output = Command::new(own).args([test, "--exact", "--ignored", "--nocapture"]).output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success() && told.contains("a defect at src/commands/logging.rs:"), "{told}");
        assert!(!told.contains("zq-"), "{told}");
    }
}
