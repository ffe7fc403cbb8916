//! What a node says about itself, by CometBFT's RPC.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::error::{Error, Result};

/// The last block of a node.
#[derive(Debug, Clone)]
pub struct Status {
    /// Its number, 0 before the first.
    pub height: u64,
    /// Its time, in seconds since the epoch.
    pub time: u64,
}

/// The last block of the node at `url`.
pub fn status(url: &str) -> Result<Status> {
    let asked = format!("{url}/status");
    let answer = get(&asked)?;
    let sync = &answer["result"]["sync_info"];
    let height = sync["latest_block_height"]
        .as_str()
        .and_then(|height| height.parse().ok());
    let time = sync["latest_block_time"].as_str().and_then(seconds);
    Ok(Status {
        height: height.ok_or_else(|| missing(&asked, "latest_block_height", &answer))?,
        time: time.ok_or_else(|| missing(&asked, "latest_block_time", &answer))?,
    })
}

/// The app hash in the header of block `height` at `url`, in hexadecimal.
pub fn app_hash(url: &str, height: u64) -> Result<String> {
    let asked = format!("{url}/header?height={height}");
    let answer = get(&asked)?;
    let hash = answer["result"]["header"]["app_hash"].as_str();
    hash.map(str::to_string)
        .ok_or_else(|| missing(&asked, "app_hash", &answer))
}

/// The JSON at `url`, whatever its status: the RPC says what is wrong in it.
fn get(url: &str) -> Result<Value> {
    let failed = |error| Error::Rpc {
        url: url.to_string(),
        error: Box::new(error),
    };
    // Neither a proxy of the environment nor a connection from before a restart.
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(5)))
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into();
    let mut answer = agent.get(url).call().map_err(failed)?;
    let text = answer.body_mut().read_to_string().map_err(failed)?;
    serde_json::from_str(&text).map_err(Error::json(url))
}

/// Seconds since the epoch; before the first block the time is year 1, which
/// counts as 0.
fn seconds(time: &str) -> Option<u64> {
    let time: Timestamp = time.parse().ok()?;
    Some(u64::try_from(time.as_second()).unwrap_or(0))
}

fn missing(url: &str, field: &str, answer: &Value) -> Error {
    Error::Answer {
        url: url.to_string(),
        field: field.to_string(),
        answer: answer.to_string().chars().take(300).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_s_time_is_read_to_the_second() {
        assert_eq!(seconds("2026-01-01T00:00:00.123456789Z"), Some(1_767_225_600));
        assert_eq!(seconds("0001-01-01T00:00:00Z"), Some(0));
        assert_eq!(seconds("soon"), None);
    }

    #[test]
    fn an_answer_without_its_field_is_an_error_that_shows_it() {
        let error = missing("http://x/status", "app_hash", &serde_json::json!({"error": "no"}));
        assert_eq!(
            error.to_string(),
            r#"http://x/status: no app_hash in the answer: {"error":"no"}"#
        );
    }
}
