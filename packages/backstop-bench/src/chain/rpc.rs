//! The node's RPC: plain HTTP on this machine, so that waiting for a
//! transaction needs no process of its own.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

use crate::{Error, Result};

/// Asks `path` of the node at `address`; the JSON that it answers.
pub fn get(address: &str, path: &str) -> Result<Value> {
    let body = request(address, path).map_err(|error| Error::Network {
        address: address.to_string(),
        error,
    })?;
    serde_json::from_str(&body).map_err(Error::json(path))
}

/// How many transactions the node finds by a query of its grammar, such as
/// `wasm-backstop_deposit.staker='wasm1…'`.
pub fn count(address: &str, query: &str) -> Result<u64> {
    let answer = get(address, &search(query))?;
    let count = answer["result"]["total_count"].as_str();
    let count = count.and_then(|count| count.parse().ok());
    count.ok_or_else(|| Error::Answer {
        what: query.to_string(),
        field: "total_count".to_string(),
        answer: answer.to_string(),
    })
}

/// The path of a search: the query in quotes, and whatever a path may not hold
/// in percent.
fn search(query: &str) -> String {
    let mut path = "/tx_search?per_page=1&query=".to_string();
    for byte in format!("\"{query}\"").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            path.push(byte.into());
        } else {
            // Writing to a string cannot fail.
            let _ = write!(path, "%{byte:02X}");
        }
    }
    path
}

fn request(address: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    // HTTP/1.0: the answer comes whole and the connection ends with it.
    write!(stream, "GET {path} HTTP/1.0\r\nHost: {address}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body.to_string());
    Ok(body.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::search;

    #[test]
    fn a_search_is_a_path_without_what_a_path_may_not_hold() {
        assert_eq!(
            search("wasm-backstop_deposit.staker='wasm1a'"),
            "/tx_search?per_page=1&query=%22wasm-backstop_deposit.staker%3D%27wasm1a%27%22"
        );
    }
}
