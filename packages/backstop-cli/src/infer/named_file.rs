//! A price file with the name of the source that it becomes: `NAME=FILE`.

use std::path::PathBuf;
use std::str::FromStr;

/// A price file, and the name of the source that it becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFile {
    /// The source's name.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

impl FromStr for NamedFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((name, path)) if !name.is_empty() && !path.is_empty() => Ok(Self {
                name: name.to_string(),
                path: PathBuf::from(path),
            }),
            _ => Err(
                "must be a source's name, an equals sign and a file, such as binance=luna.csv".to_string(),
            ),
        }
    }
}
