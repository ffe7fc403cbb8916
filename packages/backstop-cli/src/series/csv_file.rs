//! Price files: bars with a header that names open, high, low and close, or
//! two columns, a time and a price. A bar's time is its start, so its close is
//! known one bar later; nothing is filled in where rows are missing.

use std::path::Path;

use cosmwasm_std::Decimal;

use super::Observation;
use crate::error::BadInput;
use crate::scenario::tables::Source;
use crate::scenario::values;

/// Names of the column with the time, in order of preference.
const TIMES: [&str; 4] = ["timestamp", "timestamp_utc_iso", "time", "date"];
/// The columns of a bar.
const BAR: [&str; 4] = ["open", "high", "low", "close"];

struct Columns {
    time: usize,
    time_name: String,
    price: usize,
    price_name: String,
    /// Whether the price is known only when the bar ends.
    at_end: bool,
}

/// The observations in `path`, in order of time.
pub fn read(path: &Path, source: &Source) -> Result<Vec<Observation>, BadInput> {
    let text = std::fs::read_to_string(path).map_err(|error| BadInput::Read {
        path: path.to_path_buf(),
        source: error,
        next: format!(
            "set csv of source {:?} to a file beside the scenario",
            source.name
        ),
    })?;
    parse(path, &text, source)
}

fn parse(path: &Path, text: &str, source: &Source) -> Result<Vec<Observation>, BadInput> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| broken(path, &error))?.clone();
    let columns = columns(path, &header, source.column.as_deref())?;
    let mut observations: Vec<Observation> = vec![];
    for record in reader.records() {
        let record = record.map_err(|error| broken(path, &error))?;
        let row = row(path, &record, &columns, source.confidence_bps)?;
        if let Some(before) = observations.last().filter(|before| row.at < before.at) {
            let bound = format!("not before the row above it, {}", values::Moment(before.at));
            return Err(refused(path, &record, columns.time, &columns.time_name, bound));
        }
        observations.push(row);
    }
    if columns.at_end {
        let bar = shortest_gap(&observations);
        observations
            .iter_mut()
            .for_each(|o| o.at = o.at.saturating_add(bar));
    }
    Ok(observations)
}

fn columns(path: &Path, header: &csv::StringRecord, wanted: Option<&str>) -> Result<Columns, BadInput> {
    let find = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
    let missing = |column: &str, bound: String| BadInput::Csv {
        path: path.to_path_buf(),
        line: 1,
        column: column.to_string(),
        value: header.iter().collect::<Vec<_>>().join(","),
        bound,
    };
    let time = TIMES.iter().find_map(|&name| Some((find(name)?, name)));
    let Some((time, time_name)) = time else {
        return Err(missing(
            "the header",
            format!("with a time column named one of {}", TIMES.join(", ")),
        ));
    };
    let price_name = match wanted {
        Some(name) => name,
        None if find("price").is_some() => "price",
        None => "close",
    };
    let Some(price) = find(price_name) else {
        return Err(missing(
            "the header",
            format!("with a price column named {price_name}"),
        ));
    };
    Ok(Columns {
        time,
        time_name: time_name.to_string(),
        price,
        price_name: price_name.to_string(),
        at_end: price_name != "open" && BAR.contains(&price_name),
    })
}

fn row(
    path: &Path,
    record: &csv::StringRecord,
    columns: &Columns,
    confidence_bps: u64,
) -> Result<Observation, BadInput> {
    /// Above this a price is a typing error.
    const MOST: u128 = 1_000_000_000_000;
    let field = |index: usize| record.get(index).unwrap_or_default();
    let at = values::moment(field(columns.time)).ok_or_else(|| {
        let bound = "a time with an offset such as 2022-05-12T10:00:00Z, or seconds since the epoch";
        refused(path, record, columns.time, &columns.time_name, bound.to_string())
    })?;
    let most = Decimal::new((MOST * 1_000_000_000_000_000_000).into());
    let price = values::decimal(field(columns.price)).filter(|price| *price <= most);
    let price = price.ok_or_else(|| {
        let bound = format!("a decimal from 0 to {MOST} with at most 18 places");
        refused(path, record, columns.price, &columns.price_name, bound)
    })?;
    Ok(Observation {
        at,
        price,
        confidence_bps,
    })
}

