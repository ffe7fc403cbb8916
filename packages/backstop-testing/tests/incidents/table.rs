//! The table of all incidents, as it is in the breaker's README.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use backstop_types::Named;
use backstop_types::breaker::Fault;

use crate::incident::{Expected, Incident};
use crate::{in_2022, in_2023, run::run, since_2025, until_2021};

/// Every incident, by time.
pub fn incidents() -> Vec<Incident> {
    let years = [
        until_2021::all(),
        in_2022::all(),
        in_2023::all(),
        since_2025::all(),
    ];
    years.into_iter().flatten().collect()
}

/// What came of each, by name: run once, on two threads.
pub static OUTCOMES: LazyLock<BTreeMap<&'static str, Expected>> = LazyLock::new(|| {
    let worker = |odd: usize| {
        let mine = incidents().into_iter().skip(odd).step_by(2);
        mine.map(|incident| (incident.name, run(&incident)))
            .collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(move || worker(1));
        let mut all = worker(0);
        all.extend(other.join().unwrap());
        all.into_iter().collect()
    })
});

/// The lines of the table.
pub fn lines() -> Vec<String> {
    let head = "| incident | what the sources say | first fault | tripped by | worst state | paid at once | \
        paid later | paid without |";
    let mut lines = vec![
        head.to_string(),
        "| --- | --- | --- | --- | --- | --- | --- | --- |".to_string(),
    ];
    lines.extend(incidents().iter().map(|incident| {
        let came = &OUTCOMES[incident.name];
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            incident.name,
            incident.what,
            when(came.first),
            when(came.trip),
            came.worst,
            thousands(came.paid),
            thousands(came.paid_later),
            thousands(came.paid_without)
        )
    }));
    lines
}

fn when(seen: Option<(Fault, i64)>) -> String {
    seen.map_or("–".to_string(), |(fault, block)| {
        format!("`{}`, {block:+}", fault.name())
    })
}

/// With a comma each three digits.
fn thousands(units: u64) -> String {
    let (digits, mut text) = (units.to_string(), String::new());
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
