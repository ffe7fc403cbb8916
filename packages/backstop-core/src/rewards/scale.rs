//! The scale in which rewards are counted, and what can stop a step.

use backstop_types::Seconds;
use cosmwasm_std::{
    CheckedMultiplyRatioError, ConversionOverflowError, DivideByZeroError, OverflowError, Uint128, Uint256,
};
use thiserror::Error;

/// One base unit in the scale in which amounts are counted: 2¹²⁸.
pub const SCALE: Uint256 = Uint256::from_be_bytes([
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);

/// What stops a step. None can happen while the sums are right.
#[derive(Error, Debug, PartialEq)]
pub enum RewardsError {
    /// More than fits.
    #[error("rewards: {0}")]
    Overflow(#[from] OverflowError),
    /// Shared among nobody.
    #[error("rewards: {0}")]
    DivideByZero(#[from] DivideByZeroError),
    /// More than a payment can carry.
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
