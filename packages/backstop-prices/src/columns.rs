//! Which of a file's columns is the time and which the price. Names are
//! compared without case, spaces and punctuation, so `Open time`, `open_time`
//! and `OpenTime` are one.

use crate::error::Bound;
use crate::wanted::Wanted;

/// The columns of a kline as Binance's archive has them without a header.
pub const KLINE: [&str; 12] = [
    "open_time",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "close_time",
    "quote_volume",
    "count",
    "taker_buy_volume",
    "taker_buy_quote_volume",
    "ignore",
];

/// The columns of Kraken's files of bars, which have no header.
pub const OHLCVT: [&str; 7] = ["time", "open", "high", "low", "close", "volume", "trades"];

/// Names of the column with the time, the ones that say most first.
const TIMES: [&str; 24] = [
    "timeperiodstart",
    "opentime",
    "timeopen",
    "timestamputciso",
    "timestamputc",
    "timestamp",
    "unix",
    "unixtimestamp",
    "unixtime",
    "epoch",
    "datetimeutc",
    "datetime",
    "dateutc",
    "date",
    "time",
    "snappedat",
    "timestampms",
    "updatedat",
    "publishtime",
    "blocktimestamp",
    "blocktime",
    "startat",
    "startedat",
    "minute",
];

/// Names of a time at which a row only begins, so that its price is of its end.
const BEGINS: [&str; 12] = [
    "timeperiodstart",
    "opentime",
    "timeopen",
    "startat",
    "startedat",
    "openedat",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "from",
];
/// Words in such a name.
const BEGINNING: [&str; 4] = ["start", "begin", "bucket", "opentime"];
/// Names of the time at which a row ends, the ones that say most first.
const ENDINGS: [&str; 9] = [
    "timeperiodend",
    "periodend",
    "closetime",
    "timeclose",
    "endtime",
    "timeend",
    "endat",
    "endedat",
    "windowend",
];

/// Names of the column with the price, in order of preference.
const PRICES: [&str; 12] = [
    "price",
    "close",
    "priceclose",
    "closeprice",
    "last",
    "lastprice",
    "nodemedian",
    "median",
    "answer",
    "aggregate",
    "rate",
    "value",
];

/// Names of the column with the time of day, where another one has the date.
const CLOCKS: [&str; 5] = ["time", "timeutc", "timeofday", "clock", "hour"];

/// Names of the price that a bar ends with; an adjusted one is another price.
const ENDS: [&str; 6] = ["price", "close", "priceclose", "closeprice", "last", "lastprice"];
const OPENS: [&str; 3] = ["open", "priceopen", "openprice"];
const HIGHS: [&str; 3] = ["high", "pricehigh", "highprice"];
const LOWS: [&str; 3] = ["low", "pricelow", "lowprice"];
const SYMBOLS: [&str; 7] = [
    "symbol",
    "pair",
    "market",
    "ticker",
    "symbolid",
    "productid",
    "instrument",
];
const BIDS: [&str; 3] = ["bid", "bidprice", "bestbid"];
const ASKS: [&str; 4] = ["ask", "askprice", "bestask", "offer"];
/// Names of a price that a chain has as a whole number.
const ANSWERS: [&str; 4] = ["answer", "latestanswer", "currentanswer", "rawanswer"];
/// Names of a column that says how many of its digits are decimals.
const PLACES: [&str; 3] = ["expo", "exponent", "decimals"];

/// Names of columns that a feed's answers on a chain have beside them.
const CHAIN: [&str; 9] = [
    "roundid",
    "answeredinround",
    "phaseid",
    "aggregator",
    "blocknumber",
    "blockheight",
    "txhash",
    "transactionhash",
    "logindex",
];

/// A column, and its name as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Which, from zero.
    pub index: usize,
    /// Its name.
    pub name: String,
}

/// The columns that are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// The time.
    pub time: Column,
    /// The time of day, for where the time is a date alone.
    pub clock: Option<Column>,
    /// The price.
    pub price: Column,
    /// Where the price is the mean of two: the other one.
    pub ask: Option<Column>,
    /// Whether whole numbers in it may have decimals among their digits.
    pub may_be_answers: bool,
    /// A bar's highest price, if the file has bars.
    pub high: Option<Column>,
    /// A bar's lowest.
    pub low: Option<Column>,
    /// Whether the price is one of a bar's own, and so between these two.
    pub within: bool,
    /// What is traded, if the file says it.
    pub symbol: Option<Column>,
    /// Whether a row is a bar, which there is once for each time, rather than
    /// one of several prices.
    pub bars: bool,
    /// Whether the price is known only when the bar ends.
    pub at_end: bool,
    /// Whether it is the one that a bar begins with.
    pub at_start: bool,
    /// Whether the time is called a date, so that midnight throughout is none.
    pub dated: bool,
    /// When a bar ends, if its row says so.
    pub end: Option<Column>,
}

