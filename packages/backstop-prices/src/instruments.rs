//! Which column names what is traded, whatever it is called: a second instrument in a
//! file would be read as a market that falls and rises.

use std::collections::BTreeSet;
use std::path::Path;

use csv::ByteRecord;

use crate::columns::{Column, simple};
use crate::csv_format::{CsvFormat, text};
use crate::error::{Bound, PriceError, refused};
use crate::time;
use crate::wanted::Wanted;

/// So many different words are counted.
const WORDS: usize = 4_096;

/// Names of columns with words that repeat and name no instrument.
const OTHERS: [&str; 22] = [
    "side",
    "takerside",
    "aggressor",
    "direction",
    "tickdirection",
    "ordertype",
    "note",
    "notes",
    "comment",
    "comments",
    "status",
    "day",
    "weekday",
    "month",
    "hour",
    "zone",
    "tz",
    "tx",
    "sender",
    "from",
    "transmitter",
    "signature",
];
/// Parts of such names.
const PARTS: [&str; 3] = ["time", "date", "hash"];

/// The format of the file in `path`, which is of one instrument, or of which one is wanted.
pub fn format(path: &Path, wanted: &Wanted) -> Result<CsvFormat, PriceError> {
    let mut format = CsvFormat::find(path, wanted)?;
    if let (None, Some(symbol)) = (&format.columns.symbol, &wanted.symbol) {
        format.columns.symbol = Some(named(&format, symbol)?);
    }
    check_one(&format)?;
    Ok(format)
}

/// The column with the symbol that is wanted, which the header does not tell.
fn named(format: &CsvFormat, symbol: &str) -> Result<Column, PriceError> {
    let mut found = None;
    scan(format, |_, record, candidates| {
        let named = |column: &&Column| same(&cell(record, column), symbol);
        found = found.take().or_else(|| candidates.iter().find(named).cloned());
    })?;
    found.ok_or_else(|| {
        let bound = Bound::new(
            "one that has a column with the symbol, since one of several is wanted",
            "leave --symbol out, or source.symbol of the scenario",
        );
        refused(&format.path, 1, "the file", &format!("without {symbol}"), bound)
    })
}

/// Refuses a file in which a column of words has several that repeat, by the line of
/// the second of them; of a file with a column of symbols, among the rows of one.
fn check_one(format: &CsvFormat) -> Result<(), PriceError> {
    let (mut rows, mut words) = (0_u64, vec![]);
    scan(format, |line, record, candidates| {
        let of = format.columns.symbol.as_ref().zip(format.symbol.as_deref());
        if of.is_some_and(|(column, symbol)| !same(&cell(record, column), symbol)) {
            return;
        }
        rows += 1;
        if words.is_empty() {
            words = candidates.iter().cloned().map(Words::of).collect();
        }
        words
            .iter_mut()
            .for_each(|words| words.add(line, &cell(record, &words.column)));
    })?;
    let several = words.into_iter().filter(|words| words.name_instruments(rows));
    let second = several.filter_map(|words| {
        let (line, second) = words.second?;
        Some((line, words.column, words.first, second))
    });
    match second.min_by_key(|(line, ..)| *line) {
        None => Ok(()),
        Some((line, column, first, second)) => Err(another(format, line, &column, &first, &second)),
    }
}

/// The refusal of a second instrument.
pub fn another(format: &CsvFormat, line: u64, column: &Column, first: &str, second: &str) -> PriceError {
    let next = match format.chosen {
        true => "keep the rows of one".to_string(),
        false => format!("choose one, such as by --symbol {first}, or by source.symbol of the scenario"),
    };
    let bound = Bound::new(
        format!("{first}, as in the rows before: a file is of one market"),
        format!("{next}; or delete that column, if it does not name what is traded"),
    );
    refused(&format.path, line, &column.name, second, bound)
}

/// Whether two names of an instrument are the same but for case and punctuation.
pub fn same(one: &str, other: &str) -> bool {
    one == other || plain(one) == plain(other)
}

fn plain(name: &str) -> String {
    let plain = simple(name);
    if plain.is_empty() { name.to_string() } else { plain }
}

