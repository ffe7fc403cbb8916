//! One parameter for a scenario in place of its own, as `policy.limit=+50%` says it: a
//! value, or a part more or less than what it is.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use cosmwasm_std::{Decimal, Uint128, Uint256};
use serde::Serialize;
use serde_json::Value;

use crate::error::ReplayError;
use crate::record::Tuned;
use crate::scenario::tables::Scenario;

/// The tables that have parameters.
const TABLES: [&str; 4] = ["vault", "policy", "breaker", "perps"];

/// A whole of a hundred percent, in the units of a [`Decimal`] of percent.
const HUNDRED: Uint128 = Uint128::new(100_000_000_000_000_000_000);

/// A parameter and what it becomes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    table: &'static str,
    /// Its name in the table, and the names inside of it where it is a table itself.
    keys: Vec<String>,
    to: To,
    /// As it was written.
    text: String,
}

/// What a parameter becomes.
#[derive(Debug, Clone, PartialEq)]
enum To {
    /// This.
    Value(toml::Value),
    /// So many percent more than it is.
    More(Decimal),
    /// So many percent less.
    Less(Decimal),
}

impl FromStr for Change {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| {
            format!(
                "{text:?} {why}: write TABLE.PARAMETER=VALUE, such as policy.limit=+50% or breaker.max_jump=3000"
            )
        };
        let (name, value) = text.split_once('=').ok_or_else(|| wrong("has no ="))?;
        let (table, keys) = name
            .split_once('.')
            .ok_or_else(|| wrong("names no table's parameter"))?;
        let table = TABLES
            .into_iter()
            .find(|known| *known == table.trim())
            .ok_or_else(|| wrong("names none of the tables vault, policy, breaker and perps"))?;
        let keys: Vec<String> = keys.split('.').map(|key| key.trim().to_string()).collect();
        if keys.iter().any(String::is_empty) {
            return Err(wrong("names no parameter"));
        }
        let to = to(value.trim()).ok_or_else(|| wrong("has no value, or a sign without a percent"))?;
        Ok(Self {
            table,
            keys,
            to,
            text: text.trim().to_string(),
        })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A part more or less; else a value as a scenario has it, where text and decimals
/// need no quotes.
fn to(text: &str) -> Option<To> {
    let percent = |sign: char| -> Option<Decimal> {
        let digits = text.strip_prefix(sign)?.strip_suffix('%')?;
        digits.trim().parse().ok()
    };
    if let Some(more) = percent('+') {
        return Some(To::More(more));
    }
    if let Some(less) = percent('-') {
        return Some(To::Less(less));
    }
    // TOML takes +500 for 500, and whoever writes a sign means a difference.
    if text.starts_with('+') {
        return None;
    }
    let table = format!("value = {text}").parse::<toml::Table>();
    let value = table.ok().and_then(|mut table| table.remove("value"));
    match value {
        Some(toml::Value::Float(_) | toml::Value::Datetime(_)) | None if text.is_empty() => None,
        Some(toml::Value::Float(_) | toml::Value::Datetime(_)) | None => {
            Some(To::Value(toml::Value::String(text.to_string())))
        }
        Some(value) => Some(To::Value(value)),
    }
}

impl Change {
    /// The parameter with its table.
    pub fn field(&self) -> String {
        format!("{}.{}", self.table, self.keys.join("."))
    }

    /// Changes the parameter in `scenario`, in which it is what `now` says. Errors name
    /// `path` as the place where the change is written.
    pub fn lay_over(&self, path: &Path, scenario: &mut Scenario, now: &Tuned) -> Result<(), ReplayError> {
        let value = match &self.to {
            To::Value(value) => value.clone(),
            To::More(percent) => self.by(path, now, HUNDRED.checked_add(percent.atomics()).ok())?,
            To::Less(percent) => self.by(path, now, HUNDRED.checked_sub(percent.atomics()).ok())?,
        };
        let table = match self.table {
            "vault" => &mut scenario.vault,
            "policy" => &mut scenario.policy,
            "breaker" => &mut scenario.breaker,
            _ => &mut scenario.perps,
        };
        insert(table, &self.keys, value);
        Ok(())
    }

