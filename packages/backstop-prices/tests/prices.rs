//! Price files are read in every usual spelling, or refused by line and column
//! with what to do. Every number here is made up.

mod common;

use backstop_prices::PriceError;
use common::{Known, read_bytes};

fn read(text: &str) -> Result<Known, PriceError> {
    read_bytes(text.as_bytes(), None).map(|(known, _)| known)
}

/// 12 May 2022, 10:00 UTC.
const TEN: u64 = 1_652_349_600;

/// Three minutes' bars: their closes are known at 10:01, 10:02 and, after a
/// minute without trades, 10:04.
fn bars() -> Known {
    [(60, "11"), (120, "6.5"), (240, "7")]
        .map(|(after, price)| (TEN + after, price.to_string()))
        .into()
}

#[test]
fn the_usual_spellings_of_bars_all_give_the_same_series() {
    for (what, text) in [
        (
            "plain",
            "timestamp_utc_iso,open,high,low,close,volume\n\
             2022-05-12T10:00:00Z,10,12,9,11,1\n\
             2022-05-12T10:01:00Z,11,11,6,6.5,1\n\
             2022-05-12T10:03:00Z,6.5,7,6,7,1\n",
        ),
        (
            "a Binance kline with a header, in milliseconds",
            "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,\
             taker_buy_quote_volume,ignore\n\
             1652349600000,10.0,12.0,9.0,11.00000000,5,1652349659999,55,3,2,22,0\n\
             1652349660000,11.0,11.0,6.0,6.50000000,5,1652349719999,55,3,2,22,0\n\
             1652349780000,6.5,7.0,6.0,7.00000000,5,1652349839999,55,3,2,22,0\n",
        ),
        (
            "a Binance kline without a header, in microseconds",
            "1652349600000000,10.0,12.0,9.0,11.00000000,5,1652349659999999,55,3,2,22,0\n\
             1652349660000000,11.0,11.0,6.0,6.50000000,5,1652349719999999,55,3,2,22,0\n\
             1652349780000000,6.5,7.0,6.0,7.00000000,5,1652349839999999,55,3,2,22,0\n",
        ),
        (
            "CryptoDataDownload, newest first, under a line with an address",
            "https://www.example.com\n\
             unix,date,symbol,open,high,low,close,Volume BTC,Volume USD\n\
             1652349780,2022-05-12 10:03:00,BTC/USD,6.5,7,6,7,1,7\n\
             1652349660,2022-05-12 10:01:00,BTC/USD,11,11,6,6.5,1,7\n\
             1652349600,2022-05-12 10:00:00,BTC/USD,10,12,9,11,1,7\n",
        ),
        (
            "Yahoo, without a zone, with rows of null",
            "Date,Open,High,Low,Close,Adj Close,Volume\n\
             2022-05-12 10:00:00,10,12,9,11,10.5,1\n\
             2022-05-12 10:01:00,11,11,6,6.5,6,1\n\
             2022-05-12 10:02:00,null,null,null,null,null,null\n\
             2022-05-12 10:03:00,6.5,7,6,7,6.9,1\n",
        ),
        (
            "CoinAPI",
            "time_period_start,time_period_end,time_open,time_close,price_open,price_high,price_low,\
             price_close,volume_traded,trades_count\n\
             2022-05-12T10:00:00.0000000Z,2022-05-12T10:01:00.0000000Z,2022-05-12T10:00:07.1Z,\
             2022-05-12T10:00:58Z,10,12,9,11,1,4\n\
             2022-05-12T10:01:00.0000000Z,2022-05-12T10:02:00.0000000Z,2022-05-12T10:01:07.1Z,\
             2022-05-12T10:01:58Z,11,11,6,6.5,1,4\n\
             2022-05-12T10:03:00.0000000Z,2022-05-12T10:04:00.0000000Z,2022-05-12T10:03:07.1Z,\
             2022-05-12T10:03:58Z,6.5,7,6,7,1,4\n",
        ),
        (
            "CoinMarketCap, with semicolons and quotes",
            "\"timeOpen\";\"timeClose\";\"name\";\"open\";\"high\";\"low\";\"close\";\"timestamp\"\n\
             \"2022-05-12T10:00:00.000Z\";\"2022-05-12T10:00:59.999Z\";\"2781\";10;12;9;11;\"2022-05-12T10:00:59Z\"\n\
             \"2022-05-12T10:01:00.000Z\";\"2022-05-12T10:01:59.999Z\";\"2781\";11;11;6;6.5;\"2022-05-12T10:01:59Z\"\n\
             \"2022-05-12T10:03:00.000Z\";\"2022-05-12T10:03:59.999Z\";\"2781\";6.5;7;6;7;\"2022-05-12T10:03:59Z\"\n",
        ),
        (
            "tabs and decimal commas",
            "Date\tOpen\tHigh\tLow\tClose\n\
             2022-05-12 10:00\t10,0\t12,0\t9,0\t11,00\n\
             2022-05-12 10:01\t11,0\t11,0\t6,0\t6,50\n\
             2022-05-12 10:03\t6,5\t7,0\t6,0\t7,00\n",
        ),
        (
            "no order at all, one bar twice, and empty rows",
            "time,open,high,low,close,volume\n\
             1652349660,11,11,6,6.5,1\n\n,,,,,\n\
             1652349600,10,12,9,11,1\n\
             1652349780,6.5,7,6,7,1\n\
             1652349600,10,12,9,11,1\n",
        ),
    ] {
        assert_eq!(read(text).unwrap(), bars(), "{what}");
    }
}

