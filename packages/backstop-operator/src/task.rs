//! The names of what the keeper does, as settings, metrics and logs have them.

use std::fmt;

/// One thing that the keeper does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Task {
    /// Pokes the breaker's markets.
    Poke,
    /// Serves an exchange.
    Perps,
    /// Settles claims.
    Settle,
    /// Applies due changes in the timelock.
    Changes,
    /// Passes on premiums that are earned.
    Premium,
    /// Brings the distributor up to date.
    Advance,
    /// Withdraws tickets of others.
    Tickets,
}

impl Task {
    /// In the order in which a round does them: what a minute changes first.
    pub const ALL: [Self; 7] = [
        Self::Poke,
        Self::Perps,
        Self::Settle,
        Self::Changes,
        Self::Premium,
        Self::Advance,
        Self::Tickets,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Poke => "poke",
            Self::Perps => "perps",
            Self::Settle => "settle",
            Self::Changes => "changes",
            Self::Premium => "premium",
            Self::Advance => "advance",
            Self::Tickets => "tickets",
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
