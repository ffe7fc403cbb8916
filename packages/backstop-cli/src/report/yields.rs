//! What stakers earned and lost, and what cover would have to cost, as rows that
//! terminal and page show alike.

use backstop_replay::record::{Billionths, Record, Yields};
use cosmwasm_std::Decimal;

use super::words::{asset_name, money, percent, shown};

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What.
    pub name: &'static str,
    /// How much.
    pub value: String,
    /// What that is.
    pub what: String,
}

/// All of them.
pub fn rows(record: &Record) -> Vec<Row> {
    let yields = &record.yields;
    let row = |name, value, what: &str| Row {
        name,
        value,
        what: what.to_string(),
    };
    let mut rows = vec![
        row(
            "premium a year",
            percent(premium(yields), 2),
            &format!("of the policy's limit; {}", origin(yields)),
        ),
        row(
            "income a year",
            money(yields.income(), record.decimals),
            &format!(
                "the stakers' premium, and emissions of {}",
                shown(record, yields.emissions)
            ),
        ),
        row(
            "gross return",
            percent(yields.gross, 4),
            "what the stayer earned in this run, of its deposit",
        ),
        row("net return", percent(yields.net, 4), "the same less what it lost"),
        row(
            "a quiet year",
            percent(yields.quiet_year(), 2),
            "income of a year without a loss, of the pool's assets once everybody has come",
        ),
        row(
            "a year with crashes",
            percent(yields.year(), 2),
            &format!(
                "the same less what the stayer lost here, {} a year",
                often(yields)
            ),
        ),
    ];
    rows.extend(yields.premium_of_run().map(|premium| {
        let rate = yields.rate_of_run().map_or(String::new(), |rate| {
            format!(
                "a year, {} of the limit of {}: ",
                percent(rate, 2),
                money(yields.limit, record.decimals)
            )
        });
        row(
            "break-even premium",
            money(premium, record.decimals),
            &format!(
                "{rate}with such a crash {} a year it meets what the pool gave here",
                often(yields)
            ),
        )
    }));
    rows
}

/// What stands under the table.
pub fn note(record: &Record) -> String {
    format!(
        "Premium and emissions come in {} from outside, evenly through the distributor. Break-even of one run is one draw's; --seeds 20 gives it for the mean loss.",
        asset_name(&record.asset)
    )
}

/// The yearly rate as a part of the limit.
pub fn premium(yields: &Yields) -> Billionths {
    const ATOMS: u128 = 1_000_000_000;
    Billionths(i128::try_from(yields.premium_rate.atomics().u128() / ATOMS).unwrap_or(i128::MAX))
}

fn origin(yields: &Yields) -> &'static str {
    match yields.stated {
        true => "as the scenario states it",
        false => "what the vault's curve asks once everybody has come",
    }
}

/// How often a year such a crash comes.
pub fn often(yields: &Yields) -> String {
    match yields.crashes_a_year {
        once if once == Decimal::one() => "once".to_string(),
        times => format!("{times} times"),
    }
}
