//! Storage keys that one contract reads raw from another: on a chain a raw
//! query costs a read, a smart query the start of a contract. A key here is
//! part of the interface; changing one is a migration of both sides.

/// The vault's stakes: `Map<&Addr, Stake>` (the primary of a snapshot map).
pub const STAKES: &str = "stakes";
/// The vault's totals: `Item<Pool>`.
pub const POOL: &str = "pool";
/// How often the vault's notice of a staker's unbonding failed: `Map<&Addr, u64>`.
pub const HOOK_FAILURES: &str = "hook_failures";
/// The vault's claims: `Map<u64, Claim>`.
pub const CLAIMS: &str = "claims";
/// The vault's answered shortfalls: `Map<(&Addr, u64), AnsweredShortfall>` by
/// policyholder and its number of the shortfall.
pub const SHORTFALLS: &str = "shortfalls";
/// The vault's policies, whose terms the timelock reads: `Map<(&Addr, &str), Policy>` by
/// policyholder and market.
pub const POLICIES: &str = "policies";
/// The breaker's markets: `Map<&str, MarketRecord>`.
pub const MARKETS: &str = "markets";
/// The breaker's trips: `Map<(&str, u64), Trip>` by market and number.
pub const TRIPS: &str = "trips";
