//! `backstop keeper`: does what anybody may do and somebody has to.

use backstop_operator::Error;
use backstop_operator::keeper::{self, Options};

use crate::args::operator::KeeperArgs;
use crate::error::BadInput;
use crate::exit::Exit;

/// Keeps until it is told to end, or for one round.
pub fn run(args: &KeeperArgs) -> Result<Exit, BadInput> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Error::System)?;
    let options = Options {
        once: args.once,
        dry_run: args.dry_run,
        key_file: args.key_file.clone(),
    };
    let good = runtime.block_on(keeper::run(&args.config, options))?;
    Ok(if good { Exit::Good } else { Exit::Failed })
}
