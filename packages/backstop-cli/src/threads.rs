//! So many threads, where `--jobs` asks for another number than one for each core.

use crate::error::BadInput;

/// A pool of so many.
pub fn pool(jobs: u16) -> Result<rayon::ThreadPool, BadInput> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build();
    pool.map_err(|error| BadInput::Argument {
        argument: "--jobs".to_string(),
        value: jobs.to_string(),
        bound: format!("as many threads as there can be: {error}"),
        next: "give a smaller number".to_string(),
    })
}
