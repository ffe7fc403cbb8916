//! What the README says: the table of every field's class, and messages.

use backstop_core::timelock::{Raises, Row, rows};
use backstop_types::timelock::ExecuteMsg;
use cosmwasm_std::from_json;

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

#[test]
fn the_readmes_messages_are_messages() {
    let readme = include_str!("../README.md");
    let blocks = readme.split("```json\n").skip(1);
    let messages: Vec<ExecuteMsg> = blocks
        .map(|block| block.split("```").next().unwrap())
        .map(|json| from_json(json).unwrap_or_else(|error| panic!("{json}: {error}")))
        .collect();
    assert_eq!(messages.len(), 2);
}
