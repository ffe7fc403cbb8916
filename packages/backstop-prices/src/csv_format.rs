//! How a file is written, found out from its beginning: where its header is,
//! what stands between its fields, and which columns are read.

use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

use csv::{ByteRecord, Reader, ReaderBuilder, Trim};

use crate::columns::{self, Columns, KLINE, OHLCVT};
use crate::error::{Bound, PriceError, refused, unreadable};
use crate::opened::open;
use crate::time;
use crate::wanted::Wanted;

/// How much of a file is looked at for its header.
const HEAD: u64 = 65_536;

/// How a file is written.
#[derive(Debug, Clone)]
pub struct CsvFormat {
    /// Which file.
    pub path: PathBuf,
    /// Lines before the header, or before the first row where there is none.
    pub titles: u64,
    /// Whether the first line after these is a header.
    pub header: bool,
    /// What stands between fields.
    pub delimiter: u8,
    /// What is read.
    pub columns: Columns,
    /// What is traded, as wanted or by the first row, if the file says it.
    pub symbol: Option<String>,
    /// Whether it was chosen, and rows of another are left out.
    pub chosen: bool,
    /// So many of a whole number's last digits are decimals.
    pub decimals: Option<u32>,
    /// Whether its times are dates in digits, by the first row.
    pub digits: bool,
}

impl CsvFormat {
    /// The format of the file in `path`, of which this is wanted.
    pub fn find(path: &Path, wanted: &Wanted) -> Result<Self, PriceError> {
        let head = head(path)?;
        let Header {
            titles,
            header,
            delimiter,
            columns,
        } = Header::find(path, &head, wanted)?;
        let mut format = Self {
            path: path.to_path_buf(),
            titles,
            header,
            delimiter,
            columns,
            symbol: wanted.symbol.clone(),
            chosen: wanted.symbol.is_some(),
            decimals: wanted.decimals,
            digits: false,
        };
        format.look_at_first_row()?;
        Ok(format)
    }

    /// The file's rows, from the first one on, header left out.
    pub fn rows(&self) -> Result<Reader<impl Read + use<>>, PriceError> {
        let failed = |error| unreadable(&self.path, error);
        let mut text = open(&self.path)?;
        for _ in 0..self.titles {
            text.skip_until(b'\n').map_err(failed)?;
        }
        Ok(ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(self.header)
            .trim(Trim::All)
            .from_reader(text))
    }

    /// The line, from one, that a reader of [`CsvFormat::rows`] has just read.
    pub fn line<R: Read>(&self, reader: &Reader<R>) -> u64 {
        // Every line ends in a line feed, which has been read with it.
        self.titles + reader.position().line() - 1
    }

    /// What the first row says of all.
    fn look_at_first_row(&mut self) -> Result<(), PriceError> {
        let mut record = ByteRecord::new();
        // What cannot be read here is refused when the rows are.
        if !matches!(self.rows()?.read_byte_record(&mut record), Ok(true)) {
            return Ok(());
        }
        let field = |column: &columns::Column| text(record.get(column.index).unwrap_or_default());
        self.symbol = self.symbol.take().or(self.columns.symbol.as_ref().map(field));
        self.digits = time::digits_of_a_date(&field(&self.columns.time));
        Ok(())
    }
}

/// The file's beginning, if it is text.
fn head(path: &Path) -> Result<Vec<u8>, PriceError> {
    let mut head = vec![];
    open(path)?
        .take(HEAD)
        .read_to_end(&mut head)
        .map_err(|error| unreadable(path, error))?;
    let packed = [&b"PK\x03\x04"[..], b"\x1f\x8b", b"\x28\xb5\x2f\xfd"];
    let bound = if packed.iter().any(|magic| head.starts_with(magic)) {
        Bound::new("text", "the file is packed: unpack it first")
    } else if head.contains(&0) {
        Bound::new("UTF-8 text", "save it as CSV in UTF-8")
    } else {
        return Ok(head);
    };
    Err(refused(
        path,
        1,
        "the file",
        &text(&head[..head.len().min(4)]),
        bound,
    ))
}

