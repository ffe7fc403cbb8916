//! The recorded figures in `gas.json`: read, compared within the tolerance, and
//! written anew when `BACKSTOP_RECORD_GAS` is set.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::chain::Outcome;
use crate::chain_state::Leg;

/// How far a figure may be from its record, in percent of the record.
const TOLERANCE: u64 = 3;
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/gas.json");
const RECORD: &str = "BACKSTOP_RECORD_GAS";

/// One figure in the SDK's gas, without contracts' starts, transaction and
/// events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// All of it.
    pub gas: u64,
    /// Of that, storage at the SDK's prices.
    pub storage: u64,
}

/// Figures by name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Figures(pub BTreeMap<String, Figure>);

impl Figures {
    /// Adds a message's cost in every contract that it reached.
    pub fn message(&mut self, name: impl Into<String>, outcome: &Outcome) {
        self.add(name, outcome.legs.iter());
    }

    /// Adds the cost in one contract's export alone.
    pub fn part(&mut self, name: impl Into<String>, outcome: &Outcome, code: &str, export: &str) {
        let legs = outcome.legs.iter();
        self.add(name, legs.filter(|leg| leg.code == code && leg.export == export));
    }

    fn add<'a>(&mut self, name: impl Into<String>, legs: impl Iterator<Item = &'a Leg>) {
        let sum = legs.fold((0, 0), |(gas, storage), leg| {
            (gas + leg.gas, storage + leg.storage)
        });
        let name = name.into();
        assert!(sum.0 > 0, "{name} costs nothing: nothing was measured");
        let (gas, storage) = sum;
        let twice = self.0.insert(name.clone(), Figure { gas, storage });
        assert_eq!(twice, None, "{name} is there twice");
    }

    /// The table for a reader.
    pub fn table(&self) -> String {
        let mut out = format!("{:<44} {:>9} {:>9}\n", "operation", "gas", "storage");
        for (name, figure) in &self.0 {
            let _ = writeln!(out, "{name:<44} {:>9} {:>9}", figure.gas, figure.storage);
        }
        out
    }

    /// Compares with the record, or writes it where that was asked for.
    pub fn settle(&self) {
        println!("{}", self.table());
        if std::env::var_os(RECORD).is_some() {
            let text = serde_json::to_string_pretty(self).unwrap();
            std::fs::write(FILE, text + "\n").unwrap();
            println!("recorded in {FILE}");
            return;
        }
        let text = std::fs::read_to_string(FILE).unwrap_or_else(|error| panic!("{FILE}: {error}; {HOW}"));
        let recorded: Self = serde_json::from_str(&text).unwrap();
        let moved = recorded.moved(self);
        assert!(moved.is_empty(), "gas moved:\n{}\n{HOW}", moved.join("\n"));
    }

    /// What is not as recorded, one line each.
    fn moved(&self, now: &Self) -> Vec<String> {
        let gone = self.0.keys().filter(|name| !now.0.contains_key(*name));
        let gone = gone.map(|name| format!("  {name}: recorded, no longer measured"));
        let changed = now.0.iter().filter_map(|(name, now)| {
            let Some(then) = self.0.get(name) else {
                return Some(format!("  {name}: {} gas, not recorded", now.gas));
            };
            let off = now.gas.abs_diff(then.gas) * 100 > then.gas * TOLERANCE;
            off.then(|| line(name, *then, *now))
        });
        gone.chain(changed).collect()
    }
}

const HOW: &str = "A change that is meant is recorded by BACKSTOP_RECORD_GAS=1 ./scripts/test wasm";

fn line(name: &str, then: Figure, now: Figure) -> String {
    let by = (now.gas as f64 / then.gas as f64 - 1.0) * 100.0;
    format!(
        "  {name}: from {} to {} gas ({by:+.1} %), of which storage from {} to {}",
        then.gas, now.gas, then.storage, now.storage
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(gas: u64) -> Figures {
        let figure = Figure { gas, storage: 40 };
        Figures(BTreeMap::from([("deposit".to_string(), figure)]))
    }

    #[test]
    fn three_percent_is_within_and_more_is_not_either_way() {
        for (gas, moves) in [(9_700, false), (10_300, false), (9_699, true), (10_301, true)] {
            let moved = figures(10_000).moved(&figures(gas));
            assert_eq!(!moved.is_empty(), moves, "{gas}: {moved:?}");
        }
    }

    #[test]
    fn a_moved_figure_says_from_what_to_what() {
        let moved = figures(10_000).moved(&figures(11_000));
        let expected = "  deposit: from 10000 to 11000 gas (+10.0 %), of which storage from 40 to 40";
        assert_eq!(moved, [expected]);
    }

    #[test]
    fn an_operation_that_is_new_or_gone_is_named() {
        let none = Figures::default();
        assert_eq!(none.moved(&figures(7)), ["  deposit: 7 gas, not recorded"]);
        assert_eq!(
            figures(7).moved(&none),
            ["  deposit: recorded, no longer measured"]
        );
    }
}