#[test]
fn the_usual_spellings_of_single_prices_are_known_at_their_time() {
    let expected: Known = [(0, "1.5"), (60, "1234.5"), (61, "1.7")]
        .map(|(after, price)| (TEN + after, price.to_string()))
        .into();
    for (what, text) in [
        (
            "an oracle's feed",
            "timestamp,price\n1652349600,1.5\n1652349660,1234.5\n1652349661,1.7\n",
        ),
        (
            "CoinGecko",
            "snapped_at,price,market_cap,total_volume\n\
             2022-05-12 10:00:00 UTC,1.5,,1\n\
             2022-05-12 10:01:00 UTC,1234.5,7,1\n\
             2022-05-12 10:01:01 UTC,1.7,7,1\n",
        ),
        (
            "a spreadsheet's, with thousands apart",
            "\"Time\",\"Price\"\n\"2022-05-12 10:00:00\",\"1.50\"\n\"2022-05-12 10:01:00\",\"1,234.50\"\n\
             \"2022-05-12 10:01:01\",\"1.70\"\n",
        ),
        (
            "with parts of a second, which count as the whole",
            "epoch,last\n1652349600.0,1.5\n1652349659.001,1234.5\n1652349660.999,1.7\n",
        ),
        (
            "two prices in one second, of which the later stands",
            "unix,price\n1652349600,1.4\n1652349600,1.5\n1652349660,1234.5\n1652349661,1.7\n",
        ),
        (
            "the same, newest first",
            "unix,price\n1652349661,1.7\n1652349660,1234.5\n1652349600,1.5\n1652349600,1.4\n",
        ),
        (
            "nodes' answers, of which the median is taken",
            "timestamp_utc_iso,aggregate,node_min,node_p25,node_median,node_p75,node_max\n\
             2022-05-12T10:00:00Z,9,1,1,1.5,2,2\n\
             2022-05-12T10:01:00Z,9,1,1,1234.5,2,2\n\
             2022-05-12T10:01:01Z,9,1,1,1.7,2,2\n",
        ),
    ] {
        let mut known = read(text).unwrap();
        // Both of two in one second are published, and the later one stands.
        known.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                earlier.1.clone_from(&later.1);
            }
            same
        });
        assert_eq!(known, expected, "{what}");
    }
}

#[test]
fn another_column_is_taken_where_it_is_asked_for() {
    let text = "Date,Open,High,Low,Close,Adj Close\n2022-05-12,10,12,9,11,10.5\n2022-05-13,11,12,9,11,10.6\n";
    let of = |column| read_bytes(text.as_bytes(), Some(column)).unwrap().0[0].clone();
    let day = TEN - 36_000;
    // A bar's open is known when it begins, everything else when it ends.
    assert_eq!(of("Open"), (day, "10".to_string()));
    assert_eq!(of("Low"), (day + 86_400, "9".to_string()));
    assert_eq!(of("adj close"), (day + 86_400, "10.5".to_string()));
}

