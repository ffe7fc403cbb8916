//! A path along points written by hand: published at even steps from the first
//! point on, with seeded noise if the scenario asks for it. The last point's
//! price stays to the end.

use cosmwasm_std::Decimal;
use rand_chacha::ChaCha8Rng;

use super::{Observation, Published};
use crate::scenario::draw::normal;
use crate::scenario::tables::{Path, Point, Source};
use crate::scenario::values;

/// What a source publishes along its points.
struct Along {
    source: Source,
    end: u64,
    rng: ChaCha8Rng,
    /// Which point was passed last, and when the next observation is.
    point: usize,
    at: u64,
}

/// What `source` publishes along its points until `end`.
pub fn along(source: Source, end: u64, rng: ChaCha8Rng) -> impl Iterator<Item = Observation> {
    Along {
        at: source.points.first().map_or(0, |point| point.at.0),
        source,
        end,
        rng,
        point: 0,
    }
}

impl Iterator for Along {
    type Item = Observation;

    fn next(&mut self) -> Option<Observation> {
        let points = &self.source.points;
        // A path starts anew at every point, so that each is published.
        while let Some(next) = points.get(self.point + 1).filter(|next| self.at >= next.at.0) {
            self.point += 1;
            self.at = next.at.0;
        }
        let (from, to) = (points.get(self.point)?, points.get(self.point + 1));
        if self.at > self.end {
            return None;
        }
        let price = between(self.source.path, from, to, self.at);
        let observation = Observation {
            at: self.at,
            price: noisy(price, self.source.noise_bps, &mut self.rng),
            confidence_bps: from.confidence_bps.unwrap_or(self.source.confidence_bps),
        };
        self.at = self.at.saturating_add(self.source.every);
        Some(observation)
    }
}

/// What `source` publishes if it repeats another's series.
pub fn repeated(source: Source, origin: Published, mut rng: ChaCha8Rng) -> Published {
    Box::new(origin.map(move |observation| {
        let o = observation?;
        Ok(Observation {
            price: noisy(o.price, source.noise_bps, &mut rng),
            confidence_bps: source.confidence_bps,
            ..o
        })
    }))
}

/// The price at `at`, between two points; before the first, and after the last,
/// it is theirs.
pub fn between(path: Path, from: &Point, to: Option<&Point>, at: u64) -> Decimal {
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
        along(source, 180, ChaCha8Rng::seed_from_u64(3))
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
