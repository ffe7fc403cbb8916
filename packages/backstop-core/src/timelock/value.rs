//! A parameter's value, as far as a rule compares it.

use std::fmt::Display;

use backstop_types::breaker::MarketState;
use backstop_types::{Assets, Bps, Patch, Price, Seconds, Shares};
use cosmwasm_std::Decimal;

/// A value that can be compared with another of its kind.
pub(super) trait Value: PartialEq {
    /// Its place among others, where it has one; only those of one kind are compared.
    fn rank(&self) -> Option<u128>;

    /// Whether there is none.
    fn is_none(&self) -> bool {
        false
    }

    /// It as text; nothing for none.
    fn text(&self) -> Option<String>;
}

macro_rules! values {
    ($($type:ty: $value:ident => $rank:expr;)*) => { $(
        impl Value for $type {
            fn rank(&self) -> Option<u128> {
                let $value = self;
                $rank
            }

            fn text(&self) -> Option<String> {
                Some(self.to_string())
            }
        }
    )* };
}

values! {
    bool: it => Some(u128::from(*it));
    u32: it => Some(u128::from(*it));
    u64: it => Some(u128::from(*it));
    Bps: it => Some(u128::from(it.0));
    Seconds: it => Some(u128::from(it.0));
    Assets: it => Some(it.u128());
    Shares: it => Some(it.u128());
    Decimal: it => Some(it.atomics().u128());
    Price: it => Some(it.0.atomics().u128());
    MarketState: it => Some(u128::from(MarketState::rank(*it)));
    String: _it => None;
}

impl<T: Value + Display> Value for Patch<T> {
    fn rank(&self) -> Option<u128> {
        match self {
            Self::Set(value) => value.rank(),
            Self::Remove {} => None,
        }
    }

    fn is_none(&self) -> bool {
        matches!(self, Self::Remove {})
    }

    fn text(&self) -> Option<String> {
        match self {
            Self::Set(value) => value.text(),
            Self::Remove {} => None,
        }
    }
}
