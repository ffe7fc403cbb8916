//! What was heard of a source over a run: how often its price was fresh, how far it
//! moved, and whether it was one market with the others.

use backstop_types::{Bps, Price};
use cosmwasm_std::Decimal;

use crate::scenario::tables::Source;

/// Of one source.
#[derive(Debug, Clone, Default)]
pub struct Heard {
    /// Its name.
    pub name: String,
    /// Whether it is known to say another price than the market's.
    pub another_price: bool,
    /// How many of its observations the run used.
    pub used: u64,
    /// How far it was from the median of all in the first block in which all had a price;
    /// none before.
    pub apart_at_first: Option<Bps>,
    low: Option<Price>,
    high: Option<Price>,
    listened: u64,
    stale: u64,
    blocks: u64,
    apart: u64,
    first_was_apart: bool,
}

impl Heard {
    /// A source of which nothing was heard yet.
    pub fn of(source: &Source) -> Self {
        Self {
            name: source.name.clone(),
            another_price: source.another_price,
            ..Self::default()
        }
    }

    /// Notes after a block whether its price is younger than a price may be.
    pub fn listen(&mut self, fresh: bool) {
        self.listened += 1;
        self.stale += u64::from(!fresh);
    }

    /// In which part of the blocks it was not, if that is more than half.
    pub fn too_seldom(&self) -> Option<Bps> {
        (self.stale > self.listened / 2).then(|| {
            let part = u128::from(self.stale) * 10_000 / u128::from(self.listened.max(1));
            Bps(u32::try_from(part).unwrap_or(u32::MAX))
        })
    }

    /// Notes its price after a block, with the median of all if all have one.
    pub fn note(&mut self, price: Price, median: Option<Price>, bound: Bps) {
        self.low = Some(self.low.map_or(price, |low| low.min(price)));
        self.high = Some(self.high.map_or(price, |high| high.max(price)));
        let Some(median) = median else { return };
        let by = part(price.0.abs_diff(median.0), median.0);
        self.blocks += 1;
        self.apart += u64::from(by > bound);
        if self.apart_at_first.is_none() {
            (self.apart_at_first, self.first_was_apart) = (Some(by), by > bound);
        }
    }

    /// Whether it was further from the others than the bound, from the beginning and in
    /// most blocks. What comes apart on the way is a crash, and no other market.
    pub fn is_apart(&self) -> bool {
        self.first_was_apart && !self.another_price && self.apart > self.blocks / 2
    }

    /// How far its price moved, of its lowest.
    pub fn moved(&self) -> Bps {
        match (self.low, self.high) {
            (Some(low), Some(high)) => part(high.0.saturating_sub(low.0), low.0),
            _ => Bps(0),
        }
    }
}

/// A part of a whole, rounded down.
fn part(of: Decimal, whole: Decimal) -> Bps {
    let part = of.checked_div(whole).unwrap_or(Decimal::MAX);
    let bps = part
        .saturating_mul(Decimal::from_ratio(10_000_u64, 1_u64))
        .to_uint_floor();
    Bps(u32::try_from(bps.u128()).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(percent: u64) -> Price {
        Price(Decimal::percent(percent))
    }

    fn heard(prices: &[(u64, u64)]) -> Heard {
        let mut heard = Heard::default();
        for (one, median) in prices {
            heard.note(price(*one), Some(price(*median)), Bps(500));
        }
        heard
    }

    #[test]
    fn a_source_that_was_never_near_the_others_is_another_market_and_one_that_leaves_them_is_not() {
        let euros = [(108, 100), (99, 92), (88, 80)];
        assert!(heard(&euros).is_apart());
        assert_eq!(heard(&euros).apart_at_first, Some(Bps(800)));
        // A feed that stays at its floor while the market falls.
        assert!(!heard(&[(100, 100), (100, 50), (100, 10)]).is_apart());
        // One late print at the beginning.
        assert!(!heard(&[(108, 100), (100, 100), (100, 100)]).is_apart());
        let known = Heard {
            another_price: true,
            ..heard(&euros)
        };
        assert!(!known.is_apart());
    }

    #[test]
    fn a_source_publishes_too_seldom_where_its_price_is_old_in_more_than_half_of_the_blocks() {
        let mut heard = Heard::default();
        [true, true, false, false]
            .into_iter()
            .for_each(|fresh| heard.listen(fresh));
        assert_eq!(heard.too_seldom(), None);
        heard.listen(false);
        assert_eq!(heard.too_seldom(), Some(Bps(6_000)));
        assert_eq!(Heard::default().too_seldom(), None);
    }

    #[test]
    fn how_far_a_price_moved_is_of_its_lowest() {
        assert_eq!(heard(&[(100, 100), (80, 100), (90, 100)]).moved(), Bps(2_500));
        assert_eq!(Heard::default().moved(), Bps(0));
    }
}
