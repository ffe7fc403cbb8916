//! Streams of random numbers: every person draws from one of their own, so that
//! one who draws more often changes nobody else.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Streams of random numbers, by who draws from them.
#[derive(Debug, Clone, Copy)]
pub enum Stream {
    /// A source's noise.
    Source(usize),
    /// One trader.
    Trader(usize),
    /// One staker.
    Staker(usize),
    /// One liquidity provider.
    Provider(usize),
    /// Which of the keepers' messages get in.
    Keepers,
}

impl Stream {
    /// The stream's generator under a seed.
    pub fn rng(self, seed: u64) -> ChaCha8Rng {
        const KINDS: u64 = 4;
        let (kind, index) = match self {
            // The last stream of all, which no number of people reaches.
            Self::Keepers => return stream(seed, u64::MAX),
            Self::Source(index) => (0, index),
            Self::Trader(index) => (1, index),
            Self::Staker(index) => (2, index),
            Self::Provider(index) => (3, index),
        };
        stream(seed, kind + KINDS * index as u64)
    }
}

fn stream(seed: u64, number: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(number);
    rng
}

/// A time until something that happens `per_day` times a day on average, in
/// seconds; never if that is zero.
pub fn waiting(rng: &mut ChaCha8Rng, per_day: f64) -> u64 {
    // Drawn in any case, so that a rate of zero shifts nobody's other draws.
    let part: f64 = rng.random();
    if per_day <= 0.0 {
        return u64::MAX;
    }
    let seconds = -(1.0 - part).ln() / per_day * 86_400.0;
    seconds.min(1e12) as u64
}
