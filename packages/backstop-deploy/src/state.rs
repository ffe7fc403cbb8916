//! What was done so far, in a file beside the chain's: written anew after each step,
//! and put in the old one's place whole.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::config::Config;
use crate::error::{Error, Result};
use crate::part::Part;
use crate::step::{Smoke, Step};

/// The version of the file's form.
const VERSION: u32 = 1;

/// Everything that was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    version: u32,
    /// The chain.
    pub chain_id: String,
    /// Who deploys.
    pub deployer: String,
    /// By step.
    pub steps: BTreeMap<String, Done>,
}

/// What a step gave.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// The transaction.
    pub hash: String,
    /// Its block.
    pub height: u64,
    /// The gas that it used.
    pub gas_used: u64,
    /// The code that it stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u64>,
    /// That code's sha256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checksum: Option<String>,
    /// The contract that it made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The ticket that it opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<u64>,
    /// When that can be withdrawn, in seconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready_at: Option<u64>,
    /// What the chain's file said of it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub inputs: Map<String, Value>,
}

impl State {
    /// Nothing was done yet.
    pub fn new(chain_id: &str, deployer: &str) -> Self {
        Self {
            version: VERSION,
            chain_id: chain_id.to_string(),
            deployer: deployer.to_string(),
            steps: BTreeMap::new(),
        }
    }

    /// The state in a file; none where there is no file.
    pub fn read(path: &Path) -> Result<Option<Self>> {
        let unreadable = |why: String| Error::Unreadable {
            path: path.to_path_buf(),
            why,
        };
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::file(path)(error)),
        };
        let state: Self = serde_json::from_slice(&text).map_err(|error| unreadable(error.to_string()))?;
        if state.version != VERSION {
            return Err(unreadable(format!(
                "its version is {}: must be {VERSION}",
                state.version
            )));
        }
        Ok(Some(state))
    }

    /// Writes it, whole or not at all.
    pub fn write(&self, path: &Path) -> Result<()> {
        write_json(path, self)
    }

    /// What a step gave, if it was done.
    pub fn done(&self, step: &Step) -> Option<&Done> {
        self.steps.get(&step.to_string())
    }

    /// The code of a contract.
    pub fn code(&self, part: Part) -> Result<u64> {
        let done = self.done(&Step::Store(part)).and_then(|done| done.code);
        done.ok_or_else(|| Error::not_yet(part))
    }

    /// A contract's address.
    pub fn address(&self, part: Part) -> Result<&str> {
        let done = self
            .done(&Step::Instantiate(part))
            .and_then(|done| done.address.as_deref());
        done.ok_or_else(|| Error::not_yet(part))
    }

    /// The ticket that was opened to try it out.
    pub fn ticket(&self, smoke: Smoke) -> Result<u64> {
        let done = self.done(&Step::Smoke(smoke)).and_then(|done| done.ticket);
        done.ok_or_else(|| Error::NotYet {
            part: "the ticket".to_string(),
        })
    }

    /// Refuses a file that says otherwise than what was done by it, or that has a new
    /// step after the contracts were given away.
    pub fn agrees(&self, config: &Config, deployer: &str, plan: &[Step]) -> Result<()> {
        let top = [
            ("chain_id", config.chain_id.as_str(), &self.chain_id),
            ("the key's address", deployer, &self.deployer),
        ];
        for (field, now, then) in top {
            if now != then {
                return Err(contradiction(field, now, then, "the first"));
            }
        }
        for (name, done) in &self.steps {
            let Some(step) = plan.iter().find(|step| step.to_string() == *name) else {
                return Err(contradiction("the plan", "without it", "with it", name));
            };
            same(
                name,
                "",
                &Value::Object(step.inputs(config)),
                &Value::Object(done.inputs.clone()),
            )?;
        }
        let given_away = plan
            .iter()
            .any(|step| step.hands_over() && self.done(step).is_some());
        match plan
            .iter()
            .find(|step| !step.hands_over() && self.done(step).is_none())
        {
            Some(step) if given_away => Err(Error::TooLate {
                step: step.to_string(),
            }),
            _ => Ok(()),
        }
    }
}

fn contradiction(field: &str, now: impl ToString, then: impl ToString, step: &str) -> Error {
    Error::Contradiction {
        field: field.to_string(),
        now: now.to_string(),
        then: then.to_string(),
        step: step.to_string(),
    }
}

/// Refuses the first field that differs.
fn same(step: &str, path: &str, now: &Value, then: &Value) -> Result<()> {
    match first_difference(path, now, then) {
        Some((field, now, then)) => Err(contradiction(&field, now, then, step)),
        None => Ok(()),
    }
}

/// The first field in which two values differ, with what it is in each.
pub(crate) fn first_difference(path: &str, left: &Value, right: &Value) -> Option<(String, Value, Value)> {
    let inside = |key: &str| {
        if path.is_empty() {
            key.to_string()
        } else {
            format!("{path}.{key}")
        }
    };
    match (left, right) {
        (Value::Object(l), Value::Object(r)) => {
            let keys = l.keys().chain(r.keys().filter(|key| !l.contains_key(*key)));
            let of =
                |fields: &Map<String, Value>, key: &String| fields.get(key).cloned().unwrap_or(Value::Null);
            keys.into_iter()
                .find_map(|key| first_difference(&inside(key), &of(l, key), &of(r, key)))
        }
        (Value::Array(l), Value::Array(r)) if l.len() == r.len() => {
            let pairs = l.iter().zip(r).enumerate();
            pairs
                .into_iter()
                .find_map(|(place, (l, r))| first_difference(&format!("{path}[{place}]"), l, r))
        }
        (left, right) => (left != right).then(|| (path.to_string(), left.clone(), right.clone())),
    }
}

/// Another file takes the old one's place at once, whole.
pub(crate) fn write_json(path: &Path, value: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|error| Error::Unreadable {
        path: path.to_path_buf(),
        why: error.to_string(),
    })?;
    text.push(b'\n');
    let beside = path.with_extension("new");
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(&text)?;
        file.sync_all()
    });
    let placed = written.and_then(|()| std::fs::rename(&beside, path));
    placed.map_err(Error::file(path))
}
