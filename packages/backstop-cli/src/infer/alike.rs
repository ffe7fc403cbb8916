//! Whether files can be of one market by their prices: so that a file of another
//! asset, quote or unit is not taken for a venue that disagrees.

use backstop_prices::PriceFile;
use backstop_replay::scenario::values::Moment;
use cosmwasm_std::Decimal;

use super::figures::Span;
use crate::error::BadInput;

/// How many times another price a price of the same market may be, usually.
const MOST: u8 = 2;

/// Refuses files of which one's prices are more than twice another's in most of
/// what they say in their common time: so is their median ratio, then.
pub fn check(files: &[PriceFile], span: &Span) -> Result<(), BadInput> {
    for (i, file) in files.iter().enumerate() {
        for other in &files[..i] {
            let parted = apart(other, file, span)?;
            if let Some(example) = parted {
                return Err(refused([other, file], example));
            }
        }
    }
    Ok(())
}

/// A moment at which the two were far apart, and their prices then.
type Example = (u64, [Decimal; 2]);

/// Sets each price of `file` within the span beside the newest of `other`; an
/// example, if one is above the other by too much in more than half of these.
fn apart(other: &PriceFile, file: &PriceFile, span: &Span) -> Result<Option<Example>, BadInput> {
    let mut others = other.known()?.peekable();
    let mut newest = None;
    let (mut all, mut above, mut below) = (0_u64, Side::default(), Side::default());
    for known in file.known()? {
        let (at, price) = known?;
        while let Some(known) = others.next_if(|known| known.as_ref().map_or(true, |(then, _)| *then <= at)) {
            newest = Some(known?.1);
        }
        let Some(beside) = newest.filter(|_| (span.start..=span.end).contains(&at)) else {
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

fn refused(files: [&PriceFile; 2], (at, prices): Example) -> BadInput {
    let [one, other] = files.map(|file| file.path().display().to_string());
    BadInput::Argument {
        argument: "the files' price".to_string(),
        value: format!(
            "{} in {one} and {} in {other} at {}, and as far apart in most of their common time",
            prices[0],
            prices[1],
            Moment(at)
        ),
        bound: "within twice of each other: a scenario has one market".to_string(),
        next: "give files of one asset in one quote and one unit; if they are, write the [[source]] of one \
               into the scenario of the other"
            .to_string(),
    }
}
