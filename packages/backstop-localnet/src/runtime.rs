//! Where the client's questions run: in this thread, one at a time.

use tokio::runtime::{Builder, Runtime};

use crate::error::{Error, Result};

/// A runtime of this thread.
pub fn runtime() -> Result<Runtime> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.map_err(Error::file("the runtime"))
}
