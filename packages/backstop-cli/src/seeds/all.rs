//! Several scenarios under many seeds in one table: a line for each scenario and setting.

use backstop_replay::record::signed;
use cosmwasm_std::HexBinary;
use sha2::{Digest, Sha256};

use super::figure::FIGURES;
use super::yields::Expected;
use super::{Draws, Outcome};
use crate::report::unit::Unit;
use crate::report::words::{grouped, percent};

/// The figures that have a column.
const COLUMNS: [&str; 5] = ["stayer_loss", "pool_paid", "winners_bore", "unseen", "trips"];

/// So many seeds are in the table's digest.
const FIRST: usize = 2;

/// For a terminal.
pub fn text(outcomes: &[Outcome]) -> String {
    let grid = grid(outcomes);
    let width = |column: usize| grid.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..COLUMNS.len() + 3).filter_map(width).collect();
    let mut text = heading(outcomes) + "\n\n";
    for row in &grid {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(place, (cell, width))| match place {
            0 | 1 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}

/// As a table of Markdown, and in a comment what shows with fewer seeds that it has
/// grown old.
pub fn markdown(outcomes: &[Outcome]) -> String {
    let mut text = heading(outcomes) + "\n\n";
    for (place, row) in grid(outcomes).iter().enumerate() {
        text += &format!("| {} |\n", row.join(" | "));
        if place == 0 {
            text += &format!("| --- | --- |{}\n", " --: |".repeat(COLUMNS.len() + 1));
        }
    }
    text + &format!("\n<!-- the first {FIRST} seeds: {} -->\n", digest(outcomes))
}

/// The hash of what the first seeds did and came to, in every scenario and setting.
fn digest(outcomes: &[Outcome]) -> String {
    let settings = outcomes.iter().flat_map(|outcome| &outcome.settings);
    let mut hash = Sha256::new();
    for draw in settings.flat_map(|setting| setting.draws.iter().take(FIRST)) {
        hash.update(&draw.trace_sha256);
        draw.values
            .iter()
            .for_each(|value| hash.update(value.to_be_bytes()));
    }
    HexBinary::from(<[u8; 32]>::from(hash.finalize())).to_hex()
}

fn heading(outcomes: &[Outcome]) -> String {
    let seeds = outcomes.first().map_or(0, |outcome| outcome.seeds.len());
    format!(
        "Medians over {seeds} seeds, with the least and the most, in whole units; the break-even premium, also as a part of the limit, meets the mean loss."
    )
}

fn grid(outcomes: &[Outcome]) -> Vec<Vec<String>> {
    let named = |key: &&str| FIGURES.iter().position(|figure| figure.key == *key);
    let places: Vec<usize> = COLUMNS.iter().filter_map(named).collect();
    let mut head = vec!["scenario".to_string(), "setting".to_string()];
    head.extend(places.iter().map(|place| FIGURES[*place].name.to_string()));
    head.push("break-even premium a year".to_string());
    let mut grid = vec![head];
    for outcome in outcomes {
        for setting in &outcome.settings {
            let tested = match setting.untested().is_empty() {
                true => setting.setting.to_string(),
                false => format!("{}: NOTHING TESTED", setting.setting),
            };
            let mut row = vec![outcome.about.scenario.clone(), tested];
            row.extend(places.iter().map(|place| cell(outcome, setting, *place)));
            row.push(break_even(outcome, setting));
            grid.push(row);
        }
    }
    grid
}

/// The premium that meets the mean loss, and the same of the limit.
fn break_even(outcome: &Outcome, setting: &Draws) -> String {
    let Some(expected) = Expected::of(setting) else {
        return "–".to_string();
    };
    let premium = short(Unit::Amount, signed(expected.premium), outcome.about.decimals);
    match expected.rate {
        Some(rate) => format!("{premium} ({})", percent(rate, 2)),
        None => premium,
    }
}

/// The median, and the ends where they are others.
fn cell(outcome: &Outcome, setting: &Draws, place: usize) -> String {
    let spread = outcome.spread(setting, place);
    let show = |value| short(FIGURES[place].unit, value, outcome.about.decimals);
    match spread.is_one() {
        true => show(spread.median),
        false => format!(
            "{} ({} to {})",
            show(spread.median),
            show(spread.least),
            show(spread.most)
        ),
    }
}

/// Amounts to the nearest whole unit.
fn short(unit: Unit, value: i128, decimals: u32) -> String {
    if unit != Unit::Amount {
        return unit.show(value, decimals);
    }
    let one = 10_u128.checked_pow(decimals).unwrap_or(u128::MAX);
    let sign = if value < 0 { "−" } else { "" };
    format!("{sign}{}", grouped((value.unsigned_abs() + one / 2) / one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_a_figure_and_amounts_are_whole() {
        for key in COLUMNS {
            assert!(FIGURES.iter().any(|figure| figure.key == key), "{key}");
        }
        assert_eq!(short(Unit::Amount, 1_234_500_000, 6), "1,235");
        assert_eq!(short(Unit::Share, 100_200_000, 6), "10.02 %");
    }
}
