//! Price files as people have them: bars or single prices from an exchange, a
//! data vendor or a script, in the usual spellings of header, time and number.
//! A file is read twice and never held: the first pass checks every row and
//! finds out how the file is ordered and how long a bar is, the second one
//! yields the prices. Only a file out of order is collected, at 48 bytes a row.

mod columns;
mod csv_format;
pub mod decimal;
mod decimal_sign;
mod error;
mod facts;
mod instruments;
mod json;
mod lines;
mod number;
mod opened;
mod price_file;
mod rows;
mod same_market;
mod time;
mod wanted;

pub use error::PriceError;
pub use facts::Facts;
pub use price_file::{Known, PriceFile};
pub use same_market::{Example, apart};
pub use wanted::Wanted;
