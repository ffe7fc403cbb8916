//! Two runs of one scenario side by side: with the breaker and without, or under
//! two sets of parameters, the proposed one first; what changed, what differs, and
//! what of the difference matters, in words.

use backstop_replay::record::{Billionths, Record, Setting, signed};
use backstop_types::Assets;
use serde::Serialize;
use serde_json::Value;

use super::parameters::{self, Parameter};
use super::readable::readable;
use super::unit::Unit;
use super::words::{duration, loss_percent, shown, times};
use backstop_terminal::Paint;

/// How wide a column of the table is.
const CELL: usize = 20;
/// How wide its names are.
const NAME: usize = 28;

/// What is compared, and with what: parameters that are proposed come before those
/// that the scenario has.
pub fn ordered<'a>(run: &'a Record, other: &'a Record) -> (&'a Record, &'a Record) {
    match other.setting {
        Setting::Against(_) => (other, run),
        Setting::BreakerOn | Setting::AsWritten | Setting::BreakerOff => (run, other),
    }
}

/// What changed, a table of what differs for the people in it, and the same in words.
pub fn compare(first: &Record, second: &Record, paint: Paint) -> String {
    let mut text = paint.bold(&format!("{} and {}", title(first), second.setting)) + "\n";
    for change in changes(first, second) {
        text += &format!("  changed: {change}\n");
    }
    text.push('\n');
    let settings = [first, second].map(|run| run.setting.to_string());
    let [here, there] = &settings;
    let head = [here.as_str(), there.as_str(), "difference"];
    let head = head
        .map(|name| format!("{:>CELL$}", cut(name, CELL - 1)))
        .concat();
    text += &paint.dim(&format!("  {:<NAME$}{head}", ""));
    text.push('\n');
    for row in rows(first, second) {
        let cells = [&row.first, &row.second, &row.difference];
        let cells = cells.map(|cell| format!("{cell:>CELL$}")).concat();
        text += format!("  {:<NAME$}{cells}", row.name).trim_end();
        text.push('\n');
    }
    text.push('\n');
    for sentence in differences(first, second) {
        text += &format!("  {sentence}\n");
    }
    text
}

/// What was changed between the two, a line each.
pub fn changes(first: &Record, second: &Record) -> Vec<String> {
    let mut changes = vec![];
    if first.breaker.enabled && !second.breaker.enabled {
        changes.push(format!(
            "{} the first source is taken as it comes, and no price is ever judged wrong",
            second.setting
        ));
    }
    for (here, other) in changed(first, second) {
        changes.push(format!(
            "{}.{}: {} {}, {} {}",
            here.table,
            here.name,
            readable(&here, first),
            first.setting,
            readable(&other, first),
            second.setting,
        ));
    }
    changes
}

/// The parameters that the two do not share: the first's and the second's.
pub fn changed(first: &Record, second: &Record) -> Vec<(Parameter, Parameter)> {
    let there = parameters::list(&second.tuned);
    let same = |one: &Parameter, other: &Parameter| one.table == other.table && one.name == other.name;
    let here = parameters::list(&first.tuned).into_iter();
    let pairs = here.filter_map(|here| {
        let other = there.iter().find(|other| same(&here, other))?;
        (here.value != other.value).then(|| (here, other.clone()))
    });
    pairs.collect()
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What.
    pub name: &'static str,
    /// In the first run.
    pub first: String,
    /// In the second.
    pub second: String,
    /// The first less the second; nothing where they are the same.
    pub difference: String,
}

/// The lines of the table.
pub fn rows(first: &Record, second: &Record) -> Vec<Row> {
    let pairs = column(first).into_iter().zip(column(second));
    pairs
        .map(|(here, there)| Row {
            name: here.name,
            first: here.unit.show(here.value, first.decimals),
            second: here.unit.show(there.value, first.decimals),
            difference: here
                .unit
                .difference(here.value.saturating_sub(there.value), first.decimals),
        })
        .collect()
}

