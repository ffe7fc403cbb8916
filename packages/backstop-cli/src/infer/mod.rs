//! A scenario inferred from price files alone. Nothing is asked: every number is
//! written down with its reason, for a person to change.

mod alike;
mod another_market;
mod chosen;
mod decimals;
mod figures;
mod inferred;
mod market;
mod named_file;
mod text;
mod with_prices;

use std::path::{Path, PathBuf};

use backstop_prices::{PriceError, PriceFile, Wanted};
use backstop_replay::scenario;
use backstop_replay::scenario::tables::Scenario;
use backstop_replay::scenario::values::Moment;

use crate::error::BadInput;
use figures::Span;
use inferred::{Inferred, Source};
use market::Market;

pub use chosen::Chosen;
pub use named_file::NamedFile;
pub use with_prices::with_prices;

/// The most sources that a market has.
const MOST_FILES: usize = 8;
/// What a name of a source may have, with room for a follower's ending.
const NAME: usize = 24;

/// The scenario, as text and read, that `files` suggest; it will be in `place`,
/// to which the paths of the files are relative.
pub fn infer(
    files: &[NamedFile],
    wanted: &Wanted,
    place: &Path,
    name: Option<&str>,
    market: Option<&str>,
) -> Result<(String, Scenario), BadInput> {
    with_prices::named_once(files)?;
    let (series, read) = series(files, wanted)?.into_iter().unzip();
    let (series, read): (Vec<PriceFile>, Vec<Wanted>) = (series, read);
    let span = Span::of(&series)?;
    let found = one_market(files, &series, market.is_some())?;
    alike::check(&series, &span)?;
    let fall = figures::deepest_fall(&series, &span)?;
    let sources = sources(files, series, read, place)?;
    let (market, market_why) = match market {
        Some(market) => (market.to_string(), "as asked".to_string()),
        None => (found.name(), found.why),
    };
    let day = Moment(span.start)
        .to_string()
        .chars()
        .take(10)
        .collect::<String>();
    let inferred = Inferred {
        name: name.map_or(source_name(&format!("{market}-{day}"), 64), str::to_string),
        title: title(&market, &span, sources.len()),
        asset: asset(&market),
        market_why,
        market,
        span,
        fall,
        sources,
    };
    let text = text::write(&inferred);
    let scenario = scenario::parse(place, &text)?;
    Ok((text, scenario))
}

fn sources(
    files: &[NamedFile],
    series: Vec<PriceFile>,
    read: Vec<Wanted>,
    place: &Path,
) -> Result<Vec<Source>, BadInput> {
    let sources = files.iter().zip(series).zip(read).map(|((named, file), wanted)| {
        Ok(Source {
            wanted,
            name: named.name.clone(),
            csv: relative(&named.path, place)?,
            file,
        })
    });
    sources.collect()
}

/// Each file's series, and how it was read. A feed's whole answers have the decimals
/// with which they are the prices of another file, if nobody says how many.
fn series(files: &[NamedFile], wanted: &Wanted) -> Result<Vec<(PriceFile, Wanted)>, BadInput> {
    if files.len() > MOST_FILES {
        return Err(BadInput::Argument {
            argument: "the number of files".to_string(),
            value: files.len().to_string(),
            bound: format!("at most {MOST_FILES}: a market has no more sources"),
            next: "leave some out".to_string(),
        });
    }
    let read: Vec<_> = files
        .iter()
        .map(|named| PriceFile::of(&named.path, wanted))
        .collect();
    let clear = read.iter().find_map(|read| read.as_ref().ok()).cloned();
    let series = files.iter().zip(read).map(|(named, read)| match (read, &clear) {
        (Err(error @ PriceError::WholeAnswer { .. }), Some(clear)) => {
            let wanted = decimals::by(clear, &named.path, wanted)?.ok_or(error)?;
            Ok((PriceFile::of(&named.path, &wanted)?, wanted))
        }
        (read, _) => Ok((read?, wanted.clone())),
    });
    series.collect()
}

/// The market of all files; those that say theirs must say the same.
fn one_market(files: &[NamedFile], series: &[PriceFile], asked: bool) -> Result<Market, BadInput> {
    let found = files.iter().zip(series);
    let mut found: Vec<Market> = found
        .map(|(named, file)| market::of(file.symbol(), &stem(&named.path)))
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
pub fn named(files: &[PathBuf]) -> Vec<NamedFile> {
    let mut named: Vec<NamedFile> = vec![];
    for path in files {
        let stem = stem(path);
        let plain = market::venue(&stem).unwrap_or_else(|| source_name(&stem, NAME));
        let taken = |name: &String| named.iter().any(|other| other.name == *name);
        let mut names = (1..).map(|n| match n {
            1 => plain.clone(),
            n => format!("{plain}-{n}"),
        });
        let name = names.find(|name| !taken(name)).unwrap_or_default();
        named.push(NamedFile {
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
        1 => "inferred from one file, which two more sources follow".to_string(),
        files => format!("inferred from {files} files"),
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
