//! The rows of a backtest: crashes, false prints, and the shipped scenarios.

use std::path::Path;

use backstop_replay::scenario;
use serde::Serialize;

use super::market::{Case, Story};
use super::stories;
use crate::error::BadInput;
use crate::shipped::{SHIPPED, Shipped};

/// Of which kind a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The price is true.
    Crash,
    /// Some or all sources say what is not.
    FalsePrint,
    /// A shipped scenario.
    Shipped,
}

impl Kind {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 3] = [Self::Crash, Self::FalsePrint, Self::Shipped];

    /// All rows of a kind, in words.
    pub fn together(self) -> &'static str {
        match self {
            Self::Crash => "true crashes, together",
            Self::FalsePrint => "false prints, together",
            Self::Shipped => "shipped scenarios, together",
        }
    }
}

/// One row.
#[derive(Clone)]
pub struct Row {
    /// Its name, as in `--row`.
    pub name: &'static str,
    /// Of which kind.
    pub kind: Kind,
    origin: Origin,
}

#[derive(Clone)]
enum Origin {
    Story(Story),
    Shipped(Shipped),
}

/// All rows, in the order of the table.
pub fn all() -> Vec<Row> {
    let told = |story: Story, kind| Row {
        name: story.name,
        kind,
        origin: Origin::Story(story),
    };
    let crashes = stories::crashes()
        .into_iter()
        .map(|story| told(story, Kind::Crash));
    let prints = stories::false_prints()
        .into_iter()
        .map(|story| told(story, Kind::FalsePrint));
    let shipped = SHIPPED.map(|shipped| Row {
        name: shipped.name,
        kind: Kind::Shipped,
        origin: Origin::Shipped(shipped),
    });
    crashes.chain(prints).chain(shipped).collect()
}

/// The rows of these names, in the order of the table; all without any.
pub fn named(names: &[String]) -> Result<Vec<Row>, BadInput> {
    let mut rows = all();
    if let Some(unknown) = names
        .iter()
        .find(|name| rows.iter().all(|row| row.name != **name))
    {
        let known: Vec<&str> = rows.iter().map(|row| row.name).collect();
        return Err(BadInput::Argument {
            argument: "--row".to_string(),
            value: unknown.clone(),
            bound: format!("one of {}", known.join(", ")),
            next: "give one of these names, or no --row for all of them".to_string(),
        });
    }
    rows.retain(|row| names.is_empty() || names.iter().any(|name| name == row.name));
    Ok(rows)
}

impl Row {
    /// The row's scenario under a seed, and the true price.
    pub fn case(&self, seed: u64) -> Result<Case, BadInput> {
        let path = Path::new(self.name);
        match &self.origin {
            Origin::Story(story) => {
                let case = story.told(seed);
                scenario::check(path, &case.scenario)?;
                Ok(case)
            }
            Origin::Shipped(shipped) => Ok(Case {
                scenario: shipped.scenario()?,
                truth: None,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_name_of_its_own_and_a_scenario_that_is_in_order() {
        let rows = all();
        for (i, row) in rows.iter().enumerate() {
            assert!(
                rows[..i].iter().all(|other| other.name != row.name),
                "{}",
                row.name
            );
            for seed in [1, 7] {
                let case = row.case(seed).unwrap();
                assert_eq!(case.scenario.name, row.name);
                assert_eq!(case.truth.is_some(), row.kind != Kind::Shipped);
                assert!(case.scenario.sources.iter().all(|source| source.csv.is_none()));
            }
        }
    }
}
