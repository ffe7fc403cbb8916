//! A price file that has been looked through once: every row is checked, its
//! order and the length of its bars are known, and its prices can be read, as
//! often as they are needed, without holding them.

use std::path::Path;
use std::rc::Rc;

use cosmwasm_std::Decimal;

use crate::csv_format::CsvFormat;
use crate::decimal_sign;
use crate::error::{Bound, PriceError, refused, whole_answer};
use crate::facts::{Facts, Uneven};
use crate::number::Style;
use crate::rows::{Row, rows};
use crate::time::SECOND;
use crate::wanted::Wanted;

/// A file that can be read as a series.
#[derive(Debug, Clone)]
pub struct PriceFile {
    format: Rc<CsvFormat>,
    style: Style,
    facts: Facts,
    /// The rows in order of time, if the file has them in another.
    sorted: Option<Rc<Collected>>,
    /// From a row's time to when its price is known.
    delay: u64,
}

/// The rows of a file that is not in order of time.
#[derive(Debug, Default)]
struct Collected {
    rows: Vec<Kept>,
    /// How many had no price.
    empty: u64,
}

/// A row in half of the room.
#[derive(Debug, Clone, Copy)]
struct Kept {
    price: Decimal,
    nanos: u64,
    line: u32,
    zoned: bool,
}

impl Collected {
    fn add(&mut self, row: &Row) {
        match row.price {
            Some(price) => self.rows.push(Kept {
                price,
                nanos: row.nanos,
                line: row.line,
                zoned: row.zoned,
            }),
            None => self.empty += 1,
        }
    }
}

impl Kept {
    fn row(&self) -> Row {
        Row {
            nanos: self.nanos,
            line: self.line,
            zoned: self.zoned,
            price: Some(self.price),
        }
    }
}

/// What a file says: when, in seconds since the epoch, and the price.
pub type Known = (u64, Decimal);

type Ordered = Box<dyn Iterator<Item = Result<Row, PriceError>>>;

impl PriceFile {
    /// Looks through the file in `path`, whose price is in the column `wanted`,
    /// or else in the one that its header suggests.
    pub fn of(path: &Path, wanted: &Wanted) -> Result<Self, PriceError> {
        let format = Rc::new(CsvFormat::find(path, wanted)?);
        let style = decimal_sign::style(&format)?;
        let mut file = Self {
            format,
            style,
            facts: Facts::default(),
            sorted: None,
            delay: 0,
        };
        if !file.look()? {
            file.sorted = Some(file.collect()?);
            file.look()?;
        }
        file.facts.empty += file.sorted.as_ref().map_or(0, |collected| collected.empty);
        file.delay = file.delay()?;
        Ok(file)
    }

    /// Gathers the facts; false if the rows are not in order of time.
    fn look(&mut self) -> Result<bool, PriceError> {
        self.facts = Facts::default();
        let mut last = 0;
        for row in self.ordered()? {
            let row = row?;
            if row.nanos < last {
                return Ok(false);
            }
            last = row.nanos;
            self.facts.add(&row);
        }
        Ok(true)
    }

    /// Every row with a price, in order of time. Of a file that has its newest
    /// row first, the upper of two rows of one time is the newer one.
    fn collect(&self) -> Result<Rc<Collected>, PriceError> {
        let mut collected = Collected::default();
        for row in rows(&self.format, self.style)? {
            collected.add(&row?);
        }
        let rows = &mut collected.rows;
        let ends = rows.first().zip(rows.last());
        if ends.is_some_and(|(first, last)| first.nanos > last.nanos) {
            rows.reverse();
        }
        if !rows.is_sorted_by_key(|row| row.nanos) {
            rows.sort_by_key(|row| row.nanos);
        }
        Ok(Rc::new(collected))
    }

    fn ordered(&self) -> Result<Ordered, PriceError> {
        let rows: Ordered = match &self.sorted {
            Some(rows) => {
                let rows = rows.clone();
                Box::new((0..rows.rows.len()).map(move |i| Ok(rows.rows[i].row())))
            }
            None => Box::new(rows(&self.format, self.style)?),
        };
        if !self.format.columns.bars {
            return Ok(rows);
        }
        Ok(Box::new(Once {
            rows,
            format: self.format.clone(),
            last: None,
        }))
    }

