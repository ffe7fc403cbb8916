//! The figures that are followed over the seeds: what each is, what it counts, which end
//! of it is the worse one, and where it is in a run.

use backstop_replay::Run;
use backstop_types::Assets;
use cosmwasm_std::{Decimal, Uint128};
use serde_json::Value;

use crate::report::words::{grouped, signed_money};

/// Of a whole, in the unit of [`Unit::Share`].
const BILLION: u128 = 1_000_000_000;

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Base units of the asset.
    Amount,
    /// Whole things.
    Count,
    /// Billionths of a share's price.
    Share,
    /// Seconds.
    Seconds,
}

/// Which end of a figure is the worse one for whom it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worse {
    /// The more.
    High,
    /// The less.
    Low,
}

/// A figure of a run.
#[derive(Clone, Copy)]
pub struct Figure {
    /// Its name for programs.
    pub key: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// Its worse end.
    pub worse: Worse,
    /// Whether it is told in words and drawn, beside being in the table.
    pub told: bool,
    /// Its value.
    pub of: fn(&Run) -> i128,
}

use Unit::{Amount, Count, Seconds, Share};
use Worse::{High, Low};

const fn figure(
    key: &'static str,
    name: &'static str,
    unit: Unit,
    worse: Worse,
    of: fn(&Run) -> i128,
) -> Figure {
    Figure {
        key,
        name,
        unit,
        worse,
        told: false,
        of,
    }
}

const fn told(figure: Figure) -> Figure {
    Figure { told: true, ..figure }
}

/// All of them, in the order of the tables.
pub const FIGURES: [Figure; 20] = [
    told(figure("share_loss", "a share lost", Share, High, share_loss)),
    told(figure("pool_paid", "the pool paid", Amount, High, |run| {
        amount(run.record.vault.paid)
    })),
    figure("pool_waiting", "still waits in claims", Amount, High, |run| {
        amount(run.record.vault.waiting)
    }),
    figure("recovered", "came back to stakers", Amount, Low, |run| {
        amount(run.record.vault.recovered)
    }),
    figure("asked", "asked of the pool", Amount, High, |run| {
        amount(run.record.shortfalls.asked)
    }),
    figure("deductible", "the exchange's deductible", Amount, High, |run| {
        amount(run.record.shortfalls.deductible)
    }),
    figure("paid_at_once", "paid at once", Amount, Low, |run| {
        amount(run.record.shortfalls.paid)
    }),
    figure(
        "pending",
        "granted, paid later or returned",
        Amount,
        High,
        |run| amount(run.record.shortfalls.pending),
    ),
    told(figure(
        "uncovered",
        "asked and not covered",
        Amount,
        High,
        |run| amount(run.record.shortfalls.uncovered),
    )),
    figure("insurance", "the insurance fund paid", Amount, High, |run| {
        amount(run.record.exchange.from_insurance)
    }),
    figure("winners_taken", "taken from winners", Amount, High, |run| {
        amount(run.record.adl.taken)
    }),
    figure("winners_returned", "came back to winners", Amount, Low, |run| {
        amount(run.record.adl.compensated)
    }),
    told(figure("winners_bore", "winners bore, net", Amount, High, |run| {
        amount(run.record.adl.taken) - amount(run.record.adl.compensated)
    })),
    told(figure(
        "unseen",
        "below zero at the end, not seen",
        Amount,
        High,
        |run| amount(run.record.exchange.underwater_at_market),
    )),
    figure(
        "lost_to_false",
        "traders lost to false prices",
        Amount,
        High,
        |run| whole(run.figures.lost_to_false),
    ),
    figure("exposed", "could not be liquidated for", Seconds, High, |run| {
        run.figures.exposed.into()
    }),
    figure("trips", "trips", Count, High, |run| {
        run.record.breaker.trips.into()
    }),
    figure("liquidated", "positions liquidated", Count, High, |run| {
        run.record.exchange.liquidated.into()
    }),
    figure("shortfalls", "shortfalls", Count, High, |run| {
        run.record.shortfalls.count().into()
    }),
    figure("unanswered", "shortfalls without an answer", Count, High, |run| {
        run.record.shortfalls.unanswered.into()
    }),
];

