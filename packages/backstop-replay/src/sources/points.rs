//! A path along points written by hand: published at even steps from the first
//! point on, with seeded noise if the scenario asks for it. The last point's
//! price stays to the end.

use backstop_prices::decimal::double;
use cosmwasm_std::Decimal;
use rand_chacha::ChaCha8Rng;

use super::observation::{Observation, Published};
use crate::scenario::draw::normal;
use crate::scenario::path::{as_quoted, between};
use crate::scenario::tables::Source;

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

fn noisy(price: Decimal, noise_bps: f64, rng: &mut ChaCha8Rng) -> Decimal {
    if noise_bps == 0.0 {
        return price;
    }
    // Three standard deviations at most: noise is not where a crash comes from.
    let factor = 1.0 + normal(rng).clamp(-3.0, 3.0) * noise_bps / 10_000.0;
    as_quoted(double(price) * factor, price)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::tables::{Kind, Path, Point};
    use crate::scenario::values::{Exact, Moment};
    use rand::SeedableRng;

    fn point(at: u64, price: &str) -> Point {
        Point {
            at: Moment(at),
            price: Exact(price.parse().unwrap()),
            confidence_bps: None,
            published: false,
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
            time_column: None,
            decimals: None,
            symbol: None,
            another_price: false,
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