/// A figure of both.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// Its name.
    pub figure: &'static str,
    /// What it counts.
    pub unit: &'static str,
    /// The first's.
    pub first: Value,
    /// The second's.
    pub second: Value,
    /// The first's less the second's.
    pub difference: Value,
}

/// The same for programs.
pub fn figures(first: &Record, second: &Record) -> Vec<Difference> {
    let pairs = column(first).into_iter().zip(column(second));
    pairs
        .map(|(here, there)| Difference {
            figure: here.key,
            unit: here.unit.name(),
            first: here.unit.json(here.value),
            second: here.unit.json(there.value),
            difference: here.unit.json(here.value.saturating_sub(there.value)),
        })
        .collect()
}

/// A figure of a run.
struct Cell {
    key: &'static str,
    name: &'static str,
    unit: Unit,
    value: i128,
}

/// One run's column.
fn column(run: &Record) -> Vec<Cell> {
    let cell = |unit, key, name, value| Cell {
        key,
        name,
        unit,
        value,
    };
    let amount = |key, name, value: Assets| cell(Unit::Amount, key, name, signed(value));
    let count = |key, name, value: u64| cell(Unit::Count, key, name, value.into());
    let earned = |key, name, value: Billionths| cell(Unit::Return, key, name, value.0);
    let (shortfalls, vault, bearers, yields) = (&run.shortfalls, &run.vault, &run.bearers, &run.yields);
    let worst = run.exchange.worst_hole.map_or(Assets::ZERO, |hole| hole.amount);
    let denied = i128::from(run.breaker.denied.0);
    let price = signed(Assets(vault.price_end.atomics())) / 1_000_000_000;
    vec![
        count("trips", "trips", run.breaker.trips),
        cell(Unit::Seconds, "denied", "liquidation was denied", denied),
        count("opened", "positions opened", run.exchange.opened),
        count("liquidated", "positions liquidated", run.exchange.liquidated),
        amount("missing", "what was missing", bearers.missing),
        amount("missing.insurance", "  insurance fund", bearers.insurance),
        amount("missing.pool", "  pool", bearers.pool),
        amount("missing.winners", "  winners", bearers.winners),
        amount("missing.providers", "  liquidity providers", bearers.providers),
        amount("missing.open", "  still open", bearers.open.sum()),
        amount("worst_hole", "worst hole, not closed", worst),
        amount("unseen", "  at the end", run.exchange.underwater_at_market),
        count("shortfalls", "shortfalls", shortfalls.count()),
        amount("asked", "  asked", shortfalls.asked),
        amount("deductible", "  deductible", shortfalls.deductible),
        amount("paid_at_once", "  paid at once", shortfalls.paid),
        amount("pending", "  pending", shortfalls.pending),
        amount("uncovered", "  uncovered", shortfalls.uncovered),
        amount("granted", "pool gave for claims", vault.granted),
        amount("pool_paid", "  paid", vault.paid),
        amount("recovered", "  came back to stakers", vault.recovered),
        amount("pool_waiting", "  still waiting", vault.waiting),
        count("deleveraged", "winners deleveraged", run.adl.events),
        amount("winners_taken", "  profit taken", run.adl.taken),
        amount("winners_returned", "  came back to winners", run.adl.compensated),
        cell(
            Unit::Amount,
            "providers_result",
            "providers' result",
            run.providers.result(),
        ),
        cell(Unit::Price, "price_end", "share price at the end", price),
        amount("income", "stakers' income a year", yields.income()),
        earned("gross_return", "stayer's gross return", yields.gross),
        earned("net_return", "stayer's net return", yields.net),
        amount(
            "break_even_premium",
            "break-even premium a year",
            yields.premium_of_run().unwrap_or(Assets::ZERO),
        ),
    ]
}

/// A figure in which two runs may differ, and the words around it.
struct Contrast {
    before: &'static str,
    what: &'static str,
    figure: fn(&Record) -> Assets,
}

