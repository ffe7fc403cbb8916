//! `--prices NAME=FILE`: a scenario with other price files.

use std::path::Path;

use backstop_prices::Wanted;
use backstop_replay::ReplayError;
use backstop_replay::scenario;
use backstop_replay::scenario::tables::Scenario;

use super::named_file::NamedFile;
use crate::error::BadInput;

/// The scenario that is written in `path`, with the prices in `files`, read as wanted,
/// in place of its own.
pub fn with_prices(
    path: &Path,
    mut scenario: Scenario,
    files: &[NamedFile],
    wanted: &Wanted,
) -> Result<Scenario, BadInput> {
    named_once(files)?;
    for file in files {
        replace(&mut scenario, file, wanted)?;
    }
    scenario::check(path, &scenario)?;
    Ok(scenario)
}

/// Refuses a source that has two files.
pub(super) fn named_once(files: &[NamedFile]) -> Result<(), BadInput> {
    for (i, file) in files.iter().enumerate() {
        if files[..i].iter().any(|other| other.name == file.name) {
            return Err(refused(
                file,
                "of a source that has one file",
                "give each source one file",
            ));
        }
    }
    Ok(())
}

/// The source keeps its lag, confidence, floor and silences.
fn replace(scenario: &mut Scenario, file: &NamedFile, wanted: &Wanted) -> Result<(), BadInput> {
    let names: Vec<&str> = scenario
        .sources
        .iter()
        .map(|source| source.name.as_str())
        .collect();
    let Some(index) = names.iter().position(|name| *name == file.name) else {
        let bound = format!("of one of the scenario's sources: {}", names.join(", "));
        return Err(refused(file, &bound, "take one of these names"));
    };
    let absolute = std::path::absolute(&file.path).map_err(|source| ReplayError::Read {
        path: file.path.clone(),
        source,
        next: "name a file that you may read".to_string(),
    })?;
    let Some(text) = absolute.to_str() else {
        return Err(refused(file, "a file with a name in UTF-8", "rename it"));
    };
    let source = &mut scenario.sources[index];
    source.csv = Some(text.to_string());
    source.column = wanted.price.clone();
    source.time_column = wanted.time.clone();
    source.decimals = wanted.decimals;
    source.symbol = wanted.symbol.clone();
    source.points.clear();
    source.points_of = None;
    Ok(())
}

fn refused(file: &NamedFile, bound: &str, next: &str) -> BadInput {
    BadInput::Argument {
        argument: "--prices".to_string(),
        value: format!("{}={}", file.name, file.path.display()),
        bound: bound.to_string(),
        next: next.to_string(),
    }
}
