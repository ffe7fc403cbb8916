//! Colour on a terminal only, and never where `NO_COLOR` asks for none.

use std::io::IsTerminal;

use owo_colors::{OwoColorize, Style};

/// Whether and how to colour text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    /// It is.
    pub on: bool,
}

impl Paint {
    /// Colour if standard output is a terminal and `NO_COLOR` is unset or empty.
    pub fn auto() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            on: std::io::stdout().is_terminal() && !refused,
        }
    }

    /// No colour at all.
    pub fn plain() -> Self {
        Self { on: false }
    }

    /// A heading.
    pub fn bold(self, text: &str) -> String {
        self.style(text, Style::new().bold())
    }

    /// What went well.
    pub fn good(self, text: &str) -> String {
        self.style(text, Style::new().green())
    }

    /// What to keep an eye on.
    pub fn warn(self, text: &str) -> String {
        self.style(text, Style::new().yellow())
    }

    /// What went wrong.
    pub fn bad(self, text: &str) -> String {
        self.style(text, Style::new().red())
    }

    /// What can be skipped.
    pub fn dim(self, text: &str) -> String {
        self.style(text, Style::new().dimmed())
    }

    fn style(self, text: &str, style: Style) -> String {
        if self.on {
            text.style(style).to_string()
        } else {
            text.to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_no_escape_codes() {
        assert_eq!(Paint::plain().bad("x"), "x");
        assert_ne!(Paint { on: true }.bad("x"), "x");
    }
}
