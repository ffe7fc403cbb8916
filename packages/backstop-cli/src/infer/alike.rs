//! Whether files can be of one market by their prices, and how many decimals a
//! feed's whole answers have if they are.

use backstop_prices::{Example, PriceFile, apart};
use backstop_replay::scenario::values::Moment;

use super::figures::Span;
use crate::error::BadInput;

/// Refuses files of which one's prices are more than twice another's in most of
/// what they say in their common time: so is their median ratio, then.
pub fn check(files: &[PriceFile], span: &Span) -> Result<(), BadInput> {
    for (i, file) in files.iter().enumerate() {
        for other in &files[..i] {
            let parted = apart(other.known()?, file.known()?, (span.start, span.end))?;
            if let Some(example) = parted {
                return Err(refused([other, file], example));
            }
        }
    }
    Ok(())
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
