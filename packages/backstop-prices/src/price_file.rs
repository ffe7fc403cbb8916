//! A price file that has been looked through once: every row is checked, its
//! order and the length of its bars are known, and its prices can be read, as
//! often as they are needed, without holding them.

use std::path::Path;
use std::rc::Rc;

use cosmwasm_std::Decimal;

use crate::csv_format::CsvFormat;
use crate::decimal_sign;
use crate::error::{Bound, PriceError, refused, whole_answer};
use crate::facts::{Facts, Uneven, missing};
use crate::instruments;
use crate::number::Style;
use crate::rows::{Row, rows};
use crate::time::{DAY, SECOND};
use crate::wanted::Wanted;

/// A file that can be read as a series.
#[derive(Debug, Clone)]
pub struct PriceFile {
    format: Rc<CsvFormat>,
    style: Style,
    facts: Facts,
    /// The rows in order of time, if the file has them in another.
    sorted: Option<Rc<Collected>>,
    /// When a row's price is known.
    ends: Ends,
    /// When the first price is known and when the last, in seconds since the epoch.
    range: (u64, u64),
}

/// When a row's price is known, where the row does not say so itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    /// At its time.
    AtOnce,
    /// When the bar ends, or, if only days are bars, the day.
    Bars {
        only_days: bool,
        /// Whether these are dates, and no bars.
        dates: bool,
        usual: u64,
        /// The length of a bar that no other follows.
        last: u64,
    },
}

impl Ends {
    /// When the price of `row` is known, in seconds since the epoch, if the next row with
    /// a price is of that time: never before its bar ends.
    fn known(&self, row: &Row, next: Option<u64>) -> u64 {
        let nanos = match (*self, row.end) {
            (_, Some(end)) => return end,
            (Self::Bars { only_days: true, .. }, None) if !row.day => row.nanos,
            (Self::Bars { usual, last, .. }, None) => match next {
                Some(next) if missing(next.saturating_sub(row.nanos), usual) => {
                    row.nanos.saturating_add(usual)
                }
                Some(next) => next.max(row.nanos.saturating_add(usual)),
                None => row.nanos.saturating_add(last),
            },
            (Self::AtOnce, None) => row.nanos,
        };
        nanos.div_ceil(SECOND)
    }
}

/// The rows of a file that is not in order of time.
#[derive(Debug, Default)]
struct Collected {
    rows: Vec<Kept>,
    /// How many had no price.
    empty: u64,
}

/// A row in less room.
#[derive(Debug, Clone, Copy)]
struct Kept {
    price: Decimal,
    nanos: u64,
    line: u32,
    zoned: bool,
    day: bool,
    /// Zero where the row does not say it.
    end: u64,
}

impl Collected {
    fn add(&mut self, row: &Row) {
        match row.price {
            Some(price) => self.rows.push(Kept {
                price,
                nanos: row.nanos,
                line: row.line,
                zoned: row.zoned,
                day: row.day,
                end: row.end.unwrap_or(0),
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
            day: self.day,
            end: Some(self.end).filter(|end| *end > 0),
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
        let format = Rc::new(instruments::format(path, wanted)?);
        let style = decimal_sign::style(&format)?;
        let mut file = Self {
            format,
            style,
            facts: Facts::default(),
            sorted: None,
            ends: Ends::AtOnce,
            range: (0, 0),
        };
        if !file.look()? {
            file.sorted = Some(file.collect()?);
            file.look()?;
        }
        file.facts.empty += file.sorted.as_ref().map_or(0, |collected| collected.empty);
        file.ends = file.ends()?;
        file.range = file.facts.range(|row, next| file.ends.known(row, next));
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

    fn ends(&self) -> Result<Ends, PriceError> {
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
        let answers = columns.may_be_answers && !self.facts.decimals || self.facts.may_be_answers();
        if answers && self.format.decimals.is_none() {
            let line = self.facts.first_line.into();
            let value = self.first_price()?;
            return Err(whole_answer(&self.format.path, line, &columns.price.name, &value));
        }
        if let Some(mut two) = self.facts.two_markets() {
            two.sort_by_key(|(line, _)| *line);
            let [(upper, one), (lower, other)] = two;
            let must_be =
                format!("{one}, as in line {upper}: most times have several rows, as of several markets");
            let next = "keep the rows of one market; if a column names it, choose one with --symbol";
            let bound = Bound::new(must_be, next);
            let (path, column) = (&self.format.path, &columns.price.name);
            return Err(refused(path, lower.into(), column, &other.to_string(), bound));
        }
        // As a spreadsheet writes a date that it takes for a moment.
        let all_days = columns.dated && self.facts.rows > 1 && self.facts.midnights == self.facts.rows;
        let days = all_days || self.facts.days > 0;
        let usual = match (self.facts.step_nanos(), columns.at_end) {
            // The price of a date is of its end, and if dates are weeks apart, of theirs.
            (step, false) if days && !columns.at_start => step.unwrap_or(DAY).max(DAY),
            (_, false) => return Ok(Ends::AtOnce),
            (_, true) if columns.end.is_some() => return Ok(Ends::AtOnce),
            (Some(bar), true) => bar,
            (None, true) => {
                let must_be = format!(
                    "two bars or more: {} is known when the bar ends, and the next one tells when that is",
                    columns.price.name
                );
                let bound = Bound::new(must_be, "give a file with more bars");
                return refuse("a single bar", bound);
            }
        };
        if let Some(Uneven { line, step }) = self.facts.uneven() {
            let seconds = |nanos: u64| nanos.div_ceil(SECOND);
            let must_be = format!(
                "{} s apart, as most bars are: how long a bar is tells when its price is known",
                seconds(usual)
            );
            let value = format!("{} s apart", seconds(step));
            let next =
                "give bars of one length: split the file there, or say in a column close_time when each ends";
            let (path, line) = (&self.format.path, line.into());
            let bound = Bound::new(must_be, next);
            return Err(refused(path, line, &columns.time.name, &value, bound));
        }
        Ok(Ends::Bars {
            only_days: !columns.at_end && !all_days,
            dates: !columns.at_end,
            usual,
            last: self.facts.longest_bar(usual),
        })
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
        let (ends, path) = (self.ends, self.format.path.clone());
        let priced = |row: &Result<Row, PriceError>| row.as_ref().map_or(true, |row| row.price.is_some());
        let mut rows = self.ordered()?.filter(priced).peekable();
        let (mut last, mut latest) = (0, 0);
        Ok(std::iter::from_fn(move || {
            let row = match rows.next()? {
                Ok(row) => row,
                Err(error) => return Some(Err(error)),
            };
            if row.nanos < last {
                return Some(Err(changed(&path, row.line)));
            }
            last = row.nanos;
            let next = rows.peek().and_then(|next| next.as_ref().ok());
            // Where a row's own end is after the next one's, that one is known with it.
            latest = ends.known(&row, next.map(|next| next.nanos)).max(latest);
            Some(Ok((latest, row.price?)))
        }))
    }

    /// When the first price is known and when the last, in seconds since the
    /// epoch.
    pub fn range(&self) -> (u64, u64) {
        self.range
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

    /// Whether a date alone is the time of a price that is of no bar, and that is known when
    /// the day ends.
    pub fn days(&self) -> bool {
        matches!(self.ends, Ends::Bars { dates: true, .. })
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
