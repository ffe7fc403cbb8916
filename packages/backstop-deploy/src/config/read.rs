//! From TOML to the contracts' own types: TOML has no null, so what can be absent
//! is "none"; what a contract has a default for may be left out.

use backstop_types::breaker::MarketParams;
use serde::Serialize;
use serde_json::{Map, Value};

use super::Config;
use crate::error::{Error, Result};

pub(super) fn config(text: &str) -> Result<Config> {
    let table: toml::Table = text.parse().map_err(|error| Error::Toml(Box::new(error)))?;
    let mut fields = Map::new();
    for (key, value) in table {
        let read = json(&key, value)?;
        fields.insert(key, read);
    }
    fill(&mut fields)?;
    let value = Value::Object(fields);
    serde_path_to_error::deserialize(&value).map_err(|error| {
        let path = error.path().to_string();
        let found = at(&value, &path).map_or("left out or misspelt".to_string(), Value::to_string);
        // A market's name and config are one table in the file.
        Error::field(
            path.replace("].config", "]"),
            found,
            format!("what the contract reads: {}", error.inner()),
        )
    })
}

fn json(path: &str, value: toml::Value) -> Result<Value> {
    Ok(match value {
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::String(text) if text == "none" => Value::Null,
        toml::Value::String(text) => Value::String(text),
        toml::Value::Boolean(flag) => Value::Bool(flag),
        toml::Value::Array(items) => {
            let items = items
                .into_iter()
                .enumerate()
                .map(|(place, item)| json(&format!("{path}[{place}]"), item));
            Value::Array(items.collect::<Result<_>>()?)
        }
        toml::Value::Table(table) => {
            let items = table
                .into_iter()
                .map(|(key, item)| Ok((key.clone(), json(&format!("{path}.{key}"), item)?)));
            Value::Object(items.collect::<Result<_>>()?)
        }
        toml::Value::Float(_) | toml::Value::Datetime(_) => {
            return Err(Error::field(
                path,
                value,
                "a whole number, a boolean, or a decimal in quotes",
            ));
        }
    })
}

/// Puts in what may be left out, and takes markets apart into name and config.
fn fill(fields: &mut Map<String, Value>) -> Result<()> {
    if let Some(Value::Object(vault)) = fields.get_mut("vault") {
        for (key, instead) in [
            ("breaker", "the one that is deployed"),
            ("guardian", "the field guardian at the top"),
        ] {
            if let Some(value) = vault.get(key) {
                return Err(Error::field(
                    format!("vault.{key}"),
                    value,
                    format!("left out: it is {instead}"),
                ));
            }
        }
        vault.insert("breaker".to_string(), Value::from(""));
        vault.insert("guardian".to_string(), Value::Null);
        vault.entry("treasury").or_insert(Value::Null);
    }
    if let Some(Value::Array(markets)) = fields.get_mut("markets") {
        for market in markets.iter_mut().filter_map(Value::as_object_mut) {
            lay_over(market, &MarketParams::default())?;
            let name = market.remove("market");
            let config = Value::Object(std::mem::take(market));
            market.extend(name.map(|name| ("market".to_string(), name)));
            market.insert("config".to_string(), config);
        }
    }
    if let Some(Value::Object(exchange)) = fields.get_mut("exchange") {
        lay_over(exchange, &sample_perps::params::Params::default())?;
    }
    Ok(())
}

/// The table `params` laid over the defaults.
fn lay_over(table: &mut Map<String, Value>, defaults: &impl Serialize) -> Result<()> {
    let unreadable = |error: serde_json::Error| Error::field("params", "its defaults", error.to_string());
    let mut whole = serde_json::to_value(defaults).map_err(unreadable)?;
    match table.remove("params") {
        Some(Value::Object(said)) => lay(&mut whole, said),
        Some(other) => whole = other,
        None => {}
    }
    table.insert("params".to_string(), whole);
    Ok(())
}

fn lay(whole: &mut Value, said: Map<String, Value>) {
    let Value::Object(fields) = whole else {
        *whole = Value::Object(said);
        return;
    };
    for (key, value) in said {
        match (fields.get_mut(&key), value) {
            (Some(inner @ Value::Object(_)), Value::Object(said)) => lay(inner, said),
            (_, value) => drop(fields.insert(key, value)),
        }
    }
}

/// The value at a path such as `markets[0].config.params.max_age`.
fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let parts = path.split(['.', '[']).map(|part| part.trim_end_matches(']'));
    parts
        .filter(|part| !part.is_empty())
        .try_fold(value, |value, part| match value {
            Value::Array(items) => items.get(part.parse::<usize>().ok()?),
            other => other.get(part),
        })
}
