//! How a replay went, for drawings: a fixed number of columns however long it
//! was, each with the extremes and the last value of its blocks, so that a
//! print of one block is still seen in a replay of a year.

use backstop_prices::decimal::double;
use backstop_types::Assets;
use backstop_types::breaker::{Band, MarketState};
use cosmwasm_std::{StdResult, Timestamp};

use super::PoolSnapshot;
use crate::chain::Chain;
use crate::sources::Feeds;

/// Columns at most.
const COLUMNS: u64 = 720;

/// The columns in order.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// The sources' names.
    pub sources: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    blocks: u64,
}

/// Some blocks in a row.
#[derive(Debug, Clone)]
pub struct Column {
    /// The last block's time.
    pub time: Timestamp,
    /// The breaker's median.
    pub median: Span,
    /// The low end of its band.
    pub low: Span,
    /// The high end of its band.
    pub high: Span,
    /// What each source had published last.
    pub sources: Vec<Span>,
    /// The most severe state of the breaker; none where it is off.
    pub state: Option<MarketState>,
    /// The most that open positions were below zero at the market's price.
    pub hole: Assets,
    /// The pool after the last block.
    pub pool: PoolSnapshot,
}

/// The values of a column; not numbers where there was none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// The lowest.
    pub min: f64,
    /// The highest.
    pub max: f64,
    /// The last.
    pub last: f64,
}

impl Default for Span {
    fn default() -> Self {
        Self {
            min: f64::NAN,
            max: f64::NAN,
            last: f64::NAN,
        }
    }
}

impl Span {
    fn add(&mut self, value: f64) {
        // `min` and `max` of a number and no number are the number.
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        self.last = value;
    }
}

impl Timeline {
    /// Of a replay of `blocks` blocks.
    pub fn new(sources: Vec<String>, blocks: u64) -> Self {
        Self {
            sources,
            columns: vec![],
            blocks,
        }
    }

    /// Notes how things stand after a block, counted from zero.
    pub fn note(&mut self, block: u64, chain: &Chain, feeds: &Feeds) -> StdResult<()> {
        let columns = COLUMNS.min(self.blocks);
        let place =
            |block: u64| (u128::from(block) * u128::from(columns) / u128::from(self.blocks.max(1))) as usize;
        let last = place(block + 1) != place(block);
        if self.columns.len() <= place(block) {
            self.columns.push(Column {
                time: Timestamp::default(),
                median: Span::default(),
                low: Span::default(),
                high: Span::default(),
                sources: vec![Span::default(); self.sources.len()],
                state: None,
                hole: Assets::ZERO,
                pool: PoolSnapshot::default(),
            });
        }
        let Some(column) = self.columns.last_mut() else {
            return Ok(());
        };
        column.time = chain.time();
        column.median.add(chain.median.unwrap_or(f64::NAN));
        let band =
            |end: fn(Band) -> backstop_types::Price| chain.band.map_or(f64::NAN, |band| double(end(band).0));
        column.low.add(band(|band| band.low));
        column.high.add(band(|band| band.high));
        column.state = more_severe(column.state, chain.state);
        column.hole = column.hole.max(chain.unseen.now);
        for (span, value) in column.sources.iter_mut().zip(feeds.last()) {
            span.add(value.unwrap_or(f64::NAN));
        }
        if last {
            column.pool = PoolSnapshot::now(chain)?;
        }
        Ok(())
    }

    /// One value a column.
    pub fn series(&self, value: impl Fn(&Column) -> f64) -> Vec<f64> {
        self.columns.iter().map(value).collect()
    }
}

/// How severe a state is.
pub fn severity(state: Option<MarketState>) -> u8 {
    state.map_or(0, |state| state.rank().saturating_add(1))
}

fn more_severe(one: Option<MarketState>, other: Option<MarketState>) -> Option<MarketState> {
    if severity(other) > severity(one) {
        other
    } else {
        one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_keeps_extremes_and_forgets_what_is_no_number() {
        let mut span = Span::default();
        [f64::NAN, 3.0, 1.0, 2.0]
            .into_iter()
            .for_each(|value| span.add(value));
        assert_eq!((span.min, span.max, span.last), (1.0, 3.0, 2.0));
        span.add(f64::NAN);
        assert_eq!((span.min, span.max), (1.0, 3.0));
        assert!(span.last.is_nan());
    }
}
