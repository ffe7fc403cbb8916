//! Whether two series can be of one market by their prices: so that a file of
//! another asset, quote or unit is not taken for a venue that disagrees.

use cosmwasm_std::Decimal;

use crate::price_file::Known;

/// How many times another price a price of the same market may be, usually.
const MOST: u8 = 2;

/// A moment at which the two were far apart, and their prices then.
pub type Example = (u64, [Decimal; 2]);

/// Sets each price of `one` from `start` to `end`, in seconds since the epoch, beside
/// the newest of `other`; an example, the other's price first, if one is more than
/// twice the other in more than half of these.
pub fn apart<E>(
    other: impl Iterator<Item = Result<Known, E>>,
    one: impl Iterator<Item = Result<Known, E>>,
    (start, end): (u64, u64),
) -> Result<Option<Example>, E> {
    let mut others = other.peekable();
    let mut newest = None;
    let (mut all, mut above, mut below) = (0_u64, Side::default(), Side::default());
    for known in one {
        let (at, price) = known?;
        while let Some(known) = others.next_if(|known| known.as_ref().map_or(true, |(then, _)| *then <= at)) {
            newest = Some(known?.1);
        }
        let Some(beside) = newest.filter(|_| (start..=end).contains(&at)) else {
            continue;
        };
        all += 1;
        above.count((at, [beside, price]), far(price, beside));
        below.count((at, [beside, price]), far(beside, price));
    }
    let most = [above, below].into_iter().find(|side| side.count > all / 2);
    Ok(most.and_then(|side| side.example))
}

/// Prices that are too far to one side.
#[derive(Default)]
struct Side {
    count: u64,
    example: Option<Example>,
}

impl Side {
    fn count(&mut self, example: Example, far: bool) {
        if far {
            self.count += 1;
            self.example.get_or_insert(example);
        }
    }
}

/// Whether `high` is more than so many times `low`.
fn far(high: Decimal, low: Decimal) -> bool {
    high.checked_div(low)
        .map_or(true, |ratio| ratio > Decimal::from_ratio(MOST, 1_u8))
}
