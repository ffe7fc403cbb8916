//! What is drawn.

use backstop_replay::record::{Answered, Column, Record, Span, Timeline};
use backstop_types::Assets;
use backstop_types::breaker::MarketState;
use cosmwasm_std::Timestamp;
use plotters::style::RGBColor;

use super::Format;
use super::marks::{Marks, marks};
use super::palette::{DEDUCTIBLE, GUARDED, LINES, MEDIAN, PAID, PENDING, RECOVERING, TRIPPED, UNCOVERED};
use crate::report::Report;

/// Bars of a drawing at most.
const BARS: usize = 60;

/// One drawing.
#[derive(Debug, Clone)]
pub struct Plot {
    /// Its name in files and on the page.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// How to read it, in a sentence.
    pub note: String,
    /// How its values are written.
    pub format: Format,
    /// Whether equal falls in percent are equally deep.
    pub log: bool,
    /// Whether the axis begins at zero.
    pub from_zero: bool,
    /// The moments of the values of lines and areas, in seconds.
    pub times: Vec<f64>,
    /// From when to when it is drawn.
    pub span: (f64, f64),
    /// The lines.
    pub lines: Vec<Line>,
    /// The low and the high end of an area.
    pub band: Option<(Vec<f64>, Vec<f64>)>,
    /// Times with a colour behind them.
    pub shades: Vec<Shade>,
    /// Stacked bars.
    pub bars: Vec<Bar>,
    /// What the parts of a bar are.
    pub parts: Vec<(String, RGBColor)>,
    /// Moments at which something happened.
    pub marks: Vec<Marks>,
}

impl Plot {
    /// Whether there is anything to see: a bar, or a value that is not zero.
    pub fn shows_something(&self) -> bool {
        let seen = |value: f64| value.is_finite() && value != 0.0;
        let of_lines = self.lines.iter().flat_map(|line| &line.values);
        let mut ends = of_lines.flat_map(|span| [span.min, span.max, span.last]);
        let mut parts = self.bars.iter().flat_map(|bar| &bar.parts);
        ends.any(seen) || parts.any(|part| seen(*part))
    }
}

/// One line.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Its colour.
    pub color: RGBColor,
    /// One a moment.
    pub values: Vec<Span>,
    /// Whether it is dashed.
    pub dashed: bool,
}

/// A time with a colour behind it.
#[derive(Debug, Clone)]
pub struct Shade {
    /// What it means.
    pub name: String,
    /// The colour.
    pub color: RGBColor,
    /// From when, in seconds.
    pub from: f64,
    /// Until when.
    pub until: f64,
}

/// A stacked bar.
#[derive(Debug, Clone)]
pub struct Bar {
    /// From when, in seconds.
    pub from: f64,
    /// Until when.
    pub until: f64,
    /// Its parts from below.
    pub parts: Vec<f64>,
}

/// The drawings of a run that show something.
pub fn of(report: &Report) -> Vec<Plot> {
    let mut plots = all(report);
    plots.retain(Plot::shows_something);
    plots
}

/// The drawings that are left out, since nothing of what they show happened.
pub fn left_out(report: &Report) -> Vec<Plot> {
    let mut plots = all(report);
    plots.retain(|plot| !plot.shows_something());
    plots
}

fn all(report: &Report) -> Vec<Plot> {
    let (record, timeline) = (&report.record, &report.timeline);
    let mut plots = vec![price(record, timeline), shortfalls(record, timeline)];
    plots.push(amounts(
        record,
        timeline,
        "assets",
        "The pool's money",
        "What the stakers' shares are worth together, what is granted and still waits, and what came back and was not taken yet.",
        &[
            ("assets", PAID, |c| base(c.pool.assets)),
            ("granted, waits", PENDING, |c| base(c.pool.pots)),
            ("came back", LINES[5], |c| base(c.pool.recoveries)),
        ],
    ));
    plots.push(share_price(timeline));
    plots.push(buckets(timeline));
    plots.push(amounts(
        record,
        timeline,
        "adl",
        "Auto-deleveraging",
        "Profit that was taken from winners for what nobody had paid, and what came back to them, added up.",
        &[
            ("profit taken", UNCOVERED, |c| base(c.pool.deleveraged)),
            ("came back", PAID, |c| base(c.pool.compensated)),
        ],
    ));
    plots.push(amounts(
        record,
        timeline,
        "hole",
        "Open positions below zero",
        "The hole: what positions that nobody had closed were below zero at the market's price. Nobody has been asked for it yet.",
        &[("below zero", UNCOVERED, |c| base(c.hole))],
    ));
    plots.push(amounts(
        record,
        timeline,
        "exits",
        "The queue of exits",
        "What shares on their way out are worth: they wait for the unbonding period, bear losses, and earn nothing.",
        &[("unbonding", LINES[0], |c| base(c.pool.queued))],
    ));
    plots
}

