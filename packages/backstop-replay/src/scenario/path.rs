//! How a price gets from one point to the next.

use backstop_prices::decimal::{double, rounded};
use cosmwasm_std::Decimal;

use super::tables::{Path, Point};

/// The price at `at`, between two points; before the first, and after the last,
/// it is theirs.
pub fn between(path: Path, from: &Point, to: Option<&Point>, at: u64) -> Decimal {
    let start = from.price.0;
    let Some(to) = to.filter(|_| at > from.at.0) else {
        return start;
    };
    let part = (at - from.at.0) as f64 / (to.at.0 - from.at.0) as f64;
    let (low, high) = (double(start), double(to.price.0));
    match path {
        Path::Step => start,
        Path::Geometric if low > 0.0 && high > 0.0 => as_quoted(low * (high / low).powf(part), start),
        Path::Linear | Path::Geometric => as_quoted(low + (high - low) * part, start),
    }
}

/// `value` at seven significant digits, as venues quote.
pub fn as_quoted(value: f64, otherwise: Decimal) -> Decimal {
    rounded(value, 7).unwrap_or(otherwise)
}
