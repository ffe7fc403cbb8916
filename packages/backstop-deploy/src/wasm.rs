//! The contracts as files.

use std::collections::BTreeMap;
use std::path::Path;

use backstop_chain::Message;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::part::Part;

/// The code of each contract of a deployment.
#[derive(Debug, Clone, Default)]
pub struct Wasm {
    codes: BTreeMap<Part, Code>,
}

#[derive(Debug, Clone)]
struct Code {
    bytes: Vec<u8>,
    checksum: String,
}

impl Wasm {
    /// Reads them from a folder as `scripts/build-wasm` leaves it.
    pub fn load(folder: &Path, parts: &[Part]) -> Result<Self> {
        let mut codes = BTreeMap::new();
        for part in parts {
            let path = folder.join(part.file());
            let bytes = std::fs::read(&path).map_err(|error| Error::NoWasm {
                path: path.clone(),
                error,
                next: match part {
                    Part::MockPyth => {
                        "build it with 'scripts/build-wasm', or take [mock_pyth] out of the file"
                    }
                    _ => "build the contracts with 'scripts/build-wasm'",
                },
            })?;
            let checksum = hex(&Sha256::digest(&bytes));
            codes.insert(*part, Code { bytes, checksum });
        }
        Ok(Self { codes })
    }

    /// The sha256 of a contract's code, in hex digits.
    pub fn checksum(&self, part: Part) -> Result<&str> {
        let code = self.codes.get(&part).ok_or_else(|| Error::not_yet(part))?;
        Ok(&code.checksum)
    }

    /// The message that stores a contract's code.
    pub fn store(&self, part: Part) -> Result<Message> {
        let code = self.codes.get(&part).ok_or_else(|| Error::not_yet(part))?;
        Ok(Message::store(&code.bytes)?)
    }
}

/// Bytes in lower hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
