//! What sets the runs of one scenario apart.

use std::fmt;

/// What sets a run apart from another of the same scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// The scenario as it is.
    BreakerOn,
    /// The same, where it is set beside other parameters.
    AsWritten,
    /// Without a breaker: the first source raw, no price ever judged wrong.
    BreakerOff,
    /// With the parameters of this file laid over the scenario's.
    Against(String),
}

impl Setting {
    /// Whether the shipped breaker is in place.
    pub fn breaker_on(&self) -> bool {
        *self != Self::BreakerOff
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BreakerOn => f.write_str("with the breaker"),
            Self::AsWritten => f.write_str("with the scenario's parameters"),
            Self::BreakerOff => f.write_str("without a breaker"),
            Self::Against(file) => write!(f, "with {file}"),
        }
    }
}
