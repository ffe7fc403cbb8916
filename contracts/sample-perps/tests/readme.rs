//! The README says what the code says: its excerpts are lines of the source,
//! and its table has the defaults.

use std::fs;
use std::path::Path;

use cosmwasm_std::to_json_string;
use sample_perps::Params;

const README: &str = include_str!("../README.md");

/// All source of the contract and of its arithmetic, each line trimmed.
fn source() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["src", "src/execute", "../../packages/backstop-core/src/perps"];
    let mut all = String::new();
    for folder in folders {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|kind| kind == "rs") {
                all.push_str(&trimmed(&fs::read_to_string(path).unwrap()));
            }
        }
    }
    all
}

fn trimmed(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.trim())).collect()
}

#[test]
fn every_excerpt_is_in_the_source() {
    let source = source();
    let excerpts: Vec<&str> = README
        .split("```rust\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert!(excerpts.len() >= 8);
    for excerpt in excerpts {
        // Comments stand between the fields of a struct, so these are looked up line by line.
        let fields = excerpt.lines().all(|line| line.starts_with("pub "));
        let parts = if fields {
            excerpt.lines().map(trimmed).collect()
        } else {
            vec![trimmed(excerpt)]
        };
        for part in parts {
            assert!(source.contains(&part), "not in the source:\n{part}");
        }
    }
}

#[test]
fn the_table_has_every_parameter_with_its_default() {
    let defaults = to_json_string(&Params::default()).unwrap();
    let mut rows = 0;
    for row in README.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let name = cells[1].trim_matches('`');
        if !defaults.contains(&format!("\"{name}\":")) {
            continue;
        }
        let value = cells[3].replace(',', "");
        let number = defaults.contains(&format!("\"{name}\":{value}"));
        let text = defaults.contains(&format!("\"{name}\":\"{value}\""));
        assert!(number || text, "{name} is not {value} in {defaults}");
        rows += 1;
    }
    assert_eq!(rows, defaults.matches("\":").count());
}