/// What is wrong, the file, and the whole of the error after the file's name.
const BAD: [(&str, &str, &str); 30] = [
    (
        "not a price",
        "timestamp,price\n1652349600,1\n1652349660,ten\n",
        "3: price is \"ten\": must be a price above zero and at most 1000000000000\n  next: write it like 1234.5",
    ),
    (
        "zero",
        "timestamp,price\n1652349600,0\n",
        "2: price is \"0\": must be a price above zero",
    ),
    (
        "below zero",
        "timestamp,price\n1652349600,-1\n",
        "2: price is \"-1\": must be a price above zero",
    ),
    (
        "not a number",
        "timestamp,price\n1652349600,-NaN\n",
        "2: price is \"-NaN\": must be a price above zero and at most \
      1000000000000\n  next: leave the cell empty if nobody traded then",
    ),
    (
        "infinite",
        "timestamp,price\n1652349600,inf\n",
        "2: price is \"inf\": must be a price above zero",
    ),
    (
        "beyond all prices",
        "timestamp,price\n1652349600,1e13\n",
        "2: price is \"1e13\": must be a price above zero and \
      at most 1000000000000",
    ),
    (
        "high below low",
        "time,open,high,low,close\n1652349600,1,2,1,1\n1652349660,1,1,2,1\n",
        "3: high is \"1\": must be at least low, which is 2\n  next: mend that line, or delete it",
    ),
    (
        "no time",
        "timestamp,price\n,1\n",
        "2: timestamp is \"\": must be a time from 1971 to 2499",
    ),
    (
        "a year of no market",
        "date,price\n1022-05-12,1\n",
        "2: date is \"1022-05-12\": must be a time from 1971 to 2499",
    ),
    (
        "a year to come",
        "date,price\n9022-05-12,1\n",
        "2: date is \"9022-05-12\": must be a time from 1971 to 2499",
    ),
    (
        "a date in two readings",
        "date,price\n05/12/2022,1\n",
        "2: date is \"05/12/2022\": must be a time from 1971 to 2499: \
      seconds, milliseconds, microseconds or nanoseconds since the epoch, or a date written year first, such as \
      2022-05-12 10:00:00\n  next: write it so",
    ),
    (
        "a spreadsheet's time",
        "unix,price\n1.65E+12,1\n",
        "2: unix is \"1.65E+12\": must be a time from 1971 to 2499",
    ),
    (
        "two bars of one time",
        "time,close\n1652349600,1\n1652349660,2\n1652349660,3\n",
        "4: close is \"3\": must be 2, as in line 3, which has the same time\n  next: delete one of the two lines",
    ),
    (
        "the same out of order",
        "time,close\n1652349660,2\n1652349600,1\n1652349660,3\n",
        "4: close is \"3\": must be 2, as in line 2, which has the same time",
    ),
    (
        "thousands without quotes",
        "time,price\n1652349600,1,234.5\n",
        "2: the row is \"3 fields\": must be 2 fields, as the \
      first line has\n  next: mend that line; a number with a comma in it needs quotes",
    ),
    (
        "a row cut short",
        "time,price\n1652349600,1\n1652349660\n",
        "3: the row is \"1 fields\": must be 2 fields",
    ),
    (
        "a thousand or a little more than one",
        "time;price\n1652349600;4\n1652349660;1,234\n",
        "3: price is \"1,234\": must be a price that can be read in one way, and this is 1.234 or 1234\n  next: write it without thousands apart",
    ),
    (
        "the same with a point, beside semicolons",
        "time;price\n1652349600;4\n1652349660;43.500\n",
        "3: price is \"43.500\": must be a price that can be read in one way, and this is 43.500 or 43500\n  next: write it without thousands apart",
    ),
    (
        "columns that contradict each other about the decimal sign",
        "time;price;a;b\n1652349600;43.500;1,5;1.5\n",
        "2: price is \"43.500\": must be a price that can be read in one way",
    ),
    (
        "a zone without an offset",
        "time,price\n2022-05-12T10:00:00[America/New_York],5.25\n",
        "2: time is \"2022-05-12T10:00:00[America/New_York]\": must be a time with its offset",
    ),
    (
        "digits that are no date",
        "time,price\n2022051224,5\n",
        "2: time is \"2022051224\": must be a date in digits",
    ),
    (
        "a close above its bar",
        "time,open,high,low,close\n1652349600,5,6,4,5\n1652349660,5,6,4,50.25\n",
        "3: close is \"50.25\": must be from 4 to 6, which are low and high\n  next: mend that line",
    ),
    (
        "a close below it",
        "time,open,high,low,close\n1652349600,5,6,4,3.5\n",
        "2: close is \"3.5\": must be from 4 to 6",
    ),
    (
        "two decimal signs",
        "time;price\n1652349600;4.5\n1652349660;4,5\n",
        "3: price is \"4,5\": must be a price above zero",
    ),
    (
        "no column for the time",
        "when,price\n1652349600,1\n",
        "1: the header is \"when,price\": must be a header with a time \
      column, such as timestamp, date, unix, open_time or snapped_at\n  next: name the columns in the first line",
    ),
    (
        "no column for the price",
        "title\ntime,size,depth\n1652349600,1,2\n",
        "2: the header is \"time,size,depth\": must be a header \
      with a price column, such as close, price, last or median\n  next: rename the column with the price, or set --column, or source.column of a scenario, to one of: time, size, depth",
    ),
    (
        "no header",
        "1652349600,1,2,3,4\n",
        "1: the header is \"1652349600,1,2,3,4\": must be a header, or the 12 columns",
    ),
    (
        "nothing",
        "",
        "1: the file is \"\": must be a header and rows of two fields or more",
    ),
    (
        "no row",
        "time,price\n1652349600,\n",
        "1: the file is \"without a price\": must be one with a price in a row",
    ),
    (
        "one bar",
        "time,close\n1652349600,5\n",
        "1: the file is \"a single bar\": must be two bars or more: close is known \
      when the bar ends",
    ),
];

