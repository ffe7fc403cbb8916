//! A scenario guessed from price files alone. Nothing is asked: every guess is
//! written down with its reason, for a person to change.

mod alike;
mod figures;
mod market;
mod text;

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::args::NewArgs;
use crate::error::BadInput;
use crate::scenario;
use crate::scenario::tables::Scenario;
use crate::scenario::values::Moment;
use crate::series::csv::Survey;
use figures::Span;
use market::Market;

/// The most sources that a market has.
const MOST_FILES: usize = 8;
/// What a name of a source may have, with room for a follower's ending.
const NAME: usize = 24;

/// A price file, and the name of the source that it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The source's name.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

/// All that a scenario's text is written from.
struct Guess {
    name: String,
    title: String,
    market: String,
    market_why: String,
    asset: String,
    span: Span,
    /// How deep the deepest fall is, and when, in seconds since the epoch.
    fall: (f64, u64),
    sources: Vec<Source>,
}

/// One file as a source.
struct Source {
    name: String,
    /// Relative to the scenario.
    csv: String,
    survey: Survey,
}

/// Writes the scenario of `backstop scenario new`.
pub fn new_scenario(args: &NewArgs, out: &mut impl Write) -> Result<(), BadInput> {
    if let Some(market) = &args.market {
        backstop_types::input::market_name("--market", market).map_err(|error| BadInput::Argument {
            argument: "--market".to_string(),
            value: format!("{market:?}"),
            bound: "1 to 32 letters, digits and / . - _".to_string(),
            next: format!("name it like ATOM/USD ({error})"),
        })?;
    }
    let Some(path) = &args.out else {
        let here = Path::new("scenario.toml");
        let (text, _) = guess(
            &named(&args.files),
            here,
            args.name.as_deref(),
            args.market.as_deref(),
        )?;
        // A reader that went away has read enough.
        let _ = out.write_all(text.as_bytes());
        return Ok(());
    };
    if path.exists() && !args.force {
        return Err(BadInput::Exists { path: path.clone() });
    }
    let (text, _) = guess(
        &named(&args.files),
        path,
        args.name.as_deref(),
        args.market.as_deref(),
    )?;
    write(path, &text).map_err(|source| BadInput::Write {
        path: path.clone(),
        source,
    })
}

/// Writes beside its place and moves there, so that nobody reads half of it.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path)
}

/// The scenario, as text and read, that `files` suggest; it will be in `place`,
/// to which the paths of the files are relative.
pub fn guess(
    files: &[Named],
    place: &Path,
    name: Option<&str>,
    market: Option<&str>,
) -> Result<(String, Scenario), BadInput> {
    let surveys = surveys(files)?;
    let span = Span::of(&surveys)?;
    let found = one_market(files, &surveys, market.is_some())?;
    alike::check(&surveys, &span)?;
    let fall = figures::deepest_fall(&surveys, &span)?;
    let sources = sources(files, surveys, place)?;
    let (market, market_why) = match market {
        Some(market) => (market.to_string(), "as asked".to_string()),
        None => (found.name(), found.why),
    };
    let day = Moment(span.start)
        .to_string()
        .chars()
        .take(10)
        .collect::<String>();
    let guess = Guess {
        name: name.map_or(source_name(&format!("{market}-{day}"), 64), str::to_string),
        title: title(&market, &span, sources.len()),
        asset: asset(&market),
        market_why,
        market,
        span,
        fall,
        sources,
    };
    let text = text::write(&guess);
    let scenario = scenario::parse(place, &text)?;
    Ok((text, scenario))
}

fn sources(files: &[Named], surveys: Vec<Survey>, place: &Path) -> Result<Vec<Source>, BadInput> {
    let sources = files.iter().zip(surveys).map(|(file, survey)| {
        Ok(Source {
            name: file.name.clone(),
            csv: relative(&file.path, place)?,
            survey,
        })
    });
    sources.collect()
}

