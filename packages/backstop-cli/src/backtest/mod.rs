//! What the confirmation of a jump costs and saves: many crashes and false prints,
//! each replayed under several seeds without a breaker, with one that confirms
//! no jump, and with the shipped defaults.

pub mod market;
mod parameter;
pub mod rows;
mod stories;
mod table;

use std::path::Path;

use backstop_replay::{Figures, Watched};
use rayon::prelude::*;

use crate::error::BadInput;
use crate::threads::pool;
pub use parameter::Parameter;
use rows::Row;
pub use table::{Line, Means, Table};

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
            true => backstop_replay::Setting::Against(self.name.clone()),
            false => backstop_replay::Setting::BreakerOff,
        };
        let watched = Watched {
            truth: case.truth.as_ref(),
            invariants: seed == FIRST,
        };
        let path = Path::new(row.name);
        let run = backstop_replay::run_watched(path, &case.scenario, &setting, seed, &|| (), watched)?;
        Ok(run.figures)
    }
}

/// The first seed, under which the invariants are checked: they can take longer than
/// the run.
const FIRST: u64 = 1;

/// What to run.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The seeds are from one to this number.
    pub seeds: u64,
    /// The names of the rows; all of them without any.
    pub rows: Vec<String>,
    /// A parameter for a fourth setting.
    pub with: Option<Parameter>,
    /// So many at once, in place of one for each core.
    pub jobs: Option<u16>,
}

/// Runs what is planned; `begun` is told how many runs there are, and what it
/// returns is called after each.
pub fn table<N: Fn() + Sync>(plan: &Plan, begun: impl FnOnce(u64) -> N) -> Result<Table, BadInput> {
    let rows = rows::named(&plan.rows)?;
    let settings = Setting::all(plan.with.as_ref());
    check(&rows, plan.with.as_ref())?;
    let seeds: Vec<u64> = (FIRST..=plan.seeds).collect();
    let tasks: Vec<(usize, usize, u64)> = (0..rows.len())
        .flat_map(|row| (0..settings.len()).map(move |setting| (row, setting)))
        .flat_map(|(row, setting)| seeds.iter().map(move |seed| (row, setting, *seed)))
        .collect();
    let next = begun(tasks.len() as u64);
    let one = |(row, setting, seed): &(usize, usize, u64)| {
        let figures = settings[*setting].run(&rows[*row], *seed);
        next();
        figures
    };
    let all = || {
        tasks
            .par_iter()
            .with_max_len(1)
            .map(one)
            .collect::<Result<Vec<_>, _>>()
    };
    let figures = match plan.jobs {
        None => all(),
        Some(jobs) => pool(jobs)?.install(all),
    };
    let names = settings.into_iter().map(|setting| setting.name).collect();
    Ok(Table::new(&rows, names, plan.seeds, &figures?))
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
    Ok(backstop_replay::check(Path::new("--with"), &case.scenario)?)
}
