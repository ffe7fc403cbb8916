//! The breaker's changes of state, each with what it stood on.

use backstop_replay::record::{Record, Transition};
use maud::{Markup, html};

use super::table::Kind::{Long, Short};
use super::table::Table;
use super::tables::moment;
use crate::report::evidence::{lines, named, said};

/// Each change, with a line for each finding, and what the sources said on demand.
pub fn transitions(record: &Record, prefix: &str) -> Markup {
    let rows = record.breaker.transitions.iter().map(row);
    let otherwise = match record.breaker.enabled {
        true => "The market was normal from the beginning to the end.",
        false => "There was no breaker.",
    };
    let before = html! {
        p {
            "Each change of the market's state, and what was wrong with the reading. An outlier, a stale source and the like drop a source; "
            "what is wrong with the market trips it. A drift is how far the median is from where the reference was hours ago, measured of the lower of the two: a price that halves has drifted by 100 %."
        }
    };
    Table {
        title: "The breaker",
        id: format!("{prefix}transitions"),
        before,
        otherwise,
        head: &[("time (UTC)", Short), ("state", Short), ("what was found", Long)],
        rows: rows.collect(),
        stacked: true,
    }
    .section()
}

fn row(change: &Transition) -> Vec<Markup> {
    let reasons: Vec<String> = change.reasons.iter().map(named).collect();
    let found = html! {
        ul class="found" { @for line in lines(change) { li { (line) } } }
        details {
            summary { "raw values" }
            ul class="found" {
                @if !reasons.is_empty() { li { "reasons: " (reasons.join(", ")) } }
                @for line in said(change) { li { (line) } }
            }
            @if !change.evidence.is_empty() { p { code { (change.evidence) } } }
        }
    };
    let state = html! { (change.from) " → " strong class=(change.to) { (change.to) } };
    vec![moment(Some(change.time)), state, found]
}
