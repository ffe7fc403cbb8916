//! The drawings: how far a figure lies apart under each setting, and what another
//! setting changes seed by seed. SVG by plotters, for a wide screen, for a phone, and as
//! a file of its own.

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::figure::Figure;
use super::{Draws, Outcome, words};
use crate::report::plot::palette::{GRID, INK, LINES, MEDIAN, PAPER};
use crate::report::plot::{Format, Size, letters, values};
use crate::report::unit::Unit;

/// A drawing: of a figure's values, or of their differences to the first setting's.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// Its name in files and on the page.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// How to read it.
    pub note: &'static str,
    format: Format,
    shape: Shape,
}

#[derive(Debug, Clone)]
enum Shape {
    Strips(Vec<Strip>),
    Stems(Vec<(u64, f64)>),
}

/// The values under one setting.
#[derive(Debug, Clone)]
struct Strip {
    name: String,
    color: RGBColor,
    values: Vec<f64>,
    /// The least, the quartiles with the median, and the most.
    five: [f64; 5],
}

/// All drawings: of the figures that are told and are not the same everywhere.
pub fn drawings(outcome: &Outcome) -> Vec<Drawing> {
    let told = || outcome.moving().filter(|(_, figure)| figure.told);
    let mut drawings: Vec<Drawing> = told()
        .filter(|(place, _)| {
            let spreads = outcome
                .settings
                .iter()
                .map(|setting| outcome.spread(setting, *place));
            spreads.into_iter().any(|spread| !spread.is_one())
        })
        .map(|(place, figure)| strips(outcome, place, figure))
        .collect();
    for (index, other) in outcome.others().iter().enumerate() {
        let differs = told().filter(|(place, _)| {
            let differences = outcome.differences(other, *place);
            differences.iter().any(|difference| *difference != 0)
        });
        drawings.extend(differs.map(|(place, figure)| stems(outcome, other, index, place, figure)));
    }
    drawings
}

fn format(unit: Unit) -> Format {
    match unit {
        Unit::Share | Unit::Return => Format::Percent,
        Unit::Amount | Unit::Count | Unit::Seconds => Format::Amount,
        Unit::Price => Format::Price,
    }
}

fn strips(outcome: &Outcome, place: usize, figure: &Figure) -> Drawing {
    let drawn = |value| figure.unit.drawn(value, outcome.about.decimals);
    let strip = |(index, setting): (usize, &Draws)| {
        let spread = outcome.spread(setting, place);
        Strip {
            name: setting.setting.to_string(),
            color: LINES[index % LINES.len()],
            values: setting.values(place).into_iter().map(drawn).collect(),
            five: spread.five().map(drawn),
        }
    };
    Drawing {
        id: format!("seeds-{}", figure.key.replace('_', "-")),
        title: words::capital(figure.name),
        note: "A dot is a seed. The box holds the middle half of them, the stroke in it is the median, the line goes from the least to the most.",
        format: format(figure.unit),
        shape: Shape::Strips(outcome.settings.iter().enumerate().map(strip).collect()),
    }
}

fn stems(outcome: &Outcome, other: &Draws, index: usize, place: usize, figure: &Figure) -> Drawing {
    let differences = outcome.differences(other, place).into_iter();
    let differences = differences.map(|value| figure.unit.drawn(value, outcome.about.decimals));
    let which = if index == 0 {
        String::new()
    } else {
        format!("-{}", index + 1)
    };
    Drawing {
        id: format!("seeds-difference{which}-{}", figure.key.replace('_', "-")),
        title: format!("{}: how much more {}", words::capital(figure.name), other.setting),
        note: "Seed by seed, the same people at the same prices. Below zero it is less.",
        format: format(figure.unit),
        shape: Shape::Stems(outcome.seeds.iter().copied().zip(differences).collect()),
    }
}

type Drawn = Result<(), DrawingAreaErrorKind<std::io::Error>>;
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Lengths in pixels.
struct Sheet {
    width: u32,
    letter: i32,
    marks: usize,
}

