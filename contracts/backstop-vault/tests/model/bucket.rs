//! What is used of a limit that time refills, in the limit's own unit.

use num_traits::Zero;

use super::exact::{Exact, positive, ratio};

#[derive(Clone)]
pub struct Bucket {
    used: Exact,
    /// All refills so far, needed or not.
    pub refilled: Exact,
    /// Nanoseconds of the chain's clock.
    at: u64,
}

impl Bucket {
    pub fn empty(now: u64) -> Self {
        Self {
            used: Exact::zero(),
            refilled: Exact::zero(),
            at: now,
        }
    }

    /// At `now`, under a limit that refills whole in a window, in nanoseconds.
    pub fn refill(&mut self, limit: &Exact, window: u64, now: u64) {
        let came = limit * ratio((now - self.at).into(), window.into());
        self.used = positive(&self.used - &came);
        self.refilled += came;
        self.at = now;
    }

    pub fn room(&self, limit: &Exact) -> Exact {
        positive(limit - &self.used)
    }

    pub fn take(&mut self, part: Exact) {
        self.used += part;
    }

    /// Takes back a `part` that was taken when [`Self::refilled`] was `since`:
    /// what has been refilled since then is not given a second time.
    pub fn restore(&mut self, part: Exact, since: &Exact) {
        let left = positive(part - (&self.refilled - since));
        self.used = positive(&self.used - left);
    }

    /// No more used than the limit.
    pub fn cap(&mut self, limit: &Exact) {
        self.used = self.used.clone().min(limit.clone());
    }
}
