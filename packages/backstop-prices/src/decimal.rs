//! Prices as exact decimals, and as doubles where a drawing or a draw needs no
//! more: from text, from a double, and to one.

use std::cmp::Ordering;

use cosmwasm_std::Decimal;

/// One, in the units in which a decimal is held.
const ONE: f64 = 1e18;

/// A decimal from text such as `0.107`, `43500` or `5e-05`, as data files
/// write them. Digits past the eighteenth place are refused, not dropped.
pub fn exact(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, places) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.len() + places.len() == 0 || !plain(whole) || !plain(places) {
        return None;
    }
    let digits: u128 = format!("{whole}{places}").parse().ok()?;
    let shift = 18_i32
        .checked_add(exponent)?
        .checked_sub(i32::try_from(places.len()).ok()?)?;
    let power = 10_u128.checked_pow(shift.unsigned_abs());
    let atomics = match (digits, power) {
        (0, _) => 0,
        (_, None) => return None,
        (_, Some(power)) if shift >= 0 => digits.checked_mul(power)?,
        (_, Some(power)) if digits.is_multiple_of(power) => digits / power,
        _ => return None,
    };
    Some(Decimal::new(atomics.into()))
}

/// A decimal as the nearest double, for drawings and draws.
pub fn double(decimal: Decimal) -> f64 {
    decimal.atomics().u128() as f64 / ONE
}

/// `value` with so many significant digits, from one to fifteen. What is not
/// finite or zero stays as it is.
pub fn significant(value: f64, digits: i32) -> f64 {
    let Some((whole, exponent)) = parts(value, digits) else {
        return value;
    };
    let power = 10_f64.powi(exponent.abs());
    if exponent < 0 {
        whole / power
    } else {
        whole * power
    }
}

/// The same of a positive number, exactly; none if a decimal has no room for it.
pub fn rounded(value: f64, digits: i32) -> Option<Decimal> {
    let (whole, exponent) = parts(value, digits).filter(|_| value > 0.0)?;
    let shift = 18_i32.checked_add(exponent)?;
    let power = 10_u128.checked_pow(shift.unsigned_abs())?;
    let whole = whole as u128;
    let atomics = match shift >= 0 {
        true => whole.checked_mul(power)?,
        false if whole.is_multiple_of(power) => whole / power,
        false => return None,
    };
    Some(Decimal::new(atomics.into()))
}

/// `whole × 10^exponent`, where the whole number has so many digits.
fn parts(value: f64, digits: i32) -> Option<(f64, i32)> {
    if value == 0.0 || !value.is_finite() {
        return None;
    }
    let exponent = value.abs().log10().floor() as i32 - (digits - 1);
    // Rounding up may have added a digit, as may a logarithm just below a whole.
    match scaled(value, exponent) {
        whole if whole.abs() >= 10_f64.powi(digits) => Some((scaled(value, exponent + 1), exponent + 1)),
        whole => Some((whole, exponent)),
    }
}

/// `value / 10^exponent` as the nearest whole number, as the exact quotient has it:
/// that of a half, in a double, is often a little more or less.
fn scaled(value: f64, exponent: i32) -> f64 {
    let power = 10_f64.powi(exponent.abs());
    let (near, rest) = match exponent < 0 {
        true => (value * power, value.mul_add(power, -(value * power))),
        false => (value / power, (-(value / power)).mul_add(power, value)),
    };
    let below = near.floor();
    let up = match (near - below).partial_cmp(&0.5) {
        Some(Ordering::Equal) if rest == 0.0 => below % 2.0 != 0.0,
        Some(Ordering::Equal) => rest > 0.0,
        order => order == Some(Ordering::Greater),
    };
    if up { below + 1.0 } else { below }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_in_both_notations() {
        for (text, expected) in [
            ("0.107", "0.107"),
            ("43500", "43500"),
            ("5e-05", "0.00005"),
            ("1.25E2", "125"),
            (".5", "0.5"),
            ("0.000000000000000001", "0.000000000000000001"),
            ("1.50000000000000000000", "1.5"),
        ] {
            assert_eq!(
                exact(text).map(|d| d.to_string()).as_deref(),
                Some(expected),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        for text in [
            "",
            ".",
            "-1",
            "1,5",
            "NaN",
            "0.0000000000000000001",
            "1e40",
            "1e",
            "inf",
        ] {
            assert_eq!(exact(text), None, "{text}");
        }
    }

    #[test]
    fn a_rounded_number_is_the_one_that_its_digits_spell() {
        let written = |value: f64, digits: i32| format!("{value:.*e}", digits as usize - 1);
        let mut value = 1.234_567_890_123e-9;
        for i in 0..4_000 {
            value *= 1.0 + f64::from(i % 7) * 0.003_1;
            for digits in [6, 7] {
                let text = written(value, digits);
                assert_eq!(significant(value, digits), text.parse::<f64>().unwrap(), "{text}");
                assert_eq!(significant(-value, digits), -significant(value, digits));
                assert_eq!(rounded(value, digits), exact(&text), "{text}");
            }
            if value > 1e12 {
                value /= 1e21;
            }
        }
        // Eight digits, of which the last is a five.
        for i in 0..4_000 {
            let value = (10_000_005.0 + f64::from(i * 7_370)) / 1e7;
            for value in [value, value * 1e9] {
                assert_eq!(rounded(value, 7), exact(&written(value, 7)), "{value}");
            }
        }
        for (value, expected) in [(9_999_999.9, 1e7), (1_000.0, 1_000.0), (0.999_999_96, 1.0)] {
            assert_eq!(significant(value, 7), expected);
        }
        assert_eq!(rounded(0.0, 7), None);
        assert!(significant(f64::NAN, 7).is_nan());
    }
}
