//! One parameter of the breaker, as `--with` takes it.

use std::fmt;
use std::str::FromStr;

/// A parameter and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value, as a scenario would have it.
    pub value: toml::Value,
}

impl FromStr for Parameter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no PARAMETER=VALUE, such as confirm_readings=10");
        // As `--set` has it.
        let text = text.strip_prefix("breaker.").unwrap_or(text);
        let table: toml::Table = text.parse().map_err(|_| wrong())?;
        match table.into_iter().next() {
            Some((name, value)) => Ok(Self { name, value }),
            None => Err(wrong()),
        }
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.name, self.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_a_name_and_a_value_as_a_scenario_has_it() {
        let read = |text: &str| text.parse::<Parameter>().map(|parameter| parameter.to_string());
        assert_eq!(read("confirm_readings=10").unwrap(), "confirm_readings = 10");
        assert_eq!(
            read("breaker.confirm_readings=10").unwrap(),
            "confirm_readings = 10"
        );
        assert_eq!(read("max_halt=\"none\"").unwrap(), "max_halt = \"none\"");
        assert_eq!(
            read("actions.payout=\"normal\"").unwrap(),
            "actions = { payout = \"normal\" }"
        );
        for wrong in ["confirm_readings", "=10", "confirm_readings=", ""] {
            assert!(read(wrong).unwrap_err().contains("PARAMETER=VALUE"), "{wrong}");
        }
    }
}
