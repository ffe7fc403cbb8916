//! The parameters that a replay ran under, each with its unit.

use backstop_replay::record::Tuned;
use serde::{Serialize, Serializer};
use serde_json::Value;

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// The scenario's table: `vault`, `policy`, `breaker` or `perps`.
    pub table: String,
    /// Its name there.
    pub name: String,
    /// Its value, as the contracts' messages have it.
    #[serde(serialize_with = "as_text")]
    pub value: Value,
    /// What it counts.
    pub unit: String,
}

/// What each parameter counts.
const UNITS: [(&str, &[&str]); 11] = [
    (
        "seconds",
        &[
            "window",
            "unbonding_period",
            "notice",
            "delay",
            "max_age",
            "max_future",
            "guard_cooldown",
            "min_stay",
            "gather_time",
            "cooldown",
            "recovery_spacing",
            "drift_window",
            "max_halt",
            "max_unread",
            "latch_window",
            "order_delay",
        ],
    ),
    (
        "base units of the asset",
        &[
            "limit",
            "deductible",
            "instant",
            "minimum",
            "depth",
            "max_open_interest",
            "min_notional",
            "order_fee",
            "bounty",
        ],
    ),
    (
        "bps",
        &[
            "max_confidence",
            "max_outlier",
            "max_disagreement",
            "max_jump",
            "frozen_move",
            "max_growth",
            "max_drift",
            "max_leap",
            "guard_threshold",
            "recovery_tightness",
            "initial_margin",
            "maintenance_margin",
            "open_fee",
            "insurance_share",
            "keeper_fee",
            "insurance_fee",
            "base_slippage",
            "impact",
            "max_slippage",
            "max_utilization",
            "premium.kink",
            "treasury_part",
            "premium",
        ],
    ),
    (
        "bps of the limit a year",
        &["premium.base", "premium.at_kink", "premium.most"],
    ),
    ("bps an hour", &["jump_growth"]),
    ("bps a minute", &["reference_slew"]),
    ("of the assets a window", &["pool_fraction"]),
    ("milliseconds", &["block_time_ms"]),
    ("price", &["min_price", "max_price"]),
    ("gas", &["hook_gas", "poke_gas"]),
    (
        "",
        &[
            "min_ticket",
            "max_tickets",
            "priced",
            "min_lineages",
            "recovery_readings",
            "frozen_ticks",
            "shared_ticks",
            "confirm_lineages",
            "confirm_readings",
            "latch_trips",
            "actions.open",
            "actions.reduce",
            "actions.liquidate",
            "actions.deleverage",
            "actions.payout",
            "max_positions",
            "adl_cap",
            "gather_count",
        ],
    ),
];

/// A replay has its own breaker and no guardian, so these are no parameters.
const NOT_TUNED: [&str; 2] = ["breaker", "guardian"];

/// All of them, table by table.
pub fn list(tuned: &Tuned) -> Vec<Parameter> {
    let mut list = vec![parameter("vault", "window", &Value::from(tuned.window.0))];
    if let Ok(Value::Object(tables)) = serde_json::to_value(tuned) {
        for table in ["vault", "policy", "breaker", "perps"] {
            let rows = tables.get(table).and_then(Value::as_object).into_iter().flatten();
            let tuned = rows.filter(|(name, value)| {
                !(table == "vault" && (NOT_TUNED.contains(&name.as_str()) || value.is_null()))
            });
            list.extend(tuned.flat_map(|(name, value)| parameters(table, name, value)));
        }
    }
    list
}

/// One row, or one for each field of a group.
fn parameters(table: &str, name: &str, value: &Value) -> Vec<Parameter> {
    match value {
        Value::Object(group) => {
            let row = |(field, value): (&String, &Value)| parameter(table, &format!("{name}.{field}"), value);
            group.iter().map(row).collect()
        }
        value => vec![parameter(table, name, value)],
    }
}

fn parameter(table: &str, name: &str, value: &Value) -> Parameter {
    Parameter {
        table: table.to_string(),
        name: name.to_string(),
        value: value.clone(),
        unit: unit(name).unwrap_or_default().to_string(),
    }
}

/// A value as text, for programs.
pub fn text(value: &Value) -> String {
    match value {
        Value::Null => "none".to_string(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn as_text<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(value))
}

fn unit(name: &str) -> Option<&'static str> {
    UNITS
        .iter()
        .find(|(_, names)| names.contains(&name))
        .map(|(unit, _)| *unit)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use backstop_testing::{DEFAULT_WINDOW, default_params, default_terms};
    use backstop_types::Bps;
    use backstop_types::breaker::MarketParams;
    use backstop_types::vault::PolicyTerms;

    #[test]
    fn every_parameter_of_every_contract_is_listed_once_with_a_known_unit() {
        let tuned = Tuned {
            window: DEFAULT_WINDOW,
            vault: default_params(),
            policy: PolicyTerms {
                premium: Some(Bps::ONE),
                ..default_terms()
            },
            breaker: MarketParams::default(),
            perps: Default::default(),
        };
        let list = list(&tuned);
        for parameter in &list {
            assert!(unit(&parameter.name).is_some(), "{parameter:?}");
            let same =
                |other: &&Parameter| (&other.table, &other.name) == (&parameter.table, &parameter.name);
            assert_eq!(list.iter().filter(same).count(), 1, "{parameter:?}");
        }
        let known: usize = UNITS.iter().map(|(_, names)| names.len()).sum();
        let names: BTreeSet<&str> = list.iter().map(|parameter| parameter.name.as_str()).collect();
        assert_eq!(names.len(), known, "a unit without its parameter");
        let limit = list.iter().find(|parameter| parameter.name == "limit").unwrap();
        assert_eq!(
            (limit.table.as_str(), text(&limit.value).as_str()),
            ("policy", "100000000000")
        );
    }
}
