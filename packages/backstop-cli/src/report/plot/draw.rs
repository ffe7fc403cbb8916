//! From a drawing's description to SVG.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::legend::{self, Mark};
use super::marks::{Edge, Marks};
use super::palette::{GRID, INK, MEDIAN, PAPER};
use super::scale::{moment, moments, values};
use super::spec::{Bar, Line, Plot};

/// For what it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// A screen.
    Wide,
    /// A phone.
    Narrow,
    /// A file of its own, with title and paper.
    File,
}

/// A drawing, and where in it the axes are.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The SVG.
    pub svg: String,
    /// Where the moments lie.
    pub frame: Frame,
}

/// The left and the right end of the axis of time, as parts of the width, and
/// its lower and upper end as parts of the height.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct Frame {
    /// The first moment.
    pub left: f64,
    /// The last one.
    pub right: f64,
    /// The highest value.
    pub top: f64,
    /// The lowest value.
    pub bottom: f64,
}

/// Lengths in pixels.
struct Sheet {
    width: u32,
    height: u32,
    letter: i32,
    axis: u32,
    times: usize,
    values: usize,
}

impl Size {
    fn sheet(self) -> Sheet {
        match self {
            Self::Wide | Self::File => Sheet {
                width: 960,
                height: 320,
                letter: 13,
                axis: 62,
                times: 8,
                values: 6,
            },
            Self::Narrow => Sheet {
                width: 400,
                height: 300,
                letter: 13,
                axis: 56,
                times: 3,
                values: 5,
            },
        }
    }
}

/// Letters of this many pixels; plotters measures them by their box.
pub fn letters(pixels: i32) -> FontDesc<'static> {
    const BOX: f64 = 1.24;
    ("sans-serif", f64::from(pixels) * BOX).into_font()
}

/// Moments and values in a row.
type Points = Vec<(f64, f64)>;

type Drawn<T> = Result<T, DrawingAreaErrorKind<std::io::Error>>;

/// Draws it. A drawing that fails is an empty one: there is nothing that a
/// string could refuse.
pub fn draw(plot: &Plot, size: Size) -> Picture {
    let sheet = size.sheet();
    let mut svg = String::new();
    let frame = Frame {
        left: 0.0,
        right: 1.0,
        top: 0.0,
        bottom: 1.0,
    };
    let drawn = {
        let root = SVGBackend::with_string(&mut svg, (sheet.width, sheet.height)).into_drawing_area();
        on(&root, plot, size, &sheet)
    };
    match drawn {
        Ok(frame) => Picture {
            svg: finished(svg, plot, size),
            frame,
        },
        Err(_) => Picture {
            svg: String::new(),
            frame,
        },
    }
}

fn on(root: &DrawingArea<SVGBackend, Shift>, plot: &Plot, size: Size, sheet: &Sheet) -> Drawn<Frame> {
    let letter = sheet.letter;
    let mut top = 4;
    if size == Size::File {
        root.fill(&PAPER)?;
        let title = letters(letter + 4).color(&INK);
        root.draw(&Text::new(plot.title.clone(), (8, 8), title))?;
        top += letter + 12;
    }
    let entries = legend::entries(plot, sheet.width as i32 - 16, letter);
    for entry in &entries {
        mark(root, entry, 8 + entry.x, top + entry.row * (letter + 7), letter)?;
    }
    let rows = entries.last().map_or(0, |last| last.row + 1);
    let below = (top + rows * (letter + 7) + 4).max(0) as u32;
    let (low, high) = bounds(plot);
    let mut builder = ChartBuilder::on(root);
    builder
        .margin_top(below)
        .margin_right(14)
        .margin_bottom(4)
        .x_label_area_size(24)
        .y_label_area_size(sheet.axis);
    let (start, end) = plot.span;
    if plot.log {
        let mut chart = builder.build_cartesian_2d(start..end, (low..high).log_scale())?;
        inside(root, &mut chart, plot, (low, high), sheet)
    } else {
        let mut chart = builder.build_cartesian_2d(start..end, low..high)?;
        inside(root, &mut chart, plot, (low, high), sheet)
    }
}

/// From which to which value the axis goes.
fn bounds(plot: &Plot) -> (f64, f64) {
    let of_lines = plot
        .lines
        .iter()
        .flat_map(|line| line.values.iter().flat_map(|span| [span.min, span.max]));
    let of_bars = plot.bars.iter().map(|bar| bar.parts.iter().sum::<f64>());
    let mut known: Vec<f64> = of_lines
        .chain(of_bars)
        .filter(|value| value.is_finite())
        .collect();
    if plot.log {
        known.retain(|value| *value > 0.0);
    }
    let mut low = known.iter().copied().fold(f64::INFINITY, f64::min);
    let mut high = known.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if plot.from_zero {
        low = 0.0;
    }
    if !low.is_finite() || !high.is_finite() {
        return (0.0, 1.0);
    }
    if plot.log {
        return (low / 1.1, high * 1.1);
    }
    if high <= low {
        high = low + low.abs().max(1.0) * 0.01;
    }
    let air = (high - low) * 0.06;
    low = if plot.from_zero { 0.0 } else { low - air };
    (low, high + air)
}

