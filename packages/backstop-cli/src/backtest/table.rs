//! The table of a backtest, and how it is printed. Figures are sums over the
//! seeds until they are shown.

use std::fmt::Write;

use backstop_replay::Figures;
use serde::Serialize;

use super::rows::{Kind, Row};
use crate::report::words::grouped;

/// Base units of a whole unit of every row's asset.
const WHOLE: u128 = 1_000_000;

/// All rows under all settings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// Over how many seeds the means are.
    pub seeds: u64,
    /// The settings, in the order in which each figure has them.
    pub settings: Vec<String>,
    /// A line for each row.
    pub rows: Vec<Line>,
    /// A line for each kind of which there are two rows at least.
    pub sums: Vec<Line>,
    /// Invariants that were broken under the first seed.
    pub broken: u64,
}

/// A row's means, each for every setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// The row's name.
    pub name: String,
    /// Of which kind.
    pub kind: Kind,
    /// The means under each setting.
    pub settings: Vec<Means>,
}

/// Means over the seeds, in base units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Means {
    /// What was missing after margins.
    #[serde(serialize_with = "as_text")]
    pub bad_debt: u128,
    /// What the pool paid.
    #[serde(serialize_with = "as_text")]
    pub pool_paid: u128,
    /// What of its money was set aside for claims at the end.
    #[serde(serialize_with = "as_text")]
    pub waiting: u128,
    /// What traders lost to prices that were not true.
    #[serde(serialize_with = "as_text")]
    pub lost_to_false: u128,
    /// Seconds in which somebody was liquidatable at the true price and could not be
    /// liquidated.
    pub exposed_seconds: u64,
}

fn as_text<S: serde::Serializer>(amount: &u128, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(amount)
}

/// The columns: a heading, and what stands there in whole units.
type Column = (&'static str, fn(&Means) -> u128);

const COLUMNS: [Column; 5] = [
    ("bad debt", |means| rounded(means.bad_debt, WHOLE)),
    ("the pool paid", |means| rounded(means.pool_paid, WHOLE)),
    ("still set aside", |means| rounded(means.waiting, WHOLE)),
    ("lost to false prices", |means| {
        rounded(means.lost_to_false, WHOLE)
    }),
    ("minutes exposed", |means| {
        rounded(means.exposed_seconds.into(), 60)
    }),
];

impl Table {
    /// From the figures of each row, setting and seed, in this order.
    pub fn new(rows: &[Row], settings: Vec<String>, seeds: u64, figures: &[Figures]) -> Self {
        let each = usize::try_from(seeds).unwrap_or(usize::MAX).max(1);
        let totals: Vec<Figures> = figures.chunks(each).map(total).collect();
        let totals: Vec<&[Figures]> = totals.chunks(settings.len().max(1)).collect();
        let line = |name: &str, kind, totals: &[Figures]| Line {
            name: name.to_string(),
            kind,
            settings: totals.iter().map(|total| Means::of(total, seeds)).collect(),
        };
        let lines = rows.iter().zip(&totals);
        let sums = Kind::ALL.into_iter().filter_map(|kind| {
            let of_kind = rows.iter().zip(&totals).filter(|(row, _)| row.kind == kind);
            let of_kind: Vec<&[Figures]> = of_kind.map(|(_, totals)| *totals).collect();
            let under = |setting: usize| -> Vec<Figures> { of_kind.iter().map(|row| row[setting]).collect() };
            let sums: Vec<Figures> = (0..settings.len())
                .map(|setting| total(&under(setting)))
                .collect();
            (of_kind.len() > 1).then(|| line(kind.together(), kind, &sums))
        });
        Self {
            seeds,
            rows: lines
                .map(|(row, totals)| line(row.name, row.kind, totals))
                .collect(),
            sums: sums.collect(),
            broken: figures.iter().map(|figures| figures.broken).sum(),
            settings,
        }
    }

    /// As JSON, amounts as strings in base units.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// As a table of Markdown; a cell has the settings in their order.
    pub fn markdown(&self) -> String {
        let mut text = format!("{}\n\n| row |", self.heading());
        for (heading, _) in COLUMNS {
            let _ = write!(text, " {heading} |");
        }
        text += &format!("\n| --- |{}\n", " --: |".repeat(COLUMNS.len()));
        for (line, name) in self.lines() {
            let cells = COLUMNS.map(|(_, value)| line.cell(value));
            let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
        }
        text
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        let head = ["row"].into_iter().chain(COLUMNS.map(|(heading, _)| heading));
        let mut grid: Vec<Vec<String>> = vec![head.map(str::to_string).collect()];
        for (line, _) in self.lines() {
            let cells = COLUMNS.map(|(_, value)| line.cell(value));
            grid.push([line.name.clone()].into_iter().chain(cells).collect());
        }
        let width = |column: usize| grid.iter().map(|row| row[column].chars().count()).max();
        let widths: Vec<usize> = (0..=COLUMNS.len()).filter_map(width).collect();
        let mut text = format!("{}\n\n", self.heading());
        for row in &grid {
            let _ = write!(text, "{:<1$}", row[0], widths[0]);
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                let _ = write!(text, "  {cell:>width$}");
            }
            text.push('\n');
        }
        text
    }

    fn heading(&self) -> String {
        format!(
            "Means over {} seeds, each: {}.",
            self.seeds,
            self.settings.join(" / ")
        )
    }

    /// Each line with its name in Markdown, a kind's sum after its rows.
    fn lines(&self) -> impl Iterator<Item = (&Line, String)> {
        Kind::ALL.into_iter().flat_map(move |kind| {
            let rows = self.rows.iter().map(|line| (line, format!("`{}`", line.name)));
            let sums = self.sums.iter().map(|line| (line, format!("**{}**", line.name)));
            rows.chain(sums).filter(move |(line, _)| line.kind == kind)
        })
    }
}

