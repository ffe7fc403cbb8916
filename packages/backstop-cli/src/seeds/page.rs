//! `seeds.html`: the seeds as one page that opens from disk and asks nothing of any
//! network.

use backstop_replay::Setting;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::draw::{Drawing, draw, drawings};
use super::figure::FIGURES;
use super::limits::LIMITS;
use super::spread::COLUMNS;
use super::{Draws, Outcome, words};
use crate::report::bearers::name;
use crate::report::page::table::scrolls;
use crate::report::page::{POLICY, STYLE, linked};
use crate::report::plot::Size;
use crate::report::words::{asset_name, duration, grouped, when};

/// The page.
pub fn page(outcome: &Outcome) -> String {
    let about = &outcome.about;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="color-scheme" content="light dark";
                link rel="icon" href="data:,";
                title { (about.title) " · " (outcome.seeds.len()) " seeds · Backstop" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#drawings" { "To the drawings" }
                main {
                    (head(outcome))
                    (crate::report::page::words())
                    @for other in outcome.others() { (changes(outcome, other)) }
                    (drawn(&drawings(outcome)))
                    @for (index, setting) in outcome.settings.iter().enumerate() { (figures(outcome, index, setting)) }
                    @for (index, other) in outcome.others().iter().enumerate() { (pairs(outcome, index, other)) }
                    (limits(outcome))
                    @for (index, setting) in outcome.settings.iter().enumerate() { (runs(outcome, index, setting)) }
                    (origin(outcome))
                }
            }
        }
    };
    linked(&page.into_string())
}

fn head(outcome: &Outcome) -> Markup {
    let about = &outcome.about;
    html! {
        header {
            p class="kicker" { "Backstop replay · " (about.market) " · " (outcome.seeds.len()) " seeds" }
            h1 { (about.title) }
            p class="dates" {
                time { (when(about.time.start)) } " to " time { (when(about.time.end)) } ", "
                (grouped(about.blocks)) " blocks of " (duration(about.time.block))
            }
            @if !outcome.good() { p class="verdict bad" { (words::broken(outcome)) } }
            p { (words::about(outcome)) }
            ul class="story" { @for sentence in words::story(outcome) { li { (sentence) } } }
            (contents(outcome))
        }
    }
}

/// Links to the sections.
fn contents(outcome: &Outcome) -> Markup {
    let mut links = vec![
        ("words".to_string(), "Words".to_string()),
        ("drawings".to_string(), "How far the seeds lie apart".to_string()),
    ];
    let settings = || outcome.settings.iter().enumerate();
    links.extend(
        settings().map(|(i, setting)| (format!("figures-{i}"), format!("Figures {}", setting.setting))),
    );
    let others = outcome.others().iter().enumerate();
    links.extend(others.map(|(i, other)| (format!("paired-{i}"), format!("Seed by seed {}", other.setting))));
    links.push(("limits".to_string(), "Limits".to_string()));
    links.extend(
        settings().map(|(i, setting)| (format!("runs-{i}"), format!("Every seed {}", setting.setting))),
    );
    links.push(("origin".to_string(), "Where this comes from".to_string()));
    html! {
        nav id="contents" aria-label="Contents" {
            ul { @for (id, title) in links { li { a href={ "#" (id) } { (title) } } } }
        }
    }
}

fn changes(outcome: &Outcome, other: &Draws) -> Markup {
    html! {
        section {
            h2 { "What is different " (other.setting) }
            ul class="story" { @for sentence in words::changes(outcome, other) { li { (sentence) } } }
        }
    }
}

fn drawn(drawings: &[Drawing]) -> Markup {
    html! {
        section id="drawings" {
            h2 { "How far the seeds lie apart" }
            p class="hint" { "Half of the seeds are below the median, a quarter below the lower quartile, and a quarter above the upper one." }
            @if drawings.is_empty() { p class="none" { "Every seed gives the same figures." } }
            @for drawing in drawings {
                figure id=(drawing.id) {
                    figcaption { h3 { (drawing.title) } p { (drawing.note) } }
                    div class="plot" {
                        (PreEscaped(draw(drawing, Size::Wide)))
                        (PreEscaped(draw(drawing, Size::Narrow)))
                    }
                }
            }
        }
    }
}

/// A table that scrolls by itself where the screen is narrow; the first cell of a row
/// is its heading.
fn table(title: &str, id: &str, head: &[String], rows: &[Vec<String>]) -> Markup {
    html! {
        section id=(id) {
            h2 { (title) }
            @if rows.is_empty() { p class="none" { "No figure differs under any seed." } } @else {
                (scrolls(title, &html! {
                    table {
                        thead { tr {
                            th scope="col" { "" }
                            @for name in head { th scope="col" class="n" { (name) } }
                        } }
                        tbody { @for row in rows { tr {
                            th scope="row" { (row.first().map_or("", String::as_str)) }
                            @for cell in row.iter().skip(1) { td class="n" { (cell) } }
                        } } }
                    }
                }))
            }
        }
    }
}

