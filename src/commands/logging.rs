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
