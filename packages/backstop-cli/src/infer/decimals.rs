//! How many decimals a feed's whole answers have, by a file that says its prices.

use std::path::Path;

use backstop_prices::decimal::double;
use backstop_prices::{PriceError, PriceFile, Wanted};

/// The most that a decimal has.
const MOST: u32 = 18;
/// What feeds have; and none, where prices are whole numbers.
const USUAL: [u32; 4] = [0, 6, 8, 18];
/// How far from one another two prices of one market may be.
const APART: f64 = 0.1;

/// `wanted` with the decimals with which the answers in `path` are within a tenth of the
/// prices of `other` in most of their common time; none if there are no such.
pub fn by(other: &PriceFile, path: &Path, wanted: &Wanted) -> Result<Option<Wanted>, PriceError> {
    let with = |decimals| Wanted {
        decimals: Some(decimals),
        ..wanted.clone()
    };
    let mut others = other.known()?.peekable();
    let mut newest = None;
    let (mut all, mut near) = (0_u64, [0_u64; USUAL.len()]);
    for known in PriceFile::of(path, &with(MOST))?.known()? {
        let (at, answer) = known?;
        while let Some(known) = others.next_if(|known| known.as_ref().map_or(true, |(then, _)| *then <= at)) {
            newest = Some(known?.1);
        }
        let Some(price) = newest else { continue };
        all += 1;
        for (decimals, near) in USUAL.into_iter().zip(&mut near) {
            let read = double(answer) * 10_f64.powi((MOST - decimals) as i32);
            *near += u64::from((read / double(price) - 1.0).abs() <= APART);
        }
    }
    let most = USUAL.into_iter().zip(near).find(|(_, near)| 2 * near > all);
    Ok(most.map(|(decimals, _)| with(decimals)))
}
