//! `report.html`: the whole report as one file that opens from disk, prints,
//! and asks nothing of any network. Drawings are inline SVG for a wide screen
//! and for a phone; a small script of its own says the values under the
//! pointer, and everything is there without it.

mod breaker;
mod data;
mod figures;
mod linked;
pub(crate) mod table;
mod tables;
mod words;

pub(crate) use linked::linked;
pub(crate) use words::words;

use backstop_replay::record::Record;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Report;
use super::compare::{changes, differences, ordered, rows};
use super::one_draw;
use super::plot::spec;
use super::tone::Tone;
use super::words::{duration, grouped, headline, story, untested, when};

pub(crate) const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("hover.js");

/// Nothing is loaded, from anywhere.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// How the ids of what is about another run begin: of what is about it and the first
/// one, and of what is about it alone.
#[derive(Debug, Clone, Copy)]
pub struct Prefix {
    /// Of both.
    pub both: &'static str,
    /// Of it alone.
    pub alone: &'static str,
}

/// For each run that the first is set beside.
pub const OTHERS: [Prefix; 2] = [
    Prefix {
        both: "",
        alone: "other-",
    },
    Prefix {
        both: "third-",
        alone: "third-",
    },
];

/// The page for a run, and for those that it is set beside.
pub fn page(report: &Report) -> String {
    let record = &report.record;
    let (figures, mut data) = figures::of(&spec::of(report), "");
    let mut beside = vec![];
    for (second, prefix) in report.others().iter().zip(OTHERS) {
        let (both, more) = figures::of(&spec::both(report, second), prefix.both);
        data.extend(more);
        let (other, more) = figures::of(&spec::of(second), prefix.alone);
        data.extend(more);
        beside.push((second, both, other, prefix));
    }
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="color-scheme" content="light dark";
                link rel="icon" href="data:,";
                title { (record.title) " · Backstop" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#timeline" { "To the drawings" }
                main {
                    (head(report))
                    (words())
                    (tables::bearers(record, ""))
                    @for (second, both, _, prefix) in &beside { (compared(record, &second.record, both, prefix.both)) }
                    section id="timeline" {
                        h2 { "How it went" }
                        p class="hint" { "Point at a drawing, or focus it and use the arrow keys, to read its values." }
                        (figures)
                        (not_drawn(report))
                    }
                    (tables::yields(record, ""))
                    (tables::reference_stakers(record, ""))
                    (tables::liquidation_cost(record, ""))
                    (tables::shortfalls(record, ""))
                    (tables::losses(record, ""))
                    (breaker::transitions(record, ""))
                    @for (second, _, other, prefix) in &beside { (drawn(second, other, prefix.alone)) }
                    (words::provenance(record))
                    (tables::parameters(report, ""))
                    (tables::checks(report, ""))
                    (origin(report))
                }
                script type="application/json" id="data" { (PreEscaped(data::json(&data))) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    linked(&page.into_string())
}

fn head(report: &Report) -> Markup {
    let (record, good) = (&report.record, report.good());
    html! {
        header {
            p class="kicker" { "Backstop replay · " (record.market) " · " (record.setting) }
            h1 { (record.title) }
            p class="dates" {
                time { (when(record.time.start)) } " to " time { (when(record.time.end)) } ", "
                (grouped(record.blocks)) " blocks of " (duration(record.time.block))
            }
            p class={ "verdict " (Tone::of(record, good).class()) } { (headline(record)) }
            @if record.untested.len() > 1 {
                ul class="story" { @for reason in record.untested.iter().skip(1) { li { (untested(reason)) } } }
            }
            @if !good {
                p class="verdict bad" {
                    "Not all went as it should: see "
                    a href="#checks" { "what was checked" } "."
                }
            }
            p class="hint" { (one_draw::words(record)) }
            @for note in &report.notes { p class="hint" { (note) } }
            ul class="story" { @for sentence in story(record) { li { (sentence) } } }
            (contents(report))
        }
    }
}

/// Links to the sections.
fn contents(report: &Report) -> Markup {
    let mut links = vec![
        ("words".to_string(), "Words"),
        ("bearers".to_string(), "Who bore it"),
    ];
    let others = report.others().iter().zip(OTHERS);
    links.extend(
        others
            .clone()
            .map(|(_, prefix)| (format!("{}compared", prefix.both), "Side by side")),
    );
    let own = [
        ("timeline", "How it went"),
        ("yields", "What stakers earned"),
        ("reference-stakers", "Early leaver, stayer, late depositor"),
        ("liquidation-cost", "What liquidation cost"),
        ("answers", "Shortfalls"),
        ("losses", "Losses"),
        ("transitions", "The breaker"),
    ];
    links.extend(own.map(|(id, title)| (id.to_string(), title)));
    links.extend(others.map(|(_, prefix)| (format!("{}run", prefix.alone), "The other run")));
    let end = [
        ("prices", "Where the prices come from"),
        ("parameters", "Parameters"),
        ("checks", "What was checked"),
        ("origin", "Where this comes from"),
    ];
    links.extend(end.map(|(id, title)| (id.to_string(), title)));
    html! {
        nav id="contents" aria-label="Contents" {
            ul { @for (id, title) in links { li { a href={ "#" (id) } { (title) } } } }
        }
    }
}

/// Which drawings are left out, since there is nothing on them.
fn not_drawn(report: &Report) -> Markup {
    let empty: Vec<String> = spec::left_out(report)
        .into_iter()
        .map(|plot| plot.title)
        .collect();
    html! {
        @if !empty.is_empty() { p class="hint" { "Not drawn, since there is nothing to see: " (empty.join(", ")) "." } }
    }
}

fn compared(run: &Record, other: &Record, both: &Markup, prefix: &str) -> Markup {
    let (first, second) = ordered(run, other);
    html! {
        section id={ (prefix) "compared" } {
            h2 { "Side by side: " (first.setting) " and " (second.setting) }
            h3 { "What changed" }
            ul class="story" { @for change in changes(first, second) { li { (change) } } }
            h3 { "What differs" }
            ul class="story" { @for sentence in differences(first, second) { li { (sentence) } } }
            (table::scrolls("Side by side", &html! {
                table {
                    thead { tr { th scope="col" { "" } th scope="col" class="n" { (first.setting) } th scope="col" class="n" { (second.setting) } th scope="col" class="n" { "difference" } } }
                    tbody {
                        @for row in rows(first, second) {
                            tr class=[(!row.difference.is_empty()).then_some("differs")] {
                                th scope="row" class=[row.name.starts_with(' ').then_some("part")] { (row.name.trim()) }
                                td class="n" { (row.first) }
                                td class="n" { (row.second) }
                                td class="n" { (row.difference) }
                            }
                        }
                    }
                }
            }))
            (both)
        }
    }
}

fn drawn(run: &Report, figures: &Markup, prefix: &str) -> Markup {
    let second = &run.record;
    html! {
        section class="other" id={ (prefix) "run" } {
            details {
                summary { "The other run, " (second.setting) ": drawings and tables" }
                p class={ "verdict " (Tone::of(second, run.good()).class()) } { (headline(second)) }
                ul class="story" { @for sentence in story(second) { li { (sentence) } } }
                (tables::bearers(second, prefix))
                (figures)
                (tables::yields(second, prefix))
                (tables::reference_stakers(second, prefix))
                (tables::liquidation_cost(second, prefix))
                (tables::losses(second, prefix))
                (breaker::transitions(second, prefix))
                (tables::changed(second))
            }
        }
    }
}

fn origin(report: &Report) -> Markup {
    let record = &report.record;
    html! {
        footer id="origin" {
            h2 { "Where this comes from" }
            dl {
                dt { "scenario" } dd { (record.scenario) }
                dt { "seed" } dd { (record.seed) }
                dt { "program" } dd { "backstop " (env!("CARGO_PKG_VERSION")) }
                dt { "command" } dd { code { (report.command) } }
                dt { "trace" } dd { code class="hash" { (record.trace_sha256) } " of " (grouped(record.steps)) " messages" }
            }
            p {
                "The four contracts ran in a simulated chain, block by block, with every invariant checked after every message that can touch money. "
                "The same scenario and seed give the same trace. Amounts are in whole units of the asset. "
                "People, depth and congestion are modelled, as the scenario states. "
                "No figure here is a forecast."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::plot::palette::{GRID, INK, hex};

    #[test]
    fn the_style_sheet_exchanges_ink_and_grid_in_the_dark() {
        assert!(STYLE.contains(&format!("svg [fill=\"{}\"]", hex(INK))));
        assert!(STYLE.contains(&format!("svg [stroke=\"{}\"]", hex(GRID))));
    }
}
