//! The last table in the package's README, between two marks.

use std::path::Path;

use super::table::table;
use super::{Report, check};
use crate::{Error, Result};

const BEGIN: &str = "<!-- table -->\n";
const END: &str = "<!-- /table -->";

impl Report {
    /// Puts the table and what must hold into the file at `path`.
    pub fn into_readme(&self, path: &Path) -> Result<()> {
        let text = std::fs::read_to_string(path).map_err(Error::file(path))?;
        let verdicts = check::verdicts(self, true);
        let figures = format!("{}\n{}", table(self), check::lines(&verdicts));
        let Some(text) = replaced(&text, &figures) else {
            return Err(Error::Answer {
                what: path.display().to_string(),
                field: BEGIN.trim().to_string(),
                answer: String::new(),
            });
        };
        std::fs::write(path, text).map_err(Error::file(path))
    }
}

fn replaced(text: &str, figures: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}```text\n{figures}```\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn only_what_lies_between_the_marks_is_replaced() {
        let text = "a\n<!-- table -->\nold\n<!-- /table -->\nb\n";
        let new = replaced(text, "new\n").unwrap();
        assert_eq!(new, "a\n<!-- table -->\n```text\nnew\n```\n<!-- /table -->\nb\n");
        assert_eq!(replaced("nothing", "new"), None);
    }
}
