//! Two runs of one scenario side by side: with the breaker and without, or under
//! two sets of parameters, the proposed one first; what changed, what differs, and
//! what of the difference matters, in words.

use backstop_replay::record::{Record, Setting};
use backstop_types::{Assets, Seconds};
use cosmwasm_std::Decimal;

use super::paint::Paint;
use super::parameters::{self, Parameter};
use super::units::readable;
use super::words::{duration, loss_percent, money, shown, signed, signed_money, times};

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
    let there = parameters::list(&second.tuned);
    let same = |one: &Parameter, other: &Parameter| one.table == other.table && one.name == other.name;
    for here in parameters::list(&first.tuned) {
        let Some(other) = there.iter().find(|other| same(&here, other)) else {
            continue;
        };
        if here.value != other.value {
            changes.push(format!(
                "{}.{}: {} {}, {} {}",
                here.table,
                here.name,
                readable(&here, first),
                first.setting,
                readable(other, first),
                second.setting,
            ));
        }
    }
    changes
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
        .map(|((name, here), (_, there))| Row {
            name,
            first: here.text(first.decimals),
            second: there.text(first.decimals),
            difference: here.less(there, first.decimals),
        })
        .collect()
}

/// What a cell has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cell {
    Amount(Assets),
    Signed(i128),
    Count(u64),
    Time(Seconds),
    Price(Decimal),
}

impl Cell {
    fn text(self, decimals: u32) -> String {
        match self {
            Self::Amount(amount) => money(amount, decimals),
            Self::Signed(amount) => signed_money(amount, decimals),
            Self::Count(count) => count.to_string(),
            Self::Time(time) => duration(time),
            Self::Price(price) => price.to_string().chars().take(8).collect(),
        }
    }

    /// Itself less another of its kind, with its sign.
    fn less(self, other: Self, decimals: u32) -> String {
        let amounts = |here: i128, there: i128| signed(here.cmp(&there), money(apart(here, there), decimals));
        match (self, other) {
            _ if self == other => String::new(),
            (Self::Amount(here), Self::Amount(there)) => amounts(wide(here), wide(there)),
            (Self::Signed(here), Self::Signed(there)) => amounts(here, there),
            (Self::Count(here), Self::Count(there)) => {
                signed(here.cmp(&there), here.abs_diff(there).to_string())
            }
            (Self::Time(here), Self::Time(there)) => {
                signed(here.cmp(&there), duration(Seconds(here.0.abs_diff(there.0))))
            }
            (Self::Price(here), Self::Price(there)) => {
                let apart: String = here.abs_diff(there).to_string().chars().take(8).collect();
                signed(here.cmp(&there), apart)
            }
            _ => String::new(),
        }
    }
}

fn wide(amount: Assets) -> i128 {
    i128::try_from(amount.u128()).unwrap_or(i128::MAX)
}

fn apart(here: i128, there: i128) -> Assets {
    Assets::new(here.abs_diff(there))
}

/// One run's column, with the rows' names.
fn column(run: &Record) -> Vec<(&'static str, Cell)> {
    use Cell::{Amount, Count, Price, Signed, Time};
    let (shortfalls, vault, bearers) = (&run.shortfalls, &run.vault, &run.bearers);
    let worst = run.exchange.worst_hole.map_or(Assets::ZERO, |hole| hole.amount);
    vec![
        ("trips", Count(run.breaker.trips)),
        ("liquidation was denied", Time(run.breaker.denied)),
        ("positions opened", Count(run.exchange.opened)),
        ("positions liquidated", Count(run.exchange.liquidated)),
        ("what was missing", Amount(bearers.missing)),
        ("  insurance fund", Amount(bearers.insurance)),
        ("  pool", Amount(bearers.pool)),
        ("  winners", Amount(bearers.winners)),
        ("  liquidity providers", Amount(bearers.providers)),
        ("  still open", Amount(bearers.open.sum())),
        ("worst hole, not closed", Amount(worst)),
        ("  at the end", Amount(run.exchange.underwater_at_market)),
        ("shortfalls", Count(shortfalls.count())),
        ("  asked", Amount(shortfalls.asked)),
        ("  deductible", Amount(shortfalls.deductible)),
        ("  paid at once", Amount(shortfalls.paid)),
        ("  pending", Amount(shortfalls.pending)),
        ("  uncovered", Amount(shortfalls.uncovered)),
        ("pool gave for claims", Amount(vault.granted)),
        ("  paid", Amount(vault.paid)),
        ("  came back to stakers", Amount(vault.recovered)),
        ("  still waiting", Amount(vault.waiting)),
        ("winners deleveraged", Count(run.adl.events)),
        ("  profit taken", Amount(run.adl.taken)),
        ("  came back to winners", Amount(run.adl.compensated)),
        ("providers' result", Signed(run.providers.result())),
        ("share price at the end", Price(vault.price_end)),
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
        found.push(format!(
            "The market tripped {} {}, and {} {}.",
            times(here),
            first.setting,
            times(there),
            second.setting
        ));
    }
    found
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
