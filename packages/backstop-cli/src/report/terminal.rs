//! The report for people: what happened in plain words, then the course of
//! prices and states, then the figures.

use std::fmt::Write;

use backstop_types::breaker::MarketState;

use super::paint::Paint;
use super::sparkline::{bars, buckets};
use super::words::{self, money};
use super::{Report, number};
use crate::engine::{Course, gravity};

/// How wide a course is drawn.
const WIDTH: usize = 64;
/// How many shortfalls are listed.
const LISTED: usize = 8;

/// The summary of one run.
pub fn summary(report: &Report, course: &Course, paint: Paint) -> String {
    let mut text = String::new();
    heading(&mut text, report, paint);
    told(&mut text, report, paint);
    courses(&mut text, report, course, paint);
    waterfall(&mut text, report, paint);
    verdicts(&mut text, report, paint);
    text
}

// Writing to a string cannot fail, so the results of `writeln!` are dropped.
macro_rules! line {
    ($text:expr, $($arg:tt)*) => {{ let _ = writeln!($text, $($arg)*); }};
}

fn heading(text: &mut String, report: &Report, paint: Paint) {
    line!(text, "{}", paint.bold(&report.title));
    let about = format!(
        "{}, seed {}: {} from {} to {}, {} blocks of {} s, {}",
        report.scenario,
        report.seed,
        report.market,
        report.time.start,
        report.time.end,
        report.blocks,
        report.time.block,
        report.setting,
    );
    line!(text, "{}\n", paint.dim(&about));
}

fn told(text: &mut String, report: &Report, paint: Paint) {
    line!(text, "{}", paint.bold("What happened"));
    for sentence in words::story(report) {
        line!(text, "  {sentence}");
    }
    text.push('\n');
}

fn courses(text: &mut String, report: &Report, course: &Course, paint: Paint) {
    line!(text, "{}", paint.bold("How it went"));
    let mut row = |name: &str, values: Vec<f64>| {
        line!(
            text,
            "  {:<14} {}  {}",
            shortened(name),
            bars(&values, WIDTH),
            ends(&values)
        );
    };
    for (index, name) in course.sources.iter().enumerate() {
        row(name, course.series(|column| column.sources[index].last));
    }
    if report.breaker.enabled {
        row("median", course.series(|column| column.median.last));
        line!(text, "  {:<14} {}", "breaker", states(course, paint));
        let legend = "· normal  g guarded  T tripped  r recovering";
        line!(text, "  {:<14} {}", "", paint.dim(legend));
    }
    let prices = course.series(|column| column.levels.share_price);
    line!(
        text,
        "  {:<14} {}  {}\n",
        "share price",
        bars(&prices, WIDTH),
        ends(&prices)
    );
}

fn shortened(name: &str) -> String {
    name.chars().take(14).collect()
}

/// The first and the last known value.
fn ends(values: &[f64]) -> String {
    let known = || values.iter().copied().filter(|value| value.is_finite());
    match (known().next(), known().next_back()) {
        (Some(first), Some(last)) => format!("{} → {}", plain(first), plain(last)),
        _ => String::new(),
    }
}

/// Five significant digits, without an exponent.
fn plain(value: f64) -> String {
    let magnitude = value.abs().max(1e-18).log10().floor() as i32;
    let places = usize::try_from(4 - magnitude).unwrap_or(0);
    let text = format!("{value:.places$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}

/// The gravest state of each bucket.
fn states(course: &Course, paint: Paint) -> String {
    let states: Vec<_> = course.columns.iter().map(|column| column.state).collect();
    buckets(&states, WIDTH)
        .map(|bucket| {
            let gravest = bucket
                .iter()
                .copied()
                .max_by_key(|state| gravity(*state))
                .flatten();
            match gravest {
                None | Some(MarketState::Normal) => paint.good("·"),
                Some(MarketState::Guarded) => paint.warn("g"),
                Some(MarketState::Recovering) => paint.warn("r"),
                Some(MarketState::Tripped) => paint.bad("T"),
                Some(MarketState::Latched) => paint.bad("L"),
            }
        })
        .collect()
}

fn waterfall(text: &mut String, report: &Report, paint: Paint) {
    let answers = &report.shortfalls.answers;
    if answers.is_empty() {
        return;
    }
    let title = if answers.len() > LISTED {
        format!("Shortfalls: the {LISTED} largest of {}", answers.len())
    } else {
        "Shortfalls".to_string()
    };
    line!(text, "{}", paint.bold(&title));
    let names = ["asked", "deductible", "paid", "pending", "uncovered"];
    let head = names.map(|name| format!("{name:>15}")).concat();
    line!(text, "  {}", paint.dim(&format!("{:<20}{head}  why", "time")));
    let row = |amounts: [&str; 5]| {
        let cell = |amount: &str| format!("{:>15}", money(number(amount), report.decimals));
        amounts.map(cell).concat()
    };
    for a in report.shortfalls.largest(LISTED) {
        let amounts = row([&a.asked, &a.deductible, &a.paid, &a.pending, &a.uncovered]);
        let whole = if number(&a.paid) > 0 {
            "paid at once"
        } else {
            "the exchange's own"
        };
        let why = a.reason.as_deref().unwrap_or(whole).replace('_', " ");
        line!(text, "  {:<20}{amounts}  {why}", a.time);
    }
    let all = &report.shortfalls;
    let amounts = row([
        &all.asked,
        &all.deductible,
        &all.paid,
        &all.pending,
        &all.uncovered,
    ]);
    line!(
        text,
        "  {}\n",
        paint.bold(&format!("{:<20}{amounts}", "all together"))
    );
}

fn verdicts(text: &mut String, report: &Report, paint: Paint) {
    for expectation in &report.expectations {
        let found = format!("{} (found: {})", expectation.expected, expectation.found);
        match expectation.met {
            true => line!(text, "{} {found}", paint.good("as expected:")),
            false => line!(text, "{} {found}", paint.bad("NOT AS EXPECTED:")),
        }
    }
    let invariants = &report.invariants;
    let checks = format!("{} checks, {} failures", invariants.checks, invariants.failures);
    match invariants.failures {
        0 => line!(text, "{} {checks}", paint.good("invariants:")),
        _ => line!(text, "{} {checks}", paint.bad("INVARIANTS BROKEN:")),
    }
    for found in &invariants.found {
        line!(text, "  {found}");
    }
    line!(
        text,
        "{}",
        paint.dim(&format!(
            "trace {} of {} messages",
            report.trace_sha256, report.steps
        ))
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_keep_five_digits_whatever_their_size() {
        for (value, text) in [
            (43_512.26, "43512"),
            (0.107, "0.107"),
            (0.000051, "0.000051"),
            (1.0, "1"),
        ] {
            assert_eq!(plain(value), text);
        }
    }
}
