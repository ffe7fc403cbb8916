//! What the page's script knows: the values behind each drawing.

use backstop_prices::decimal::significant;
use serde::Serialize;

use crate::report::plot::{Frame, Plot};

/// One drawing.
#[derive(Debug, Serialize)]
pub struct Figure {
    /// The figure's id.
    id: String,
    /// How its values are written.
    format: &'static str,
    wide: Frame,
    narrow: Frame,
    /// The axis, in seconds.
    from: f64,
    until: f64,
    /// The moments of the values, in seconds.
    times: Vec<u64>,
    /// What the values are, in the order of `values`.
    names: Vec<String>,
    /// One list a name; nothing where there was no value.
    values: Vec<Vec<Option<f64>>>,
    /// The colours behind, by name.
    shades: Vec<(String, f64, f64)>,
    /// When something happened, by name.
    marks: Vec<(String, Vec<f64>)>,
}

impl Figure {
    /// The values behind a drawing in these two frames.
    pub fn new(id: String, plot: &Plot, wide: Frame, narrow: Frame) -> Self {
        let (times, names, values) = if plot.parts.is_empty() {
            lines(plot)
        } else {
            bars(plot)
        };
        Self {
            id,
            format: plot.format.name(),
            wide,
            narrow,
            from: plot.span.0,
            until: plot.span.1,
            times,
            names,
            values,
            shades: plot
                .shades
                .iter()
                .map(|s| (s.name.clone(), s.from, s.until))
                .collect(),
            marks: plot
                .marks
                .iter()
                .map(|marks| (marks.name.clone(), marks.at.clone()))
                .collect(),
        }
    }
}

type Values = (Vec<u64>, Vec<String>, Vec<Vec<Option<f64>>>);

fn lines(plot: &Plot) -> Values {
    let mut names: Vec<String> = plot.lines.iter().map(|line| line.name.clone()).collect();
    let mut values: Vec<Vec<Option<f64>>> = plot
        .lines
        .iter()
        .map(|line| line.values.iter().map(|span| short(span.last)).collect())
        .collect();
    if let Some((low, high)) = &plot.band {
        names.extend(["band from".to_string(), "band to".to_string()]);
        values.extend([low, high].map(|ends| ends.iter().map(|value| short(*value)).collect()));
    }
    (plot.times.iter().map(|at| *at as u64).collect(), names, values)
}

fn bars(plot: &Plot) -> Values {
    let names = plot.parts.iter().map(|(name, _)| name.clone()).collect();
    let times = plot
        .bars
        .iter()
        .map(|bar| ((bar.from + bar.until) / 2.0) as u64)
        .collect();
    let part = |i: usize| {
        plot.bars
            .iter()
            .map(|bar| bar.parts.get(i).copied().and_then(short))
            .collect()
    };
    (times, names, (0..plot.parts.len()).map(part).collect())
}

/// Seven significant digits are more than a drawing shows.
fn short(value: f64) -> Option<f64> {
    value.is_finite().then(|| significant(value, 7))
}

/// As the content of a script element: `<` could end it.
pub fn json(figures: &[Figure]) -> String {
    serde_json::to_string(figures)
        .unwrap_or_default()
        .replace('<', "\\u003c")
}
