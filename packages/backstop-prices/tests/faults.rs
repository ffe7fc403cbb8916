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
    for name in ["updatedAt", "block_time", "block_timestamp", "publish_time", ""] {
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
        "time,bid,ask\n{TEN},4.9,5.1\n{},5.75,6.25\n{},,7\n",
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

#[test]
fn two_instruments_are_refused_whatever_their_column_is_called_and_one_is_chosen() {
    for column in ["asset", "coin", "token", "base", "currency", "name", "id", "x y"] {
        let rows = |n: u64| {
            let (at, later) = (TEN + 60 * n, TEN + 60 * n + 30);
            format!("{at},BTC,30000.5\n{later},ETH,2000.5\n")
        };
        let text = format!("time,{column},price\n{}", (0..100).map(rows).collect::<String>());
        let message = refused(&text);
        assert!(
            message.contains(&format!("a.csv:3: {column} is \"ETH\": must be BTC")),
            "{message}"
        );
        assert!(message.contains("--symbol BTC"), "{message}");
        let wanted = Wanted {
            symbol: Some("eth".to_string()),
            ..Wanted::default()
        };
        let (known, file) = read_as(text.as_bytes(), &wanted).unwrap();
        assert_eq!(known.len(), 100);
        assert!(known.iter().all(|(_, price)| price == "2000.5"));
        assert_eq!(file.symbol(), Some("eth"));
        let wanted = Wanted {
            symbol: Some("SOL".to_string()),
            ..Wanted::default()
        };
        let message = read_as(text.as_bytes(), &wanted).unwrap_err().to_string();
        assert!(message.contains("without SOL"), "{message}");
    }
}

#[test]
fn a_symbol_is_chosen_before_other_words_and_two_venues_of_it_are_refused() {
    let rows = |words: [&str; 2]| {
        let row = |n: u64| {
            let word = words[n as usize % 2];
            format!("{},{},{word},5\n", TEN + 60 * n, ["A", "B"][n as usize / 2 % 2])
        };
        format!(
            "time,symbol,venue,price\n{}",
            (0..40).map(row).collect::<String>()
        )
    };
    let wanted = Wanted {
        symbol: Some("A".to_string()),
        ..Wanted::default()
    };
    assert!(read_as(rows(["one", "one"]).as_bytes(), &wanted).is_ok());
    let message = read_as(rows(["one", "two"]).as_bytes(), &wanted)
        .unwrap_err()
        .to_string();
    assert!(message.contains("venue is \"two\": must be one"), "{message}");
}

#[test]
fn words_that_name_no_instrument_do_no_harm() {
    // What a row has beside its time and price, by its number.
    type Other = (&'static str, fn(u64) -> String);
    let others: [Other; 8] = [
        ("side", |n| ["buy", "sell"][n as usize % 2].to_string()),
        ("volume", |n| format!("{}.5K", n % 3)),
        ("change", |n| format!("{}%", n % 3)),
        ("ok", |n| ["true", "false"][n as usize % 2].to_string()),
        ("month_and_date", |n| {
            ["May-12", "May-13"][n as usize % 2].to_string()
        }),
        ("text", |n| format!("number {n}")),
        ("remark", |n| {
            if n == 3 || n == 5 { "halted" } else { "" }.to_string()
        }),
        ("asset", |_| "BTC".to_string()),
    ];
    for (name, cell) in others {
        let row = |n: u64| format!("{},{},5\n", TEN + 60 * n, cell(n));
        let text = format!("time,{name},price\n{}", (0..40).map(row).collect::<String>());
        assert_eq!(read(&text).map(|known| known.len()).unwrap(), 40, "{name}");
    }
}

#[test]
fn two_prices_of_most_times_are_two_markets_and_a_feed_may_publish_twice() {
    let rows = |n: u64| format!("{0},100.5\n{0},50.5\n", TEN + 60 * n);
    let text = format!("time,price\n{}", (0..100).map(rows).collect::<String>());
    let message = refused(&text);
    assert!(
        message.contains("a.csv:3: price is \"50.5\": must be 100.5, as in line 2"),
        "{message}"
    );
    // So are three, and two that are near each other.
    let three = |n: u64| format!("{0},100.5\n{0},100.6\n{0},100.7\n", TEN + 60 * n);
    assert!(
        read(&format!(
            "time,price\n{}",
            (0..100).map(three).collect::<String>()
        ))
        .is_err()
    );
    // Some seconds with two, trades of which a second has any number, and a row twice.
    let feed = |n: u64| {
        let twice = if n.is_multiple_of(3) {
            format!("{},100.25\n", TEN + 60 * n)
        } else {
            String::new()
        };
        format!("{},100.5\n{twice}", TEN + 60 * n)
    };
    assert!(read(&format!("time,price\n{}", (0..100).map(feed).collect::<String>())).is_ok());
    let trades = |n: u64| -> String {
        let trade = |i: u64| format!("{},100.{}\n", TEN + n, i + 1);
        (0..1 + n % 5).map(trade).collect()
    };
    assert!(
        read(&format!(
            "time,price\n{}",
            (0..100).map(trades).collect::<String>()
        ))
        .is_ok()
    );
    let same = |n: u64| format!("{0},100.5\n{0},100.5\n", TEN + 60 * n);
    assert!(read(&format!("time,price\n{}", (0..100).map(same).collect::<String>())).is_ok());
}

#[test]
fn whole_answers_are_refused_whatever_their_column_is_called_and_whole_dollars_are_not() {
    let text = |header: &str, level: u64| {
        let row = |n: u64| format!("{n},{},{}\n", TEN + 60 * n, level - n * (level / 1_000));
        format!("{header}\n{}", (0..50).map(row).collect::<String>())
    };
    for column in ["price", "value", "current", "rate", "last"] {
        let wanted = |decimals| Wanted {
            decimals,
            price: Some(column.to_string()),
            ..Wanted::default()
        };
        // A dollar in six decimals, an eighth of a cent and a price in eight, and beyond all prices.
        for (header, level) in [
            ("n,time", 1_000_000),
            ("roundId,updatedAt", 125_000),
            ("roundId,updatedAt", 200_000_000_000),
            ("n,time", 2_000_000_000_000_000_000),
        ] {
            let text = text(&format!("{header},{column}"), level);
            let why = read_as(text.as_bytes(), &wanted(None)).unwrap_err();
            assert!(matches!(why, PriceError::WholeAnswer { .. }), "{column}: {why}");
            assert!(read_as(text.as_bytes(), &wanted(Some(8))).is_ok(), "{column}");
        }
        let dollars = text(&format!("n,time,{column}"), 124_000);
        let known = read_as(dollars.as_bytes(), &wanted(None)).unwrap().0;
        assert_eq!(known[0].1, "124000", "{column}");
        // Whole yen are said to be so.
        let yen = text(&format!("n,time,{column}"), 17_000_000);
        assert!(read_as(yen.as_bytes(), &wanted(None)).is_err());
        let known = read_as(yen.as_bytes(), &wanted(Some(0))).unwrap().0;
        assert_eq!(known[0].1, "17000000", "{column}");
    }
}

#[test]
fn bid_and_ask_that_cross_or_are_far_apart_are_refused_by_their_line() {
    for (bid, ask, must) in [
        ("101.5", "9.5", "from 101.5 to 111.65"),
        ("100.5", "100.4", "at least bid"),
        ("100", "110.5", "at most a tenth above it"),
    ] {
        let text = format!("time,bid,ask\n{TEN},100.5,100.6\n{},{bid},{ask}\n", TEN + 60);
        let message = refused(&text);
        assert!(
            message.contains(&format!("a.csv:3: ask is \"{ask}\"")) && message.contains(must),
            "{message}"
        );
    }
}