fn owned(head: &[&str]) -> Vec<String> {
    head.iter().map(ToString::to_string).collect()
}

fn worst(seed: Option<u64>) -> String {
    seed.map_or("several".to_string(), |seed| seed.to_string())
}

fn figures(outcome: &Outcome, index: usize, setting: &Draws) -> Markup {
    let head = [COLUMNS.as_slice(), &["worst seed"]].concat();
    let rows = outcome.moving().map(|(place, figure)| {
        let spread = outcome.spread(setting, place);
        let mut row = vec![words::capital(figure.name)];
        row.extend(
            spread
                .columns()
                .map(|value| figure.unit.show(value, outcome.about.decimals)),
        );
        row.push(worst(spread.worst));
        row
    });
    let title = format!("Figures {}", setting.setting);
    table(
        &title,
        &format!("figures-{index}"),
        &owned(&head),
        &rows.collect::<Vec<_>>(),
    )
}

fn pairs(outcome: &Outcome, index: usize, other: &Draws) -> Markup {
    let head = [&["more", "less", "same"], COLUMNS.as_slice(), &["worst seed"]].concat();
    let rows = outcome.moving().filter_map(|(place, figure)| {
        let (spread, ways) = outcome.paired(other, place);
        if ways.more + ways.less == 0 {
            return None;
        }
        let mut row = vec![words::capital(figure.name)];
        row.extend([ways.more, ways.less, ways.same].map(|count| count.to_string()));
        row.extend(
            spread
                .columns()
                .map(|value| figure.unit.show(value, outcome.about.decimals)),
        );
        row.push(worst(spread.worst));
        Some(row)
    });
    let title = format!("Seed by seed: how much more {}", other.setting);
    table(
        &title,
        &format!("paired-{index}"),
        &owned(&head),
        &rows.collect::<Vec<_>>(),
    )
}

fn limits(outcome: &Outcome) -> Markup {
    let head: Vec<String> = outcome.settings.iter().map(|s| s.setting.to_string()).collect();
    let rows = LIMITS.iter().enumerate().map(|(place, limit)| {
        let mut row = vec![words::capital(&format!("the {}", name(*limit)))];
        row.extend(outcome.settings.iter().map(|setting| {
            let (seeds, shortfalls) = setting.bound(place);
            format!("{seeds}, {shortfalls} shortfalls")
        }));
        row
    });
    let title = format!("In how many of {} seeds each limit bound", outcome.seeds.len());
    table(&title, "limits", &head, &rows.collect::<Vec<_>>())
}

fn runs(outcome: &Outcome, index: usize, setting: &Draws) -> Markup {
    let told = || FIGURES.iter().enumerate().filter(|(_, figure)| figure.told);
    let mut head: Vec<String> = told().map(|(_, figure)| figure.name.to_string()).collect();
    let expects = !matches!(setting.setting, Setting::Against(_));
    if expects {
        head.push("as expected".to_string());
    }
    let rows = outcome.seeds.iter().zip(&setting.draws).map(|(seed, draw)| {
        let mut row = vec![format!("seed {seed}")];
        row.extend(
            told().map(|(place, figure)| figure.unit.show(draw.values[place], outcome.about.decimals)),
        );
        if expects {
            row.push(if draw.missed.is_empty() { "yes" } else { "no" }.to_string());
        }
        row
    });
    let title = format!("Every seed {}", setting.setting);
    let missed = outcome.seeds.iter().zip(&setting.draws);
    let missed = missed.flat_map(|(seed, draw)| draw.missed.iter().map(move |missed| (seed, missed)));
    let missed: Vec<_> = missed.collect();
    html! {
        (table(&title, &format!("runs-{index}"), &head, &rows.collect::<Vec<_>>()))
        @if !missed.is_empty() { ul class="story" { @for (seed, missed) in missed { li { "Seed " (seed) ": " (missed.line()) } } } }
    }
}

fn origin(outcome: &Outcome) -> Markup {
    html! {
        footer id="origin" {
            h2 { "Where this comes from" }
            dl {
                dt { "scenario" } dd { (outcome.about.scenario) }
                dt { "program" } dd { "backstop " (env!("CARGO_PKG_VERSION")) }
                dt { "command" } dd { code { (outcome.command) } }
                dt { "checked" } dd { (words::checked(outcome)) }
            }
            p {
                "Amounts are in whole units of " (asset_name(&outcome.about.asset)) ". "
                "Between two values a quartile is a part of the way, rounded down. "
                "The same seeds give the same figures on any number of threads. "
                "People, depth and congestion are modelled, as the scenario states. No figure here is a forecast."
            }
        }
    }
}