/// Between the strips.
const STRIP: u32 = 74;
/// A drawing of differences.
const STEMS: u32 = 240;

/// Draws it; one that fails is empty: there is nothing that a string could refuse.
pub fn draw(drawing: &Drawing, size: Size) -> String {
    let sheet = match size {
        Size::Wide | Size::File => Sheet {
            width: 960,
            letter: 13,
            marks: 8,
        },
        Size::Narrow => Sheet {
            width: 400,
            letter: 13,
            marks: 4,
        },
    };
    let inner = match &drawing.shape {
        Shape::Strips(strips) => u32::try_from(strips.len()).unwrap_or(1) * STRIP + 34,
        Shape::Stems(_) => STEMS,
    };
    let title = if size == Size::File { 32 } else { 0 };
    let height = inner + title;
    let mut svg = String::new();
    let drawn = {
        let root = SVGBackend::with_string(&mut svg, (sheet.width, height)).into_drawing_area();
        on(&root, drawing, &sheet, title)
    };
    match drawn {
        Ok(()) => finished(svg, drawing, size, (sheet.width, height)),
        Err(_) => String::new(),
    }
}

fn on(root: &DrawingArea<SVGBackend, Shift>, drawing: &Drawing, sheet: &Sheet, title: u32) -> Drawn {
    if title > 0 {
        root.fill(&PAPER)?;
        let style = letters(sheet.letter + 4).color(&INK);
        root.draw(&Text::new(drawing.title.clone(), (8, 8), style))?;
    }
    match &drawing.shape {
        Shape::Strips(strips) => draw_strips(root, drawing, strips, sheet, title),
        Shape::Stems(stems) => draw_stems(root, drawing, stems, sheet, title),
    }
}

/// Room around values; never nothing.
fn air(low: f64, high: f64) -> (f64, f64) {
    let wide = (high - low).max(high.abs().max(low.abs()) * 0.02).max(1e-9);
    (low - wide * 0.04, high + wide * 0.04)
}

fn ends(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let low = values.clone().fold(f64::INFINITY, f64::min);
    let high = values.fold(f64::NEG_INFINITY, f64::max);
    match low.is_finite() && high.is_finite() {
        true => (low, high),
        false => (0.0, 1.0),
    }
}

fn draw_strips(
    root: &DrawingArea<SVGBackend, Shift>,
    drawing: &Drawing,
    strips: &[Strip],
    sheet: &Sheet,
    top: u32,
) -> Drawn {
    let all = strips.iter().flat_map(|strip| strip.values.iter().copied());
    let (low, high) = ends(all);
    let (low, high) = air(low, high);
    let rows = strips.len() as f64;
    let mut chart = ChartBuilder::on(root)
        .margin_top(top + 4)
        .margin_left(14)
        .margin_right(14)
        .margin_bottom(4)
        .x_label_area_size(24)
        .build_cartesian_2d(low..high, 0.0..rows)?;
    for value in values(low, high, sheet.marks, false) {
        chart.draw_series([PathElement::new(vec![(value, 0.0), (value, rows)], GRID)])?;
        let (x, y) = chart.backend_coord(&(value, 0.0));
        let style = letters(sheet.letter)
            .color(&INK)
            .pos(Pos::new(HPos::Center, VPos::Top));
        root.draw(&Text::new(drawing.format.show(value), (x, y + 6), style))?;
    }
    for (index, strip) in strips.iter().enumerate() {
        draw_strip(root, &mut chart, strip, rows - index as f64 - 1.0, low, sheet)?;
    }
    Ok(())
}

