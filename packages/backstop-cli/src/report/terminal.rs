//! The report for people on a terminal: what happened in plain words, then how
//! prices and states went, then the figures.

use std::fmt::Write;

use backstop_replay::record::{Record, Timeline, severity};
use backstop_types::breaker::MarketState;
use backstop_types::{Assets, Named};

use super::Report;
use super::bearers;
use super::one_draw;
use super::sparkline::{bars, buckets};
use super::words::{self, duration, grouped, moment, money, when};
use super::yields;
use backstop_terminal::Paint;

/// How wide a timeline is drawn.
const WIDTH: usize = 64;
/// How many shortfalls are listed.
const LISTED: usize = 8;

/// The summary of one run.
pub fn summary(report: &Report, paint: Paint) -> String {
    let record = &report.record;
    let mut text = String::new();
    untested(&mut text, report, paint);
    heading(&mut text, record, paint);
    told(&mut text, record, paint);
    borne(&mut text, record, paint);
    earned(&mut text, record, paint);
    timelines(&mut text, record, &report.timeline, paint);
    waterfall(&mut text, record, paint);
    verdicts(&mut text, report, paint);
    text
}

// Writing to a string cannot fail, so the results of `writeln!` are dropped.
macro_rules! line {
    ($text:expr, $($arg:tt)*) => {{ let _ = writeln!($text, $($arg)*); }};
}

/// Said before anything else.
fn untested(text: &mut String, report: &Report, paint: Paint) {
    for reason in &report.record.untested {
        line!(
            text,
            "{} {}",
            paint.bad("NOTHING TESTED:"),
            words::untested(reason)
        );
    }
    for note in &report.notes {
        line!(text, "{} {note}", paint.warn("note:"));
    }
    if !report.record.untested.is_empty() || !report.notes.is_empty() {
        text.push('\n');
    }
}

fn heading(text: &mut String, record: &Record, paint: Paint) {
    line!(text, "{}", paint.bold(&record.title));
    let about = format!(
        "{}, seed {}: {} from {} to {}, {} blocks of {}, {}",
        record.scenario,
        record.seed,
        record.market,
        when(record.time.start),
        when(record.time.end),
        grouped(record.blocks),
        duration(record.time.block),
        record.setting,
    );
    line!(text, "{}", paint.dim(&about));
    line!(text, "{}\n", one_draw::words(record));
}

fn told(text: &mut String, record: &Record, paint: Paint) {
    line!(text, "{}", paint.bold("What happened"));
    for sentence in words::story(record) {
        line!(text, "  {sentence}");
    }
    text.push('\n');
}

fn borne(text: &mut String, record: &Record, paint: Paint) {
    line!(text, "{}", paint.bold("Who bore it in the end"));
    for row in bearers::rows(&record.bearers) {
        let name = format!("{}{}", "  ".repeat(row.depth), row.name);
        line!(text, "  {name:<30}{:>18}", money(row.amount, record.decimals));
    }
    line!(text, "");
    for limit in &record.limits {
        let kept = match limit.bound {
            0 => String::new(),
            _ => format!(", kept back {}", money(limit.kept_back, record.decimals)),
        };
        let size = money(limit.size, record.decimals);
        line!(
            text,
            "  {:<30}{size:>18}  {}{kept}",
            bearers::name(limit.kind),
            bearers::bound(limit)
        );
    }
    for sentence in bearers::beside(record) {
        line!(text, "  {sentence}");
    }
    text.push('\n');
}

fn earned(text: &mut String, record: &Record, paint: Paint) {
    line!(text, "{}", paint.bold("What stakers earned"));
    for row in yields::rows(record) {
        line!(text, "  {:<30}{:>18}  {}", row.name, row.value, row.what);
    }
    line!(text, "  {}\n", yields::note(record));
}

fn timelines(text: &mut String, record: &Record, timeline: &Timeline, paint: Paint) {
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
    for (index, name) in timeline.sources.iter().enumerate() {
        row(name, timeline.series(|column| column.sources[index].last));
    }
    if record.breaker.enabled {
        row("median", timeline.series(|column| column.median.last));
        line!(text, "  {:<14} {}", "breaker", states(timeline, paint));
        let legend = "· normal  g guarded  T tripped  r recovering";
        line!(text, "  {:<14} {}", "", paint.dim(legend));
    }
    let prices = timeline.series(|column| column.pool.share_price);
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

/// The most severe state of each bucket.
fn states(timeline: &Timeline, paint: Paint) -> String {
    let states: Vec<_> = timeline.columns.iter().map(|column| column.state).collect();
    buckets(&states, WIDTH)
        .map(|bucket| {
            let worst = bucket
                .iter()
                .copied()
                .max_by_key(|state| severity(*state))
                .flatten();
            match worst {
                None | Some(MarketState::Normal) => paint.good("·"),
                Some(MarketState::Guarded) => paint.warn("g"),
                Some(MarketState::Recovering) => paint.warn("r"),
                Some(MarketState::Tripped) => paint.bad("T"),
                Some(MarketState::Latched) => paint.bad("L"),
            }
        })
        .collect()
}

fn waterfall(text: &mut String, record: &Record, paint: Paint) {
    let answers = &record.shortfalls.answers;
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
    let row = |amounts: [Assets; 5]| {
        let cell = |amount: Assets| format!("{:>15}", money(amount, record.decimals));
        amounts.map(cell).concat()
    };
    for a in record.shortfalls.largest(LISTED) {
        let amounts = row([a.asked, a.deductible, a.paid, a.pending, a.uncovered]);
        let whole = if a.paid.is_zero() {
            "the exchange's own"
        } else {
            "paid at once"
        };
        let why = a.reason.map_or(whole, |reason| reason.name()).replace('_', " ");
        line!(text, "  {:<20}{amounts}  {why}", moment(a.time));
    }
    let all = &record.shortfalls;
    let amounts = row([all.asked, all.deductible, all.paid, all.pending, all.uncovered]);
    line!(
        text,
        "  {}\n",
        paint.bold(&format!("{:<20}{amounts}", "all together"))
    );
}

fn verdicts(text: &mut String, report: &Report, paint: Paint) {
    let record = &report.record;
    for expectation in &report.expectations {
        let found = expectation.line();
        match expectation.met {
            true => line!(text, "{} {found}", paint.good("as expected:")),
            false => line!(text, "{} {found}", paint.bad("NOT AS EXPECTED:")),
        }
    }
    let invariants = &record.invariants;
    let checks = format!(
        "{} checks, {} failures",
        grouped(invariants.checks),
        invariants.failures
    );
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
            record.trace_sha256, record.steps
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