/// The length of a bar: the shortest time between two rows, zero if there are
/// no two.
fn shortest_gap(observations: &[Observation]) -> u64 {
    let gaps = observations.windows(2).map(|pair| pair[1].at - pair[0].at);
    gaps.filter(|gap| *gap > 0).min().unwrap_or(0)
}

fn refused(path: &Path, record: &csv::StringRecord, index: usize, column: &str, bound: String) -> BadInput {
    BadInput::Csv {
        path: path.to_path_buf(),
        line: record.position().map_or(0, csv::Position::line),
        column: column.to_string(),
        value: record.get(index).unwrap_or_default().to_string(),
        bound,
    }
}

fn broken(path: &Path, error: &csv::Error) -> BadInput {
    BadInput::Csv {
        path: path.to_path_buf(),
        line: error.position().map_or(1, csv::Position::line),
        column: "the row".to_string(),
        value: error.to_string(),
        bound: "UTF-8 with as many fields as the header".to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::tables::Kind;

    fn source(column: Option<&str>) -> Source {
        Source {
            name: "venue".to_string(),
            kind: Kind::Reporter,
            lineage: "venue".to_string(),
            confidence_bps: 10,
            lag: 0,
            csv: Some("a.csv".to_string()),
            column: column.map(str::to_string),
            points: vec![],
            points_of: None,
            floor: None,
            path: Default::default(),
            every: 60,
            noise_bps: 0.0,
            silent: vec![],
        }
    }

    fn rows(text: &str, column: Option<&str>) -> Result<Vec<(u64, String)>, BadInput> {
        let observations = parse(Path::new("a.csv"), text, &source(column))?;
        Ok(observations
            .into_iter()
            .map(|o| (o.at, o.price.to_string()))
            .collect())
    }

    const BARS: &str = "timestamp_utc_iso,open,high,low,close,volume\n\
        1970-01-01T00:01:00Z,10,12,9,11,1\n\
        1970-01-01T00:02:00Z,11,11,5,6e-05,1\n\
        1970-01-01T00:05:00Z,6,7,6,7,1\n";

    #[test]
    fn a_bars_close_is_known_when_the_bar_ends() {
        let expected = [(120, "11"), (180, "0.00006"), (360, "7")].map(|(t, p)| (t, p.to_string()));
        assert_eq!(rows(BARS, None).unwrap(), expected);
    }

    #[test]
    fn a_bars_open_is_known_when_it_begins() {
        assert_eq!(rows(BARS, Some("open")).unwrap()[0], (60, "10".to_string()));
    }

    #[test]
    fn a_price_column_is_known_at_its_time() {
        let text = "timestamp,price\n100,1.5\n100,1.6\n200,1.7\n";
        assert_eq!(rows(text, None).unwrap()[1], (100, "1.6".to_string()));
    }

    #[test]
    fn a_bad_row_is_refused_by_file_line_column_and_value() {
        for (text, parts) in [
            (
                "timestamp,price\n100,1\n99,1\n",
                ["a.csv:3", "timestamp is \"99\""],
            ),
            ("timestamp,price\n100,x\n", ["a.csv:2", "price is \"x\""]),
            ("timestamp,price\n100,-1\n", ["a.csv:2", "price is \"-1\""]),
            ("timestamp,price\nnoon,1\n", ["a.csv:2", "timestamp is \"noon\""]),
            ("timestamp,price\n100\n", ["a.csv:2", "the row"]),
            ("when,price\n100,1\n", ["a.csv:1", "time column"]),
            ("timestamp,mid\n100,1\n", ["a.csv:1", "price column named close"]),
        ] {
            let refused = rows(text, None).unwrap_err().to_string();
            for part in parts {
                assert!(refused.contains(part), "{text:?}: {refused}");
            }
        }
    }
}
