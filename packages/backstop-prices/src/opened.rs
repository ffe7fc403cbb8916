//! A file opened as text: what is none, or can be read only once, is refused here.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;

use crate::error::{Bound, PriceError, refused, unreadable};
use crate::json;
use crate::lines::Lines;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of the file in `path`, as CSV, every line ended by a line feed.
pub fn open(path: &Path) -> Result<Box<dyn BufRead>, PriceError> {
    let failed = |error| unreadable(path, error);
    // A pipe would be waited for when it is opened.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        let bound = Bound::new(
            "a regular file: it is read more than once",
            "write what the pipe or the device says to a file first",
        );
        return Err(refused(path, 1, "the file", "no regular file", bound));
    }
    let mut text = BufReader::new(File::open(path).map_err(failed)?);
    let mark = text.fill_buf().map_err(failed)?.starts_with(BYTE_ORDER_MARK);
    text.consume(if mark { BYTE_ORDER_MARK.len() } else { 0 });
    if !json::is_json(text.fill_buf().map_err(failed)?) {
        return Ok(Box::new(BufReader::new(Lines::new(text))));
    }
    let mut whole = vec![];
    text.read_to_end(&mut whole).map_err(failed)?;
    let csv = json::as_csv(&whole).ok_or_else(|| {
        let bound = Bound::new(
            "CSV, or JSON as CoinGecko or freqtrade writes it",
            "write it as CSV with a time and a price in each row",
        );
        refused(path, 1, "the file", "JSON", bound)
    })?;
    Ok(Box::new(BufReader::new(Lines::new(Cursor::new(csv)))))
}
