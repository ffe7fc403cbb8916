//! The program around the library.

mod args;
mod command;
mod exit;
mod out;
mod play;
mod progress;
mod status;
mod web;

pub use args::{Args, Command};
pub use command::run;
pub use exit::Exit;