    /// What the parameter is, times a factor in the units of [`HUNDRED`], rounded down.
    fn by(&self, path: &Path, now: &Tuned, factor: Option<Uint128>) -> Result<toml::Value, ReplayError> {
        let field = self.field();
        let refused = |value: &dyn fmt::Display, bound: &str| ReplayError::field(path, &field, value, bound);
        let change = self.text.split_once('=').map_or("", |(_, change)| change);
        let factor =
            factor.ok_or_else(|| refused(&change, "from -100% up: what is left of it is not negative"))?;
        let value = self.now(path, now)?;
        let scaled = |amount: Uint128| {
            let scaled = amount.full_mul(factor).checked_div(Uint256::from(HUNDRED)).ok()?;
            Uint128::try_from(scaled).ok()
        };
        let too_large = || refused(&change, "a change to what a number can hold");
        let whole = |amount: u128| scaled(Uint128::new(amount)).ok_or_else(too_large);
        match &value {
            Value::Number(number) if number.is_u64() => {
                let new = whole(number.as_u64().unwrap_or_default().into())?;
                i64::try_from(new.u128())
                    .map(toml::Value::Integer)
                    .map_err(|_| too_large())
            }
            Value::String(text) => {
                if let Ok(amount) = text.parse::<u128>() {
                    return Ok(toml::Value::String(whole(amount)?.to_string()));
                }
                let decimal: Decimal = text
                    .parse()
                    .map_err(|_| refused(text, "a number, to be changed by percent"))?;
                let new = scaled(decimal.atomics()).ok_or_else(too_large)?;
                Ok(toml::Value::String(Decimal::new(new).to_string()))
            }
            other => {
                let other = if other.is_null() {
                    "none".to_string()
                } else {
                    other.to_string()
                };
                Err(refused(&other, "a number, to be changed by percent"))
            }
        }
    }

