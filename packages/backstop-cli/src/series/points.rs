//! A path along points written by hand: published at even steps from the first
//! point on, with seeded noise if the scenario asks for it. The last point's
//! price stays to the end.

use cosmwasm_std::Decimal;
use rand_chacha::ChaCha8Rng;

use super::Observation;
use crate::scenario::draw::normal;
use crate::scenario::tables::{Path, Point, Source};
use crate::scenario::values;

/// What `source` publishes along its points until `end`.
pub fn along(source: &Source, end: u64, rng: &mut ChaCha8Rng) -> Vec<Observation> {
    let mut observations = vec![];
    for (i, from) in source.points.iter().enumerate() {
        let to = source.points.get(i + 1);
        let until = to.map_or(end.saturating_add(1), |to| to.at.0);
        let mut at = from.at.0;
        while at < until && at <= end {
            let price = noisy(between(source.path, from, to, at), source.noise_bps, rng);
            observations.push(Observation {
                at,
                price,
                confidence_bps: from.confidence_bps.unwrap_or(source.confidence_bps),
            });
            at = at.saturating_add(source.every);
        }
    }
    observations
}

/// What `source` publishes if it repeats another's series.
pub fn repeated(source: &Source, origin: &[Observation], rng: &mut ChaCha8Rng) -> Vec<Observation> {
    let own = |o: &Observation| Observation {
        price: noisy(o.price, source.noise_bps, rng),
        confidence_bps: source.confidence_bps,
        ..*o
    };
    origin.iter().map(own).collect()
}

fn between(path: Path, from: &Point, to: Option<&Point>, at: u64) -> Decimal {
    let start = from.price.0;
    let Some(to) = to.filter(|_| at > from.at.0) else {
        return start;
    };
    let part = (at - from.at.0) as f64 / (to.at.0 - from.at.0) as f64;
    let (low, high) = (as_f64(start), as_f64(to.price.0));
    match path {
        Path::Step => start,
        Path::Geometric if low > 0.0 && high > 0.0 => rounded(low * (high / low).powf(part), start),
        Path::Linear | Path::Geometric => rounded(low + (high - low) * part, start),
    }
}

fn noisy(price: Decimal, noise_bps: f64, rng: &mut ChaCha8Rng) -> Decimal {
    if noise_bps == 0.0 {
        return price;
    }
    // Three standard deviations at most: noise is not where a crash comes from.
    let factor = 1.0 + normal(rng).clamp(-3.0, 3.0) * noise_bps / 10_000.0;
    rounded(as_f64(price) * factor, price)
}

fn as_f64(price: Decimal) -> f64 {
    price.to_string().parse().unwrap_or_default()
}

/// `value` at seven significant digits, as venues quote.
fn rounded(value: f64, otherwise: Decimal) -> Decimal {
    values::decimal(&format!("{value:.6e}")).unwrap_or(otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::tables::Kind;
    use crate::scenario::values::{Exact, Moment};
    use rand::SeedableRng;

    fn point(at: u64, price: &str) -> Point {
        Point {
            at: Moment(at),
            price: Exact(price.parse().unwrap()),
            confidence_bps: None,
        }
    }

    fn prices(path: Path, noise_bps: f64) -> Vec<(u64, String)> {
        let source = Source {
            name: "a".to_string(),
            kind: Kind::Pyth,
            lineage: "a".to_string(),
            confidence_bps: 10,
            lag: 0,
            csv: None,
            column: None,
            points_of: None,
            floor: None,
            points: vec![point(0, "100"), point(120, "25")],
            path,
            every: 60,
            noise_bps,
            silent: vec![],
        };
        let observations = along(&source, 180, &mut ChaCha8Rng::seed_from_u64(3));
        observations
            .into_iter()
            .map(|o| (o.at, o.price.to_string()))
            .collect()
    }

    #[test]
    fn the_three_paths_meet_at_their_points() {
        for (path, middle) in [
            (Path::Step, "100"),
            (Path::Linear, "62.5"),
            (Path::Geometric, "50"),
        ] {
            let expected = [(0, "100"), (60, middle), (120, "25"), (180, "25")];
            assert_eq!(
                prices(path, 0.0),
                expected.map(|(t, p)| (t, p.to_string())),
                "{path:?}"
            );
        }
    }

    #[test]
    fn noise_stays_within_three_deviations() {
        for (_, price) in prices(Path::Step, 10.0).into_iter().take(2) {
            let price: f64 = price.parse().unwrap();
            assert!((99.7..=100.3).contains(&price), "{price}");
        }
    }
}
