//! The words on the page, each explained, and where the prices come from.

use backstop_replay::record::Record;
use maud::{Markup, html};

use super::linked::id;
use super::table::Kind::{Long, Short};
use super::table::{Table, text};
use crate::report::glossary::{PEOPLE, POOL, PRICES, Word};
use crate::report::prices;

/// Every word, folded up.
pub fn words() -> Markup {
    html! {
        section class="folded" {
            details {
                summary { "The words of this report, explained" }
                // A link to what is folded up unfolds it.
                div id="words" {
                    (list("Prices and the breaker", &PRICES, 0))
                    (list("The exchange and its people", &PEOPLE, PRICES.len()))
                    (list("The pool and its limits", &POOL, PRICES.len() + PEOPLE.len()))
                }
            }
        }
    }
}

/// Words and what they mean, numbered from the first one's number.
fn list(title: &str, words: &[Word], first: usize) -> Markup {
    html! {
        h3 { (title) }
        dl class="words" {
            @for (number, (word, means)) in (first..).zip(words) {
                dt id=(id(number)) { dfn { (word) } } dd { (means) }
            }
        }
    }
}

/// What each source's prices are, and where what was published stands.
pub fn provenance(record: &Record) -> Markup {
    let told = prices::told(&record.prices);
    let rows = told
        .into_iter()
        .map(|(name, sentences)| vec![text(name), text(sentences.join(" "))]);
    let sources = Table {
        title: "Where the prices come from",
        id: "prices".to_string(),
        before: html! { p { (prices::in_short(&record.prices)) } },
        otherwise: "",
        head: &[("source", Short), ("its prices", Long)],
        rows: rows.collect(),
        stacked: false,
    };
    let references = &record.prices.references;
    html! {
        (sources.section())
        @if !references.is_empty() {
            div id="references" {
                p { "Of some published prices the time of day is not known and was chosen: the scenario's file says of which. They are from:" }
                ul class="story" { @for reference in references { li { code { (reference) } } } }
            }
        }
    }
}
