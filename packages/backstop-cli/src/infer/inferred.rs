//! What was found out from price files.

use backstop_prices::{PriceFile, Wanted};

use super::figures::Span;

/// All that a scenario's text is written from.
pub struct Inferred {
    pub name: String,
    pub title: String,
    pub market: String,
    pub market_why: String,
    pub asset: String,
    pub span: Span,
    /// How deep the deepest fall is, and when, in seconds since the epoch.
    pub fall: (f64, u64),
    pub sources: Vec<Source>,
}

/// One file as a source.
pub struct Source {
    pub name: String,
    /// Relative to the scenario.
    pub csv: String,
    pub file: PriceFile,
    /// How it is read where it does not say so itself.
    pub wanted: Wanted,
}
