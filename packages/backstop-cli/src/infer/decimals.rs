//! How many decimals a feed's whole answers have, by a file that says its prices.

use std::collections::BTreeMap;
use std::path::Path;

use backstop_prices::decimal::double;
use backstop_prices::{PriceError, PriceFile, Wanted};

/// The most that a decimal has.
const MOST: u32 = 18;

/// `wanted` with the decimals with which the answers in `path` are about the prices
/// of `other` in most of their common time; none if there is no such time.
pub fn by(other: &PriceFile, path: &Path, wanted: &Wanted) -> Result<Option<Wanted>, PriceError> {
    let with = |decimals| Wanted {
        decimals: Some(decimals),
        ..wanted.clone()
    };
    let mut others = other.known()?.peekable();
    let mut newest = None;
    let mut powers: BTreeMap<i32, u64> = BTreeMap::new();
    for known in PriceFile::of(path, &with(MOST))?.known()? {
        let (at, answer) = known?;
        while let Some(known) = others.next_if(|known| known.as_ref().map_or(true, |(then, _)| *then <= at)) {
            newest = Some(known?.1);
        }
        if let Some(price) = newest {
            let power = (double(price) / double(answer)).log10().round();
            *powers.entry(power as i32).or_default() += 1;
        }
    }
    let usual = powers.into_iter().max_by_key(|(_, count)| *count);
    let decimals = usual.and_then(|(power, _)| MOST.checked_sub(u32::try_from(power).ok()?));
    Ok(decimals.map(with))
}
