//! The rows of a file, one after the other, each checked.

use std::io::Read;
use std::rc::Rc;

use cosmwasm_std::Decimal;
use csv::{ByteRecord, ErrorKind, Reader};

use crate::columns::Column;
use crate::csv_format::CsvFormat;
use crate::error::{Bound, PriceError, refused, unreadable, whole_answer};
use crate::instruments::{self, same};
use crate::number::{self, Style};
use crate::time;
use crate::time::{DAY, Moment, SECOND};

/// An ask is at most this much above the bid.
const APART: Decimal = Decimal::percent(110);
/// The most digits that a whole price has.
const DIGITS: usize = 12;

/// What a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Its time, in nanoseconds since the epoch.
    pub nanos: u64,
    /// Its line in the file, from one.
    pub line: u32,
    /// Whether the file says in which zone the time is.
    pub zoned: bool,
    /// Whether the time is a date alone.
    pub day: bool,
    /// When its bar ends, in seconds since the epoch, if the row says so.
    pub end: Option<u64>,
    /// Its price; none where nobody traded.
    pub price: Option<Decimal>,
}

/// The rows of a file, until the first that is refused.
pub struct Rows<R> {
    format: Rc<CsvFormat>,
    style: Style,
    reader: Reader<R>,
    record: ByteRecord,
    ended: bool,
}

/// The rows of the file of this format, whose numbers have this style.
pub fn rows(format: &Rc<CsvFormat>, style: Style) -> Result<Rows<impl Read + use<>>, PriceError> {
    Ok(Rows {
        reader: format.rows()?,
        format: format.clone(),
        style,
        record: ByteRecord::new(),
        ended: false,
    })
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Row, PriceError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let row = match self.reader.read_byte_record(&mut self.record) {
                Ok(true) if self.record.iter().all(<[u8]>::is_empty) => continue,
                Ok(true) => match self.is_wanted() {
                    Ok(true) => self.row(),
                    Ok(false) => continue,
                    Err(error) => Err(error),
                },
                Ok(false) => return None,
                Err(error) => Err(self.broken(error)),
            };
            self.ended = row.is_err();
            return Some(row);
        }
        None
    }
}

impl<R: Read> Rows<R> {
    fn row(&self) -> Result<Row, PriceError> {
        let columns = &self.format.columns;
        let moment = self.moment()?;
        let price = match &columns.ask {
            Some(ask) => self.mean(&columns.price, ask)?,
            None => self.price(&columns.price)?,
        };
        if let (Some(high), Some(low)) = (&columns.high, &columns.low) {
            self.check_bar(high, low, price)?;
        }
        Ok(Row {
            nanos: moment.nanos,
            line: u32::try_from(self.line()).unwrap_or(u32::MAX),
            zoned: moment.zoned,
            day: moment.day,
            end: match price {
                Some(_) => self.end(moment.nanos)?,
                None => None,
            },
            price,
        })
    }

    /// Whether the row is of the instrument that is read; another one's is refused
    /// where none was chosen.
    fn is_wanted(&self) -> Result<bool, PriceError> {
        let format = &self.format;
        let (Some(column), Some(read)) = (&format.columns.symbol, &format.symbol) else {
            return Ok(true);
        };
        let symbol = self.field(column)?;
        if same(symbol, read) {
            return Ok(true);
        }
        if format.chosen {
            return Ok(false);
        }
        Err(instruments::another(format, self.line(), column, read, symbol))
    }

    fn moment(&self) -> Result<Moment, PriceError> {
        let columns = &self.format.columns;
        let at = self.field(&columns.time)?;
        if let Some(clock) = &columns.clock {
            let of_day = self.field(clock)?;
            if let Some(joined) = time::joined(at, of_day) {
                return joined.map_err(|bound| self.refuse(clock, of_day, bound));
            }
        }
        time::moment(at).map_err(|bound| self.refuse(&columns.time, at, bound))
    }

