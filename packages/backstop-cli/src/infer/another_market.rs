//! Whether the files of a scenario are of its market, by what they say themselves or
//! by their names.

use std::path::Path;

use backstop_prices::PriceFile;
use backstop_replay::record::Untested;
use backstop_replay::scenario::beside;
use backstop_replay::scenario::tables::Scenario;

use super::market;
use crate::error::BadInput;

/// Each source whose file says that it is of another market than the scenario's, in
/// `path`. Dollars and what stands for them are one quote.
pub fn of(path: &Path, scenario: &Scenario) -> Result<Vec<Untested>, BadInput> {
    let wanted = market::of(None, &scenario.market.name);
    let mut found = vec![];
    for source in scenario.sources.iter().filter(|source| !source.another_price) {
        let Some(csv) = source.csv.as_ref().filter(|_| wanted.sure) else {
            continue;
        };
        let file = PriceFile::of(&beside(path, csv), &source.wanted())?;
        let stem = file.path().file_stem().unwrap_or_default().to_string_lossy();
        let says = market::of(file.symbol(), &stem);
        if says.sure && !says.same(&wanted) {
            found.push(Untested::AnotherMarket {
                source: source.name.clone(),
                file: says.name(),
                scenario: scenario.market.name.clone(),
            });
        }
    }
    Ok(found)
}
