//! The canonical trace of a replay, as one hash: what was sent, by whom, how
//! it ended, and with which amounts. Two replays with one hash did the same.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// Hashes steps as they happen. A step is a line
/// `height|time|kind|sender|ok or refused|amount,amount,…`.
#[derive(Default)]
pub struct Trace {
    hasher: Sha256,
    steps: u64,
    line: String,
}

/// One message and how it ended.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// The block's height.
    pub height: u64,
    /// Its time in seconds since the epoch.
    pub time: u64,
    /// What was sent, such as `vault/unbond`.
    pub kind: &'static str,
    /// The sender's number within its kind of people.
    pub sender: usize,
    /// Whether it went through.
    pub ok: bool,
    /// The amounts in and out, in the kind's own order.
    pub amounts: &'a [String],
}

impl Trace {
    /// Adds a step.
    pub fn add(&mut self, step: Step) {
        let outcome = if step.ok { "ok" } else { "refused" };
        self.line.clear();
        // Writing to a string cannot fail.
        let _ = write!(
            self.line,
            "{}|{}|{}|{}|{outcome}|",
            step.height, step.time, step.kind, step.sender
        );
        for (i, amount) in step.amounts.iter().enumerate() {
            let comma = if i == 0 { "" } else { "," };
            let _ = write!(self.line, "{comma}{amount}");
        }
        self.line.push('\n');
        self.hasher.update(&self.line);
        self.steps += 1;
    }

    /// Steps so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The hash in hex.
    pub fn finish(self) -> String {
        let digest = self.hasher.finalize();
        digest.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(amounts: &[u128], ok: bool) -> String {
        let amounts: Vec<String> = amounts.iter().map(u128::to_string).collect();
        let mut trace = Trace::default();
        trace.add(Step {
            height: 7,
            time: 60,
            kind: "vault/deposit",
            sender: 3,
            ok,
            amounts: &amounts,
        });
        trace.finish()
    }

    #[test]
    fn the_hash_is_of_the_lines_as_documented() {
        let expected = Sha256::digest("7|60|vault/deposit|3|ok|10,20\n");
        let expected: String = expected.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash(&[10, 20], true), expected);
    }

    #[test]
    fn amounts_and_outcome_change_the_hash() {
        let hashes = [hash(&[1, 2], true), hash(&[12], true), hash(&[1, 2], false)];
        assert_ne!(hashes[0], hashes[1]);
        assert_ne!(hashes[0], hashes[2]);
    }
}