const CONTRASTS: [Contrast; 6] = [
    Contrast {
        before: "",
        what: "of winners' profit was taken",
        figure: |run| run.adl.taken,
    },
    Contrast {
        before: "",
        what: "came back to deleveraged winners",
        figure: |run| run.adl.compensated,
    },
    Contrast {
        before: "",
        what: "was left uncovered",
        figure: |run| run.shortfalls.uncovered,
    },
    Contrast {
        before: "",
        what: "came back to stakers",
        figure: |run| run.vault.recovered,
    },
    Contrast {
        before: "Positions that nobody had closed were at the worst ",
        what: "below zero",
        figure: |run| run.exchange.worst_hole.map_or(Assets::ZERO, |hole| hole.amount),
    },
    Contrast {
        before: "Positions that nobody closed ended ",
        what: "below zero",
        figure: |run| run.exchange.underwater_at_market,
    },
];

/// What of the difference matters to stakers, winners and the exchange: a
/// sentence each, the pool first.
pub fn differences(first: &Record, second: &Record) -> Vec<String> {
    let mut found = vec![pool(first, second)];
    for Contrast { before, what, figure } in CONTRASTS {
        let (here, there) = (figure(first), figure(second));
        if here != there {
            let (here, there) = (shown(first, here), shown(second, there));
            found.push(format!(
                "{before}{here} {what} {}, and {there} {}.",
                first.setting, second.setting
            ));
        }
    }
    let (here, there) = (first.breaker.denied, second.breaker.denied);
    if here != there {
        found.push(format!(
            "For {} nobody could be liquidated {}, and for {} {}.",
            duration(here),
            first.setting,
            duration(there),
            second.setting
        ));
    }
    let (here, there) = (first.breaker.trips, second.breaker.trips);
    if first.breaker.enabled && second.breaker.enabled && here != there {
        let tripped = |trips| match trips {
            0 => "never tripped".to_string(),
            trips => format!("tripped {}", times(trips)),
        };
        found.push(format!(
            "The market {} {}, and {} {}.",
            tripped(here),
            first.setting,
            tripped(there),
            second.setting
        ));
    }
    if nothing_happened(first, second) {
        found.push(
            "Nothing that happened differs: what was changed never mattered in this draw. --seeds 20 shows how often it does."
                .to_string(),
        );
    }
    found
}

/// Whether the two differ in nothing but what stakers would earn.
fn nothing_happened(first: &Record, second: &Record) -> bool {
    const EARNED: [&str; 4] = ["income", "gross_return", "net_return", "break_even_premium"];
    let pairs = column(first).into_iter().zip(column(second));
    pairs
        .filter(|(here, _)| !EARNED.contains(&here.key))
        .all(|(here, there)| here.value == there.value)
}

/// What was given for claims, paid or still waiting: both have left the pool.
fn pool(first: &Record, second: &Record) -> String {
    let given = |run: &Record| Assets(run.vault.paid.0 + run.vault.waiting.0);
    let (here, there) = (given(first), given(second));
    let compared = match here.cmp(&there) {
        std::cmp::Ordering::Equal => "as much".to_string(),
        std::cmp::Ordering::Less => format!("{} less", shown(first, there.saturating_sub(here))),
        std::cmp::Ordering::Greater => format!("{} more", shown(first, here.saturating_sub(there))),
    };
    let than = if here == there { "as" } else { "than" };
    let waits = [first, second].map(|run| run.vault.waiting);
    let waiting = match waits {
        [Assets::ZERO, Assets::ZERO] => String::new(),
        [here, there] => format!(
            " ({} and {} of it still wait)",
            shown(first, here),
            shown(second, there)
        ),
    };
    format!(
        "{} the pool gave {compared} for claims {than} {}{waiting}: a share lost {:.2} % instead of {:.2} %.",
        title(first),
        second.setting,
        loss_percent(first),
        loss_percent(second)
    )
}

/// The setting as a sentence begins.
fn title(run: &Record) -> String {
    let setting = run.setting.to_string();
    let mut letters = setting.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn cut(text: &str, width: usize) -> String {
    match text.chars().count() > width {
        true => text.chars().take(width - 1).chain(['…']).collect(),
        false => text.to_string(),
    }
}