/// Drawings of two runs in one frame.
pub fn both(first: &Report, second: &Report) -> Vec<Plot> {
    let line = |run: &Report, dashed, value: fn(&Column) -> f64| Line {
        name: run.record.setting.to_string(),
        color: LINES[usize::from(dashed)],
        values: run
            .timeline
            .columns
            .iter()
            .map(|column| flat(value(column)))
            .collect(),
        dashed,
    };
    let mut price = share_price(&first.timeline);
    price.id = "both-share-price".to_string();
    price.title = "Share price, both".to_string();
    price.lines = vec![
        line(first, false, |c| c.pool.share_price),
        line(second, true, |c| c.pool.share_price),
    ];
    let mut paid = empty(
        &first.timeline,
        "both-paid",
        "Paid by the pool, both",
        Format::Amount,
    );
    paid.note = "All that policyholders were paid, added up.".to_string();
    paid.from_zero = true;
    let one = whole(&first.record);
    paid.lines = vec![
        line(first, false, |c| base(c.pool.paid)),
        line(second, true, |c| base(c.pool.paid)),
    ];
    for line in &mut paid.lines {
        line.values
            .iter_mut()
            .for_each(|span| *span = flat(span.last / one));
    }
    let mut plots = vec![price, paid];
    plots.retain(Plot::shows_something);
    plots
}

fn empty(timeline: &Timeline, id: &str, title: &str, format: Format) -> Plot {
    let times: Vec<f64> = timeline
        .columns
        .iter()
        .map(|column| seconds(column.time))
        .collect();
    let start = times.first().copied().unwrap_or_default();
    let end = times.last().copied().unwrap_or_default().max(start + 1.0);
    Plot {
        id: id.to_string(),
        title: title.to_string(),
        note: String::new(),
        format,
        log: false,
        from_zero: false,
        span: (start, end),
        times,
        lines: vec![],
        band: None,
        shades: vec![],
        bars: vec![],
        parts: vec![],
        marks: vec![],
    }
}

fn price(record: &Record, timeline: &Timeline) -> Plot {
    let mut plot = empty(
        timeline,
        "price",
        &format!("{} and the breaker", record.market),
        Format::Price,
    );
    plot.note = match record.breaker.enabled {
        true => {
            "What each source said, and the band that the breaker would pay in. The colour behind is the market's state.".to_string()
        }
        false => "What each source said. The first was taken raw.".to_string(),
    };
    for (index, name) in timeline.sources.iter().enumerate() {
        plot.lines.push(Line {
            name: name.clone(),
            color: LINES[index % LINES.len()],
            values: timeline
                .columns
                .iter()
                .map(|column| column.sources[index])
                .collect(),
            dashed: false,
        });
    }
    if record.breaker.enabled {
        plot.lines.push(Line {
            name: "median".to_string(),
            color: MEDIAN,
            values: timeline.columns.iter().map(|column| column.median).collect(),
            dashed: true,
        });
        plot.band = Some((timeline.series(|c| c.low.min), timeline.series(|c| c.high.max)));
        plot.shades = shades(timeline);
    }
    let known = || {
        plot.lines
            .iter()
            .flat_map(|line| &line.values)
            .filter(|span| span.max > 0.0)
    };
    let low = known().map(|span| span.min).fold(f64::INFINITY, f64::min);
    let high = known().map(|span| span.max).fold(0.0, f64::max);
    plot.marks = marks(record);
    plot.log = low > 0.0 && high / low > 3.0;
    if plot.log {
        plot.note += " The axis is logarithmic: equal falls in percent are equally deep.";
    }
    plot
}

/// Columns of one state in a row, but for the normal ones.
fn shades(timeline: &Timeline) -> Vec<Shade> {
    let mut shades: Vec<Shade> = vec![];
    let mut before = timeline
        .columns
        .first()
        .map_or(0.0, |column| seconds(column.time));
    for column in &timeline.columns {
        let until = seconds(column.time);
        let named = match column.state {
            Some(MarketState::Guarded) => Some(("guarded", GUARDED)),
            Some(MarketState::Tripped) => Some(("tripped", TRIPPED)),
            Some(MarketState::Latched) => Some(("latched", TRIPPED)),
            Some(MarketState::Recovering) => Some(("recovering", RECOVERING)),
            Some(MarketState::Normal) | None => None,
        };
        if let Some((name, color)) = named {
            match shades.last_mut() {
                Some(last) if last.name == name && last.until == before => last.until = until,
                _ => shades.push(Shade {
                    name: name.to_string(),
                    color,
                    from: before,
                    until,
                }),
            }
        }
        before = until;
    }
    shades
}

