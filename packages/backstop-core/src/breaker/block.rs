//! The block in which a market is read.

use cosmwasm_std::{BlockInfo, Timestamp};

/// A block's time and height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Its time.
    pub time: Timestamp,
    /// Its height.
    pub height: u64,
}

impl From<&BlockInfo> for Block {
    fn from(block: &BlockInfo) -> Self {
        Self {
            time: block.time,
            height: block.height,
        }
    }
}
