//! What a figure counts, and how it is said: for people, for programs, in a drawing.

use backstop_replay::record::Billionths;
use serde_json::Value;

use super::words::{duration, grouped, percent, signed_money};

const BILLION: u128 = 1_000_000_000;

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Base units of the asset.
    Amount,
    /// Whole things.
    Count,
    /// Billionths of a whole.
    Share,
    /// The same, of which less than a hundredth of a percent is worth saying.
    Return,
    /// Billionths of the asset for a share.
    Price,
    /// Seconds.
    Seconds,
}

impl Unit {
    /// A value, or a difference of two, for people.
    pub fn show(self, value: i128, decimals: u32) -> String {
        let sign = if value < 0 { "−" } else { "" };
        match self {
            Self::Amount => signed_money(value, decimals),
            Self::Count => format!("{sign}{}", grouped(value.unsigned_abs())),
            Self::Share => percent(Billionths(value), 2),
            Self::Return => percent(Billionths(value), 4),
            Self::Price => {
                let millionths = value.unsigned_abs() / 1_000;
                format!("{sign}{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
            }
            Self::Seconds => {
                let seconds = u64::try_from(value.unsigned_abs()).unwrap_or(u64::MAX);
                format!("{sign}{}", duration(backstop_types::Seconds(seconds)))
            }
        }
    }

    /// A difference for people: with its sign, and nothing where none would show.
    pub fn difference(self, value: i128, decimals: u32) -> String {
        let shown = self.show(value, decimals);
        match value {
            _ if self.show(value.abs(), decimals) == self.show(0, decimals) => String::new(),
            1.. => format!("+{shown}"),
            _ => shown,
        }
    }

    /// A value for programs: amounts and shares as text, exact.
    pub fn json(self, value: i128) -> Value {
        match self {
            Self::Amount => Value::from(value.to_string()),
            Self::Share | Self::Return | Self::Price => {
                let (sign, whole) = (if value < 0 { "-" } else { "" }, value.unsigned_abs());
                Value::from(format!("{sign}{}.{:09}", whole / BILLION, whole % BILLION))
            }
            Self::Count | Self::Seconds => Value::from(i64::try_from(value).unwrap_or(i64::MAX)),
        }
    }

    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Amount => "base units of the asset",
            Self::Count => "count",
            Self::Share | Self::Return => "part of a whole",
            Self::Price => "asset per share",
            Self::Seconds => "seconds",
        }
    }

    /// A value in the unit of a drawing's axis.
    pub fn drawn(self, value: i128, decimals: u32) -> f64 {
        let one = match self {
            Self::Amount => 10_f64.powi(i32::try_from(decimals).unwrap_or(0)),
            Self::Count => 1.0,
            Self::Share | Self::Return | Self::Price => BILLION as f64,
            Self::Seconds => 60.0,
        };
        value as f64 / one
    }
}

#[cfg(test)]
mod tests {
    use super::Unit::{Amount, Count, Price, Return, Seconds, Share};

    #[test]
    fn a_difference_has_its_sign_and_shows_only_where_there_is_something_to_see() {
        for (unit, value, text) in [
            (Amount, 1_234_560_000, "+1,234.56"),
            (Amount, -1_234_560_000, "−1,234.56"),
            (Count, 0, ""),
            (Return, 499, ""),
            (Return, -501, "−0.0001 %"),
        ] {
            assert_eq!(unit.difference(value, 6), text);
        }
    }

    #[test]
    fn values_are_shown_in_their_unit() {
        for (unit, value, text) in [
            (Share, 100_200_000, "10.02 %"),
            (Share, 100_250_000, "10.03 %"),
            (Share, 100_249_999, "10.02 %"),
            (Share, -4_000_000, "−0.40 %"),
            (Share, 12_345_678_900, "1,234.57 %"),
            (Return, -14_500, "−0.0015 %"),
            (Amount, -1_234_560_000, "−1,234.56"),
            (Count, 1_234, "1,234"),
            (Seconds, 2_790, "46 min 30 s"),
            (Price, 969_812_345, "0.969812"),
        ] {
            assert_eq!(unit.show(value, 6), text);
        }
        assert_eq!(Share.json(100_200_000), "0.100200000");
        assert_eq!(Amount.json(-5), "-5");
        assert_eq!(Count.json(5), 5);
    }
}
