//! `backstop-localnet`: see `scripts/localnet`.

use backstop_localnet::cli::{Args, Exit, run};
use clap::Parser;

fn main() -> Exit {
    run(&Args::parse())
}
