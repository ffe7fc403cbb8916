//! Running the program's own code on a scenario, as the command line would.

// Each test file uses its own part of these.
#![allow(dead_code)]

use std::path::{Path, PathBuf};

use backstop_cli::args::ReplayArgs;
use backstop_cli::error::BadInput;
use backstop_cli::report::Report;

/// A scenario that is shipped.
pub fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name)
}

/// The folder of real series, or nothing, with a message that says so.
pub fn data() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("BACKSTOP_DATA").map_or(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "skipped: no real series in {}; set BACKSTOP_DATA",
        folder.display()
    );
    None
}

/// How a scenario is replayed when nothing is asked for.
pub fn args(scenario: &Path) -> ReplayArgs {
    ReplayArgs {
        scenario: Some(scenario.to_path_buf()),
        prices: vec![],
        seed: None,
        compare: false,
        out: None,
        json: false,
        quiet: true,
    }
}

/// Replays and returns the report.
pub fn replay(args: &ReplayArgs) -> Result<Report, BadInput> {
    backstop_cli::replay(args, &mut std::io::sink())
}

/// Writes a scenario where it can be replayed from.
pub fn write(folder: &tempfile::TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("scenario.toml");
    std::fs::write(&path, text).unwrap();
    path
}

/// A small scenario that runs in an instant.
pub const SMALL: &str = r#"
name = "small"
title = "A fall by a third in an hour"
seed = 1

[time]
start = 2026-01-01T00:00:00Z
end = 2026-01-01T02:00:00Z
block = 60

[market]
name = "ATOM/USD"

[[source]]
name = "a"
kind = "pyth"
lineage = "a"
noise_bps = 10
points = [
  { at = 2025-12-31T23:00:00Z, price = "10" },
  { at = 2026-01-01T01:00:00Z, price = "10" },
  { at = 2026-01-01T02:00:00Z, price = "7" },
]

[[source]]
name = "b"
kind = "reporter"
lineage = "b"
noise_bps = 5
points_of = "a"

[traders]
count = 20
arrive_within = 3_600

[stakers]
count = 5
"#;
