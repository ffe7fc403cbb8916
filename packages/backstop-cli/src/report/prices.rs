//! Where the prices come from, in words: what each source's series is.

use backstop_replay::record::{PriceOrigin, PriceSource, Prices};
use backstop_replay::scenario::tables::Path;
use backstop_types::Seconds;
use cosmwasm_std::Timestamp;

use super::readable::{bps_of, short_price};
use super::words::{duration, grouped, when};

/// A source, and sentences about it.
pub type Told = (String, Vec<String>);

/// Each source, with what its prices are.
pub fn told(prices: &Prices) -> Vec<Told> {
    prices
        .sources
        .iter()
        .map(|source| (source.name.clone(), sentences(source)))
        .collect()
}

/// In one sentence: how much of it is data, published or reconstructed.
pub fn in_short(prices: &Prices) -> String {
    let files = prices
        .sources
        .iter()
        .filter(|source| matches!(source.origin, PriceOrigin::File { .. }));
    let files = files.count();
    let (mut all, mut published) = (0, 0);
    for source in &prices.sources {
        if let PriceOrigin::Points {
            all: of,
            published: known,
            ..
        } = &source.origin
        {
            all += of;
            published += known;
        }
    }
    let points = format!("{published} of {all} written prices are published and the others reconstructed");
    match (files, all) {
        (0, _) => format!("No price is a row of a data set: {points}."),
        (_, 0) => "Every price comes from a price file, or follows one.".to_string(),
        _ => format!("Some sources are price files; of the rest {points}."),
    }
}

fn sentences(source: &PriceSource) -> Vec<String> {
    let mut told = origin(&source.origin);
    if let Some(floor) = source.floor {
        told.push(format!(
            "It publishes nothing below its floor of {}.",
            short_price(floor)
        ));
    }
    if source.lag.0 > 0 {
        told.push(format!("It reaches the chain {} later.", duration(source.lag)));
    }
    if !source.silent.is_empty() {
        let silences: Vec<String> = source.silent.iter().map(silence).collect();
        told.extend(silences.iter().map(|silence| format!("It is silent {silence}.")));
    }
    told
}

fn origin(origin: &PriceOrigin) -> Vec<String> {
    match origin {
        PriceOrigin::File { name, rows } => {
            vec![format!("Data: {} rows of {name}.", grouped(u128::from(*rows)))]
        }
        PriceOrigin::Points {
            all,
            published,
            path,
            noise_bps,
        } => {
            let points = match (*published, *all) {
                (0, 1) => "Reconstructed: its one point was not published.".to_string(),
                (0, all) => format!("Reconstructed: none of its {all} points was published."),
                (published, all) if published == all => format!("Published: all of its {all} points."),
                (published, all) => {
                    format!("{published} of its {all} points are published, the others reconstructed.")
                }
            };
            let between = match path {
                Path::Geometric => "by equal ratios",
                Path::Linear => "by equal amounts",
                Path::Step => "not at all until the next",
            };
            let between = match *all {
                1 => format!("The price stays there, {}.", noise(*noise_bps)),
                _ => format!("In between the price moves {between}, {}.", noise(*noise_bps)),
            };
            vec![points, between]
        }
        PriceOrigin::Repeats { source, noise_bps } => {
            vec![format!(
                "No data of its own: it follows {source}, {}.",
                noise(*noise_bps)
            )]
        }
    }
}

fn noise(noise_bps: f64) -> String {
    match noise_bps > 0.0 {
        true => format!("with random noise of {}", bps_of(noise_bps)),
        false => "without noise".to_string(),
    }
}

fn silence((from, until): &(Timestamp, Timestamp)) -> String {
    let long = Seconds(until.seconds().saturating_sub(from.seconds()));
    format!("for {} from {} on", duration(long), when(*from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::Price;
    use cosmwasm_std::Decimal;

    fn source(origin: PriceOrigin) -> PriceSource {
        PriceSource {
            name: "a".to_string(),
            origin,
            lag: Seconds(0),
            floor: None,
            silent: vec![],
        }
    }

    #[test]
    fn a_series_is_published_reconstructed_or_data_and_says_so() {
        let points = |published, all| PriceOrigin::Points {
            all,
            published,
            path: Path::Geometric,
            noise_bps: 0.1,
        };
        assert_eq!(
            sentences(&source(points(2, 14))),
            [
                "2 of its 14 points are published, the others reconstructed.",
                "In between the price moves by equal ratios, with random noise of 0.001 %."
            ]
        );
        assert_eq!(
            sentences(&source(points(0, 3)))[0],
            "Reconstructed: none of its 3 points was published."
        );
        let file = PriceOrigin::File {
            name: "BTC.csv".to_string(),
            rows: 1_440,
        };
        assert_eq!(sentences(&source(file)), ["Data: 1,440 rows of BTC.csv."]);
        let repeats = PriceOrigin::Repeats {
            source: "b".to_string(),
            noise_bps: 0.0,
        };
        let quiet = PriceSource {
            floor: Some(Price(Decimal::permille(107))),
            lag: Seconds(20),
            silent: vec![(Timestamp::from_seconds(86_400), Timestamp::from_seconds(88_200))],
            ..source(repeats)
        };
        assert_eq!(
            sentences(&quiet),
            [
                "No data of its own: it follows b, without noise.",
                "It publishes nothing below its floor of 0.107.",
                "It reaches the chain 20 s later.",
                "It is silent for 30 min from 1970-01-02 00:00 UTC on."
            ]
        );
    }
}
