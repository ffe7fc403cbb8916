//! The report for people: what happened in plain words, then the course of
//! prices and states, then the figures.

use std::fmt::Write;

use backstop_types::breaker::{Fault, Layer, MarketState};

use super::paint::Paint;
use super::sparkline::{bars, buckets};
use super::{Answer, Report, number};
use crate::engine::Course;

/// How wide a course is drawn.
const WIDTH: usize = 64;
/// How many shortfalls are listed.
const LISTED: usize = 8;

/// The summary of one run; `names` are the sources'.
pub fn summary(report: &Report, course: &Course, names: &[&str], paint: Paint) -> String {
    let mut text = String::new();
    heading(&mut text, report, paint);
    words(&mut text, report, paint);
    courses(&mut text, report, course, names, paint);
    waterfall(&mut text, report, paint);
    verdicts(&mut text, report, paint);
    text
}

/// An amount in whole units with two decimals and commas, rounded down.
pub fn money(amount: u128, decimals: u32) -> String {
    let one = 10_u128.checked_pow(decimals).unwrap_or(u128::MAX);
    let hundredths = (amount % one) / (one / 100).max(1);
    let digits = (amount / one).to_string();
    let mut whole = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            whole.push(',');
        }
        whole.push(digit);
    }
    match decimals {
        0 | 1 => whole,
        _ => format!("{whole}.{hundredths:02}"),
    }
}

// Writing to a string cannot fail, so the results of `writeln!` are dropped.
macro_rules! line {
    ($text:expr, $($arg:tt)*) => {{ let _ = writeln!($text, $($arg)*); }};
}

fn heading(text: &mut String, report: &Report, paint: Paint) {
    line!(text, "{}", paint.bold(&report.title));
    let about = format!(
        "{}, seed {}: {} from {} to {}, {} blocks of {} s, breaker {}",
        report.scenario,
        report.seed,
        report.market,
        report.time.start,
        report.time.end,
        report.blocks,
        report.time.block,
        if report.breaker.enabled { "on" } else { "off" },
    );
    line!(text, "{}\n", paint.dim(&about));
}

fn words(text: &mut String, report: &Report, paint: Paint) {
    let asset = asset_name(&report.asset);
    let show = |amount: &str| format!("{} {asset}", money(number(amount), report.decimals));
    line!(text, "{}", paint.bold("What happened"));
    line!(text, "  {}", breaker_words(report));
    let exchange = &report.exchange;
    line!(
        text,
        "  {} positions were opened and {} liquidated; {} of these closed below zero.",
        exchange.opened,
        exchange.liquidated,
        exchange.underwater
    );
    line!(text, "  {}", shortfall_words(report, &show));
    if report.adl.events > 0 {
        line!(
            text,
            "  Winners were deleveraged {}: {} of their profit made good what nobody had paid, {} came back to them.",
            times(report.adl.events),
            show(&report.adl.taken),
            show(&report.adl.compensated)
        );
    }
    let unseen = &report.exchange.underwater_at_market;
    if number(unseen) > 0 {
        line!(
            text,
            "  At the end open positions were {} below zero at the other sources' price, and nobody had been asked for it.",
            show(unseen)
        );
    }
    line!(text, "  {}\n", staker_words(report, &show));
}

fn shortfall_words(report: &Report, show: &dyn Fn(&str) -> String) -> String {
    let shortfalls = &report.shortfalls;
    if shortfalls.count == 0 {
        return "No shortfall reached the pool.".to_string();
    }
    let later = number(&report.vault.paid).saturating_sub(number(&shortfalls.paid));
    format!(
        "The exchange asked the pool for {}: {} was paid at once and {} later, {} was the exchange's own to bear, {} was not covered.",
        show(&shortfalls.asked),
        show(&shortfalls.paid),
        show(&later.to_string()),
        show(&shortfalls.deductible),
        show(&shortfalls.uncovered)
    )
}

