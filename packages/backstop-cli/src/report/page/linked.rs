//! Links each word of the glossary, where it first stands in a page's text, to what it
//! means.

use std::collections::BTreeSet;

use crate::report::glossary::{PEOPLE, POOL, PRICES, Word};

/// Elements whose text is linked.
const TEXT: [&str; 4] = ["p", "li", "th", "td"];
/// Elements in which nothing is: what is a link already, or no text.
const NO_TEXT: [&str; 6] = ["a", "code", "nav", "svg", "script", "style"];

/// Every word, with its number.
pub fn all() -> impl Iterator<Item = (usize, &'static Word)> {
    PRICES.iter().chain(&PEOPLE).chain(&POOL).enumerate()
}

/// The id of what a word means.
pub fn id(number: usize) -> String {
    format!("word-{number}")
}

/// The page with its links. Its tags are what this program has written.
pub fn linked(page: &str) -> String {
    let mut spellings = all()
        .flat_map(|(number, (word, _))| word.split(", ").map(move |spelling| (spelling, number)))
        .collect::<Vec<_>>();
    // "pool's fraction" before "pool".
    spellings.sort_by_key(|(spelling, _)| std::cmp::Reverse(spelling.len()));
    let mut linked = BTreeSet::new();
    let mut open: Vec<&str> = vec![];
    let mut text = String::with_capacity(page.len());
    for part in page.split_inclusive('>') {
        let (words, tag) = part.split_at(part.find('<').unwrap_or(part.len()));
        let inside = |names: &[&str]| open.iter().any(|name| names.contains(name));
        match inside(&TEXT) && !inside(&NO_TEXT) {
            true => text += &with_links(words, &spellings, &mut linked),
            false => text += words,
        }
        text += tag;
        follow(tag, &mut open);
    }
    text
}

/// Which elements are open after a tag.
fn follow<'a>(tag: &'a str, open: &mut Vec<&'a str>) {
    let name = |tag: &'a str| tag.split([' ', '>', '/', '\n']).next().unwrap_or_default();
    if let Some(closed) = tag.strip_prefix("</") {
        if let Some(place) = open.iter().rposition(|open| *open == name(closed)) {
            open.truncate(place);
        }
    } else if let Some(opened) = tag.strip_prefix('<').filter(|_| !tag.ends_with("/>")) {
        open.push(name(opened));
    }
}

/// Text in which words that are not linked yet are.
fn with_links(text: &str, spellings: &[(&str, usize)], linked: &mut BTreeSet<usize>) -> String {
    let mut found = String::new();
    let mut rest = text;
    let mut begins = true;
    while let Some(next) = rest.chars().next() {
        let word = spellings
            .iter()
            .filter(|(_, number)| begins && !linked.contains(number))
            .find_map(|(spelling, number)| Some((length(rest, spelling)?, *number)));
        match word {
            Some((length, number)) => {
                let (word, after) = rest.split_at(length);
                found += &format!("<a class=\"word\" href=\"#{}\">{word}</a>", id(number));
                linked.insert(number);
                rest = after;
                begins = false;
            }
            None => {
                found.push(next);
                rest = &rest[next.len_utf8()..];
                begins = !joins(next);
            }
        }
    }
    found
}

/// How much of the text is this word, in any case and number, and no part of a longer one.
fn length(text: &str, spelling: &str) -> Option<usize> {
    let same = text.get(..spelling.len())?.eq_ignore_ascii_case(spelling);
    let ends = |length: usize| !text[length..].starts_with(joins);
    let lengths = [spelling.len(), spelling.len() + 1];
    lengths
        .into_iter()
        .filter(|length| same && text.is_char_boundary(*length) && ends(*length))
        .find(|length| *length == spelling.len() || text[..*length].ends_with('s'))
}

fn joins(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '-' || letter == '_' || letter == '\''
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(wanted: &str) -> usize {
        all().find(|(_, (word, _))| *word == wanted).unwrap().0
    }

    #[test]
    fn a_word_is_linked_where_it_first_stands_and_only_there() {
        let page =
            linked("<h2>The pool</h2><p>Shortfalls of the pool, and the pool's fraction.</p><td>pool</td>");
        let link = |wanted: &str, shown: &str| {
            format!("<a class=\"word\" href=\"#{}\">{shown}</a>", id(number(wanted)))
        };
        let expected = format!(
            "<h2>The pool</h2><p>{} of the {}, and the {}.</p><td>pool</td>",
            link("shortfall", "Shortfalls"),
            link("pool", "pool"),
            link("pool's fraction", "pool's fraction")
        );
        assert_eq!(page, expected);
    }

    #[test]
    fn a_part_of_a_word_code_links_and_drawings_are_left_alone() {
        for page in [
            "<p>carpool pools-of limitless</p>",
            "<p><code>pool</code><a href=\"#x\">limit</a></p>",
            "<p><svg><text>pool</text></svg></p>",
            "<script>let pool = 1 < 2;</script>",
        ] {
            assert_eq!(linked(page), page);
        }
        assert!(linked("<p>é pool é</p>").contains(">pool</a> é"));
    }
}