impl Line {
    fn cell(&self, value: fn(&Means) -> u128) -> String {
        let cells = self.settings.iter().map(|means| grouped(value(means)));
        cells.collect::<Vec<_>>().join(" / ")
    }
}

impl Means {
    fn of(total: &Figures, seeds: u64) -> Self {
        let mean = |amount: u128| rounded(amount, seeds.into());
        Self {
            bad_debt: mean(total.bad_debt),
            pool_paid: mean(total.pool_paid),
            waiting: mean(total.waiting),
            lost_to_false: mean(total.lost_to_false),
            exposed_seconds: mean(total.exposed.into()) as u64,
        }
    }
}

fn total(all: &[Figures]) -> Figures {
    all.iter().fold(Figures::default(), |sum, one| Figures {
        bad_debt: sum.bad_debt + one.bad_debt,
        pool_paid: sum.pool_paid + one.pool_paid,
        waiting: sum.waiting + one.waiting,
        lost_to_false: sum.lost_to_false + one.lost_to_false,
        exposed: sum.exposed + one.exposed,
        broken: sum.broken + one.broken,
    })
}

/// `amount / by`, to the nearest whole.
fn rounded(amount: u128, by: u128) -> u128 {
    (amount + by / 2) / by.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::rows;

    #[test]
    fn thousands_are_apart_by_commas() {
        let shown = [0, 999, 1_000, 12_345_678].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "12,345,678"]);
    }

    #[test]
    fn a_cell_is_the_mean_of_its_seeds_and_a_kinds_line_the_sum_of_its_rows() {
        let names = ["gap-45", "v-shape", "print-2m"].map(str::to_string);
        let rows = rows::named(&names).unwrap();
        let debt = |units: u128| Figures {
            bad_debt: units * WHOLE,
            ..Figures::default()
        };
        // Two settings, two seeds.
        let figures: Vec<Figures> = (1..=12).map(debt).collect();
        let table = Table::new(&rows, vec!["a".to_string(), "b".to_string()], 2, &figures);
        let bad_debt = |line: &Line| {
            line.settings
                .iter()
                .map(|means| means.bad_debt)
                .collect::<Vec<_>>()
        };
        assert_eq!(bad_debt(&table.rows[0]), [1_500_000, 3_500_000]);
        assert_eq!(bad_debt(&table.rows[2]), [9_500_000, 11_500_000]);
        // One false print is no sum.
        assert_eq!(table.sums.len(), 1);
        assert_eq!(bad_debt(&table.sums[0]), [7_000_000, 11_000_000]);
        assert!(table.markdown().contains("| `print-2m` | 10 / 12 | 0 / 0 |"));
    }
}
