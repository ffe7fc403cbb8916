//! Whether a price file has enough of a run to be replayed in it: a source that
//! says nothing in most of it is a mistake, unless the scenario says so itself.

use std::path::Path;

use backstop_prices::PriceFile;

use crate::error::ReplayError;
use crate::scenario::tables::{Scenario, Source, Span};
use crate::scenario::values::Moment;

/// Refuses a file that begins so late or ends so early that it has nothing for
/// more than half of the run, stated silences aside.
pub fn check(path: &Path, scenario: &Scenario, source: &Source, file: &PriceFile) -> Result<(), ReplayError> {
    let run = (scenario.time.start.0, scenario.time.end.0);
    let (first, last) = file.range();
    let stands = last.saturating_add(file.facts().step_seconds().unwrap_or(0));
    let missing = unsaid((run.0, first), &source.silent, run) + unsaid((stands, run.1), &source.silent, run);
    if missing <= (run.1 - run.0) / 2 {
        return Ok(());
    }
    let field = format!("time, for source {:?},", source.name);
    let value = format!("{} to {}", scenario.time.start, scenario.time.end);
    let bound = format!(
        "at least half within what {} has, {} to {}, or the rest said in source.silent",
        file.path().display(),
        Moment(first),
        Moment(last)
    );
    Err(ReplayError::field(path, field, value, bound))
}

/// How many seconds of `gap`, from the one until the other, are within `run` and
/// in none of the silences.
fn unsaid(gap: (u64, u64), silent: &[Span], run: (u64, u64)) -> u64 {
    let (mut from, until) = (gap.0.max(run.0), gap.1.min(run.1));
    let mut silences: Vec<(u64, u64)> = silent.iter().map(|s| (s.from.0, s.until.0)).collect();
    silences.sort_unstable();
    let mut seconds = 0;
    for (begins, ends) in silences {
        seconds += begins.min(until).saturating_sub(from);
        from = from.max(ends);
    }
    seconds + until.saturating_sub(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_within_the_run_and_outside_of_all_silences_are_counted_once() {
        let silent = |spans: &[(u64, u64)]| -> Vec<Span> {
            let silence = |&(from, until): &(u64, u64)| Span {
                from: Moment(from),
                until: Moment(until),
            };
            spans.iter().map(silence).collect()
        };
        for (gap, spans, expected) in [
            ((0, 150), vec![], 50),
            ((150, 900), vec![], 50),
            ((150, 120), vec![], 0),
            ((0, 90), vec![], 0),
            ((0, 200), vec![(110, 120), (115, 130)], 80),
            ((0, 200), vec![(180, 300), (0, 110)], 70),
            ((0, 200), vec![(100, 200)], 0),
            ((150, 200), vec![(100, 160)], 40),
        ] {
            assert_eq!(
                unsaid(gap, &silent(&spans), (100, 200)),
                expected,
                "{gap:?} {spans:?}"
            );
        }
    }
}
