//! How one parameter is judged.

use backstop_types::timelock::{Direction, FieldChange};

use super::value::Value;

/// Why a change of no value is neutral.
pub(super) const STAYS: &str = "stays as it is";

/// Which change of a parameter raises stakers' risk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raises {
    /// More of it, or none where it may be none.
    More,
    /// Less of it, or none where it may be none.
    Less,
    /// Any change: no direction is clearly safe.
    Any,
    /// Another or none in place of one. To name the first lowers it.
    Replaced,
    /// No change.
    Never,
}

/// A parameter's rule, with the reason for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What raises the risk.
    pub raises: Raises,
    /// Why.
    pub reason: &'static str,
}

impl Rule {
    /// More, or none, raises.
    pub const fn more(reason: &'static str) -> Self {
        let raises = Raises::More;
        Self { raises, reason }
    }

    /// Less, or none, raises.
    pub const fn less(reason: &'static str) -> Self {
        let raises = Raises::Less;
        Self { raises, reason }
    }

    /// Any change raises.
    pub const fn any(reason: &'static str) -> Self {
        let raises = Raises::Any;
        Self { raises, reason }
    }

    /// Another, or none, in place of one raises.
    pub const fn replaced(reason: &'static str) -> Self {
        let raises = Raises::Replaced;
        Self { raises, reason }
    }

    /// No change raises.
    pub const fn never(reason: &'static str) -> Self {
        let raises = Raises::Never;
        Self { raises, reason }
    }

    /// What a change of this parameter does. One that the contract did not tell raises.
    pub(super) fn judge<T: Value>(self, field: &str, from: Option<&T>, to: &T) -> FieldChange {
        let direction = match from {
            None => Direction::Raises,
            Some(from) => self.direction(from, to),
        };
        let reason = match from {
            Some(from) if from == to => STAYS,
            _ => self.reason,
        };
        FieldChange {
            field: field.to_string(),
            from: from.and_then(Value::text),
            to: to.text(),
            direction,
            reason: reason.to_string(),
        }
    }

    fn direction<T: Value>(self, from: &T, to: &T) -> Direction {
        if from == to {
            return Direction::Neutral;
        }
        let raised = match self.raises {
            Raises::Never => return Direction::Neutral,
            Raises::Any => true,
            Raises::Replaced => !from.is_none(),
            Raises::More => to.is_none() || (!from.is_none() && to.rank() > from.rank()),
            Raises::Less => to.is_none() || (!from.is_none() && to.rank() < from.rank()),
        };
        if raised {
            Direction::Raises
        } else {
            Direction::Lowers
        }
    }
}
