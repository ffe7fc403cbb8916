//! Colours, where somebody looks at a terminal.

use owo_colors::{OwoColorize, Style};

/// Whether text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    /// It is.
    pub on: bool,
}

impl Paint {
    /// A heading.
    pub fn bold(self, text: &str) -> String {
        self.style(text, Style::new().bold())
    }

    /// What is as it should be.
    pub fn good(self, text: &str) -> String {
        self.style(text, Style::new().green())
    }

    /// What to keep an eye on.
    pub fn warn(self, text: &str) -> String {
        self.style(text, Style::new().yellow())
    }

    /// What is wrong.
    pub fn bad(self, text: &str) -> String {
        self.style(text, Style::new().red())
    }

    fn style(self, text: &str, style: Style) -> String {
        if self.on {
            text.style(style).to_string()
        } else {
            text.to_string()
        }
    }
}
