//! What the README says: the table of every field's class.

use backstop_core::timelock::{Raises, Row, rows};

fn line(row: &Row) -> String {
    let (waits, at_once) = match row.rule.raises {
        Raises::More => ("more", "less"),
        Raises::Less => ("less", "more"),
        Raises::Any => ("any change", "–"),
        Raises::Replaced => ("another", "the first"),
        Raises::Never => ("–", "any change"),
    };
    let Row {
        contract,
        field,
        rule,
    } = row;
    format!(
        "| {contract} | {field} | {waits} | {at_once} | {} |\n",
        rule.reason
    )
}

#[test]
fn the_readme_has_the_class_of_every_field() {
    let readme = include_str!("../README.md");
    let table: String = rows().iter().map(line).collect();
    assert!(readme.contains(&table), "must have these lines:\n{table}");
}