/// Amounts are far below what an `i128` holds.
fn whole(amount: u128) -> i128 {
    i128::try_from(amount).unwrap_or(i128::MAX)
}

fn amount(amount: Assets) -> i128 {
    whole(amount.u128())
}

fn share_loss(run: &Run) -> i128 {
    let vault = &run.record.vault;
    lost(vault.price_start, vault.price_end)
}

/// How much of the first price the second is less, in billionths, rounded down where it
/// is less.
fn lost(start: Decimal, end: Decimal) -> i128 {
    let left = end
        .atomics()
        .full_mul(BILLION)
        .checked_div(start.atomics().into());
    let left = left.ok().and_then(|left| Uint128::try_from(left).ok());
    whole(BILLION) - left.map_or(whole(BILLION), |left| whole(left.u128()))
}

impl Unit {
    /// A value, or a difference of two, for people.
    pub fn show(self, value: i128, decimals: u32) -> String {
        let sign = if value < 0 { "−" } else { "" };
        match self {
            Self::Amount => signed_money(value, decimals),
            Self::Count => format!("{sign}{}", grouped(value.unsigned_abs())),
            Self::Share => {
                // To the nearest hundredth of a percent.
                let hundredths = (value.unsigned_abs() + BILLION / 20_000) / (BILLION / 10_000);
                format!("{sign}{}.{:02} %", hundredths / 100, hundredths % 100)
            }
            Self::Seconds => {
                let minutes = (value.unsigned_abs() + 30) / 60;
                format!("{sign}{} min", grouped(minutes))
            }
        }
    }

    /// A value for programs: amounts and shares as text, exact.
    pub fn json(self, value: i128) -> Value {
        match self {
            Self::Amount => Value::from(value.to_string()),
            Self::Share => {
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
            Self::Share => "part of the price",
            Self::Seconds => "seconds",
        }
    }

    /// A value in the unit of a drawing's axis.
    pub fn drawn(self, value: i128, decimals: u32) -> f64 {
        let one = match self {
            Self::Amount => 10_f64.powi(i32::try_from(decimals).unwrap_or(0)),
            Self::Count => 1.0,
            Self::Share => BILLION as f64,
            Self::Seconds => 60.0,
        };
        value as f64 / one
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_share_lost_is_exact_to_a_billionth_and_a_gain_is_negative() {
        let price = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(lost(price("1"), price("0.8998")), 100_200_000);
        assert_eq!(lost(price("2"), price("2")), 0);
        assert_eq!(lost(price("1"), price("1.01")), -10_000_000);
    }

    #[test]
    fn values_are_shown_in_their_unit() {
        for (unit, value, text) in [
            (Share, 100_200_000, "10.02 %"),
            (Share, 100_250_000, "10.03 %"),
            (Share, 100_249_999, "10.02 %"),
            (Share, -4_000_000, "−0.40 %"),
            (Amount, -1_234_560_000, "−1,234.56"),
            (Count, 1_234, "1,234"),
            (Seconds, 2_790, "47 min"),
        ] {
            assert_eq!(unit.show(value, 6), text);
        }
        assert_eq!(Share.json(100_200_000), "0.100200000");
        assert_eq!(Amount.json(-5), "-5");
        assert_eq!(Count.json(5), 5);
    }

    #[test]
    fn every_figure_has_a_name_of_its_own() {
        for (i, figure) in FIGURES.iter().enumerate() {
            for other in &FIGURES[..i] {
                assert!(
                    figure.key != other.key && figure.name != other.name,
                    "{}",
                    figure.key
                );
            }
        }
    }
}
