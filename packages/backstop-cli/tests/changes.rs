//! Parameters that are changed on the command line, several runs side by side, and the
//! scenarios that are inside of the program.

use std::fs;
use std::process::Command;

use crate::common::{SMALL, args, number, replay, shipped, write};
use backstop_cli::args::ReplayArgs;

/// The small scenario under these changes.
fn set(folder: &tempfile::TempDir, changes: &[&str]) -> ReplayArgs {
    let mut args = args(&write(folder, SMALL));
    args.set = changes.iter().map(|change| change.parse().unwrap()).collect();
    args
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_backstop"))
}

#[test]
fn a_change_on_the_command_line_is_the_same_as_one_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("changes.toml");
    fs::write(
        &file,
        "[perps]\nmaintenance_margin = 300\n[breaker]\nmax_jump = 3_000\n",
    )
    .unwrap();
    let mut by_file = set(&folder, &[]);
    by_file.against = Some(file);
    let by_file = replay(&by_file).unwrap();
    let by_set = set(
        &folder,
        &["perps.maintenance_margin=300", "breaker.max_jump=3000"],
    );
    let by_set = replay(&by_set).unwrap();
    let (file, line) = (by_file.against.unwrap(), by_set.against.unwrap());
    assert_eq!(file.trace_sha256, line.trace_sha256);
    assert_eq!(file.parameters, line.parameters);
    assert_eq!(
        line.setting,
        "with perps.maintenance_margin=300, breaker.max_jump=3000"
    );
    assert_ne!(line.trace_sha256, by_set.trace_sha256);
    let command = &by_set.command;
    assert!(
        command.ends_with("--set 'perps.maintenance_margin=300' --set 'breaker.max_jump=3000'")
            || command.ends_with("--set perps.maintenance_margin=300 --set breaker.max_jump=3000"),
        "{command}"
    );
}

#[test]
fn a_change_is_laid_over_the_file_and_by_percent_of_what_the_file_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("changes.toml");
    fs::write(&file, "[policy]\nlimit = 30_000_000_000\n").unwrap();
    let mut both = set(&folder, &["policy.limit=+50%"]);
    both.against = Some(file);
    let against = replay(&both).unwrap().against.unwrap();
    let found = against
        .parameters
        .iter()
        .find(|p| p.table == "policy" && p.name == "limit");
    assert_eq!(found.unwrap().value, "45000000000");
    assert_eq!(against.setting, "with changes.toml, policy.limit=+50%");
}

#[test]
fn a_change_that_a_contract_refuses_names_field_value_and_bound() {
    let folder = tempfile::tempdir().unwrap();
    for (change, parts) in [
        (
            "breaker.max_jump=9999",
            [
                "--set breaker.max_jump=9999",
                "max_jump is 9999",
                "from 200 to 9000",
            ],
        ),
        (
            "breaker.max_jumps=3000",
            ["breaker.max_jumps is 3000", "one of: ", "max_jump,"],
        ),
        (
            "policy.limit=-100%",
            ["--set policy.limit=-100%", "[policy]", "limit"],
        ),
    ] {
        let refused = replay(&set(&folder, &[change])).unwrap_err().to_string();
        assert!(parts.iter().all(|part| refused.contains(part)), "{refused}");
        assert!(!refused.contains("scenario.toml"), "{refused}");
    }
    let twice = set(&folder, &["policy.limit=5", "policy.limit=6"]);
    let refused = replay(&twice).unwrap_err().to_string();
    assert!(refused.contains("given once for each parameter"), "{refused}");
}

#[test]
fn two_equal_sets_of_parameters_are_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |args: &ReplayArgs| replay(args).unwrap_err().to_string();
    let equal = "is what the scenario says already: must be another value of at least one parameter";
    let told = refused(&set(&folder, &["policy.limit=+0%"]));
    assert!(
        told.contains(equal) && told.contains("--set policy.limit=+0%"),
        "{told}"
    );
    // A file that says what the defaults say.
    let file = folder.path().join("same.toml");
    fs::write(&file, "[perps]\nadl_cap = 30\n").unwrap();
    let mut same = set(&folder, &[]);
    same.against = Some(file);
    let told = refused(&same);
    assert!(told.contains(equal) && told.contains("same.toml"), "{told}");
}

#[test]
fn other_parameters_and_no_breaker_are_set_beside_one_scenario() {
    let folder = tempfile::tempdir().unwrap();
    let mut three = set(&folder, &["perps.maintenance_margin=300"]);
    three.compare = true;
    three.out = Some(folder.path().join("out"));
    let report = replay(&three).unwrap();
    let (off, against) = (report.off.as_deref().unwrap(), report.against.as_deref().unwrap());
    assert!(report.breaker.enabled && against.breaker.enabled && !off.breaker.enabled);
    assert!(number(&report.vault.assets_start) > 0);
    let page = fs::read_to_string(folder.path().join("out/report.html")).unwrap();
    let ids: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{ids:?}");
    for id in ["compared", "third-compared", "other-run", "third-run"] {
        assert!(ids.contains(&id), "{id}: {ids:?}");
    }
    let plots = folder.path().join("out/plots");
    for file in [
        "both-share-price.svg",
        "third-both-share-price.svg",
        "third-price.svg",
    ] {
        assert!(plots.join(file).is_file(), "{file}");
    }
}

#[test]
fn a_shipped_scenario_is_listed_and_replayed_from_any_folder() {
    let folder = tempfile::tempdir().unwrap();
    let listed = program().args(["scenario", "list"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert_eq!(listed.lines().count(), 7);
    assert!(listed.contains("btc-flash-2021-09        BTC"), "{listed}");
    let replayed = program()
        .args(["replay", "btc-flash-2021-09", "--json", "--quiet"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(replayed.status.success(), "{replayed:?}");
    let json = String::from_utf8(replayed.stdout).unwrap();
    let by_file = replay(&args(&shipped("btc-flash-2021-09.toml"))).unwrap();
    assert!(json.contains(&by_file.trace_sha256));
    // What is neither says where names are.
    let unknown = program()
        .args(["replay", "luna"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8(unknown.stderr).unwrap();
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        told.contains("luna: cannot be read") && told.contains("backstop scenario list"),
        "{told}"
    );
}
