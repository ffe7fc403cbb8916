//! What must hold: no operation dearer beside its peer, none that grows with
//! the number of stakers, streams or losses. Sizes are goals, and so is the one
//! ratio that the chain's fixed prices keep out of reach; it has a bound of its
//! own, so that it cannot creep either.

use super::Report;

/// Operation, at most so much of what it is set beside.
const RATIOS: [(&str, f64); 6] = [
    ("deposit, 1 denom", 0.85),
    ("deposit, 2 denoms", 0.73),
    ("unbond, 1 denom", 0.85),
    ("withdraw one ticket", 1.08),
    ("claim rewards, 1 denom", 0.60),
    ("fund", 1.00),
];

/// What is aimed at where the bound above is another: three records must be
/// changed where the peer changes one.
const GOALS: [(&str, f64); 1] = [("withdraw one ticket", 1.00)];

/// How much an operation may grow from the small size to the large one.
const GROWTH: f64 = 1.02;

/// Contract, goal in bytes after wasm-opt.
const SIZES: [(&str, u64); 3] = [
    ("backstop-vault", 450_000),
    ("reward-distributor", 330_000),
    ("oracle-breaker", 330_000),
];

/// One line of what must hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What.
    pub name: String,
    /// The figure; none if it was not measured.
    pub value: Option<f64>,
    /// What it may be.
    pub bound: f64,
    /// Whether the bench fails for it.
    pub binding: bool,
}

impl Verdict {
    /// Whether it holds.
    pub fn holds(&self) -> bool {
        self.value.is_some_and(|value| value <= self.bound)
    }

    /// Whether the bench fails for it.
    pub fn fails(&self) -> bool {
        self.binding && !self.holds()
    }
}

/// Every line, growth only where it was measured.
pub fn verdicts(report: &Report, growth: bool) -> Vec<Verdict> {
    let ratios = RATIOS.iter().map(|(name, bound)| Verdict {
        name: (*name).to_string(),
        value: report.operation(name).and_then(|operation| operation.ratio),
        bound: *bound,
        binding: true,
    });
    let grown = report.growth.iter().map(|grown| Verdict {
        name: format!("growth: {}", grown.name),
        value: Some(grown.ratio),
        bound: GROWTH,
        binding: true,
    });
    let nothing = (growth && report.growth.is_empty()).then(|| Verdict {
        name: "growth".to_string(),
        value: None,
        bound: GROWTH,
        binding: true,
    });
    let goals = GOALS.iter().map(|(name, goal)| Verdict {
        name: format!("goal: {name}"),
        value: report.operation(name).and_then(|operation| operation.ratio),
        bound: *goal,
        binding: false,
    });
    let sizes = SIZES.iter().map(|(name, goal)| Verdict {
        name: format!("size: {name}"),
        value: report.sizes.get(*name).map(|bytes| *bytes as f64),
        bound: *goal as f64,
        binding: false,
    });
    ratios
        .chain(grown)
        .chain(nothing)
        .chain(goals)
        .chain(sizes)
        .collect()
}

/// The lines as text.
pub fn lines(verdicts: &[Verdict]) -> String {
    verdicts.iter().map(line).collect()
}

fn line(verdict: &Verdict) -> String {
    let word = match (verdict.holds(), verdict.binding) {
        (true, _) => "holds   ",
        (false, true) => "FAILS   ",
        (false, false) => "over    ",
    };
    let value = verdict.value.map_or("not measured".to_string(), figure);
    format!(
        "{word} {:<34} {value:>12}  at most {}\n",
        verdict.name,
        figure(verdict.bound)
    )
}

fn figure(value: f64) -> String {
    if value > 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.3}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::chain::Split;
    use crate::figures::{Growth, Operation};

    fn report(gas: u64, large: u64) -> Report {
        let operations = RATIOS.iter().map(|(name, _)| {
            let mut operation = Operation {
                name: (*name).to_string(),
                gas,
                fixed_gas: 0,
                peer: None,
                peer_gas: None,
                ratio: None,
                split: Split::default(),
            };
            operation.set_beside("peer", 1_000);
            operation
        });
        Report {
            operations: operations.collect(),
            growth: vec![Growth::new("deposit", 1_000, large)],
            sizes: BTreeMap::from([("backstop-vault".to_string(), 1_000_000)]),
        }
    }

    fn failing(report: &Report) -> Vec<String> {
        let verdicts = verdicts(report, true);
        verdicts
            .into_iter()
            .filter(Verdict::fails)
            .map(|v| v.name)
            .collect()
    }

    #[test]
    fn a_figure_at_its_bound_holds_and_one_above_fails_by_name() {
        assert!(failing(&report(600, 1_020)).is_empty());
        assert_eq!(failing(&report(601, 1_020)), ["claim rewards, 1 denom"]);
        assert_eq!(failing(&report(600, 1_021)), ["growth: deposit"]);
    }

    #[test]
    fn what_was_not_measured_fails() {
        let mut report = report(600, 1_000);
        report.operations.clear();
        report.growth.clear();
        assert_eq!(failing(&report).len(), RATIOS.len() + 1);
    }

    #[test]
    fn a_goal_that_is_not_reached_is_said_and_its_bound_still_fails() {
        let mut report = report(600, 1_000);
        let withdraw = report
            .operations
            .iter_mut()
            .find(|o| o.name == "withdraw one ticket");
        let withdraw = withdraw.unwrap();
        withdraw.gas = 1_071;
        withdraw.set_beside("peer", 1_000);
        assert!(failing(&report).is_empty());
        assert!(lines(&verdicts(&report, true)).contains("over     goal: withdraw one ticket"));
        let withdraw = report
            .operations
            .iter_mut()
            .find(|o| o.name == "withdraw one ticket");
        let withdraw = withdraw.unwrap();
        withdraw.gas = 1_081;
        withdraw.set_beside("peer", 1_000);
        assert_eq!(failing(&report), ["withdraw one ticket"]);
    }

    #[test]
    fn a_size_over_its_goal_is_said_and_does_not_fail() {
        let verdicts = verdicts(&report(600, 1_000), true);
        let vault = verdicts
            .iter()
            .find(|v| v.name == "size: backstop-vault")
            .unwrap();
        assert!(!vault.holds() && !vault.fails());
        assert!(lines(&verdicts).contains("over     size: backstop-vault"));
    }
}