/// Axes of moments and values, whatever the scale of the values.
type Chart<'a, 'b, Y> =
    ChartContext<'a, SVGBackend<'b>, Cartesian2d<plotters::coord::types::RangedCoordf64, Y>>;

fn inside<'b, Y>(
    root: &DrawingArea<SVGBackend<'b>, Shift>,
    chart: &mut Chart<'_, 'b, Y>,
    plot: &Plot,
    range: (f64, f64),
    sheet: &Sheet,
) -> Drawn<Frame>
where
    Y: Ranged<ValueType = f64>,
{
    let (low, high) = range;
    for shade in &plot.shades {
        let area = [(shade.from, low), (shade.until, high)];
        chart.draw_series([Rectangle::new(area, shade.color.mix(0.18).filled())])?;
    }
    axes(root, chart, plot, range, sheet)?;
    if let Some((lows, highs)) = &plot.band {
        for part in parts(plot, lows, highs) {
            chart.draw_series([Polygon::new(part, MEDIAN.mix(0.25).filled())])?;
        }
    }
    for bar in &plot.bars {
        stack(chart, plot, bar)?;
    }
    for line in &plot.lines {
        let style = line.color.stroke_width(if line.dashed { 1 } else { 2 });
        for points in paths(plot, line, low) {
            if line.dashed {
                chart.draw_series(DashedLineSeries::new(points, 5, 4, style))?;
            } else {
                chart.draw_series([PathElement::new(points, style)])?;
            }
        }
    }
    for marks in &plot.marks {
        stand(root, chart, marks, range)?;
    }
    let (across, down) = chart.plotting_area().get_pixel_range();
    let (width, height) = (f64::from(sheet.width), f64::from(sheet.height));
    Ok(Frame {
        left: f64::from(across.start) / width,
        right: f64::from(across.end) / width,
        top: f64::from(down.start) / height,
        bottom: f64::from(down.end) / height,
    })
}

/// Marks on their edge. What happens at one place of the drawing is one mark.
fn stand<'b, Y>(
    root: &DrawingArea<SVGBackend<'b>, Shift>,
    chart: &Chart<'_, 'b, Y>,
    marks: &Marks,
    (low, high): (f64, f64),
) -> Drawn<()>
where
    Y: Ranged<ValueType = f64>,
{
    let edge = match marks.edge {
        Edge::Top => high,
        Edge::Bottom => low,
    };
    let mut places: Vec<(i32, i32)> = marks
        .at
        .iter()
        .map(|at| chart.backend_coord(&(*at, edge)))
        .collect();
    places.dedup_by_key(|(x, _)| *x / MARK);
    for place in places {
        let points = triangle(place, MARK, marks.edge);
        root.draw(&Polygon::new(points, marks.color.filled()))?;
    }
    Ok(())
}

/// A mark's height, in pixels.
const MARK: i32 = 8;

/// A mark that stands on an edge and points into the drawing.
fn triangle((x, y): (i32, i32), high: i32, edge: Edge) -> Vec<(i32, i32)> {
    let tip = match edge {
        Edge::Top => y + high,
        Edge::Bottom => y - high,
    };
    vec![(x - high / 2, y), (x + high / 2, y), (x, tip)]
}

/// A grid at round values, with their words beside it.
fn axes<'b, Y>(
    root: &DrawingArea<SVGBackend<'b>, Shift>,
    chart: &mut Chart<'_, 'b, Y>,
    plot: &Plot,
    range: (f64, f64),
    sheet: &Sheet,
) -> Drawn<()>
where
    Y: Ranged<ValueType = f64>,
{
    let (low, high) = range;
    let (start, end) = plot.span;
    let text = |across, down| letters(sheet.letter).color(&INK).pos(Pos::new(across, down));
    for value in values(low, high, sheet.values, plot.log) {
        chart.draw_series([PathElement::new(vec![(start, value), (end, value)], GRID)])?;
        let (x, y) = chart.backend_coord(&(start, value));
        let style = text(HPos::Right, VPos::Center);
        root.draw(&Text::new(plot.format.show(value), (x - 6, y), style))?;
    }
    for at in moments(start, end, sheet.times) {
        chart.draw_series([PathElement::new(vec![(at, low), (at, high)], GRID)])?;
        let (x, y) = chart.backend_coord(&(at, low));
        let words = moment(at, end - start);
        // A letter is at most as wide as it is high.
        let half = i32::try_from(words.len()).unwrap_or(0) * sheet.letter / 2;
        let last = x + half > sheet.width as i32;
        let (x, across) = if last {
            (x + 12, HPos::Right)
        } else {
            (x, HPos::Center)
        };
        root.draw(&Text::new(words, (x, y + 6), text(across, VPos::Top)))?;
    }
    Ok(())
}

