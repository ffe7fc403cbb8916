//! What each operation costs on a chain: the program behind `scripts/bench`. It
//! starts one wasmd node, sets up ours and its peers, sends one transaction
//! after the other, and reads what each was charged for.

pub mod args;
pub mod chain;
pub mod error;
pub mod figures;
pub mod measure;
pub mod progress;
pub mod report;
pub mod world;

pub use error::{Error, Result};

use args::Args;
use report::Report;

/// Runs the bench: the whole report, or the first thing that went wrong.
pub fn run(args: &Args) -> Result<Report> {
    let wasm = world::Wasm::find(&args.wasm, &args.peers)?;
    let mut world = world::World::start(args, &wasm)?;
    measure::all(&mut world, args)?;
    Ok(Report::of(world, &wasm))
}
