//! Prices in JSON, as two programs write them: CoinGecko's charts and freqtrade's
//! bars. They are read as the CSV that says the same, a row a line, so that what is
//! refused is refused by the number of its row.

use std::fmt::Write;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::columns::KLINE;

/// Of CoinGecko; each is a time and a price.
#[derive(Deserialize)]
struct Chart<'a> {
    #[serde(borrow)]
    prices: Rows<'a>,
}

type Rows<'a> = Vec<Vec<&'a RawValue>>;

/// Whether a text is JSON rather than CSV.
pub fn is_json(text: &[u8]) -> bool {
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// The same as CSV; none if it is JSON of another kind.
pub fn as_csv(text: &[u8]) -> Option<String> {
    let (rows, pairs): (Rows, bool) = match text.trim_ascii_start().first()? {
        b'{' => (serde_json::from_slice::<Chart>(text).ok()?.prices, true),
        _ => (serde_json::from_slice(text).ok()?, false),
    };
    let width = rows.first()?.len();
    let header = match width {
        2 => "timestamp,price".to_string(),
        6 if !pairs => "timestamp,open,high,low,close,volume".to_string(),
        12 if !pairs => KLINE.join(","),
        _ => return None,
    };
    let mut csv = header;
    for row in &rows {
        csv.push('\n');
        for (i, cell) in row.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            let cell = cell.get().trim_matches('"');
            if !cell
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
            {
                return None;
            }
            // Writing to a string cannot fail.
            let _ = write!(csv, "{comma}{cell}");
        }
    }
    Some(csv)
}
