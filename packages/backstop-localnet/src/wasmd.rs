//! The chain's program, run for one task.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::error::{Error, Result};

/// Runs `wasmd` with these arguments on the folder `home`; what it printed.
pub fn run(wasmd: &Path, home: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new(wasmd)
        .args(arguments)
        .arg("--home")
        .arg(home)
        .stdin(Stdio::null())
        .output()
        .map_err(Error::file(wasmd))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    Err(Error::Wasmd {
        arguments: arguments.join(" ").chars().take(300).collect(),
        words: reason(&words),
    })
}

/// Why it failed: it prints how it is used first, and its reason in the last line.
fn reason(words: &str) -> String {
    let last = words.lines().map(str::trim).rfind(|line| !line.is_empty());
    let last = last.unwrap_or("no reason was given");
    let reason = last.rsplit_once("err=").map_or(last, |(_, reason)| reason);
    // It colours this line wherever it writes it.
    reason.strip_prefix("\u{1b}[0m").unwrap_or(reason).to_string()
}

/// Makes a key in the `test` keyring of `home`, or what the arguments say more of
/// it; its address.
pub fn key(wasmd: &Path, home: &Path, name: &str, more: &[&str]) -> Result<String> {
    let mut arguments = vec![
        "keys",
        "add",
        name,
        "--keyring-backend",
        "test",
        "--output",
        "json",
    ];
    arguments.extend(more);
    let made = run(wasmd, home, &arguments)?;
    let key: Value = serde_json::from_str(&made).map_err(Error::json("wasmd keys add"))?;
    let address = key["address"].as_str().map(str::to_string);
    address.ok_or_else(|| Error::Answer {
        url: "wasmd keys add".to_string(),
        field: "address".to_string(),
        answer: made.chars().take(300).collect(),
    })
}

/// Does the same for each of `things`, all at once.
pub fn each<T: Sync, O: Send>(things: &[T], work: impl Fn(&T) -> Result<O> + Sync) -> Result<Vec<O>> {
    std::thread::scope(|scope| {
        let running: Vec<_> = things.iter().map(|thing| scope.spawn(|| work(thing))).collect();
        running
            .into_iter()
            .map(|thread| match thread.join() {
                Ok(done) => done,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_of_a_failure_is_what_is_told() {
        let words = "Usage:\n  wasmd keys add\n\n7:58PM ERR failure when running app \u{1b}[36merr=\u{1b}[0m\"no such word\"\n";
        assert_eq!(reason(words), "\"no such word\"");
        assert_eq!(reason("panic: no\n"), "panic: no");
        assert_eq!(reason(""), "no reason was given");
    }
}