fn surveys(files: &[Named]) -> Result<Vec<Survey>, BadInput> {
    if files.len() > MOST_FILES {
        return Err(BadInput::Argument {
            argument: "the number of files".to_string(),
            value: files.len().to_string(),
            bound: format!("at most {MOST_FILES}: a market has no more sources"),
            next: "leave some out".to_string(),
        });
    }
    files.iter().map(|file| Survey::of(&file.path, None)).collect()
}

/// The market of all files; those that say theirs must say the same.
fn one_market(files: &[Named], surveys: &[Survey], asked: bool) -> Result<Market, BadInput> {
    let found = files.iter().zip(surveys);
    let mut found: Vec<Market> = found
        .map(|(file, survey)| market::guess(survey.symbol(), &stem(&file.path)))
        .collect();
    found.sort_by_key(|market| !market.sure);
    let (first, rest) = (&found[0], &found[1..]);
    let other = rest.iter().find(|other| other.sure && !other.same(first));
    match other.filter(|_| !asked) {
        Some(other) => Err(BadInput::Argument {
            argument: "the files' market".to_string(),
            value: format!("{} and {}", first.name(), other.name()),
            bound: "one: a scenario has one market, and dollars are taken for each other".to_string(),
            next: "give files of one asset in one quote, or --market if they are of one".to_string(),
        }),
        None => Ok(found.swap_remove(0)),
    }
}

/// A source's name for each file: its venue, or the file's own name.
fn named(files: &[PathBuf]) -> Vec<Named> {
    let mut named: Vec<Named> = vec![];
    for path in files {
        let stem = stem(path);
        let plain = market::venue(&stem).unwrap_or_else(|| source_name(&stem, NAME));
        let taken = |name: &String| named.iter().any(|other| other.name == *name);
        let mut names = (1..).map(|n| match n {
            1 => plain.clone(),
            n => format!("{plain}-{n}"),
        });
        let name = names.find(|name| !taken(name)).unwrap_or_default();
        named.push(Named {
            name,
            path: path.clone(),
        });
    }
    named
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// `text` in lower-case letters, digits and hyphens, at most `most` of them.
fn source_name(text: &str, most: usize) -> String {
    let plain = text.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    });
    let plain: String = plain.take(most).collect();
    match plain.trim_matches('-') {
        "" => "source".to_string(),
        name => name.to_string(),
    }
}

fn title(market: &str, span: &Span, files: usize) -> String {
    let from = match files {
        1 => "guessed from one file, which two more sources follow".to_string(),
        files => format!("guessed from {files} files"),
    };
    format!("{market}, {} to {}, {from}", Moment(span.start), Moment(span.end))
}

/// The denom that stands for the market's quote.
fn asset(market: &str) -> String {
    let quote = market.rsplit(['/', '-', '_']).next().unwrap_or_default();
    let letters: String = quote.chars().filter(char::is_ascii_alphabetic).collect();
    match letters.to_ascii_lowercase() {
        quote if (2..=16).contains(&quote.len()) && quote.len() < market.len() => format!("u{quote}"),
        _ => "uusd".to_string(),
    }
}

/// The path of `file` from the folder that `place` is in.
fn relative(file: &Path, place: &Path) -> Result<String, BadInput> {
    let folder = match place.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let real = |path: &Path| {
        path.canonicalize().map_err(|source| BadInput::Read {
            path: path.to_path_buf(),
            source,
            next: "make the folder first".to_string(),
        })
    };
    let (file, folder) = (real(file)?, real(folder)?);
    let relative = pathdiff::diff_paths(&file, folder).unwrap_or(file);
    relative
        .to_str()
        .map(str::to_string)
        .ok_or_else(|| BadInput::Argument {
            argument: "the file's name".to_string(),
            value: relative.display().to_string(),
            bound: "UTF-8, as a scenario is".to_string(),
            next: "rename it".to_string(),
        })
}
