//! All tests of the program but those on real series, as one: it links once.

mod backtest;
mod breaker;
mod changes;
mod common;
mod conclusions;
mod crashes;
mod decode;
#[cfg(feature = "chain")]
mod deploy;
mod fit;
mod infer;
mod input;
mod nothing_tested;
#[cfg(feature = "chain")]
mod operator;
mod page;
mod price_files;
mod report;
mod scenarios;
mod seeds;
mod yields;
