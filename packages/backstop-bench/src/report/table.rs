//! The report for people.

use std::fmt::Write;

use backstop_terminal::grouped;

use super::Report;
use crate::figures::{Growth, Operation};

/// Operations, growth and sizes, one under the other.
pub fn table(report: &Report) -> String {
    let mut text = format!(
        "{:<42} {:>9} {:>7} {:>8} {:>8} {:>8} {:>7}  {}\n",
        "operation", "gas", "tx", "starts", "storage", "compute", "events", "beside"
    );
    for operation in &report.operations {
        text += &operation_line(operation);
    }
    text += &format!(
        "\n{:<42} {:>9} {:>9} {:>6}\n",
        "growth", "small", "large", "ratio"
    );
    for grown in &report.growth {
        text += &growth_line(grown);
    }
    text += &format!("\n{:<42} {:>9}\n", "size after wasm-opt", "bytes");
    for (contract, bytes) in &report.sizes {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{contract:<42} {:>9}", grouped(*bytes));
    }
    text
}

fn operation_line(operation: &Operation) -> String {
    let split = &operation.split;
    let beside = match (&operation.peer, operation.peer_gas, operation.ratio) {
        (Some(peer), Some(gas), Some(ratio)) => format!("{ratio:.3} × {peer} ({})", grouped(gas)),
        _ => String::new(),
    };
    let line = format!(
        "{:<42} {:>9} {:>7} {:>8} {:>8} {:>8} {:>7}  {beside}",
        operation.name,
        grouped(operation.gas),
        grouped(split.transaction()),
        grouped(split.starts()),
        grouped(split.storage()),
        grouped(split.compute()),
        grouped(split.other()),
    );
    line.trim_end().to_string() + "\n"
}

fn growth_line(grown: &Growth) -> String {
    let (small, large) = (grouped(grown.small), grouped(grown.large));
    format!("{:<42} {small:>9} {large:>9} {:>6.3}\n", grown.name, grown.ratio)
}
