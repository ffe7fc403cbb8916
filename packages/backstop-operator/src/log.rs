//! The keeper's log, on standard error.

use tracing_subscriber::EnvFilter;

use crate::config::Log;
use crate::error::{Error, Result};

/// Begins to log. A second call changes nothing.
pub fn begin(log: &Log) -> Result<()> {
    let filter = log.filter.as_deref().unwrap_or("info");
    let filter: EnvFilter = filter
        .parse()
        .map_err(|_| Error::setting("log.filter", filter, "such as info, or backstop_operator=debug"))?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // Another subscriber is a test's or an embedding program's, which keeps its own.
    let _ = if log.json {
        subscriber.json().flatten_event(true).try_init()
    } else {
        subscriber.try_init()
    };
    Ok(())
}
