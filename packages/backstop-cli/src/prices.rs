//! `--prices NAME=FILE`: a scenario with other price files, or one that is
//! guessed from them where no scenario is given.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::args::ReplayArgs;
use crate::error::BadInput;
use crate::guess::{self, Named};
use crate::scenario;
use crate::scenario::tables::Scenario;

/// What errors of a guessed scenario name in place of its file.
const GUESSED: &str = "guessed.toml";

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, path)) if !name.is_empty() && !path.is_empty() => Ok(Self {
                name: name.to_string(),
                path: PathBuf::from(path),
            }),
            _ => Err(
                "must be a source's name, an equals sign and a file, such as binance=luna.csv".to_string(),
            ),
        }
    }
}

/// What is to be replayed, and the path that its own paths are relative to.
pub fn scenario(args: &ReplayArgs) -> Result<(PathBuf, Scenario), BadInput> {
    named_once(&args.prices)?;
    let Some(path) = &args.scenario else {
        let (_, scenario) = guess::guess(&args.prices, Path::new(GUESSED), None, None)?;
        return Ok((PathBuf::from(GUESSED), scenario));
    };
    let mut scenario = scenario::load(path)?;
    for file in &args.prices {
        replace(&mut scenario, file)?;
    }
    scenario::check(path, &scenario)?;
    Ok((path.clone(), scenario))
}

fn named_once(files: &[Named]) -> Result<(), BadInput> {
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
fn replace(scenario: &mut Scenario, file: &Named) -> Result<(), BadInput> {
    let names: Vec<&str> = scenario
        .sources
        .iter()
        .map(|source| source.name.as_str())
        .collect();
    let Some(index) = names.iter().position(|name| *name == file.name) else {
        let bound = format!("of one of the scenario's sources: {}", names.join(", "));
        return Err(refused(file, &bound, "take one of these names"));
    };
    let absolute = std::path::absolute(&file.path).map_err(|source| BadInput::Read {
        path: file.path.clone(),
        source,
        next: "name a file that you may read".to_string(),
    })?;
    let Some(text) = absolute.to_str() else {
        return Err(refused(file, "a file with a name in UTF-8", "rename it"));
    };
    let source = &mut scenario.sources[index];
    source.csv = Some(text.to_string());
    source.column = None;
    source.points.clear();
    source.points_of = None;
    Ok(())
}

fn refused(file: &Named, bound: &str, next: &str) -> BadInput {
    BadInput::Argument {
        argument: "--prices".to_string(),
        value: format!("{}={}", file.name, file.path.display()),
        bound: bound.to_string(),
        next: next.to_string(),
    }
}
