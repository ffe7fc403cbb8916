//! What each colour is, in rows above a drawing.

use plotters::style::RGBColor;

use super::marks::Edge;
use super::spec::Plot;

/// One entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The words.
    pub name: String,
    /// The colour.
    pub color: RGBColor,
    /// How it is drawn.
    pub mark: Mark,
    /// Where it begins, in pixels.
    pub x: i32,
    /// In which row, from zero.
    pub row: i32,
}

/// How an entry is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A line.
    Line,
    /// A dashed line.
    Dashes,
    /// A square.
    Filled,
    /// A pale square.
    Pale,
    /// A triangle at the upper edge.
    Down,
    /// A triangle at the lower edge.
    Up,
}

/// The entries of a drawing, laid out in rows of at most `width` pixels with
/// letters of this size.
pub fn entries(plot: &Plot, width: i32, letter: i32) -> Vec<Entry> {
    let lines = plot.lines.iter().map(|line| {
        let mark = if line.dashed { Mark::Dashes } else { Mark::Line };
        (line.name.clone(), line.color, mark)
    });
    let parts = plot
        .parts
        .iter()
        .map(|(name, color)| (name.clone(), *color, Mark::Filled));
    let mut shades: Vec<(String, RGBColor, Mark)> = vec![];
    for shade in &plot.shades {
        if !shades.iter().any(|(name, ..)| *name == shade.name) {
            shades.push((shade.name.clone(), shade.color, Mark::Pale));
        }
    }
    let band = plot
        .band
        .iter()
        .map(|_| ("band".to_string(), super::palette::MEDIAN, Mark::Pale));
    let marks = plot.marks.iter().map(|marks| {
        let mark = match marks.edge {
            Edge::Top => Mark::Down,
            Edge::Bottom => Mark::Up,
        };
        (marks.name.clone(), marks.color, mark)
    });
    let (mut x, mut row) = (0, 0);
    let mut placed = vec![];
    for (name, color, mark) in lines.chain(parts).chain(band).chain(shades).chain(marks) {
        // A letter is about half as wide as it is high.
        let long = 2 * letter + i32::try_from(name.chars().count()).unwrap_or(0) * letter * 11 / 20 + letter;
        if x > 0 && x + long > width {
            (x, row) = (0, row + 1);
        }
        placed.push(Entry {
            name,
            color,
            mark,
            x,
            row,
        });
        x += long;
    }
    placed
}
