//! The range of the price within the last hour. Chains are congested and order
//! books thin when it is wide.

use std::collections::VecDeque;

/// How far back it looks, in seconds.
const HOUR: u64 = 3_600;

/// The highest and the lowest price of the last hour, in constant time a block:
/// of each, only those that no later price has passed are kept.
#[derive(Debug, Default)]
pub struct HourlyRange {
    highs: VecDeque<(u64, f64)>,
    lows: VecDeque<(u64, f64)>,
}

impl HourlyRange {
    /// Notes the price at `now`, in seconds since the epoch.
    pub fn note(&mut self, now: u64, price: f64) {
        if !price.is_finite() || price <= 0.0 {
            return;
        }
        push(&mut self.highs, now, price, |old, new| old <= new);
        push(&mut self.lows, now, price, |old, new| old >= new);
    }

    /// How far the highest price was above the lowest, in bps of the highest.
    pub fn bps(&self) -> f64 {
        match (self.highs.front(), self.lows.front()) {
            (Some((_, high)), Some((_, low))) => (high - low) / high * 10_000.0,
            _ => 0.0,
        }
    }
}

fn push(kept: &mut VecDeque<(u64, f64)>, now: u64, price: f64, passed: fn(f64, f64) -> bool) {
    while kept.front().is_some_and(|(at, _)| at + HOUR < now) {
        kept.pop_front();
    }
    while kept.back().is_some_and(|(_, old)| passed(*old, price)) {
        kept.pop_back();
    }
    kept.push_back((now, price));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(prices: &[(u64, f64)]) -> f64 {
        let mut hourly = HourlyRange::default();
        prices.iter().for_each(|(at, price)| hourly.note(*at, *price));
        hourly.bps()
    }

    #[test]
    fn the_range_is_of_the_highest_price_and_forgets_after_an_hour() {
        assert_eq!(range(&[]), 0.0);
        assert_eq!(range(&[(0, 100.0), (60, 90.0), (120, 95.0)]), 1_000.0);
        assert_eq!(range(&[(0, 100.0), (60, 90.0), (3_601, 90.0)]), 0.0);
        assert_eq!(range(&[(0, 100.0), (3_600, 90.0)]), 1_000.0);
    }

    #[test]
    fn it_is_what_a_look_at_every_price_of_the_hour_finds() {
        let prices: Vec<(u64, f64)> = (0..500)
            .map(|i: u64| (i * 60, 100.0 + ((i * 7_919) % 41) as f64))
            .collect();
        for end in 1..prices.len() {
            let now = prices[end - 1].0;
            let hour = || {
                prices[..end]
                    .iter()
                    .filter(|(at, _)| at + HOUR >= now)
                    .map(|(_, price)| *price)
            };
            let high = hour().fold(f64::MIN, f64::max);
            let low = hour().fold(f64::MAX, f64::min);
            assert_eq!(range(&prices[..end]), (high - low) / high * 10_000.0, "{end}");
        }
    }

    #[test]
    fn what_is_no_price_is_not_noted() {
        assert_eq!(range(&[(0, 10.0), (60, f64::NAN), (120, 0.0)]), 0.0);
    }
}
