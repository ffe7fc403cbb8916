//! How a file is to be read where it does not say so itself.

/// What is wanted of a file; what is absent is found out from the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The column with the price.
    pub price: Option<String>,
    /// The column with the time.
    pub time: Option<String>,
    /// How many of a whole number's last digits are decimals, as a feed's answers on
    /// a chain have them.
    pub decimals: Option<u32>,
    /// The instrument, of a file that has several.
    pub symbol: Option<String>,
}
