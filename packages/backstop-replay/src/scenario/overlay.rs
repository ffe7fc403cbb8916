//! A table of a contract's parameters laid over their defaults. The table's
//! keys are the contract's own, so every parameter can be set, none is named
//! twice in this project, and a misspelt one is an error.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::ReplayError;

/// `defaults` with what `table` says in its place. Integers become strings
/// where the contract writes its amounts and decimals so.
pub fn overlay<T: Serialize + DeserializeOwned>(
    path: &Path,
    name: &str,
    defaults: &T,
    table: &toml::Table,
) -> Result<T, ReplayError> {
    let mut value = serde_json::to_value(defaults)
        .map_err(|error| ReplayError::field(path, name, "its defaults", format!("readable: {error}")))?;
    if let Value::Object(fields) = &mut value {
        lay_table(path, name, fields, table)?;
    }
    serde_json::from_value(value).map_err(|error| {
        let written = table.to_string().trim().replace('\n', ", ");
        ReplayError::field(
            path,
            name,
            format!("{{ {written} }}"),
            format!("what the contract reads: {error}"),
        )
    })
}

fn lay_table(
    path: &Path,
    name: &str,
    fields: &mut Map<String, Value>,
    table: &toml::Table,
) -> Result<(), ReplayError> {
    for (key, new) in table {
        let field = format!("{name}.{key}");
        let known = fields.keys().cloned().collect::<Vec<_>>().join(", ");
        let Some(old) = fields.get_mut(key) else {
            return Err(ReplayError::field(path, field, new, format!("one of: {known}")));
        };
        match (old, new) {
            (Value::Object(inner), toml::Value::Table(table)) => lay_table(path, &field, inner, table)?,
            (old, new) => *old = json(path, &field, old, new)?,
        }
    }
    Ok(())
}

fn json(path: &Path, field: &str, old: &Value, new: &toml::Value) -> Result<Value, ReplayError> {
    Ok(match new {
        toml::Value::Integer(number) if old.is_string() => Value::String(number.to_string()),
        toml::Value::Integer(number) => Value::from(*number),
        // TOML has no null; a parameter that can be absent is "none".
        toml::Value::String(text) if text == "none" => Value::Null,
        toml::Value::String(text) => Value::String(text.clone()),
        toml::Value::Boolean(flag) => Value::Bool(*flag),
        toml::Value::Array(items) => {
            let items = items.iter().map(|item| json(path, field, &Value::Null, item));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        toml::Value::Table(table) => {
            let items = table
                .iter()
                .map(|(key, item)| Ok((key.clone(), json(path, field, &Value::Null, item)?)));
            Value::Object(items.collect::<Result<_, ReplayError>>()?)
        }
        toml::Value::Float(_) | toml::Value::Datetime(_) => {
            let bound = "an integer, a boolean, or a decimal in quotes";
            return Err(ReplayError::field(path, field, new, bound));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::vault::PolicyTerms;
    use backstop_types::{Assets, Seconds};

    fn terms() -> PolicyTerms {
        PolicyTerms {
            limit: Assets::new(10),
            deductible: Assets::ZERO,
            instant: Assets::ZERO,
            minimum: Assets::ONE,
            delay: Seconds(3_600),
            priced: true,
            premium: None,
        }
    }

    fn lay(text: &str) -> Result<PolicyTerms, ReplayError> {
        overlay(Path::new("a.toml"), "policy", &terms(), &text.parse().unwrap())
    }

    #[test]
    fn what_is_absent_keeps_its_default() {
        let laid = lay("limit = 5_000\ndelay = 7200\npriced = false").unwrap();
        let expected = PolicyTerms {
            limit: Assets::new(5_000),
            delay: Seconds(7_200),
            priced: false,
            ..terms()
        };
        assert_eq!(laid, expected);
    }

    #[test]
    fn a_misspelt_parameter_is_refused_with_the_known_ones() {
        let refused = lay("limits = 5").unwrap_err().to_string();
        assert!(refused.contains("policy.limits is 5"), "{refused}");
        assert!(refused.contains("one of: "), "{refused}");
        assert!(refused.contains("deductible"), "{refused}");
    }

    #[test]
    fn a_float_is_refused() {
        let refused = lay("limit = 5.5").unwrap_err().to_string();
        assert!(refused.contains("policy.limit is 5.5"), "{refused}");
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_refused() {
        assert!(lay("priced = \"maybe\"").is_err());
        assert!(lay("delay = -1").is_err());
    }
}
