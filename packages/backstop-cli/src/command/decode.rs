//! `backstop decode`: a message or a query to one of the contracts, read as the contract reads it. A contract
//! says of a number where a text is wanted only "Invalid type", since it has no
//! room for more; here the field has its path, and what it must be.

use std::io::{Read, Write};
use std::path::Path;

use backstop_types::{breaker, distributor, timelock, vault};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::args::{Contract, DecodeArgs};
use crate::error::BadInput;
use crate::exit::Exit;

/// Reads the message and prints it as the contract has it.
pub fn run(args: &DecodeArgs, out: &mut impl Write) -> Result<Exit, BadInput> {
    let text = read(&args.file)?;
    let decoded = match args.contract {
        Contract::Vault => either::<vault::ExecuteMsg, vault::QueryMsg>(&text),
        Contract::Distributor => either::<distributor::ExecuteMsg, distributor::QueryMsg>(&text),
        Contract::Breaker => either::<breaker::ExecuteMsg, breaker::QueryMsg>(&text),
        Contract::Exchange => either::<sample_perps::msg::ExecuteMsg, sample_perps::msg::QueryMsg>(&text),
        Contract::Timelock => either::<timelock::ExecuteMsg, timelock::QueryMsg>(&text),
    };
    let decoded = decoded.map_err(|(field, message)| BadInput::Message {
        path: args.file.clone(),
        field,
        next: hint(&text, &message),
        message,
    })?;
    writeln!(out, "{decoded}").map_err(|source| BadInput::Write {
        path: "standard output".into(),
        source,
    })?;
    Ok(Exit::Good)
}

fn read(path: &Path) -> Result<String, BadInput> {
    let read = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    read.map_err(|source| BadInput::Read {
        path: path.to_path_buf(),
        source,
        next: "give a file with the message's JSON, or - and write it to standard input".to_string(),
    })
}

/// A message, or a query if no message has its name.
fn either<M, Q>(text: &str) -> Result<String, (String, String)>
where
    M: DeserializeOwned + Serialize,
    Q: DeserializeOwned + Serialize,
{
    let unknown = |read: &Result<String, (String, String)>| {
        read.as_ref()
            .is_err_and(|(field, message)| field == "." && message.starts_with("unknown variant"))
    };
    let message = as_read::<M>(text);
    if !unknown(&message) {
        return message;
    }
    let query = as_read::<Q>(text);
    if unknown(&query) { message } else { query }
}

/// It as a `T`, or the field that it fails at and why.
fn as_read<T: DeserializeOwned + Serialize>(text: &str) -> Result<String, (String, String)> {
    let mut json = serde_json::Deserializer::from_str(text);
    let message: T = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| (error.path().to_string(), error.inner().to_string()))?;
    let whole = |error: serde_json::Error| (".".to_string(), error.to_string());
    json.end().map_err(whole)?;
    serde_json::to_string_pretty(&message).map_err(whole)
}

/// What to do about it.
fn hint(text: &str, message: &str) -> String {
    // serde's word for a plain value where one of several forms is wanted.
    if message.starts_with("expected value") && serde_json::from_str::<serde_json::Value>(text).is_ok() {
        return r#"write which form it has: {"set": value} or {"remove": {}} for what can be none"#
            .to_string();
    }
    let number = message.strip_prefix("invalid type: integer `");
    match number.and_then(|rest| rest.split_once('`')) {
        Some((number, rest)) if rest.contains("string") => {
            format!("write the number as text: \"{number}\"")
        }
        _ => "correct the field; schema/ has every message's form".to_string(),
    }
}
