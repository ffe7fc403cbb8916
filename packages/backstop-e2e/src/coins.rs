//! The coins of the test chain.

/// The coin that vaults hold.
pub const ASSET: &str = "uusd";
/// The coin that rewards are paid in.
pub const REWARD: &str = "urew";
/// What fees are paid in.
pub const FEES: &str = "ustake";
