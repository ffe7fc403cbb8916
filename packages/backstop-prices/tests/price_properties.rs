//! Neither the order of a price file's rows nor how it is written changes what
//! it says, and no text makes the reader panic.

mod common;

use backstop_prices::PriceError;
use common::{Known, read_bytes};
use proptest::prelude::*;

/// 12 May 2022, 10:00 UTC.
const TEN: u64 = 1_652_349_600;

fn read(text: &str) -> Result<Known, PriceError> {
    read_bytes(text.as_bytes(), None).map(|(known, _)| known)
}

/// Bars at different minutes, and how often each was left out before it.
fn any_bars() -> impl Strategy<Value = Vec<(u64, u64)>> {
    prop::collection::vec((1_u64..5, 1_u64..10_000_000), 3..40).prop_map(|steps| {
        let mut minute = 0;
        let mut place = |(gap, price)| {
            minute += gap;
            (minute, price)
        };
        // The first two are a minute apart, so that every file tells its bar.
        std::iter::once((1, 5)).chain(steps).map(&mut place).collect()
    })
}

/// How a file may be written without saying anything else.
#[derive(Debug, Clone)]
struct Hand {
    delimiter: char,
    decimal: char,
    quoted: bool,
    mark: bool,
    end: &'static str,
    time: usize,
    title: bool,
}

fn any_hand() -> impl Strategy<Value = Hand> {
    let delimiter = prop::sample::select(vec![',', ';', '\t', '|']);
    let end = prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n"]);
    (delimiter, any::<[bool; 4]>(), end, 0..7_usize).prop_map(
        |(delimiter, [comma, quoted, mark, title], end, time)| Hand {
            delimiter,
            decimal: if comma { ',' } else { '.' },
            quoted: quoted || (comma && delimiter == ','),
            mark,
            end,
            time,
            title,
        },
    )
}

impl Hand {
    fn write(&self, bars: &[(u64, u64)]) -> String {
        let line = |fields: [String; 5]| {
            let quoted = fields.map(|f| if self.quoted { format!("\"{f}\"") } else { f });
            quoted.join(&self.delimiter.to_string()) + self.end
        };
        let mut text = if self.mark {
            "\u{feff}".to_string()
        } else {
            String::new()
        };
        if self.title {
            text = text + "a title" + self.end;
        }
        text += &line(["Time", "Open", "High", "Low", "Close"].map(str::to_string));
        for (minute, price) in bars {
            let number = format!("{}{}{:04}", price / 10_000, self.decimal, price % 10_000);
            text += &line([
                self.time(TEN + minute * 60),
                "1".into(),
                "1000".into(),
                format!("0{}0001", self.decimal),
                number,
            ]);
        }
        text
    }

    fn time(&self, second: u64) -> String {
        let moment = jiff::Timestamp::from_second(second as i64).unwrap();
        match self.time {
            0 => second.to_string(),
            1 => format!("{second}000"),
            2 => format!("{second}000000"),
            3 => format!("{second}000000000"),
            4 => moment.to_string(),
            5 => moment.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            _ => moment.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn rows_in_any_order_and_repeated_give_the_series_of_the_sorted_ones(
        (sorted, shuffled) in any_bars().prop_flat_map(|bars| {
            let twice = [bars.clone(), bars[..2].to_vec()].concat();
            (Just(bars), Just(twice).prop_shuffle())
        }),
        hand in any_hand(),
    ) {
        prop_assume!(sorted.iter().any(|(_, price)| price % 10_000 != 0));
        let (expected, file) = read_bytes(hand.write(&sorted).as_bytes(), None).unwrap();
        prop_assert!(file.in_order());
        let (known, _) = read_bytes(hand.write(&shuffled).as_bytes(), None).unwrap();
        prop_assert_eq!(known, expected);
    }

    #[test]
    fn separators_line_ends_marks_and_units_of_time_do_not_matter(bars in any_bars(), hand in any_hand()) {
        let plain = Hand {
            delimiter: ',', decimal: '.', quoted: false, mark: false, end: "\n", time: 0, title: false,
        };
        let expected = read(&plain.write(&bars)).unwrap();
        prop_assert_eq!(expected.len(), bars.len());
        prop_assert_eq!(read(&hand.write(&bars)).unwrap(), expected);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[0-9a-zA-Z,;\"\n\r.:\\- ]{0,200}", head in 0..3_usize) {
        let head = ["", "time,close\n", "date;price;x\n"][head];
        if let Err(error) = read(&format!("{head}{text}")) {
            prop_assert!(error.to_string().contains("next: "));
        }
    }
}
