//! Where the prices of a replay come from: what each source's series is, as the
//! scenario says it.

use backstop_types::{Price, Seconds};
use cosmwasm_std::Timestamp;

use crate::scenario::tables::{Path, Scenario, Source};
use crate::sources::Heard;

/// All of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prices {
    /// Each source, in the scenario's order.
    pub sources: Vec<PriceSource>,
    /// Where prices along points were published, as addresses; none where every source
    /// is a file.
    pub references: Vec<String>,
}

/// Of one source.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceSource {
    /// Its name.
    pub name: String,
    /// What its series is.
    pub origin: PriceOrigin,
    /// From publishing to being on chain.
    pub lag: Seconds,
    /// The lowest price that it publishes.
    pub floor: Option<Price>,
    /// Times in which it publishes nothing: the first moment, and the first after it.
    pub silent: Vec<(Timestamp, Timestamp)>,
}

/// What a series is.
#[derive(Debug, Clone, PartialEq)]
pub enum PriceOrigin {
    /// A price file.
    File {
        /// Its name, without the folder.
        name: String,
        /// Rows with a price that the run used.
        rows: u64,
    },
    /// Points that are written in the scenario.
    Points {
        /// How many.
        all: u64,
        /// How many of their prices were published.
        published: u64,
        /// How the price gets from one to the next.
        path: Path,
        /// The noise on the way, in hundredths of a percent.
        noise_bps: f64,
    },
    /// Another source's series, with noise of its own.
    Repeats {
        /// The other's name.
        source: String,
        /// The noise, in hundredths of a percent.
        noise_bps: f64,
    },
}

impl Prices {
    /// What `scenario` says, and how many rows were heard of each source.
    pub(crate) fn of(scenario: &Scenario, heard: &[Heard]) -> Self {
        let sources = scenario.sources.iter().zip(heard);
        let along_points = scenario.sources.iter().any(|source| !source.points.is_empty());
        Self {
            sources: sources.map(|(source, heard)| one(source, heard.used)).collect(),
            references: match along_points {
                true => scenario.references.clone(),
                false => vec![],
            },
        }
    }
}

fn one(source: &Source, rows: u64) -> PriceSource {
    let noise_bps = source.noise_bps;
    let origin = match (&source.csv, &source.points_of) {
        (Some(file), _) => PriceOrigin::File {
            name: std::path::Path::new(file)
                .file_name()
                .map_or(file.clone(), |name| name.to_string_lossy().into_owned()),
            rows,
        },
        (None, Some(other)) => PriceOrigin::Repeats {
            source: other.clone(),
            noise_bps,
        },
        (None, None) => PriceOrigin::Points {
            all: source.points.len() as u64,
            published: source.points.iter().filter(|point| point.published).count() as u64,
            path: source.path,
            noise_bps,
        },
    };
    let at = |moment: crate::scenario::values::Moment| Timestamp::from_seconds(moment.0);
    PriceSource {
        name: source.name.clone(),
        origin,
        lag: Seconds(source.lag),
        floor: source.floor.map(|floor| Price(floor.0)),
        silent: source
            .silent
            .iter()
            .map(|span| (at(span.from), at(span.until)))
            .collect(),
    }
}
