//! How a run went, as a colour says it.

use backstop_replay::record::Record;

/// Of an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// All was tested, and nobody lost anything.
    Good,
    /// What was missing was borne within the limits.
    Borne,
    /// Something was not covered, was left below zero, failed or was not tested.
    Bad,
}

impl Tone {
    /// Of a run; `checked` says whether all that was checked held.
    pub fn of(record: &Record, checked: bool) -> Self {
        let bearers = &record.bearers;
        let hole = record.exchange.underwater_at_market;
        let uncovered = record.shortfalls.uncovered;
        if !checked || !record.untested.is_empty() || !uncovered.is_zero() || !hole.is_zero() {
            return Self::Bad;
        }
        let borne = [
            bearers.pool,
            bearers.winners,
            bearers.providers,
            bearers.open.sum(),
        ];
        match borne.iter().all(|part| part.is_zero()) && record.vault.granted == record.vault.recovered {
            true => Self::Good,
            false => Self::Borne,
        }
    }

    /// Its class on the page.
    pub fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Borne => "warn",
            Self::Bad => "bad",
        }
    }
}