/// Where the columns' names are.
struct Header {
    titles: u64,
    header: bool,
    delimiter: u8,
    columns: Columns,
}

impl Header {
    /// The first line with more than one field that names columns, or is a row of a
    /// kind that has no names. A line before it, such as an address with a comma,
    /// is a title.
    fn find(path: &Path, head: &[u8], wanted: &Wanted) -> Result<Self, PriceError> {
        let mut first = None;
        let mut tried = 0;
        for (titles, line) in (0..).zip(head.split(|b| *b == b'\n')) {
            let line = line.trim_ascii_end();
            if !line.iter().any(|b| DELIMITERS.contains(b)) {
                continue;
            }
            let found = Self::of(path, titles, line, wanted);
            tried += 1;
            match found {
                Ok(found) => return Ok(found),
                Err(error) if first.is_none() => first = Some(error),
                Err(_) => {}
            }
            if tried == TITLES {
                break;
            }
        }
        Err(first.unwrap_or_else(|| {
            let bound = Bound::new(
                "a header and rows of two fields or more, with a comma, a semicolon or a tab between them",
                "give a file with a time and a price in each row",
            );
            let value = text(head.split(|b| *b == b'\n').next().unwrap_or_default());
            refused(path, 1, "the file", &value, bound)
        }))
    }

    /// Of this line.
    fn of(path: &Path, titles: u64, line: &[u8], wanted: &Wanted) -> Result<Self, PriceError> {
        let delimiter = delimiter(line);
        let fields = fields(line, delimiter);
        let names: Vec<&str> = fields.iter().map(String::as_str).collect();
        let header = !names.first().is_some_and(|first| starts_a_row(first));
        let names = match (header, names.len()) {
            (true, _) => names,
            (false, 12) => KLINE.to_vec(),
            (false, 7) => OHLCVT.to_vec(),
            (false, _) => return Err(nameless(path, titles, line)),
        };
        let columns = columns::find(&names, wanted)
            .map_err(|bound| refused(path, titles + 1, "the header", &text(line), bound))?;
        Ok(Self {
            titles,
            header,
            delimiter,
            columns,
        })
    }
}

/// So many lines with more than one field may be titles, and the header.
const TITLES: u64 = 4;

const DELIMITERS: [u8; 4] = *b",;\t|";

/// What occurs most in the line, outside of quotes.
fn delimiter(line: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoted = false;
    for byte in line {
        quoted ^= *byte == b'"';
        if let Some(i) = DELIMITERS.iter().position(|d| d == byte && !quoted) {
            counts[i] += 1;
        }
    }
    // Of two that occur as often, the more usual one.
    let most = (0..DELIMITERS.len()).rev().max_by_key(|i| counts[*i]);
    DELIMITERS[most.unwrap_or(0)]
}

fn fields(line: &[u8], delimiter: u8) -> Vec<String> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .trim(Trim::All)
        .from_reader(line);
    let mut record = ByteRecord::new();
    let _ = reader.read_byte_record(&mut record);
    record.iter().map(text).collect()
}

/// Whether a first field is a time, so that the line is no header.
fn starts_a_row(field: &str) -> bool {
    field.starts_with(|c: char| c.is_ascii_digit())
}

fn nameless(path: &Path, titles: u64, line: &[u8]) -> PriceError {
    let bound = Bound::new(
        format!(
            "a header, or the {} columns of a Binance kline, or the {} of Kraken's bars",
            KLINE.len(),
            OHLCVT.len()
        ),
        "name the columns in a first line, for example time,open,high,low,close,volume",
    );
    refused(path, titles + 1, "the header", &text(line), bound)
}

/// The text of a cell, whatever cannot be read replaced.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
