//! Reading a price file's bytes, as the program would.

// Each test file uses its own part of these.
#![allow(dead_code)]

use backstop_prices::{PriceError, PriceFile, Wanted};

/// When a price is known, in seconds since the epoch, and the price.
pub type Known = Vec<(u64, String)>;

/// What a price file of these bytes says, and what a first look finds.
pub fn read_bytes(bytes: &[u8], column: Option<&str>) -> Result<(Known, PriceFile), PriceError> {
    let wanted = Wanted {
        price: column.map(str::to_string),
        ..Wanted::default()
    };
    read_as(bytes, &wanted)
}

/// The same of a file that is to be read so.
pub fn read_as(bytes: &[u8], wanted: &Wanted) -> Result<(Known, PriceFile), PriceError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, bytes).unwrap();
    let file = PriceFile::of(&path, wanted)?;
    let known = file.known()?.collect::<Result<Vec<_>, _>>()?;
    let known = known.into_iter().map(|(at, price)| (at, price.to_string()));
    Ok((known.collect(), file))
}
