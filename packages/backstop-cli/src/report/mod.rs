//! What is shown of a replay, and of the one that it is set beside: on a page,
//! on a terminal and as JSON. Text is made of a record's numbers here and nowhere
//! else.

pub mod bearers;
pub mod compare;
pub mod evidence;
pub mod expectations;
pub mod glossary;
pub mod json;
pub mod one_draw;
pub(crate) mod page;
pub mod parameters;
pub(crate) mod plot;
pub mod prices;
pub mod readable;
mod sparkline;
pub mod terminal;
pub mod tone;
pub mod unit;
pub mod words;
pub(crate) mod write;
pub mod yields;

use backstop_replay::Run;
use backstop_replay::record::{Record, Timeline};
use backstop_replay::scenario::tables::Scenario;

use crate::exit::Exit;
use crate::infer::Chosen;
use expectations::Expectation;
pub use write::{can_write, write};

/// All that is shown.
#[derive(Debug, Clone)]
pub struct Report {
    /// What happened.
    pub record: Record,
    /// How it went.
    pub timeline: Timeline,
    /// What the scenario expected.
    pub expectations: Vec<Expectation>,
    /// What else there is to know of it.
    pub notes: Vec<String>,
    /// The command that makes this report again.
    pub command: String,
    others: Vec<Report>,
}

impl Report {
    /// The report on a run of `scenario`, which `command` makes again.
    pub fn of(run: Run, scenario: &Scenario, command: &str) -> Self {
        Self {
            expectations: expectations::of(scenario, &run.record),
            record: run.record,
            timeline: run.timeline,
            notes: vec![],
            command: command.to_string(),
            others: vec![],
        }
    }

    /// Whether every invariant held and every expectation came true, in the runs
    /// that it is compared with too.
    pub fn good(&self) -> bool {
        let met = self.expectations.iter().all(|expectation| expectation.met);
        let here = self.record.invariants.failures == 0 && met;
        here && self.others.iter().all(Report::good)
    }

    /// Says of this run, and of those beside it, what is known of what was chosen.
    pub fn say_first(&mut self, chosen: Chosen) {
        let untested = &mut self.record.untested;
        untested.extend(chosen.untested.iter().cloned());
        for other in &mut self.others {
            other.record.untested.extend(chosen.untested.iter().cloned());
        }
        self.notes.extend(chosen.notes);
    }

    /// What the program ends with. What is expected of a run that tests nothing says
    /// nothing either; a broken invariant does.
    pub fn exit(&self) -> Exit {
        let both = || std::iter::once(self).chain(self.others());
        let broken = both().any(|run| run.record.invariants.failures > 0);
        let untested = both().any(|run| !run.record.untested.is_empty());
        match (broken, untested) {
            (true, _) => Exit::Failed,
            (false, true) => Exit::NothingTested,
            (false, false) if self.good() => Exit::Good,
            (false, false) => Exit::Failed,
        }
    }

    /// Keeps one more run that this one is compared with.
    pub fn set_beside(&mut self, other: Report) {
        self.others.push(other);
    }

    /// The first run that this one is compared with.
    pub fn other(&self) -> Option<&Report> {
        self.others.first()
    }

    /// All runs that this one is compared with.
    pub fn others(&self) -> &[Report] {
        &self.others
    }
}
