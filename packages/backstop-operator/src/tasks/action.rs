//! One transaction that a task wants.

use backstop_chain::{Message, Result};
use serde::Serialize;

/// One transaction that a task wants.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// What it is for: the task's name and what it is done to. The same thing has the same
    /// label.
    pub label: String,
    /// Its messages: all of them are done, or none.
    pub messages: Vec<Message>,
}

impl Action {
    /// One call of one contract.
    pub fn call(label: String, contract: &str, msg: &impl Serialize) -> Result<Self> {
        Ok(Self {
            label,
            messages: vec![Message::execute(contract, msg)?],
        })
    }
}
