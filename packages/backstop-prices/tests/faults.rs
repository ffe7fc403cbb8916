//! Files that were read as something that they are not, or were not read at all:
//! each is judged by the whole of it. Every number here is made up.

mod common;

use backstop_prices::{PriceError, Wanted};
use common::{Known, read_as, read_bytes};

fn read(text: &str) -> Result<Known, PriceError> {
    read_bytes(text.as_bytes(), None).map(|(known, _)| known)
}

fn refused(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

/// 12 May 2022, 10:00 UTC.
const TEN: u64 = 1_652_349_600;

fn at_ten() -> Known {
    vec![(TEN, "5".to_string()), (TEN + 60, "6".to_string())]
}

#[test]
fn two_instruments_in_one_file_are_refused_by_the_line_of_the_second_or_one_is_chosen() {
    let text = format!(
        "timestamp,symbol,price\n{TEN},BTC/USD,5\n{},ETH/USD,1\n{},BTC/USD,6\n",
        TEN + 30,
        TEN + 60
    );
    let message = refused(&text);
    assert!(
        message.contains("a.csv:3: symbol is \"ETH/USD\": must be BTC/USD") && message.contains("--symbol"),
        "{message}"
    );
    for symbol in ["BTC/USD", "btcusd"] {
        let wanted = Wanted {
            symbol: Some(symbol.to_string()),
            ..Wanted::default()
        };
        assert_eq!(read_as(text.as_bytes(), &wanted).unwrap().0, at_ten());
    }
    let other = Wanted {
        symbol: Some("SOL/USD".to_string()),
        ..Wanted::default()
    };
    let message = read_as(text.as_bytes(), &other).unwrap_err().to_string();
    assert!(message.contains("SOL/USD"), "{message}");
    let message = read_as(b"time,price\n1652349600,5\n", &other)
        .unwrap_err()
        .to_string();
    assert!(message.contains("a column with the symbol"), "{message}");
}

/// So many bars of so many seconds from a moment on.
fn bars(from: u64, step: u64, count: u64) -> String {
    (0..count).map(|i| format!("{},5\n", from + i * step)).collect()
}

#[test]
fn bars_that_change_their_length_are_refused_by_the_line_since_which_they_do() {
    let hours = bars(TEN, 3_600, 6);
    let minutes = bars(TEN + 6 * 3_600, 60, 400);
    let message = refused(&format!("time,close\n{hours}{minutes}"));
    assert!(
        message.contains("a.csv:2: time is \"3600 s apart\"")
            || message.contains("a.csv:2: time is \"3600 s apart\""),
        "{message}"
    );
    assert!(message.contains("60 s apart"), "{message}");
    let hours = bars(TEN + 400 * 60, 3_600, 6);
    let minutes = bars(TEN, 60, 400);
    let message = refused(&format!("time,close\n{minutes}{hours}"));
    assert!(message.contains("a.csv:40"), "{message}");
    // As many hours as to be the usual bar: the minutes are refused.
    let message = refused(&format!(
        "time,close\n{}{}",
        bars(TEN, 3_600, 400),
        bars(TEN + 400 * 3_600, 60, 100)
    ));
    assert!(message.contains("60 s apart"), "{message}");
    // Prices of no bar may come as they like.
    assert!(read(&format!("time,price\n{}{minutes}", bars(TEN - 36_000, 3_600, 6))).is_ok());
}

#[test]
fn minutes_in_which_nobody_traded_are_no_longer_bars() {
    // Trades in half of the minutes, by chance.
    let mut state = 7_u64;
    let mut chance = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    for one_in in [2, 5, 20] {
        let rows: String = (0..20_000)
            .filter(|_| chance() % one_in == 0)
            .map(|minute| format!("{},5\n", TEN + minute * 60))
            .collect();
        let usual = read(&format!("time,close\n{rows}"));
        assert!(usual.is_ok(), "one in {one_in}: {usual:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_at_once_and_a_folder_too() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.csv");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    for path in [pipe.as_path(), folder.path()] {
        let refused = backstop_prices::PriceFile::of(path, &Wanted::default()).unwrap_err();
        let message = refused.to_string();
        assert!(
            message.contains("a regular file: it is read more than once"),
            "{message}"
        );
    }
}

#[test]
fn whole_answers_of_a_feed_are_refused_unless_their_decimals_are_given() {
    let text = format!(
        "updatedAt,answer\n{TEN},2903412345678\n{},2903500000000\n",
        TEN + 60
    );
    let message = refused(&text);
    assert!(
        message.contains("a.csv:2: answer is \"2903412345678\"") && message.contains("--decimals"),
        "{message}"
    );
    let small = refused(&format!("time,answer\n{TEN},2903\n{},2904\n", TEN + 60));
    assert!(small.contains("a.csv:2: answer is \"2903\""), "{small}");
    let wanted = Wanted {
        decimals: Some(8),
        ..Wanted::default()
    };
    let known = read_as(text.as_bytes(), &wanted).unwrap().0;
    assert_eq!(known[0], (TEN, "29034.12345678".to_string()));
    // Answers with decimals are prices.
    assert!(read(&format!("timestamp,answer\n{TEN},29034.5\n{},29035\n", TEN + 60)).is_ok());
}

#[test]
fn the_usual_names_of_a_time_are_known() {
    for name in [
        "updatedAt",
        "block_time",
        "block_timestamp",
        "minute",
        "start_at",
        "publish_time",
        "",
    ] {
        let text = format!("{name},price\n2022-05-12 10:00:00,5\n2022-05-12 10:01:00,6\n");
        assert_eq!(read(&text).unwrap(), at_ten(), "{name:?}");
    }
    let wanted = Wanted {
        time: Some("seen".to_string()),
        price: Some("mid".to_string()),
        ..Wanted::default()
    };
    let text = format!("time,seen,mid\nx,{TEN},5\ny,{},6\n", TEN + 60);
    assert_eq!(read_as(text.as_bytes(), &wanted).unwrap().0, at_ten());
}

#[test]
fn a_title_with_a_comma_is_no_header_and_kraken_has_none() {
    let rows = format!("{TEN},5,6,4,5,1\n{},6,6,6,6,1\n", TEN + 60);
    let text = format!(
        "https://www.CryptoDataDownload.com, data of venues\nunix,open,high,low,close,volume\n{rows}"
    );
    let expected = vec![(TEN + 60, "5".to_string()), (TEN + 120, "6".to_string())];
    assert_eq!(read(&text).unwrap(), expected);
    let kraken = format!("{TEN},5,6,4,5,1.5,3\n{},6,6,6,6,0.1,1\n", TEN + 60);
    assert_eq!(read(&kraken).unwrap(), expected);
}

#[test]
fn nan_is_no_price_and_dotted_dates_are_dates() {
    let text = format!("time,price\n{TEN},5\n{},NaN\n{},6\n", TEN + 30, TEN + 60);
    assert_eq!(read(&text).unwrap(), at_ten());
    for dates in [
        ["2022.05.12 10:00:00", "2022.05.12 10:01:00"],
        ["12.05.2022 10:00", "12.05.2022 10:01"],
    ] {
        let [one, two] = dates;
        assert_eq!(
            read(&format!("time,price\n{one},5\n{two},6\n")).unwrap(),
            at_ten()
        );
    }
}

#[test]
fn bid_and_ask_give_their_mean_which_is_said() {
    let text = format!(
        "time,bid,ask\n{TEN},4.5,5.5\n{},5.75,6.25\n{},,7\n",
        TEN + 60,
        TEN + 120
    );
    let (known, file) = read_bytes(text.as_bytes(), None).unwrap();
    assert_eq!(known, at_ten());
    assert_eq!(file.price_column(), "the mean of bid and ask");
    // A price goes before them.
    let text = format!("time,bid,ask,last\n{TEN},4,6,5\n{},4,6,6\n", TEN + 60);
    assert_eq!(read(&text).unwrap(), at_ten());
}

#[test]
fn json_of_coingecko_and_freqtrade_is_read_and_other_json_is_named() {
    let ms = |after: u64| (TEN + after) * 1_000;
    let gecko = format!(
        r#"{{"prices":[[{},5.0],[{},6]],"market_caps":[[1,2]],"total_volumes":[]}}"#,
        ms(0),
        ms(60)
    );
    assert_eq!(read(&gecko).unwrap(), at_ten());
    let freqtrade = format!("[[{},5.0,6.0,4.0,5.0,1.0],\n [{},6,6,6,6,1]]", ms(0), ms(60));
    let expected = vec![(TEN + 60, "5".to_string()), (TEN + 120, "6".to_string())];
    assert_eq!(read(&freqtrade).unwrap(), expected);
    for other in [
        "{\"a\": 1, \"b\": 2}",
        "[1, 2]",
        "[[1, \"a\", {}]]",
        "{\"prices\": [[1",
    ] {
        let message = refused(other);
        assert!(
            message.contains("JSON") && message.contains("CoinGecko"),
            "{message}"
        );
    }
}