#[test]
fn a_bad_file_is_refused_by_line_column_value_and_bound_with_what_to_do() {
    for (what, text, expected) in BAD {
        for text in [
            text.to_string(),
            text.replace('\n', "\r\n"),
            format!("\u{feff}{text}"),
        ] {
            let error = read(&text).err().unwrap_or_else(|| panic!("{what} was accepted"));
            let message = error.to_string();
            assert!(matches!(error, PriceError::Csv { .. }), "{what}: {message}");
            assert!(message.contains("\n  next: "), "{what}: {message}");
            assert!(
                message.contains(&format!("a.csv:{expected}")),
                "{what}: {message}"
            );
        }
    }
}

#[test]
fn blank_lines_and_lines_within_quotes_count_as_lines() {
    let text = "time,note,price\n\n1652349600,\"two\nlines\",1\n\n\n1652349660,x,bad\n";
    let message = read(text).unwrap_err().to_string();
    assert!(message.contains("a.csv:7: price is \"bad\""), "{message}");
}

#[test]
fn what_is_not_text_is_refused_with_what_to_do() {
    let utf16: Vec<u8> = "\u{feff}time,price\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, next) in [
        (b"PK\x03\x04rest".to_vec(), "unpack it first"),
        (b"\x1f\x8b\x08rest".to_vec(), "unpack it first"),
        (utf16, "save it as CSV in UTF-8"),
        (
            b"time,price\n1652349600,\xa05\n".to_vec(),
            "save the file as CSV in UTF-8",
        ),
    ] {
        let message = read_bytes(&bytes, None).unwrap_err().to_string();
        assert!(message.contains(next), "{message}");
    }
}

#[test]
fn bytes_that_are_not_utf_8_do_no_harm_in_columns_that_are_not_read() {
    let bytes = b"time,name,price\n1652349600,caf\xe9,5\n";
    assert_eq!(read_bytes(bytes, None).unwrap().0, [(TEN, "5".to_string())]);
}
