//! The seeds that a scenario is replayed under, as `--seeds` takes them.

use std::fmt;
use std::str::FromStr;

/// Seeds at most.
const MOST: u64 = 10_000;

/// From a first seed to a last one, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seeds {
    first: u64,
    last: u64,
}

impl Seeds {
    /// The first twenty.
    pub fn twenty() -> Self {
        Self { first: 1, last: 20 }
    }

    /// Each, in order.
    pub fn all(&self) -> Vec<u64> {
        (self.first..=self.last).collect()
    }
}

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.trim().parse::<u64>();
        let ends = match text.split_once("..") {
            Some((first, last)) => number(first).and_then(|first| Ok((first, number(last)?))),
            None => number(text).map(|last| (1, last)),
        };
        let (first, last) = ends.map_err(|_| format!("{text:?} is neither 20 nor 1..20"))?;
        let count = last.checked_sub(first).and_then(|more| more.checked_add(1));
        match count {
            Some(2..=MOST) => Ok(Self { first, last }),
            Some(1) => Err(format!("{text:?} is one seed: give at least two, or take --seed")),
            _ => Err(format!(
                "{text:?} must be from 2 to {MOST} seeds, the smaller one first"
            )),
        }
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_a_number_of_them_or_from_one_to_another() {
        let all = |text: &str| text.parse::<Seeds>().map(|seeds| seeds.all());
        assert_eq!(all("3").unwrap(), [1, 2, 3]);
        assert_eq!(all("1..3").unwrap(), [1, 2, 3]);
        assert_eq!(all("7..8").unwrap(), [7, 8]);
        assert_eq!(all("0..1").unwrap(), [0, 1]);
        for wrong in ["1", "3..3", "4..3", "0", "a", "1..", "..2", "1..10001", "1..3..4"] {
            assert!(all(wrong).is_err(), "{wrong}");
        }
        assert_eq!("20".parse::<Seeds>().unwrap().to_string(), "1..20");
    }
}
