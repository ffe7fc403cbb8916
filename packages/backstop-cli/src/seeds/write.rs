//! What `--out` writes of the seeds.

use std::path::Path;

use super::draw::{draw, drawings};
use super::json::Json;
use super::{Outcome, page};
use crate::error::BadInput;
use crate::report::plot::Size;
use crate::report::write::all;

/// Writes `seeds.html`, `seeds.json` and `plots/seeds-*.svg` into the folder `out`, which
/// is made where it is missing. A report of one run may lie there too.
pub fn write(out: &Path, outcome: &Outcome) -> Result<(), BadInput> {
    let mut files: Vec<_> = drawings(outcome)
        .iter()
        .map(|drawing| {
            let path = out.join("plots").join(format!("{}.svg", drawing.id));
            (path, draw(drawing, Size::File))
        })
        .collect();
    files.push((out.join("seeds.html"), page::page(outcome)));
    files.push((out.join("seeds.json"), Json::from(outcome).text()));
    all(files)
}
