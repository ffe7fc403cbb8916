//! `report.json`, written beside its place and then moved there: whoever reads
//! it finds the old report or the new one, never half of one.

use std::fs;
use std::path::{Path, PathBuf};

use super::Report;
use crate::error::BadInput;

/// Writes the report into the folder `out`, which is made where it is missing.
pub fn write(out: &Path, report: &Report) -> Result<PathBuf, BadInput> {
    let path = out.join("report.json");
    let failed = |source| BadInput::Write {
        path: path.clone(),
        source,
    };
    let mut text = serde_json::to_string_pretty(report).map_err(|error| failed(error.into()))?;
    text.push('\n');
    let unfinished = out.join(format!(".report.json.{}", std::process::id()));
    fs::create_dir_all(out).map_err(failed)?;
    fs::write(&unfinished, text).map_err(failed)?;
    fs::rename(&unfinished, &path).map_err(failed)?;
    Ok(path)
}
