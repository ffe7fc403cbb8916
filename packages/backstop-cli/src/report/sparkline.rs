//! A series as one line of text.

/// From low to high.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// At most `width` parts of `values`, in order and nearly equally long.
pub fn buckets<T>(values: &[T], width: usize) -> impl Iterator<Item = &[T]> {
    let columns = width.min(values.len());
    (0..columns).map(move |i| &values[i * values.len() / columns..(i + 1) * values.len() / columns])
}

/// `values` as bars, the last of each bucket, by logarithm: a fall of a half
/// is as deep from 80 as from 0.8. Values that are not positive are gaps.
pub fn bars(values: &[f64], width: usize) -> String {
    let logs: Vec<f64> = values.iter().map(|value| value.ln()).collect();
    let known = || logs.iter().copied().filter(|log| log.is_finite());
    let low = known().fold(f64::INFINITY, f64::min);
    let high = known().fold(f64::NEG_INFINITY, f64::max);
    let bar = |bucket: &[f64]| match bucket.last() {
        Some(log) if log.is_finite() => {
            let part = if high > low {
                (log - low) / (high - low)
            } else {
                0.5
            };
            BARS[((part * 8.0) as usize).min(7)]
        }
        _ => ' ',
    };
    buckets(&logs, width).map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fall_by_equal_ratios_is_a_straight_line() {
        let values: Vec<f64> = (0..8).map(|i| 100.0 / f64::from(1 << i)).collect();
        assert_eq!(bars(&values, 8), "█▇▆▅▄▃▂▁");
    }

    #[test]
    fn long_series_are_cut_to_the_width_and_short_ones_are_not_stretched() {
        let values = vec![1.0; 1_000];
        assert_eq!(bars(&values, 60).chars().count(), 60);
        assert_eq!(bars(&[1.0, 2.0], 60), "▁█");
        assert_eq!(bars(&[], 60), "");
    }

    #[test]
    fn every_value_is_in_exactly_one_bucket() {
        let values: Vec<u32> = (0..101).collect();
        let flat: Vec<u32> = buckets(&values, 7).flatten().copied().collect();
        assert_eq!(flat, values);
    }

    #[test]
    fn a_missing_price_is_a_gap() {
        assert_eq!(bars(&[1.0, 0.0, 2.0], 3), "▁ █");
    }
}