/// One strip from `base` to a unit above it: its name on top, below it box and dots.
fn draw_strip<'b>(
    root: &DrawingArea<SVGBackend<'b>, Shift>,
    chart: &mut Chart<'_, 'b>,
    strip: &Strip,
    base: f64,
    low: f64,
    sheet: &Sheet,
) -> Drawn {
    let [least, lower, median, upper, most] = strip.five;
    let (under, middle, over) = (base + 0.1, base + 0.34, base + 0.58);
    let color = strip.color;
    chart.draw_series([PathElement::new(
        vec![(least, middle), (most, middle)],
        color.stroke_width(1),
    )])?;
    chart.draw_series([Rectangle::new(
        [(lower, under), (upper, over)],
        color.mix(0.22).filled(),
    )])?;
    chart.draw_series([PathElement::new(
        vec![(median, under), (median, over)],
        color.stroke_width(3),
    )])?;
    // Equal values lie beside each other, the same way each time.
    let dots = strip.values.iter().enumerate().map(|(i, value)| {
        let lift = ((i * 3 % 7) as f64 - 3.0) * 0.055;
        Circle::new((*value, middle + lift), 3, color.filled())
    });
    chart.draw_series(dots)?;
    let (x, y) = chart.backend_coord(&(low, base + 0.95));
    let style = letters(sheet.letter)
        .color(&INK)
        .pos(Pos::new(HPos::Left, VPos::Top));
    root.draw(&Text::new(strip.name.clone(), (x, y), style))
}

fn draw_stems(
    root: &DrawingArea<SVGBackend, Shift>,
    drawing: &Drawing,
    stems: &[(u64, f64)],
    sheet: &Sheet,
    top: u32,
) -> Drawn {
    let (low, high) = ends(stems.iter().map(|(_, value)| *value).chain([0.0]));
    let (low, high) = air(low, high);
    let last = stems.len() as f64;
    let mut chart = ChartBuilder::on(root)
        .margin_top(top + 8)
        .margin_right(14)
        .margin_bottom(4)
        .x_label_area_size(24)
        .y_label_area_size(62)
        .build_cartesian_2d(0.0..last + 1.0, low..high)?;
    for value in values(low, high, 5, false) {
        chart.draw_series([PathElement::new(vec![(0.0, value), (last + 1.0, value)], GRID)])?;
        let (x, y) = chart.backend_coord(&(0.0, value));
        let style = letters(sheet.letter)
            .color(&INK)
            .pos(Pos::new(HPos::Right, VPos::Center));
        root.draw(&Text::new(drawing.format.show(value), (x - 6, y), style))?;
    }
    let zero = vec![(0.0, 0.0), (last + 1.0, 0.0)];
    chart.draw_series([PathElement::new(zero, MEDIAN.stroke_width(1))])?;
    let every = stems.len().div_ceil(sheet.marks * 3).max(1);
    for (place, (seed, value)) in stems.iter().enumerate() {
        let x = place as f64 + 1.0;
        let color = if *value > 0.0 { LINES[1] } else { LINES[0] };
        chart.draw_series([PathElement::new(
            vec![(x, 0.0), (x, *value)],
            color.stroke_width(2),
        )])?;
        chart.draw_series([Circle::new((x, *value), 4, color.filled())])?;
        if place % every == 0 {
            let (x, y) = chart.backend_coord(&(x, low));
            let style = letters(sheet.letter)
                .color(&INK)
                .pos(Pos::new(HPos::Center, VPos::Top));
            root.draw(&Text::new(seed.to_string(), (x, y + 6), style))?;
        }
    }
    Ok(())
}

/// Made to scale with the page, and named for whoever cannot see it.
fn finished(svg: String, drawing: &Drawing, size: Size, (width, height): (u32, u32)) -> String {
    let class = match size {
        Size::Wide => "wide",
        Size::Narrow => "narrow",
        Size::File => return svg,
    };
    let title = drawing
        .title
        .replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;");
    let was = format!("<svg width=\"{width}\" height=\"{height}\" ");
    let now = format!("<svg class=\"{class}\" role=\"img\" aria-label=\"{title}\" ");
    svg.replacen(&was, &now, 1)
}
