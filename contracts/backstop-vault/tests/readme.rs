//! The README's worked scenarios are tests of the same names.

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

use std::path::Path;

/// A heading as a test is named: its words, in small letters.
fn test_name(heading: &str) -> String {
    let letters = heading.replace('\'', "").to_lowercase();
    let words = letters.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("_")
}

/// What all of the crate's test files say.
fn tests() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let files = std::fs::read_dir(folder).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let sources = paths.filter(|path| path.extension().is_some_and(|kind| kind == "rs"));
    sources
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

/// The section's headings.
fn scenarios() -> Vec<&'static str> {
    let readme = include_str!("../README.md");
    let section = readme.split_once("## Worked scenarios\n").unwrap().1;
    let section = section.split("\n## ").next().unwrap();
    let headings = section.lines().filter_map(|line| line.strip_prefix("### "));
    headings.collect()
}

#[test]
fn every_scenario_of_the_readme_is_a_test_of_its_name() {
    let (tests, scenarios) = (tests(), scenarios());
    assert!(scenarios.len() >= 16, "{scenarios:?}");
    for heading in scenarios {
        let test = format!("#[test]\nfn {}() {{", test_name(heading));
        assert!(tests.contains(&test), "no test for: {heading}");
    }
    assert!(tests.contains(
        "#[test]\nfn no_message_costs_more_among_ten_thousand_stakers_claims_losses_and_tickets() {"
    ));
}

#[test]
fn a_heading_becomes_its_words_in_small_letters() {
    let heading = "A guardian's trip, at 10 %";
    assert_eq!(test_name(heading), "a_guardians_trip_at_10");
}