fn breaker_words(report: &Report) -> String {
    let first = report.breaker.transitions.iter().find(|t| t.to == "tripped");
    match (report.breaker.enabled, first) {
        (false, _) => "There was no breaker: the first source was taken as it came.".to_string(),
        (true, None) => "The breaker never tripped.".to_string(),
        (true, Some(first)) => format!(
            "The breaker tripped {}, first at {} by {}.",
            times(report.breaker.trips),
            first.time,
            market_faults(&first.reasons)
        ),
    }
}

/// Of a transition's reasons those that trip a market.
fn market_faults(reasons: &[String]) -> String {
    let trips = |name: &&String| {
        let fault = Fault::ALL.iter().find(|fault| fault.name() == name.as_str());
        fault.is_some_and(|fault| matches!(fault.layer(), Layer::Market | Layer::Hold))
    };
    let names: Vec<&str> = reasons.iter().filter(trips).map(String::as_str).collect();
    names.join(" and ").replace('_', " ")
}

fn staker_words(report: &Report, show: &dyn Fn(&str) -> String) -> String {
    let vault = &report.vault;
    if number(&vault.granted) == 0 {
        return "Stakers lost nothing.".to_string();
    }
    let (start, end): (f64, f64) = (
        vault.price_start.parse().unwrap_or(1.0),
        vault.price_end.parse().unwrap_or(1.0),
    );
    format!(
        "Stakers gave {} for claims: {} was paid, {} still waits, {} came back to those who bore it. A share went from {start:.4} to {end:.4}, {:.2} % less.",
        show(&vault.granted),
        show(&vault.paid),
        show(&vault.waiting),
        show(&vault.recovered),
        (1.0 - end / start) * 100.0
    )
}

fn times(count: u64) -> String {
    match count {
        1 => "once".to_string(),
        2 => "twice".to_string(),
        _ => format!("{count} times"),
    }
}

fn courses(text: &mut String, report: &Report, course: &Course, names: &[&str], paint: Paint) {
    line!(text, "{}", paint.bold("How it went"));
    for (name, prices) in names.iter().zip(&course.sources) {
        line!(
            text,
            "  {:<14} {}  {}",
            shortened(name),
            bars(prices, WIDTH),
            ends(prices)
        );
    }
    if report.breaker.enabled {
        line!(
            text,
            "  {:<14} {}  {}",
            "median",
            bars(&course.median, WIDTH),
            ends(&course.median)
        );
        line!(text, "  {:<14} {}", "breaker", states(course, paint));
        let legend = "· normal  g guarded  T tripped  r recovering";
        line!(text, "  {:<14} {}", "", paint.dim(legend));
    }
    line!(
        text,
        "  {:<14} {}  {}\n",
        "share price",
        bars(&course.share_price, WIDTH),
        ends(&course.share_price)
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
    let gravity = |state: &Option<MarketState>| match state {
        None | Some(MarketState::Normal) => 0,
        Some(MarketState::Guarded) => 1,
        Some(MarketState::Recovering) => 2,
        Some(MarketState::Tripped) => 3,
    };
    buckets(&course.states, WIDTH)
        .map(|bucket| match bucket.iter().map(gravity).max() {
            Some(1) => paint.warn("g"),
            Some(2) => paint.warn("r"),
            Some(3) => paint.bad("T"),
            _ => paint.good("·"),
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
    for a in largest(answers) {
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

/// The largest answers, in order of time.
fn largest(answers: &[Answer]) -> Vec<&Answer> {
    let mut largest: Vec<_> = answers.iter().collect();
    largest.sort_by_key(|answer| std::cmp::Reverse(number(&answer.asked)));
    largest.truncate(LISTED);
    largest.sort_by(|a, b| a.time.cmp(&b.time));
    largest
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

/// `uusd` is counted in millionths of `USD`: the micro prefix is dropped.
fn asset_name(denom: &str) -> String {
    denom.strip_prefix('u').unwrap_or(denom).to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_money() {
        for (amount, decimals, text) in [
            (1_234_567_890_123, 6, "1,234,567.89"),
            (999_999, 6, "0.99"),
            (0, 6, "0.00"),
            (1_234, 0, "1,234"),
            (105, 2, "1.05"),
        ] {
            assert_eq!(money(amount, decimals), text);
        }
    }

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
