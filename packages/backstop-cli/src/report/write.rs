//! What `--out` writes: the report for people, for programs, and each drawing.
//! Each file is written beside its place and all are moved there at the end:
//! whoever reads one finds the old or the new, never half of one.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Report;
use super::json::Json;
use super::page::{OTHERS, page};
use super::plot::{Plot, Size, draw, spec};
use crate::error::BadInput;

/// The drawings' folder.
const PLOTS: &str = "plots";

/// Writes `report.json`, `report.html` and `plots/*.svg` into the folder `out`,
/// which is made where it is missing.
pub fn write(out: &Path, report: &Report) -> Result<(), BadInput> {
    let mut json = serde_json::to_string_pretty(&Json::from(report))
        .map_err(|error| failed(&out.join("report.json"), error.into()))?;
    json.push('\n');
    let mut files = vec![];
    for (name, plot) in drawings(report) {
        files.push((out.join(PLOTS).join(name), draw(&plot, Size::File).svg));
    }
    files.push((out.join("report.html"), page(report)));
    files.push((out.join("report.json"), json));
    all(files)?;
    // What an earlier report drew and this one does not would be taken for this one's.
    for name in left_out(report) {
        let path = out.join(PLOTS).join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(&path, error)),
            _ => {}
        }
    }
    Ok(())
}

/// Whether a report can be written there, before a replay has taken its time.
pub fn can_write(out: &Path) -> Result<(), BadInput> {
    let tried = || {
        fs::create_dir_all(out)?;
        tempfile::tempfile_in(out)
    };
    tried().map(drop).map_err(|source| failed(out, source))
}

/// Writes each text to its path, once all of them are written beside it.
pub fn all(files: Vec<(PathBuf, String)>) -> Result<(), BadInput> {
    let files = files.iter().map(|(path, text)| unfinished(path, text));
    for (file, path) in files.collect::<Result<Vec<_>, _>>()? {
        file.persist(&path).map_err(|error| failed(&path, error.error))?;
    }
    Ok(())
}

/// Each drawing with its file's name.
fn drawings(report: &Report) -> Vec<(String, Plot)> {
    let named = |prefix: &str| {
        let prefix = prefix.to_string();
        move |plot: Plot| (format!("{prefix}{}.svg", plot.id), plot)
    };
    let mut drawings: Vec<_> = spec::of(report).into_iter().map(named("")).collect();
    for (second, prefix) in report.others().iter().zip(OTHERS) {
        drawings.extend(spec::both(report, second).into_iter().map(named(prefix.both)));
        drawings.extend(spec::of(second).into_iter().map(named(prefix.alone)));
    }
    drawings
}

/// The files' names of what has nothing to show.
fn left_out(report: &Report) -> Vec<String> {
    let names = |prefix: &str, run: &Report| {
        let plots = spec::left_out(run).into_iter();
        plots
            .map(|plot| format!("{prefix}{}.svg", plot.id))
            .collect::<Vec<_>>()
    };
    let mut left_out = names("", report);
    for (second, prefix) in report.others().iter().zip(OTHERS) {
        left_out.extend(names(prefix.alone, second));
    }
    left_out
}

/// A file beside its place; gone again if it is not moved there.
fn unfinished(path: &Path, text: &str) -> Result<(NamedTempFile, PathBuf), BadInput> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let written = || {
        fs::create_dir_all(folder)?;
        let file = tempfile::Builder::new()
            .prefix(".unfinished-")
            .tempfile_in(folder)?;
        fs::write(file.path(), text)?;
        readable(&file)?;
        Ok(file)
    };
    let file = written().map_err(|source| failed(path, source))?;
    Ok((file, path.to_path_buf()))
}

/// Temporary files are their owner's alone; a report is for everybody who may
/// read the folder.
#[cfg(unix)]
fn readable(file: &NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &NamedTempFile) -> std::io::Result<()> {
    Ok(())
}

fn failed(path: &Path, source: std::io::Error) -> BadInput {
    BadInput::Write {
        path: path.to_path_buf(),
        source,
    }
}
