//! Numbers with their units, as people read them: parts in percent, prices with six
//! digits, parameters in whole units and days.

use backstop_prices::decimal::{double, significant};
use backstop_replay::record::Record;
use backstop_types::{Price, Seconds};

use super::parameters::Parameter;
use super::words::{asset_name, bps, duration, grouped_digits, whole_digits};

/// Digits of a price.
const DIGITS: i32 = 6;

/// Hundredths of a percent that need not be whole, in percent.
pub fn bps_of(bps: f64) -> String {
    format!("{} %", significant(bps / 100.0, DIGITS))
}

/// A price with six digits.
pub fn short_price(price: Price) -> String {
    significant(double(price.0), DIGITS).to_string()
}

/// A parameter's value in whole units of the asset, in percent and in days; what it is
/// of stands behind it.
pub fn readable(parameter: &Parameter, record: &Record) -> String {
    let value = parameter.value.as_str();
    let of = |digits: String, unit: &str| format!("{digits} {unit}").trim_end().to_string();
    let Ok(number) = value.parse::<u64>() else {
        return match (parameter.unit.as_str(), fraction(value)) {
            ("base units of the asset", _) if value != "none" => amount(value, record),
            ("of the assets a window", Some(part)) => of(bps_of(part * 10_000.0), "of the assets a window"),
            _ => value.to_string(),
        };
    };
    match parameter.unit.as_str() {
        "seconds" => duration(Seconds(number)),
        "milliseconds" if number % 1_000 == 0 => duration(Seconds(number / 1_000)),
        "milliseconds" => of(grouped_digits(value), "ms"),
        "base units of the asset" => amount(value, record),
        "bps" => bps(number),
        "bps of the limit a year" => of(bps(number), "of the limit a year"),
        "bps an hour" => of(bps(number), "an hour"),
        "bps a minute" => of(bps(number), "a minute"),
        unit => of(grouped_digits(value), unit),
    }
}

fn amount(digits: &str, record: &Record) -> String {
    format!(
        "{} {}",
        whole_digits(digits, record.decimals),
        asset_name(&record.asset)
    )
}

fn fraction(value: &str) -> Option<f64> {
    value.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::Decimal;

    #[test]
    fn parts_are_percents_without_zeros_that_say_nothing() {
        for (number, said) in [
            (659, "6.59 %"),
            (2_000, "20 %"),
            (250, "2.5 %"),
            (1, "0.01 %"),
            (0, "0 %"),
            (10_000_000, "100,000 %"),
        ] {
            assert_eq!(bps(number), said);
        }
        assert_eq!(bps_of(0.1), "0.001 %");
        assert_eq!(bps_of(15.0), "0.15 %");
    }

    #[test]
    fn a_price_has_six_digits() {
        for (atomics, said) in [
            ("0.107012345678", "0.107012"),
            ("43512.2649", "43512.3"),
            ("0.0001", "0.0001"),
            ("1", "1"),
        ] {
            assert_eq!(short_price(Price(atomics.parse::<Decimal>().unwrap())), said);
        }
    }
}