    /// What the parameter is.
    fn now(&self, path: &Path, now: &Tuned) -> Result<Value, ReplayError> {
        if self.field() == "vault.window" {
            return Ok(Value::from(now.window.0));
        }
        let mut found = match self.table {
            "vault" => value(&now.vault),
            "policy" => value(&now.policy),
            "breaker" => value(&now.breaker),
            _ => value(&now.perps),
        };
        for (depth, key) in self.keys.iter().enumerate() {
            let inside = found.get_mut(key).map(Value::take);
            found = inside.ok_or_else(|| {
                let known: Vec<&str> = found
                    .as_object()
                    .map(|fields| fields.keys().map(String::as_str).collect())
                    .unwrap_or_default();
                let field = format!("{}.{}", self.table, self.keys[..=depth].join("."));
                let bound = format!("one of: {}", known.join(", "));
                ReplayError::field(path, "the parameter", field, bound)
            })?;
        }
        Ok(found)
    }
}

fn value(parameters: &impl Serialize) -> Value {
    serde_json::to_value(parameters).unwrap_or_default()
}

/// Puts a value where the keys lead, through tables that are made where there are none.
fn insert(table: &mut toml::Table, keys: &[String], value: toml::Value) {
    let Some((first, rest)) = keys.split_first() else {
        return;
    };
    if rest.is_empty() {
        table.insert(first.clone(), value);
        return;
    }
    let inner = table
        .entry(first.clone())
        .or_insert_with(|| toml::Value::Table(toml::Table::new()));
    if !inner.is_table() {
        *inner = toml::Value::Table(toml::Table::new());
    }
    if let toml::Value::Table(inner) = inner {
        insert(inner, rest, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    const SMALL: &str = r#"
name = "small"
title = "Nothing happens"
[time]
start = 2026-01-01T00:00:00Z
end = 2026-01-01T01:00:00Z
[market]
name = "ATOM/USD"
[[source]]
name = "a"
kind = "pyth"
lineage = "a"
points = [{ at = 2026-01-01T00:00:00Z, price = "10" }]
[[source]]
name = "b"
kind = "reporter"
lineage = "b"
points_of = "a"
[policy]
limit = 60_000_000_001
[vault]
pool_fraction = "0.3"
[breaker]
max_halt = "none"
"#;

    /// The parameters of the small scenario after these changes.
    fn changed(texts: &[&str]) -> Result<Tuned, ReplayError> {
        let path = Path::new("--set");
        let mut scenario = parse(Path::new("small.toml"), SMALL).unwrap();
        let now = crate::tuned(path, &scenario).unwrap();
        for text in texts {
            let change: Change = text.parse().unwrap();
            change.lay_over(path, &mut scenario, &now)?;
        }
        crate::tuned(path, &scenario)
    }

    #[test]
    fn a_value_replaces_what_there_was() {
        let set = [
            "breaker.max_jump=3_000",
            "policy.priced=false",
            "vault.pool_fraction=0.25",
        ];
        let tuned = changed(&set).unwrap();
        assert_eq!(tuned.breaker.max_jump.0, 3_000);
        assert!(!tuned.policy.priced);
        assert_eq!(tuned.vault.pool_fraction, Decimal::percent(25));
        let halt = changed(&["breaker.max_halt=300"]).unwrap().breaker.max_halt;
        assert_eq!(halt.map(|halt| halt.0), Some(300));
        let amount = changed(&["policy.limit=99999999999999999999"])
            .unwrap()
            .policy
            .limit;
        assert_eq!(amount.u128(), 99_999_999_999_999_999_999);
        assert_eq!(changed(&["vault.window=86400"]).unwrap().window.0, 86_400);
    }

    #[test]
    fn a_part_more_or_less_is_of_what_there_was_and_rounded_down() {
        for (text, limit) in [
            ("policy.limit=+50%", 90_000_000_001),
            ("policy.limit=-50%", 30_000_000_000),
            ("policy.limit=+0.5%", 60_300_000_001),
            ("policy.limit=-100%", 0),
        ] {
            assert_eq!(changed(&[text]).unwrap().policy.limit.u128(), limit, "{text}");
        }
        let fraction = changed(&["vault.pool_fraction=+10%"])
            .unwrap()
            .vault
            .pool_fraction;
        assert_eq!(fraction, Decimal::percent(33));
        let window = |tuned: Tuned| tuned.window.0;
        let before = window(changed(&[]).unwrap());
        assert_eq!(window(changed(&["vault.window=-50%"]).unwrap()), before / 2);
    }

    #[test]
    fn a_parameter_in_a_table_of_its_own_is_changed_and_its_neighbours_stay() {
        let before = changed(&[]).unwrap().vault.premium;
        let after = changed(&["vault.premium.base=+100%"]).unwrap().vault.premium;
        assert_eq!(after.base.0, 2 * before.base.0);
        assert_eq!(after.kink, before.kink);
    }

    #[test]
    fn what_cannot_be_changed_is_refused_with_field_value_and_bound() {
        let refused = |text: &str| changed(&[text]).unwrap_err().to_string();
        for (text, parts) in [
            ("policy.limits=+50%", ["policy.limits", "one of: "]),
            ("policy.limits=5", ["policy.limits is 5", "one of: "]),
            ("policy.limit=-101%", ["policy.limit is -101%", "from -100% up"]),
            ("policy.priced=+1%", ["policy.priced is true", "a number"]),
            ("breaker.max_halt=+1%", ["breaker.max_halt is none", "a number"]),
        ] {
            let told = refused(text);
            assert!(parts.iter().all(|part| told.contains(part)), "{told}");
        }
    }

    #[test]
    fn what_is_no_change_is_refused_with_an_example() {
        for wrong in [
            "",
            "limit=5",
            "policy.limit",
            "policy.=5",
            "traders.count=5",
            "policy.limit=",
        ] {
            let told = wrong.parse::<Change>().unwrap_err();
            assert!(told.contains("policy.limit=+50%"), "{told}");
        }
    }
}