fn shortfalls(record: &Record, timeline: &Timeline) -> Plot {
    let mut plot = empty(timeline, "shortfalls", "Shortfalls", Format::Amount);
    plot.note = "What the exchange asked the pool for, by the answer of the moment. What became of the pending part is in the table of losses.".to_string();
    plot.from_zero = true;
    plot.parts = [
        ("deductible", DEDUCTIBLE),
        ("paid at once", PAID),
        ("pending", PENDING),
        ("uncovered", UNCOVERED),
    ]
    .map(|(name, color)| (name.to_string(), color))
    .to_vec();
    let (start, end) = plot.span;
    let width = (end - start) / BARS as f64;
    let one = whole(record);
    let place = |answer: &Answered| (((seconds(answer.time) - start) / width) as usize).min(BARS - 1);
    let mut sums = vec![[0.0; 4]; BARS];
    for answer in &record.shortfalls.answers {
        let parts = [answer.deductible, answer.paid, answer.pending, answer.uncovered];
        for (sum, part) in sums[place(answer)].iter_mut().zip(parts) {
            *sum += base(part) / one;
        }
    }
    let bars = sums
        .into_iter()
        .enumerate()
        .filter(|(_, parts)| parts.iter().sum::<f64>() > 0.0);
    plot.bars = bars
        .map(|(i, parts)| Bar {
            from: start + i as f64 * width,
            until: start + (i + 1) as f64 * width,
            parts: parts.to_vec(),
        })
        .collect();
    plot
}

/// A line's name, its colour, and its value in a column.
type Figure = (&'static str, RGBColor, fn(&Column) -> f64);

fn amounts(
    record: &Record,
    timeline: &Timeline,
    id: &str,
    title: &str,
    note: &str,
    lines: &[Figure],
) -> Plot {
    let mut plot = empty(timeline, id, title, Format::Amount);
    plot.note = note.to_string();
    plot.from_zero = true;
    plot.lines = through(timeline, lines, whole(record));
    plot
}

/// Lines of figures in units of `one`.
fn through(timeline: &Timeline, figures: &[Figure], one: f64) -> Vec<Line> {
    let line = |(name, color, value): &Figure| Line {
        name: (*name).to_string(),
        color: *color,
        values: timeline
            .columns
            .iter()
            .map(|column| flat(value(column) / one))
            .collect(),
        dashed: false,
    };
    figures.iter().map(line).collect()
}

fn share_price(timeline: &Timeline) -> Plot {
    let mut plot = empty(timeline, "share-price", "Share price", Format::Price);
    plot.note = "Assets per share. Only a granted claim lowers it.".to_string();
    let price: Figure = ("assets per share", LINES[0], |c| c.pool.share_price);
    plot.lines = through(timeline, &[price], 1.0);
    plot
}

fn buckets(timeline: &Timeline) -> Plot {
    let mut plot = empty(timeline, "buckets", "How full the limits are", Format::Percent);
    plot.note = "Each grant fills them, and time empties them. At 100 % of the policy's limit or of the pool's fraction nothing more is granted. At 100 % of the instant amount nothing more is paid at once. At 100 % of the deductible the exchange has borne its part.".to_string();
    plot.from_zero = true;
    let figures: [Figure; 4] = [
        ("policy's limit", LINES[0], |c| c.pool.limit_used),
        ("pool's fraction", LINES[1], |c| c.pool.fraction_used),
        ("instant amount", LINES[2], |c| c.pool.instant_used),
        ("deductible", LINES[8], |c| c.pool.deductible_used),
    ];
    plot.lines = through(timeline, &figures, 1.0);
    plot
}

/// A moment on the axis.
fn seconds(at: Timestamp) -> f64 {
    at.seconds() as f64
}

/// Base units.
fn base(amount: Assets) -> f64 {
    amount.u128() as f64
}

fn flat(value: f64) -> Span {
    Span {
        min: value,
        max: value,
        last: value,
    }
}

/// Base units in one whole.
fn whole(record: &Record) -> f64 {
    10_f64.powi(i32::try_from(record.decimals).unwrap_or(0))
}
