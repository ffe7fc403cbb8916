//! Distributions, stated in a scenario by name and parameters. Draws are
//! quantised to six significant digits, so that the last bit of a platform's
//! logarithm does not change a replay.

use std::fmt;
use std::path::Path;

use backstop_prices::decimal::significant;
use rand::Rng;
use serde::Deserialize;

use crate::error::{ReplayError, within};

/// A distribution of a positive number.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, tag = "kind", rename_all = "snake_case")]
pub enum Draw {
    /// Always the same.
    Fixed {
        /// The value.
        value: f64,
    },
    /// Every value between the two equally likely.
    Uniform {
        /// The least.
        min: f64,
        /// The most.
        max: f64,
    },
    /// The logarithm is normal: many small, few large. Drawn again outside the
    /// bounds, and clamped after sixteen times.
    Lognormal {
        /// Half are below.
        median: f64,
        /// The logarithm's standard deviation.
        sigma: f64,
        /// The least.
        min: f64,
        /// The most.
        max: f64,
    },
    /// One of a list, with weights.
    Choice {
        /// The values.
        values: Vec<f64>,
        /// How likely each is, relative to the others.
        weights: Vec<f64>,
    },
}

impl Draw {
    /// Refuses parameters that are not numbers, out of order, or let a value
    /// leave `min..=max`.
    pub fn check(&self, path: &Path, field: &str, min: f64, max: f64) -> Result<(), ReplayError> {
        let name = |part: &str| format!("{field}.{part}");
        match self {
            Self::Fixed { value } => within(path, &name("value"), *value, min, max).map(drop),
            Self::Uniform { min: low, max: high } => {
                within(path, &name("min"), *low, min, max)?;
                within(path, &name("max"), *high, *low, max).map(drop)
            }
            Self::Lognormal {
                median,
                sigma,
                min: low,
                max: high,
            } => {
                within(path, &name("min"), *low, min, max)?;
                within(path, &name("max"), *high, *low, max)?;
                within(path, &name("median"), *median, f64::MIN_POSITIVE.max(*low), *high)?;
                within(path, &name("sigma"), *sigma, 0.0, 5.0).map(drop)
            }
            Self::Choice { values, weights } => {
                within(path, &name("values (their number)"), values.len(), 1, 64)?;
                if weights.len() != values.len() {
                    let bound = format!("{}: one a value", values.len());
                    return Err(ReplayError::field(
                        path,
                        name("weights (their number)"),
                        weights.len(),
                        bound,
                    ));
                }
                for (i, value) in values.iter().enumerate() {
                    within(path, &name(&format!("values[{i}]")), *value, min, max)?;
                }
                for (i, weight) in weights.iter().enumerate() {
                    within(path, &name(&format!("weights[{i}]")), *weight, 0.0, 1e9)?;
                }
                let sum: f64 = weights.iter().sum();
                within(path, &name("weights (their sum)"), sum, 1e-9, 1e12).map(drop)
            }
        }
    }

    /// One value.
    pub fn sample(&self, rng: &mut impl Rng) -> f64 {
        quantise(match self {
            Self::Fixed { value } => *value,
            Self::Uniform { min, max } => min + (max - min) * rng.random::<f64>(),
            Self::Lognormal {
                median,
                sigma,
                min,
                max,
            } => lognormal(rng, *median, *sigma, *min, *max),
            Self::Choice { values, weights } => choose(rng, values, weights),
        })
    }
}

fn lognormal(rng: &mut impl Rng, median: f64, sigma: f64, min: f64, max: f64) -> f64 {
    let mut value = median;
    for _ in 0..16 {
        value = median * (sigma * normal(rng)).exp();
        if (min..=max).contains(&value) {
            return value;
        }
    }
    value.clamp(min, max)
}

/// A standard normal number, by Box and Muller.
pub fn normal(rng: &mut impl Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}

fn choose(rng: &mut impl Rng, values: &[f64], weights: &[f64]) -> f64 {
    let mut left = weights.iter().sum::<f64>() * rng.random::<f64>();
    for (value, weight) in values.iter().zip(weights) {
        left -= weight;
        if left < 0.0 {
            return *value;
        }
    }
    values.last().copied().unwrap_or_default()
}

fn quantise(value: f64) -> f64 {
    significant(value, 6)
}

impl fmt::Display for Draw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed { value } => write!(f, "always {value}"),
            Self::Uniform { min, max } => write!(f, "uniform from {min} to {max}"),
            Self::Lognormal {
                median,
                sigma,
                min,
                max,
            } => write!(
                f,
                "lognormal, median {median}, sigma {sigma}, from {min} to {max}"
            ),
            Self::Choice { values, .. } => write!(f, "one of {values:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn all() -> Vec<Draw> {
        vec![
            Draw::Fixed { value: 5.0 },
            Draw::Uniform { min: 2.0, max: 10.0 },
            Draw::Lognormal {
                median: 5.0,
                sigma: 1.5,
                min: 2.0,
                max: 10.0,
            },
            Draw::Choice {
                values: vec![2.0, 10.0],
                weights: vec![3.0, 1.0],
            },
        ]
    }

    #[test]
    fn every_draw_stays_within_its_bounds() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for draw in all() {
            draw.check(Path::new("a.toml"), "x", 2.0, 10.0).unwrap();
            for _ in 0..1_000 {
                let value = draw.sample(&mut rng);
                assert!((2.0..=10.0).contains(&value), "{draw}: {value}");
            }
        }
    }

    #[test]
    fn half_of_a_lognormal_is_below_its_median() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let draw = Draw::Lognormal {
            median: 100.0,
            sigma: 1.0,
            min: 1e-6,
            max: 1e9,
        };
        let below = (0..4_000).filter(|_| draw.sample(&mut rng) < 100.0).count();
        assert!((1_850..=2_150).contains(&below), "{below} of 4000");
    }

    #[test]
    fn bounds_out_of_order_are_refused_by_name() {
        let draw = Draw::Uniform { min: 10.0, max: 2.0 };
        let refused = draw
            .check(Path::new("a.toml"), "traders.leverage", 1.0, 50.0)
            .unwrap_err();
        assert!(
            refused.to_string().contains("traders.leverage.max is 2"),
            "{refused}"
        );
    }
}
