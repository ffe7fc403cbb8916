//! What the confirmation of a jump costs and saves: many crashes and false prints,
//! each replayed under several seeds without a breaker, with one that confirms
//! no jump, and with the shipped defaults.

pub mod market;
pub mod rows;
mod stories;
mod table;

use std::fmt;
use std::io::Write;
use std::path::Path;
use std::str::FromStr;

use indicatif::ProgressBar;
use rayon::prelude::*;

use crate::args::BacktestArgs;
use crate::engine::{self, Figures, Watched};
use crate::error::BadInput;
use crate::progress::Progress;
use rows::Row;
pub use table::{Line, Means, Table};

/// One parameter of the breaker, as `--with` takes it.
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

/// Under what a row is run.
#[derive(Debug, Clone)]
struct Setting {
    name: String,
    breaker_on: bool,
    change: Option<Parameter>,
}

impl Setting {
    /// The three, and the one of `--with`.
    fn all(with: Option<&Parameter>) -> Vec<Self> {
        let with_breaker = |change: Option<Parameter>| Self {
            name: change
                .as_ref()
                .map_or("the defaults".to_string(), Parameter::to_string),
            breaker_on: true,
            change,
        };
        let unconfirmed = Parameter {
            name: "confirm_lineages".to_string(),
            value: toml::Value::Integer(0),
        };
        let mut all = vec![
            Self {
                name: "no breaker".to_string(),
                breaker_on: false,
                change: None,
            },
            with_breaker(Some(unconfirmed)),
            with_breaker(None),
        ];
        all.extend(with.map(|with| with_breaker(Some(with.clone()))));
        all
    }

    /// Runs the row once.
    fn run(&self, row: &Row, seed: u64) -> Result<Figures, BadInput> {
        let mut case = row.case(seed)?;
        if let Some(Parameter { name, value }) = &self.change {
            case.scenario.breaker.insert(name.clone(), value.clone());
        }
        let setting = match self.breaker_on {
            true => engine::Setting::Against(self.name.clone()),
            false => engine::Setting::BreakerOff,
        };
        let watched = Watched {
            truth: case.truth.as_ref(),
            invariants: seed == FIRST,
        };
        let hidden = ProgressBar::hidden();
        let path = Path::new(row.name);
        engine::run_watched(path, &case.scenario, &setting, seed, &hidden, watched).map(|run| run.figures)
    }
}

/// The first seed, under which the invariants are checked: they take three times
/// as long as the run.
const FIRST: u64 = 1;

/// Runs what was asked for and prints the table.
pub fn backtest(args: &BacktestArgs, out: &mut impl Write) -> Result<Table, BadInput> {
    let table = table(args)?;
    let text = match (args.json, args.markdown) {
        (true, _) => table.json(),
        (_, true) => table.markdown(),
        _ => table.text(),
    };
    // A reader that went away has read enough.
    let _ = out.write_all(text.as_bytes());
    Ok(table)
}

/// Runs what was asked for.
pub fn table(args: &BacktestArgs) -> Result<Table, BadInput> {
    let rows = rows::named(&args.row)?;
    let settings = Setting::all(args.with.as_ref());
    check(&rows, args.with.as_ref())?;
    let seeds: Vec<u64> = (FIRST..=args.seeds).collect();
    let tasks: Vec<(usize, usize, u64)> = (0..rows.len())
        .flat_map(|row| (0..settings.len()).map(move |setting| (row, setting)))
        .flat_map(|(row, setting)| seeds.iter().map(move |seed| (row, setting, *seed)))
        .collect();
    let bar = Progress::new(args.quiet).runs("backtest", tasks.len() as u64);
    let one = |(row, setting, seed): &(usize, usize, u64)| {
        let figures = settings[*setting].run(&rows[*row], *seed);
        bar.inc(1);
        figures
    };
    let all = || {
        tasks
            .par_iter()
            .with_max_len(1)
            .map(one)
            .collect::<Result<Vec<_>, _>>()
    };
    let figures = match args.jobs {
        None => all(),
        Some(jobs) => pool(jobs)?.install(all),
    };
    bar.finish_and_clear();
    let names = settings.into_iter().map(|setting| setting.name).collect();
    Ok(Table::new(&rows, names, args.seeds, &figures?))
}

/// Whether the contracts take the parameter of `--with`.
fn check(rows: &[Row], with: Option<&Parameter>) -> Result<(), BadInput> {
    let (Some(row), Some(with)) = (rows.first(), with) else {
        return Ok(());
    };
    let mut case = row.case(FIRST)?;
    case.scenario
        .breaker
        .insert(with.name.clone(), with.value.clone());
    engine::check(Path::new("--with"), &case.scenario)
}

fn pool(jobs: u16) -> Result<rayon::ThreadPool, BadInput> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.into()).build();
    pool.map_err(|error| BadInput::Argument {
        argument: "--jobs".to_string(),
        value: jobs.to_string(),
        bound: format!("as many threads as there can be: {error}"),
        next: "give a smaller number".to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_a_name_and_a_value_as_a_scenario_has_it() {
        let read = |text: &str| text.parse::<Parameter>().map(|parameter| parameter.to_string());
        assert_eq!(read("confirm_readings=10").unwrap(), "confirm_readings = 10");
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