    /// When the row's bar ends, if it says so: after it begins.
    fn end(&self, begins: u64) -> Result<Option<u64>, PriceError> {
        let Some(column) = &self.format.columns.end else {
            return Ok(None);
        };
        let text = self.field(column)?;
        let moment = time::moment(text).map_err(|bound| self.refuse(column, text, bound))?;
        // A date alone may be the bar's last day.
        let end = moment.nanos + if moment.day { DAY } else { 0 };
        if end <= begins {
            let bound = Bound::new(
                format!(
                    "after {}, which is when the bar begins",
                    self.format.columns.time.name
                ),
                "mend that line; or rename the column, if it does not say when a bar ends",
            );
            return Err(self.refuse(column, text, bound));
        }
        Ok(Some(end.div_ceil(SECOND)))
    }

    fn check_bar(&self, high: &Column, low: &Column, price: Option<Decimal>) -> Result<(), PriceError> {
        let (Some(top), Some(bottom)) = (self.price(high)?, self.price(low)?) else {
            return Ok(());
        };
        let next = "mend that line, or delete it: nothing is filled in for it";
        if top < bottom {
            let bound = Bound::new(format!("at least {}, which is {bottom}", low.name), next);
            return Err(self.refuse(high, &top.to_string(), bound));
        }
        let columns = &self.format.columns;
        let outside = price.filter(|price| !(bottom..=top).contains(price));
        match outside.filter(|_| columns.within) {
            None => Ok(()),
            Some(price) => {
                let must_be = format!("from {bottom} to {top}, which are {} and {}", low.name, high.name);
                let bound = Bound::new(must_be, next);
                Err(self.refuse(&columns.price, &price.to_string(), bound))
            }
        }
    }

    /// Between bid and ask; none where one of them is missing.
    fn mean(&self, bid_column: &Column, ask_column: &Column) -> Result<Option<Decimal>, PriceError> {
        let (Some(bid), Some(ask)) = (self.price(bid_column)?, self.price(ask_column)?) else {
            return Ok(None);
        };
        let most = bid.checked_mul(APART).unwrap_or(Decimal::MAX);
        if !(bid..=most).contains(&ask) {
            let bound = Bound::new(
                format!(
                    "from {bid} to {most}: at least {}, and at most a tenth above it",
                    bid_column.name
                ),
                "mend that line; leave a cell empty if nobody quoted; or take one of the two with --column",
            );
            return Err(self.refuse(ask_column, &ask.to_string(), bound));
        }
        let sum = bid.checked_add(ask).ok();
        Ok(sum.and_then(|sum| sum.checked_mul(Decimal::percent(50)).ok()))
    }

    fn price(&self, column: &Column) -> Result<Option<Decimal>, PriceError> {
        let text = self.field(column)?;
        number::price(text, self.style, self.format.decimals).map_err(|bound| {
            let whole = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            // So many digits have decimals among them, whatever their column is called.
            let answer = self.format.columns.may_be_answers || text.len() > DIGITS;
            match whole && answer && self.format.decimals.is_none() {
                true => whole_answer(&self.format.path, self.line(), &column.name, text),
                false => self.refuse(column, text, bound),
            }
        })
    }

    fn field(&self, column: &Column) -> Result<&str, PriceError> {
        let bytes = self.record.get(column.index).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|_| {
            let bound = Bound::new("UTF-8 text", "save the file as CSV in UTF-8");
            self.refuse(column, &String::from_utf8_lossy(bytes), bound)
        })
    }

    fn line(&self) -> u64 {
        self.format.line(&self.reader)
    }

    fn refuse(&self, column: &Column, value: &str, bound: Bound) -> PriceError {
        refused(&self.format.path, self.line(), &column.name, value, bound)
    }

    fn broken(&self, error: csv::Error) -> PriceError {
        let text = error.to_string();
        let (found, bound) = match error.into_kind() {
            ErrorKind::Io(error) => return unreadable(&self.format.path, error),
            ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => (
                format!("{len} fields"),
                Bound::new(
                    format!("{expected_len} fields, as the first line has"),
                    "mend that line; a number with a comma in it needs quotes around it",
                ),
            ),
            _ => (text, Bound::new("a row of a CSV file", "mend that line")),
        };
        refused(&self.format.path, self.line(), "the row", &found, bound)
    }
}
