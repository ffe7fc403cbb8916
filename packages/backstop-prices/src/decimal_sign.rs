//! Which sign a file has before the decimals, by all of it: a price that can be
//! read in two ways is read only where something else in the file decides.

use csv::ByteRecord;

use crate::csv_format::{CsvFormat, text};
use crate::error::{Bound, PriceError, refused};
use crate::number::{Evidence, Style, evidence};

/// What a file's numbers say.
#[derive(Debug, Default)]
struct Signs {
    /// The first price that can be read in two ways: its line, itself, and the
    /// style in which it has decimals.
    doubtful: Option<(u64, String, Style)>,
    point: bool,
    comma: bool,
}

/// How the file of this format writes numbers: as its first price does that leaves
/// no doubt; without one, as all other columns agree; without these, with
/// decimal points, unless there is a price that may mean thousands.
pub fn style(format: &CsvFormat) -> Result<Style, PriceError> {
    let mut signs = Signs::default();
    let (mut reader, mut record) = (format.rows()?, ByteRecord::new());
    // What cannot be read here is refused when the rows are.
    while let Ok(true) = reader.read_byte_record(&mut record) {
        let price = text(record.get(format.columns.price.index).unwrap_or_default());
        match evidence(&price) {
            Evidence::Clear(style) => return Ok(style),
            Evidence::Ambiguous(style) if signs.doubtful.is_none() => {
                signs.doubtful = Some((format.line(&reader), price, style));
            }
            Evidence::Ambiguous(_) | Evidence::None => {}
        }
        signs.others(format, &record);
    }
    signs.decide(format)
}

impl Signs {
    fn others(&mut self, format: &CsvFormat, record: &ByteRecord) {
        let columns = &format.columns;
        let no_number = [
            Some(&columns.time),
            columns.clock.as_ref(),
            columns.symbol.as_ref(),
        ];
        let skipped = |index| no_number.iter().flatten().any(|column| column.index == index);
        for (index, cell) in record.iter().enumerate() {
            if self.point && self.comma || skipped(index) {
                continue;
            }
            match std::str::from_utf8(cell).map(evidence) {
                Ok(Evidence::Clear(Style::Point)) => self.point = true,
                Ok(Evidence::Clear(Style::Comma)) => self.comma = true,
                _ => {}
            }
        }
    }

    fn decide(self, format: &CsvFormat) -> Result<Style, PriceError> {
        let Some((line, price, style)) = self.doubtful else {
            return Ok(if self.comma && !self.point {
                Style::Comma
            } else {
                Style::Point
            });
        };
        match (self.point, self.comma) {
            (true, false) => return Ok(Style::Point),
            (false, true) => return Ok(Style::Comma),
            // Where a comma is the decimal sign, a semicolon is between fields.
            (false, false) if style == Style::Point && format.delimiter != b';' => return Ok(style),
            _ => {}
        }
        let digits: String = price.chars().filter(char::is_ascii_digit).collect();
        let decimals = price.replace(',', ".");
        let bound = Bound::new(
            format!("a price that can be read in one way, and this is {decimals} or {digits}"),
            "write it without thousands apart, or with other than three decimals, such as 1234 or 1.2340",
        );
        Err(refused(
            &format.path,
            line,
            &format.columns.price.name,
            &price,
            bound,
        ))
    }
}
