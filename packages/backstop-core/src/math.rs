//! Multiply, then divide, in 256 bits with a 512-bit product: the one piece of
//! arithmetic under every formula here. The rounding is in the name.

use cosmwasm_std::{
    CheckedMultiplyRatioError, ConversionOverflowError, DivideByZeroError, OverflowError, Uint128, Uint256,
};
use thiserror::Error;

/// A number that does not fit, or a division by nothing.
#[derive(Error, Debug, PartialEq)]
pub enum MathError {
    /// Past the largest number.
    #[error("{0}")]
    Overflow(#[from] OverflowError),

    /// A quotient past 2²⁵⁶ − 1, or a division by zero.
    #[error("{0}")]
    Ratio(#[from] CheckedMultiplyRatioError),

    /// A division by zero.
    #[error("{0}")]
    DivideByZero(#[from] DivideByZeroError),

    /// A result past 2¹²⁸ − 1.
    #[error("{0}")]
    TooLarge(#[from] ConversionOverflowError),
}

/// ⌊a·b / c⌋.
pub fn mul_div_floor(a: Uint256, b: Uint256, c: Uint256) -> Result<Uint256, MathError> {
    Ok(a.checked_multiply_ratio(b, c)?)
}

/// ⌈a·b / c⌉.
pub fn mul_div_ceil(a: Uint256, b: Uint256, c: Uint256) -> Result<Uint256, MathError> {
    let floor = a.checked_multiply_ratio(b, c)?;
    // Exact only if nothing was cut off: compare the products in 512 bits.
    if floor.full_mul(c) == a.full_mul(b) {
        return Ok(floor);
    }
    Ok(floor.checked_add(Uint256::one())?)
}

/// The number in 128 bits, or an error.
pub fn narrow(wide: Uint256) -> Result<Uint128, MathError> {
    Ok(Uint128::try_from(wide)?)
}

/// The number in 128 bits, or the largest one there is.
pub fn narrow_or_max(wide: Uint256) -> Uint128 {
    Uint128::try_from(wide).unwrap_or(Uint128::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn floor_and_ceil_enclose_the_quotient(a: u128, b: u64, c in 1u128..) {
            let (a, b, c) = (Uint256::from(a), Uint256::from(b), Uint256::from(c));
            let floor = mul_div_floor(a, b, c).unwrap();
            let ceil = mul_div_ceil(a, b, c).unwrap();
            prop_assert!(floor.full_mul(c) <= a.full_mul(b));
            prop_assert!(ceil.full_mul(c) >= a.full_mul(b));
            prop_assert!(ceil - floor <= Uint256::one());
        }
    }

    #[test]
    fn the_product_may_exceed_256_bits() {
        let max = Uint256::MAX;
        assert_eq!(mul_div_floor(max, max, max), Ok(max));
        assert_eq!(mul_div_ceil(max, max, max), Ok(max));
        assert!(mul_div_floor(max, max, Uint256::one()).is_err());
        assert!(mul_div_floor(max, max, Uint256::zero()).is_err());
    }
}
