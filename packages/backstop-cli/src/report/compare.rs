//! Two runs of one scenario side by side: with the breaker and without, or under
//! two sets of parameters; and what of the difference matters, in words.

use backstop_replay::record::Record;
use backstop_types::Assets;

use super::paint::Paint;
use super::words::{loss_percent, money, shown, times};

/// How wide a column of the table is.
const CELL: usize = 20;

/// A table of what differs for the people in it, and the same in words.
pub fn compare(first: &Record, second: &Record, paint: Paint) -> String {
    let mut text = paint.bold(&format!("{} and {}", title(first), second.setting)) + "\n";
    let head = [first, second].map(|run| format!("{:>CELL$}", cut(&run.setting.to_string(), CELL - 1)));
    text += &paint.dim(&format!("  {:<26}{}", "", head.concat()));
    text.push('\n');
    for row in rows(first, second) {
        text += &format!("  {:<26}{:>CELL$}{:>CELL$}\n", row.name, row.first, row.second);
    }
    text.push('\n');
    for sentence in differences(first, second) {
        text += &format!("  {sentence}\n");
    }
    text
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
}

/// The lines of the table.
pub fn rows(first: &Record, second: &Record) -> Vec<Row> {
    let pairs = column(first).into_iter().zip(column(second));
    pairs
        .map(|((name, first), (_, second))| Row { name, first, second })
        .collect()
}

/// One run's column, with the rows' names.
fn column(run: &Record) -> Vec<(&'static str, String)> {
    let amount = |value: Assets| money(value, run.decimals);
    let (shortfalls, vault) = (&run.shortfalls, &run.vault);
    vec![
        ("trips", run.breaker.trips.to_string()),
        ("positions liquidated", run.exchange.liquidated.to_string()),
        ("shortfalls", shortfalls.count().to_string()),
        ("  asked", amount(shortfalls.asked)),
        ("  deductible", amount(shortfalls.deductible)),
        ("  paid at once", amount(shortfalls.paid)),
        ("  pending", amount(shortfalls.pending)),
        ("  uncovered", amount(shortfalls.uncovered)),
        ("pool paid in all", amount(vault.paid)),
        ("came back to stakers", amount(vault.recovered)),
        ("still waiting", amount(vault.waiting)),
        ("winners deleveraged", run.adl.events.to_string()),
        ("  profit taken", amount(run.adl.taken)),
        ("below zero, not seen", amount(run.exchange.underwater_at_market)),
        (
            "share price at the end",
            vault.price_end.to_string().chars().take(8).collect(),
        ),
    ]
}

/// A figure in which two runs may differ, and the words around it.
struct Contrast {
    before: &'static str,
    what: &'static str,
    figure: fn(&Record) -> Assets,
}

const CONTRASTS: [Contrast; 4] = [
    Contrast {
        before: "",
        what: "of winners' profit was taken",
        figure: |run| run.adl.taken,
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
