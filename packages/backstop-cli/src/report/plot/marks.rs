//! What happened at a moment, as marks at the edges of a drawing.

use backstop_replay::record::{Record, Transition};
use backstop_types::breaker::MarketState;
use plotters::style::RGBColor;

use super::palette::{TRIPPED, UNCOVERED};

/// Moments at which one kind of thing happened.
#[derive(Debug, Clone)]
pub struct Marks {
    /// What happened.
    pub name: String,
    /// The colour.
    pub color: RGBColor,
    /// At which edge of the drawing they stand.
    pub edge: Edge,
    /// When, in seconds.
    pub at: Vec<f64>,
}

/// An edge of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// Above.
    Top,
    /// Below.
    Bottom,
}

/// When the market tripped, and when the pool answered a shortfall.
pub fn marks(record: &Record) -> Vec<Marks> {
    let tripped = |state: MarketState| matches!(state, MarketState::Tripped | MarketState::Latched);
    let into = |change: &&Transition| tripped(change.to) && !tripped(change.from);
    let trips = record.breaker.transitions.iter().filter(into);
    let kinds = [
        Marks {
            name: "trip".to_string(),
            color: TRIPPED,
            edge: Edge::Top,
            at: trips.map(|change| change.time.seconds() as f64).collect(),
        },
        Marks {
            name: "shortfall".to_string(),
            color: UNCOVERED,
            edge: Edge::Bottom,
            at: record
                .shortfalls
                .answers
                .iter()
                .map(|answer| answer.time.seconds() as f64)
                .collect(),
        },
    ];
    kinds.into_iter().filter(|marks| !marks.at.is_empty()).collect()
}
