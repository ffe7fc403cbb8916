//! How far a figure's values lie apart: ends, quartiles, median, and the worst seed.

use super::figure::Worse;

/// Values of one figure, one a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// The least.
    pub least: i128,
    /// A quarter of the values are at most this.
    pub lower: i128,
    /// A half of them.
    pub median: i128,
    /// Three quarters of them.
    pub upper: i128,
    /// The most.
    pub most: i128,
    /// All together over their number, rounded down.
    pub mean: i128,
    /// The seed with the worse end; none where several have it.
    pub worst: Option<u64>,
}

/// How often one value of a pair was more than the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ways {
    /// More.
    pub more: usize,
    /// Less.
    pub less: usize,
    /// As much.
    pub same: usize,
}

impl Spread {
    /// Of these values, one for each of the seeds; of none all is zero.
    pub fn of(values: &[i128], seeds: &[u64], worse: Worse) -> Self {
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        let (least, most) = (quartile(&sorted, 0), quartile(&sorted, 4));
        let end = match worse {
            Worse::High => most,
            Worse::Low => least,
        };
        let mut at_end = values.iter().zip(seeds).filter(|(value, _)| **value == end);
        let (first, second) = (at_end.next(), at_end.next());
        let count = i128::try_from(values.len().max(1)).unwrap_or(i128::MAX);
        Self {
            least,
            lower: quartile(&sorted, 1),
            median: quartile(&sorted, 2),
            upper: quartile(&sorted, 3),
            most,
            mean: values.iter().sum::<i128>().div_euclid(count),
            worst: first.filter(|_| second.is_none()).map(|(_, seed)| *seed),
        }
    }
}

/// What [`Spread::columns`] are called.
pub const COLUMNS: [&str; 6] = [
    "least",
    "lower quartile",
    "median",
    "upper quartile",
    "most",
    "mean",
];

impl Spread {
    /// From the least to the most.
    pub fn five(&self) -> [i128; 5] {
        [self.least, self.lower, self.median, self.upper, self.most]
    }

    /// The same with the mean.
    pub fn columns(&self) -> [i128; 6] {
        [
            self.least,
            self.lower,
            self.median,
            self.upper,
            self.most,
            self.mean,
        ]
    }

    /// Whether all values are one.
    pub fn is_one(&self) -> bool {
        self.least == self.most
    }
}

impl Ways {
    /// Of differences.
    pub fn of(differences: &[i128]) -> Self {
        let count = |way: fn(&&i128) -> bool| differences.iter().filter(way).count();
        Self {
            more: count(|difference| **difference > 0),
            less: count(|difference| **difference < 0),
            same: count(|difference| **difference == 0),
        }
    }
}

/// The value below which so many quarters of sorted values lie; between two values the
/// part of the way to the second, rounded down.
fn quartile(sorted: &[i128], quarters: usize) -> i128 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0;
    };
    let (place, part) = (last * quarters / 4, last * quarters % 4);
    let here = sorted[place];
    let next = sorted.get(place + 1).copied().unwrap_or(here);
    here + ((next - here) * part as i128).div_euclid(4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quartiles_of_a_few_values() {
        let seeds = [1, 2, 3, 4, 5];
        let spread = Spread::of(&[50, 10, 40, 20, 30], &seeds, Worse::High);
        assert_eq!(spread.five(), [10, 20, 30, 40, 50]);
        assert_eq!(spread.worst, Some(1));
        assert_eq!(
            Spread::of(&[50, 10, 40, 20, 30], &seeds, Worse::Low).worst,
            Some(2)
        );
        let even = Spread::of(&[1, 4], &[7, 8], Worse::High);
        assert_eq!([even.lower, even.median, even.upper], [1, 2, 3]);
        assert_eq!(even.worst, Some(8));
        assert_eq!(even.mean, 2);
        let several = Spread::of(&[3, 3, 1], &[7, 8, 9], Worse::High);
        assert_eq!((several.worst, several.is_one(), several.mean), (None, false, 2));
        assert!(Spread::of(&[-3, -3], &[7, 8], Worse::High).is_one());
        assert_eq!(Spread::of(&[-3, -4], &[7, 8], Worse::High).mean, -4);
    }

    #[test]
    fn pairs_are_counted_by_their_sign() {
        let ways = Ways::of(&[5, 0, -1, 7]);
        assert_eq!((ways.more, ways.less, ways.same), (2, 1, 1));
    }

    proptest! {
        #[test]
        fn a_spread_is_in_order_within_its_values_and_blind_to_their_order(
            values in prop::collection::vec(-1_000_000_i128..1_000_000, 1..40),
            turn in 0_usize..40,
        ) {
            let seeds: Vec<u64> = (1..=values.len() as u64).collect();
            let spread = Spread::of(&values, &seeds, Worse::High);
            let five = spread.five();
            prop_assert!(five.is_sorted());
            prop_assert_eq!(spread.least, *values.iter().min().unwrap());
            prop_assert_eq!(spread.most, *values.iter().max().unwrap());
            let below = values.iter().filter(|value| **value <= spread.median).count();
            let above = values.iter().filter(|value| **value > spread.median).count();
            prop_assert!(2 * below >= values.len() && 2 * above <= values.len());
            if let Some(worst) = spread.worst {
                prop_assert_eq!(values[worst as usize - 1], spread.most);
            }
            let mut turned = values.clone();
            turned.rotate_left(turn % values.len());
            let other = Spread::of(&turned, &seeds, Worse::High);
            prop_assert_eq!(five, other.five());
        }
    }
}
