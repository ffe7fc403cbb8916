//! A table as the page shows it: the first cell of a row is its label. Where the screen
//! is too narrow a table scrolls by itself, its labels stay, and its edges show that
//! there is more; one that is stacked does not scroll, its rows become blocks.

use maud::{Markup, html};

/// What a column holds.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A word or a moment, in one line.
    Short,
    /// A number, to the right.
    Number,
    /// A number with words, to the right, in several lines where it must.
    Value,
    /// Text, in several lines where it must.
    Long,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Short => "s",
            Self::Number => "n",
            Self::Value => "v",
            Self::Long => "l",
        }
    }
}

/// A section with a table in it.
pub struct Table<'a> {
    /// Its heading.
    pub title: &'a str,
    /// Its id.
    pub id: String,
    /// What stands above it.
    pub before: Markup,
    /// What stands there in place of it all where there are no rows.
    pub otherwise: &'a str,
    /// The columns.
    pub head: &'a [(&'a str, Kind)],
    /// The rows, each with its label first.
    pub rows: Vec<Vec<Markup>>,
    /// Whether rows become blocks on a phone.
    pub stacked: bool,
}

impl Table<'_> {
    /// The section.
    pub fn section(&self) -> Markup {
        html! {
            section id=(self.id) {
                h2 { (self.title) }
                @if self.rows.is_empty() { p class="none" { (self.otherwise) } } @else {
                    (self.before)
                    (scrolls(self.title, &self.table()))
                }
            }
        }
    }

    fn table(&self) -> Markup {
        html! {
            table class=[self.stacked.then_some("stacked")] {
                thead { tr { @for (name, kind) in self.head { th scope="col" class=(kind.class()) { (name) } } } }
                tbody {
                    @for row in &self.rows { tr {
                        @for (place, (cell, (_, kind))) in row.iter().zip(self.head).enumerate() {
                            @if place == 0 { th scope="row" class=(kind.class()) { (cell) } }
                            @else { td class=(kind.class()) { (cell) } }
                        }
                    } }
                }
            }
        }
    }
}

/// What scrolls by itself where the screen is narrow, and shows it.
pub fn scrolls(title: &str, table: &Markup) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(title) { (table) }
    }
}

/// Text as it is.
pub fn text(text: impl AsRef<str>) -> Markup {
    html! { (text.as_ref()) }
}