impl Columns {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Column> {
        let others = [
            &self.clock,
            &self.ask,
            &self.high,
            &self.low,
            &self.end,
            &self.symbol,
        ];
        [&self.time, &self.price]
            .into_iter()
            .chain(others.into_iter().flatten())
    }
}

/// Finds the columns in `header`; the price is in `wanted`, if that is given.
pub fn find(header: &[&str], wanted: &Wanted) -> Result<Columns, Bound> {
    let names: Vec<String> = header.iter().map(|name| simple(name)).collect();
    let (price_like, bars) = bar_columns(&names);
    let find = |of: &[&str]| of.iter().find_map(|name| column(header, &names, name));
    let time = match &wanted.time {
        Some(name) => column(header, &names, &simple(name)),
        // As a program that numbers its rows by their time writes it.
        None => find(&TIMES).or_else(|| column(header, &names, "").filter(|unnamed| unnamed.index == 0)),
    };
    let Some(time) = time else {
        if let Some(name) = &wanted.time {
            return Err(no_column(
                header,
                name,
                "--time-column, or source.time_column of a scenario",
            ));
        }
        return Err(Bound::new(
            "a header with a time column, such as timestamp, date, unix, open_time or snapped_at",
            "name the columns in the first line, for example time,open,high,low,close",
        ));
    };
    let price = match &wanted.price {
        Some(name) => column(header, &names, &simple(name)),
        None => find(&PRICES),
    };
    let two = find(&BIDS).zip(find(&ASKS)).filter(|_| wanted.price.is_none());
    let (price, ask) = match (price, two) {
        (None, Some((bid, ask))) => (Some(bid), Some(ask)),
        (price, _) => (price, None),
    };
    let Some(price) = price else {
        return Err(no_price(header, wanted.price.as_deref()));
    };
    let simple_price = simple(&price.name);
    for column in [&time, &price] {
        let name = simple(&column.name);
        if !name.is_empty() && names.iter().filter(|other| **other == name).count() > 1 {
            return Err(Bound::new(
                format!("a header with one column named {}", column.name),
                "rename the others",
            ));
        }
    }
    let symbol = find(&SYMBOLS);
    let at_start = OPENS.contains(&simple_price.as_str());
    let clock = find(&CLOCKS).filter(|clock| *clock != time);
    let begins =
        begins(&simple(&time.name)) || clock.as_ref().is_some_and(|clock| simple(&clock.name) == "hour");
    let bars = bars || at_start || begins || price_like.contains(&simple_price.as_str());
    let at_end = !at_start && bars;
    Ok(Columns {
        at_end,
        at_start,
        dated: ["date", "dateutc"].contains(&simple(&time.name).as_str()),
        end: find(&ENDINGS).filter(|end| at_end && *end != time),
        bars,
        within: bars && (at_start || ENDS.contains(&simple_price.as_str())),
        high: find(&HIGHS),
        low: find(&LOWS),
        symbol,
        may_be_answers: ANSWERS.contains(&simple_price.as_str())
            || find(&PLACES).or_else(|| find(&CHAIN)).is_some(),
        ask,
        clock,
        time,
        price,
    })
}

/// Whether a time column's name says that a row begins then.
fn begins(name: &str) -> bool {
    BEGINS.contains(&name) || BEGINNING.iter().any(|word| name.contains(word))
}

/// The names that only a bar's columns have, and whether these are bars.
fn bar_columns(names: &[String]) -> (Vec<&'static str>, bool) {
    let closes = ["close", "priceclose", "closeprice", "adjclose"];
    let only_bars = [&closes[..], &HIGHS, &LOWS].concat();
    let has = |of: &[&str]| names.iter().any(|name| of.contains(&name.as_str()));
    (only_bars, has(&OPENS) && has(&HIGHS) && has(&LOWS))
}

fn no_price(header: &[&str], wanted: Option<&str>) -> Bound {
    match wanted {
        Some(name) => no_column(header, name, "--column, or source.column of a scenario,"),
        None => Bound::new(
            "a header with a price column, such as close, price, last or median",
            format!(
                "rename the column with the price, or set --column, or source.column of a scenario, to one of: {}",
                known(header)
            ),
        ),
    }
}