/// What a column of words says.
struct Words {
    column: Column,
    first: String,
    second: Option<(u64, String)>,
    different: BTreeSet<String>,
    filled: u64,
    /// How many were filled when so many were different that no more were counted.
    counted: Option<u64>,
}

impl Words {
    fn of(column: Column) -> Self {
        Self {
            column,
            first: String::new(),
            second: None,
            different: BTreeSet::new(),
            filled: 0,
            counted: None,
        }
    }

    fn add(&mut self, line: u64, word: &str) {
        if word.is_empty() {
            return;
        }
        self.filled += 1;
        if self.first.is_empty() {
            self.first = word.to_string();
        } else if self.second.is_none() && !same(word, &self.first) {
            self.second = Some((line, word.to_string()));
        }
        if self.counted.is_none() && self.different.insert(plain(word)) && self.different.len() == WORDS {
            self.counted = Some(self.filled);
        }
    }

    /// Whether there are several, which repeat, in nearly all of the rows.
    fn name_instruments(&self, rows: u64) -> bool {
        let (all, different) = (self.counted.unwrap_or(self.filled), self.different.len() as u64);
        different > 1 && 4 * different <= 3 * all && 10 * self.filled >= 9 * rows
    }
}

/// Shows each row, with its line and the columns that are not read and have a word in
/// the first one; none if there is no such column. What cannot be read here is refused
/// when the rows are.
fn scan(format: &CsvFormat, mut see: impl FnMut(u64, &ByteRecord, &[Column])) -> Result<(), PriceError> {
    let (mut reader, mut record) = (format.rows()?, ByteRecord::new());
    let names = match reader.byte_headers() {
        Ok(names) if format.header => names.clone(),
        _ => return Ok(()),
    };
    let mut candidates = None;
    while let Ok(true) = reader.read_byte_record(&mut record) {
        if record.iter().all(<[u8]>::is_empty) {
            continue;
        }
        let candidates = candidates.get_or_insert_with(|| candidates_in(format, &names, &record));
        if candidates.is_empty() {
            break;
        }
        see(format.line(&reader), &record, candidates);
    }
    Ok(())
}

fn candidates_in(format: &CsvFormat, names: &ByteRecord, first: &ByteRecord) -> Vec<Column> {
    let columns = names.iter().enumerate().map(|(index, name)| Column {
        index,
        name: text(name),
    });
    let read = |column: &Column| format.columns.all().any(|read| read.index == column.index);
    let other = |column: &Column| {
        let name = simple(&column.name);
        OTHERS.contains(&name.as_str()) || PARTS.iter().any(|part| name.contains(part))
    };
    columns
        .filter(|column| !read(column) && !other(column) && is_word(&cell(first, column)))
        .collect()
}

fn cell(record: &ByteRecord, column: &Column) -> String {
    text(record.get(column.index).unwrap_or_default())
}

/// Whether a cell has a word in it: no number, with a unit or a currency or without, no
/// time, and nothing that says that there is none.
fn is_word(cell: &str) -> bool {
    const NONE: [&str; 8] = ["null", "none", "nan", "na", "n/a", "inf", "true", "false"];
    let amount = cell.trim_start_matches(['+', '-', '$', '€', '£', '¥', ' ']);
    let amount = amount.trim_end_matches(['k', 'K', 'm', 'M', 'b', 'B', 't', 'T', '%', ' ']);
    let number = amount.starts_with(|c: char| c.is_ascii_digit()) && !amount.contains(char::is_alphabetic);
    cell.contains(char::is_alphabetic)
        && !number
        && cell.parse::<f64>().is_err()
        && !NONE.contains(&cell.to_lowercase().as_str())
        && time::moment(cell).is_err()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_no_number_and_no_time() {
        for word in ["BTC", "1INCH", "btc/usd", "Bitcoin Cash", "0xC02a"] {
            assert!(is_word(word), "{word}");
        }
        for other in [
            "",
            "12",
            "1.2K",
            "-0.5%",
            "$1,200",
            "3.4 M",
            "5e-05",
            "NaN",
            "null",
            "true",
            "-",
            "2022-05-12T10:00:00Z",
            "May 12, 2022",
            "10:00:00",
        ] {
            assert!(!is_word(other), "{other}");
        }
    }
}