    fn delay(&self) -> Result<u64, PriceError> {
        let columns = &self.format.columns;
        let refuse = |value: &str, bound| Err(refused(&self.format.path, 1, "the file", value, bound));
        if self.facts.rows == 0 {
            let of = match self.format.chosen {
                true => self
                    .symbol()
                    .map_or(String::new(), |symbol| format!(" of {symbol}")),
                false => String::new(),
            };
            let bound = Bound::new(
                format!("one with a price{of} in a row"),
                "give a file with prices",
            );
            return refuse("without a price", bound);
        }
        if columns.may_be_answers && !self.facts.decimals && self.format.decimals.is_none() {
            let line = self.facts.first_line.into();
            let value = self.first_price()?;
            return Err(whole_answer(&self.format.path, line, &columns.price.name, &value));
        }
        match self.facts.step_nanos() {
            _ if !columns.at_end => Ok(0),
            Some(bar) => match self.facts.uneven() {
                None => Ok(bar),
                Some(Uneven { line, step }) => {
                    let seconds = |nanos: u64| nanos.div_ceil(SECOND);
                    let must_be = format!(
                        "{} s apart, as most bars are: how long a bar is tells when its price is known",
                        seconds(bar)
                    );
                    let value = format!("{} s apart", seconds(step));
                    let bound = Bound::new(must_be, "give bars of one length: split the file there");
                    Err(refused(
                        &self.format.path,
                        line.into(),
                        &columns.time.name,
                        &value,
                        bound,
                    ))
                }
            },
            None => {
                let must_be = format!(
                    "two bars or more: {} is known when the bar ends, and the next one tells when that is",
                    columns.price.name
                );
                let bound = Bound::new(must_be, "give a file with more bars");
                refuse("a single bar", bound)
            }
        }
    }

    fn first_price(&self) -> Result<String, PriceError> {
        let first = self
            .ordered()?
            .find_map(|row| row.map(|row| row.price).transpose());
        Ok(first
            .transpose()?
            .map_or(String::new(), |price| price.to_string()))
    }

    /// The prices in order of time, from when they were known. A part of a
    /// second counts as the whole: nobody sees a price before it was there.
    pub fn known(&self) -> Result<impl Iterator<Item = Result<Known, PriceError>> + use<>, PriceError> {
        let (delay, path) = (self.delay, self.format.path.clone());
        let mut last = 0;
        let known = self.ordered()?.map(move |row| {
            let row = row?;
            if row.nanos < last {
                return Err(changed(&path, row.line));
            }
            last = row.nanos;
            let at = row.nanos.saturating_add(delay).div_ceil(SECOND);
            Ok(row.price.map(|price| (at, price)))
        });
        Ok(known.filter_map(Result::transpose))
    }

    /// When the first price is known and when the last, in seconds since the
    /// epoch.
    pub fn range(&self) -> (u64, u64) {
        let known = |nanos: u64| nanos.saturating_add(self.delay).div_ceil(SECOND);
        (known(self.facts.first), known(self.facts.last))
    }

    /// What was found out.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Which file.
    pub fn path(&self) -> &Path {
        &self.format.path
    }

    /// The column that the price is in.
    pub fn price_column(&self) -> &str {
        match self.format.columns.ask {
            Some(_) => "the mean of bid and ask",
            None => &self.format.columns.price.name,
        }
    }

    /// The column that the time is in.
    pub fn time_column(&self) -> &str {
        &self.format.columns.time.name
    }

    /// Whether its times are dates in digits rather than numbers since the epoch.
    pub fn dates_in_digits(&self) -> bool {
        self.format.digits
    }

    /// Whether its rows are bars.
    pub fn bars(&self) -> bool {
        self.format.columns.bars
    }

    /// Whether its rows are in order of time, oldest first.
    pub fn in_order(&self) -> bool {
        self.sorted.is_none()
    }

    /// What is traded, if the file says it.
    pub fn symbol(&self) -> Option<&str> {
        self.format.symbol.as_deref()
    }
}

/// The file was in order when it was looked through.
fn changed(path: &Path, line: u32) -> PriceError {
    let bound = Bound::new("as it was a moment ago", "leave the file alone while it is read");
    refused(path, line.into(), "the file", "changed", bound)
}

/// Bars in order of time, each time once: a bar that stands there twice with
/// one price is one bar, and with two prices it is refused.
struct Once {
    rows: Ordered,
    format: Rc<CsvFormat>,
    last: Option<Row>,
}

impl Iterator for Once {
    type Item = Result<Row, PriceError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let row = match self.rows.next()? {
                Ok(row) => row,
                error => return Some(error),
            };
            if row.price.is_none() {
                return Some(Ok(row));
            }
            match self.last.filter(|last| last.nanos == row.nanos) {
                Some(last) if last.price == row.price => continue,
                Some(last) => return Some(Err(self.twice(&last, &row))),
                None => {}
            }
            self.last = Some(row);
            return Some(Ok(row));
        }
    }
}

impl Once {
    fn twice(&self, one: &Row, other: &Row) -> PriceError {
        let (upper, lower) = if one.line < other.line {
            (one, other)
        } else {
            (other, one)
        };
        let text = |row: &Row| row.price.map_or("empty".to_string(), |price| price.to_string());
        let must_be = format!(
            "{}, as in line {}, which has the same time",
            text(upper),
            upper.line
        );
        let bound = Bound::new(must_be, "delete one of the two lines");
        let column = &self.format.columns.price.name;
        refused(&self.format.path, lower.line.into(), column, &text(lower), bound)
    }
}