fn no_column(header: &[&str], name: &str, option: &str) -> Bound {
    Bound::new(
        format!("a header with a column named {name}"),
        format!("set {option} to one of: {}", known(header)),
    )
}

fn known(header: &[&str]) -> String {
    let known: Vec<&str> = header.iter().copied().filter(|name| !name.is_empty()).collect();
    known.join(", ")
}

fn column(header: &[&str], names: &[String], simple_name: &str) -> Option<Column> {
    let index = names.iter().position(|name| name == simple_name)?;
    Some(Column {
        index,
        name: header.get(index)?.to_string(),
    })
}

/// `name` without case, spaces and punctuation.
pub fn simple(name: &str) -> String {
    let kept = name.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(header: &str, wanted: Option<&str>) -> Result<(String, String, bool, bool), Bound> {
        let header: Vec<&str> = header.split(',').collect();
        let wanted = Wanted {
            price: wanted.map(str::to_string),
            ..Wanted::default()
        };
        let columns = find(&header, &wanted)?;
        Ok((
            columns.time.name,
            columns.price.name,
            columns.bars,
            columns.at_end,
        ))
    }

    /// A header, its columns of time and price, whether it has bars, and whether the
    /// price is known only at their end.
    const HEADERS: [(&str, &str, &str, bool, bool); 12] = [
        (
            "timestamp_utc_iso,open,high,low,close,volume",
            "timestamp_utc_iso",
            "close",
            true,
            true,
        ),
        (
            "open_time,open,high,low,close,volume,close_time",
            "open_time",
            "close",
            true,
            true,
        ),
        (
            "Open time,Open,High,Low,Close,Volume,Close time",
            "Open time",
            "Close",
            true,
            true,
        ),
        (
            "snapped_at,price,market_cap,total_volume",
            "snapped_at",
            "price",
            false,
            false,
        ),
        (
            "unix,date,symbol,open,high,low,close,Volume BTC,Volume USD",
            "unix",
            "close",
            true,
            true,
        ),
        (
            "Date,Open,High,Low,Close,Adj Close,Volume",
            "Date",
            "Close",
            true,
            true,
        ),
        (
            "time_period_start,time_period_end,time_open,time_close,price_open,price_high,price_low,price_close",
            "time_period_start",
            "price_close",
            true,
            true,
        ),
        (
            "timeOpen,timeClose,name,open,high,low,close,timestamp",
            "timeOpen",
            "close",
            true,
            true,
        ),
        // Here the price is the day's last.
        (
            "Date,Price,Open,High,Low,Vol.,Change %",
            "Date",
            "Price",
            true,
            true,
        ),
        ("time,close", "time", "close", true, true),
        ("timestamp,price", "timestamp", "price", false, false),
        (
            "timestamp_utc_iso,aggregate,node_min,node_p25,node_median,node_p75,node_max,source_median",
            "timestamp_utc_iso",
            "node_median",
            false,
            false,
        ),
    ];

    #[test]
    fn columns_are_found_in_the_usual_headers() {
        for (header, time, price, bars, at_end) in HEADERS {
            let expected = (time.to_string(), price.to_string(), bars, at_end);
            assert_eq!(found(header, None), Ok(expected), "{header}");
        }
    }

    #[test]
    fn a_wanted_column_is_taken_whatever_its_spelling() {
        let header = "Date,Open,High,Low,Close,Adj Close,Volume";
        assert_eq!(found(header, Some("adj_close")).unwrap().1, "Adj Close");
        let (_, price, bars, at_end) = found(header, Some("open")).unwrap();
        assert_eq!((price.as_str(), bars, at_end), ("Open", true, false));
    }

    #[test]
    fn a_header_without_time_or_price_is_refused_with_what_to_do() {
        let refused = found("when,price", None).unwrap_err();
        assert!(refused.must_be.contains("a time column"), "{refused:?}");
        let refused = found("timestamp,mid,size", None).unwrap_err();
        assert!(refused.next.contains("timestamp, mid, size"), "{refused:?}");
        let refused = found("timestamp,price", Some("mid")).unwrap_err();
        assert!(refused.must_be.contains("named mid"), "{refused:?}");
        let refused = found("timestamp,Close,close", None).unwrap_err();
        assert!(refused.must_be.contains("one column named Close"), "{refused:?}");
    }
}
