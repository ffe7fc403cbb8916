//! How the programs write on a terminal.

mod digits;
mod paint;

pub use digits::grouped;
pub use paint::Paint;
