//! The seeds for people on a terminal.

use super::figure::FIGURES;
use super::limits::LIMITS;
use super::spread::COLUMNS;
use super::{Outcome, words};
use crate::report::bearers::name;
use crate::report::words::{asset_name, duration, grouped, when};
use backstop_terminal::Paint;

/// The whole text.
pub fn text(outcome: &Outcome, paint: Paint) -> String {
    let about = &outcome.about;
    let mut text = String::new();
    if !outcome.good() {
        text += &format!("{}\n\n", paint.bad(&words::broken(outcome)));
    }
    text += &format!("{}\n", paint.bold(&about.title));
    let heading = format!(
        "{}: {} from {} to {}, {} blocks of {}",
        about.scenario,
        about.market,
        when(about.time.start),
        when(about.time.end),
        grouped(about.blocks),
        duration(about.time.block),
    );
    text += &format!("{}\n{}\n\n", paint.dim(&heading), words::about(outcome));
    text += &list("What happened", &words::story(outcome), paint);
    for other in outcome.others() {
        let title = format!("What is different {}", other.setting);
        text += &list(&title, &words::changes(outcome, other), paint);
    }
    for setting in &outcome.settings {
        let title = words::capital(&setting.setting.to_string());
        text += &format!("{}\n", paint.bold(&title));
        text += &figures(outcome, setting, paint);
    }
    for other in outcome.others() {
        let title = format!("Seed by seed: how much more {}", other.setting);
        text += &format!("{}\n", paint.bold(&title));
        text += &pairs(outcome, other, paint);
    }
    text += &bound(outcome, paint);
    let checked = words::checked(outcome);
    text += &match outcome.good() {
        true => paint.good(&checked),
        false => paint.bad(&checked),
    };
    text.push('\n');
    for draw in outcome.settings.iter().flat_map(|setting| &setting.draws) {
        draw.found
            .iter()
            .for_each(|found| text += &format!("  {found}\n"));
    }
    text += &paint.dim(&format!("amounts are in {}", asset_name(&about.asset)));
    text.push('\n');
    text
}

fn list(title: &str, sentences: &[String], paint: Paint) -> String {
    let mut text = paint.bold(title) + "\n";
    sentences
        .iter()
        .for_each(|sentence| text += &format!("  {sentence}\n"));
    text.push('\n');
    text
}

fn figures(outcome: &Outcome, setting: &super::Draws, paint: Paint) -> String {
    let head = [&[""], COLUMNS.as_slice(), &["worst seed"]].concat();
    let rows = outcome.moving().map(|(place, figure)| {
        let spread = outcome.spread(setting, place);
        let cells = spread
            .columns()
            .map(|value| figure.unit.show(value, outcome.about.decimals));
        let mut row = vec![figure.name.to_string()];
        row.extend(cells);
        row.push(
            spread
                .worst
                .map_or("several".to_string(), |seed| seed.to_string()),
        );
        row
    });
    grid(&head, &rows.collect::<Vec<_>>(), paint) + &zero(outcome)
}

/// The figures that the tables leave out.
fn zero(outcome: &Outcome) -> String {
    let moving: Vec<&str> = outcome.moving().map(|(_, figure)| figure.key).collect();
    let still: Vec<&str> = FIGURES
        .iter()
        .filter(|figure| !moving.contains(&figure.key))
        .map(|figure| figure.name)
        .collect();
    match still.is_empty() {
        true => "\n".to_string(),
        false => format!("  zero in every run: {}\n\n", still.join(", ")),
    }
}

fn pairs(outcome: &Outcome, other: &super::Draws, paint: Paint) -> String {
    let head = [
        "",
        "more",
        "less",
        "same",
        "least",
        "median",
        "most",
        "mean",
        "worst seed",
    ];
    let rows = outcome.moving().filter_map(|(place, figure)| {
        let (spread, ways) = outcome.paired(other, place);
        if ways.more + ways.less == 0 {
            return None;
        }
        let mut row = vec![figure.name.to_string()];
        row.extend([ways.more, ways.less, ways.same].map(|count| count.to_string()));
        let four = [spread.least, spread.median, spread.most, spread.mean];
        row.extend(four.map(|value| figure.unit.show(value, outcome.about.decimals)));
        row.push(
            spread
                .worst
                .map_or("several".to_string(), |seed| seed.to_string()),
        );
        Some(row)
    });
    let rows: Vec<_> = rows.collect();
    match rows.is_empty() {
        true => "  no figure differs under any seed\n\n".to_string(),
        false => grid(&head, &rows, paint) + "\n",
    }
}

/// In how many seeds each limit bound.
fn bound(outcome: &Outcome, paint: Paint) -> String {
    let title = format!("In how many of {} seeds each limit bound", outcome.seeds.len());
    let mut text = paint.bold(&title) + "\n";
    let names: Vec<String> = outcome.settings.iter().map(|s| s.setting.to_string()).collect();
    let mut head = vec![""];
    head.extend(names.iter().map(String::as_str));
    let rows = LIMITS.iter().enumerate().map(|(place, limit)| {
        let mut row = vec![format!("the {}", name(*limit))];
        row.extend(outcome.settings.iter().map(|setting| match setting.bound(place) {
            (0, _) => "0".to_string(),
            (seeds, shortfalls) => format!("{seeds} ({shortfalls} shortfalls)"),
        }));
        row
    });
    text += &grid(&head, &rows.collect::<Vec<_>>(), paint);
    text.push('\n');
    text
}

/// Columns as wide as they need to be; the first to the left, the others to the right.
fn grid(head: &[&str], rows: &[Vec<String>], paint: Paint) -> String {
    let wide = |text: &str| text.chars().count();
    let width = |column: usize| {
        let cells = rows
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| wide(cell));
        cells
            .chain(head.get(column).map(|name| wide(name)))
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = " ".to_string();
        for (place, (cell, width)) in cells.zip(&widths).enumerate() {
            match place {
                0 => line += &format!(" {cell:<width$}"),
                _ => line += &format!("  {cell:>width$}"),
            }
        }
        line
    };
    let mut text = paint.dim(&line(&mut head.iter().copied())) + "\n";
    for row in rows {
        text += &line(&mut row.iter().map(String::as_str));
        text.push('\n');
    }
    text
}
