//! Numbers and moments as axes show them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How the values of a drawing are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A price: significant digits.
    Price,
    /// An amount of the asset in whole units: thousands and millions.
    Amount,
    /// A part from 0 to 1, as percent.
    Percent,
}

impl Format {
    /// A value on an axis.
    pub fn show(self, value: f64) -> String {
        match self {
            Self::Price => significant(value, 4),
            Self::Percent => format!("{} %", significant(value * 100.0, 3)),
            Self::Amount => match value.abs() {
                v if v >= 1e9 => format!("{} bn", significant(value / 1e9, 3)),
                v if v >= 1e6 => format!("{} m", significant(value / 1e6, 3)),
                v if v >= 1e3 => format!("{} k", significant(value / 1e3, 3)),
                _ => significant(value, 3),
            },
        }
    }

    /// Its name for the page's script.
    pub fn name(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Amount => "amount",
            Self::Percent => "percent",
        }
    }
}

/// So many significant digits, without an exponent or closing zeros.
pub fn significant(value: f64, digits: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_string();
    }
    let magnitude = value.abs().log10().floor() as i32;
    let places = usize::try_from(digits - 1 - magnitude).unwrap_or(0).min(18);
    let text = format!("{value:.places$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}

/// A moment on an axis over `span` seconds, in UTC.
pub fn moment(seconds: f64, span: f64) -> String {
    let Ok(moment) = Timestamp::from_second(seconds as i64) else {
        return String::new();
    };
    let pattern = match span {
        span if span <= 86_400.0 => "%H:%M",
        span if span <= 6.0 * 86_400.0 => "%e %b %H:%M",
        span if span <= 400.0 * 86_400.0 => "%e %b",
        _ => "%b %Y",
    };
    let zoned = moment.to_zoned(TimeZone::UTC);
    zoned.strftime(pattern).to_string().trim().to_string()
}

/// Round moments from `start` to `end`, about `wanted` of them.
pub fn moments(start: f64, end: f64, wanted: usize) -> Vec<f64> {
    const STEPS: [f64; 14] = [
        300.0,
        900.0,
        1_800.0,
        3_600.0,
        7_200.0,
        10_800.0,
        21_600.0,
        43_200.0,
        86_400.0,
        172_800.0,
        432_000.0,
        1_209_600.0,
        2_592_000.0,
        7_776_000.0,
    ];
    let span = end - start;
    let step = STEPS
        .iter()
        .copied()
        .find(|step| span / step <= wanted as f64)
        .unwrap_or(31_536_000.0);
    let first = (start / step).ceil() * step;
    (0..=wanted)
        .map(|i| first + i as f64 * step)
        .filter(|at| *at <= end)
        .collect()
}

/// Round values from `low` to `high`, about `wanted` of them; by decades and
/// their halves and fifths if `log`.
pub fn values(low: f64, high: f64, wanted: usize, log: bool) -> Vec<f64> {
    if log {
        return decades(low, high, wanted);
    }
    let rough = (high - low) / wanted.max(1) as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|part| part * power)
        .find(|step| *step >= rough);
    let step = step.unwrap_or(10.0 * power);
    if !step.is_finite() || step <= 0.0 {
        return vec![low];
    }
    let first = (low / step).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

fn decades(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let exponents = || (low.log10().floor() as i32)..=(high.log10().ceil() as i32);
    let within = |value: &f64| (low..=high).contains(value);
    let with = |parts: &[f64]| -> Vec<f64> {
        let marks = exponents().flat_map(|e| parts.iter().map(move |part| part * 10_f64.powi(e)));
        marks.filter(within).collect()
    };
    for parts in [&[1.0, 2.0, 5.0][..], &[1.0, 3.0], &[1.0]] {
        let marks = with(parts);
        if marks.len() <= wanted + 2 {
            return marks;
        }
    }
    let marks = with(&[1.0]);
    let every = marks.len().div_ceil(wanted.max(1));
    marks.into_iter().step_by(every).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_short_and_prices_keep_their_digits() {
        for (format, value, text) in [
            (Format::Amount, 1_264_000.0, "1.26 m"),
            (Format::Amount, 12.0, "12"),
            (Format::Amount, 0.0, "0"),
            (Format::Price, 0.000051, "0.000051"),
            (Format::Price, 43_512.26, "43512"),
            (Format::Percent, 0.305, "30.5 %"),
        ] {
            assert_eq!(format.show(value), text);
        }
    }

    #[test]
    fn marks_are_round_and_inside() {
        assert_eq!(values(0.0, 100.0, 5, false), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!(values(0.95, 1.0, 3, false), [0.96, 0.98, 1.0]);
        assert_eq!(
            values(0.0001, 20.0, 6, true),
            [0.0001, 0.001, 0.01, 0.1, 1.0, 10.0]
        );
        assert_eq!(values(7.0, 7.0, 5, false), [7.0]);
    }

    #[test]
    fn moments_are_round_and_written_by_the_length_of_the_axis() {
        let start = 1_652_227_200.0; // 2022-05-11T00:00:00Z
        let day = moments(start, start + 86_400.0, 6);
        assert_eq!(day.len(), 5);
        assert_eq!(moment(day[1], 86_400.0), "06:00");
        assert_eq!(moment(day[1], 3.0 * 86_400.0), "11 May 06:00");
        assert_eq!(moment(day[1], 40.0 * 86_400.0), "11 May");
    }
}
