//! Rewards of several denoms, shared by active shares over time. The
//! arithmetic is exact: amounts are held in 2⁻¹²⁸ base units, every division
//! carries its remainder, and only a payment rounds. So it makes no difference
//! how often anybody looks.
//!
//! A [`Clock`] counts the seconds with somebody staked. A [`Flow`] folds all
//! [`Stream`]s of one denom into one rate and an index, what one share has earned.
//! An [`Account`] is one staker's shares and rewards. A [`Ledger`] holds the
//! clock and the flows together and keeps the records' sum.
//!
//! # Why nothing overflows
//!
//! With F the base units that were funded in a denom and not refunded,
//! F ≤ 2¹²⁸ − 1 (the caller checks), everything that streams, carries and
//! accounts hold, the accounts also by what they have not settled yet, sums to at
//! most F × 2¹²⁸ ≤ 2²⁵⁶ − 2¹²⁸ at every moment: a refund takes from a stream what
//! it takes from F, and a payment only takes. A rate times the seconds that it
//! runs is what a stream holds, and where rates turn the falls are taken before
//! the rises; a staker's shares times the growth of the index
//! since the last settlement is what the staker is allotted of it: both are
//! parts of that sum and fit in 256 bits. The index itself is a counter modulo
//! 2²⁵⁶, of which only differences are used, because what is returned and
//! released again, and what is funded again after a refund, may turn it further
//! than F.
//!
//! # What is rounded
//!
//! A carry is less than the recorded shares, below 2¹²⁸, so less than one base
//! unit of a denom is between its streams and its stakers; until the next second
//! the fraction of a refund is there too. A payment
//! rounds down and leaves the fraction owed.

mod account;
mod clock;
mod flow;
mod ledger;
#[cfg(test)]
mod properties;
mod stream;
mod yields;

pub use account::{Account, Accrual};
pub use clock::{Clock, MAX_WEEKS, WEEK, grid, least, reaches, week_of};
pub use flow::{Flow, MAX_CHANGES, per_second};
pub use ledger::{Ledger, Returned};
pub use stream::{Edges, RateChange, Stopped, Stream, Turn};
pub use yields::{MAX_DECIMALS, Unit, YEAR, value_a_year, yield_in_kind};

use backstop_types::Seconds;
use cosmwasm_std::{
    CheckedMultiplyRatioError, ConversionOverflowError, DivideByZeroError, OverflowError, Uint128, Uint256,
};
use thiserror::Error;

/// One base unit in the scale that amounts are held in: 2¹²⁸.
pub const SCALE: Uint256 = Uint256::from_be_bytes([
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/// What stops a step. None can happen while the sums hold.
#[derive(Error, Debug, PartialEq)]
pub enum RewardsError {
    /// More than fits.
    #[error("rewards: {0}")]
    Overflow(#[from] OverflowError),
    /// Shared among nobody.
    #[error("rewards: {0}")]
    DivideByZero(#[from] DivideByZeroError),
    /// More than a payment can hold.
    #[error("rewards: {0}")]
    Conversion(#[from] ConversionOverflowError),
    /// A fraction that has no value or does not fit.
    #[error("rewards: {0}")]
    Ratio(#[from] CheckedMultiplyRatioError),
    /// A stake or a stream would change before the flow has been advanced.
    #[error("rewards: denom {slot} was advanced to {at} s of staked time: must be {staked} s")]
    Behind {
        /// The denom's place in the ledger.
        slot: u8,
        /// Up to when it was advanced.
        at: Seconds,
        /// The clock.
        staked: Seconds,
    },
    /// There is no such denom in the ledger.
    #[error("rewards: denom {slot} is not in the ledger")]
    NoFlow {
        /// The place asked for.
        slot: u8,
    },
}

/// `amount` base units in the scale of the ledger.
pub fn scaled(amount: Uint128) -> Result<Uint256, RewardsError> {
    Ok(Uint256::from(amount).checked_mul(SCALE)?)
}

/// The whole base units in `scaled`, rounded down.
pub fn whole(scaled: Uint256) -> Result<Uint128, RewardsError> {
    Ok(Uint128::try_from(scaled.checked_div(SCALE)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_amount_fits_the_scale_and_comes_back() {
        for amount in [0, 1, 7, u128::MAX] {
            let amount = Uint128::new(amount);
            assert_eq!(whole(scaled(amount).unwrap()), Ok(amount));
        }
        assert_eq!(SCALE, Uint256::from(2u128).checked_pow(128).unwrap());
        assert_eq!(whole(Uint256::MAX), Ok(Uint128::MAX));
    }
}
