//! What a scenario is set beside: itself under other parameters, and without a breaker.

use std::path::Path;

use backstop_replay::Setting;
use backstop_replay::scenario::against;
use backstop_replay::scenario::tables::Scenario;

use crate::args::ReplayArgs;
use crate::error::BadInput;
use crate::seeds::Case;

/// The scenario and what it is set beside, itself first.
pub fn cases(args: &ReplayArgs, path: &Path, scenario: &Scenario) -> Result<Vec<Case>, BadInput> {
    let proposed = proposed(args, path, scenario)?;
    let first = match proposed {
        Some(_) => Setting::AsWritten,
        None => Setting::BreakerOn,
    };
    let mut cases = vec![(first, scenario.clone())];
    cases.extend(proposed);
    if args.compare {
        cases.push((Setting::BreakerOff, scenario.clone()));
    }
    Ok(cases)
}

/// The scenario with the parameters of `--against` and then of `--set`.
fn proposed(args: &ReplayArgs, path: &Path, scenario: &Scenario) -> Result<Option<Case>, BadInput> {
    if args.against.is_none() && args.set.is_empty() {
        return Ok(None);
    }
    named_once(args)?;
    // What is wrong with the scenario is not a change's fault.
    backstop_replay::check(path, scenario)?;
    let mut laid = scenario.clone();
    let (mut names, mut words) = (vec![], vec![]);
    if let Some(file) = &args.against {
        laid = against::lay_over(file, scenario)?;
        backstop_replay::check(file, &laid)?;
        let name = file.file_name().unwrap_or(file.as_os_str());
        names.push(name.to_string_lossy().into_owned());
        words.push(format!("--against {}", file.display()));
    }
    for change in &args.set {
        let word = format!("--set {change}");
        let now = backstop_replay::tuned(Path::new(&word), &laid)?;
        change.lay_over(Path::new(&word), &mut laid, &now)?;
        backstop_replay::tuned(Path::new(&word), &laid)?;
        names.push(change.to_string());
        words.push(word);
    }
    // Changes may be right only together, so the contracts see them so.
    let words = words.join(" ");
    let place = Path::new(&words);
    backstop_replay::check(place, &laid)?;
    if backstop_replay::tuned(place, &laid)? == backstop_replay::tuned(path, scenario)? {
        return Err(BadInput::Argument {
            argument: words,
            value: "what the scenario says already".to_string(),
            bound: "another value of at least one parameter: two equal sets cannot be compared".to_string(),
            next: "change a parameter, or replay without it".to_string(),
        });
    }
    Ok(Some((Setting::Against(names.join(", ")), laid)))
}

fn named_once(args: &ReplayArgs) -> Result<(), BadInput> {
    for (i, change) in args.set.iter().enumerate() {
        if let Some(other) = args.set[..i].iter().find(|other| other.field() == change.field()) {
            return Err(BadInput::Argument {
                argument: "--set".to_string(),
                value: format!("{other} and {change}"),
                bound: "given once for each parameter".to_string(),
                next: "leave one of them out".to_string(),
            });
        }
    }
    Ok(())
}