/// The stretches in which both ends of the band are known.
fn parts(plot: &Plot, lows: &[f64], highs: &[f64]) -> Vec<Points> {
    let mut stretches = vec![];
    let (mut under, mut over) = (Points::new(), Points::new());
    let mut close = |under: &mut Points, over: &mut Points| {
        if under.len() > 1 {
            let back = over.drain(..).rev();
            stretches.push(under.drain(..).chain(back).collect());
        }
        under.clear();
        over.clear();
    };
    for ((at, low), high) in plot.times.iter().zip(lows).zip(highs) {
        if low.is_finite() && high.is_finite() && *low > 0.0 {
            under.push((*at, *low));
            over.push((*at, *high));
        } else {
            close(&mut under, &mut over);
        }
    }
    close(&mut under, &mut over);
    stretches
}

fn stack<'b, Y>(chart: &mut Chart<'_, 'b, Y>, plot: &Plot, bar: &Bar) -> Drawn<()>
where
    Y: Ranged<ValueType = f64>,
{
    let air = (bar.until - bar.from) * 0.1;
    let mut base = 0.0;
    for (part, (_, color)) in bar.parts.iter().zip(&plot.parts) {
        if *part > 0.0 {
            let area = [(bar.from + air, base), (bar.until - air, base + part)];
            chart.draw_series([Rectangle::new(area, color.filled())])?;
        }
        base += part;
    }
    Ok(())
}

/// The stretches of a line in which it is known: through the extremes of each
/// column, and on to its last value.
fn paths(plot: &Plot, line: &Line, floor: f64) -> Vec<Points> {
    let mut stretches = vec![];
    let mut points = Points::new();
    for (at, span) in plot.times.iter().zip(&line.values) {
        let known = span.last.is_finite() && (!plot.log || span.min > 0.0);
        if !known {
            if points.len() > 1 {
                stretches.push(std::mem::take(&mut points));
            }
            points.clear();
            continue;
        }
        if span.min < span.max {
            points.push((*at, span.min.max(floor)));
            points.push((*at, span.max));
        }
        points.push((*at, span.last.max(floor)));
    }
    if points.len() > 1 {
        stretches.push(points);
    }
    stretches
}

fn mark(
    root: &DrawingArea<SVGBackend, Shift>,
    entry: &legend::Entry,
    x: i32,
    y: i32,
    letter: i32,
) -> Drawn<()> {
    let middle = y + letter / 2;
    let long = letter * 3 / 2;
    match entry.mark {
        Mark::Line => root.draw(&PathElement::new(
            vec![(x, middle), (x + long, middle)],
            entry.color.stroke_width(3),
        ))?,
        Mark::Dashes => {
            for begin in [x, x + long - letter / 2] {
                let dash = vec![(begin, middle), (begin + letter / 2, middle)];
                root.draw(&PathElement::new(dash, entry.color.stroke_width(2)))?;
            }
        }
        Mark::Filled | Mark::Pale => {
            let strength = if entry.mark == Mark::Pale { 0.35 } else { 1.0 };
            let square = [(x + letter / 4, y), (x + letter / 4 + letter, y + letter)];
            root.draw(&Rectangle::new(square, entry.color.mix(strength).filled()))?;
        }
        Mark::Down | Mark::Up => {
            let (edge, base) = match entry.mark {
                Mark::Down => (Edge::Top, y + 1),
                _ => (Edge::Bottom, y + letter - 1),
            };
            let points = triangle((x + letter * 3 / 4, base), letter - 3, edge);
            root.draw(&Polygon::new(points, entry.color.filled()))?;
        }
    }
    let style = letters(letter).color(&INK);
    root.draw(&Text::new(entry.name.clone(), (x + letter * 2, y), style))
}

/// Made to scale with the page, and named for whoever cannot see it.
fn finished(svg: String, plot: &Plot, size: Size) -> String {
    let sheet = size.sheet();
    let was = format!("<svg width=\"{}\" height=\"{}\" ", sheet.width, sheet.height);
    let class = match size {
        Size::Wide => "wide",
        Size::Narrow => "narrow",
        Size::File => return svg,
    };
    let now = format!(
        "<svg class=\"{class}\" role=\"img\" aria-label=\"{}\" ",
        plot.title
            .replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('<', "&lt;")
    );
    svg.replacen(&was, &now, 1)
}
