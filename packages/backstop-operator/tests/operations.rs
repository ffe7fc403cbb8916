//! The files in operations/ fit the program.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use backstop_operator::config::Config;
use backstop_operator::metrics::{Metrics, TxResult};
use backstop_operator::snapshot::NodeLine;
use backstop_operator::task::Task;
use serde_json::Value;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("operations")
        .join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(file(name)).unwrap()
}

/// The name of every series that the program exports when all is known.
async fn exported() -> BTreeSet<String> {
    let metrics = Metrics::default();
    let snapshot = crate::support::snapshot().await;
    metrics.observe(&snapshot);
    metrics.begin(&[(Task::Poke, 60)]);
    metrics.tx(Task::Poke, TxResult::Committed, Duration::from_secs(1));
    metrics.success(Task::Poke, crate::support::now());
    metrics.wallet("ustake", 1, true);
    metrics.queue(1);
    let nodes: Vec<NodeLine> = snapshot.chain.nodes;
    metrics.nodes(&nodes, crate::support::now());
    let text = metrics.text();
    let series = text.lines().filter(|line| !line.starts_with('#'));
    series
        .map(|line| line.split(['{', ' ']).next().unwrap().to_string())
        .collect()
}

/// The names of the program's series in a query.
fn named(query: &str) -> BTreeSet<String> {
    let words = query.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words
        .filter(|word| word.starts_with("backstop_"))
        .map(str::to_string)
        .collect()
}

fn expressions(of: &Value, key: &str, found: &mut Vec<String>) {
    match of {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Value::String(query) if name == key => found.push(query.clone()),
                    _ => expressions(field, key, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| expressions(item, key, found)),
        _ => {}
    }
}

fn queries() -> (Vec<String>, Vec<String>) {
    let (mut shown, mut alerted) = (vec![], vec![]);
    expressions(
        &serde_json::from_str(&text("grafana.json")).unwrap(),
        "expr",
        &mut shown,
    );
    expressions(
        &serde_norway::from_str(&text("alerts.yml")).unwrap(),
        "expr",
        &mut alerted,
    );
    (shown, alerted)
}

#[tokio::test]
async fn dashboard_and_rules_name_only_what_the_program_exports_and_the_dashboard_names_all() {
    let exported = exported().await;
    let (shown, alerted) = queries();
    assert!(
        shown.len() > 20 && alerted.len() > 15,
        "{} {}",
        shown.len(),
        alerted.len()
    );
    for query in shown.iter().chain(&alerted) {
        let named = named(query);
        assert!(!named.is_empty(), "{query}");
        for name in named {
            assert!(
                exported.contains(&name),
                "{name} in {query}: not among {exported:?}"
            );
        }
    }
    let shown: BTreeSet<_> = shown.iter().flat_map(|query| named(query)).collect();
    let of_histogram = |name: &str| name.starts_with("backstop_tx_latency");
    let left: Vec<_> = exported
        .iter()
        .filter(|name| !shown.contains(*name) && !of_histogram(name))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn every_metric_is_in_the_readme() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    for name in exported().await {
        let name = ["_bucket", "_sum", "_count"]
            .iter()
            .fold(name.as_str(), |name, end| name.trim_end_matches(end));
        assert!(readme.contains(&format!("`{name}")), "{name}");
    }
}

#[test]
fn every_rule_has_a_name_a_severity_and_what_to_do() {
    let rules: Value = serde_norway::from_str(&text("alerts.yml")).unwrap();
    let mut names = BTreeSet::new();
    for rule in rules["groups"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|group| group["rules"].as_array().unwrap())
    {
        let severity = rule["labels"]["severity"].as_str().unwrap();
        assert!(["warning", "critical"].contains(&severity), "{rule}");
        assert!(
            rule["annotations"]["summary"].is_string() && rule["annotations"]["action"].is_string(),
            "{rule}"
        );
        assert!(
            names.insert(rule["alert"].as_str().unwrap().to_string()),
            "{rule}"
        );
    }
}

#[test]
fn the_example_is_read_and_says_what_holds_without_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let example = Config::read(&file("keeper.example.toml")).unwrap();
    let least = folder.path().join("keeper.toml");
    std::fs::write(
        &least,
        "gas_price = \"0.025ustake\"\njournal = \"journal.jsonl\"\n",
    )
    .unwrap();
    let least = Config::read(&least).unwrap();
    assert_eq!(example.tasks, least.tasks);
    assert_eq!(example.metrics.listen, least.metrics.listen);
    let numbers = |config: &Config| {
        (
            config.interval,
            config.jitter,
            config.pages,
            config.batch,
            config.timeout_blocks,
            config.max_gas,
            config.gas_adjustment,
        )
    };
    assert_eq!(numbers(&example), numbers(&least));
}

#[test]
fn the_example_names_every_setting() {
    let example: toml::Table = text("keeper.example.toml").parse().unwrap();
    let commented: String = text("keeper.example.toml")
        .lines()
        .map(|line| line.trim_start_matches("# ").to_string() + "\n")
        .collect();
    let source = |file: &str| {
        std::fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("src/config")
                .join(file),
        )
        .unwrap()
    };
    let fields = source("mod.rs");
    let fields = fields
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub ")?.split_once(": "))
        .map(|(name, _)| name.to_string());
    let mut many = 0;
    for field in fields.filter(|field| field.chars().all(|c| c.is_ascii_lowercase() || c == '_')) {
        let written = format!("{field} = ");
        let table = format!("[{field}");
        let is_there = commented
            .lines()
            .any(|line| line.starts_with(&written) || line.starts_with(&table));
        assert!(is_there, "{field}");
        many += 1;
    }
    assert!(many > 20, "{many}");
    assert_eq!(example["tasks"].as_table().unwrap().len(), Task::ALL.len());
}

#[test]
fn the_unit_calls_the_keeper_as_it_can_be_called() {
    let unit = text("backstop-keeper.service");
    let start = unit.lines().find(|line| line.starts_with("ExecStart=")).unwrap();
    assert_eq!(
        start,
        "ExecStart=/usr/local/bin/backstop keeper --config /etc/backstop/keeper.toml"
    );
    for line in [
        "EnvironmentFile=/etc/backstop/keeper.env",
        "RestartPreventExitStatus=2",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "LimitCORE=0",
    ] {
        assert!(unit.lines().any(|there| there == line), "{line}");
    }
    assert!(unit.contains(backstop_chain::key::VARIABLE));
}
