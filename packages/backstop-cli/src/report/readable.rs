//! Numbers with their units, as people read them: parts in percent, prices with six
//! digits, parameters in whole units and days.

use backstop_prices::decimal::{double, significant};
use backstop_replay::record::Record;
use backstop_types::{Price, Seconds};
use cosmwasm_std::Decimal;
use serde::Deserialize;
use serde_json::Value;

use super::parameters::{Parameter, text};
use super::words::{asset_name, bps, duration, grouped, grouped_digits, whole_digits};

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
    let (value, unit) = (&parameter.value, parameter.unit.as_str());
    match (value, value.as_u64()) {
        (_, Some(number)) => number_of(number, unit),
        (Value::String(digits), None) if unit == "base units of the asset" => amount(digits, record),
        (Value::String(_), None) if unit == "of the assets a window" => {
            let part = Decimal::deserialize(value).map_or(f64::NAN, |part| double(part) * 10_000.0);
            format!("{} {unit}", bps_of(part))
        }
        (value, None) => grouped_digits(&text(value)),
    }
}

fn number_of(number: u64, unit: &str) -> String {
    let of = |digits: String, unit: &str| format!("{digits} {unit}").trim_end().to_string();
    match unit {
        "seconds" => duration(Seconds(number)),
        "milliseconds" if number.is_multiple_of(1_000) => duration(Seconds(number / 1_000)),
        "milliseconds" => of(grouped(number), "ms"),
        "bps" => bps(number),
        "bps of the limit a year" => of(bps(number), "of the limit a year"),
        "bps an hour" => of(bps(number), "an hour"),
        "bps a minute" => of(bps(number), "a minute"),
        unit => of(grouped(number), unit),
    }
}

fn amount(digits: &str, record: &Record) -> String {
    format!(
        "{} {}",
        whole_digits(digits, record.decimals),
        asset_name(&record.asset)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

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
