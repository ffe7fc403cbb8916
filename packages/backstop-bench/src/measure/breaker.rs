//! Pokes, by the number of sources. A market has at least two.

use crate::Result;
use crate::world::{Oracle, World};

pub fn measure(world: &mut World, oracle: &Oracle) -> Result<()> {
    // The first reading of a market stores its reference; it is not measured.
    for market in ["B2/USD", "B3/USD", "B8/USD", "ATOM/USD"] {
        world.execute("keeper", &oracle.poke(market)?)?;
    }
    oracle.report(world, "10.01")?;
    for (market, sources) in [("B2/USD", 2), ("B3/USD", 3), ("B8/USD", 8)] {
        world.measure(
            &format!("poke, {sources} sources"),
            "keeper",
            &oracle.poke(market)?,
        )?;
    }
    Ok(())
}
