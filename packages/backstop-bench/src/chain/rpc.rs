//! The node's RPC: plain HTTP on this machine, so that waiting for a
//! transaction needs no process of its own.

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
